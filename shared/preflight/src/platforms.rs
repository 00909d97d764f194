//! What each platform takes: facts with a source and a date.

use chancery_contracts::{EditionVariant, Platform};

use crate::{Breach, Limits};

/// A number that somebody else decides: its value, who says so, and when that was last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// Where it is written or how it was observed.
    pub source: &'static str,
    /// ISO date of the last look.
    pub checked: &'static str,
}

/// What a platform takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Which platform.
    pub platform: Platform,
    /// Of the text.
    pub text: TextLimits,
    /// Of pictures.
    pub images: ImageLimits,
    /// Whether what is out can be taken down.
    pub removal: Fact<Removal>,
    /// Whether, and how, what is out can be corrected.
    pub revision: Fact<Revision>,
}

/// Whether a post can be taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// By a call.
    ByUs,
    /// By a person on the platform only.
    ByHand,
    /// By nobody.
    Never,
}

/// How a post can be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    /// Its text is replaced where it stands, and readers are told.
    InPlace,
    /// The correction is a reply to it.
    Reply,
    /// Not at all.
    None,
}

/// Limits of a text. Both hold where both are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimits {
    /// Extended grapheme clusters (UAX #29): what a person calls a character.
    pub graphemes: Option<Fact<u32>>,
    /// Bytes of UTF-8.
    pub bytes: Option<Fact<u32>>,
}

/// Limits of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageLimits {
    /// How many in one post.
    pub count: Fact<u32>,
    /// Bytes of one file; larger ones are made smaller before they are sent, none means no limit.
    pub bytes: Option<Fact<u32>>,
}

impl Capabilities {
    /// The limits as numbers.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            characters: self.text.graphemes.map(|fact| fact.value),
            bytes: self.text.bytes.map(|fact| fact.value),
            images: self.images.count.value,
        }
    }

    /// Counts a text that is about to be sent.
    ///
    /// # Errors
    /// The first limit that it breaks.
    pub fn check(&self, variant: &EditionVariant) -> Result<(), Breach> {
        let breaches = self.limits().check(&variant.body, variant.images.len());
        breaches.into_iter().next().map_or(Ok(()), Err)
    }
}

/// What a platform takes.
#[must_use]
pub const fn capabilities(platform: Platform) -> &'static Capabilities {
    match platform {
        Platform::PressRoom => &PRESS_ROOM,
        Platform::Bluesky => &BLUESKY,
    }
}

const OURS: &str = "our own press room: bounded so that a page stays readable";
const OURS_TOO: &str = "our own press room";

/// The press room of this product.
pub static PRESS_ROOM: Capabilities = Capabilities {
    platform: Platform::PressRoom,
    text: TextLimits {
        graphemes: Some(Fact {
            value: 50_000,
            source: OURS,
            checked: "2026-11-22",
        }),
        bytes: None,
    },
    images: ImageLimits {
        count: Fact {
            value: 10,
            source: OURS,
            checked: "2026-11-22",
        },
        bytes: None,
    },
    removal: Fact {
        value: Removal::ByUs,
        source: OURS_TOO,
        checked: "2026-11-22",
    },
    revision: Fact {
        value: Revision::InPlace,
        source: OURS_TOO,
        checked: "2026-11-22",
    },
};

/// Bluesky, as its lexicons say.
pub static BLUESKY: Capabilities = Capabilities {
    platform: Platform::Bluesky,
    text: TextLimits {
        graphemes: Some(Fact {
            value: 300,
            source: "lexicon app.bsky.feed.post, maxGraphemes",
            checked: "2026-11-21",
        }),
        bytes: Some(Fact {
            value: 3000,
            source: "lexicon app.bsky.feed.post, maxLength",
            checked: "2026-11-21",
        }),
    },
    images: ImageLimits {
        count: Fact {
            value: 4,
            source: "lexicon app.bsky.embed.images, maxLength",
            checked: "2026-11-21",
        },
        bytes: Some(Fact {
            value: 1_000_000,
            source: "observed on @atproto/pds 0.4.217; the lexicon at its head says 2,000,000",
            checked: "2026-11-21",
        }),
    },
    removal: Fact {
        value: Removal::ByUs,
        source: "lexicon com.atproto.repo.deleteRecord; observed on @atproto/pds 0.4.217",
        checked: "2026-11-22",
    },
    // `putRecord` replaces a post, but most readers go on seeing the old one, and none is told.
    revision: Fact {
        value: Revision::Reply,
        source: "lexicon app.bsky.feed.post, reply",
        checked: "2026-11-22",
    },
};
