//! What an administrator sees and does.

use chancery_contracts::Service;
use chancery_contracts::ids::UnitId;
use chancery_queue::admin::{self, Filter};
use chancery_queue::{JobError, Origin, Outgoing};
use uuid::Uuid;

use crate::common::{House, Task, at, other, seconds, task};

const TASK: &str = "calendar.test_task";

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let house = House::new().await;
    let batch: Vec<_> = (0..25).map(task).chain([other(1)]).collect();
    house.send(Service::Calendar, &batch).await;
    let mut owner = house.owner().acquire().await.unwrap();
    let filter = Filter {
        kind: Some(TASK.to_owned()),
        state: Some("ready".to_owned()),
        ..Filter::default()
    };
    let (mut before, mut sizes, mut seen) = (None, Vec::new(), std::collections::BTreeSet::new());
    loop {
        let page = admin::list(&mut owner, &filter, before, 10).await.unwrap();
        if page.is_empty() {
            break;
        }
        sizes.push(page.len());
        seen.extend(page.iter().map(|entry| entry.id));
        before = page.last().map(|entry| entry.id);
    }
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(seen.len(), 25);
    let id = *seen.first().unwrap();
    let detail = admin::show(&mut owner, id).await.unwrap().unwrap();
    assert_eq!((detail.entry.id, detail.payload.as_str()), (id, r#"{"n":0}"#));
    assert_eq!(admin::show(&mut owner, i64::MAX).await.unwrap(), None);
}

#[tokio::test]
async fn dead_letters_are_tried_again_or_discarded() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1).key("a")]).await;
    house.send(Service::Calendar, &[task(2), task(3)]).await;
    house.run_tasks(|_| Err(JobError::fail("no such account"))).await;
    house
        .send(
            Service::Calendar,
            &[task(4).key("a").run_at(at("2027-01-01T00:00:00Z"))],
        )
        .await;
    let mut owner = house.owner().acquire().await.unwrap();
    let filter = Filter {
        state: Some("dead".to_owned()),
        ..Filter::default()
    };
    let dead: Vec<_> = admin::list(&mut owner, &filter, None, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|e| e.id)
        .collect();
    assert_eq!(
        admin::discard(&mut owner, dead.get(..1).unwrap()).await.unwrap(),
        1
    );
    assert_eq!(admin::retry(&mut owner, &dead).await.unwrap(), 2);
    let (_, mut ran) = house
        .run_tasks(|job| {
            assert_eq!(job.attempt, 1);
            Ok(())
        })
        .await;
    ran.sort_unstable();
    assert_eq!(
        ran,
        [1, 2],
        "the key went to a newcomer meanwhile, and the job ran all the same"
    );
    assert_eq!(house.count("key = 'a'").await, 1);
}

#[tokio::test]
async fn a_running_job_cannot_be_discarded() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let hand = crate::lanes::Hand::new(&house, 1).await;
    let id = hand.take(&[TASK], 1).await.first().unwrap().0;
    let mut owner = house.owner().acquire().await.unwrap();
    assert_eq!(admin::discard(&mut owner, &[id]).await.unwrap(), 0);
    assert_eq!(admin::retry(&mut owner, &[id]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_kind_is_paused_and_resumed() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1), other(2)]).await;
    let mut owner = house.owner().acquire().await.unwrap();
    let (pause, running) = admin::pause(&mut owner, Some(TASK), None, "too many refusals")
        .await
        .unwrap();
    assert_eq!(running, 0);
    assert_eq!(admin::pauses(&mut owner).await.unwrap().len(), 1);
    assert_eq!(house.run_tasks(|_| Ok(())).await.0.runs(), 0);
    assert!(admin::resume(&mut owner, pause).await.unwrap());
    assert!(!admin::resume(&mut owner, pause).await.unwrap());
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1]);
}

