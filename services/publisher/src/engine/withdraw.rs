//! Taking down what is out. Beside the delivery, which stays what it is; never hindered by a stop, since a stop is for
//! what goes out. Every change of a withdrawal goes through [`Publisher::note_withdrawal`].

use std::time::Duration;

use chancery_contracts::Platform;
use chancery_contracts::ids::{DeliveryId, PersonId};
use chancery_contracts::publisher::{TakeDown, WithdrawDeliveries, WithdrawalChanged};
use chancery_queue::{Outgoing, Priority};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;

use super::record::{Note, audit, of_unit, touch};
use super::{Actor, Point, Publisher};
use crate::connectors::{Removal, Taken};
use crate::error::{PublisherError, Result};
use crate::figures;
use crate::model::{Delivery, DeliveryState, Reason, Withdrawal, WithdrawalState, code};
use crate::store;
use crate::store::deliveries::Step;
use crate::store::withdrawals::Asked;

/// How long a platform may take to take something down.
const PATIENCE: Duration = Duration::from_mins(1);
/// How soon somebody looks again whether it is known where a delivery is. A change of the delivery wakes sooner.
const OPEN: TimeDelta = TimeDelta::minutes(1);

/// What a person decides about a withdrawal that goes no further by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawalDecision {
    /// They took it down on the platform themselves.
    ByHand,
    /// Ask the platform once more.
    Again,
}

