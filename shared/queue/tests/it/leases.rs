//! What happens when a worker dies, stalls, or the clock is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chancery_contracts::Service;
use chancery_queue::{Handler, Handlers, Job, JobError, Options};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::common::{House, Task, task};
use crate::lanes::Hand;

const TASK: &str = "calendar.test_task";

impl House {
    /// Lets the database's clock jump as far as leases can tell.
    async fn database_clock_jumps(&self, by: &str) {
        sqlx::query(
            "update queue.workers set lease_until = lease_until - $1::text::interval, suspected_at = suspected_at - $1::text::interval",
        )
        .bind(by)
        .execute(self.owner())
        .await
        .unwrap();
    }

    async fn rescue(&self) -> i32 {
        sqlx::query_scalar("select queue.rescue()")
            .fetch_one(&self.database.service(Service::Calendar))
            .await
            .unwrap()
    }

    async fn beat(&self, hand: &Hand<'_>) -> bool {
        sqlx::query_scalar("select queue.beat($1)")
            .bind(hand.id)
            .fetch_one(&self.database.service(Service::Calendar))
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_dead_workers_jobs_are_taken_back_after_thirty_seconds_with_their_lanes() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[task(1).lane("a"), task(2).lane("a"), task(3)],
        )
        .await;
    let dead = Hand::new(&house, 1).await;
    let held = dead.take(&[TASK], 10).await;
    assert_eq!(held.len(), 2);
    for (passed, expected) in [("0 s", 0), ("15 s", 0), ("14 s", 0), ("2 s", 2)] {
        house.database_clock_jumps(passed).await;
        assert_eq!(house.rescue().await, expected, "{passed} later");
    }
    assert_eq!(house.count("state = 'ready' and rescues = 1").await, 2);

    // The dead one rises: nothing that it says counts any more.
    dead.complete(&held).await;
    assert!(!house.beat(&dead).await);
    let refused = sqlx::query("select * from queue.fetch($1, array['calendar.test_task'], array[1], now())")
        .bind(dead.id)
        .execute(&house.database.service(Service::Calendar))
        .await
        .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "QL001");
    assert_eq!(house.run_tasks(|_| Ok(())).await.0.done, 3, "none was lost");
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_kills_nobody_who_lives() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let alive = Hand::new(&house, 1).await;
    let held = alive.take(&[TASK], 1).await;
    house.database_clock_jumps("1 day").await;
    assert_eq!(house.rescue().await, 0, "suspected only");
    house.database_clock_jumps("10 s").await;
    assert_eq!(house.rescue().await, 0);
    assert!(house.beat(&alive).await);
    house.database_clock_jumps("14 s").await;
    assert_eq!(house.rescue().await, 0);
    alive.complete(&held).await;
    assert_eq!(house.count("true").await, 0);
}

#[tokio::test]
async fn a_clock_that_jumps_back_keeps_no_dead_worker_alive() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let dead = Hand::new(&house, 1).await;
    dead.take(&[TASK], 1).await;
    house.database_clock_jumps("-1 day").await;
    assert_eq!(house.rescue().await, 0);
    house.database_clock_jumps("16 s").await;
    assert_eq!(house.rescue().await, 0);
    house.database_clock_jumps("15 s").await;
    assert_eq!(house.rescue().await, 1);
}

#[tokio::test]
async fn a_job_that_kills_its_workers_ends_as_a_dead_letter() {
    let house = House::new().await;
    house
        .send(Service::Calendar, &[task(1).lane("a"), task(2).lane("a")])
        .await;
    for number in 1..=5 {
        let hand = Hand::new(&house, number).await;
        let taken = hand.take(&[TASK], 1).await;
        assert_eq!(taken.first().unwrap().2, r#"{"n":1}"#);
        house.database_clock_jumps("16 s").await;
        house.rescue().await;
        house.database_clock_jumps("16 s").await;
        assert_eq!(house.rescue().await, 1);
    }
    assert_eq!(
        house
            .count("state = 'dead' and reason like 'the worker was lost%'")
            .await,
        1
    );
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [2], "its lane is free");
}

