use std::time::Duration;

use chancery_contracts::Platform;
use chancery_contracts::ids::DeliveryId;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::record::Note;
use super::{Point, Publisher};
use crate::connectors::{PRESS_ROOM, Prepared, Rejection, Setback};
use crate::error::{PublisherError, Result};
use crate::model::{AccountState, Delivery, DeliveryState, Order, Reason, code};
use crate::store;

/// How long a connector may prepare in one go.
const PATIENCE: Duration = Duration::from_mins(5);

impl Publisher {
    /// Does whatever may be done before the minute comes. A wake-up: the row decides (rule 3).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prepare(&self, id: DeliveryId) -> Result<()> {
        let Some((seen, order)) = self.begin_to_prepare(id).await? else {
            return Ok(());
        };
        self.0.faults.at(Point::BeforePrepare, id).await;
        let answer = self.ask_to_prepare(&seen, &order).await?;
        self.0.faults.at(Point::AfterPrepare, id).await;

        let mut tx = self.begin().await?;
        store::accounts::lock(&mut tx, seen.account).await?;
        let before = self.lock_one(&mut tx, id).await?;
        if before.sequence != seen.sequence {
            return Ok(()); // A new version, a cancellation: what was prepared is not what will be sent.
        }
        let mut after = before.clone();
        let effect = after.prepared(answer, self.now())?;
        self.affect_account(&mut tx, &after, effect).await?;
        self.record(&mut tx, &before, &mut after, Note::new("prepared"))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The delivery and its order, if there is something to prepare now.
    async fn begin_to_prepare(&self, id: DeliveryId) -> Result<Option<(Delivery, Order)>> {
        let mut tx = self.begin().await?;
        let item = store::deliveries::item_of(&mut tx, id).await?;
        let order = self.live_order(&mut tx, item).await?;
        let before = self.lock_one(&mut tx, id).await?;
        if !matches!(before.state, DeliveryState::Waiting | DeliveryState::Preparing) {
            return Ok(None);
        }
        let now = self.now();
        if before.wake_at.is_some_and(|at| at > now) {
            self.wake(&mut tx, &before).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let account = store::accounts::get(&mut tx, before.account).await?.state;
        let mut after = before.clone();
        let order = order
            .filter(|order| order.version == before.version && before.variant_in(&order.edition).is_some());
        let Some(order) = order else {
            after.withdrawn(Reason::code(code::CANCELLED))?;
            self.conclude(tx, &before, after).await?;
            return Ok(None);
        };
        if now >= before.not_after {
            after.missed()?;
        } else if account == AccountState::Enabled {
            return Ok(Some((before, order)));
        } else if now < before.due_at {
            after.later(before.due_at, None)?;
        } else {
            after.held(Reason::code(match account {
                AccountState::NeedsReauth => code::REAUTH,
                _ => code::ACCOUNT_DISABLED,
            }))?;
        }
        self.conclude(tx, &before, after).await?;
        Ok(None)
    }

    async fn conclude(
        &self,
        mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
        before: &Delivery,
        mut after: Delivery,
    ) -> Result<()> {
        let conn: &mut PgConnection = &mut tx;
        self.record(conn, before, &mut after, Note::new("not_prepared"))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn ask_to_prepare(&self, delivery: &Delivery, order: &Order) -> Result<Prepared> {
        let rejected = |rejection: Rejection| Prepared::Stopped {
            state: None,
            why: Setback::Rejected(rejection),
        };
        let variant = delivery
            .variant_in(&order.edition)
            .ok_or(PublisherError::NotFound)?;
        if delivery.platform == Platform::PressRoom {
            return Ok(match PRESS_ROOM.check(variant) {
                Ok(()) => Prepared::Ready { state: json!({}) },
                Err(breach) => rejected(breach.into()),
            });
        }
        let Some(connector) = self.0.connectors.get(delivery.platform) else {
            let words = format!("this build cannot speak to {}", delivery.platform);
            return Ok(rejected(Rejection::new(code::NO_CONNECTOR, words)));
        };
        if let Err(breach) = connector.capabilities().check(variant) {
            return Ok(rejected(breach.into()));
        }
        let context = match self.context(delivery.account).await? {
            Ok(context) => context,
            Err(why) => {
                return Ok(Prepared::Stopped {
                    state: delivery.prepared.clone(),
                    why,
                });
            }
        };
        let state: Option<Value> = delivery.prepared.clone();
        let corrected = match delivery.revises {
            Some(first) => {
                let mut conn = self.0.pool.acquire().await?;
                let Some(remote_id) = store::deliveries::remote_id(&mut conn, first).await? else {
                    let words = "the platform’s id of what is to be corrected is not known";
                    return Ok(rejected(Rejection::new(code::NO_RECEIPT, words)));
                };
                Some(remote_id)
            }
            None => None,
        };
        let answer = async {
            if let Some(remote_id) = &corrected {
                return connector
                    .prepare_revision(&context, variant, remote_id, state)
                    .await;
            }
            match (delivery.state, state) {
                (DeliveryState::Preparing, Some(state)) => connector.poll(&context, variant, state).await,
                (_, state) => connector.prepare(&context, variant, state).await,
            }
        };
        Ok(tokio::time::timeout(PATIENCE, answer)
            .await
            .unwrap_or_else(|_| Prepared::Stopped {
                state: delivery.prepared.clone(),
                why: Setback::TryAgain {
                    reason: "preparing took longer than five minutes".to_owned(),
                },
            }))
    }
}
