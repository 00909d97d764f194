//! Real workers under load while things die around them.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::{Clock, SystemClock};
use chancery_contracts::Service;
use chancery_database::embedded::{Cluster, DATABASE};
use chancery_database::{Logins, install};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Worker, send_all};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::common::{House, Task, register, task};

const JOBS: u32 = 2_000;
const LANES: u32 = 20;

/// Who runs at this moment, and how often each job ran to its end.
#[derive(Default)]
struct Register {
    /// Which worker runs it.
    running: HashMap<u32, u32>,
    lanes: HashMap<u32, u32>,
    ended: HashMap<u32, u32>,
    faults: Vec<String>,
}

/// A worker's view of the register: watches that no job runs twice at once, and no two in one lane.
#[derive(Clone, Default)]
struct Watch {
    register: Arc<Mutex<Register>>,
    /// How many jobs ran to their end, for who waits for it.
    progress: watch::Sender<usize>,
    worker: u32,
}

/// A run under watch; its end is noted when it is dropped, however that comes about.
struct Run<'a>(&'a Watch, u32);

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let mut register = self.0.register.lock().unwrap();
        register.running.remove(&self.1);
        register.lanes.remove(&(self.1 % LANES));
    }
}

impl Watch {
    fn begin(&self, n: u32) -> Run<'_> {
        let mut register = self.register.lock().unwrap();
        if register.running.insert(n, self.worker).is_some() {
            register.faults.push(format!("job {n} runs twice at once"));
        }
        if let Some(present) = register.lanes.insert(n % LANES, n) {
            register
                .faults
                .push(format!("jobs {present} and {n} run in one lane"));
        }
        Run(self, n)
    }

    fn ended(&self) -> usize {
        *self.progress.borrow()
    }

    /// Waits until so many jobs ran to their end.
    async fn reaches(&self, ended: u32) {
        let ended = usize::try_from(ended).unwrap();
        let mut progress = self.progress.subscribe();
        progress.wait_for(|now| *now >= ended).await.unwrap();
    }

    /// How many jobs this worker runs.
    fn running(&self) -> usize {
        self.register
            .lock()
            .unwrap()
            .running
            .values()
            .filter(|worker| **worker == self.worker)
            .count()
    }

    fn check(&self) {
        let register = self.register.lock().unwrap();
        assert_eq!(register.faults, [""; 0]);
        assert_eq!(
            register.ended.len(),
            usize::try_from(JOBS).unwrap(),
            "jobs were lost"
        );
    }
}

#[async_trait]
impl Handler for Watch {
    type Message = Task;

    async fn handle(&self, job: &Job<Task>) -> Result<(), JobError> {
        let n = job.message.n;
        let run = self.begin(n);
        // Stands for work: other workers come in between.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        match (n % 7, job.attempt) {
            (1, 1) => {
                return Err(JobError::retry_after(
                    Duration::from_millis(u64::from(n % 30)),
                    "first time",
                ));
            }
            (2, 1) if job.envelope.occurred_at + Duration::from_millis(300) > SystemClock::new().now() => {
                return Err(JobError::snooze(
                    job.envelope.occurred_at + Duration::from_millis(300),
                    "early",
                ));
            }
            _ => {}
        }
        drop(run);
        let mut register = self.register.lock().unwrap();
        *register.ended.entry(n).or_default() += 1;
        self.progress.send_replace(register.ended.len());
        Ok(())
    }
}

fn start(pool: &PgPool, watch: &Watch) -> (CancellationToken, JoinHandle<()>) {
    let options = Options {
        concurrency: 30,
        ..Options::default()
    };
    let handlers = Handlers::new(Service::Calendar).on(watch.clone(), options);
    let worker = Worker::new(pool.clone(), handlers, SystemClock::shared());
    let stop = CancellationToken::new();
    let token = stop.clone();
    (
        stop,
        tokio::spawn(async move { worker.run(token).await.unwrap() }),
    )
}

async fn send_load(pool: &PgPool) {
    let all: Vec<_> = (0..JOBS)
        .map(|n| task(n).lane(format!("lane {}", n % LANES)))
        .collect();
    for batch in all.chunks(50) {
        send_all(&mut pool.acquire().await.unwrap(), batch).await.unwrap();
    }
}

