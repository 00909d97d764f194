use chancery_contracts::ids::DeliveryId;
use serde_json::json;
use url::Url;

use super::record::{Note, audit};
use super::{Actor, Publisher};
use crate::connectors::Receipt;
use crate::error::{PublisherError, Result};
use crate::model::{Delivery, DeliveryState};
use crate::store;

/// What a person decides about a delivery that goes no further by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// They looked: it is out, and this is where.
    IsPublished(Url),
    /// They looked: it is not out.
    IsNotPublished,
    /// Ask the platform once more.
    LookAgain,
    /// Let a held one go on, now.
    Release,
    /// A held one is not to go out.
    Drop,
}

impl Decision {
    const fn name(&self) -> &'static str {
        match self {
            Self::IsPublished(_) => "marked_published",
            Self::IsNotPublished => "marked_not_published",
            Self::LookAgain => "look_again",
            Self::Release => "released",
            Self::Drop => "dropped",
        }
    }
}

impl Publisher {
    /// Carries out what a person decided. Nothing is sent by this itself: a released delivery still needs its permit.
    ///
    /// # Errors
    /// [`PublisherError::Refused`] when the delivery is not in a state in which this can be decided (any more).
    pub async fn decide(&self, id: DeliveryId, decision: &Decision, actor: &Actor) -> Result<()> {
        self.decide_nth(id, decision, actor, 0).await
    }

    /// Releases several held deliveries, some time apart from each other: never a burst. Gives how many could be.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_all(&self, ids: &[DeliveryId], actor: &Actor) -> Result<usize> {
        let mut released = 0;
        for id in ids {
            match self.decide_nth(*id, &Decision::Release, actor, released).await {
                Ok(()) => released += 1,
                Err(PublisherError::Refused(_) | PublisherError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(released)
    }

    async fn decide_nth(&self, id: DeliveryId, decision: &Decision, actor: &Actor, nth: usize) -> Result<()> {
        let mut tx = self.begin().await?;
        let item = store::deliveries::item_of(&mut tx, id).await?;
        let order = self.live_order(&mut tx, item).await?;
        let before = self.lock_one(&mut tx, id).await?;
        let now = self.now();
        let mut after = before.clone();
        let unsettled = matches!(before.state, DeliveryState::Unknown | DeliveryState::NeedsPerson);
        let mut detail = json!({ "delivery": id });
        match decision {
            Decision::IsPublished(url) if unsettled => {
                detail = json!({ "permalink": url.as_str() });
                let remote_id = before.remote_id.clone().unwrap_or_default();
                after.published(
                    Receipt {
                        remote_id,
                        url: url.to_string(),
                    },
                    now,
                )?;
            }
            // While a worker may still be sending, "it is not there" can't be true for certain.
            Decision::IsNotPublished
                if before.state == DeliveryState::NeedsPerson || self.is_quiet(&before) =>
            {
                let wanted = order.is_some() && !store::withdrawals::covers(&mut tx, &before).await?;
                after.person_says_absent(wanted, now)?;
            }
            Decision::LookAgain if unsettled => after.look_again(now, &self.0.settings)?,
            Decision::Release if before.state == DeliveryState::Held => {
                let order = order.ok_or(PublisherError::Refused("delivery-order-gone"))?;
                if now >= order.not_after {
                    return Err(PublisherError::Refused("delivery-too-late"));
                }
                if before.variant_in(&order.edition).is_none() {
                    return Err(PublisherError::Refused("delivery-order-gone"));
                }
                let spacing = self.0.settings.release_spacing * i32::try_from(nth).unwrap_or(i32::MAX);
                after.released(&order, now + spacing)?;
            }
            Decision::Drop if before.state == DeliveryState::Held => {
                after.withdrawn(crate::model::Reason::code(crate::model::code::DROPPED_BY_PERSON))?;
            }
            _ => return Err(PublisherError::Refused("delivery-state-changed")),
        }
        self.record(
            &mut tx,
            &before,
            &mut after,
            Note::new(decision.name()).by(actor).detail(detail.clone()),
        )
        .await?;
        let action = format!("delivery.{}", decision.name());
        audit(&mut tx, actor, before.unit, &action, ("delivery", id.0), detail).await?;
        tx.commit().await?;
        if before.recheck.is_some() {
            self.lift_settled_restores().await?;
        }
        Ok(())
    }

    fn is_quiet(&self, delivery: &Delivery) -> bool {
        delivery.state == DeliveryState::Unknown
            && delivery
                .intent_at
                .is_some_and(|intent| self.now() >= intent + self.0.settings.locate_after())
    }
}
