//! What large numbers cost, counted in pages rather than in time.

use chancery_contracts::Service;
use sqlx::PgConnection;

use crate::common::{House, task};
use crate::lanes::Hand;

const TASK: &str = "calendar.test_task";

/// Pages that one fetch of ten jobs reads, found or not. The connection has fetched before: a first time reads the catalogue.
async fn pages_of_a_fetch(warm: &mut PgConnection, hand: &Hand<'_>, floor: i64) -> i64 {
    let explained: serde_json::Value = sqlx::query_scalar(
        "explain (analyze, buffers, format json) select * from queue.fetch($1, array['calendar.test_task'], array[10], $2, array[$3, $3, $3])",
    )
    .bind(hand.id)
    .bind(hand.house.now())
    .bind(floor)
    .fetch_one(warm)
    .await
    .unwrap();
    let plan = explained.pointer("/0/Plan").unwrap();
    let read = |name| plan.get(name).and_then(serde_json::Value::as_i64).unwrap();
    read("Shared Hit Blocks") + read("Shared Read Blocks")
}

#[tokio::test]
async fn a_million_jobs_of_the_future_cost_nothing_at_fetch() {
    let house = House::new().await;
    let hand = Hand::new(&house, 1).await;
    let mut warm = house.database.service(Service::Calendar).acquire().await.unwrap();
    house.send(Service::Calendar, &[task(1), task(2)]).await;
    assert_eq!(hand.take(&[TASK], 1).await.len(), 1);
    pages_of_a_fetch(&mut warm, &hand, 0).await;
    house
        .send(Service::Calendar, &(3..6).map(task).collect::<Vec<_>>())
        .await;
    let before = pages_of_a_fetch(&mut warm, &hand, 0).await;

    // Of every urgency, with and without a lane, in the very kind that is fetched.
    sqlx::query(
        "insert into queue.jobs (service, kind, priority, run_at, lane, message, version, occurred_at, payload)
        select 'calendar', 'calendar.test_task', n % 3, $1 + n * interval '1 s',
            case when n % 2 = 0 then 'lane ' || n % 5000 end, '00000000-0000-0000-0000-000000000000', 2, $1, '{\"n\":9}'
        from generate_series(1, 1000000) n",
    )
    .bind(house.now())
    .execute(house.owner())
    .await
    .unwrap();
    house
        .send(Service::Calendar, &(6..9).map(task).collect::<Vec<_>>())
        .await;
    let after = pages_of_a_fetch(&mut warm, &hand, 0).await;
    assert!(
        after <= before + 40,
        "{before} pages before, {after} with a million in the future"
    );

    let due: Option<chrono::DateTime<chrono::Utc>> =
        sqlx::query_scalar("select queue.next_due(array[$1], $2)")
            .bind(TASK)
            .bind(house.now())
            .fetch_one(&house.database.service(Service::Calendar))
            .await
            .unwrap();
    assert_eq!(
        due,
        Some(house.now() + crate::common::seconds(1)),
        "and the next one is known"
    );
}

#[tokio::test]
async fn work_goes_on_under_an_old_snapshot() {
    let house = House::new().await;
    let mut old = house.owner().begin().await.unwrap();
    sqlx::query("set transaction isolation level repeatable read")
        .execute(&mut *old)
        .await
        .unwrap();
    sqlx::query("select count(*) from queue.jobs")
        .execute(&mut *old)
        .await
        .unwrap();
    for round in 0..5 {
        let batch: Vec<_> = (0..400)
            .map(|n| {
                if n % 2 == 0 {
                    task(n).lane(format!("lane {}", n % 14))
                } else {
                    task(n)
                }
            })
            .collect();
        house.send(Service::Calendar, &batch).await;
        assert_eq!(house.run_tasks(|_| Ok(())).await.0.done, 400, "round {round}");
    }
    old.rollback().await.unwrap();
}

#[tokio::test]
async fn an_old_snapshot_does_not_make_every_fetch_wade_through_the_past() {
    let house = House::new().await;
    let mut old = house.owner().begin().await.unwrap();
    sqlx::query("set transaction isolation level repeatable read")
        .execute(&mut *old)
        .await
        .unwrap();
    sqlx::query("select 1 from queue.jobs")
        .execute(&mut *old)
        .await
        .unwrap();
    house
        .send(Service::Calendar, &(0..3_000).map(task).collect::<Vec<_>>())
        .await;
    assert_eq!(house.run_tasks(|_| Ok(())).await.0.done, 3_000);
    let hand = Hand::new(&house, 1).await;
    let mut warm = house.database.service(Service::Calendar).acquire().await.unwrap();
    pages_of_a_fetch(&mut warm, &hand, 0).await;
    house.send(Service::Calendar, &[task(1)]).await;
    let newest: i64 = sqlx::query_scalar("select max(id) from queue.jobs")
        .fetch_one(house.owner())
        .await
        .unwrap();
    let thorough = pages_of_a_fetch(&mut warm, &hand, 0).await;
    house.send(Service::Calendar, &[task(2)]).await;
    let from_floor = pages_of_a_fetch(&mut warm, &hand, newest).await;
    assert_eq!(house.count("state = 'running'").await, 2);
    assert!(
        from_floor * 3 < thorough,
        "{from_floor} pages with a floor, {thorough} without"
    );
    old.rollback().await.unwrap();
}
