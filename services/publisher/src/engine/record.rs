use chancery_contracts::ids::{DeliveryId, PersonId, UnitId};
use chancery_contracts::publisher::{CommitDelivery, DeliveryChanged, LocateDelivery, PrepareDelivery};
use chancery_contracts::{Origin, Topic};
use chancery_queue::{Outgoing, Priority};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Publisher};
use crate::error::Result;
use crate::model::{AccountEffect, Delivery, DeliveryState};
use crate::store::{self, deliveries::Step};

/// What the ledger says about a change.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub step: &'static str,
    pub actor: Option<PersonId>,
    pub detail: Value,
}

impl Note {
    pub fn new(step: &'static str) -> Self {
        Self {
            step,
            actor: None,
            detail: json!({}),
        }
    }

    pub fn by(self, actor: &Actor) -> Self {
        Self {
            actor: actor.person,
            ..self
        }
    }

    pub fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

impl Publisher {
    /// The one way in which a delivery changes: compare-and-set of the row, a line in the ledger, the next wake-up,
    /// the event for whoever waits, all in the caller's transaction. False when somebody else was faster.
    pub(crate) async fn record(
        &self,
        conn: &mut PgConnection,
        before: &Delivery,
        after: &mut Delivery,
        note: Note,
    ) -> Result<bool> {
        let now = self.now();
        if !store::deliveries::save(conn, after, now).await? {
            return Ok(false);
        }
        self.write_down(conn, Some(before.state), after, note, now)
            .await?;
        if (before.state, before.wake_at) != (after.state, after.wake_at)
            && after.state != DeliveryState::Committing
        {
            self.wake(conn, after).await?;
        }
        if before.state != after.state && !after.state.is_open_ended() {
            self.rouse_withdrawal(conn, after).await?;
        }
        if announces(before, after) {
            self.announce(conn, after).await?;
        }
        touch(conn, "delivery", after.id.0).await?;
        Ok(true)
    }

    /// The same for a delivery that is new.
    pub(crate) async fn record_new(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        note: Note,
    ) -> Result<()> {
        let now = self.now();
        if store::deliveries::insert(conn, delivery, now).await? {
            self.write_down(conn, None, delivery, note, now).await?;
            self.wake(conn, delivery).await?;
            self.announce(conn, delivery).await?;
            touch(conn, "delivery", delivery.id.0).await?;
        }
        Ok(())
    }

    async fn write_down(
        &self,
        conn: &mut PgConnection,
        from: Option<DeliveryState>,
        delivery: &Delivery,
        note: Note,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut detail = note.detail;
        if let (Some(reason), Value::Object(detail)) = (&delivery.reason, &mut detail) {
            detail.insert("reason".to_owned(), json!(reason));
        }
        let step = Step {
            name: note.step,
            from,
            actor: note.actor,
            detail,
        };
        store::deliveries::append(conn, delivery, step, now).await
    }

    /// Enqueues the job that moves the delivery next. One of each kind per delivery: a second one replaces the first.
    pub(crate) async fn wake(&self, conn: &mut PgConnection, delivery: &Delivery) -> Result<()> {
        let Some(at) = delivery.wake_at else { return Ok(()) };
        let id = delivery.id;
        let origin = of_unit(delivery.unit);
        let job = match delivery.state {
            DeliveryState::Waiting | DeliveryState::Preparing => {
                Outgoing::new(PrepareDelivery { delivery: id }, &origin).key(format!("prepare:{id}"))
            }
            DeliveryState::Unknown => {
                Outgoing::new(LocateDelivery { delivery: id }, &origin).key(format!("locate:{id}"))
            }
            _ => Outgoing::new(CommitDelivery { delivery: id }, &origin)
                .key(format!("commit:{id}"))
                .lane(format!("account:{}", delivery.account)),
        };
        chancery_queue::send(conn, &job.run_at(at).priority(priority(delivery.topic))).await?;
        Ok(())
    }

    async fn announce(&self, conn: &mut PgConnection, delivery: &Delivery) -> Result<()> {
        let event = DeliveryChanged {
            delivery: delivery.id,
            item: delivery.item,
            version: delivery.version,
            account: delivery.account,
            language: Some(delivery.language.clone()),
            sequence: delivery.sequence,
            state: delivery.state.status(),
            permalink: delivery.permalink.clone(),
            // States explain themselves in the reader's language; only the platform's own words are passed on.
            reason: delivery
                .reason
                .as_ref()
                .filter(|_| delivery.state == DeliveryState::Rejected)
                .and_then(|reason| reason.detail.clone()),
        };
        chancery_queue::send(conn, &Outgoing::new(event, &of_unit(delivery.unit))).await?;
        Ok(())
    }

    /// What an answer about one delivery means for its account.
    pub(crate) async fn affect_account(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        effect: Option<AccountEffect>,
    ) -> Result<()> {
        match effect {
            Some(AccountEffect::Limited { until, scope }) => {
                store::accounts::limit(conn, delivery.account, until, scope).await
            }
            Some(AccountEffect::NeedsReauth { reason }) => {
                self.account_needs_reauth(conn, delivery.account, &reason).await
            }
            None => Ok(()),
        }
    }

    pub(crate) async fn lock_one(&self, conn: &mut PgConnection, id: DeliveryId) -> Result<Delivery> {
        store::deliveries::lock_one(conn, id).await
    }
}

/// Whether the change means something outside of the publisher.
fn announces(before: &Delivery, after: &Delivery) -> bool {
    before.state.status() != after.state.status()
        || before.permalink != after.permalink
        || before.version != after.version
        || (before.reason != after.reason && after.reason.is_some())
}

pub(crate) fn of_unit(unit: UnitId) -> Origin {
    Origin {
        unit: Some(unit),
        ..Origin::default()
    }
}

/// Tells open pages to fetch again.
pub(crate) async fn touch(conn: &mut PgConnection, topic: &str, id: Uuid) -> Result<()> {
    sqlx::query!("select identity.touch($1, $2)", topic, id)
        .execute(conn)
        .await?;
    Ok(())
}

/// A line of the ministry's audit trail, in the transaction of the change.
pub(crate) async fn audit(
    conn: &mut PgConnection,
    actor: &Actor,
    unit: UnitId,
    action: &str,
    subject: (&str, Uuid),
    detail: Value,
) -> Result<()> {
    sqlx::query!(
        "select audit.append($1, $2, $3, $4, $5, $6, $7)",
        actor.person.map(|person| person.0),
        unit.0,
        action,
        subject.0,
        subject.1,
        detail,
        actor.request
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// A crisis statement goes before whatever else is due at its minute.
fn priority(topic: Topic) -> Priority {
    if topic == Topic::ConsularEmergency {
        Priority::Urgent
    } else {
        Priority::Normal
    }
}
