//! `make bench`: how fast the queue is on this machine, and how much of that an old snapshot costs.
//!
//! Figures of design: enqueue 83,000/s, drain 36,000/s, with lanes 12,000/s, start p50 2 ms and p99 7 ms (PostgreSQL 15,
//! fsync on, two cores). `JOBS=50000` sets the size.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chancery_clock::{SharedClock, SystemClock};
use chancery_contracts::{Service, command};
use chancery_database::testing::TestDatabase;
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Origin, Outgoing, Worker, send, send_all};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

/// What travels: a number, and how long to pretend to work.
#[derive(Debug, Serialize, Deserialize)]
struct Work {
    number: usize,
    millis: u64,
    sent: Option<chrono::DateTime<chrono::Utc>>,
}

command!(Work, "calendar.bench", 1, [Calendar] => Calendar);

/// Counts what it did, and the delays of what says when it was sent.
#[derive(Clone)]
struct Count {
    clock: SharedClock,
    done: Arc<AtomicUsize>,
    goal: usize,
    reached: Arc<Notify>,
    /// Jobs from this number on count.
    from: usize,
    delays: Arc<Mutex<Vec<Duration>>>,
}

impl Count {
    fn to(goal: usize, from: usize, clock: &SharedClock) -> Self {
        Self {
            clock: Arc::clone(clock),
            done: Arc::default(),
            goal,
            reached: Arc::default(),
            from,
            delays: Arc::default(),
        }
    }
}

#[async_trait]
impl Handler for Count {
    type Message = Work;

    async fn handle(&self, job: &Job<Work>) -> Result<(), JobError> {
        if let Some(sent) = job.message.sent {
            let delay = (self.clock.now() - sent).to_std().unwrap_or_default();
            self.delays.lock().await.push(delay);
        }
        if job.message.millis > 0 {
            tokio::time::sleep(Duration::from_millis(job.message.millis)).await;
        }
        if job.message.number >= self.from && self.done.fetch_add(1, Ordering::Relaxed) + 1 == self.goal {
            self.reached.notify_one();
        }
        Ok(())
    }
}

struct Bench {
    database: TestDatabase,
    pool: PgPool,
    clock: SharedClock,
    jobs: usize,
}

impl Bench {
    async fn begin(jobs: usize) -> Self {
        let database = TestDatabase::new().await;
        let kinds = json!([{"kind": "calendar.bench", "is": "command", "producers": ["calendar"], "consumers": ["calendar"]}]);
        sqlx::query("select queue.register($1)")
            .bind(kinds)
            .execute(database.owner())
            .await
            .unwrap();
        let pool = database.service(Service::Calendar);
        Self {
            database,
            pool,
            clock: SystemClock::shared(),
            jobs,
        }
    }

    /// Sends in transactions of a thousand; returns jobs a second.
    async fn enqueue(&self, count: usize, lanes: usize) -> f64 {
        let began = Instant::now();
        for start in (0..count).step_by(1_000) {
            let batch: Vec<_> = (start..(start + 1_000).min(count))
                .map(|number| {
                    let one = Outgoing::new(
                        Work {
                            number,
                            millis: 0,
                            sent: None,
                        },
                        &Origin::default(),
                    );
                    if lanes > 0 {
                        one.lane(format!("lane {}", number * 7_919 % lanes))
                    } else {
                        one
                    }
                })
                .collect();
            send_all(&mut self.pool.acquire().await.unwrap(), &batch)
                .await
                .unwrap();
        }
        per_second(count, began.elapsed())
    }

    fn work(&self, count: &Count, concurrency: usize) -> (CancellationToken, tokio::task::JoinHandle<()>) {
        let options = Options {
            concurrency,
            ..Options::default()
        };
        let handlers = Handlers::new(Service::Calendar).on(count.clone(), options);
        let worker = Worker::new(self.pool.clone(), handlers, Arc::clone(&self.clock));
        let stop = CancellationToken::new();
        let token = stop.clone();
        (
            stop,
            tokio::spawn(async move { worker.run(token).await.unwrap() }),
        )
    }

    /// Runs all that waits; returns jobs a second, until the last one is off the table.
    async fn drain(&self, count: usize) -> f64 {
        let goal = Count::to(count, 0, &self.clock);
        let began = Instant::now();
        let (stop, worker) = self.work(&goal, 100);
        goal.reached.notified().await;
        stop.cancel();
        worker.await.unwrap();
        let rate = per_second(count, began.elapsed());
        let left: i64 = sqlx::query_scalar("select count(*) from queue.jobs")
            .fetch_one(self.database.owner())
            .await
            .unwrap();
        assert_eq!(left, 0, "jobs were left over");
        rate
    }

