//! Film and sound, by ffmpeg. The format is always named, so that ffmpeg never guesses a playlist, and only files and
//! pipes may be opened.

mod make;
mod probe;

use std::ffi::OsString;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub(crate) use make::{film, moment, remuxed, sound, wave};
pub(crate) use probe::{Course, position, probe};

use crate::MediaType;

/// A film that fits a platform: H.264 with AAC in MP4, playable before it is wholly there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FilmWanted {
    /// At most so wide; never enlarged.
    pub width: u32,
    /// At most so high.
    pub height: u32,
    /// Fewer bytes than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// A longer film is refused; cutting it is for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u64>,
    /// At most so many pictures a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_frame_rate: Option<u32>,
    /// Most thousand bits a second, pictures and sound together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_kilobits: Option<u32>,
}

impl FilmWanted {
    /// A film in a box, otherwise as it is.
    #[must_use]
    pub const fn within(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            max_bytes: None,
            max_seconds: None,
            max_frame_rate: None,
            max_kilobits: None,
        }
    }
}

/// Is told how much of a film is made, in hundredths; again from the start when it has to be made smaller.
pub type Percent<'a> = dyn Fn(u8) + Send + Sync + 'a;

/// The reader for a format: one that opens nothing else.
const fn demuxer(kind: MediaType) -> Option<&'static str> {
    match kind {
        MediaType::Mp4 | MediaType::Mov => Some("mov"),
        MediaType::Webm => Some("matroska"),
        MediaType::Mp3 => Some("mp3"),
        MediaType::Wav => Some("wav"),
        _ => None,
    }
}

/// `file:` before a path, so that no name is taken for a protocol.
fn source(file: &Path) -> OsString {
    let mut name = OsString::from("file:");
    name.push(file);
    name
}
