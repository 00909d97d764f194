//! Formats that are text: drawings, captions, and playlists, which are none.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::{MediaType, Refused};

/// What makes a player open other files.
const PLAYLISTS: [&str; 7] = [
    "#extm3u",
    "ffconcat",
    "[playlist]",
    "<asx",
    "v=0\r",
    "v=0\n",
    "rtsptext",
];

pub(super) fn recognise(head: &[u8]) -> Result<Option<MediaType>, Refused> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end within a letter.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(head.split_at(error.valid_up_to()).0).unwrap_or_default()
        }
        Err(_) => return Ok(None),
    };
    let start = text.trim_start();
    let lower: String = start.chars().take(16).collect::<String>().to_lowercase();
    if PLAYLISTS.iter().any(|playlist| lower.starts_with(playlist)) {
        return Err(Refused::Playlist);
    }
    if is_webvtt(text) {
        return Ok(Some(MediaType::Vtt));
    }
    if is_subrip(start) {
        return Ok(Some(MediaType::Srt));
    }
    if start.starts_with('<') {
        return root(start);
    }
    Ok(None)
}

fn is_webvtt(text: &str) -> bool {
    text.strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// A number, and on the next line a time, an arrow and a time.
fn is_subrip(start: &str) -> bool {
    let mut lines = start.lines();
    let (Some(number), Some(times)) = (lines.next(), lines.next()) else {
        return false;
    };
    let number = number.trim();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && times.contains("-->")
}

/// The first element decides.
fn root(text: &str) -> Result<Option<MediaType>, Refused> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                return match element.local_name().as_ref() {
                    b"svg" => Ok(Some(MediaType::Svg)),
                    b"MPD" | b"smil" | b"SmoothStreamingMedia" => Err(Refused::Playlist),
                    _ => Ok(None),
                };
            }
            Ok(Event::DocType(kind)) if kind.contains(&b'[') => return Err(Refused::Entities),
            Ok(Event::Eof) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}
