use std::sync::atomic::{AtomicBool, Ordering};

use chancery_clock::WallTime;
use chancery_contracts::ids::ItemId;
use chancery_contracts::{Edition, Release};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::Publisher;
use super::record::Note;
use crate::error::Result;
use crate::model::Delivery;
use crate::store;

/// Whether this process has resolved every order since it started.
#[derive(Debug, Default)]
pub(super) struct Resolved(AtomicBool);

/// When the edition is due, by this build's zone data. On command that is when the word was given, `ordered`, but never
/// before its window.
pub(super) fn due(edition: &Edition, ordered: DateTime<Utc>) -> DateTime<Utc> {
    match edition.release {
        Release::AtTime => opens(edition),
        Release::OnCommand => opens(edition).max(ordered),
    }
}

/// From when on it is too late.
pub(super) fn not_after(edition: &Edition) -> DateTime<Utc> {
    opens(edition) + TimeDelta::minutes(edition.window_minutes.max(0).into())
}

/// When its window opens.
fn opens(edition: &Edition) -> DateTime<Utc> {
    WallTime {
        at: edition.wall,
        zone: edition.zone,
    }
    .resolve()
    .instant()
}

impl Publisher {
    /// Appointments are walls in a zone. A new zone database comes with a new build, so every process resolves what is
    /// still to come once, at its first sweep: 09:00 stays 09:00 when a country changes its clocks.
    pub(super) async fn resolve_again(&self) -> Result<()> {
        if self.0.resolved.0.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut conn = self.0.pool.acquire().await?;
        let upcoming = store::orders::upcoming(&mut conn).await?;
        drop(conn);
        for (item, edition, was) in upcoming {
            if due(&edition, was) != was {
                self.retime(item).await?;
            }
        }
        self.0.resolved.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn retime(&self, item: ItemId) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = self.now();
        let Some(mut order) = store::orders::read(&mut tx, item)
            .await?
            .and_then(|known| known.order)
        else {
            return Ok(());
        };
        order.due_at = due(&order.edition, order.due_at);
        order.not_after = not_after(&order.edition).max(order.due_at);
        store::orders::put(&mut tx, &order, now).await?;
        for before in store::deliveries::lock_of_item(&mut tx, item).await? {
            if !before.state.is_upcoming() || before.version != order.version {
                continue;
            }
            let mut after = before.clone();
            after.retimed(
                &order,
                Delivery::prepare_at(order.due_at, now, &self.0.parts.settings),
            )?;
            let note = Note::new("retimed").detail(json!({ "was": before.due_at, "is": order.due_at }));
            self.record(&mut tx, &before, &mut after, note).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
