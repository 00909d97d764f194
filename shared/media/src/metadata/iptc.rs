//! IPTC's older form (IIM), as press agencies' systems still read it: numbered records in one of Photoshop's resources.

use super::{Embedded, Words, cut, moment, place, slice, tidy};

/// What the segment of a JPEG begins with.
pub(super) const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
const RESOURCE: &[u8] = b"8BIM";
const IIM: u16 = 0x0404;
/// "The text is UTF-8."
const UTF8: &[u8] = b"\x1b%G";

const TITLE: u8 = 5;
const KEYWORD: u8 = 25;
const DATE: u8 = 55;
const TIME: u8 = 60;
const CREATOR: u8 = 80;
const CITY: u8 = 90;
const SUBLOCATION: u8 = 92;
const COUNTRY: u8 = 101;
const CREDIT: u8 = 110;
const COPYRIGHT: u8 = 116;
const CAPTION: u8 = 120;

/// Reads the resources that follow [`PHOTOSHOP`].
pub(super) fn read(resources: &[u8]) -> Embedded {
    let mut found = Embedded::default();
    let mut at = 0;
    while slice(resources, at, 4) == RESOURCE {
        let [high, low] = *slice(resources, at + 4, 2) else {
            break;
        };
        // The name has its length before it and is padded to an even length.
        let name = usize::from(slice(resources, at + 6, 1).first().copied().unwrap_or(0)) + 1;
        let data = at + 6 + name + name % 2;
        let Ok(length) = <[u8; 4]>::try_from(slice(resources, data, 4)) else {
            break;
        };
        let Ok(length) = usize::try_from(u32::from_be_bytes(length)) else {
            break;
        };
        if u16::from_be_bytes([high, low]) == IIM {
            found = found.or(records(slice(resources, data + 4, length)));
        }
        let Some(next) = (data + 4).checked_add(length) else {
            break;
        };
        at = next + length % 2;
    }
    found
}

fn records(data: &[u8]) -> Embedded {
    let mut words = Words::default();
    let mut keywords = Vec::new();
    let (mut day, mut clock) = (String::new(), String::new());
    let (mut city, mut sublocation, mut country) = (None, None, None);
    let mut at = 0;
    while let [0x1c, record, number, high, low] = *slice(data, at, 5) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        // The highest bit would announce a length of lengths, for objects of gigabytes.
        if length >= 0x8000 {
            break;
        }
        let value = decoded(slice(data, at + 5, length));
        at += 5 + length;
        if record != 2 {
            continue;
        }
        let slot = match number {
            TITLE => &mut words.title,
            CAPTION => &mut words.caption,
            CREATOR => &mut words.creator,
            CREDIT => &mut words.credit,
            COPYRIGHT => &mut words.copyright,
            CITY => &mut city,
            SUBLOCATION => &mut sublocation,
            COUNTRY => &mut country,
            KEYWORD => {
                keywords.extend(tidy(&value).filter(|_| keywords.len() < 200));
                continue;
            }
            DATE => {
                day = value;
                continue;
            }
            TIME => {
                clock = value;
                continue;
            }
            _ => continue,
        };
        *slot = slot.take().or_else(|| tidy(&value));
    }
    Embedded {
        words,
        taken: taken(&day, &clock),
        place: place([sublocation.as_deref(), city.as_deref(), country.as_deref()]),
        keywords,
        ..Embedded::default()
    }
}

/// `20260902` and `090000+0700`.
fn taken(date: &str, time: &str) -> Option<chrono::NaiveDateTime> {
    let part = |text: &str, from: usize, to: usize| text.get(from..to).unwrap_or("00").to_owned();
    moment(&format!(
        "{}-{}-{}T{}:{}:{}",
        date.get(..4)?,
        part(date, 4, 6),
        part(date, 6, 8),
        part(time, 0, 2),
        part(time, 2, 4),
        part(time, 4, 6)
    ))
}

/// UTF-8, whether the record says so or not; what isn't, is from before.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The contents of a segment with these words; nothing when there are none.
pub(super) fn write(words: &Words) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    for (number, value, most) in [
        (TITLE, &words.title, 64),
        (CREATOR, &words.creator, 32),
        (CREDIT, &words.credit, 32),
        (COPYRIGHT, &words.copyright, 128),
        (CAPTION, &words.caption, 2_000),
    ] {
        if let Some(value) = value.as_deref().and_then(tidy) {
            record(&mut data, 2, number, cut(&value, most).as_bytes());
        }
    }
    if data.is_empty() {
        return None;
    }
    let mut all = Vec::new();
    record(&mut all, 1, 90, UTF8);
    record(&mut all, 2, 0, &[0, 4]);
    all.extend(data);

    let mut segment = PHOTOSHOP.to_vec();
    segment.extend(RESOURCE);
    segment.extend(IIM.to_be_bytes());
    segment.extend([0, 0]);
    segment.extend(u32::try_from(all.len()).unwrap_or(0).to_be_bytes());
    let odd = all.len() % 2 == 1;
    segment.extend(all);
    if odd {
        segment.push(0);
    }
    Some(segment)
}

fn record(data: &mut Vec<u8>, record: u8, number: u8, value: &[u8]) {
    data.extend([0x1c, record, number]);
    data.extend(u16::try_from(value.len()).unwrap_or(0).to_be_bytes());
    data.extend(value);
}
