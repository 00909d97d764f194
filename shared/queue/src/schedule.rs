use chancery_clock::{Recurrence, Tz};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::{Outgoing, QueueError, send, store};

/// A command that is sent again and again, once per tick however many workers there are. Ticks that were missed while
/// nothing ran are made up for by one.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Unique in the service.
    pub name: &'static str,
    /// Seconds, minutes, hours, day of month, month, day of week: `0 30 6 * * *`.
    pub cron: &'static str,
    /// On whose wall the expression is read. An hour that a zone's wall shows twice counts once: what must run every
    /// minute says UTC.
    pub zone: Tz,
    /// What to send, given the instant of the tick.
    pub command: fn(DateTime<Utc>) -> Outgoing,
}

/// A schedule that runs: its next tick is known.
#[derive(Debug)]
pub struct Ticking {
    schedule: Schedule,
    recurrence: Recurrence,
    /// None: it has come to its end.
    next: Option<DateTime<Utc>>,
}

impl Ticking {
    /// Makes `schedule` known to the database and learns its next tick.
    pub async fn begin(pool: &PgPool, schedule: Schedule, now: DateTime<Utc>) -> Result<Self, QueueError> {
        let recurrence =
            Recurrence::parse(schedule.cron, schedule.zone).map_err(|source| QueueError::Schedule {
                name: schedule.name,
                source,
            })?;
        let next = match recurrence.next_after(now) {
            None => None,
            Some(next) => Some(
                store::plan(
                    pool,
                    schedule.name,
                    schedule.cron,
                    schedule.zone.name(),
                    next,
                    now,
                )
                .await?,
            ),
        };
        Ok(Self {
            schedule,
            recurrence,
            next,
        })
    }

    /// The schedule's name.
    pub fn name(&self) -> &'static str {
        self.schedule.name
    }

    /// The next tick, as far as this process knows.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.next
    }

    /// Sends the command if its tick has come and nobody else has sent it: the next tick is set by compare-and-set in
    /// the transaction that enqueues. Says whether it did.
    pub async fn tick(&mut self, pool: &PgPool, now: DateTime<Utc>) -> Result<bool, QueueError> {
        let Some(due) = self.next.filter(|due| *due <= now) else {
            return Ok(false);
        };
        // An expression that has come to its end is parked a century ahead.
        let following = self
            .recurrence
            .next_after(now)
            .unwrap_or(now + TimeDelta::days(36_525));
        let mut transaction = pool.begin().await?;
        let (won, next) = store::tick(&mut transaction, self.schedule.name, due, following).await?;
        if won {
            send(&mut transaction, &(self.schedule.command)(due)).await?;
        }
        transaction.commit().await?;
        self.next = Some(next);
        Ok(won)
    }
}
