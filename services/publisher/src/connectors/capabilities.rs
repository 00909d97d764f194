//! What platforms take, and what becomes of what they do not.

use chancery_preflight::Breach;

pub use chancery_preflight::{Capabilities, Fact, ImageLimits, PRESS_ROOM, Removal, Revision, TextLimits};

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

impl From<Breach> for Rejection {
    fn from(breach: Breach) -> Self {
        let message = match breach {
            Breach::Empty => "there is neither text nor picture".to_owned(),
            Breach::Characters { count, limit } => format!("{count} characters, at most {limit}"),
            Breach::Bytes { count, limit } => format!("{count} bytes of UTF-8, at most {limit}"),
            Breach::Images { count, limit } => format!("{count} pictures, at most {limit}"),
        };
        Self::new(breach.code(), message)
    }
}
