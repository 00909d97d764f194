//! Counting: a text and its pictures against the limits of where they go.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

/// The limits of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most extended grapheme clusters (UAX #29) of a text.
    pub characters: Option<u32>,
    /// Most bytes of UTF-8 of a text.
    pub bytes: Option<u32>,
    /// Most pictures of one post.
    pub images: u32,
}

/// A limit that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// There is neither text nor picture.
    Empty,
    /// Too many characters.
    Characters {
        /// How many there are.
        count: usize,
        /// How many are taken.
        limit: u32,
    },
    /// Too many bytes.
    Bytes {
        /// How many there are.
        count: usize,
        /// How many are taken.
        limit: u32,
    },
    /// Too many pictures.
    Images {
        /// How many there are.
        count: usize,
        /// How many are taken.
        limit: u32,
    },
}

/// How long a text is, as its platform counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Meter {
    /// Extended grapheme clusters (UAX #29): what a person calls a character.
    pub characters: usize,
    /// The platform's limit of them.
    pub max_characters: Option<u32>,
    /// Bytes of UTF-8.
    pub bytes: usize,
    /// The platform's limit of them.
    pub max_bytes: Option<u32>,
    /// Whether any limit is broken.
    pub over: bool,
}

/// `text` in the form in which it is sent: trimmed, in NFC. What is in that form already stays as it is.
#[must_use]
pub fn as_sent(text: &str) -> String {
    text.trim().nfc().collect()
}

impl Limits {
    /// The same with what is known of one account in place of what its platform says in general.
    #[must_use]
    pub const fn of_account(self, characters: Option<u32>, bytes: Option<u32>) -> Self {
        Self {
            characters: if characters.is_some() {
                characters
            } else {
                self.characters
            },
            bytes: if bytes.is_some() { bytes } else { self.bytes },
            images: self.images,
        }
    }

    /// Counts `text` in the form in which it is sent.
    #[must_use]
    pub fn meter(&self, text: &str) -> Meter {
        let sent = as_sent(text);
        let characters = sent.graphemes(true).count();
        let bytes = sent.len();
        Meter {
            characters,
            max_characters: self.characters,
            bytes,
            max_bytes: self.bytes,
            over: broken(characters, self.characters).is_some() || broken(bytes, self.bytes).is_some(),
        }
    }

    /// Every limit that the text and so many pictures break: bytes, characters, pictures; nothing at all is one too.
    #[must_use]
    pub fn check(&self, text: &str, images: usize) -> Vec<Breach> {
        let meter = self.meter(text);
        let mut found = Vec::new();
        if meter.bytes == 0 && images == 0 {
            found.push(Breach::Empty);
        }
        if let Some(limit) = broken(meter.bytes, self.bytes) {
            let count = meter.bytes;
            found.push(Breach::Bytes { count, limit });
        }
        if let Some(limit) = broken(meter.characters, self.characters) {
            let count = meter.characters;
            found.push(Breach::Characters { count, limit });
        }
        if let Some(limit) = broken(images, Some(self.images)) {
            let count = images;
            found.push(Breach::Images { count, limit });
        }
        found
    }
}

fn broken(count: usize, limit: Option<u32>) -> Option<u32> {
    limit.filter(|limit| count > *limit as usize)
}

impl Breach {
    /// A stable word for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "text-empty",
            Self::Characters { .. } => "text-too-long",
            Self::Bytes { .. } => "text-too-many-bytes",
            Self::Images { .. } => "images-too-many",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BLUESKY, PRESS_ROOM};

    #[test]
    fn what_people_call_characters_is_counted_in_the_form_that_is_sent() {
        let limits = BLUESKY.limits();
        for (text, characters) in [
            ("a", 1),
            ("ế", 1),
            ("e\u{302}\u{301}", 1),
            ("👩\u{200d}🚀", 1),
            ("ກິ", 1),
            ("  Xin chào \n", 8),
        ] {
            assert_eq!(limits.meter(text).characters, characters, "{text:?}");
        }
        assert_eq!(
            limits.meter("e\u{302}\u{301}").bytes,
            3,
            "composed before it is weighed"
        );
    }

    #[test]
    fn every_limit_is_one_more_than_its_last_good_number() {
        let limits = BLUESKY.limits();
        assert!(limits.check(&"a".repeat(300), 4).is_empty());
        assert_eq!(
            limits.check(&"a".repeat(301), 5),
            [
                Breach::Characters {
                    count: 301,
                    limit: 300
                },
                Breach::Images { count: 5, limit: 4 }
            ]
        );
        assert_eq!(limits.check(" \n", 0), [Breach::Empty]);
        assert!(limits.check("", 1).is_empty(), "a picture alone is a post");
        assert!(PRESS_ROOM.limits().check(&"a".repeat(50_000), 10).is_empty());
    }

    #[test]
    fn an_accounts_own_limit_stands_before_its_platforms() {
        let own = BLUESKY.limits().of_account(Some(500), None);
        assert!(own.check(&"a".repeat(500), 0).is_empty());
        assert_eq!(own.bytes, Some(3_000));
    }
}
