//! One job from being sent to being gone.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chancery_contracts::Service;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_queue::{Handlers, Job, JobError, Options, Origin, Outgoing, Priority, send};
use uuid::Uuid;

use crate::common::{House, News, Script, Task, at, seconds, task};

#[tokio::test]
async fn a_message_exists_if_and_when_its_transaction_commits() {
    let house = House::new().await;
    let pool = house.database.service(Service::Calendar);
    let mut transaction = pool.begin().await.unwrap();
    send(&mut transaction, &task(1)).await.unwrap();
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [0; 0]);
    transaction.rollback().await.unwrap();
    assert_eq!(house.count("true").await, 0);

    let mut transaction = pool.begin().await.unwrap();
    send(&mut transaction, &task(2)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [2]);
    assert_eq!(house.count("true").await, 0, "a finished job is gone");
}

#[tokio::test]
async fn an_event_reaches_every_subscriber_once_under_one_id() {
    let house = House::new().await;
    house
        .send(
            Service::Publisher,
            &[Outgoing::new(News { n: 7 }, &Origin::default())],
        )
        .await;
    let seen: Arc<Mutex<Vec<(Service, Uuid)>>> = Arc::default();
    for service in [Service::Calendar, Service::Newsroom, Service::Identity] {
        let log = Arc::clone(&seen);
        let script = Script::new(move |job: &Job<News>| {
            log.lock().unwrap().push((service, job.envelope.id.0));
            Ok(())
        });
        house
            .worker(Handlers::new(service).on(script, Options::default()))
            .drain()
            .await
            .unwrap();
    }
    let seen = seen.lock().unwrap().clone();
    assert_eq!(
        seen.iter().map(|(service, _)| *service).collect::<Vec<_>>(),
        [Service::Calendar, Service::Newsroom]
    );
    assert!(seen.iter().all(|(_, id)| *id == seen.first().unwrap().1));
}

#[tokio::test]
async fn the_envelope_arrives_and_a_reply_names_its_cause() {
    let house = House::new().await;
    let origin = Origin {
        actor: Some(PersonId(Uuid::from_u128(1))),
        unit: Some(UnitId(Uuid::from_u128(2))),
        causation: Some(Uuid::from_u128(3)),
        trace: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
    };
    house
        .send(Service::Publisher, &[Outgoing::new(Task { n: 1 }, &origin)])
        .await;
    house
        .run_tasks(move |job| {
            assert_eq!(job.envelope.kind, "calendar.test_task");
            assert_eq!(job.envelope.version, 2);
            assert_eq!(job.envelope.origin, origin);
            assert_eq!(
                job.origin(),
                Origin {
                    causation: Some(job.envelope.id.0),
                    ..origin.clone()
                }
            );
            assert!(job.fence.still_held());
            Ok(())
        })
        .await;
    assert_eq!(house.count("true").await, 0, "an assertion in the handler failed");
}

#[tokio::test]
async fn an_appointment_is_kept_to_the_millisecond() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[task(1).run_at(at("2026-09-02T12:00:00.250Z"))],
        )
        .await;
    house.clock.advance(Duration::from_millis(249));
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [0; 0]);
    house.clock.advance(Duration::from_millis(1));
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1]);
}

#[tokio::test]
async fn urgency_goes_first_then_appointments_then_age() {
    let house = House::new().await;
    let (early, late) = (at("2026-09-02T11:00:00Z"), at("2026-09-02T11:30:00Z"));
    house
        .send(
            Service::Calendar,
            &[
                task(6).priority(Priority::Low).run_at(early),
                task(4),
                task(5),
                task(3).run_at(late),
                task(2).run_at(early),
                task(1).priority(Priority::Urgent),
            ],
        )
        .await;
    let taken = fetch_one_by_one(&house).await;
    assert_eq!(taken, [1, 2, 3, 4, 5, 6]);
}

async fn fetch_one_by_one(house: &House) -> Vec<u32> {
    let pool = house.database.service(Service::Calendar);
    let worker = Uuid::from_u128(9);
    sqlx::query("select queue.enlist($1, 'here')")
        .bind(worker)
        .execute(&pool)
        .await
        .unwrap();
    let mut taken = Vec::new();
    loop {
        let payload: Option<String> = sqlx::query_scalar(
            "select payload from queue.fetch($1, array['calendar.test_task'], array[1], $2)",
        )
        .bind(worker)
        .bind(house.now())
        .fetch_optional(&pool)
        .await
        .unwrap();
        let Some(payload) = payload else { return taken };
        taken.push(serde_json::from_str::<Task>(&payload).unwrap().n);
    }
}

#[tokio::test]
async fn a_retry_waits_as_the_error_says_and_counts() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let (drained, _) = house
        .run_tasks(|_| Err(JobError::retry_after(seconds(30), "429")))
        .await;
    assert_eq!(drained.retried, 1);
    house.clock.advance(seconds(29));
    assert_eq!(house.run_tasks(|_| Ok(())).await.0.runs(), 0);
    house.clock.advance(seconds(1));
    let (drained, _) = house
        .run_tasks(|job| {
            assert_eq!(job.attempt, 2);
            Ok(())
        })
        .await;
    assert_eq!(drained.done, 1);
}

