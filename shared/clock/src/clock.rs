use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// The source of "now", of ids and of elapsed time. Injected everywhere; see the crate's page.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The present instant, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Time elapsed since an arbitrary start; never goes back, whatever is done to [`Clock::now`].
    fn monotonic(&self) -> Duration;

    /// A new identifier: UUID version 7 (RFC 9562) of the present millisecond.
    fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(
            uuid::NoContext,
            seconds,
            now.timestamp_subsec_nanos(),
        ))
    }
}

/// A clock as it is handed around.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock. Made once, in the binary.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// The machine's clock; its monotonic time counts from this call.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// The same, ready to be handed around.
    #[must_use]
    pub fn shared() -> SharedClock {
        Arc::new(Self::new())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that stands still until a test moves it. Clones share their time.
#[derive(Debug, Clone)]
pub struct TestClock {
    time: Arc<Mutex<(DateTime<Utc>, Duration)>>,
}

impl TestClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            time: Arc::new(Mutex::new((now, Duration::ZERO))),
        }
    }

    /// Lets `by` pass, for [`Clock::now`] and [`Clock::monotonic`] alike.
    pub fn advance(&self, by: Duration) {
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        time.0 += TimeDelta::from_std(by).unwrap_or_default();
        time.1 += by;
    }

    /// Sets the wall clock, forward or back, as an administrator or NTP would: monotonic time does not move.
    pub fn set(&self, now: DateTime<Utc>) {
        self.time.lock().unwrap_or_else(PoisonError::into_inner).0 = now;
    }

    /// The same clock, ready to be handed around.
    #[must_use]
    pub fn shared(&self) -> SharedClock {
        Arc::new(self.clone())
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn monotonic(&self) -> Duration {
        self.time.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}
