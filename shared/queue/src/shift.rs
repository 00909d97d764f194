use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use chancery_clock::SharedClock;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use sqlx::PgPool;
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::desk::Desk;
use crate::handler::Registered;
use crate::lease::{self, Lease};
use crate::settle::{self, Ending};
use crate::store::{self, Taken};
use crate::{Fence, JobError, QueueError};

/// How often to look whether or not anybody has called: notifications can be missed.
const POLL: Duration = Duration::from_secs(1);
/// Above so many ends of jobs that the database has not heard of, nothing more is taken.
const MOST_UNSETTLED: usize = 8_000;
/// How long running jobs may go on after the order to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Why a shift ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The process is stopping.
    Shutdown,
    /// The lease was lost: everything in hand was dropped.
    Lost,
    /// A fetch failed, so that nobody knows what it took: what runs is finished, the rest is given back.
    Uncertain,
}

/// A worker under one lease: takes jobs, runs them, and has their ends told.
pub struct Shift {
    pub lease: Arc<Lease>,
    pub wake: Arc<Notify>,
    pool: PgPool,
    clock: SharedClock,
    desks: Vec<Desk>,
    places: HashMap<&'static str, usize>,
    running: JoinSet<(usize, Ending)>,
    fetching: Option<JoinHandle<Result<Fetched, QueueError>>>,
    settling: JoinHandle<()>,
    /// Renews the lease; ends with the shift, however that ends.
    heart: JoinSet<()>,
    endings: mpsc::UnboundedSender<Ending>,
    unsettled: Arc<AtomicUsize>,
    /// The lowest number of a job that ended and freed its lane, since the last fetch.
    woken_from: Arc<AtomicI64>,
    /// When to seek without floors again.
    thorough_at: Duration,
    fruitless: u32,
    alarm: Instant,
}

struct Fetched {
    jobs: Vec<Taken>,
    asked: Vec<(usize, usize)>,
    /// When to look again; asked only if nothing was left over.
    next_due: Option<DateTime<Utc>>,
    /// It sought without floors, and was asked at this time (monotonic).
    thorough: Option<Duration>,
}

impl Shift {
    pub fn begin(
        pool: PgPool,
        clock: SharedClock,
        kinds: &HashMap<&'static str, Registered>,
        lease: Lease,
        wake: Arc<Notify>,
    ) -> Self {
        let lease = Arc::new(lease);
        let unsettled = Arc::new(AtomicUsize::new(0));
        let woken_from = Arc::new(AtomicI64::new(i64::MAX));
        let (endings, told) = mpsc::unbounded_channel();
        let settling = tokio::spawn(settle::settle_all(
            pool.clone(),
            Arc::clone(&lease),
            told,
            Arc::clone(&unsettled),
            Arc::clone(&woken_from),
            Arc::clone(&wake),
        ));
        let mut heart = JoinSet::new();
        heart.spawn(lease::beat(pool.clone(), Arc::clone(&lease)));
        let desks: Vec<_> = kinds
            .iter()
            .map(|(kind, registered)| Desk::new(kind, registered.clone()))
            .collect();
        let places = desks
            .iter()
            .enumerate()
            .map(|(place, desk)| (desk.kind, place))
            .collect();
        Self {
            lease,
            wake,
            pool,
            clock,
            desks,
            places,
            running: JoinSet::new(),
            fetching: None,
            settling,
            heart,
            endings,
            unsettled,
            woken_from,
            thorough_at: Duration::ZERO,
            fruitless: 0,
            alarm: Instant::now() + POLL,
        }
    }