/// Tells listeners of `channel` after every statement that does `what` to `table`.
async fn tell(owner: &PgPool, channel: &str, what: &str, table: &str) -> PgListener {
    let statements = format!(
        "create function calendar.tell_{channel}() returns trigger language plpgsql security definer as
             $$ begin perform pg_notify('{channel}', ''); return null; end $$;
         create trigger tell_{channel} after {what} on {table} execute function calendar.tell_{channel}()"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements))
        .execute(owner)
        .await
        .unwrap();
    let mut listener = PgListener::connect_with(owner).await.unwrap();
    listener.listen(channel).await.unwrap();
    listener
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_vanish_in_the_middle_lose_nothing() {
    let house = House::new().await;
    let pool = house.database.service(Service::Calendar);
    let stays = Watch::default();
    let vanishes = Watch {
        worker: 1,
        ..stays.clone()
    };
    let (stop, survivor) = start(&pool, &stays);
    let sending = tokio::spawn({
        let pool = pool.clone();
        async move { send_load(&pool).await }
    });
    stays.reaches(JOBS / 10).await;
    for part in 2..5 {
        let (_never, doomed) = start(&pool, &vanishes);
        while vanishes.running() == 0 && stays.ended() < usize::try_from(JOBS / 10 * part).unwrap() {
            tokio::task::yield_now().await;
        }
        doomed.abort();
        assert!(doomed.await.is_err());
        while vanishes.running() > 0 {
            tokio::task::yield_now().await;
        }
        // Its lease has run out; the survivor, whose has not, rescues.
        sqlx::query(
            "update queue.workers set lease_until = now() - interval '1 s', suspected_at = now() - interval '14 s'
            where id = (select id from queue.workers order by started_at desc limit 1)
                and (select count(*) from queue.workers) > 1",
        )
        .execute(house.owner())
        .await
        .unwrap();
    }
    sending.await.unwrap();
    stays.reaches(JOBS).await;
    stop.cancel();
    survivor.await.unwrap();
    stays.check();
    assert_eq!(house.count("true").await, 0, "what has ended is settled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_database_under_load_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut cluster = Cluster::start(&data).await.unwrap();
    let logins = Logins::new(&cluster.url(DATABASE), "restart", b"secret").unwrap();
    install(&logins).await.unwrap();
    let owner = logins.owner_pool().await.unwrap();
    register(&owner).await;
    let pool = logins.pool(Service::Calendar, 4);
    send_load(&pool).await;

    let watch = Watch::default();
    let (stop, worker) = start(&pool, &watch);
    watch.reaches(JOBS / 5).await;
    cluster.stop().await.unwrap();
    cluster = Cluster::start(&data).await.unwrap();
    watch.reaches(JOBS / 2).await;
    // And once without a goodbye.
    let postmaster = nix::unistd::Pid::from_raw(cluster.pid().unwrap());
    nix::sys::signal::kill(postmaster, nix::sys::signal::Signal::SIGKILL).unwrap();
    drop(cluster.stop().await);
    let cluster = Cluster::start(&data).await.unwrap();
    watch.reaches(JOBS).await;
    stop.cancel();
    worker.await.unwrap();
    watch.check();
    owner.close().await;
    pool.close().await;
    cluster.stop().await.unwrap();
}

const ADDRESS: &str = "QUEUE_TEST_DATABASE";

/// Not a test: the process that `kill_9…` starts and kills.
#[tokio::test]
#[ignore = "is run by kill_9_of_a_worker_under_load_loses_nothing in a process of its own"]
async fn worker_process() {
    struct Writes(PgPool);

    #[async_trait]
    impl Handler for Writes {
        type Message = Task;

        async fn handle(&self, job: &Job<Task>) -> Result<(), JobError> {
            let n = i32::try_from(job.message.n).unwrap();
            let mut transaction = self.0.begin().await?;
            job.fence.hold(&mut transaction).await?;
            sqlx::query(
                "insert into calendar.ran values ($1, 1) on conflict (n) do update set times = ran.times + 1",
            )
            .bind(n)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(())
        }
    }

    let logins = Logins::new(&std::env::var(ADDRESS).unwrap(), Logins::PREFIX, b"test").unwrap();
    let pool = logins.pool(Service::Calendar, 8);
    let handlers = Handlers::new(Service::Calendar).on(Writes(pool.clone()), Options::default());
    Worker::new(pool, handlers, SystemClock::shared())
        .run(CancellationToken::new())
        .await
        .unwrap();
}

fn spawn_worker(url: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["crashes::worker_process", "--exact", "--ignored", "--nocapture"])
        .env(ADDRESS, url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn kill_9_of_a_worker_under_load_loses_nothing() {
    let house = House::new().await;
    sqlx::query("create table calendar.ran (n integer primary key, times integer not null)")
        .execute(house.owner())
        .await
        .unwrap();
    sqlx::query("grant all on calendar.ran to chancery_calendar")
        .execute(house.owner())
        .await
        .unwrap();
    let mut runs = tell(house.owner(), "runs", "insert or update", "calendar.ran").await;
    let mut ends = tell(house.owner(), "ends", "delete", "queue.jobs").await;
    send_load(&house.database.service(Service::Calendar)).await;
    let ran = async || -> i64 {
        sqlx::query_scalar("select count(*) from calendar.ran")
            .fetch_one(house.owner())
            .await
            .unwrap()
    };
    let url = house.database.url();
    for part in 1..=3 {
        let mut worker = spawn_worker(&url);
        while ran().await < i64::from(JOBS * part / 5) {
            runs.recv().await.unwrap();
        }
        worker.kill().unwrap();
        worker.wait().unwrap();
        assert!(
            house.count("state = 'running'").await > 0,
            "it was killed in the middle"
        );
        // Thirty seconds pass.
        sqlx::query("update queue.workers set lease_until = now() - interval '1 s', suspected_at = now() - interval '14 s'")
            .execute(house.owner())
            .await
            .unwrap();
    }
    let mut last = spawn_worker(&url);
    while house.count("true").await > 0 {
        ends.recv().await.unwrap();
    }
    last.kill().unwrap();
    last.wait().unwrap();
    assert_eq!(ran().await, i64::from(JOBS), "jobs were lost");
    let again: i64 = sqlx::query_scalar("select count(*) from calendar.ran where times > 1")
        .fetch_one(house.owner())
        .await
        .unwrap();
    assert!(
        again <= 600,
        "{again} jobs ran again: more than three workers can have had in hand"
    );
}
