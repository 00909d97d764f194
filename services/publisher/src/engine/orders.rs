use std::collections::HashSet;

use chancery_contracts::ids::{AccountId, DeliveryId, ItemId};
use chancery_contracts::publisher::{CancelOrder, OrderCancelled, PublishOrder};
use chancery_contracts::{EditionVariant, Platform, Release};
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;

use super::Publisher;
use super::record::{Note, of_unit};
use super::retime::{due, not_after};
use crate::connectors::Revision;
use crate::error::{PublisherError, Result};
use crate::model::{Arrival, Delivery, DeliveryState, Order, Reason, arrival, code};
use crate::store;

/// Why an order is not taken. Nothing of it is sent; the message waits among the dead letters for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOrder {
    /// The edition is of another item or version than the order.
    #[error("the edition is not of this item and version")]
    OtherEdition,
    /// What arrived is not what was approved.
    #[error("the edition does not have the hash that was approved")]
    Hash,
    /// Two variants for one account and language, or none at all.
    #[error("the edition has no text, or two for one account and language")]
    Variants,
    /// An account that is not registered, or is on another platform than the edition says.
    #[error("account {0} is not registered on that platform")]
    Account(AccountId),
}

impl Publisher {
    /// Takes an order: a delivery for each variant (rule 2).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_order(&self, message: &PublishOrder) -> Result<Result<(), BadOrder>> {
        let order = match Self::checked(message) {
            Ok(order) => order,
            Err(bad) => return Ok(Err(bad)),
        };
        let mut tx = self.begin().await?;
        let now = self.now();
        let known = store::orders::lock(&mut tx, order.item, now).await?;
        let seen = known.order.map(|order| order.version);
        if arrival(seen, known.cancelled_through, order.version) == Arrival::Ignore {
            return Ok(Ok(()));
        }
        for variant in &order.edition.variants {
            match store::accounts::get(&mut tx, variant.account).await {
                Ok(account) if account.platform == variant.platform => {}
                Ok(_) | Err(PublisherError::NotFound) => return Ok(Err(BadOrder::Account(variant.account))),
                Err(error) => return Err(error),
            }
        }
        store::orders::put(&mut tx, &order, now).await?;
        let standing = store::deliveries::lock_of_item(&mut tx, order.item).await?;
        // Only the latest of an account and language may still move: what a correction follows is out.
        for delivery in standing.iter().filter(|delivery| is_latest(delivery, &standing)) {
            let variant = delivery.variant_in(&order.edition);
            match variant.filter(|variant| variant.correction.is_some()) {
                // It says so already.
                Some(variant) if delivery.sent.as_ref() == Some(variant) => {}
                Some(variant) if self.may_be_corrected(&mut tx, delivery).await? => {
                    self.make_delivery(&mut tx, &order, variant, &standing).await?;
                }
                _ => self.order_again(&mut tx, delivery, &order).await?,
            }
        }
        for variant in &order.edition.variants {
            let is_there = standing
                .iter()
                .any(|d| d.account == variant.account && d.language == variant.language);
            if !is_there {
                self.make_delivery(&mut tx, &order, variant, &standing).await?;
            }
        }
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// The order in our form, with its due instant resolved by this build's zone data.
    fn checked(message: &PublishOrder) -> Result<Order, BadOrder> {
        let edition = message.edition.clone().canonical();
        if edition.item != message.item || edition.version != message.version {
            return Err(BadOrder::OtherEdition);
        }
        if edition.hash().ok() != Some(message.edition_hash) {
            return Err(BadOrder::Hash);
        }
        let mut seen = HashSet::new();
        if edition.variants.is_empty()
            || !edition
                .variants
                .iter()
                .all(|v| seen.insert((v.account, &v.language)))
        {
            return Err(BadOrder::Variants);
        }
        let due_at = due(&edition, message.due);
        let not_after = if due_at == message.due && edition.release == Release::AtTime {
            message.not_after
        } else {
            not_after(&edition)
        };
        Ok(Order {
            item: message.item,
            version: message.version,
            cancelled_through: 0,
            unit: message.unit,
            topic: message.topic,
            campaign: message.campaign,
            title: message.title.clone(),
            edition,
            hash: message.edition_hash,
            due_at,
            not_after: not_after.max(due_at),
        })
    }

    /// Whether a correction may follow a delivery: it is out, nobody wants it taken down, and its platform has a way.
    async fn may_be_corrected(&self, conn: &mut PgConnection, delivery: &Delivery) -> Result<bool> {
        let way = self
            .0
            .connectors
            .capabilities(delivery.platform)
            .is_some_and(|can| can.revision.value != Revision::None);
        Ok(way
            && delivery.state == DeliveryState::Published
            && !store::withdrawals::covers(conn, delivery).await?)
    }