#[tokio::test]
async fn a_transaction_that_holds_its_job_is_not_overtaken() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let hand = Hand::new(&house, 1).await;
    let (id, fence, _) = hand.take(&[TASK], 1).await.first().unwrap().clone();
    let pool = house.database.service(Service::Calendar);
    let hold = "select queue.hold($1, $2)";
    assert!(
        !sqlx::query_scalar::<_, bool>(hold)
            .bind(id)
            .bind(fence + 1)
            .fetch_one(&pool)
            .await
            .unwrap()
    );

    let mut transaction = pool.begin().await.unwrap();
    assert!(
        sqlx::query_scalar::<_, bool>(hold)
            .bind(id)
            .bind(fence)
            .fetch_one(&mut *transaction)
            .await
            .unwrap()
    );
    house.database_clock_jumps("16 s").await;
    house.rescue().await;
    house.database_clock_jumps("16 s").await;
    let mut impatient = house.database.service(Service::Calendar).acquire().await.unwrap();
    sqlx::query("set lock_timeout = '100ms'")
        .execute(&mut *impatient)
        .await
        .unwrap();
    assert!(
        sqlx::query("select queue.rescue()")
            .execute(&mut *impatient)
            .await
            .is_err(),
        "it waits for the commit"
    );
    transaction.commit().await.unwrap();
    assert_eq!(house.rescue().await, 1);
    assert!(
        !sqlx::query_scalar::<_, bool>(hold)
            .bind(id)
            .bind(fence)
            .fetch_one(&pool)
            .await
            .unwrap()
    );
}

/// Waits for ever, and says when it begins and when it is dropped.
struct Stalls {
    began: Arc<Notify>,
    dropped: Arc<AtomicUsize>,
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Handler for Stalls {
    type Message = Task;

    async fn handle(&self, job: &Job<Task>) -> Result<(), JobError> {
        if job.attempt > 1 || job.message.n > 1 {
            return Ok(());
        }
        let _counted = Counted(Arc::clone(&self.dropped));
        self.began.notify_one();
        job.fence.lease_lost().await;
        assert!(!job.fence.still_held());
        std::future::pending().await
    }
}

#[tokio::test]
async fn the_loss_of_the_lease_stops_what_runs() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let (began, dropped) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let handler = Stalls {
        began: Arc::clone(&began),
        dropped: Arc::clone(&dropped),
    };
    let handlers = Handlers::new(Service::Calendar).on(handler, Options::default());
    let stop = CancellationToken::new();
    let running = tokio::spawn(house.worker(handlers).run(stop.clone()));
    began.notified().await;

    // Somebody took this worker for dead; it learns so at the next fetch.
    sqlx::query("update queue.workers set lease_until = now() - interval '1 s', suspected_at = now() - interval '1 min'")
        .execute(house.owner())
        .await
        .unwrap();
    house.rescue().await;
    house.send(Service::Calendar, &[task(2)]).await;
    while house.count("true").await > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
    stop.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(house.count("true").await, 0);
}

#[tokio::test]
async fn a_worker_that_leaves_gives_back_what_it_holds_with_the_attempt() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1).lane("a"), task(2)]).await;
    let hand = Hand::new(&house, 1).await;
    assert_eq!(hand.take(&[TASK], 10).await.len(), 2);
    sqlx::query("select queue.leave($1)")
        .bind(hand.id)
        .execute(&house.database.service(Service::Calendar))
        .await
        .unwrap();
    assert_eq!(house.count("state = 'ready' and attempt = 0").await, 2);
    let count: i64 = sqlx::query_scalar("select count(*) from queue.workers")
        .fetch_one(house.owner())
        .await
        .unwrap();
    assert_eq!(count, 0);
}
