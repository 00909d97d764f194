//! The family of boxes: MP4, QuickTime, HEIC and AVIF begin alike and say in their brands which they are.

use super::part_of;
use crate::{MediaType, Refused};

/// Nothing when it isn't of the family; refused when it is, but of a format that isn't taken.
pub(super) fn recognise(head: &[u8]) -> Result<Option<MediaType>, Refused> {
    match part_of(head, 4, 4) {
        b"ftyp" => {}
        // QuickTime from before there were brands.
        b"moov" | b"mdat" | b"wide" if head.len() > 16 => return Ok(Some(MediaType::Mov)),
        _ => return Ok(None),
    }
    let length = part_of(head, 0, 4)
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    let major = part_of(head, 8, 4);
    let brands: Vec<&[u8]> = part_of(head, 16, length.saturating_sub(16).min(256))
        .chunks_exact(4)
        .collect();
    let says = |brand: &[u8; 4]| major == brand || brands.contains(&brand.as_slice());

    let found = match major {
        b"qt  " => Some(MediaType::Mov),
        b"M4A " | b"M4B " | b"M4P " => None,
        _ if says(b"avif") || says(b"avis") => Some(MediaType::Avif),
        _ if says(b"heic") || says(b"heix") || says(b"heim") || says(b"heis") => Some(MediaType::Heic),
        b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"MSNV"
        | b"dash" | b"XAVC" | b"3gp4" | b"3gp5" => Some(MediaType::Mp4),
        _ if says(b"isom") || says(b"mp42") || says(b"mp41") => Some(MediaType::Mp4),
        _ => None,
    };
    found.map(Some).ok_or(Refused::Unknown { seems: None })
}
