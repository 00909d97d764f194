use std::fmt;

use chancery_contracts::publisher::DeliveryStatus;

/// Where a delivery stands. The database knows the same states and transitions (`publisher.may_become`).
///
/// ```text
/// waiting ─ preparing ─ ready ─ committing ─┬─ published
///    ▲          │          ▲         │      ├─ rejected
///    │          ▼          │         ▼      │
///    ├─ held, missed,      └───── unknown ──┴─ needs_person
///    └─ rejected, cancelled: only a person or a new approval leads back
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Ordered; nothing has been done yet.
    Waiting,
    /// The platform is working on what was uploaded.
    Preparing,
    /// Only `commit` remains.
    Ready,
    /// A permit was given: the one irreversible call may be under way.
    Committing,
    /// Out, with a receipt.
    Published,
    /// The call was made, or may have been; what became of it is being looked up.
    Unknown,
    /// Looking did not settle it.
    NeedsPerson,
    /// Kept back at its minute by a stop or by its account; goes on only when a person says so.
    Held,
    /// Its time passed.
    Missed,
    /// The platform will not take it.
    Rejected,
    /// Withdrawn before it was sent.
    Cancelled,
}

/// A transition that the state machine does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a delivery cannot go from {from} to {to}")]
pub struct Forbidden {
    /// Where it stands.
    pub from: DeliveryState,
    /// Where it was to go.
    pub to: DeliveryState,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Waiting,
        Self::Preparing,
        Self::Ready,
        Self::Committing,
        Self::Published,
        Self::Unknown,
        Self::NeedsPerson,
        Self::Held,
        Self::Missed,
        Self::Rejected,
        Self::Cancelled,
    ];

    /// The word in the database and at the end of Fluent ids.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Committing => "committing",
            Self::Published => "published",
            Self::Unknown => "unknown",
            Self::NeedsPerson => "needs_person",
            Self::Held => "held",
            Self::Missed => "missed",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a delivery may go from here to `to`. Staying is always allowed.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        use DeliveryState::{
            Cancelled, Committing, Held, Missed, NeedsPerson, Preparing, Published, Ready, Rejected, Unknown,
            Waiting,
        };
        self == to
            || match self {
                Waiting => matches!(
                    to,
                    Preparing | Ready | Held | Missed | Rejected | Cancelled | Unknown
                ),
                Preparing => matches!(
                    to,
                    Waiting | Ready | Held | Missed | Rejected | Cancelled | Unknown
                ),
                Ready => matches!(
                    to,
                    Waiting | Committing | Published | Held | Missed | Cancelled | Unknown
                ),
                Committing => matches!(to, Published | Ready | Held | Rejected | Unknown),
                Unknown => {
                    matches!(
                        to,
                        Published | Ready | Held | Missed | NeedsPerson | Rejected | Cancelled | Waiting
                    )
                }
                NeedsPerson => matches!(to, Published | Unknown | Held | Missed | Cancelled),
                Held => matches!(to, Waiting | Missed | Cancelled | Published | Unknown),
                Missed | Rejected => matches!(to, Waiting | Cancelled | Published | Unknown),
                Cancelled => matches!(to, Waiting | Published | Unknown),
                Published => false,
            }
    }

    /// Nothing was sent, or certainly nothing arrived: a new approved version simply takes its place.
    #[must_use]
    pub const fn is_certainly_not_out(self) -> bool {
        !matches!(
            self,
            Self::Committing | Self::Published | Self::Unknown | Self::NeedsPerson
        )
    }

    /// A commit may have happened, and nobody knows yet.
    #[must_use]
    pub const fn is_open_ended(self) -> bool {
        matches!(self, Self::Committing | Self::Unknown | Self::NeedsPerson)
    }

    /// On its way to its minute, by itself.
    #[must_use]
    pub const fn is_upcoming(self) -> bool {
        matches!(self, Self::Waiting | Self::Preparing | Self::Ready)
    }

    /// What it means to everybody outside the publisher.
    #[must_use]
    pub const fn status(self) -> DeliveryStatus {
        match self {
            Self::Waiting | Self::Preparing | Self::Ready => DeliveryStatus::Waiting,
            Self::Committing => DeliveryStatus::Publishing,
            Self::Published => DeliveryStatus::Published,
            Self::Unknown => DeliveryStatus::Unknown,
            Self::NeedsPerson => DeliveryStatus::NeedsPerson,
            Self::Held => DeliveryStatus::Held,
            Self::Missed => DeliveryStatus::Missed,
            Self::Rejected => DeliveryStatus::Failed,
            Self::Cancelled => DeliveryStatus::Cancelled,
        }
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::DeliveryState::{Committing, Published, Ready};
    use super::*;

    #[test]
    fn what_is_out_stays_out() {
        assert!(
            DeliveryState::ALL
                .iter()
                .all(|to| *to == Published || !Published.may_become(*to))
        );
    }

    #[test]
    fn a_commit_starts_only_from_ready() {
        for from in DeliveryState::ALL {
            assert_eq!(
                from.may_become(Committing),
                from == Ready || from == Committing,
                "{from}"
            );
        }
    }
}
