use image::DynamicImage;
use image_hasher::{HashAlg, HasherConfig};
use serde::{Deserialize, Serialize};

use super::{damaged, fitted, scaled};
use crate::Refused;

/// What a picture looks like, in 64 bits: the signs of its lowest frequencies. Scaling, compressing and small changes of
/// colour change few of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Likeness(pub i64);

impl Likeness {
    /// Up to so many different bits, two pictures are taken for one.
    pub const SAME: u32 = 6;

    /// The number of different bits, 0 to 64.
    #[must_use]
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Whether it is most likely the same picture.
    #[must_use]
    pub const fn is_same(self, other: Self) -> bool {
        self.distance(other) <= Self::SAME
    }
}

pub(crate) fn likeness(pixels: &DynamicImage) -> Result<Likeness, Refused> {
    // Scaled first by the quick scaler: what is left to the hash is small.
    let (width, height) = fitted(pixels.width(), pixels.height(), 256, 256);
    let small = scaled(pixels, None, (width, height))?;
    let hasher = HasherConfig::with_bytes_type::<[u8; 8]>()
        .hash_size(8, 8)
        .hash_alg(HashAlg::Median)
        .preproc_dct()
        .to_hasher();
    let hash = hasher.hash_image(&small);
    let bytes: [u8; 8] = hash.as_bytes().try_into().map_err(damaged)?;
    Ok(Likeness(i64::from_be_bytes(bytes)))
}
