//! Opening what was submitted, and cancelling. What was ordered stops standing at once; whether it was stopped in time
//! is the publisher's to say.

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::CancelOrder;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;

use super::{Actor, Workflow, said, writers};
use crate::error::CalendarError;
use crate::model::{Change, State};
use crate::store::approvals;
use crate::store::items::{Item, Lock, Standing};

impl Workflow {
    /// Opens a submitted or approved item again, as a new version. Approvals of the old one are void; if it was
    /// ordered, the publisher is told to stop it.
    ///
    /// # Errors
    /// It is out or on its way, or the person may not write there.
    pub async fn reopen(&self, actor: Actor<'_>, id: ItemId) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        self.reopened(&mut tx, actor, &item).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The same of a locked item, in a transaction that does more.
    pub(super) async fn reopened(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
    ) -> Result<(), CalendarError> {
        let state = item.state.after(Change::Reopen)?;
        let approvers: Vec<_> = approvals::decisions(&mut *tx, item.id, item.version)
            .await?
            .into_iter()
            .filter(|(decision, _)| decision.approved)
            .map(|(decision, _)| Recipient::Person(decision.person))
            .collect();
        let stopped = self.stop_orders(&mut *tx, actor.origin(item.unit), item).await?;
        let to = Standing {
            state,
            version: item.version + 1,
            steps_done: 0,
        };
        self.stand(&mut *tx, item, to, &actor.origin(item.unit)).await?;
        let detail = json!({ "from": item.state, "void": approvers.len(), "stopping": stopped.is_some() });
        self.record(&mut *tx, item, Some(actor), "reopened", "", detail)
            .await?;
        if !approvers.is_empty() {
            let origin = actor.origin(item.unit);
            self.notify(tx, origin, item, "notice-item-voided", approvers, actor)
                .await?;
        }
        Ok(())
    }

    /// Cancels an item. What was never ordered is cancelled at once; what was ordered is *stopping* until the publisher
    /// confirms.
    ///
    /// # Errors
    /// It is out already, or the person may neither write there nor approve for headquarters.
    pub async fn cancel(&self, actor: Actor<'_>, id: ItemId, reason: &str) -> Result<State, CalendarError> {
        let reason = said(reason)?;
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        actor.require(Action::ItemWrite, &unit).or_else(|refused| {
            actor
                .require(Action::ItemApproveHeadquarters, &unit)
                .map_err(|_| refused)
        })?;
        let order = approvals::latest_order(&mut tx, id).await?;
        let ordered = order.is_some_and(|order| order.cancel_confirmed_at.is_none());
        let state = item.state.after(Change::Cancel { ordered })?;
        self.stop_orders(&mut tx, actor.origin(item.unit), &item).await?;
        let to = Standing {
            state,
            version: item.version,
            steps_done: item.steps_done,
        };
        self.stand(&mut tx, &item, to, &actor.origin(item.unit)).await?;
        let action = if state == State::Stopping {
            "cancel_requested"
        } else {
            "cancelled"
        };
        self.record(
            &mut tx,
            &item,
            Some(actor),
            action,
            &reason,
            json!({ "from": item.state }),
        )
        .await?;
        let origin = actor.origin(item.unit);
        self.notify(
            &mut tx,
            origin,
            &item,
            "notice-item-cancelled",
            writers(&item),
            actor,
        )
        .await?;
        tx.commit().await?;
        Ok(state)
    }

    pub(super) async fn stop_orders(
        &self,
        tx: &mut PgConnection,
        origin: Origin,
        item: &Item,
    ) -> Result<Option<i32>, CalendarError> {
        let version = approvals::cancel_orders(&mut *tx, item.id, self.clock.now()).await?;
        if let Some(version) = version {
            let message = Outgoing::new(
                CancelOrder {
                    item: item.id,
                    version,
                },
                &origin,
            );
            chancery_queue::send(tx, &message.priority(chancery_queue::Priority::Urgent)).await?;
        }
        Ok(version)
    }
}
