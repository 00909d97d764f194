//! Giving the word for what was approved on command: who, for which words, and when.

use super::Window;

/// The windows that the composer offers for what goes out on command, in minutes: half an hour to three days.
pub const RELEASE_WINDOWS: [i32; 8] = [30, 60, 120, 240, 480, 1_440, 2_880, 4_320];

/// What is known when somebody wants to give the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Releasing {
    /// Whether they submitted it and still write there, may approve at its unit, or stand in for somebody who may.
    pub may: bool,
    /// Whether what they saw is what is there now.
    pub same: bool,
    /// Where now is in the window.
    pub window: Window,
}

/// Why the word is not taken. [`Unreleased::key`] explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreleased {
    /// It is for whoever submitted it, or may approve there.
    #[error("the word is somebody else's to give")]
    NotYours,
    /// It changed since they looked.
    #[error("it changed since it was read")]
    Changed,
    /// Its window has not opened.
    #[error("its window has not opened")]
    Early,
    /// Its window has ended.
    #[error("its window has ended")]
    Over,
}

impl Unreleased {
    /// The Fluent id of the sentence that explains it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotYours => "release-refused-not-yours",
            Self::Changed => "release-refused-changed",
            Self::Early => "release-refused-early",
            Self::Over => "release-refused-over",
        }
    }
}

impl Releasing {
    /// Whether the word is taken.
    ///
    /// # Errors
    /// The first reason why not.
    pub const fn release(self) -> Result<(), Unreleased> {
        if !self.may {
            return Err(Unreleased::NotYours);
        }
        if !self.same {
            return Err(Unreleased::Changed);
        }
        match self.window {
            Window::ToCome => Err(Unreleased::Early),
            Window::Open => Ok(()),
            Window::Over => Err(Unreleased::Over),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_needs_every_condition() {
        for may in [true, false] {
            for same in [true, false] {
                for window in [Window::ToCome, Window::Open, Window::Over] {
                    let done = Releasing { may, same, window }.release();
                    let expected = match (may, same, window) {
                        (false, ..) => Err(Unreleased::NotYours),
                        (_, false, _) => Err(Unreleased::Changed),
                        (.., Window::ToCome) => Err(Unreleased::Early),
                        (.., Window::Over) => Err(Unreleased::Over),
                        (true, true, Window::Open) => Ok(()),
                    };
                    assert_eq!(done, expected);
                }
            }
        }
    }
}
