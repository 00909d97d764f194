//! At most one job of a lane runs; whoever waits steps aside.

use std::collections::HashSet;

use chancery_contracts::Service;
use chancery_queue::{JobError, Priority, admin, cancel, send};
use uuid::Uuid;

use crate::common::{House, at, other, seconds, task};

const TASK: &str = "calendar.test_task";
const OTHER: &str = "calendar.test_other";

/// A worker by hand: takes what it is given and keeps it until told.
pub struct Hand<'a> {
    pub house: &'a House,
    pub id: Uuid,
}

impl<'a> Hand<'a> {
    pub async fn new(house: &'a House, number: u128) -> Self {
        let id = Uuid::from_u128(number);
        let pool = house.database.service(Service::Calendar);
        sqlx::query("select queue.enlist($1, 'by hand')")
            .bind(id)
            .execute(&pool)
            .await
            .unwrap();
        Self { house, id }
    }

    /// Job number, fence and payload of what was taken.
    pub async fn take(&self, kinds: &[&str], room: i32) -> Vec<(i64, i32, String)> {
        sqlx::query_as("select id, fence, payload from queue.fetch($1, $2, $3, $4)")
            .bind(self.id)
            .bind(kinds.iter().map(ToString::to_string).collect::<Vec<_>>())
            .bind(vec![room; kinds.len()])
            .bind(self.house.now())
            .fetch_all(&self.house.database.service(Service::Calendar))
            .await
            .unwrap()
    }

    pub async fn complete(&self, jobs: &[(i64, i32, String)]) {
        sqlx::query("select queue.complete($1, $2, $3)")
            .bind(jobs.iter().map(|job| job.0).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.1).collect::<Vec<_>>())
            .bind(vec![1; jobs.len()])
            .execute(&self.house.database.service(Service::Calendar))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn one_runs_and_the_next_is_woken_when_it_ends() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[task(1).lane("a"), task(2).lane("a"), task(3).lane("b"), task(4)],
        )
        .await;
    let (first, second) = (Hand::new(&house, 1).await, Hand::new(&house, 2).await);
    let taken = first.take(&[TASK], 10).await;
    assert_eq!(taken.len(), 3, "one of each lane and what has none");
    assert_eq!(second.take(&[TASK], 10).await.len(), 0);
    first.complete(&taken).await;
    assert_eq!(second.take(&[TASK], 10).await.len(), 1);
}

#[tokio::test]
async fn lanes_hold_between_kinds_and_transactions() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1).lane("a")]).await;
    house.send(Service::Calendar, &[other(2).lane("a")]).await;
    house.send(Service::Publisher, &[task(3).lane("a")]).await;
    let hand = Hand::new(&house, 1).await;
    for left in [2, 1, 0] {
        let taken = hand.take(&[TASK, OTHER], 10).await;
        assert_eq!(taken.len(), 1);
        assert_eq!(house.count("state <> 'running'").await, left);
        hand.complete(&taken).await;
    }
}

#[tokio::test]
async fn a_stuck_job_does_not_block_a_crisis_statement() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[task(1).lane("account"), task(2).lane("account")],
        )
        .await;
    house
        .send(
            Service::Calendar,
            &[task(3).lane("account").priority(Priority::Urgent)],
        )
        .await;
    let (_, ran) = house
        .run_tasks(|job| {
            if job.message.n == 1 {
                Err(JobError::retry_after(seconds(60), "slow"))
            } else {
                Ok(())
            }
        })
        .await;
    assert_eq!(ran, [3, 1, 2], "the urgent first; who must wait steps aside");
    house.clock.advance(seconds(60));
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1]);
}