    async fn order_again(&self, conn: &mut PgConnection, before: &Delivery, order: &Order) -> Result<()> {
        let mut after = before.clone();
        if before.variant_in(&order.edition).is_some() {
            after.ordered_anew(order, self.now(), &self.0.settings)?;
        } else if !after.withdrawn(Reason::code(code::DROPPED))? {
            return Ok(());
        }
        let note = Note::new("ordered").detail(json!({ "version": order.version }));
        self.record(conn, before, &mut after, note).await?;
        Ok(())
    }

    async fn make_delivery(
        &self,
        conn: &mut PgConnection,
        order: &Order,
        variant: &EditionVariant,
        standing: &[Delivery],
    ) -> Result<()> {
        let now = self.now();
        let id = DeliveryId(self.0.clock.new_id());
        // A variant whose language was relabelled after it went out is not news to its readers: a person decides.
        let of_same =
            |other: &&Delivery| other.account == variant.account && other.language == variant.language;
        let latest = standing
            .iter()
            .filter(of_same)
            .max_by_key(|other| other.occurrence);
        let relabelled = standing.iter().any(|other| {
            other.account == variant.account
                && !other.state.is_certainly_not_out()
                && other.variant_in(&order.edition).is_none()
        });
        let delivery = Delivery {
            id,
            item: order.item,
            unit: order.unit,
            account: variant.account,
            platform: variant.platform,
            language: variant.language.clone(),
            version: order.version,
            newer_version: None,
            state: if relabelled {
                DeliveryState::Held
            } else {
                DeliveryState::Waiting
            },
            reason: relabelled.then(|| Reason::code(code::NEWER_VERSION)),
            due_at: order.due_at,
            not_after: order.not_after,
            prepared: None,
            sent: None,
            topic: order.topic,
            key: self.new_key(variant.platform, id),
            key_used_at: None,
            intent_at: None,
            intents: 0,
            attempts: 0,
            wake_at: (!relabelled).then(|| Delivery::prepare_at(order.due_at, now, &self.0.settings)),
            remote_id: None,
            permalink: None,
            published_at: None,
            occurrence: latest.map_or(1, |latest| latest.occurrence + 1),
            revises: latest.map(Delivery::release),
            recheck: None,
            sequence: 1,
        };
        self.record_new(conn, &delivery, Note::new("ordered")).await
    }

    /// The delivery's one idempotency key (rule 5). The press room's is the delivery itself.
    fn new_key(&self, platform: Platform, delivery: DeliveryId) -> String {
        match self.0.connectors.get(platform) {
            Some(connector) => connector.new_key(self.0.clock.as_ref()),
            None => delivery.to_string(),
        }
    }

    /// Cancels every version up to one, seen or not, and says what could not be stopped any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel_order(&self, message: &CancelOrder) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = self.now();
        let known = store::orders::lock(&mut tx, message.item, now).await?;
        store::orders::cancel(&mut tx, message.item, message.version, now).await?;
        let mut not_stopped = Vec::new();
        for before in store::deliveries::lock_of_item(&mut tx, message.item).await? {
            if before.version > message.version {
                continue;
            }
            let mut after = before.clone();
            if after.withdrawn(Reason::code(code::CANCELLED))? {
                if before.state != DeliveryState::Cancelled {
                    self.record(&mut tx, &before, &mut after, Note::new("withdrawn"))
                        .await?;
                }
            } else {
                not_stopped.push(before.id);
            }
        }
        let origin = known.order.map(|order| of_unit(order.unit)).unwrap_or_default();
        let event = OrderCancelled {
            item: message.item,
            version: message.version,
            not_stopped,
        };
        chancery_queue::send(&mut tx, &Outgoing::new(event, &origin)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The item's live order with the delivery's text in it; none when it was cancelled or dropped.
    pub(crate) async fn live_order(&self, conn: &mut PgConnection, item: ItemId) -> Result<Option<Order>> {
        let known = store::orders::read(conn, item).await?;
        Ok(known.and_then(|known| known.order).filter(Order::is_live))
    }
}

/// Whether no correction of this delivery was ordered yet.
fn is_latest(delivery: &Delivery, among: &[Delivery]) -> bool {
    among.iter().all(|other| {
        (other.account, &other.language) != (delivery.account, &delivery.language)
            || other.occurrence <= delivery.occurrence
    })
}
