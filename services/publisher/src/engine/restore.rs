use chancery_contracts::ids::{DeliveryId, StopId};
use serde_json::json;

use super::record::{Note, audit, touch};
use super::{Actor, Publisher};
use crate::error::Result;
use crate::model::{Cause, DeliveryState, Reason, Stop, StopScope, code};
use crate::store;
use crate::store::incarnation::Incarnation;

impl Publisher {
    /// Rule 9: when the database was restored, or a standby took over, its rows may be older than what happened. Then
    /// all sending stops, and every delivery that is not known to be out is looked up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_incarnation(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        if store::incarnation::is_known(&mut tx).await? {
            return Ok(());
        }
        store::gate_exclusive(&mut tx).await?;
        let now = self.now();
        if store::incarnation::check(&mut tx, now).await? == Incarnation::Changed {
            let stop = Stop {
                id: StopId(self.0.clock.new_id()),
                scope: StopScope::Ministry,
                cause: Cause::Restore,
                reason: "restore".to_owned(),
                placed_by: None,
                by_headquarters: true,
                placed_at: now,
                lifted_at: None,
            };
            let (stop, _) = store::stops::place(&mut tx, &stop).await?;
            let doubtful = store::incarnation::doubtful(&mut tx).await?;
            tracing::warn!(
                deliveries = doubtful.len(),
                "the database was restored or failed over: sending is stopped"
            );
            store::incarnation::mark_ended(&mut tx, stop).await?;
            for id in doubtful {
                self.doubt_restored(&mut tx, id.into(), stop).await?;
            }
            let ministry = chancery_directory::ministry(&mut tx).await?.id;
            audit(
                &mut tx,
                &Actor::default(),
                ministry,
                "stop.placed",
                ("stop", stop.0),
                json!({ "cause": "restore" }),
            )
            .await?;
            touch(&mut tx, "stops", stop.0).await?;
        }
        tx.commit().await?;
        self.lift_settled_restores().await
    }

    async fn doubt_restored(
        &self,
        conn: &mut sqlx::PgConnection,
        id: DeliveryId,
        stop: StopId,
    ) -> Result<()> {
        let before = self.lock_one(conn, id).await?;
        let mut after = before.clone();
        after.recheck = Some(stop);
        if before.state != DeliveryState::NeedsPerson {
            after.doubt(Reason::code(code::RESTORE), self.now(), &self.0.settings)?;
        }
        self.record(conn, &before, &mut after, Note::new("doubted"))
            .await?;
        Ok(())
    }

    /// Lifts a stop after a restore once every delivery that it waits for has been looked up or decided on.
    pub(crate) async fn lift_settled_restores(&self) -> Result<()> {
        let mut conn = self.0.pool.acquire().await?;
        let stops = store::stops::restore_stops(&mut conn).await?;
        drop(conn);
        for (stop, waiting) in stops {
            if waiting == 0 {
                self.end_stop(stop, &Actor::default()).await?;
            }
        }
        Ok(())
    }
}
