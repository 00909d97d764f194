use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::{Clock, TestClock};
use chancery_contracts::{Service, command, event};
use chancery_database::testing::TestDatabase;
use chancery_queue::{
    Drained, Handler, Handlers, Job, JobError, Message, Options, Origin, Outgoing, Worker, send_all,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgPool;

/// A command that two services send and one handles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub n: u32,
}
command!(Task, "calendar.test_task", 2, [Publisher, Calendar] => Calendar);

/// Another command of the same service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    pub n: u32,
}
command!(Other, "calendar.test_other", 1, [Calendar] => Calendar);

/// An event that two services subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    pub n: u32,
}
event!(News, "publisher.test_news", 1, [Publisher] => [Calendar, Newsroom]);

pub const NOON: &str = "2026-09-02T12:00:00Z";

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A database that knows the messages above, and a clock that stands at noon.
pub struct House {
    pub database: TestDatabase,
    pub clock: TestClock,
}

impl House {
    pub async fn new() -> Self {
        let database = TestDatabase::new().await;
        register(database.owner()).await;
        Self {
            database,
            clock: TestClock::at(at(NOON)),
        }
    }

    pub fn owner(&self) -> &PgPool {
        self.database.owner()
    }

    pub async fn send(&self, from: Service, messages: &[Outgoing]) {
        let pool = self.database.service(from);
        send_all(&mut pool.acquire().await.unwrap(), messages)
            .await
            .unwrap();
    }

    pub fn worker(&self, handlers: Handlers) -> Worker {
        Worker::new(
            self.database.service(handlers.service()),
            handlers,
            self.clock.shared(),
        )
    }

    /// Runs what is due for the calendar with `script` for tasks; returns the numbers in the order in which they ran.
    pub async fn run_tasks(
        &self,
        script: impl Fn(&Job<Task>) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> (Drained, Vec<u32>) {
        let ran: Arc<Mutex<Vec<u32>>> = Arc::default();
        let seen = Arc::clone(&ran);
        let scripted = Script::new(move |job: &Job<Task>| {
            seen.lock().unwrap().push(job.message.n);
            script(job)
        });
        let handlers = Handlers::new(Service::Calendar).on(scripted, Options::default());
        let drained = self.worker(handlers).drain().await.unwrap();
        let ran = ran.lock().unwrap().clone();
        (drained, ran)
    }

    pub async fn count(&self, condition: &str) -> i64 {
        let statement = format!("select count(*) from queue.jobs where {condition}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .fetch_one(self.owner())
            .await
            .unwrap()
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// Makes the test messages known, and only them.
pub async fn register(owner: &PgPool) {
    let kinds = json!([
        {"kind": Task::KIND, "is": "command", "producers": ["publisher", "calendar"], "consumers": ["calendar"]},
        {"kind": Other::KIND, "is": "command", "producers": ["calendar"], "consumers": ["calendar"]},
        {"kind": News::KIND, "is": "event", "producers": ["publisher"], "consumers": ["calendar", "newsroom"]},
    ]);
    sqlx::query("select queue.register($1)")
        .bind(kinds)
        .execute(owner)
        .await
        .unwrap();
}

pub fn task(n: u32) -> Outgoing {
    Outgoing::new(Task { n }, &Origin::default())
}

pub fn other(n: u32) -> Outgoing {
    Outgoing::new(Other { n }, &Origin::default())
}

type Act<M> = dyn Fn(&Job<M>) -> Result<(), JobError> + Send + Sync;

/// A handler that does what a closure says.
pub struct Script<M>(Arc<Act<M>>);

impl<M> Script<M> {
    pub fn new(act: impl Fn(&Job<M>) -> Result<(), JobError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(act))
    }
}

#[async_trait]
impl<M: Message> Handler for Script<M> {
    type Message = M;

    async fn handle(&self, job: &Job<M>) -> Result<(), JobError> {
        (self.0)(job)
    }
}
