//! Whether an item may be given another time, and what that takes.

use super::State;

/// What moving an item takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// It is being written: it moves at once.
    Free,
    /// It was submitted: what was approved was this time too, so it is submitted again at the new one.
    Again,
    /// It stays where it is.
    Never(Fixed),
}

/// Why an item stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// It is out.
    Out,
    /// It is being sent, or somebody must first say what became of it.
    Sending,
    /// It did not go out; somebody must open it again first.
    Failed,
    /// It was cancelled, or is about to be.
    Cancelled,
}

impl Fixed {
    /// The Fluent id of the sentence that says so.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Out => "board-fixed-out",
            Self::Sending => "board-fixed-sending",
            Self::Failed => "board-fixed-failed",
            Self::Cancelled => "board-fixed-cancelled",
        }
    }
}

impl State {
    /// What moving an item in this state takes.
    #[must_use]
    pub const fn moving(self) -> Move {
        match self {
            Self::Draft | Self::ChangesRequested => Move::Free,
            Self::Submitted | Self::Ready | Self::Approved | Self::Scheduled => Move::Again,
            Self::Published | Self::Partly | Self::Withdrawn => Move::Never(Fixed::Out),
            Self::Publishing | Self::NeedsPerson => Move::Never(Fixed::Sending),
            Self::Failed => Move::Never(Fixed::Failed),
            Self::Stopping | Self::Cancelled => Move::Never(Fixed::Cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Change;

    #[test]
    fn what_moves_fits_what_the_states_allow() {
        for &state in State::ALL {
            match state.moving() {
                Move::Free => assert!(state.accepts(Change::Save), "{state}"),
                Move::Again => assert!(state.accepts(Change::Reopen) && !state.is_open(), "{state}"),
                Move::Never(_) => assert!(!state.is_open(), "{state}"),
            }
        }
    }
}
