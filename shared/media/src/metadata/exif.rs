//! EXIF, by `kamadak-exif`; and what of it survives.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Exif, Field, In, Reader, Tag, Value};

use super::{Embedded, Place, Words, moment, tidy};

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

/// EXIF that says which way is up, where it was taken if that is kept, and nothing else; none when it would say nothing.
pub(super) fn reduced(bytes: &[u8], place: Place) -> Option<Vec<u8>> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_raw(bytes.to_vec()) {
        Ok(exif) => exif,
        Err(error) => error.distill_partial_result(|_| {}).ok()?,
    };
    let fields: Vec<Field> = exif
        .fields()
        .filter(|field| field.ifd_num == In::PRIMARY)
        .filter(|field| is_turned(field) || (place == Place::Kept && is_position(field)))
        .cloned()
        .collect();
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut written = Cursor::new(Vec::new());
    let is_written = !fields.is_empty() && writer.write(&mut written, true).is_ok();
    is_written.then(|| written.into_inner())
}

/// Whether the field turns the picture: 2 to 8.
fn is_turned(field: &Field) -> bool {
    field.tag == Tag::Orientation && matches!(field.value.get_uint(0), Some(2..=8))
}

/// Whether the field is of a position, and as long as one: nothing else hides in it.
fn is_position(field: &Field) -> bool {
    match (field.tag, &field.value) {
        (Tag::GPSLatitude | Tag::GPSLongitude, Value::Rational(parts)) => parts.len() <= 3,
        (Tag::GPSAltitude, Value::Rational(parts)) => parts.len() == 1,
        (Tag::GPSAltitudeRef, Value::Byte(byte)) => byte.len() == 1,
        (Tag::GPSLatitudeRef | Tag::GPSLongitudeRef, Value::Ascii(lines)) => {
            lines.len() == 1 && lines.iter().all(|line| line.len() == 1)
        }
        _ => false,
    }
}
