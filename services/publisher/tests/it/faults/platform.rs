//! Platforms that ask to wait, lose tokens, take their time, or cannot be asked; and clocks that jump.

use std::time::Duration;

use chancery_clock::Clock;
use chancery_publisher::connectors::{Prepared, Secret, Setback};
use chancery_publisher::engine::Actor;
use chrono::TimeDelta;
use serde_json::json;

use crate::simulator::Act;
use crate::world::World;

#[tokio::test]
async fn a_rate_limit_is_waited_for_by_everything_on_the_account() {
    let world = World::new().await;
    let (order, first) = world.ready().await;
    let (_, second) = world.ready().await;
    world.clock.set(order.due + TimeDelta::minutes(15));
    let until = world.clock.now() + TimeDelta::minutes(20);
    world.sim.will([Act::Limit(until)]);
    world.commit(first).await;
    world.commit(second).await;
    for id in [first, second] {
        let row = world.row(id).await;
        assert_eq!((row.state.as_str(), row.wake_at), ("ready", Some(until)));
    }
    assert_eq!(world.sim.commits(), 1);
    world.clock.set(until);
    world.commit(first).await;
    world.commit(second).await;
    assert_eq!(world.sim.posts(), 2);
}

#[tokio::test]
async fn a_rate_limit_longer_than_the_window_ends_as_missed() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world
        .sim
        .will([Act::Limit(order.not_after + TimeDelta::hours(3))]);
    world.commit(id).await;
    assert_eq!(world.row(id).await.wake_at, Some(order.not_after));
    world.clock.set(order.not_after);
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "missed");
}

#[tokio::test]
async fn a_dead_token_holds_the_account_until_it_is_connected_again() {
    let world = World::new().await;
    let (_, first) = world.ready().await;
    let (_, second) = world.ready().await;
    world.sim.will([Act::Reauth]);
    world.commit(first).await;
    world.commit(second).await;
    for id in [first, second] {
        assert_eq!(world.row(id).await.reason_code.as_deref(), Some("reauth"));
    }
    let asked: i64 = sqlx::query_scalar("select count(*) from queue.jobs where kind = 'identity.notify'")
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert_eq!((asked, world.sim.commits()), (1, 1), "people are told once");
    assert!(
        world
            .publisher
            .switch_account(world.account, true, &Actor::default())
            .await
            .is_err()
    );
    let wrong = world
        .publisher
        .reconnect_account(world.account, Secret::new("wrong"), &Actor::default())
        .await;
    assert!(wrong.is_err());
    world
        .publisher
        .reconnect_account(world.account, Secret::new("{}"), &Actor::default())
        .await
        .unwrap();
    assert_eq!(
        world.row(first).await.state,
        "held",
        "nothing goes out without a decision"
    );
    assert_eq!(
        world
            .publisher
            .release_all(&[first], &Actor::default())
            .await
            .unwrap(),
        1
    );
    world.publisher.prepare(first).await.unwrap();
    world.commit(first).await;
    assert_eq!(world.row(first).await.state, "published");
}

#[tokio::test]
async fn preparation_that_stumbles_is_tried_again_and_never_sends() {
    let world = World::new().await;
    let (order, ids) = world.ordered(&[world.account]).await;
    world.sim.state().obstacles.extend([
        Prepared::Stopped {
            state: None,
            why: Setback::TryAgain { reason: "502".into() },
        },
        Prepared::Pending {
            state: json!({ "job": 1 }),
            after: Duration::from_secs(7),
        },
    ]);
    world.publisher.prepare(ids[0]).await.unwrap();
    assert_eq!(
        world.row(ids[0]).await.wake_at,
        Some(world.clock.now() + TimeDelta::seconds(5))
    );
    world.publisher.prepare(ids[0]).await.unwrap();
    assert_eq!(world.sim.state().preparations, 1, "not before its time");
    world.advance(TimeDelta::seconds(5));
    world.publisher.prepare(ids[0]).await.unwrap();
    assert_eq!(world.row(ids[0]).await.state, "preparing");
    world.advance(TimeDelta::seconds(7));
    world.publisher.prepare(ids[0]).await.unwrap();
    let row = world.row(ids[0]).await;
    assert_eq!((row.state.as_str(), row.wake_at), ("ready", Some(order.due)));
    assert_eq!(world.sim.commits(), 0);
}

#[tokio::test]
async fn a_text_over_the_limit_is_refused_before_any_call() {
    let world = World::new().await;
    let item = chancery_contracts::ids::ItemId(world.clock.new_id());
    let order = world
        .approved_as(item, 1, &[world.account], &"a".repeat(301))
        .await;
    world.publisher.take_order(&order).await.unwrap().unwrap();
    let id = chancery_contracts::ids::DeliveryId(world.of(item).await[0].id);
    world.publisher.prepare(id).await.unwrap();
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("rejected", Some("text-too-long"))
    );
    assert_eq!(world.sim.state().preparations, 0);
}

#[tokio::test]
async fn a_platform_that_cannot_be_asked_is_asked_again_and_then_a_person_is() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    let out = || Setback::TryAgain { reason: "503".into() };
    world.sim.state().evasions.extend((0..6).map(|_| out()));
    for look in 0..6 {
        let row = world.row(id).await;
        assert_eq!(row.state, "unknown", "look {look}");
        world.clock.set(row.wake_at.unwrap());
        world.publisher.locate(id).await.unwrap();
    }
    assert_eq!(world.row(id).await.state, "needs_person");
    world
        .publisher
        .decide(
            id,
            &chancery_publisher::engine::Decision::LookAgain,
            &Actor::default(),
        )
        .await
        .unwrap();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.posts()),
        ("published", 1)
    );
}

#[tokio::test]
async fn something_else_under_our_key_is_for_a_person() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    world.sim.state().posts[0].text = "not ours".to_owned();
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("needs_person", Some("other-content"))
    );
}

#[tokio::test]
async fn what_takes_long_at_the_platform_is_looked_up_when_it_said() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::Processing]);
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!(
        (row.reason_code.as_deref(), row.wake_at),
        (
            Some("processing"),
            Some(world.clock.now() + TimeDelta::seconds(90))
        )
    );
    world.advance(TimeDelta::seconds(90));
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("published", 1)
    );
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_ahead_misses_rather_than_sends_late() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.clock.set(world.clock.now() + TimeDelta::days(1));
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("missed", 0)
    );
}

#[tokio::test]
async fn a_clock_that_jumps_back_in_the_middle_of_a_commit_changes_nothing() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    world.clock.set(order.due - TimeDelta::hours(2));
    world.publisher.locate(id).await.unwrap();
    world.publisher.sweep().await.unwrap();
    assert_eq!(world.row(id).await.state, "unknown");
    world.clock.set(order.due);
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.posts()),
        ("published", 1)
    );
}

#[tokio::test]
async fn a_rejection_is_final_until_a_new_version_is_approved() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::Reject]);
    world.commit(id).await;
    assert_eq!(world.row(id).await.reason_code.as_deref(), Some("InvalidRecord"));
    let newer = world
        .approved_as(order.item, 2, &[world.account], "shorter")
        .await;
    world.publisher.take_order(&newer).await.unwrap().unwrap();
    world.publisher.prepare(id).await.unwrap();
    world.clock.set(newer.due);
    world.commit(id).await;
    assert_eq!(
        (
            world.row(id).await.state.as_str(),
            world.sim.state().posts[0].text.as_str()
        ),
        ("published", "shorter")
    );
}