    /// Works until told to stop or until the lease or the overview is lost.
    pub async fn work(&mut self, shutdown: &CancellationToken) -> End {
        let wake = Arc::clone(&self.wake);
        loop {
            self.start();
            self.fetch();
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return End::Shutdown,
                () = self.lease.lost.cancelled() => return End::Lost,
                fetched = answer(&mut self.fetching), if self.fetching.is_some() => {
                    self.fetching = None;
                    match fetched {
                        Ok(fetched) => self.take(fetched),
                        Err(error) if error.is_lease_lost() => {
                            self.lease.lost.cancel();
                            return End::Lost;
                        }
                        Err(error) => {
                            tracing::warn!(%error, "jobs could not be taken");
                            return End::Uncertain;
                        }
                    }
                }
                Some(ended) = self.running.join_next() => {
                    self.ended(ended);
                    while let Some(ended) = self.running.try_join_next() {
                        self.ended(ended);
                    }
                }
                () = wake.notified() => self.look_again(),
                () = sleep_until(self.alarm) => {
                    self.alarm = Instant::now() + POLL;
                    self.look_again();
                }
            }
        }
    }

    /// Ends the shift: what runs may end within the grace and is told, what was only taken is given back. After the
    /// loss of the lease everything is dropped on the spot and nothing is told.
    pub async fn finish(mut self, end: End) {
        if end == End::Lost {
            self.running.shutdown().await;
            self.settling.abort();
            return;
        }
        let deadline = Instant::now() + GRACE;
        loop {
            tokio::select! {
                ended = self.running.join_next() => match ended {
                    Some(ended) => self.ended(ended),
                    None => break,
                },
                () = self.lease.lost.cancelled() => break,
                () = sleep_until(deadline) => {
                    tracing::warn!(jobs = self.running.len(), "jobs are cut short: they took too long to end");
                    break;
                }
            }
        }
        self.running.shutdown().await;
        drop(self.endings);
        let told = async {
            if self.settling.await.is_err() {
                tracing::error!("the task that tells how jobs ended has died");
            }
            if let Some(fetching) = self.fetching {
                // Whatever it brings is given back.
                drop(fetching.await);
            }
            store::leave(&self.pool, self.lease.worker).await
        };
        match timeout(GRACE, told).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "the worker could not take its leave; its lease will run out");
            }
            Err(_) => tracing::warn!("the worker had no time to take its leave; its lease will run out"),
        }
        self.heart.shutdown().await;
    }

    fn look_again(&mut self) {
        for desk in &mut self.desks {
            desk.more = true;
        }
    }

    fn start(&mut self) {
        for (place, desk) in self.desks.iter_mut().enumerate() {
            while let Some(taken) = desk.next() {
                let (kind, registered) = (desk.kind, desk.registered.clone());
                let (lease, clock) = (Arc::clone(&self.lease), Arc::clone(&self.clock));
                self.running
                    .spawn(async move { (place, run(kind, &registered, taken, lease, &clock).await) });
            }
        }
    }

    fn fetch(&mut self) {
        if self.fetching.is_some() || self.unsettled.load(Ordering::Relaxed) > MOST_UNSETTLED {
            return;
        }
        let now = self.clock.monotonic();
        let asked: Vec<_> = self
            .desks
            .iter_mut()
            .enumerate()
            .filter(|(_, desk)| desk.more)
            .map(|(place, desk)| (place, desk.room(now)))
            .filter(|(_, room)| *room > 0)
            .collect();
        if asked.is_empty() {
            return;
        }
        let thorough = (now >= self.thorough_at).then_some(now);
        let woken = self.woken_from.swap(i64::MAX, Ordering::Relaxed);
        let (mut kinds, mut rooms, mut floors) = (Vec::new(), Vec::new(), Vec::new());
        for (place, room) in &asked {
            let Some(desk) = self.desks.get_mut(*place) else {
                continue;
            };
            kinds.push(desk.kind);
            rooms.push(i32::try_from(*room).unwrap_or(i32::MAX));
            floors.extend(desk.floors(now, woken));
        }
        if thorough.is_some() {
            floors.clear();
        }
        let (pool, now, worker) = (self.pool.clone(), self.clock.now(), self.lease.worker);
        self.fetching = Some(tokio::spawn(async move {
            let jobs = store::fetch(&pool, worker, &kinds, &rooms, now, &floors).await?;
            let wanted: usize = asked.iter().map(|(_, room)| room).sum();
            let next_due = if jobs.len() < wanted {
                store::next_due(&pool, &kinds, now, &floors).await?
            } else {
                None
            };
            Ok(Fetched {
                jobs,
                asked,
                next_due,
                thorough,
            })
        }));
    }

    fn take(&mut self, fetched: Fetched) {
        if let Some(asked) = fetched.thorough {
            // Once a second, but never more than a tenth of the time.
            let now = self.clock.monotonic();
            self.thorough_at = now + (10 * now.saturating_sub(asked)).max(POLL);
        }
        let none = fetched.jobs.is_empty();
        let mut got = vec![0_usize; self.desks.len()];
        for taken in fetched.jobs {
            let Some((place, desk)) = self
                .places
                .get(taken.kind.as_str())
                .and_then(|p| self.desks.get_mut(*p).map(|desk| (*p, desk)))
            else {
                continue;
            };
            if let Some(count) = got.get_mut(place) {
                *count += 1;
            }
            desk.put(taken);
        }
        for (place, asked) in fetched.asked {
            if let (Some(desk), Some(got)) = (self.desks.get_mut(place), got.get(place)) {
                desk.more = *got >= asked;
            }
        }
        let Some(next) = fetched.next_due else { return };
        let wait = (next - self.clock.now()).to_std().unwrap_or_default();
        self.fruitless = if none && wait.is_zero() {
            (self.fruitless + 1).min(7)
        } else {
            0
        };
        // Due, and yet it was not to be had: somebody else holds it or its lane for the moment.
        let wait = if wait.is_zero() {
            Duration::from_millis(2 << self.fruitless)
        } else {
            wait
        };
        self.alarm = self.alarm.min(Instant::now() + wait);
    }

    fn ended(&mut self, ended: Result<(usize, Ending), tokio::task::JoinError>) {
        match ended {
            Ok((place, ending)) => {
                if let Some(desk) = self.desks.get_mut(place) {
                    desk.end();
                }
                self.unsettled.fetch_add(1, Ordering::Relaxed);
                if self.endings.send(ending).is_err() {
                    // Only after the loss of the lease, when nobody wants to know.
                    self.lease.lost.cancel();
                }
            }
            // Panics of handlers are caught where they happen; this is a bug of ours, and the lease must run out.
            Err(error) => {
                tracing::error!(%error, "a job's task has died");
                self.lease.lost.cancel();
            }
        }
    }
}

