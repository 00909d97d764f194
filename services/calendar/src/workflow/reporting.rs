//! What the publisher reports. Reports come more than once, late and in any order: a delivery's sequence says which
//! is the latest, and the item's state is summed up anew each time.

use chancery_contracts::Origin;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::DeliveryId;
use chancery_contracts::publisher::{
    DeliveryChanged, DeliveryStatus, OrderCancelled, WithdrawalChanged, WithdrawalStatus,
};
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;

use super::{Workflow, notice, writers};
use crate::error::CalendarError;
use crate::model::{Change, Outcome, State, outcome_since};
use crate::store::deliveries::{self, Reported};
use crate::store::items::{self, Item, Lock, Standing};
use crate::store::{approvals, timeline};

impl Workflow {
    /// A delivery has a new state.
    ///
    /// # Errors
    /// The database fails: the report is to be handled again.
    pub async fn delivery_changed(
        &self,
        report: &DeliveryChanged,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let Some(item) = known(items::load(&mut tx, report.item, Lock::Update).await)? else {
            return Ok(());
        };
        if !deliveries::keep(&mut tx, report, self.clock.now()).await? {
            return Ok(());
        }
        if let Some(action) = told_as(report.state) {
            let account = deliveries::account_name(&mut tx, report.account).await?;
            let detail = json!({
                "account": account, "permalink": report.permalink, "reason": report.reason, "version": report.version,
            });
            self.record(&mut tx, &item, None, action, "", detail).await?;
        } else {
            timeline::touch(&mut tx, item.id).await?;
        }
        let outcome = self.outcome(&mut tx, &item, None).await?;
        // A report about a version that is no longer the item's own leaves its state alone.
        if let Some(outcome) = outcome
            && let Ok(state) = item.state.after(Change::Delivered(outcome))
        {
            self.reach(&mut tx, &item, state, origin).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Taking a delivery down has come further.
    ///
    /// # Errors
    /// The database fails: the report is to be handled again.
    pub async fn withdrawal_changed(
        &self,
        report: &WithdrawalChanged,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let Some(item) = known(items::load(&mut tx, report.item, Lock::Update).await)? else {
            return Ok(());
        };
        if !deliveries::keep_withdrawal(&mut tx, report).await? {
            return Ok(());
        }
        if let Some(action) = taken_down_as(report.state) {
            let account = deliveries::account_name(&mut tx, report.account).await?;
            let detail = json!({ "account": account, "reason": report.reason });
            self.record(&mut tx, &item, None, action, "", detail).await?;
        } else {
            timeline::touch(&mut tx, item.id).await?;
        }
        if matches!(
            report.state,
            WithdrawalStatus::NeedsPerson | WithdrawalStatus::Impossible
        ) {
            self.tell_not_taken_down(&mut tx, &item, origin).await?;
        }
        let outcome = self.outcome(&mut tx, &item, None).await?;
        if let Some(outcome) = outcome
            && let Ok(state) = item.state.after(Change::Delivered(outcome))
        {
            self.reach(&mut tx, &item, state, origin).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The publisher has stopped what could be stopped.
    ///
    /// # Errors
    /// The database fails: the report is to be handled again.
    pub async fn order_cancelled(
        &self,
        report: &OrderCancelled,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let Some(item) = known(items::load(&mut tx, report.item, Lock::Update).await)? else {
            return Ok(());
        };
        let first_time =
            approvals::confirm_cancelled(&mut tx, item.id, report.version, self.clock.now()).await?;
        if !first_time {
            return Ok(());
        }
        let detail = json!({ "version": report.version, "not_stopped": report.not_stopped.len() });
        self.record(&mut tx, &item, None, "stop_confirmed", "", detail)
            .await?;
        let latest = approvals::latest_order(&mut tx, item.id).await?;
        if latest.is_some_and(|order| order.cancel_confirmed_at.is_some()) {
            let outcome = self.outcome(&mut tx, &item, Some(&report.not_stopped)).await?;
            if let Ok(state) = item
                .state
                .after(Change::Stopped(outcome.unwrap_or(Outcome::Cancelled)))
            {
                self.reach(&mut tx, &item, state, origin).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Sums up the deliveries of the latest order. With `not_stopped`, whatever waits and is not in it has been stopped,
    /// and whatever is in it is at least on its way. None: nothing was ordered, or it is not what the item is now.
    async fn outcome(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        not_stopped: Option<&[DeliveryId]>,
    ) -> Result<Option<Outcome>, CalendarError> {
        let Some(order) = approvals::latest_order(&mut *tx, item.id).await? else {
            return Ok(None);
        };
        let Some(version) = approvals::version(&mut *tx, item.id, order.version).await? else {
            return Ok(None);
        };
        // What is out counts, even when a later version was begun and given up.
        let is_of_now = order.version == item.version
            || matches!(
                item.state,
                State::Stopping | State::Published | State::Partly | State::Withdrawn
            );
        if not_stopped.is_none() && !is_of_now {
            return Ok(None);
        }
        // What an earlier version has put out is out; what was stopped of it no longer counts.
        let rows: Vec<Reported> = deliveries::of_item(&mut *tx, item.id)
            .await?
            .into_iter()
            .filter(|row| row.version >= order.version || row.status != DeliveryStatus::Cancelled)
            .collect();
        let mut statuses: Vec<_> = rows
            .iter()
            .map(|row| (status(row, not_stopped), row.is_gone()))
            .collect();
        let unseen = not_stopped
            .unwrap_or_default()
            .iter()
            .filter(|id| !rows.iter().any(|row| row.id == **id));
        statuses.extend(unseen.map(|_| (DeliveryStatus::Publishing, false)));
        let expected = if not_stopped.is_some() {
            statuses.len()
        } else {
            version.edition.variants.len()
        };
        Ok(Some(outcome_since(&statuses, expected)))
    }

    async fn reach(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        state: State,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        if state == item.state {
            return Ok(());
        }
        let to = Standing {
            state,
            version: item.version,
            steps_done: item.steps_done,
        };
        self.stand(&mut *tx, item, to, origin).await?;
        let mut to = writers(item);
        let key = match state {
            State::Published => "notice-item-published",
            State::Partly => "notice-item-partly",
            State::Failed => "notice-item-failed",
            State::NeedsPerson => "notice-item-needs-person",
            State::Withdrawn => "notice-item-withdrawn",
            State::Cancelled => "notice-item-stopped",
            _ => return Ok(()),
        };
        if matches!(state, State::NeedsPerson | State::Failed) {
            // The author may be asleep or gone: whoever else writes for the mission is told too.
            to.push(Recipient::Role {
                role: "press_attache".to_owned(),
                unit: item.unit,
            });
        }
        if state == State::Withdrawn {
            to.extend(super::withdrawing::answerable(item));
        }
        // The system acts: nobody is left out as the one who did it.
        let origin = Origin {
            actor: None,
            ..origin.clone()
        };
        Ok(chancery_queue::send(tx, &Outgoing::new(notice(item, key, to, None), &origin)).await?)
    }
}

fn status(row: &Reported, not_stopped: Option<&[DeliveryId]>) -> DeliveryStatus {
    let waits = matches!(row.status, DeliveryStatus::Waiting | DeliveryStatus::Held);
    match not_stopped {
        Some(running) if waits && running.contains(&row.id) => DeliveryStatus::Publishing,
        Some(_) if waits => DeliveryStatus::Cancelled,
        _ => row.status,
    }
}

/// An item that is not there cannot be helped by trying again.
fn known(found: Result<Item, sqlx::Error>) -> Result<Option<Item>, CalendarError> {
    match found {
        Err(sqlx::Error::RowNotFound) => Ok(None),
        found => Ok(Some(found?)),
    }
}

/// The same of taking a delivery down.
const fn taken_down_as(status: WithdrawalStatus) -> Option<&'static str> {
    match status {
        WithdrawalStatus::Withdrawn => Some("taken_down"),
        WithdrawalStatus::NeedsPerson => Some("take_down_needs_person"),
        WithdrawalStatus::Impossible => Some("take_down_impossible"),
        WithdrawalStatus::Void => Some("take_down_void"),
        WithdrawalStatus::Requested | WithdrawalStatus::Withdrawing => None,
    }
}

/// What the timeline calls it; what passes by itself in seconds is not told.
const fn told_as(status: DeliveryStatus) -> Option<&'static str> {
    match status {
        DeliveryStatus::Published => Some("delivered"),
        DeliveryStatus::Failed => Some("delivery_failed"),
        DeliveryStatus::Missed => Some("delivery_missed"),
        DeliveryStatus::NeedsPerson => Some("delivery_needs_person"),
        DeliveryStatus::Held => Some("delivery_held"),
        DeliveryStatus::Waiting
        | DeliveryStatus::Publishing
        | DeliveryStatus::Unknown
        | DeliveryStatus::Cancelled => None,
    }
}