#[tokio::test]
async fn a_snooze_gives_the_attempt_back() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    for _ in 0..3 {
        let until = house.now() + seconds(60);
        house
            .run_tasks(move |job| {
                assert_eq!(job.attempt, 1);
                Err(JobError::snooze(until, "not yet"))
            })
            .await;
        assert_eq!(
            house
                .count("state = 'ready' and attempt = 0 and reason = 'not yet'")
                .await,
            1
        );
        house.clock.advance(seconds(60));
    }
    assert_eq!(house.run_tasks(|_| Ok(())).await.0.done, 1);
}

#[tokio::test]
async fn the_last_attempt_leads_to_the_dead_letters() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let options = Options {
        max_attempts: 3,
        ..Options::default()
    };
    let mut ends = Vec::new();
    for _ in 0..3 {
        let script = Script::new(|_: &Job<Task>| Err(JobError::retry("still broken")));
        let handlers = Handlers::new(Service::Calendar).on(script, options);
        let drained = house.worker(handlers).drain().await.unwrap();
        ends.push((drained.retried, drained.dead));
        house.clock.advance(seconds(3_600));
    }
    assert_eq!(ends, [(1, 0), (1, 0), (0, 1)]);
    assert_eq!(
        house
            .count("state = 'dead' and attempt = 3 and reason like 'still broken%'")
            .await,
        1
    );
}

#[tokio::test]
async fn failures_and_decisions_wait_for_a_person() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1), task(2), task(3)]).await;
    let (drained, _) = house
        .run_tasks(|job| match job.message.n {
            1 => Err(JobError::fail("account gone")),
            2 => Err(JobError::needs_person("posted or not?")),
            _ => Ok(()),
        })
        .await;
    assert_eq!((drained.dead, drained.needs_person, drained.done), (1, 1, 1));
    assert_eq!(
        house
            .count("state = 'dead' and reason = 'account gone' and worker is null")
            .await,
        1
    );
    assert_eq!(
        house
            .count("state = 'needs_person' and reason = 'posted or not?'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt_and_spares_the_others() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1), task(2)]).await;
    let (drained, _) = house
        .run_tasks(|job| {
            assert_ne!(job.message.n, 1, "boom\0");
            Ok(())
        })
        .await;
    assert_eq!((drained.retried, drained.done), (1, 1));
    assert_eq!(
        house
            .count("state = 'ready' and reason like 'the handler panicked: %boom%'")
            .await,
        1
    );
}

#[tokio::test]
async fn what_does_not_parse_is_set_aside_with_its_text() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1), task(2), task(3)]).await;
    for (n, text) in [(1, r#"{"n": "seven"}"#), (2, "\u{fffd} not even JSON"), (3, "")] {
        sqlx::query("update queue.jobs set payload = $2 where payload = $1")
            .bind(format!("{{\"n\":{n}}}"))
            .bind(text)
            .execute(house.owner())
            .await
            .unwrap();
    }
    let (drained, ran) = house.run_tasks(|_| Ok(())).await;
    assert_eq!((drained.dead, ran.len()), (3, 0));
    assert_eq!(
        house
            .count(r#"state = 'dead' and payload = '{"n": "seven"}' and reason like '%does not parse%'"#)
            .await,
        1
    );
}

#[tokio::test]
async fn this_version_and_the_one_before_are_understood() {
    let house = House::new().await;
    house
        .send(Service::Calendar, &[task(0), task(1), task(2), task(3)])
        .await;
    sqlx::query("update queue.jobs set version = (payload::json ->> 'n')::int")
        .execute(house.owner())
        .await
        .unwrap();
    let (drained, mut ran) = house.run_tasks(|_| Ok(())).await;
    ran.sort_unstable();
    assert_eq!(ran, [1, 2]);
    assert_eq!(
        (drained.dead, drained.retried),
        (1, 1),
        "older: given up; newer: left for an upgraded process"
    );
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_cut() {
    struct Endless;
    #[async_trait::async_trait]
    impl chancery_queue::Handler for Endless {
        type Message = Task;
        async fn handle(&self, _: &Job<Task>) -> Result<(), JobError> {
            std::future::pending().await
        }
    }
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let options = Options {
        timeout: Duration::from_millis(5),
        ..Options::default()
    };
    let drained = house
        .worker(Handlers::new(Service::Calendar).on(Endless, options))
        .drain()
        .await
        .unwrap();
    assert_eq!(drained.retried, 1);
    assert_eq!(house.count("reason like 'the run took longer%'").await, 1);
}

#[tokio::test]
async fn a_retired_kind_is_drained_on_purpose_and_a_forgotten_one_waits() {
    let house = House::new().await;
    house
        .send(Service::Calendar, &[task(1), crate::common::other(2)])
        .await;
    let handlers = Handlers::new(Service::Calendar).retired("calendar.test_task");
    house.worker(handlers).drain().await.unwrap();
    assert_eq!(
        house
            .count("kind = 'calendar.test_task' and state = 'dead'")
            .await,
        1
    );
    assert_eq!(
        house
            .count("kind = 'calendar.test_other' and state = 'ready'")
            .await,
        1
    );
}
