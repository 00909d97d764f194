//! A key is unique among the waiting jobs of a kind.

use chancery_contracts::Service;
use chancery_queue::{JobError, cancel, reschedule, send};
use sqlx::Connection;

use crate::common::{House, at, other, seconds, task};

#[tokio::test]
async fn the_newcomer_replaces_or_is_dropped() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[task(1).key("a"), task(2).key("b"), other(3).key("a")],
        )
        .await;
    house
        .send(
            Service::Publisher,
            &[task(4).key("a"), task(5).key("b").preserve()],
        )
        .await;
    assert_eq!(house.count("true").await, 3);
    let (_, mut ran) = house.run_tasks(|_| Ok(())).await;
    ran.sort_unstable();
    assert_eq!(ran, [2, 4], "another kind has keys of its own");
}

#[tokio::test]
async fn one_batch_may_name_a_key_twice() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[
                task(1).key("a"),
                task(2).key("a"),
                task(3).key("b").preserve(),
                task(4).key("b").preserve(),
            ],
        )
        .await;
    let (_, mut ran) = house.run_tasks(|_| Ok(())).await;
    ran.sort_unstable();
    assert_eq!(ran, [2, 3], "replacing: the last; preserving: the first");
}

#[tokio::test]
async fn a_running_job_has_no_claim_to_its_key() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1).key("a")]).await;
    let pool = house.database.service(Service::Calendar);
    let (drained, ran) = house
        .run_tasks(move |job| {
            if job.message.n == 1 && job.attempt == 1 {
                let pool = pool.clone();
                let sent = std::thread::spawn(move || {
                    tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap()
                        .block_on(async {
                            let mut fresh = sqlx::PgConnection::connect_with(&pool.connect_options())
                                .await
                                .unwrap();
                            send(&mut fresh, &task(2).key("a")).await.unwrap();
                        });
                });
                sent.join().unwrap();
                return Err(JobError::retry_after(seconds(5), "again"));
            }
            Ok(())
        })
        .await;
    assert_eq!((drained.retried, drained.done), (1, 1));
    assert_eq!(ran, [1, 2]);
    house.clock.advance(seconds(5));
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1], "neither was lost");
}

#[tokio::test]
async fn a_retry_whose_key_was_taken_goes_on_without_it() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1).key("a")]).await;
    sqlx::query("insert into queue.workers (id, service, host, lease_until) values (gen_random_uuid(), 'calendar', '', now() + interval '20 s')")
        .execute(house.owner()).await.unwrap();
    sqlx::query("update queue.jobs set state = 'running', worker = (select id from queue.workers), fence = 1, attempt = 1")
        .execute(house.owner()).await.unwrap();
    house.send(Service::Calendar, &[task(2).key("a")]).await;
    assert_eq!(house.count("key = 'a'").await, 2);
    let running: i64 = sqlx::query_scalar("select id from queue.jobs where state = 'running'")
        .fetch_one(house.owner())
        .await
        .unwrap();
    sqlx::query("select queue.release(array[$1], array[1], array['retried'], array[null::timestamptz], array['x'], array[0])")
        .bind(running)
        .execute(&house.database.service(Service::Calendar)).await.unwrap();
    assert_eq!(house.count("state = 'ready'").await, 2);
    assert_eq!(house.count("key = 'a'").await, 1);
}

#[tokio::test]
async fn waiting_jobs_are_cancelled_and_moved_by_key() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[
                task(1).key("a").run_at(at("2026-09-03T00:00:00Z")),
                task(2).key("b"),
            ],
        )
        .await;
    let pool = house.database.service(Service::Publisher);
    let mut connection = pool.acquire().await.unwrap();
    assert!(
        reschedule(&mut connection, "calendar.test_task", "a", house.now())
            .await
            .unwrap()
    );
    assert!(cancel(&mut connection, "calendar.test_task", "b").await.unwrap());
    assert!(!cancel(&mut connection, "calendar.test_task", "b").await.unwrap());
    assert!(
        !reschedule(&mut connection, "calendar.test_task", "nobody", house.now())
            .await
            .unwrap()
    );
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1]);
}

#[tokio::test]
async fn replacing_starts_attempts_anew() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1).key("a")]).await;
    house.run_tasks(|_| Err(JobError::retry("broken"))).await;
    assert_eq!(house.count("attempt = 1").await, 1);
    house.send(Service::Calendar, &[task(2).key("a")]).await;
    assert_eq!(house.count("attempt = 0 and reason is null").await, 1);
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [2]);
}