impl Publisher {
    /// Writes down what is to be taken down, and wakes whoever does it. Taking it twice changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw(&self, message: &WithdrawDeliveries, by: Option<PersonId>) -> Result<()> {
        let mut tx = self.begin().await?;
        store::orders::read(&mut tx, message.item).await?;
        for delivery in store::deliveries::lock_of_item(&mut tx, message.item).await? {
            if !message.deliveries.contains(&delivery.id) {
                continue;
            }
            let note = message.notes.get(&delivery.language).map_or("", String::as_str);
            let asked = Asked {
                delivery: &delivery,
                reason: message.reason,
                note,
                by,
            };
            if !store::withdrawals::ask(&mut tx, &asked, self.now()).await? {
                continue;
            }
            let Some(withdrawal) = store::withdrawals::lock(&mut tx, delivery.id).await? else {
                continue;
            };
            self.tell_withdrawal(&mut tx, &delivery, &withdrawal, "take_down_asked", by)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes a delivery down. A wake-up: the row decides. Safe to repeat: what is gone is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_down(&self, id: DeliveryId) -> Result<()> {
        let Some((delivery, seen)) = self.begin_to_take_down(id).await? else {
            return Ok(());
        };
        self.0.faults.at(Point::AfterWithdrawalIntent, id).await;
        let answer = self.ask_to_take_down(&delivery).await?;
        figures::taken_down(delivery.platform, &answer);
        self.0.faults.at(Point::AfterTakingDown, id).await;

        let mut tx = self.begin().await?;
        store::accounts::lock(&mut tx, delivery.account).await?;
        let delivery = self.lock_one(&mut tx, id).await?;
        let Some(before) = store::withdrawals::lock(&mut tx, id).await? else {
            return Ok(());
        };
        // That it is gone is a fact; any other answer counts only while it is the latest.
        let counts = before.sequence == seen.sequence || answer == Taken::Gone;
        if before.state == WithdrawalState::Withdrawn || !counts {
            return Ok(());
        }
        let mut after = before.clone();
        let effect = after.answered(answer, self.now())?;
        self.affect_account(&mut tx, &delivery, effect).await?;
        self.note_withdrawal(&mut tx, &delivery, &before, &mut after, None)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Decides what is to be done, and writes the intent if it is to ask the platform.
    async fn begin_to_take_down(&self, id: DeliveryId) -> Result<Option<(Delivery, Withdrawal)>> {
        let mut tx = self.begin().await?;
        let item = store::deliveries::item_of(&mut tx, id).await?;
        store::orders::read(&mut tx, item).await?;
        let delivery = self.lock_one(&mut tx, id).await?;
        let Some(before) = store::withdrawals::lock(&mut tx, id).await? else {
            return Ok(None);
        };
        let now = self.now();
        if !before.state.is_under_way() {
            return Ok(None);
        }
        if before.wake_at.is_some_and(|at| now < at) {
            self.wake_withdrawal(&mut tx, &before).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let mut after = before.clone();
        let asks = self.weigh(&mut tx, &delivery, &mut after).await?;
        self.note_withdrawal(&mut tx, &delivery, &before, &mut after, None)
            .await?;
        if after.state == WithdrawalState::Void {
            self.call_off(&mut tx, &delivery, &after).await?;
        }
        tx.commit().await?;
        Ok(asks.then_some((delivery, after)))
    }

    /// Moves the withdrawal to what can be done now; true when that is to ask the platform.
    async fn weigh(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        after: &mut Withdrawal,
    ) -> Result<bool> {
        let now = self.now();
        if delivery.state != DeliveryState::Published {
            if delivery.state.is_certainly_not_out() && delivery.recheck.is_none() {
                after.void()?;
            } else {
                after.later(now + OPEN, Some(Reason::code(code::OUTCOME_OPEN)))?;
            }
            return Ok(false);
        }
        if delivery.platform == Platform::PressRoom {
            store::withdrawals::withdraw_release(conn, delivery.release(), after, now).await?;
            after.done(now)?;
            return Ok(false);
        }
        let Some(connector) = self.0.connectors.get(delivery.platform) else {
            after.needs_person(Reason::code(code::NO_CONNECTOR))?;
            return Ok(false);
        };
        match connector.capabilities().removal.value {
            Removal::ByUs if delivery.remote_id.is_none() => {
                after.needs_person(Reason::code(code::NO_RECEIPT))?;
            }
            Removal::ByUs => {
                let limited = store::accounts::get(conn, delivery.account).await?.limited_until;
                if let Some(until) = limited.filter(|until| *until > now) {
                    after.later(until, Some(Reason::code(code::RATE_LIMITED)))?;
                } else {
                    after.begun(now)?;
                    return Ok(true);
                }
            }
            Removal::ByHand => after.needs_person(Reason::code(code::BY_HAND))?,
            Removal::Never => after.impossible(Reason::code(code::NO_TAKING_DOWN))?,
        }
        Ok(false)
    }

    /// It is certainly not out: then it does not go out, unless a later version was approved since.
    async fn call_off(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        withdrawal: &Withdrawal,
    ) -> Result<()> {
        if delivery.version <= withdrawal.version && delivery.state != DeliveryState::Cancelled {
            let mut stopped = delivery.clone();
            stopped.withdrawn(Reason::code(code::TAKEN_DOWN))?;
            self.record(conn, delivery, &mut stopped, Note::new("withdrawn"))
                .await?;
        }
        Ok(())
    }

    async fn ask_to_take_down(&self, delivery: &Delivery) -> Result<Taken> {
        let (Some(connector), Some(remote_id)) = (
            self.0.connectors.get(delivery.platform),
            delivery.remote_id.as_deref(),
        ) else {
            return Err(PublisherError::NotFound);
        };
        let context = match self.context(delivery.account).await? {
            Ok(context) => context,
            Err(why) => return Ok(Taken::Stopped(why)),
        };
        let call = connector.withdraw(&context, remote_id);
        Ok(tokio::time::timeout(PATIENCE, call)
            .await
            .unwrap_or_else(|_| Taken::unclear("no answer within a minute")))
    }

    /// Carries out what a person decided about a withdrawal that needs one.
    ///
    /// # Errors
    /// [`PublisherError::Refused`] when it goes on by itself or is done, or when the database fails.
    pub async fn decide_withdrawal(
        &self,
        id: DeliveryId,
        decision: WithdrawalDecision,
        actor: &Actor,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let delivery = self.lock_one(&mut tx, id).await?;
        let before = store::withdrawals::lock(&mut tx, id)
            .await?
            .ok_or(PublisherError::NotFound)?;
        let waits = matches!(
            before.state,
            WithdrawalState::NeedsPerson | WithdrawalState::Impossible
        );
        if !waits {
            return Err(PublisherError::Refused("delivery-state-changed"));
        }
        let mut after = before.clone();
        let action = match decision {
            WithdrawalDecision::ByHand => {
                after.done_by_hand(actor.person, self.now())?;
                "delivery.taken_down_by_hand"
            }
            WithdrawalDecision::Again => {
                after.again(self.now())?;
                "delivery.take_down_again"
            }
        };
        self.note_withdrawal(&mut tx, &delivery, &before, &mut after, actor.person)
            .await?;
        let detail = json!({ "reason": before.reason });
        audit(&mut tx, actor, delivery.unit, action, ("delivery", id.0), detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// An account was connected again: what could not be taken down for want of a session is tried once more.
    pub(crate) async fn take_down_after_reauth(
        &self,
        conn: &mut PgConnection,
        account: chancery_contracts::ids::AccountId,
    ) -> Result<()> {
        for id in store::withdrawals::waiting_for_reauth(conn, account).await? {
            let delivery = self.lock_one(conn, id).await?;
            if let Some(before) = store::withdrawals::lock(conn, id).await? {
                let mut after = before.clone();
                after.again(self.now())?;
                self.note_withdrawal(conn, &delivery, &before, &mut after, None)
                    .await?;
            }
        }
        Ok(())
    }

    /// It has become known where a delivery is: what waited for that goes on now.
    pub(crate) async fn rouse_withdrawal(&self, conn: &mut PgConnection, delivery: &Delivery) -> Result<()> {
        let Some(mut withdrawal) = store::withdrawals::lock(conn, delivery.id).await? else {
            return Ok(());
        };
        if withdrawal.state == WithdrawalState::Requested {
            withdrawal.later(self.now(), None)?;
            if store::withdrawals::save(conn, &mut withdrawal, self.now()).await? {
                self.wake_withdrawal(conn, &withdrawal).await?;
            }
        }
        Ok(())
    }

    /// Wakes a withdrawal whose job was lost.
    pub(crate) async fn nudge_withdrawal(&self, id: DeliveryId) -> Result<()> {
        let mut tx = self.begin().await?;
        if let Some(withdrawal) = store::withdrawals::lock(&mut tx, id).await? {
            self.wake_withdrawal(&mut tx, &withdrawal).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The one way in which a withdrawal changes: compare-and-set of the row, a line in the delivery's ledger, the
    /// next wake-up, the event, all in the caller's transaction. That it goes on waiting is not told again.
    async fn note_withdrawal(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        before: &Withdrawal,
        after: &mut Withdrawal,
        by: Option<PersonId>,
    ) -> Result<()> {
        if !store::withdrawals::save(conn, after, self.now()).await? {
            return Ok(());
        }
        if (before.state, &before.why) == (after.state, &after.why) {
            return self.wake_withdrawal(conn, after).await;
        }
        self.tell_withdrawal(conn, delivery, after, step(after), by).await
    }

    async fn tell_withdrawal(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        withdrawal: &Withdrawal,
        name: &str,
        by: Option<PersonId>,
    ) -> Result<()> {
        let step = Step {
            name,
            from: Some(delivery.state),
            actor: by,
            detail: json!({ "reason": withdrawal.why }),
        };
        store::deliveries::append(conn, delivery, step, self.now()).await?;
        let event = WithdrawalChanged {
            delivery: delivery.id,
            item: delivery.item,
            account: delivery.account,
            sequence: withdrawal.sequence,
            state: withdrawal.state.status(),
            // States explain themselves in the reader's language; only the platform's own words are passed on.
            reason: withdrawal
                .why
                .as_ref()
                .filter(|_| withdrawal.state == WithdrawalState::NeedsPerson)
                .and_then(|why| why.detail.clone()),
        };
        chancery_queue::send(conn, &Outgoing::new(event, &of_unit(delivery.unit))).await?;
        touch(conn, "delivery", delivery.id.0).await?;
        self.wake_withdrawal(conn, withdrawal).await
    }

    /// Taking down goes before everything else, and waits in no account's lane.
    async fn wake_withdrawal(&self, conn: &mut PgConnection, withdrawal: &Withdrawal) -> Result<()> {
        let Some(at) = withdrawal.wake_at else {
            return Ok(());
        };
        let id = withdrawal.delivery;
        let job = Outgoing::new(TakeDown { delivery: id }, &of_unit(withdrawal.unit))
            .key(format!("take_down:{id}"))
            .run_at(at)
            .priority(Priority::Urgent);
        chancery_queue::send(conn, &job).await?;
        Ok(())
    }
}

/// What the ledger calls it.
const fn step(withdrawal: &Withdrawal) -> &'static str {
    match withdrawal.state {
        WithdrawalState::Requested => "take_down_waits",
        WithdrawalState::Withdrawing => "take_down_begun",
        WithdrawalState::Withdrawn if withdrawal.by_hand.is_some() => "taken_down_by_hand",
        WithdrawalState::Withdrawn => "taken_down",
        WithdrawalState::NeedsPerson => "take_down_needs_person",
        WithdrawalState::Impossible => "take_down_impossible",
        WithdrawalState::Void => "take_down_void",
    }
}
