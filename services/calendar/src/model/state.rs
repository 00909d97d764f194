//! The life of an item.
//!
//! ```text
//! draft ⇄ submitted → approved → scheduled → publishing → published · partly · failed · needs_person
//!            ↓    ↘ ready ↗       (what the publisher reports moves an item among these, in any order)
//!    changes_requested
//! What goes out on command is `ready` until somebody gives the word. Reopening makes a new version, a draft. Cancelling what was ordered is `stopping` until the publisher confirms.
//! ```

use chancery_contracts::publisher::DeliveryStatus;
use chancery_contracts::{Release, vocabulary};
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Where an item stands.
    State {
        /// Being written.
        Draft = "draft",
        /// An approver wants it changed: being written again.
        ChangesRequested = "changes_requested",
        /// Waits for the next step of its approval chain.
        Submitted = "submitted",
        /// Every step has approved it, on command: nothing is ordered until somebody gives the word.
        Ready = "ready",
        /// Every step has approved it; the order is on its way to the publisher.
        Approved = "approved",
        /// The publisher has it and waits for its minute.
        Scheduled = "scheduled",
        /// Being sent, on at least one account.
        Publishing = "publishing",
        /// Out everywhere.
        Published = "published",
        /// Out on some accounts, final on all.
        Partly = "partly",
        /// Out nowhere.
        Failed = "failed",
        /// Only a person can tell or decide what became of a delivery.
        NeedsPerson = "needs_person",
        /// Was out, and has been taken down wherever it was.
        Withdrawn = "withdrawn",
        /// Somebody cancelled it; the publisher has not confirmed yet.
        Stopping = "stopping",
        /// Nothing of it goes out.
        Cancelled = "cancelled",
    }
}

/// Something that is done to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Write in it.
    Save,
    /// Ask for approval.
    Submit,
    /// One step of the chain approves; `last` when no step is left.
    Approve {
        /// Whether the chain is complete with it.
        last: bool,
    },
    /// The chain is complete, for what goes out on command.
    MakeReady,
    /// Somebody gives the word.
    Release,
    /// The window ended without a word.
    Lapse,
    /// A step asks for changes.
    AskForChanges,
    /// Open a version that was submitted, to write a new one.
    Reopen,
    /// Open what is out, to write a correction of it.
    Correct,
    /// The library took back a picture of what was submitted: somebody must choose another.
    Hold,
    /// Nothing of it shall go out.
    Cancel {
        /// Whether the publisher has an order of it that it has not yet confirmed to have stopped.
        ordered: bool,
    },
    /// The publisher reported on a delivery of the present version.
    Delivered(Outcome),
    /// The publisher confirmed a cancellation of the present version.
    Stopped(Outcome),
}

/// What the deliveries of one version say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The publisher has not reported anything.
    Pending,
    /// All wait.
    Scheduled,
    /// Something is on its way.
    Publishing,
    /// All out.
    Published,
    /// Some out, some not, all final.
    Partly,
    /// None out, all final, at least one refused or missed.
    Failed,
    /// Something was out, and nothing is any more.
    Withdrawn,
    /// At least one needs a person.
    NeedsPerson,
    /// All stopped.
    Cancelled,
}

/// Why a change was refused: it does not fit the state. `items-refused-{change}` explains it, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an item that is {state} cannot be changed like this: {change:?}")]
pub struct Refusal {
    /// What was tried.
    pub change: Change,
    /// In which state.
    pub state: State,
}

impl Refusal {
    /// The Fluent id of the sentence that explains it; its argument `state` is the state's word.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self.change {
            Change::Save => "items-refused-save",
            Change::Submit => "items-refused-submit",
            Change::Approve { .. } | Change::MakeReady | Change::AskForChanges => "items-refused-decide",
            Change::Release => "items-refused-release",
            Change::Reopen => "items-refused-reopen",
            Change::Correct => "items-refused-correct",
            Change::Cancel { .. } => "items-refused-cancel",
            Change::Hold | Change::Lapse | Change::Delivered(_) | Change::Stopped(_) => {
                "items-refused-report"
            }
        }
    }
}

impl Change {
    /// What the last approval of an item does that goes out like this.
    #[must_use]
    pub const fn last_approval(release: Release) -> Self {
        match release {
            Release::AtTime => Self::Approve { last: true },
            Release::OnCommand => Self::MakeReady,
        }
    }
}