#[tokio::test]
async fn a_unit_is_paused_and_others_go_on_in_the_same_lane() {
    let house = House::new().await;
    let (vientiane, paris) = (UnitId(Uuid::from_u128(1)), UnitId(Uuid::from_u128(2)));
    let of = |n, unit| {
        Outgoing::new(
            Task { n },
            &Origin {
                unit: Some(unit),
                ..Origin::default()
            },
        )
        .lane("shared")
    };
    house
        .send(
            Service::Calendar,
            &[of(1, vientiane), of(2, vientiane), of(3, paris)],
        )
        .await;
    let mut owner = house.owner().acquire().await.unwrap();
    let (pause, _) = admin::pause(&mut owner, None, Some(vientiane), "mourning")
        .await
        .unwrap();
    // Arrives after the pause: found out when it is taken.
    for n in [4, 5] {
        house.send(Service::Calendar, &[of(n, vientiane)]).await;
    }
    house.send(Service::Calendar, &[of(6, paris)]).await;
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [3, 6]);
    assert_eq!(house.count("state = 'paused'").await, 4);
    admin::resume(&mut owner, pause).await.unwrap();
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1, 2, 4, 5]);
}

#[tokio::test]
async fn a_kind_in_a_unit_is_paused_alone_and_pauses_overlap() {
    let house = House::new().await;
    let unit = UnitId(Uuid::from_u128(1));
    let origin = Origin {
        unit: Some(unit),
        ..Origin::default()
    };
    house
        .send(
            Service::Calendar,
            &[
                Outgoing::new(Task { n: 1 }, &origin),
                Outgoing::new(crate::common::Other { n: 2 }, &origin),
            ],
        )
        .await;
    let mut owner = house.owner().acquire().await.unwrap();
    let (narrow, _) = admin::pause(&mut owner, Some(TASK), Some(unit), "x")
        .await
        .unwrap();
    assert_eq!(house.count("state = 'paused'").await, 1);
    let (wide, _) = admin::pause(&mut owner, None, Some(unit), "y").await.unwrap();
    assert_eq!(house.count("state = 'paused'").await, 2);
    admin::resume(&mut owner, wide).await.unwrap();
    assert_eq!(house.count("state = 'paused'").await, 1);
    admin::resume(&mut owner, narrow).await.unwrap();
    assert_eq!(house.run_tasks(|_| Ok(())).await.1, [1]);
}

#[tokio::test]
async fn figures_tell_what_waits_and_what_came_of_it() {
    let house = House::new().await;
    let later = at("2999-01-01T00:00:00Z");
    house
        .send(
            Service::Calendar,
            &[task(1), task(2), task(3), task(4).run_at(later)],
        )
        .await;
    house
        .run_tasks(|job| match job.message.n {
            1 => Err(JobError::retry_after(seconds(86_400 * 400_000), "wait")),
            2 => Err(JobError::fail("no")),
            _ => Ok(()),
        })
        .await;
    let mut owner = house.owner().acquire().await.unwrap();
    let stats = admin::stats(&mut owner, at("2020-01-01T00:00:00Z"))
        .await
        .unwrap();
    let of_task = stats.iter().find(|one| one.kind == TASK).unwrap();
    assert_eq!((of_task.scheduled, of_task.dead, of_task.running), (2, 1, 0));
    assert_eq!((of_task.done, of_task.retried), (1, 1));
    assert_eq!(stats.len(), 4, "kinds without jobs are listed too");

    // Tallies are summed by the hour; nothing is counted twice or lost.
    sqlx::query("update queue.tallies set at = at - interval '2 hours'")
        .execute(house.owner())
        .await
        .unwrap();
    for _ in 0..2 {
        let pool = house.database.service(Service::Calendar);
        let stuck: i32 = sqlx::query_scalar("select queue.tidy()")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(stuck, 0);
    }
    assert_eq!(
        admin::stats(&mut owner, at("2020-01-01T00:00:00Z"))
            .await
            .unwrap(),
        stats
    );
}
