use std::fmt;

use chancery_contracts::ids::{AccountId, DeliveryId, ItemId, PersonId, UnitId};
use chancery_contracts::publisher::WithdrawalStatus;
use chancery_contracts::{Platform, WithdrawalReason};
use chrono::{DateTime, TimeDelta, Utc};

use super::answers::back_off;
use super::{AccountEffect, Reason, code};
use crate::connectors::{Setback, Taken};

/// How often a platform is asked to take something down before a person is.
const TRIES: i32 = 6;
/// After its intent nobody may still be asking the platform; taking down again does no harm anyway.
const SILENT_AFTER: TimeDelta = TimeDelta::minutes(2);

/// Where taking down a delivery stands. The database knows the same states and transitions
/// (`publisher.withdrawal_may_become`). Taking down may be repeated, so an unclear answer needs no state of its own: it is
/// tried again, and looked up.
///
/// ```text
/// requested ⇄ withdrawing ─ withdrawn
///  ▲  │  └──────────┴─ needs_person, impossible: a person does it by hand, or asks again
///  └─ void: it never went out
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum WithdrawalState {
    /// Waits for its turn, or until it is known where the delivery is.
    Requested,
    /// The intent is written: the platform is being asked.
    Withdrawing,
    /// Gone.
    Withdrawn,
    /// A person must do it on the platform.
    NeedsPerson,
    /// The platform lets nobody take anything down.
    Impossible,
    /// It never went out, and will not.
    Void,
}

/// A transition that the state machine does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a withdrawal cannot go from {from} to {to}")]
pub struct NotWithdrawable {
    /// Where it stands.
    pub from: WithdrawalState,
    /// Where it was to go.
    pub to: WithdrawalState,
}

impl WithdrawalState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Requested,
        Self::Withdrawing,
        Self::Withdrawn,
        Self::NeedsPerson,
        Self::Impossible,
        Self::Void,
    ];

    /// The word in the database and at the end of Fluent ids.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Withdrawing => "withdrawing",
            Self::Withdrawn => "withdrawn",
            Self::NeedsPerson => "needs_person",
            Self::Impossible => "impossible",
            Self::Void => "void",
        }
    }

    /// Whether it may go from here to `to`. Staying is always allowed.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        use WithdrawalState::{Impossible, NeedsPerson, Requested, Void, Withdrawing, Withdrawn};
        self == to
            || match self {
                Requested => true,
                Withdrawing => matches!(to, Requested | Withdrawn | NeedsPerson),
                NeedsPerson | Impossible => matches!(to, Requested | Withdrawn),
                Void => to == Requested,
                Withdrawn => false,
            }
    }

    /// Whether it goes on by itself.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Requested | Self::Withdrawing)
    }

    /// What it means to everybody outside the publisher.
    #[must_use]
    pub const fn status(self) -> WithdrawalStatus {
        match self {
            Self::Requested => WithdrawalStatus::Requested,
            Self::Withdrawing => WithdrawalStatus::Withdrawing,
            Self::Withdrawn => WithdrawalStatus::Withdrawn,
            Self::NeedsPerson => WithdrawalStatus::NeedsPerson,
            Self::Impossible => WithdrawalStatus::Impossible,
            Self::Void => WithdrawalStatus::Void,
        }
    }
}

impl fmt::Display for WithdrawalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The taking down of one delivery. Every method is one transition: it changes the value and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Withdrawal {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// Of which item.
    pub item: ItemId,
    /// In whose name that spoke.
    pub unit: UnitId,
    /// On which account.
    pub account: AccountId,
    /// On which platform that is.
    pub platform: Platform,
    /// The delivery's version when this was asked for.
    pub version: i32,
    /// Why.
    pub reason: WithdrawalReason,
    /// What the public is told, where there is a place for it.
    pub note: String,
    /// Where it stands.
    pub state: WithdrawalState,
    /// Why it stands there.
    pub why: Option<Reason>,
    /// When the open intent was written.
    pub intent_at: Option<DateTime<Utc>>,
    /// Tries in a row.
    pub attempts: i32,
    /// When it moves next by itself.
    pub wake_at: Option<DateTime<Utc>>,
    /// When it was gone, in UTC.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Who did it on the platform themselves.
    pub by_hand: Option<PersonId>,
    /// Counts every change.
    pub sequence: i64,
}

