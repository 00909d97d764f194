use std::sync::Arc;
use std::time::Duration;

use chancery_clock::SharedClock;
use futures_util::future::join_all;
use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::lease::Lease;
use crate::schedule::Ticking;
use crate::settle::{Ending, tell_once};
use crate::shift::{End, Shift, run};
use crate::{Handlers, QueueError, store};

/// Runs the jobs of one service. Any number of them may, in any number of processes.
#[derive(Debug)]
pub struct Worker {
    pool: PgPool,
    handlers: Handlers,
    clock: SharedClock,
}

/// What [`Worker::drain`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Runs that succeeded.
    pub done: usize,
    /// Runs that will be tried again.
    pub retried: usize,
    /// Runs that were put off.
    pub snoozed: usize,
    /// Jobs that became dead letters.
    pub dead: usize,
    /// Jobs that wait for a person now.
    pub needs_person: usize,
    /// Ticks of schedules.
    pub ticks: usize,
}

impl Drained {
    /// All runs.
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.done + self.retried + self.snoozed + self.dead + self.needs_person
    }

    fn count(&mut self, ending: &Ending) {
        *match ending.outcome() {
            "retried" => &mut self.retried,
            "snoozed" => &mut self.snoozed,
            "dead" => &mut self.dead,
            "needs_person" => &mut self.needs_person,
            _ => &mut self.done,
        } += 1;
    }
}

impl Worker {
    /// A worker of the service whose role `pool` connects as.
    #[must_use]
    pub fn new(pool: PgPool, handlers: Handlers, clock: SharedClock) -> Self {
        Self {
            pool,
            handlers,
            clock,
        }
    }

    /// Works until `shutdown`, through failures and restarts of the database. Jobs that run then may end within 20 s.
    /// Keeps four connections of its own, so that handlers can't starve the lease.
    ///
    /// # Errors
    /// When a schedule's expression is wrong; at once.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), QueueError> {
        for schedule in &self.handlers.schedules {
            chancery_clock::Recurrence::parse(schedule.cron, schedule.zone).map_err(|source| {
                QueueError::Schedule {
                    name: schedule.name,
                    source,
                }
            })?;
        }
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(self.pool.connect_options().as_ref().clone());
        let wake = Arc::new(Notify::new());
        let mut helpers = JoinSet::new();
        helpers.spawn(listen(
            pool.clone(),
            self.handlers.service.name(),
            Arc::clone(&wake),
        ));
        helpers.spawn(chores(
            pool.clone(),
            self.handlers.clone(),
            Arc::clone(&self.clock),
        ));
        let mut finishing = JoinSet::new();
        let mut wait = Duration::from_millis(50);
        while !shutdown.is_cancelled() {
            let lease = match self.enlist(&pool).await {
                Ok(lease) => lease,
                Err(error) => {
                    tracing::warn!(%error, service = %self.handlers.service, "no lease yet; trying again");
                    tokio::select! {
                        () = shutdown.cancelled() => break,
                        () = sleep(wait) => wait = (wait * 2).min(Duration::from_secs(2)),
                    }
                    continue;
                }
            };
            wait = Duration::from_millis(50);
            let mut shift = Shift::begin(
                pool.clone(),
                Arc::clone(&self.clock),
                &self.handlers.kinds,
                lease,
                Arc::clone(&wake),
            );
            let end = shift.work(&shutdown).await;
            if end == End::Lost {
                tracing::warn!(service = %self.handlers.service, "the lease was lost; all jobs in hand are dropped");
                shift.finish(end).await;
            } else {
                finishing.spawn(shift.finish(end));
            }
        }
        finishing.join_all().await;
        Ok(())
    }

    /// For tests: runs everything that is due by the clock it was given, schedules included, until nothing is.
    ///
    /// # Errors
    /// When the database fails or a schedule's expression is wrong.
    pub async fn drain(&self) -> Result<Drained, QueueError> {
        let mut drained = Drained::default();
        let lease = Arc::new(self.enlist(&self.pool).await?);
        let kinds: Vec<_> = self.handlers.kinds().collect();
        let rooms = vec![100; kinds.len()];
        store::retire(&self.pool, &self.handlers.retired).await?;
        let mut fruitless = 0;
        while fruitless < 400 {
            for schedule in &self.handlers.schedules {
                let mut ticking = Ticking::begin(&self.pool, schedule.clone(), self.clock.now()).await?;
                drained.ticks += usize::from(ticking.tick(&self.pool, self.clock.now()).await?);
            }
            let now = self.clock.now();
            let jobs = store::fetch(&self.pool, lease.worker, &kinds, &rooms, now, &[]).await?;
            if jobs.is_empty() {
                match store::next_due(&self.pool, &kinds, now, &[]).await? {
                    // Due, but in somebody's transaction.
                    Some(due) if due <= now => {
                        fruitless += 1;
                        sleep(Duration::from_millis(5)).await;
                        continue;
                    }
                    _ => break,
                }
            }
            fruitless = 0;
            let runs = jobs.into_iter().filter_map(|taken| {
                let (kind, registered) = self.handlers.kinds.get_key_value(taken.kind.as_str())?;
                Some(run(kind, registered, taken, Arc::clone(&lease), &self.clock))
            });
            let (mut done, mut unsuccessful) = (Vec::new(), Vec::new());
            for ending in join_all(runs).await {
                drained.count(&ending);
                match ending {
                    Ending::Done(one) => done.push(one),
                    Ending::Unsuccessful(one) => unsuccessful.push(one),
                }
            }
            tell_once(&self.pool, &done, &unsuccessful).await?;
        }
        store::leave(&self.pool, lease.worker).await?;
        Ok(drained)
    }

    async fn enlist(&self, pool: &PgPool) -> Result<Lease, QueueError> {
        let (worker, asked) = (self.clock.new_id(), self.clock.monotonic());
        store::enlist(pool, worker, &whereabouts()).await?;
        Ok(Lease::granted(worker, Arc::clone(&self.clock), asked))
    }
}

