//! What files say of themselves: read from what cameras and agencies embed, taken out of what leaves, and the library's own
//! words put in. JPEG, PNG and WebP are done here, chunk by chunk and without touching a pixel; the rarer ones by exiftool.

mod exif;
pub(crate) mod exiftool;
mod iptc;
mod segments;
mod xmp;

use bytes::Bytes;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

pub(crate) use segments::{embedded, stripped};

/// What the properties of an Office document say: the same names as in XMP.
pub(crate) fn properties(part: &[u8]) -> Embedded {
    xmp::read(part)
}

/// Longer texts are cut.
const LONGEST: usize = 8_000;

/// The words that go with a file when it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// Its title.
    pub title: Option<String>,
    /// What is to be seen.
    pub caption: Option<String>,
    /// For those who cannot see it.
    pub alt_text: Option<String>,
    /// Who made it.
    pub creator: Option<String>,
    /// How the source wants to be named.
    pub credit: Option<String>,
    /// Whose it is.
    pub copyright: Option<String>,
}

/// What becomes of the place where a file was made, when it leaves. Of the device nothing ever stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Nothing of it stays.
    #[default]
    Removed,
    /// Its position and its name stay, as far as they are in the file.
    Kept,
}

/// What a file says of itself. Everything is plain text, and nobody has checked it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Embedded {
    /// The words, to begin with.
    #[serde(flatten)]
    pub words: Words,
    /// When it was taken, by the camera's clock; cameras seldom say in which zone.
    pub taken: Option<NaiveDateTime>,
    /// Where: place, city, country, as far as it says.
    pub place: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Whether it says where exactly it was taken.
    pub has_location: bool,
    /// Whether it says with which camera.
    pub has_device: bool,
}

impl Embedded {
    /// Fills what is missing from another source.
    fn or(self, other: Self) -> Self {
        let Words {
            title,
            caption,
            alt_text,
            creator,
            credit,
            copyright,
        } = self.words;
        Self {
            words: Words {
                title: title.or(other.words.title),
                caption: caption.or(other.words.caption),
                alt_text: alt_text.or(other.words.alt_text),
                creator: creator.or(other.words.creator),
                credit: credit.or(other.words.credit),
                copyright: copyright.or(other.words.copyright),
            },
            taken: self.taken.or(other.taken),
            place: self.place.or(other.place),
            keywords: if self.keywords.is_empty() {
                other.keywords
            } else {
                self.keywords
            },
            has_location: self.has_location || other.has_location,
            has_device: self.has_device || other.has_device,
        }
    }
}

/// Plain text: no control characters, no marks that turn the direction, not endless; nothing if nothing is left.
fn tidy(text: &str) -> Option<String> {
    let clean: String = text
        .chars()
        .map(|c| if matches!(c, '\r' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() || *c == '\n')
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}'))
        .collect();
    let clean = cut(clean.trim(), LONGEST).trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// At most so many bytes, ending at a letter's edge.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    text.split_at(end.unwrap_or(0)).0
}

/// `2026:09:02 09:00:00` of EXIF, `2026-09-02T09:00:00+07:00` of XMP, `2026-09-02`.
fn moment(text: &str) -> Option<NaiveDateTime> {
    let digits: Vec<u32> = text
        .get(..text.len().min(19))
        .unwrap_or_default()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    let part = |at: usize| digits.get(at).copied();
    let year = i32::try_from(part(0)?)
        .ok()
        .filter(|year| (1800..=2200).contains(year))?;
    chrono::NaiveDate::from_ymd_opt(year, part(1)?, part(2)?)?.and_hms_opt(
        part(3).unwrap_or(0),
        part(4).unwrap_or(0),
        part(5).unwrap_or(0),
    )
}

/// Place, city and country in one line.
fn place<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let mut known: Vec<String> = Vec::new();
    for part in parts.into_iter().flatten().filter_map(tidy) {
        if !known.contains(&part) {
            known.push(part);
        }
    }
    (!known.is_empty()).then(|| known.join(", "))
}

/// Bytes of a slice, from `at`, nothing beyond its end.
fn slice(bytes: &[u8], at: usize, length: usize) -> &[u8] {
    at.checked_add(length)
        .and_then(|end| bytes.get(at..end))
        .unwrap_or_default()
}

/// What is embedded in one stretch of a file.
enum Block {
    Exif(Bytes),
    Xmp(Bytes),
    Iptc(Bytes),
}

impl Block {
    fn read(&self) -> Embedded {
        match self {
            Self::Exif(bytes) => exif::read(bytes),
            Self::Xmp(bytes) => xmp::read(bytes),
            Self::Iptc(bytes) => iptc::read(bytes),
        }
    }
}
