use std::ffi::OsString;
use std::path::Path;

use tempfile::NamedTempFile;

use super::{Course, FilmWanted, Percent, demuxer, position, source};
use crate::metadata::{Place, Words};
use crate::process::{Bounds, FFMPEG, Hear, arguments, run, run_heard};
use crate::{MediaError, MediaType, Refused};

/// Sound takes so much of the bits.
const SOUND_KILOBITS: u64 = 128;
/// Below this a film cannot be watched.
const LEAST_KILOBITS: u64 = 150;

/// What every call begins with, up to the source.
fn begin(kind: MediaType) -> Result<Vec<OsString>, MediaError> {
    let demuxer = demuxer(kind).ok_or(MediaError::NotPossible {
        wanted: "film",
        from: kind,
    })?;
    Ok(arguments([
        &"-nostdin",
        &"-hide_banner",
        &"-v",
        &"error",
        &"-y",
        &"-protocol_whitelist",
        &"file,pipe",
        &"-threads",
        &"2",
        &"-f",
        &demuxer,
    ]))
}

async fn ffmpeg(arguments: Vec<OsString>, folder: &Path, bounds: Bounds) -> Result<(), MediaError> {
    run(FFMPEG, arguments, folder, bounds)
        .await?
        .or_damaged()
        .map(drop)
}

fn output(folder: &Path, extension: &str) -> Result<NamedTempFile, MediaError> {
    Ok(tempfile::Builder::new().suffix(extension).tempfile_in(folder)?)
}

/// The film made to fit. `captions` (SRT) are burnt into the picture.
pub(crate) async fn film(
    file: &Path,
    kind: MediaType,
    course: &Course,
    wanted: &FilmWanted,
    captions: Option<&Path>,
    folder: &Path,
    percent: &Percent<'_>,
) -> Result<NamedTempFile, MediaError> {
    if let Some(max) = wanted.max_seconds
        && course.milliseconds.div_ceil(1000) > max
    {
        return Err(Refused::TooLong { max }.into());
    }
    let mut kilobits = most_kilobits(course, wanted)?;
    // The encoder keeps to its rate on the whole; where it doesn't, once more with less.
    for _ in 0..3 {
        let hear = |line: &str| {
            if let Some(made) = percent_of(line, course.milliseconds) {
                percent(made);
            }
        };
        let made = once(file, kind, wanted, kilobits, captions, folder, &hear).await?;
        let bytes = made.as_file().metadata()?.len();
        match (wanted.max_bytes, kilobits) {
            (Some(max), Some(rate)) if bytes > max => kilobits = Some(rate * 8 / 10),
            _ => return Ok(made),
        }
    }
    Err(MediaError::CannotFit {
        max: wanted.max_bytes.unwrap_or_default(),
    })
}

/// The rate of the pictures that keeps the whole within its bytes.
fn most_kilobits(course: &Course, wanted: &FilmWanted) -> Result<Option<u64>, MediaError> {
    let by_bytes = wanted
        .max_bytes
        // One part in twenty is for the container. Bits a millisecond are thousand bits a second.
        .map(|max| max * 8 / course.milliseconds.max(1) * 19 / 20);
    let by_rate = wanted.max_kilobits.map(u64::from);
    let Some(all) = by_bytes.into_iter().chain(by_rate).min() else {
        return Ok(None);
    };
    let pictures = all.saturating_sub(SOUND_KILOBITS);
    if pictures < LEAST_KILOBITS {
        return Err(MediaError::CannotFit {
            max: wanted.max_bytes.unwrap_or(all * 125 * course.milliseconds / 1000),
        });
    }
    Ok(Some(pictures))
}

