//! EXIF, by `kamadak-exif`; and the one thing of it that must survive.

use exif::{Exif, In, Reader, Tag, Value};

use super::{Embedded, Words, moment, tidy};

pub(super) fn read(bytes: &[u8]) -> Embedded {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_raw(bytes.to_vec()) {
        Ok(exif) => exif,
        Err(error) => match error.distill_partial_result(|_| {}) {
            Ok(exif) => exif,
            Err(_) => return Embedded::default(),
        },
    };
    let has = |tag| exif.get_field(tag, In::PRIMARY).is_some();
    Embedded {
        words: Words {
            caption: text(&exif, Tag::ImageDescription),
            creator: text(&exif, Tag::Artist),
            copyright: text(&exif, Tag::Copyright),
            ..Words::default()
        },
        taken: text(&exif, Tag::DateTimeOriginal).as_deref().and_then(moment),
        place: None,
        keywords: Vec::new(),
        has_location: has(Tag::GPSLatitude) || has(Tag::GPSLongitude) || has(Tag::GPSDestLatitude),
        has_device: has(Tag::Make) || has(Tag::Model) || has(Tag::BodySerialNumber) || has(Tag::MakerNote),
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
            tidy(&lines.join("\n"))
        }
        _ => None,
    }
}

/// Which way is up, 1 to 8.
pub(super) fn orientation(bytes: &[u8]) -> Option<u16> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_raw(bytes.to_vec()) {
        Ok(exif) => exif,
        Err(error) => error.distill_partial_result(|_| {}).ok()?,
    };
    let value = exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    u16::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// EXIF that says which way is up and nothing else.
pub(super) fn upright(orientation: u16) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x01\0".to_vec();
    bytes.extend(0x0112_u16.to_le_bytes());
    bytes.extend(3_u16.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(u32::from(orientation).to_le_bytes());
    bytes.extend([0; 4]);
    bytes
}
