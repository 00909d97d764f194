//! Health: named checks, grouped by service.
//!
//! A check is cheap, has no side effect and says in one sentence what is wrong. All checks run at once, each with a time
//! limit; an answer is kept for a second so that an eager load balancer cannot become load.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// A check that takes longer than this has failed.
const LIMIT: Duration = Duration::from_secs(2);
/// How long an answer is reused.
const KEPT: Duration = Duration::from_secs(1);

type Answer = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// One named check of one service.
#[derive(Clone)]
pub struct Check {
    service: &'static str,
    name: &'static str,
    ask: Arc<dyn Fn() -> Answer + Send + Sync>,
}

impl Check {
    /// A check that asks `ask` each time; an `Err` says in one sentence what is wrong.
    pub fn new<F, A>(service: &'static str, name: &'static str, ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self {
            service,
            name,
            ask: Arc::new(move || Box::pin(ask())),
        }
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Check({}/{})", self.service, self.name)
    }
}

/// The answer of `/readyz`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether every check passed.
    pub ready: bool,
    /// For each service each check's result: `ok`, or the sentence that says what is wrong.
    pub services: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
}

/// All checks of this process.
#[derive(Debug, Clone, Default)]
pub struct Health {
    checks: Vec<Check>,
    last: Arc<Mutex<Option<(Instant, Report)>>>,
}

impl Health {
    /// Collects the checks of the services that this process runs.
    pub fn new(checks: impl IntoIterator<Item = Check>) -> Self {
        Self {
            checks: checks.into_iter().collect(),
            last: Arc::default(),
        }
    }

    /// Asks every check at once, or repeats an answer that is younger than a second.
    pub async fn report(&self) -> Report {
        let mut last = self.last.lock().await;
        if let Some((at, report)) = last.as_ref()
            && at.elapsed() < KEPT
        {
            return report.clone();
        }
        let report = self.ask().await;
        *last = Some((Instant::now(), report.clone()));
        report
    }

    async fn ask(&self) -> Report {
        let mut asked = JoinSet::new();
        for check in self.checks.iter().cloned() {
            asked.spawn(async move {
                let answer = match tokio::time::timeout(LIMIT, (check.ask)()).await {
                    Ok(answer) => answer,
                    Err(_) => Err(format!("no answer within {} seconds", LIMIT.as_secs())),
                };
                (check.service, check.name, answer)
            });
        }
        let mut report = Report {
            ready: true,
            services: BTreeMap::new(),
        };
        while let Some(joined) = asked.join_next().await {
            let Ok((service, name, answer)) = joined else {
                // A check that panicked is a failed check; its name went with it.
                report.ready = false;
                continue;
            };
            report.ready &= answer.is_ok();
            let text = answer.err().unwrap_or_else(|| "ok".to_owned());
            report.services.entry(service).or_default().insert(name, text);
        }
        report
    }
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]
mod tests {
    use super::{Check, Health};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn one_failed_check_makes_the_process_not_ready_and_says_why() {
        let health = Health::new([
            Check::new("calendar", "database", || async { Ok(()) }),
            Check::new("publisher", "storage", || async {
                Err("the folder is gone".to_owned())
            }),
        ]);
        let report = health.report().await;
        assert!(!report.ready);
        let found = serde_json::to_value(&report).expect("a report is plain data");
        assert_eq!(found["services"]["calendar"]["database"], "ok");
        assert_eq!(found["services"]["publisher"]["storage"], "the folder is gone");
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_hangs_fails_instead_of_hanging_the_answer() {
        let health = Health::new([Check::new("newsroom", "database", std::future::pending)]);
        assert!(!health.report().await.ready);
    }

    #[tokio::test]
    async fn an_eager_prober_does_not_become_load() {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let health = Health::new([Check::new("queue", "worker", move || {
            counter.fetch_add(1, Ordering::Relaxed);
            async { Ok(()) }
        })]);
        for _ in 0..100 {
            assert!(health.report().await.ready);
        }
        // The hundred questions take far less than the second for which an answer is kept; two allows for a slow machine.
        assert!(asked.load(Ordering::Relaxed) <= 2);
    }
}
