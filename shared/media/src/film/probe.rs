use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{demuxer, source};
use crate::process::{Bounds, FFPROBE, arguments, run};
use crate::{Kind, Limits, MediaError, MediaType, Refused};

/// What is in a film or sound.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Course {
    /// How long it plays, in thousandths of a second.
    pub milliseconds: u64,
    /// Upright width; none of a sound.
    pub width: Option<u32>,
    /// Upright height.
    pub height: Option<u32>,
    /// `h264`, `hevc`, `vp9`…
    pub video_codec: Option<String>,
    /// `aac`, `mp3`, `opus`…
    pub audio_codec: Option<String>,
}

#[derive(Deserialize)]
struct Probed {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    codec_name: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    duration: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

/// Measures, and refuses what is too long, too large, or has nothing to see or hear.
pub(crate) async fn probe(
    file: &Path,
    kind: MediaType,
    limits: &Limits,
    folder: &Path,
) -> Result<Course, MediaError> {
    let demuxer = demuxer(kind).ok_or(MediaError::NotPossible {
        wanted: "film",
        from: kind,
    })?;
    let source = source(file);
    let arguments = arguments([
        &"-v",
        &"error",
        &"-protocol_whitelist",
        &"file,pipe",
        &"-f",
        &demuxer,
        &"-show_format",
        &"-show_streams",
        &"-of",
        &"json",
        &source,
    ]);
    let said = run(FFPROBE, arguments, folder, Bounds::QUESTION)
        .await?
        .or_damaged()?;
    let probed: Probed = serde_json::from_slice(&said).map_err(Refused::damaged)?;
    let course = course(&probed);
    if kind.kind() == Kind::Film && course.video_codec.is_none() {
        return Err(Refused::damaged("there is nothing to see").into());
    }
    if kind.kind() == Kind::Audio && course.audio_codec.is_none() {
        return Err(Refused::damaged("there is nothing to hear").into());
    }
    if course.milliseconds == 0 {
        return Err(Refused::damaged("it has no length").into());
    }
    if course.milliseconds / 1000 > limits.seconds {
        return Err(Refused::TooLong { max: limits.seconds }.into());
    }
    if let (Some(width), Some(height)) = (course.width, course.height)
        && u64::from(width) * u64::from(height) > limits.frame_pixels
    {
        return Err(Refused::TooManyPixels {
            width,
            height,
            max: limits.frame_pixels,
        }
        .into());
    }
    Ok(course)
}

/// Where a film was made, in the spelling of ISO 6709 (`+17.9757+102.6331/`), if it says so.
pub(crate) async fn position(
    file: &Path,
    kind: MediaType,
    folder: &Path,
) -> Result<Option<String>, MediaError> {
    let Some(demuxer) = demuxer(kind) else {
        return Ok(None);
    };
    let source = source(file);
    let arguments = arguments([
        &"-v",
        &"error",
        &"-protocol_whitelist",
        &"file,pipe",
        &"-f",
        &demuxer,
        &"-show_entries",
        &"format_tags=location,com.apple.quicktime.location.ISO6709",
        &"-of",
        &"default=noprint_wrappers=1:nokey=1",
        &source,
    ]);
    let said = run(FFPROBE, arguments, folder, Bounds::QUESTION)
        .await?
        .or_damaged()?;
    let said = String::from_utf8_lossy(&said);
    let is_position = |line: &&str| {
        (1..=60).contains(&line.len())
            && line
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '/'))
    };
    Ok(said.lines().map(str::trim).find(is_position).map(str::to_owned))
}

fn course(probed: &Probed) -> Course {
    let first = |kind: &str| {
        probed
            .streams
            .iter()
            .find(|stream| stream.codec_type.as_deref() == Some(kind) && stream.disposition.attached_pic == 0)
    };
    let (video, audio) = (first("video"), first("audio"));
    let turned = video.is_some_and(|video| {
        let quarter = |data: &SideData| {
            data.rotation
                .is_some_and(|degrees| (degrees.abs() % 180.0 - 90.0).abs() < 1.0)
        };
        video.side_data_list.iter().any(quarter)
    });
    let (width, height) = video.map_or((None, None), |video| (video.width, video.height));
    let durations = probed
        .streams
        .iter()
        .filter_map(|stream| stream.duration.as_deref());
    Course {
        milliseconds: probed
            .format
            .duration
            .as_deref()
            .into_iter()
            .chain(durations)
            .filter_map(milliseconds)
            .max()
            .unwrap_or(0),
        width: if turned { height } else { width },
        height: if turned { width } else { height },
        video_codec: video.and_then(|stream| stream.codec_name.clone()),
        audio_codec: audio.and_then(|stream| stream.codec_name.clone()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and a cast of what is too large saturates"
)]
fn milliseconds(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.parse().ok()?;
    (seconds >= 0.0).then_some((seconds * 1000.0).round() as u64)
}