async fn once(
    file: &Path,
    kind: MediaType,
    wanted: &FilmWanted,
    kilobits: Option<u64>,
    captions: Option<&Path>,
    folder: &Path,
    hear: &Hear<'_>,
) -> Result<NamedTempFile, MediaError> {
    let made = output(folder, ".mp4")?;
    let mut filters = Vec::new();
    if let Some(rate) = wanted.max_frame_rate {
        filters.push(format!("fps=fps='min({rate},source_fps)'"));
    }
    filters.push(format!(
        "scale=w='min({},iw)':h='min({},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2",
        wanted.width.max(2),
        wanted.height.max(2)
    ));
    let copied;
    if let Some(captions) = captions {
        // Under a name of ours, since the filter's own quoting would read theirs.
        copied = tempfile::Builder::new()
            .prefix("captions")
            .suffix(".srt")
            .tempfile_in(folder)?;
        tokio::fs::copy(captions, copied.path()).await?;
        let name = copied.path().file_name().unwrap_or_default().to_string_lossy();
        filters.push(format!("subtitles=filename={name}"));
    }
    let mut given = begin(kind)?;
    let (source, filters) = (source(file), filters.join(","));
    given.extend(arguments([
        &"-i",
        &source,
        &"-map",
        &"0:v:0",
        &"-map",
        &"0:a:0?",
        &"-sn",
        &"-dn",
        &"-map_metadata",
        &"-1",
        &"-map_chapters",
        &"-1",
        &"-vf",
        &filters,
        &"-c:v",
        &"libx264",
        &"-preset",
        &"veryfast",
        &"-crf",
        &"23",
        &"-profile:v",
        &"high",
        &"-pix_fmt",
        &"yuv420p",
        &"-c:a",
        &"aac",
        &"-b:a",
        &"128k",
        &"-ac",
        &"2",
        &"-ar",
        &"48000",
        &"-movflags",
        &"+faststart",
        &"-fflags",
        &"+bitexact",
    ]));
    if let Some(rate) = kilobits {
        let (most, buffer) = (format!("{rate}k"), format!("{}k", rate * 2));
        given.extend(arguments([&"-maxrate", &most, &"-bufsize", &buffer]));
    }
    // Told seldom enough that two hours of it stay within what a child may say.
    given.extend(arguments([
        &"-nostats",
        &"-progress",
        &"pipe:1",
        &"-stats_period",
        &"3",
    ]));
    given.extend(arguments([&"-f", &"mp4", &made.path()]));
    run_heard(FFMPEG, given, folder, Bounds::FILM, hear)
        .await?
        .or_damaged()?;
    Ok(made)
}

/// How much of a film is made, as ffmpeg tells it: a line for each thing it knows, and of them the time it has come to.
fn percent_of(line: &str, milliseconds: u64) -> Option<u8> {
    let come_to: u64 = line.strip_prefix("out_time_us=")?.trim().parse().ok()?;
    let percent = come_to / 10 / milliseconds.max(1);
    // The last piece, the index in front, takes a moment still.
    u8::try_from(percent.min(99)).ok()
}

/// One picture of a film as PNG: of a second, or of a moment early on that shows something.
pub(crate) async fn moment(
    file: &Path,
    kind: MediaType,
    course: &Course,
    second: Option<u32>,
    folder: &Path,
) -> Result<NamedTempFile, MediaError> {
    let made = output(folder, ".png")?;
    let last = course.milliseconds.saturating_sub(200);
    let (at, filter) = match second {
        Some(second) => (u64::from(second) * 1000, "null"),
        // Of a hundred pictures after the first tenth, the one that is most like the others: no fade, no black.
        None => (course.milliseconds / 10, "thumbnail=100"),
    };
    let at = at.min(last);
    let mut given = begin(kind)?;
    let (at, source) = (format!("{}.{:03}", at / 1000, at % 1000), source(file));
    given.extend(arguments([
        &"-ss",
        &at,
        &"-i",
        &source,
        &"-map",
        &"0:v:0",
        &"-frames:v",
        &"1",
        &"-vf",
        &filter,
        &"-c:v",
        &"png",
        &"-f",
        &"image2",
        &"-update",
        &"1",
        &made.path(),
    ]));
    ffmpeg(given, folder, Bounds::PICTURE).await?;
    if made.as_file().metadata()?.len() == 0 {
        return Err(Refused::damaged("there is no picture at that moment").into());
    }
    Ok(made)
}