/// Which process this is, for who reads `queue.workers`.
fn whereabouts() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{} {}", host.trim(), std::process::id())
}

/// Wakes the worker when somebody has put something on the queue.
async fn listen(pool: PgPool, service: &'static str, wake: Arc<Notify>) {
    let channel = format!("queue_{service}");
    loop {
        match PgListener::connect_with(&pool).await {
            Ok(mut listener) => {
                if listener.listen(&channel).await.is_ok() {
                    // What was sent before we listened, or while the connection was down.
                    wake.notify_one();
                    while let Ok(Some(_)) = listener.try_recv().await {
                        wake.notify_one();
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "not listening; polling goes on"),
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// Rescues, schedules and tidying: whoever comes first does it, the others find nothing to do.
async fn chores(pool: PgPool, handlers: Handlers, clock: SharedClock) {
    let mut ticking: Vec<Ticking> = Vec::new();
    let mut unknown = handlers.schedules.clone();
    let mut tidied = None;
    loop {
        for schedule in std::mem::take(&mut unknown) {
            match Ticking::begin(&pool, schedule.clone(), clock.now()).await {
                Ok(begun) => {
                    ticking.retain(|one| one.name() != schedule.name);
                    ticking.push(begun);
                }
                Err(error) => {
                    tracing::warn!(%error, schedule = schedule.name, "schedule not yet begun");
                    unknown.push(schedule);
                }
            }
        }
        for one in &mut ticking {
            if let Err(error) = one.tick(&pool, clock.now()).await {
                tracing::warn!(%error, "a schedule's tick was not sent; trying again");
            }
        }
        match store::rescue(&pool).await {
            Ok(0) => {}
            Ok(jobs) => tracing::warn!(jobs, "jobs of a lost worker were rescued"),
            Err(error) => tracing::debug!(%error, "no rescue this time"),
        }
        let minute = clock.monotonic().as_secs() / 60;
        if tidied != Some(minute) {
            tidied = Some(minute);
            tidy(&pool, &handlers).await;
            // Reckoned anew, in case the clock was set: a tick may come twice, but none is silenced.
            unknown.clone_from(&handlers.schedules);
        }
        let next = ticking.iter().filter_map(Ticking::next).min();
        let wait = next
            .and_then(|next| (next - clock.now()).to_std().ok())
            .unwrap_or(Duration::from_secs(1));
        sleep(wait.clamp(Duration::from_millis(1), Duration::from_secs(1))).await;
    }
}

async fn tidy(pool: &PgPool, handlers: &Handlers) {
    match store::retire(pool, &handlers.retired).await {
        Ok(0) => {}
        Ok(jobs) => {
            tracing::warn!(jobs, kinds = ?handlers.retired, "jobs of retired kinds are dead letters now");
        }
        Err(error) => tracing::debug!(%error, "retired kinds not drained this time"),
    }
    match store::tidy(pool).await {
        Ok(0) => {}
        Ok(jobs) => tracing::error!(
            jobs,
            "jobs were parked behind nothing; this is a bug of the queue"
        ),
        Err(error) => tracing::debug!(%error, "not tidied this time"),
    }
}
