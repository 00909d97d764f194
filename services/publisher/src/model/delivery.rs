use chancery_contracts::ids::{AccountId, DeliveryId, ItemId, StopId, UnitId};
use chancery_contracts::{Edition, EditionVariant, Platform, Topic};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{AccountState, DeliveryState, Forbidden, Order, Reason, Refusal, code};
use crate::settings::Settings;

/// One tracked publication of a variant. Every method is one transition: it changes the value and nothing else; the
/// store writes it by compare-and-set on `sequence`.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Of which item.
    pub item: ItemId,
    /// In whose name.
    pub unit: UnitId,
    /// On which account.
    pub account: AccountId,
    /// On which platform that is.
    pub platform: Platform,
    /// In which language: the variant is that of this account and language.
    pub language: String,
    /// Which version it sends, or has sent.
    pub version: i32,
    /// A later approved version that may not take its place by itself.
    pub newer_version: Option<i32>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it stands there.
    pub reason: Option<Reason>,
    /// When it is due, in UTC.
    pub due_at: DateTime<Utc>,
    /// From here on it is too late, in UTC.
    pub not_after: DateTime<Utc>,
    /// What `prepare` left.
    pub prepared: Option<Value>,
    /// Exactly what the last permit allowed to be sent.
    pub sent: Option<EditionVariant>,
    /// What it is about.
    pub topic: Topic,
    /// Its one idempotency key.
    pub key: String,
    /// When the key was first used.
    pub key_used_at: Option<DateTime<Utc>>,
    /// When the open intent was written.
    pub intent_at: Option<DateTime<Utc>>,
    /// How many intents there were; the number fences late answers.
    pub intents: i32,
    /// Failures in a row, or looks in a row.
    pub attempts: i32,
    /// When it moves next by itself.
    pub wake_at: Option<DateTime<Utc>>,
    /// The platform's receipt.
    pub remote_id: Option<String>,
    /// Where the public sees it.
    pub permalink: Option<String>,
    /// When it went out, in UTC.
    pub published_at: Option<DateTime<Utc>>,
    /// Which of its account and language: 1, and more for each correction.
    pub occurrence: i32,
    /// The delivery that this one corrects: the first of its account and language.
    pub revises: Option<DeliveryId>,
    /// The stop after a restore that waits for this delivery.
    pub recheck: Option<StopId>,
    /// Counts every change.
    pub sequence: i64,
}

pub(super) type Step = Result<(), Forbidden>;

#[expect(
    clippy::missing_errors_doc,
    reason = "every transition fails with `Forbidden` when the state machine does not have it, and for nothing else"
)]
impl Delivery {
    pub(super) fn go(
        &mut self,
        to: DeliveryState,
        wake_at: Option<DateTime<Utc>>,
        reason: Option<Reason>,
    ) -> Step {
        if !self.state.may_become(to) {
            return Err(Forbidden { from: self.state, to });
        }
        self.state = to;
        self.wake_at = wake_at;
        self.reason = reason;
        if !matches!(
            to,
            DeliveryState::Committing | DeliveryState::Unknown | DeliveryState::NeedsPerson
        ) {
            self.intent_at = None;
        }
        Ok(())
    }