impl State {
    /// The state after `change`.
    ///
    /// # Errors
    /// [`Refusal`] when the change does not fit the state. Reports of the publisher that come late are refused too:
    /// whoever handles them leaves the item as it is.
    pub const fn after(self, change: Change) -> Result<Self, Refusal> {
        use State as S;
        let to = match (self, change) {
            (S::Draft | S::ChangesRequested, Change::Save) => self,
            (S::Draft | S::ChangesRequested, Change::Submit) | (S::Submitted, Change::Approve { last: false }) => {
                S::Submitted
            }
            (S::Submitted, Change::MakeReady) => S::Ready,
            (S::Submitted, Change::Approve { last: true }) | (S::Ready, Change::Release) => S::Approved,
            (S::Submitted, Change::AskForChanges)
            | (S::Ready, Change::Lapse)
            | (S::Submitted | S::Ready | S::Approved | S::Scheduled, Change::Hold) => S::ChangesRequested,
            (
                S::Submitted | S::Ready | S::Approved | S::Scheduled | S::Failed | S::Partly | S::Cancelled,
                Change::Reopen,
            )
            | (S::Published | S::Partly, Change::Correct) => S::Draft,
            (S::Draft | S::ChangesRequested | S::Submitted | S::Ready, Change::Cancel { ordered: false })
            | (S::Stopping, Change::Stopped(Outcome::Pending | Outcome::Scheduled | Outcome::Cancelled)) => S::Cancelled,
            (S::Draft | S::ChangesRequested | S::Submitted | S::Ready, Change::Cancel { ordered: true })
            | (S::Approved | S::Scheduled | S::Publishing | S::NeedsPerson | S::Failed, Change::Cancel { .. }) => {
                S::Stopping
            }
            (
                S::Approved | S::Scheduled | S::Publishing | S::Published | S::Partly | S::Failed | S::NeedsPerson
                | S::Withdrawn,
                Change::Delivered(outcome),
            )
            // What could not be stopped after all is told as it is.
            | (
                S::Cancelled,
                Change::Delivered(
                    outcome @ (Outcome::Published | Outcome::Partly | Outcome::NeedsPerson | Outcome::Withdrawn),
                ),
            )
            | (S::Stopping, Change::Stopped(outcome)) => outcome.state(),
            _ => return Err(Refusal { change, state: self }),
        };
        Ok(to)
    }

    /// Whether its text may be written in.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesRequested)
    }

    /// Whether the change would be accepted: what buttons ask.
    #[must_use]
    pub const fn accepts(self, change: Change) -> bool {
        self.after(change).is_ok()
    }
}

impl Outcome {
    const fn state(self) -> State {
        match self {
            Self::Pending => State::Approved,
            Self::Scheduled => State::Scheduled,
            Self::Publishing => State::Publishing,
            Self::Published => State::Published,
            Self::Partly => State::Partly,
            Self::Failed => State::Failed,
            Self::NeedsPerson => State::NeedsPerson,
            Self::Withdrawn => State::Withdrawn,
            Self::Cancelled => State::Cancelled,
        }
    }
}

/// Sums up the deliveries that were reported, of `expected` in all.
#[must_use]
pub fn outcome(reported: &[DeliveryStatus], expected: usize) -> Outcome {
    use DeliveryStatus as D;
    let count = |wanted: &[D]| reported.iter().filter(|status| wanted.contains(status)).count();
    let out = count(&[D::Published]);
    let stopped = count(&[D::Cancelled]);
    let refused = count(&[D::Failed, D::Missed]);
    if reported.is_empty() {
        Outcome::Pending
    } else if count(&[D::NeedsPerson]) > 0 {
        Outcome::NeedsPerson
    } else if count(&[D::Publishing, D::Unknown]) > 0 {
        Outcome::Publishing
    } else if out + stopped + refused < expected.max(reported.len()) {
        if out > 0 {
            Outcome::Publishing
        } else {
            Outcome::Scheduled
        }
    } else if stopped == reported.len() {
        Outcome::Cancelled
    } else if out == reported.len() {
        Outcome::Published
    } else if out > 0 {
        Outcome::Partly
    } else {
        Outcome::Failed
    }
}

/// The same where some of it may have been taken down since: `true` says so of a delivery.
#[must_use]
pub fn outcome_since(reported: &[(DeliveryStatus, bool)], expected: usize) -> Outcome {
    let statuses: Vec<_> = reported.iter().map(|(status, _)| *status).collect();
    let sum = outcome(&statuses, expected);
    let was_out = |one: &&(DeliveryStatus, bool)| one.0 == DeliveryStatus::Published;
    let out = reported.iter().filter(was_out).filter(|one| !one.1).count();
    match sum {
        Outcome::Published | Outcome::Partly if out == 0 => Outcome::Withdrawn,
        sum => sum,
    }
}
