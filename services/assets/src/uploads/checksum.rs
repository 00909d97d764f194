//! The sum by which a sender vouches for a request's body.

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{Stream, TryStreamExt as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// A sum that is expected, and that of what has come so far.
#[derive(Debug, Clone)]
pub struct Checksum {
    expected: Vec<u8>,
    sum: Sum,
}

#[derive(Debug, Clone)]
enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// Of `sha1 BASE64` or `sha256 BASE64`; none when it is neither.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (name, expected) = text.split_once(' ')?;
        let (sum, length) = match name {
            "sha1" => (Sum::Sha1(Sha1::new()), 20),
            "sha256" => (Sum::Sha256(Sha256::new()), 32),
            _ => return None,
        };
        let expected = STANDARD.decode(expected.trim()).ok()?;
        (expected.len() == length).then_some(Self { expected, sum })
    }

    /// Counts in what passes by.
    pub fn over<E>(
        &mut self,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> impl Stream<Item = Result<Bytes, E>> + Send {
        bytes.inspect_ok(|chunk| match &mut self.sum {
            Sum::Sha1(sum) => sum.update(chunk),
            Sum::Sha256(sum) => sum.update(chunk),
        })
    }

    /// Whether what has passed by is what was meant.
    #[must_use]
    pub fn agrees(self) -> bool {
        match self.sum {
            Sum::Sha1(sum) => *sum.finalize() == *self.expected,
            Sum::Sha256(sum) => *sum.finalize() == *self.expected,
        }
    }
}
