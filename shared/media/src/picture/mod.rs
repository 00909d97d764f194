//! Pictures in memory: decoded within limits, cut, scaled, marked and encoded. Blocking; no I/O.

mod decode;
mod encode;
mod frame;
mod likeness;
mod mark;
mod scale;

use serde::{Deserialize, Serialize};

use crate::{MediaError, MediaType, Refused};

pub(crate) use decode::{Decoded, decode, measure};
pub(crate) use encode::{Encoded, jpeg, png};
pub(crate) use frame::fitted;
pub use frame::{Cut, Focus, Frame, Share};
pub use likeness::Likeness;
pub(crate) use likeness::likeness;
pub use mark::{Corner, Mark, MarkKind};
pub(crate) use scale::scaled;

/// What a picture rendition is encoded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    /// For photographs, and for every platform. What is transparent becomes white.
    #[default]
    Jpeg,
    /// Lossless: for drawings, and for editing.
    Png,
    /// Smaller than JPEG, for pages.
    Webp,
}

impl PictureFormat {
    /// The format of the file.
    #[must_use]
    pub const fn media_type(self) -> MediaType {
        match self {
            Self::Jpeg => MediaType::Jpeg,
            Self::Png => MediaType::Png,
            Self::Webp => MediaType::Webp,
        }
    }
}

/// A picture to be made: of a picture, of a moment of a film, of a page of a document, of the course of a sound.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PictureWanted {
    /// How the whole becomes the part.
    pub frame: Frame,
    /// How it is encoded.
    pub format: PictureFormat,
    /// Fewer bytes than this at the cost of quality and then of size, if a platform wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Put on top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// Which page of a document, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Which second of a film; without it, one early in the film that shows something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<u32>,
}

impl PictureWanted {
    /// The whole picture as JPEG in a box, for previews.
    #[must_use]
    pub const fn within(width: u32, height: u32) -> Self {
        Self {
            frame: Frame::Whole { width, height },
            format: PictureFormat::Jpeg,
            max_bytes: None,
            mark: None,
            page: None,
            second: None,
        }
    }
}

/// Cut, scaled, marked and encoded.
pub(crate) fn render(
    picture: &Decoded,
    wanted: &PictureWanted,
    logo: Option<&Decoded>,
) -> Result<Encoded, MediaError> {
    let (area, size) = wanted
        .frame
        .apply(picture.pixels.width(), picture.pixels.height());
    let mut pixels = scaled(&picture.pixels, Some(area), size)?;
    if let Some(mark) = &wanted.mark {
        pixels = mark::put(pixels, mark, logo)?;
    }
    encode::within(&pixels, wanted.format, wanted.max_bytes)
}

/// Decoders and encoders say why in a line.
pub(crate) fn damaged(error: impl std::fmt::Display) -> Refused {
    Refused::damaged(error)
}