    /// What it sends: its account's and language's part of the approved edition.
    #[must_use]
    pub fn variant_in<'a>(&self, edition: &'a Edition) -> Option<&'a EditionVariant> {
        edition
            .variants
            .iter()
            .find(|variant| variant.account == self.account && variant.language == self.language)
    }

    /// The release on our press room that it is, or that it corrects.
    #[must_use]
    pub fn release(&self) -> DeliveryId {
        self.revises.unwrap_or(self.id)
    }

    /// When preparation should begin.
    #[must_use]
    pub fn prepare_at(due: DateTime<Utc>, now: DateTime<Utc>, settings: &Settings) -> DateTime<Utc> {
        now.max(due - settings.prepare_ahead)
    }

    /// A new approved version takes the place of what certainly is not out; for what is or may be out it is only noted.
    pub fn ordered_anew(&mut self, order: &Order, now: DateTime<Utc>, settings: &Settings) -> Step {
        if !self.state.is_certainly_not_out() {
            self.newer_version = Some(order.version);
            return Ok(());
        }
        if self.recheck.is_some() {
            self.newer_version = Some(order.version);
            return self.doubt(Reason::code(code::RESTORE), now, settings);
        }
        self.take_version(order);
        self.go(
            DeliveryState::Waiting,
            Some(Self::prepare_at(order.due_at, now, settings)),
            None,
        )
    }

    fn take_version(&mut self, order: &Order) {
        if self.version != order.version {
            self.prepared = None;
        }
        self.version = order.version;
        self.newer_version = None;
        self.due_at = order.due_at;
        self.not_after = order.not_after;
        self.attempts = 0;
    }

    /// The order was withdrawn, or the account dropped from it. False when it is too late to stop it.
    pub fn withdrawn(&mut self, why: Reason) -> Result<bool, Forbidden> {
        if !self.state.is_certainly_not_out() {
            return Ok(false);
        }
        self.go(DeliveryState::Cancelled, None, Some(why))?;
        Ok(true)
    }

    /// It goes no further by itself.
    pub fn held(&mut self, why: Reason) -> Step {
        self.go(DeliveryState::Held, None, Some(why))
    }

    /// Its time passed.
    pub fn missed(&mut self) -> Step {
        self.go(DeliveryState::Missed, None, Some(Reason::code(code::TOO_LATE)))
    }

    /// A person lets a held delivery go on, with what the order says now.
    pub fn released(&mut self, order: &Order, now: DateTime<Utc>) -> Step {
        self.take_version(order);
        self.go(DeliveryState::Waiting, Some(now), None)
    }

    /// The same wall time means another instant than was thought. What was prepared is prepared again.
    pub fn retimed(&mut self, order: &Order, prepare_at: DateTime<Utc>) -> Step {
        self.due_at = order.due_at;
        self.not_after = order.not_after;
        self.go(DeliveryState::Waiting, Some(prepare_at), None)
    }

    /// Nothing changes but the time of the next move.
    pub fn later(&mut self, wake_at: DateTime<Utc>, why: Option<Reason>) -> Step {
        self.go(self.state, Some(wake_at), why)
    }

    /// The permit was given: the intent is written with this.
    pub fn permitted(&mut self, variant: EditionVariant, now: DateTime<Utc>, settings: &Settings) -> Step {
        self.sent = Some(variant);
        self.intents += 1;
        self.key_used_at.get_or_insert(now);
        self.go(
            DeliveryState::Committing,
            Some(now + settings.commit_window),
            None,
        )?;
        self.intent_at = Some(now);
        Ok(())
    }

    /// The permit was refused.
    pub fn refused(&mut self, why: &Refusal, now: DateTime<Utc>, settings: &Settings) -> Step {
        match why {
            Refusal::Moved | Refusal::DatabaseUnknown => Ok(()),
            Refusal::Stopped(_) => self.held(Reason::code(code::STOP)),
            Refusal::Superseded => self.go(
                DeliveryState::Cancelled,
                None,
                Some(Reason::code(code::CANCELLED)),
            ),
            Refusal::TakenDown => self.go(
                DeliveryState::Cancelled,
                None,
                Some(Reason::code(code::TAKEN_DOWN)),
            ),
            Refusal::NotStanding(why) => self.go(
                DeliveryState::Cancelled,
                None,
                Some(Reason::with(code::NOT_STANDING, why.clone())),
            ),
            Refusal::Asset(_) => self.held(Reason::code(code::ASSET)),
            Refusal::Recheck => self.doubt(Reason::code(code::RESTORE), now, settings),
            Refusal::TooLate => self.missed(),
            Refusal::TooEarly => self.later(self.due_at, None),
            Refusal::Account(AccountState::NeedsReauth) => self.held(Reason::code(code::REAUTH)),
            Refusal::Account(_) => self.held(Reason::code(code::ACCOUNT_DISABLED)),
            Refusal::Limited(until) => self.later(
                (*until).min(self.not_after),
                Some(Reason::code(code::RATE_LIMITED)),
            ),
            Refusal::Busy(since) => {
                let free = (*since + settings.commit_window).max(now + BUSY_WAIT);
                self.later(free.min(self.not_after), None)
            }
        }
    }

    /// It may have been sent: from now on it is only looked for, once no worker can still be sending (rule 4).
    pub fn doubt(&mut self, why: Reason, now: DateTime<Utc>, settings: &Settings) -> Step {
        let since = self.intent_at.unwrap_or(now);
        self.attempts = 0;
        self.go(
            DeliveryState::Unknown,
            Some(since + settings.locate_after()),
            Some(why),
        )?;
        self.intent_at = Some(since);
        Ok(())
    }

    /// Nobody but a person can tell.
    pub fn needs_person(&mut self, why: Reason) -> Step {
        self.go(DeliveryState::NeedsPerson, None, Some(why))
    }

    /// A person has looked: it is not out. It goes no further until somebody says so.
    pub fn person_says_absent(&mut self, order_live: bool, now: DateTime<Utc>) -> Step {
        self.recheck = None;
        if !order_live {
            self.go(
                DeliveryState::Cancelled,
                None,
                Some(Reason::code(code::CANCELLED)),
            )
        } else if now >= self.not_after {
            self.missed()
        } else {
            self.held(Reason::code(code::PERSON_SAYS_ABSENT))
        }
    }

    /// A person asks to look once more, now.
    pub fn look_again(&mut self, now: DateTime<Utc>, settings: &Settings) -> Step {
        let earliest = self
            .intent_at
            .map_or(now, |intent| intent + settings.locate_after());
        self.attempts = 0;
        self.go(
            DeliveryState::Unknown,
            Some(earliest.max(now)),
            self.reason.clone(),
        )
    }
}

/// How long a delivery that finds its account busy steps aside.
const BUSY_WAIT: TimeDelta = TimeDelta::milliseconds(250);