    /// From the commit of a lone job to the first line of its handler.
    async fn start_delay(&self) -> (f64, f64) {
        let goal = Count::to(1_000, 0, &self.clock);
        let (stop, worker) = self.work(&goal, 100);
        for number in 0..1_000 {
            let work = Work {
                number,
                millis: 0,
                sent: Some(self.clock.now()),
            };
            send(
                &mut self.pool.acquire().await.unwrap(),
                &Outgoing::new(work, &Origin::default()),
            )
            .await
            .unwrap();
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        goal.reached.notified().await;
        stop.cancel();
        worker.await.unwrap();
        let mut delays = goal.delays.lock().await.clone();
        delays.sort();
        let at = |share: usize| delays.get(delays.len() * share / 100).unwrap().as_secs_f64() * 1_000.0;
        (at(50), at(99))
    }

    /// Seconds until 2,000 jobs of 5 ms are done that wait behind a lane 20,000 deep.
    async fn behind_a_deep_lane(&self) -> f64 {
        for start in (0..20_000).step_by(1_000) {
            let deep: Vec<_> = (start..start + 1_000)
                .map(|number| {
                    Outgoing::new(
                        Work {
                            number,
                            millis: 5,
                            sent: None,
                        },
                        &Origin::default(),
                    )
                    .lane("deep")
                })
                .collect();
            send_all(&mut self.pool.acquire().await.unwrap(), &deep)
                .await
                .unwrap();
        }
        let others: Vec<_> = (0..2_000)
            .map(|n| {
                Outgoing::new(
                    Work {
                        number: 20_000 + n,
                        millis: 5,
                        sent: None,
                    },
                    &Origin::default(),
                )
            })
            .collect();
        send_all(&mut self.pool.acquire().await.unwrap(), &others)
            .await
            .unwrap();
        let goal = Count::to(2_000, 20_000, &self.clock);
        let began = Instant::now();
        let (stop, worker) = self.work(&goal, 100);
        goal.reached.notified().await;
        let took = began.elapsed().as_secs_f64();
        stop.cancel();
        worker.await.unwrap();
        sqlx::query("truncate queue.jobs")
            .execute(self.database.owner())
            .await
            .unwrap();
        took
    }

    async fn all(&self, title: &str) {
        let enqueue = self.enqueue(self.jobs, 0).await;
        let drain = self.drain(self.jobs).await;
        self.enqueue(self.jobs, 200).await;
        let narrow = self.drain(self.jobs).await;
        let enqueue_lanes = self.enqueue(self.jobs, 2_000).await;
        let wide = self.drain(self.jobs).await;
        let (p50, p99) = self.start_delay().await;
        let deep = self.behind_a_deep_lane().await;
        println!("{title}");
        println!("  enqueue             {enqueue:>9.0} /s   into lanes {enqueue_lanes:>9.0} /s");
        println!("  drain               {drain:>9.0} /s");
        println!("  drain, 200 lanes    {narrow:>9.0} /s");
        println!("  drain, 2,000 lanes  {wide:>9.0} /s");
        println!("  start               p50 {p50:.1} ms, p99 {p99:.1} ms");
        println!("  2,000 jobs of 5 ms behind a lane 20,000 deep: {deep:.2} s");
    }
}

fn per_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64()
}

#[tokio::main]
async fn main() {
    let jobs = std::env::var("JOBS")
        .ok()
        .and_then(|jobs| jobs.parse().ok())
        .unwrap_or(50_000);
    let bench = Bench::begin(jobs).await;
    let (version, fsync): (String, String) =
        sqlx::query_as("select split_part(version(), ' ', 2), current_setting('fsync')")
            .fetch_one(bench.database.owner())
            .await
            .unwrap();
    println!("PostgreSQL {version}, fsync {fsync}, {jobs} jobs that do nothing, one worker");
    bench.all("as usual").await;

    let mut old = bench.database.owner().acquire().await.unwrap();
    sqlx::query("begin isolation level repeatable read")
        .execute(&mut *old)
        .await
        .unwrap();
    sqlx::query("select count(*) from queue.kinds")
        .execute(&mut *old)
        .await
        .unwrap();
    bench.all("with a snapshot held open").await;
    sqlx::query("rollback").execute(&mut *old).await.unwrap();
}
