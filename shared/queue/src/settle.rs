use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use tokio::sync::{Notify, mpsc};

use crate::lease::Lease;
use crate::store::{self, Done, Taken, Unsuccessful};
use crate::{JobError, Options, QueueError};

/// How a run ended, as the database is told.
#[derive(Debug)]
pub enum Ending {
    Done(Done),
    Unsuccessful(Unsuccessful),
}

impl Ending {
    /// Decides what becomes of `taken` after a run that took `millis`.
    pub fn of(
        taken: &Taken,
        result: Result<(), JobError>,
        options: Options,
        now: DateTime<Utc>,
        ran: Duration,
    ) -> Self {
        let millis = i32::try_from(ran.as_millis()).unwrap_or(i32::MAX);
        let (id, fence) = (taken.id, taken.fence);
        let Err(error) = result else {
            return Self::Done(Done { id, fence, millis });
        };
        let exhausted = u32::try_from(taken.attempt).unwrap_or(u32::MAX) >= options.max_attempts;
        let (outcome, run_at, reason) = match error {
            JobError::Retry { reason, .. } if exhausted => (
                "dead",
                None,
                format!("{reason} (attempt {}, the last)", taken.attempt),
            ),
            JobError::Retry { after, reason } => {
                let wait = after.unwrap_or_else(|| backoff(taken.attempt, taken.id));
                ("retried", Some(later(now, wait)), reason)
            }
            JobError::Snooze { until, reason } => ("snoozed", Some(until), reason),
            JobError::Fail { reason } => ("dead", None, reason),
            JobError::NeedsPerson { reason } => ("needs_person", None, reason),
        };
        Self::Unsuccessful(Unsuccessful {
            id,
            fence,
            outcome,
            run_at,
            reason,
            millis,
        })
    }

    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Unsuccessful(ended) => ended.outcome,
        }
    }
}

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = TimeDelta::from_std(wait)
        .unwrap_or(TimeDelta::days(365))
        .min(TimeDelta::days(365));
    now + wait
}

/// 1 s, 2 s, 4 s … 1 h, give or take an eighth by the job's number, so that what failed together is not tried again
/// together.
fn backoff(attempt: i32, job: i64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(12);
    let full = Duration::from_secs(1 << doublings).min(Duration::from_hours(1));
    let spread = u32::try_from(job.rem_euclid(257)).unwrap_or(0);
    full * (896 + spread) / 1024
}

/// Tells the database how runs ended, in as few statements as the pace allows: whatever ends while one statement is on
/// its way goes into the next. Ends when `endings` is closed and empty, or the lease is lost.
pub async fn settle_all(
    pool: PgPool,
    lease: Arc<Lease>,
    mut endings: mpsc::UnboundedReceiver<Ending>,
    unsettled: Arc<AtomicUsize>,
    woken_from: Arc<AtomicI64>,
    wake: Arc<Notify>,
) {
    let mut batch = Vec::new();
    while endings.recv_many(&mut batch, 2_000).await > 0 {
        let count = batch.len();
        let mut done = Vec::with_capacity(count);
        let mut ended = Vec::new();
        for ending in batch.drain(..) {
            match ending {
                Ending::Done(one) => done.push(one),
                Ending::Unsuccessful(one) => ended.push(one),
            }
        }
        let told = tokio::select! {
            () = lease.lost.cancelled() => return,
            woken = tell(&pool, &done, &ended) => woken,
        };
        unsettled.fetch_sub(count, Ordering::Relaxed);
        if told > 0 {
            // Whoever waited behind these in a lane was sent after them, as a rule.
            let numbers = done
                .iter()
                .map(|one| one.id)
                .chain(ended.iter().map(|one| one.id));
            woken_from.fetch_min(numbers.min().unwrap_or_default(), Ordering::Relaxed);
            wake.notify_one();
        }
    }
}

/// Repeats until the database has heard: a repetition does no harm, since a fence that has passed is ignored.
async fn tell(pool: &PgPool, done: &[Done], ended: &[Unsuccessful]) -> i32 {
    let mut wait = Duration::from_millis(20);
    loop {
        match tell_once(pool, done, ended).await {
            Ok(woken) => return woken,
            Err(error) => {
                tracing::warn!(%error, jobs = done.len() + ended.len(), "ends of jobs not yet told");
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(2));
    }
}

/// Tells the database once. Returns how many jobs were woken by lanes that came free.
pub async fn tell_once(pool: &PgPool, done: &[Done], ended: &[Unsuccessful]) -> Result<i32, QueueError> {
    let mut woken = 0;
    if !done.is_empty() {
        woken += store::complete(pool, done).await?;
    }
    if !ended.is_empty() {
        woken += store::release(pool, ended).await?;
    }
    Ok(woken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_off_doubles_up_to_an_hour_and_spreads() {
        let near = |attempt, seconds: f64| {
            let wait = backoff(attempt, 128).as_secs_f64();
            assert!((wait / seconds - 1.0).abs() < 0.01, "attempt {attempt}: {wait} s");
        };
        near(1, 1.0);
        near(2, 2.0);
        near(6, 32.0);
        near(20, 3600.0);
        let waits: std::collections::HashSet<_> = (0..100).map(|job| backoff(3, job)).collect();
        assert_eq!(waits.len(), 100);
    }
}
