use std::time::Duration;

use chancery_contracts::EditionVariant;
use chancery_contracts::ids::DeliveryId;
use serde_json::{Value, json};

use super::record::Note;
use super::{Point, Publisher};
use crate::connectors::{Connector, Idempotency, Located, Setback};
use crate::error::Result;
use crate::figures;
use crate::model::{AfterLocate, Delivery, DeliveryState, Reason, code};
use crate::store;

/// How long a platform may take to say whether something is there.
const PATIENCE: Duration = Duration::from_mins(1);

impl Publisher {
    /// Finds out what became of a commit. A wake-up: the row decides (rule 3), and not before nobody can still be
    /// sending (rule 4).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locate(&self, id: DeliveryId) -> Result<()> {
        let Some((seen, variant)) = self.begin_to_locate(id).await? else {
            return Ok(());
        };
        self.0.faults.at(Point::BeforeLocate, id).await;
        let (answer, idempotency) = match self.0.connectors.get(seen.platform) {
            Some(connector) => (
                self.ask_where(&**connector, &seen, &variant).await?,
                connector.idempotency(),
            ),
            None => (no_connector(), Idempotency::None),
        };
        self.0.faults.at(Point::AfterLocate, id).await;

        let mut tx = self.begin().await?;
        let order_live = self.live_order(&mut tx, seen.item).await?.is_some();
        store::accounts::lock(&mut tx, seen.account).await?;
        let before = self.lock_one(&mut tx, id).await?;
        if (before.state, before.intents) != (DeliveryState::Unknown, seen.intents) {
            return Ok(()); // The answer came after all, or a person has decided.
        }
        let order_live = order_live && !store::withdrawals::covers(&mut tx, &before).await?;
        let mut after = before.clone();
        let detail = json!({ "found": figures::name_of_located(&answer) });
        figures::located(seen.platform, &answer);
        let effect = after.located(
            answer,
            AfterLocate {
                order_live,
                idempotency,
            },
            self.now(),
        )?;
        self.affect_account(&mut tx, &after, effect).await?;
        self.record(&mut tx, &before, &mut after, Note::new("located").detail(detail))
            .await?;
        tx.commit().await?;
        if before.recheck.is_some() {
            self.lift_settled_restores().await?;
        }
        Ok(())
    }

    async fn begin_to_locate(&self, id: DeliveryId) -> Result<Option<(Delivery, EditionVariant)>> {
        let mut tx = self.begin().await?;
        let item = store::deliveries::item_of(&mut tx, id).await?;
        let known = store::orders::read(&mut tx, item).await?;
        let before = self.lock_one(&mut tx, id).await?;
        if before.state != DeliveryState::Unknown {
            return Ok(None);
        }
        let now = self.now();
        let earliest = before
            .intent_at
            .map(|intent| intent + self.0.settings.locate_after());
        if earliest.is_some_and(|earliest| now < earliest) || before.wake_at.is_some_and(|at| now < at) {
            self.wake(&mut tx, &before).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let order = known.and_then(|known| known.order);
        let ordered = || {
            order
                .as_ref()
                .and_then(|order| before.variant_in(&order.edition))
                .cloned()
        };
        let variant = before.sent.clone().or_else(ordered);
        if let Some(variant) = variant {
            return Ok(Some((before, variant)));
        }
        let mut after = before.clone();
        after.needs_person(Reason::code(code::NEWER_VERSION))?;
        self.record(&mut tx, &before, &mut after, Note::new("located"))
            .await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn ask_where(
        &self,
        connector: &dyn Connector,
        seen: &Delivery,
        variant: &EditionVariant,
    ) -> Result<Located> {
        let context = match self.context(seen.account).await? {
            Ok(context) => context,
            Err(why) => return Ok(Located::Stopped(why)),
        };
        let prepared = seen.prepared.clone().unwrap_or(Value::Null);
        let question = connector.locate(&context, variant, &seen.key, &prepared);
        Ok(tokio::time::timeout(PATIENCE, question)
            .await
            .unwrap_or_else(|_| {
                Located::Stopped(Setback::TryAgain {
                    reason: "no answer within a minute".to_owned(),
                })
            }))
    }
}

fn no_connector() -> Located {
    Located::Stopped(Setback::Rejected(crate::connectors::Rejection::new(
        code::NO_CONNECTOR,
        "this build cannot speak to the platform",
    )))
}
