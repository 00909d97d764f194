use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::delivery::Step;
use super::{Delivery, DeliveryState, Forbidden, Reason, code};
use crate::connectors::{Idempotency, Located, Outcome, Prepared, Receipt, Scope, Setback};
use crate::settings::Settings;

/// How often the platform is asked, without an answer, before a person is.
const LOOKS: i32 = 6;

/// What decides over a delivery that `locate` has answered for.
#[derive(Debug, Clone, Copy)]
pub struct AfterLocate {
    /// Whether the order still stands, as the publisher knows it.
    pub order_live: bool,
    /// What a second commit with the same key does.
    pub idempotency: Idempotency,
}

/// What an answer about one delivery says about its whole account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountEffect {
    /// The platform asked to wait.
    Limited {
        /// Until then.
        until: DateTime<Utc>,
        /// What is limited.
        scope: Scope,
    },
    /// A person must connect it again.
    NeedsReauth {
        /// In the platform's words.
        reason: String,
    },
}

/// 5 s, 10 s, 20 s … at most 10 minutes.
pub(super) fn back_off(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or_default();
    Duration::from_secs(5 * 2_u64.pow(doublings)).min(Duration::from_mins(10))
}

/// What the platform's answers mean for a delivery.
#[expect(
    clippy::missing_errors_doc,
    reason = "every transition fails with `Forbidden` when the state machine does not have it, and for nothing else"
)]
impl Delivery {
    /// What `prepare` or `poll` answered. Gives what it says about the account, if anything.
    pub fn prepared(
        &mut self,
        answer: Prepared,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountEffect>, Forbidden> {
        match answer {
            Prepared::Ready { state } => {
                self.prepared = Some(state);
                self.attempts = 0;
                self.go(DeliveryState::Ready, Some(self.due_at.max(now)), None)?;
                Ok(None)
            }
            Prepared::Pending { state, after } => {
                self.prepared = Some(state);
                self.go(DeliveryState::Preparing, Some(now + after), None)?;
                Ok(None)
            }
            Prepared::Stopped { state, why } => {
                self.prepared = state.or(self.prepared.take());
                self.setback(why, now)
            }
        }
    }

    /// A call without public effect did not succeed. Gives what it says about the account, if anything.
    pub fn setback(&mut self, why: Setback, now: DateTime<Utc>) -> Result<Option<AccountEffect>, Forbidden> {
        match why {
            Setback::TryAgain { reason } => {
                self.attempts += 1;
                let at = now + back_off(self.attempts);
                self.later(
                    at.min(self.not_after),
                    Some(Reason::with(code::TRY_AGAIN, reason)),
                )?;
                Ok(None)
            }
            Setback::RateLimited { until, scope } => {
                self.later(until.min(self.not_after), Some(Reason::code(code::RATE_LIMITED)))?;
                Ok(Some(AccountEffect::Limited { until, scope }))
            }
            Setback::NeedsReauth { reason } => {
                self.held(Reason::with(code::REAUTH, reason.clone()))?;
                Ok(Some(AccountEffect::NeedsReauth { reason }))
            }
            Setback::Rejected(rejection) => {
                let why = Reason::with(&rejection.code, rejection.message);
                self.go(DeliveryState::Rejected, None, Some(why))?;
                Ok(None)
            }
        }
    }

    /// What `commit` answered (rule 6: only certainty clears the intent).
    pub fn committed(
        &mut self,
        outcome: Outcome,
        now: DateTime<Utc>,
        settings: &Settings,
    ) -> Result<Option<AccountEffect>, Forbidden> {
        match outcome {
            Outcome::Published(receipt) => self.published(receipt, now).map(|()| None),
            Outcome::Pending { after } => {
                self.doubt(Reason::code(code::PROCESSING), now, settings)?;
                self.wake_at = self.wake_at.max(Some(now + after));
                Ok(None)
            }
            Outcome::Unknown { reason } => self
                .doubt(Reason::with(code::NO_CLEAR_ANSWER, reason), now, settings)
                .map(|()| None),
            Outcome::NotSent { reason } => {
                self.attempts += 1;
                let at = (now + back_off(self.attempts)).min(self.not_after);
                self.go(
                    DeliveryState::Ready,
                    Some(at),
                    Some(Reason::with(code::TRY_AGAIN, reason)),
                )
                .map(|()| None)
            }
            Outcome::RateLimited { until, scope } => {
                let at = until.min(self.not_after);
                self.go(
                    DeliveryState::Ready,
                    Some(at),
                    Some(Reason::code(code::RATE_LIMITED)),
                )?;
                Ok(Some(AccountEffect::Limited { until, scope }))
            }
            Outcome::NeedsReauth { reason } => {
                self.held(Reason::with(code::REAUTH, reason.clone()))?;
                Ok(Some(AccountEffect::NeedsReauth { reason }))
            }
            Outcome::Rejected(rejection) => {
                let why = Reason::with(&rejection.code, rejection.message);
                self.go(DeliveryState::Rejected, None, Some(why)).map(|()| None)
            }
        }
    }

    /// It is out: a receipt is a fact, whenever it comes.
    pub fn published(&mut self, receipt: Receipt, now: DateTime<Utc>) -> Step {
        self.go(DeliveryState::Published, None, None)?;
        self.remote_id = Some(receipt.remote_id).filter(|id| !id.is_empty());
        self.permalink = Some(receipt.url).filter(|url| !url.is_empty());
        self.published_at = Some(now);
        self.recheck = None;
        Ok(())
    }

    /// What `locate` answered.
    pub fn located(
        &mut self,
        answer: Located,
        facts: AfterLocate,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountEffect>, Forbidden> {
        match answer {
            Located::Found(receipt) => self.published(receipt, now).map(|()| None),
            Located::Absent => self.absent(facts, now).map(|()| None),
            Located::Other(receipt) => {
                self.go(
                    DeliveryState::NeedsPerson,
                    None,
                    Some(Reason::with(code::OTHER_CONTENT, receipt.url)),
                )?;
                Ok(None)
            }
            Located::Stopped(Setback::RateLimited { until, scope }) => {
                self.later(until, self.reason.clone())?;
                Ok(Some(AccountEffect::Limited { until, scope }))
            }
            Located::Stopped(Setback::NeedsReauth { reason }) => {
                let why = Reason::with(code::REAUTH, reason.clone());
                self.go(DeliveryState::NeedsPerson, None, Some(why))?;
                Ok(Some(AccountEffect::NeedsReauth { reason }))
            }
            Located::Stopped(Setback::TryAgain { reason }) if self.attempts + 1 < LOOKS => {
                self.attempts += 1;
                self.later(
                    now + back_off(self.attempts + 2),
                    Some(Reason::with(code::CANNOT_LOOK, reason)),
                )?;
                Ok(None)
            }
            Located::Stopped(Setback::TryAgain { reason }) => {
                self.go(
                    DeliveryState::NeedsPerson,
                    None,
                    Some(Reason::with(code::CANNOT_LOOK, reason)),
                )?;
                Ok(None)
            }
            Located::Stopped(Setback::Rejected(rejection)) => {
                let why = Reason::with(code::CANNOT_LOOK, rejection.message);
                self.go(DeliveryState::NeedsPerson, None, Some(why))?;
                Ok(None)
            }
        }
    }

    /// It is not there. Sent again only when the same key makes that harmless (rules 4 and 5).
    fn absent(&mut self, facts: AfterLocate, now: DateTime<Utc>) -> Step {
        let restored = self.recheck.take().is_some();
        self.attempts = 0;
        let age = self
            .key_used_at
            .map_or(TimeDelta::zero(), |used| now - used)
            .to_std()
            .unwrap_or_default();
        if !facts.order_live {
            self.go(
                DeliveryState::Cancelled,
                None,
                Some(Reason::code(code::CANCELLED)),
            )
        } else if self.newer_version.is_some() {
            self.held(Reason::code(code::NEWER_VERSION))
        } else if now >= self.not_after {
            self.missed()
        } else if !facts.idempotency.allows_repeat(age) {
            self.recheck = None;
            self.go(
                DeliveryState::NeedsPerson,
                None,
                Some(Reason::code(code::NOT_REPEATABLE)),
            )
        } else if restored && self.due_at <= now {
            self.held(Reason::code(code::RESTORE))
        } else {
            self.go(DeliveryState::Waiting, Some(self.due_at.max(now)), None)
        }
    }
}