#[tokio::test]
async fn every_way_out_of_a_lane_wakes_the_next() {
    let house = House::new().await;
    let later = at("2026-09-02T13:00:00Z");
    let ends: [fn() -> Result<(), JobError>; 4] = [
        || Err(JobError::retry_after(seconds(86_400), "later")),
        || Err(JobError::snooze(at("2026-09-04T00:00:00Z"), "later")),
        || Err(JobError::fail("never")),
        || Err(JobError::needs_person("who knows")),
    ];
    for (lane, end) in ends.into_iter().enumerate() {
        let lane = format!("lane {lane}");
        house
            .send(
                Service::Calendar,
                &[task(1).lane(&lane), task(2).lane(&lane), task(3).lane(&lane)],
            )
            .await;
        let (_, ran) = house
            .run_tasks(move |job| if job.message.n == 1 { end() } else { Ok(()) })
            .await;
        assert_eq!(ran, [1, 2, 3], "{lane}");
    }

    // Those that wait can go as well: cancelled, moved, replaced, discarded. Somebody always is awake in the lane.
    let pool = house.database.service(Service::Calendar);
    let mut connection = pool.acquire().await.unwrap();
    for way in 0..4 {
        let lane = format!("way {way}");
        let hand = Hand::new(&house, 100 + way).await;
        house.send(Service::Calendar, &[task(0).lane(&lane)]).await;
        let running = hand.take(&[TASK], 10).await;
        house
            .send(Service::Calendar, &[task(1).lane(&lane).key(&lane)])
            .await;
        house.send(Service::Calendar, &[task(2).lane(&lane)]).await;
        assert_eq!(hand.take(&[TASK], 10).await.len(), 0);
        hand.complete(&running).await;
        match way {
            0 => assert!(cancel(&mut connection, TASK, &lane).await.unwrap()),
            1 => assert!(
                chancery_queue::reschedule(&mut connection, TASK, &lane, later)
                    .await
                    .unwrap()
            ),
            2 => {
                house
                    .send(Service::Calendar, &[task(1).lane(&lane).key(&lane).run_at(later)])
                    .await;
            }
            _ => {
                let id: i64 = sqlx::query_scalar("select id from queue.jobs where key = $1")
                    .bind(&lane)
                    .fetch_one(house.owner())
                    .await
                    .unwrap();
                let mut owner = house.owner().acquire().await.unwrap();
                assert_eq!(admin::discard(&mut owner, &[id]).await.unwrap(), 1);
            }
        }
        let (_, ran) = house.run_tasks(|_| Ok(())).await;
        assert_eq!(ran, [2], "way {way}");
    }
}

#[tokio::test]
async fn a_paused_kind_leaves_its_lane_to_others() {
    let house = House::new().await;
    house
        .send(
            Service::Calendar,
            &[
                other(1).lane("a"),
                other(2).lane("a"),
                task(3).lane("a"),
                task(4).lane("a"),
            ],
        )
        .await;
    let mut owner = house.owner().acquire().await.unwrap();
    admin::pause(&mut owner, Some(OTHER), None, "investigating")
        .await
        .unwrap();
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [3, 4]);
}

#[tokio::test]
async fn a_deep_lane_is_passed_in_one_go() {
    let house = House::new().await;
    let deep: Vec<_> = (0..1_500).map(|n| task(n).lane("deep")).collect();
    let pool = house.database.service(Service::Calendar);
    let mut connection = pool.acquire().await.unwrap();
    for one in &deep {
        send(&mut connection, one).await.unwrap();
    }
    house.send(Service::Calendar, &[task(9_001), task(9_002)]).await;
    let hand = Hand::new(&house, 1).await;
    let taken: HashSet<_> = hand.take(&[TASK], 3).await.into_iter().map(|job| job.2).collect();
    assert!(
        taken.contains(r#"{"n":9001}"#) && taken.contains(r#"{"n":9002}"#) && taken.len() == 3,
        "{taken:?}"
    );
}

#[tokio::test]
async fn what_a_batch_sends_into_a_lane_waits_from_the_start() {
    let house = House::new().await;
    let batch: Vec<_> = (0..50).map(|n| task(n).lane("a")).collect();
    house.send(Service::Calendar, &batch).await;
    assert_eq!(house.count("state = 'ready'").await, 1);
    let (drained, _) = house.run_tasks(|_| Ok(())).await;
    assert_eq!(drained.done, 50);
}
