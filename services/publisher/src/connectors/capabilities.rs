use chancery_contracts::{EditionVariant, Platform};
use unicode_segmentation::UnicodeSegmentation;

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
    /// Bytes of one file; larger ones are made smaller by `prepare`, none means no limit.
    pub bytes: Option<Fact<u32>>,
}

/// Why content will not be accepted, in a form that pages translate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Rejection {
    /// Stable and machine-readable: ours (`text-too-long`, …) or the platform's own error name.
    pub code: String,
    /// What the platform or we have to say about it, in English.
    pub message: String,
}

impl Rejection {
    /// A rejection with this code.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }
}

impl Capabilities {
    /// Counts, so that what would be refused is refused before anybody approves it. A pure function.
    ///
    /// # Errors
    /// The first limit that the variant breaks.
    pub fn check(&self, variant: &EditionVariant) -> Result<(), Rejection> {
        let text = variant.body.as_str();
        if text.trim().is_empty() && variant.images.is_empty() {
            return Err(Rejection::new("text-empty", "there is neither text nor picture"));
        }
        if let Some(limit) = self.text.bytes
            && text.len() > limit.value as usize
        {
            return Err(Rejection::new(
                "text-too-many-bytes",
                format!("{} bytes of UTF-8, at most {}", text.len(), limit.value),
            ));
        }
        if let Some(limit) = self.text.graphemes {
            let count = graphemes(text);
            if count > limit.value as usize {
                return Err(Rejection::new(
                    "text-too-long",
                    format!("{count} characters, at most {}", limit.value),
                ));
            }
        }
        let count = variant.images.len();
        if count > self.images.count.value as usize {
            return Err(Rejection::new(
                "images-too-many",
                format!("{count} pictures, at most {}", self.images.count.value),
            ));
        }
        Ok(())
    }
}

/// How many extended grapheme clusters (UAX #29) `text` has.
#[must_use]
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

const OURS: &str = "our own press room: bounded so that a page stays readable";

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
};
