//! Two files in one. A picture ends where its format says; what follows may be a whole archive, page or program, which
//! another reader would find first.

use std::fs::File;

use super::{HEAD, contains, part, part_of};
use crate::{Kind, MediaType, Refused};

/// The record at the end of a zip, and how far before the end of the file it may begin.
const ZIP_END: &[u8] = b"PK\x05\x06";
const ZIP_REACH: usize = 22 + 65_535;
/// PDF readers look for the header this far in.
const PDF_REACH: usize = 1024;

pub(super) fn nothing_hides(
    kind: MediaType,
    head: &[u8],
    file: &mut File,
    length: u64,
) -> Result<(), Refused> {
    let is_zip = matches!(
        kind,
        MediaType::Docx | MediaType::Pptx | MediaType::Xlsx | MediaType::Zip
    );
    if !is_zip && ends_as_zip(file, length)? {
        return Err(Refused::Polyglot);
    }
    if kind != MediaType::Pdf && !is_zip && contains(part_of(head, 0, PDF_REACH + 5), b"%PDF-") {
        return Err(Refused::Polyglot);
    }
    if kind == MediaType::Pdf && begins_otherwise(part_of(head, 8, PDF_REACH)) {
        return Err(Refused::Polyglot);
    }
    if kind.kind() == Kind::Picture && kind != MediaType::Svg {
        // Bounded by the limit for pictures, which was checked.
        let whole = part(file, 0, usize::try_from(length).unwrap_or(usize::MAX))?;
        let end = end_of_picture(kind, &whole).unwrap_or(whole.len());
        if begins_another(part_of(&whole, end, usize::MAX)) {
            return Err(Refused::Polyglot);
        }
    }
    Ok(())
}

/// A record of a zip's end whose comment reaches exactly to the end of the file, and which has entries.
fn ends_as_zip(file: &mut File, length: u64) -> Result<bool, Refused> {
    let reach = length.min(ZIP_REACH as u64);
    let tail = part(file, length - reach, ZIP_REACH)?;
    let ends = tail
        .windows(ZIP_END.len())
        .enumerate()
        .filter(|(_, window)| *window == ZIP_END);
    Ok(ends.map(|(at, _)| part_of(&tail, at, usize::MAX)).any(|record| {
        let number = |at| {
            part_of(record, at, 2)
                .iter()
                .rev()
                .fold(0, |n, byte| n << 8 | usize::from(*byte))
        };
        record.len() == 22 + number(20) && number(10) > 0
    }))
}

/// A PDF that a browser would take for a page.
fn begins_otherwise(head: &[u8]) -> bool {
    let head = head.to_ascii_lowercase();
    [b"<html".as_slice(), b"<script", b"<!doctype html", b"<?php"]
        .iter()
        .any(|sign| contains(&head, sign))
}

/// What follows a picture's end begins or contains something to open or to run. Telephones append films and depth maps,
/// which are harmless and go when a clean copy is made.
fn begins_another(rest: &[u8]) -> bool {
    let rest = part_of(rest, 0, 4 * HEAD);
    let lower = rest.to_ascii_lowercase();
    [
        b"PK\x03\x04".as_slice(),
        b"%PDF-",
        b"\x7fELF",
        b"Rar!\x1a",
        b"7z\xbc\xaf\x27\x1c",
    ]
    .iter()
    .any(|sign| contains(rest, sign))
        || [b"<script".as_slice(), b"<html", b"<?php", b"<svg", b"#!/"]
            .iter()
            .any(|sign| contains(&lower, sign))
        || rest.starts_with(b"MZ")
}

fn end_of_picture(kind: MediaType, whole: &[u8]) -> Option<usize> {
    match kind {
        MediaType::Jpeg => end_of_jpeg(whole),
        MediaType::Png => end_of_png(whole),
        MediaType::Webp => {
            let length = part_of(whole, 4, 4)
                .iter()
                .rev()
                .fold(0, |n, byte| n << 8 | usize::from(*byte));
            Some(8 + length + length % 2)
        }
        _ => None,
    }
}

/// Segments have a length; after the start of a scan come data in which only `FF 00` and restarts may follow an `FF`.
pub(crate) fn end_of_jpeg(whole: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        match part_of(whole, at, 4) {
            [0xff, 0xd9, ..] => return Some(at + 2),
            [0xff, 0xff, ..] => at += 1,
            [0xff, marker, high, low] => {
                at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
                if *marker == 0xda {
                    let data = part_of(whole, at, usize::MAX);
                    at += data.windows(2).position(
                        |pair| matches!(pair, [0xff, second] if !matches!(second, 0 | 0xd0..=0xd7)),
                    )?;
                }
            }
            _ => return None,
        }
    }
}

fn end_of_png(whole: &[u8]) -> Option<usize> {
    let mut at = 8;
    loop {
        let length: [u8; 4] = part_of(whole, at, 4).try_into().ok()?;
        let kind = part_of(whole, at + 4, 4);
        at = at
            .checked_add(12)?
            .checked_add(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        if kind == b"IEND" {
            return Some(at);
        }
    }
}