/// The course of a sound as PNG, 1200 by 300.
pub(crate) async fn wave(file: &Path, kind: MediaType, folder: &Path) -> Result<NamedTempFile, MediaError> {
    let made = output(folder, ".png")?;
    let mut given = begin(kind)?;
    let source = source(file);
    given.extend(arguments([
        &"-i",
        &source,
        &"-filter_complex",
        &"[0:a:0]aformat=channel_layouts=mono,showwavespic=s=1200x300:colors=#1d4ed8[wave]",
        &"-map",
        &"[wave]",
        &"-frames:v",
        &"1",
        &"-c:v",
        &"png",
        &"-f",
        &"image2",
        &"-update",
        &"1",
        &made.path(),
    ]));
    ffmpeg(given, folder, Bounds::PICTURE).await?;
    Ok(made)
}

/// The sound (of a film too) as MP3.
pub(crate) async fn sound(
    file: &Path,
    kind: MediaType,
    kilobits: u32,
    folder: &Path,
) -> Result<NamedTempFile, MediaError> {
    let made = output(folder, ".mp3")?;
    let mut given = begin(kind)?;
    let (source, rate) = (source(file), format!("{}k", kilobits.clamp(32, 320)));
    given.extend(arguments([
        &"-i",
        &source,
        &"-map",
        &"0:a:0",
        &"-vn",
        &"-map_metadata",
        &"-1",
        &"-c:a",
        &"libmp3lame",
        &"-b:a",
        &rate,
        &"-f",
        &"mp3",
        &made.path(),
    ]));
    ffmpeg(given, folder, Bounds::FILM).await?;
    Ok(made)
}

/// The same pictures and sound in a new container that says nothing but `words`, and its place if that is kept.
pub(crate) async fn remuxed(
    file: &Path,
    kind: MediaType,
    words: &Words,
    place: Place,
    folder: &Path,
) -> Result<NamedTempFile, MediaError> {
    let made = output(folder, "")?;
    let mut given = begin(kind)?;
    let source = source(file);
    given.extend(arguments([
        &"-i",
        &source,
        &"-map",
        &"0:v:0?",
        &"-map",
        &"0:a?",
        &"-map",
        &"0:s?",
        &"-dn",
        &"-map_metadata",
        &"-1",
        &"-map_metadata:s",
        &"-1",
        &"-map_chapters",
        &"0",
        &"-c",
        &"copy",
        &"-fflags",
        &"+bitexact",
    ]));
    for (name, value) in [
        ("title", &words.title),
        ("comment", &words.caption),
        ("artist", &words.creator),
        ("copyright", &words.copyright),
    ] {
        if let Some(value) = value {
            let value = value.replace('\0', "");
            given.extend(arguments([&"-metadata", &format!("{name}={value}")]));
        }
    }
    if place == Place::Kept
        && let Some(position) = position(file, kind, folder).await?
    {
        given.extend(arguments([&"-metadata", &format!("location={position}")]));
    }
    let muxer = match kind {
        MediaType::Mov => "mov",
        MediaType::Webm => "webm",
        MediaType::Mp3 => "mp3",
        MediaType::Wav => "wav",
        _ => "mp4",
    };
    if matches!(kind, MediaType::Mp4 | MediaType::Mov) {
        given.extend(arguments([&"-movflags", &"+faststart"]));
    }
    given.extend(arguments([&"-f", &muxer, &made.path()]));
    ffmpeg(given, folder, Bounds::FILM).await?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::percent_of;

    #[test]
    fn the_time_it_has_come_to_is_a_part_of_the_whole() {
        assert_eq!(percent_of("out_time_us=0", 60_000), Some(0));
        assert_eq!(percent_of("out_time_us=15000000\r", 60_000), Some(25));
        assert_eq!(percent_of("out_time_us=61000000", 60_000), Some(99));
        assert_eq!(percent_of("out_time_us=1000", 0), Some(99));
        for other in [
            "out_time_us=N/A",
            "out_time_us=-40000",
            "out_time_ms=15000000",
            "progress=end",
            "",
        ] {
            assert_eq!(percent_of(other, 60_000), None, "{other}");
        }
    }
}
