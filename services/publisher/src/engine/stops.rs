use chancery_contracts::ids::{DeliveryId, StopId, UnitId};
use serde_json::json;
use sqlx::PgConnection;

use super::record::{Note, audit, touch};
use super::{Actor, Publisher};
use crate::error::{PublisherError, Result};
use crate::figures;
use crate::model::{Cause, Reason, Stop, StopScope, code};
use crate::store;

/// A stop that holds from the moment this value exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The stop.
    pub stop: StopId,
    /// Whether it is new, or the same scope was stopped already.
    pub new: bool,
    /// Exactly what was in flight: sent, or being sent, when the stop began to hold. Nothing else can start.
    pub in_flight: Vec<DeliveryId>,
}

impl Publisher {
    /// Pause. When this returns, no commit begins any more within the scope (rule 1: the gate is taken exclusively, so
    /// every permit is either committed before, and then listed, or sees the stop).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn place_stop(&self, scope: StopScope, reason: &str, actor: &Actor) -> Result<Placed> {
        let mut tx = self.begin().await?;
        store::gate_exclusive(&mut tx).await?;
        let now = self.now();
        let stop = Stop {
            id: StopId(self.0.clock.new_id()),
            scope,
            cause: Cause::Person,
            reason: reason.trim().chars().take(500).collect(),
            placed_by: actor.person,
            by_headquarters: actor.headquarters,
            placed_at: now,
            lifted_at: None,
        };
        let (id, new) = store::stops::place(&mut tx, &stop).await?;
        let in_flight = store::stops::record_in_flight(&mut tx, id).await?;
        if new {
            let unit = self.unit_of(&mut tx, &stop.scope).await?;
            let detail = json!({ "scope": stop.scope.to_string(), "reason": stop.reason, "in_flight": in_flight.len() });
            audit(&mut tx, actor, unit, "stop.placed", ("stop", id.0), detail).await?;
            touch(&mut tx, "stops", id.0).await?;
        }
        tx.commit().await?;
        figures::stop_placed();
        Ok(Placed {
            stop: id,
            new,
            in_flight,
        })
    }

    /// Resume. What came due meanwhile does not go out: it is held, and a person decides on each (triage). What is not
    /// yet due goes on as planned.
    ///
    /// # Errors
    /// [`PublisherError::Refused`] for a stop after a restore, which ends by itself; or when the database fails.
    pub async fn lift_stop(&self, id: StopId, actor: &Actor) -> Result<()> {
        let mut conn = self.0.pool.acquire().await?;
        let waits = store::stops::restore_stops(&mut conn).await?;
        drop(conn);
        if waits.iter().any(|(stop, waiting)| *stop == id && *waiting > 0) {
            return Err(PublisherError::Refused("stops-restore-unsettled"));
        }
        self.end_stop(id, actor).await
    }

    pub(crate) async fn end_stop(&self, id: StopId, actor: &Actor) -> Result<()> {
        let mut tx = self.begin().await?;
        store::gate_exclusive(&mut tx).await?;
        let stop = store::stops::lock(&mut tx, id).await?;
        if stop.lifted_at.is_some() {
            return Ok(());
        }
        let now = self.now();
        let overdue = store::stops::overdue_under(&mut tx, id, now).await?;
        for before in store::deliveries::lock(&mut tx, &overdue).await? {
            let mut after = before.clone();
            if now >= before.not_after {
                after.missed()?;
            } else {
                after.held(Reason::code(if stop.cause == Cause::Restore {
                    code::RESTORE
                } else {
                    code::STOP
                }))?;
            }
            self.record(&mut tx, &before, &mut after, Note::new("held").by(actor))
                .await?;
        }
        store::stops::lift(&mut tx, id, actor.person, now).await?;
        let unit = self.unit_of(&mut tx, &stop.scope).await?;
        let detail = json!({ "scope": stop.scope.to_string(), "held": overdue.len() });
        audit(&mut tx, actor, unit, "stop.lifted", ("stop", id.0), detail).await?;
        touch(&mut tx, "stops", id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The unit at which a scope's stop is decided and audited: its own where it has one, else the ministry.
    pub(crate) async fn unit_of(&self, conn: &mut PgConnection, scope: &StopScope) -> Result<UnitId> {
        match scope {
            StopScope::Unit(unit) => Ok(*unit),
            StopScope::Account(account) => Ok(store::accounts::get(conn, *account).await?.unit),
            StopScope::Campaign(campaign) => store::stops::unit_of_campaign(conn, *campaign).await,
            StopScope::Ministry | StopScope::Region(_) | StopScope::Topic(_) => {
                Ok(chancery_directory::ministry(conn).await?.id)
            }
        }
    }
}
