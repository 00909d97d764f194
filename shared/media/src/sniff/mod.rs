//! What a file is, by its content. Its name can only contradict.

mod ends;
mod isobmff;
mod office;
mod text;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::{Limits, MediaType, Refused};

pub(crate) use ends::end_of_jpeg;
pub(crate) use office::{open as open_office, refused as refused_zip};

/// As much as any rule looks at.
const HEAD: usize = 64 * 1024;

/// Recognises the file, and refuses what is none of the formats, too long, named as something else, or two files in one.
/// Reads little of it; whether the rest is sound, only decoding tells. Blocking.
///
/// # Errors
/// [`Refused`] with the reason. A file that cannot be read counts as damaged.
pub fn sniff(file: &Path, name: &str, limits: &Limits) -> Result<MediaType, Refused> {
    let mut open = File::open(file).map_err(Refused::damaged)?;
    let length = open.metadata().map_err(Refused::damaged)?.len();
    if length == 0 {
        return Err(Refused::Empty);
    }
    let head = part(&mut open, 0, HEAD)?;
    let found = recognise(&head, &mut open, limits).map_err(|refused| in_words(refused, name, &head))?;
    named_so(name, found)?;
    let max = limits.bytes(found.kind());
    if length > max {
        return Err(Refused::TooLarge { max });
    }
    ends::nothing_hides(found, &head, &mut open, length)?;
    Ok(found)
}

fn recognise(head: &[u8], file: &mut File, limits: &Limits) -> Result<MediaType, Refused> {
    if let Some(found) = isobmff::recognise(head)? {
        return Ok(found);
    }
    if let Some(found) = text::recognise(head)? {
        return Ok(found);
    }
    let seems = infer::get(head).map(|seems| seems.extension());
    match seems {
        Some("jpg") => Ok(MediaType::Jpeg),
        Some("png") => Ok(MediaType::Png),
        Some("webp") => Ok(MediaType::Webp),
        Some("tif") => Ok(MediaType::Tiff),
        Some("gif") => Ok(MediaType::Gif),
        Some("mp3") => Ok(MediaType::Mp3),
        Some("wav") => Ok(MediaType::Wav),
        // Elsewhere than at the very beginning is allowed, and is how a PDF hides behind something else.
        Some("pdf") if head.starts_with(b"%PDF-") => Ok(MediaType::Pdf),
        // One container: the kind that browsers play says so in its header.
        Some("mkv" | "webm") if contains(part_of(head, 0, 64), b"webm") => Ok(MediaType::Webm),
        _ if head.starts_with(b"PK\x03\x04") => office::recognise(file, limits),
        seems => Err(Refused::Unknown { seems }),
    }
}

/// What is named as text but isn't UTF-8 can be helped: old captions are in one of the older encodings.
fn in_words(refused: Refused, name: &str, head: &[u8]) -> Refused {
    let named = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase());
    let is_text = named.is_some_and(|extension| matches!(extension.as_str(), "srt" | "vtt" | "svg"));
    let broken = std::str::from_utf8(head).is_err_and(|error| error.error_len().is_some());
    match refused {
        Refused::Unknown { seems: None } if is_text && broken => Refused::Encoding,
        refused => refused,
    }
}

/// A name without an extension says nothing; one with another extension misleads.
fn named_so(name: &str, found: MediaType) -> Result<(), Refused> {
    let Some((_, extension)) = name.rsplit_once('.') else {
        return Ok(());
    };
    let extension = extension.trim().to_lowercase();
    if found.extensions().contains(&extension.as_str()) {
        return Ok(());
    }
    Err(Refused::Extension {
        extension: extension
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(20)
            .collect(),
        actual: found,
    })
}

/// Up to `length` bytes from `at`.
fn part(file: &mut File, at: u64, length: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at)).map_err(Refused::damaged)?;
    file.take(length as u64)
        .read_to_end(&mut bytes)
        .map_err(Refused::damaged)?;
    Ok(bytes)
}

/// The bytes from `at`, at most `length`, as many as there are.
fn part_of(bytes: &[u8], at: usize, length: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.get(..length).unwrap_or(rest)
}

fn contains(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}