async fn answer(
    fetching: &mut Option<JoinHandle<Result<Fetched, QueueError>>>,
) -> Result<Fetched, QueueError> {
    match fetching {
        Some(handle) => handle
            .await
            .unwrap_or_else(|error| Err(sqlx::Error::Protocol(error.to_string()).into())),
        None => std::future::pending().await,
    }
}

/// Runs one job to its end, whatever that is.
pub async fn run(
    kind: &'static str,
    registered: &Registered,
    taken: Taken,
    lease: Arc<Lease>,
    clock: &SharedClock,
) -> Ending {
    let span = tracing::info_span!(
        "job",
        kind,
        id = taken.id,
        attempt = taken.attempt,
        message = %taken.message,
        trace = taken.trace.as_deref()
    );
    let due = taken
        .run_at
        .map_or(taken.occurred_at, |at| at.max(taken.occurred_at));
    let delay = (clock.now() - due).to_std().unwrap_or_default();
    metrics::histogram!("queue_start_delay_seconds", "kind" => kind).record(delay.as_secs_f64());
    let began = clock.monotonic();
    let fence = Fence {
        job: taken.id,
        number: taken.fence,
        lease,
    };
    let options = registered.options;
    let work = AssertUnwindSafe(registered.run.run(&taken, fence)).catch_unwind();
    async {
        let result = match timeout(options.timeout, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(JobError::retry(format_args!(
                "the handler panicked: {}",
                words(&*panic)
            ))),
            Err(_) => Err(JobError::retry(format_args!(
                "the run took longer than {:?}",
                options.timeout
            ))),
        };
        let ran = clock.monotonic().saturating_sub(began);
        let ending = Ending::of(&taken, result, options, clock.now(), ran);
        let outcome = ending.outcome();
        if let Ending::Unsuccessful(ended) = &ending {
            if matches!(outcome, "dead" | "needs_person") {
                tracing::error!(outcome, reason = ended.reason, "job given up");
            } else {
                tracing::info!(outcome, reason = ended.reason, until = ?ended.run_at, "job put off");
            }
        }
        metrics::histogram!("queue_run_seconds", "kind" => kind).record(ran.as_secs_f64());
        metrics::counter!("queue_jobs_total", "kind" => kind, "outcome" => outcome).increment(1);
        ending
    }
    .instrument(span)
    .await
}

fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}
