//! Resuming is never a burst.

use chancery_contracts::ids::PersonId;
use chancery_publisher::engine::{Actor, Decision};
use chancery_publisher::model::StopScope;
use chrono::TimeDelta;

use crate::world::World;

fn hq(world: &World) -> Actor {
    Actor {
        person: Some(PersonId(world.author.0)),
        headquarters: true,
        ..Actor::default()
    }
}

#[tokio::test]
async fn what_came_due_is_held_even_if_no_job_ran_meanwhile() {
    let world = World::new().await;
    let stop = world
        .publisher
        .place_stop(StopScope::Ministry, "crisis", &hq(&world))
        .await
        .unwrap()
        .stop;
    let (order, due) = world.ordered(&[world.account, world.press_room]).await;
    world.clock.set(order.due);
    let (_, later) = world.ordered(&[world.account]).await;
    world.publisher.lift_stop(stop, &hq(&world)).await.unwrap();
    for id in due {
        let row = world.row(id).await;
        assert_eq!(
            (row.state.as_str(), row.reason_code.as_deref()),
            ("held", Some("stop"))
        );
    }
    assert_eq!(
        world.row(later[0]).await.state,
        "waiting",
        "what is still to come goes on as planned"
    );
}

#[tokio::test]
async fn released_one_by_one_they_go_out_some_time_apart() {
    let world = World::new().await;
    let stop = world
        .publisher
        .place_stop(StopScope::Ministry, "", &hq(&world))
        .await
        .unwrap()
        .stop;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.ordered(&[world.account]).await.1[0]);
    }
    world.advance(TimeDelta::minutes(10));
    world.publisher.lift_stop(stop, &hq(&world)).await.unwrap();
    assert_eq!(world.publisher.release_all(&ids, &hq(&world)).await.unwrap(), 3);
    let now = crate::world::noon() + TimeDelta::minutes(10);
    for (id, seconds) in ids.iter().zip([0, 20, 40]) {
        assert_eq!(
            world.row(*id).await.wake_at,
            Some(now + TimeDelta::seconds(seconds))
        );
    }
    for id in ids {
        world.advance(TimeDelta::seconds(20));
        world.publisher.prepare(id).await.unwrap();
        world.commit(id).await;
        assert_eq!(world.row(id).await.state, "published");
        assert!(world.steps(id).await.contains(&"released".to_owned()));
    }
}

#[tokio::test]
async fn a_released_delivery_still_needs_its_permit() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let stop = world
        .publisher
        .place_stop(StopScope::Ministry, "", &hq(&world))
        .await
        .unwrap()
        .stop;
    world.commit(id).await;
    world
        .publisher
        .decide(id, &Decision::Release, &hq(&world))
        .await
        .unwrap();
    world.publisher.prepare(id).await.unwrap();
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("held", 0)
    );
    world.publisher.lift_stop(stop, &hq(&world)).await.unwrap();
}

#[tokio::test]
async fn what_was_missed_meanwhile_needs_a_new_approval() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world
        .publisher
        .place_stop(StopScope::Ministry, "", &hq(&world))
        .await
        .unwrap();
    world.commit(id).await;
    world.clock.set(order.not_after);
    assert!(
        world
            .publisher
            .decide(id, &Decision::Release, &hq(&world))
            .await
            .is_err()
    );
    world.publisher.sweep().await.unwrap();
    assert_eq!(world.row(id).await.state, "missed");
    assert!(
        world
            .publisher
            .decide(id, &Decision::Release, &hq(&world))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn two_stops_hold_until_both_are_lifted() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let one = world
        .publisher
        .place_stop(StopScope::Ministry, "", &hq(&world))
        .await
        .unwrap()
        .stop;
    world
        .publisher
        .place_stop(StopScope::Unit(world.mission), "", &hq(&world))
        .await
        .unwrap();
    world.publisher.lift_stop(one, &hq(&world)).await.unwrap();
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("held", 0)
    );
}

#[tokio::test]
async fn who_stopped_and_who_resumed_is_in_the_audit_trail() {
    let world = World::new().await;
    let stop = world
        .publisher
        .place_stop(StopScope::Ministry, "crisis", &hq(&world))
        .await
        .unwrap()
        .stop;
    world.publisher.lift_stop(stop, &hq(&world)).await.unwrap();
    let said: Vec<(String, Option<uuid::Uuid>)> =
        sqlx::query_as("select action, actor from audit.entries where subject_kind = 'stop' order by seq")
            .fetch_all(world.db.owner())
            .await
            .unwrap();
    let by = Some(world.author.0);
    assert_eq!(
        said,
        [("stop.placed".to_owned(), by), ("stop.lifted".to_owned(), by)]
    );
}
