use chancery_contracts::Platform;
use chancery_contracts::ids::{AccountId, DeliveryId};
use chrono::TimeDelta;
use serde_json::json;

use super::record::{Note, audit, touch};
use super::{Actor, Publisher};
use crate::connectors::PRESS_ROOM;
use crate::error::Result;
use crate::model::{Account, AccountState, DeliveryState};
use crate::store;

/// A delivery that should have moved this long ago has lost its job.
const LOST: TimeDelta = TimeDelta::seconds(45);
/// How many are looked after at once; the rest next minute.
const BATCH: i64 = 500;

impl Publisher {
    /// Once a minute: notices a restored database, gives new missions their press room, wakes deliveries whose job was
    /// lost, and says of held ones whose time has passed that it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self) -> Result<()> {
        self.check_incarnation().await?;
        self.resolve_again().await?;
        self.open_press_rooms().await?;
        let now = self.now();
        let mut conn = self.0.pool.acquire().await?;
        let stuck = store::deliveries::stuck(&mut conn, now - LOST, now, BATCH).await?;
        let not_taken_down = store::withdrawals::stuck(&mut conn, now - LOST, BATCH).await?;
        drop(conn);
        for id in not_taken_down {
            if let Err(error) = self.nudge_withdrawal(id).await {
                tracing::error!(%error, delivery = %id, "the sweep could not look after a withdrawal");
            }
        }
        for id in stuck {
            if let Err(error) = self.nudge(id).await {
                tracing::error!(%error, delivery = %id, "the sweep could not look after a delivery");
            }
        }
        self.lift_settled_restores().await
    }

    async fn nudge(&self, id: DeliveryId) -> Result<()> {
        let mut tx = self.begin().await?;
        let before = self.lock_one(&mut tx, id).await?;
        let now = self.now();
        match before.state {
            DeliveryState::Held if now >= before.not_after => {
                let mut after = before.clone();
                after.missed()?;
                self.record(&mut tx, &before, &mut after, Note::new("time_passed"))
                    .await?;
            }
            DeliveryState::Held => return Ok(()),
            DeliveryState::Committing => {
                drop(tx);
                return self.presume_silent(id).await;
            }
            _ => self.wake(&mut tx, &before).await?,
        }
        tx.commit().await?;
        Ok(())
    }

    /// The press room needs no credentials: every mission has one from its first day.
    async fn open_press_rooms(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        for (unit, slug, mut languages, names) in store::accounts::units_without_press_room(&mut tx).await? {
            for language in ["en", "vi"] {
                if !languages.iter().any(|own| own == language) {
                    languages.insert(0, language.to_owned());
                }
            }
            let name = names.get("vi").and_then(|name| name.as_str()).unwrap_or(&slug);
            let id = AccountId(self.0.clock.new_id());
            let account = Account {
                id,
                unit,
                platform: Platform::PressRoom,
                handle: slug.clone(),
                name: name.to_owned(),
                service_url: None,
                remote_id: None,
                languages,
                state: AccountState::Enabled,
                state_reason: None,
                limited_until: None,
                created_at: self.now(),
            };
            let limit = |fact: Option<crate::connectors::Fact<u32>>| {
                fact.and_then(|fact| i32::try_from(fact.value).ok())
            };
            let new = store::accounts::New {
                credentials: None,
                max_graphemes: limit(PRESS_ROOM.text.graphemes),
                max_bytes: limit(PRESS_ROOM.text.bytes),
                created_by: None,
            };
            if store::accounts::insert(&mut tx, &account, &new).await? {
                let detail = json!({ "platform": account.platform, "handle": slug });
                audit(
                    &mut tx,
                    &Actor::default(),
                    unit,
                    "account.connected",
                    ("account", id.0),
                    detail,
                )
                .await?;
                touch(&mut tx, "account", id.0).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
