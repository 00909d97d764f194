//! Archives: every file of a zip becomes an upload's entry of its own, taken or refused for itself.
//!
//! The directory is read one entry at a time and contents stream from the archive to the store, so that memory does not
//! depend on what the archive claims. What it claims is not believed: bytes are counted as they come.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use axum::body::Bytes;
use tokio::sync::mpsc;
use zip::ZipReadOptions;
use zip::read::{Config, ZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

use super::MOST_BYTES;

/// The most files of one archive.
pub(super) const MOST_ENTRIES: usize = 5_000;
/// The most bytes that an archive may unpack to.
const MOST_UNPACKED: u64 = 20_000_000_000;
/// How often longer than the archive what is in it may be in all. Pictures and films hardly shrink; an archive of
/// spreadsheets shrinks to a tenth.
const MOST_RATIO: u64 = 100;
/// Below this nobody minds how well something was compressed.
const SMALL: u64 = 10_000_000;
/// Longest name of a file or folder on the disks that people use, in bytes.
const LONGEST_PART: usize = 255;
/// How much is read at once.
const CHUNK: usize = 128 * 1024;

/// What the reading of an archive brings, entry by entry.
#[derive(Debug)]
pub(super) enum Event {
    /// A file begins: its place in the archive, and its name with folders.
    Begin {
        /// Counted from 0, over everything that is in the directory.
        position: i32,
        /// As the archive has it.
        name: String,
    },
    /// Bytes of the file that began last.
    Bytes(Bytes),
    /// The file that began last is whole.
    End,
    /// The file that began last is not taken: a Fluent id.
    Refused(&'static str),
    /// The whole archive is not taken, or the rest of it: a Fluent id.
    Broken(&'static str),
}

/// Whether the bytes at a file's beginning are a zip's. Office documents are zips too; [`is_office`] tells.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether a name is that of an Office document, which stays whole whatever is in it.
pub(super) fn is_office(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    matches!(extension.as_str(), "docx" | "pptx" | "xlsx")
}

/// Reads an archive and tells what is in it. Stops when nobody listens any more. Blocking.
pub(super) fn read(archive: &Path, events: &mpsc::Sender<Event>) {
    if let Err(Stop::Broken(reason)) = entries(archive, events) {
        // Nobody listens: then nobody needs to know.
        drop(events.blocking_send(Event::Broken(reason)));
    }
}

/// Why no more entries are read.
enum Stop {
    Broken(&'static str),
    NobodyListens,
}

fn entries(archive: &Path, events: &mpsc::Sender<Event>) -> Result<(), Stop> {
    let open = || File::open(archive).map_err(|_| Stop::Broken("uploads-refused-archive"));
    let length = open()?.metadata().map_or(0, |metadata| metadata.len());
    let mut most = MOST_UNPACKED.min(length.saturating_mul(MOST_RATIO).max(SMALL));
    let directory = BufReader::new(open()?);
    let mut archive = ZipIterable::try_new(directory, Config::default())
        .map_err(|_| Stop::Broken("uploads-refused-archive"))?;
    if archive.len() > MOST_ENTRIES {
        return Err(Stop::Broken("uploads-refused-too-many-entries"));
    }
    let mut contents = open()?;
    let listed = archive
        .files()
        .map_err(|_| Stop::Broken("uploads-refused-archive"))?;
    for (position, entry) in (0..).zip(listed) {
        let entry = entry.map_err(|_| Stop::Broken("uploads-refused-archive"))?;
        let name = entry.name().map_or_else(
            |_| String::from_utf8_lossy(entry.name_raw()).into_owned(),
            std::borrow::Cow::into_owned,
        );
        if entry.is_dir() || is_clutter(&name) {
            continue;
        }
        let shown = name
            .chars()
            .filter(|c| *c != '\0')
            .take(1_000)
            .collect::<String>();
        let name_shown = if shown.is_empty() { "-".to_owned() } else { shown };
        tell(
            events,
            Event::Begin {
                position,
                name: name_shown,
            },
        )?;
        let told = match objection(&entry, &name) {
            Some(reason) => Event::Refused(reason),
            None => match unpack(entry, &name, &mut contents, &mut most, events)? {
                Ok(()) => Event::End,
                Err(reason) => Event::Refused(reason),
            },
        };
        tell(events, told)?;
        if most == 0 {
            return Err(Stop::Broken("uploads-refused-bomb"));
        }
    }
    Ok(())
}

/// Sends one entry's bytes; the inner error is why the entry is not taken.
fn unpack(
    entry: ZipFileEntry<'_>,
    name: &str,
    contents: &mut File,
    most: &mut u64,
    events: &mpsc::Sender<Event>,
) -> Result<Result<(), &'static str>, Stop> {
    let mut file = match entry.with_reader(contents, ZipReadOptions::new()) {
        Ok(file) => file,
        Err(error) => return Ok(Err(reason(&error))),
    };
    let mut sent = 0_u64;
    loop {
        let mut chunk = vec![0; CHUNK];
        let read = match file.read(&mut chunk) {
            Ok(0) => return Ok(Ok(())),
            Ok(read) => read,
            Err(_) => return Ok(Err("uploads-entry-damaged")),
        };
        chunk.truncate(read);
        if sent == 0 && is_zip(&chunk) && !is_office(name) {
            return Ok(Err("uploads-entry-nested"));
        }
        sent += read as u64;
        if sent > MOST_BYTES {
            return Ok(Err("uploads-entry-too-large"));
        }
        *most = most.saturating_sub(read as u64);
        if *most == 0 {
            return Ok(Err("uploads-refused-bomb"));
        }
        tell(events, Event::Bytes(chunk.into()))?;
    }
}

fn tell(events: &mpsc::Sender<Event>, event: Event) -> Result<(), Stop> {
    events.blocking_send(event).map_err(|_| Stop::NobodyListens)
}

/// What is wrong with an entry before it is read.
fn objection(entry: &ZipFileEntry<'_>, name: &str) -> Option<&'static str> {
    if let Some(reason) = name_objection(name) {
        return Some(reason);
    }
    if entry.encrypted() {
        return Some("uploads-entry-encrypted");
    }
    if entry.is_symlink() || !entry.is_file() {
        return Some("uploads-entry-no-file");
    }
    let claimed = entry.size();
    if claimed > MOST_BYTES {
        return Some("uploads-entry-too-large");
    }
    if claimed > SMALL && claimed / MOST_RATIO > entry.compressed_size() {
        return Some("uploads-refused-bomb");
    }
    None
}

/// What is wrong with a name. Such names are not mended: whoever made them meant to deceive, or a program failed.
pub(super) fn name_objection(name: &str) -> Option<&'static str> {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.contains(turns) || name.contains(char::is_control) {
        return Some("uploads-entry-name-hidden");
    }
    let drive = name.chars().nth(1) == Some(':');
    if drive || name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..") {
        return Some("uploads-entry-name-path");
    }
    if name.is_empty() || name.split(['/', '\\']).any(|part| part.len() > LONGEST_PART) {
        return Some("uploads-entry-name-long");
    }
    None
}

/// What operating systems leave in archives.
fn is_clutter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    name.starts_with("__MACOSX/") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

fn reason(error: &ZipError) -> &'static str {
    match error {
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            "uploads-entry-method"
        }
        ZipError::InvalidPassword => "uploads-entry-encrypted",
        _ => "uploads-entry-damaged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceitful_names_are_refused_and_honest_ones_are_not() {
        for good in [
            "ảnh.jpg",
            "Quốc khánh/Hà Nội/01.jpg",
            "a..b.jpg",
            "ພາບ.png",
            ".hidden",
        ] {
            assert_eq!(name_objection(good), None, "{good}");
        }
        for (bad, reason) in [
            ("../../etc/passwd", "uploads-entry-name-path"),
            ("a/../b.jpg", "uploads-entry-name-path"),
            (r"..\..\x.jpg", "uploads-entry-name-path"),
            ("/etc/passwd", "uploads-entry-name-path"),
            (r"C:\x.jpg", "uploads-entry-name-path"),
            ("photo\u{202e}gpj.exe", "uploads-entry-name-hidden"),
            ("a\nb.jpg", "uploads-entry-name-hidden"),
            ("a\0b.jpg", "uploads-entry-name-hidden"),
            ("", "uploads-entry-name-long"),
        ] {
            assert_eq!(name_objection(bad), Some(reason), "{bad:?}");
        }
        assert_eq!(name_objection(&"ữ".repeat(85)), None);
        assert_eq!(name_objection(&"ữ".repeat(86)), Some("uploads-entry-name-long"));
    }
}
