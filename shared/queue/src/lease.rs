use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chancery_clock::SharedClock;
use sqlx::PgPool;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store;

/// How often a lease is renewed. The database gives 30 s each time.
const BEAT: Duration = Duration::from_secs(10);
/// Without a confirmed renewal for this long a worker takes its own lease for lost, before anybody else does.
const TRUSTED: Duration = Duration::from_secs(25);

/// A worker's right to the jobs that it holds.
#[derive(Debug)]
pub struct Lease {
    /// The worker that holds it; a new one after every loss.
    pub worker: Uuid,
    /// Cancelled when the lease is lost: whatever runs under it must stop.
    pub lost: CancellationToken,
    clock: SharedClock,
    confirmed: AtomicU64,
}

impl Lease {
    /// A lease that was asked for at `asked` (monotonic time, before the question went out) and granted.
    pub fn granted(worker: Uuid, clock: SharedClock, asked: Duration) -> Self {
        let lease = Self {
            worker,
            lost: CancellationToken::new(),
            clock,
            confirmed: AtomicU64::new(0),
        };
        lease.confirm(asked);
        lease
    }

    /// A renewal that was asked for at `asked` was granted.
    pub fn confirm(&self, asked: Duration) {
        self.confirmed.store(
            u64::try_from(asked.as_millis()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
    }

    /// Whether nobody else can have been given this worker's jobs yet.
    pub fn still_held(&self) -> bool {
        let confirmed = Duration::from_millis(self.confirmed.load(Ordering::Relaxed));
        !self.lost.is_cancelled() && self.clock.monotonic().saturating_sub(confirmed) < TRUSTED
    }
}

/// Renews the lease, and gives it up when that can't be done in time.
pub async fn beat(pool: PgPool, lease: Arc<Lease>) {
    let mut wait = BEAT;
    loop {
        sleep(wait).await;
        let asked = lease.clock.monotonic();
        match timeout(Duration::from_secs(5), store::beat(&pool, lease.worker)).await {
            Ok(Ok(true)) => {
                lease.confirm(asked);
                wait = BEAT;
            }
            Ok(Err(_)) | Err(_) if lease.still_held() => wait = Duration::from_millis(500),
            _ => return lease.lost.cancel(),
        }
    }
}