type Step = Result<(), NotWithdrawable>;

#[expect(
    clippy::missing_errors_doc,
    reason = "every transition fails with `NotWithdrawable` when the state machine does not have it, and for nothing else"
)]
impl Withdrawal {
    fn go(&mut self, to: WithdrawalState, wake_at: Option<DateTime<Utc>>, why: Option<Reason>) -> Step {
        if !self.state.may_become(to) {
            return Err(NotWithdrawable { from: self.state, to });
        }
        self.state = to;
        self.wake_at = wake_at;
        self.why = why;
        self.intent_at = None;
        Ok(())
    }

    /// Nothing changes but the time of the next look.
    pub fn later(&mut self, at: DateTime<Utc>, why: Option<Reason>) -> Step {
        self.go(WithdrawalState::Requested, Some(at), why)
    }

    /// The platform is about to be asked: the intent is written with this.
    pub fn begun(&mut self, now: DateTime<Utc>) -> Step {
        self.attempts += 1;
        self.go(WithdrawalState::Withdrawing, Some(now + SILENT_AFTER), None)?;
        self.intent_at = Some(now);
        Ok(())
    }

    /// It is gone: a fact, whenever it comes.
    pub fn done(&mut self, now: DateTime<Utc>) -> Step {
        self.go(WithdrawalState::Withdrawn, None, None)?;
        self.withdrawn_at = Some(now);
        Ok(())
    }

    /// A person did it on the platform.
    pub fn done_by_hand(&mut self, by: Option<PersonId>, now: DateTime<Utc>) -> Step {
        self.done(now)?;
        self.by_hand = by;
        Ok(())
    }

    /// It never went out.
    pub fn void(&mut self) -> Step {
        self.go(WithdrawalState::Void, None, None)
    }

    /// A person must do it.
    pub fn needs_person(&mut self, why: Reason) -> Step {
        self.go(WithdrawalState::NeedsPerson, None, Some(why))
    }

    /// Nobody can do it.
    pub fn impossible(&mut self, why: Reason) -> Step {
        self.go(WithdrawalState::Impossible, None, Some(why))
    }

    /// Somebody asks to try once more, now.
    pub fn again(&mut self, now: DateTime<Utc>) -> Step {
        self.attempts = 0;
        self.go(WithdrawalState::Requested, Some(now), None)
    }

    /// What the platform answered. Gives what it says about the account, if anything.
    pub fn answered(
        &mut self,
        answer: Taken,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountEffect>, NotWithdrawable> {
        match answer {
            Taken::Gone => self.done(now).map(|()| None),
            Taken::Stopped(Setback::TryAgain { reason }) if self.attempts < TRIES => {
                let at = now + back_off(self.attempts);
                self.later(at, Some(Reason::with(code::TRY_AGAIN, reason)))
                    .map(|()| None)
            }
            Taken::Stopped(Setback::TryAgain { reason }) => self
                .needs_person(Reason::with(code::TAKE_DOWN_FAILED, reason))
                .map(|()| None),
            Taken::Stopped(Setback::RateLimited { until, scope }) => {
                // Being asked to wait is no failure.
                self.attempts -= 1;
                self.later(until, Some(Reason::code(code::RATE_LIMITED)))?;
                Ok(Some(AccountEffect::Limited { until, scope }))
            }
            Taken::Stopped(Setback::NeedsReauth { reason }) => {
                self.needs_person(Reason::with(code::REAUTH, reason.clone()))?;
                Ok(Some(AccountEffect::NeedsReauth { reason }))
            }
            Taken::Stopped(Setback::Rejected(rejection)) => self
                .needs_person(Reason::with(&rejection.code, rejection.message))
                .map(|()| None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WithdrawalState::{Requested, Void, Withdrawing, Withdrawn};
    use super::*;

    #[test]
    fn what_is_gone_stays_gone() {
        assert!(
            WithdrawalState::ALL
                .iter()
                .all(|to| *to == Withdrawn || !Withdrawn.may_become(*to))
        );
    }

    #[test]
    fn the_platform_is_asked_only_after_a_request_and_what_was_asked_is_never_void() {
        for from in WithdrawalState::ALL {
            assert_eq!(
                from.may_become(Withdrawing),
                from == Requested || from == Withdrawing,
                "{from}"
            );
        }
        assert!(!Withdrawing.may_become(Void));
    }
}
