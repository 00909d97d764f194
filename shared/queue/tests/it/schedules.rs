//! Recurring commands: one per tick, whoever sends it.

use std::sync::{Arc, Mutex};

use chancery_clock::Tz;
use chancery_contracts::Service;
use chancery_queue::{Handlers, Job, Options, Origin, Outgoing, Schedule};
use tokio_util::sync::CancellationToken;

use crate::common::{House, Script, Task, at, seconds};

fn every_hour() -> Schedule {
    Schedule {
        name: "hourly",
        cron: "0 0 * * * *",
        zone: Tz::UTC,
        command: |tick| {
            let n = u32::try_from(tick.timestamp() / 3_600).unwrap_or_default();
            Outgoing::new(Task { n }, &Origin::default())
        },
    }
}

fn handlers(schedule: Schedule, ran: &Arc<Mutex<Vec<u32>>>) -> Handlers {
    let ran = Arc::clone(ran);
    let script = Script::new(move |job: &Job<Task>| {
        ran.lock().unwrap().push(job.message.n);
        Ok(())
    });
    Handlers::new(Service::Calendar)
        .on(script, Options::default())
        .schedule(schedule)
}

#[tokio::test]
async fn a_tick_is_sent_once_by_many_workers_and_missed_ones_once_together() {
    let house = House::new().await;
    let ran = Arc::default();
    let workers: Vec<_> = (0..4)
        .map(|_| house.worker(handlers(every_hour(), &ran)))
        .collect();
    for worker in &workers {
        assert_eq!(
            worker.drain().await.unwrap().ticks,
            0,
            "the first tick is still to come"
        );
    }
    for hours in [1_u64, 1, 5] {
        house.clock.advance(seconds(3_600 * hours));
        let drained = futures_util::future::join_all(workers.iter().map(chancery_queue::Worker::drain)).await;
        let ticks: usize = drained.into_iter().map(|one| one.unwrap().ticks).sum();
        assert_eq!(ticks, 1, "after {hours} h");
    }
    let noon = u32::try_from(at("2026-09-02T12:00:00Z").timestamp() / 3_600).unwrap();
    assert_eq!(*ran.lock().unwrap(), [noon + 1, noon + 2, noon + 3]);
}

#[tokio::test]
async fn a_clock_that_was_wrong_for_a_while_silences_no_schedule() {
    let house = House::new().await;
    let ran = Arc::default();
    let worker = house.worker(handlers(every_hour(), &ran));
    worker.drain().await.unwrap();
    house.clock.set(at("2099-01-01T00:00:00Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 1);
    house.clock.set(at("2026-09-02T13:30:00Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 0);
    house.clock.set(at("2026-09-02T14:00:00Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 1);
}

#[tokio::test]
async fn ticks_are_read_from_the_wall_of_their_zone() {
    let house = House::new().await;
    house.clock.set(at("2026-03-28T12:00:00Z"));
    let ran: Arc<Mutex<Vec<u32>>> = Arc::default();
    let schedule = Schedule {
        cron: "0 30 2 * * *",
        zone: Tz::Europe__Paris,
        ..every_hour()
    };
    let worker = house.worker(handlers(schedule, &ran));
    worker.drain().await.unwrap();
    // On 29 March Paris skips 02:30; the first instant after the gap is 01:00 UTC.
    house.clock.set(at("2026-03-29T00:59:59Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 0);
    house.clock.set(at("2026-03-29T01:00:00Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 1);
    house.clock.set(at("2026-03-30T00:29:59Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 0);
    house.clock.set(at("2026-03-30T00:30:00Z"));
    assert_eq!(worker.drain().await.unwrap().ticks, 1);
}

#[tokio::test]
async fn a_changed_expression_is_reckoned_anew() {
    let house = House::new().await;
    let ran = Arc::default();
    house.worker(handlers(every_hour(), &ran)).drain().await.unwrap();
    let sooner = Schedule {
        cron: "0 */10 * * * *",
        ..every_hour()
    };
    let worker = house.worker(handlers(sooner, &ran));
    worker.drain().await.unwrap();
    house.clock.advance(seconds(600));
    assert_eq!(worker.drain().await.unwrap().ticks, 1);
}

#[tokio::test]
async fn a_wrong_expression_is_refused_at_the_start() {
    let house = House::new().await;
    let ran = Arc::default();
    let wrong = Schedule {
        cron: "every now and then",
        ..every_hour()
    };
    let error = house
        .worker(handlers(wrong, &ran))
        .run(CancellationToken::new())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("hourly"), "{error}");
}
