//! How far a model has come at one mission, as headquarters' grid shows it.

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

use crate::model::State;

vocabulary! {
    /// A cell of the grid.
    Progress {
        /// The job that delivers it has not run yet.
        OnItsWay = "on_its_way",
        /// Received; nobody there has opened it.
        Unseen = "unseen",
        /// Somebody has opened it.
        Seen = "seen",
        /// Taken over word for word.
        Adopted = "adopted",
        /// Taken over and changed.
        Adapted = "adapted",
        /// Not taken over, with a reason.
        Declined = "declined",
        /// Waits for approval at the mission or headquarters.
        Submitted = "submitted",
        /// Approved; waits for its minute or is on its way.
        Approved = "approved",
        /// Out, on some account at least.
        Out = "out",
        /// Out nowhere, or only a person can tell.
        Failed = "failed",
        /// The mission cancelled the item that it had made.
        Cancelled = "cancelled",
    }
}

/// What is known of a model at a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Whether it has arrived.
    pub received: bool,
    /// Whether somebody has opened it.
    pub seen: bool,
    /// Whether the mission declined.
    pub declined: bool,
    /// The item made from it: its state, and whether its texts are still the model's.
    pub item: Option<(State, bool)>,
}

impl Progress {
    /// The cell for these facts.
    #[must_use]
    pub const fn of(facts: Facts) -> Self {
        match facts.item {
            Some((state, faithful)) => match state {
                State::Draft | State::ChangesRequested if faithful => Self::Adopted,
                State::Draft | State::ChangesRequested => Self::Adapted,
                State::Submitted => Self::Submitted,
                State::Ready | State::Approved | State::Scheduled | State::Publishing => Self::Approved,
                State::Published | State::Partly => Self::Out,
                State::Failed | State::NeedsPerson => Self::Failed,
                State::Stopping | State::Cancelled | State::Withdrawn => Self::Cancelled,
            },
            None if facts.declined => Self::Declined,
            None if facts.seen => Self::Seen,
            None if facts.received => Self::Unseen,
            None => Self::OnItsWay,
        }
    }

    /// Whether headquarters has an answer.
    #[must_use]
    pub const fn is_answered(self) -> bool {
        !matches!(self, Self::OnItsWay | Self::Unseen | Self::Seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVED: Facts = Facts {
        received: true,
        seen: false,
        declined: false,
        item: None,
    };

    #[test]
    fn before_an_answer_it_is_told_how_near_the_mission_is_to_one() {
        let nothing = Facts {
            received: false,
            ..ARRIVED
        };
        assert_eq!(Progress::of(nothing), Progress::OnItsWay);
        assert_eq!(Progress::of(ARRIVED), Progress::Unseen);
        assert_eq!(
            Progress::of(Facts {
                seen: true,
                ..ARRIVED
            }),
            Progress::Seen
        );
        let declined = Facts {
            seen: true,
            declined: true,
            ..ARRIVED
        };
        assert_eq!(Progress::of(declined), Progress::Declined);
    }

    #[test]
    fn one_changed_word_makes_it_adapted() {
        let with = |state, faithful| {
            Progress::of(Facts {
                item: Some((state, faithful)),
                ..ARRIVED
            })
        };
        assert_eq!(with(State::Draft, true), Progress::Adopted);
        assert_eq!(with(State::Draft, false), Progress::Adapted);
        assert_eq!(with(State::Submitted, false), Progress::Submitted);
        assert_eq!(with(State::Published, false), Progress::Out);
    }

    #[test]
    fn only_an_answer_counts_as_one() {
        let answered = Progress::ALL.iter().filter(|cell| cell.is_answered()).count();
        assert_eq!(answered, Progress::ALL.len() - 3);
    }
}
