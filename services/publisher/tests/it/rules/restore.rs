//! Rule 9: restore and failover.

use chancery_contracts::ids::DeliveryId;
use chancery_publisher::connectors::Idempotency;
use chancery_publisher::engine::{Actor, Decision};
use chrono::TimeDelta;

use crate::simulator::{Act, Post};
use crate::world::World;

async fn restore_stops(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from publisher.stops where cause = 'restore' and lifted_at is null")
        .fetch_one(world.db.owner())
        .await
        .unwrap()
}

/// What the platform has and the restored database does not know of.
fn is_out_already(world: &World, key: &str) {
    let post = Post {
        account: world.account,
        key: key.to_owned(),
        text: "Hello from Vientiane".to_owned(),
        reply_to: None,
    };
    world.sim.state().posts.push(post);
}

#[tokio::test]
async fn rule_9_restore_stops_everything_until_each_delivery_has_been_looked_up() {
    let world = World::new().await;
    let (_, out) = world.ready().await;
    let (_, overdue) = world.ready().await;
    let (later, future) = world.ordered(&[world.account]).await;
    is_out_already(&world, &world.row(out).await.key);
    world.tamper("select publisher.mark_restored()").await;

    // The very first permit after the restore notices, without any sweep.
    world.commit(out).await;
    assert_eq!((restore_stops(&world).await, world.sim.commits()), (1, 0));
    for id in [out, overdue, future[0]] {
        assert_eq!(world.row(id).await.state, "unknown");
    }
    world.let_locate_begin();
    world.publisher.locate(out).await.unwrap();
    world.publisher.locate(overdue).await.unwrap();
    assert_eq!(restore_stops(&world).await, 1, "one has not been looked up yet");
    world.publisher.locate(future[0]).await.unwrap();
    assert_eq!(restore_stops(&world).await, 0);

    assert_eq!(world.row(out).await.state, "published");
    let held = world.row(overdue).await;
    assert_eq!(
        (held.state.as_str(), held.reason_code.as_deref()),
        ("held", Some("restore")),
        "no burst"
    );
    assert_eq!(
        world.row(future[0]).await.state,
        "waiting",
        "its minute is still to come"
    );
    world.clock.set(later.due);
    world.publisher.prepare(future[0]).await.unwrap();
    world.commit(future[0]).await;
    assert_eq!(
        (world.row(future[0]).await.state.as_str(), world.sim.commits()),
        ("published", 1)
    );
}

#[tokio::test]
async fn rule_9_restore_waits_for_a_person_where_only_a_person_can_tell() {
    let world = World::on(Idempotency::None).await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(world.row(id).await.state, "needs_person");
    world.tamper("select publisher.mark_restored()").await;
    world.publisher.sweep().await.unwrap();
    assert_eq!(restore_stops(&world).await, 1);
    let stop: uuid::Uuid = sqlx::query_scalar("select id from publisher.stops")
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert!(
        world
            .publisher
            .lift_stop(stop.into(), &Actor::default())
            .await
            .is_err(),
        "it is not for a person to lift"
    );
    world
        .publisher
        .decide(id, &Decision::IsNotPublished, &Actor::default())
        .await
        .unwrap();
    assert_eq!(restore_stops(&world).await, 0);
}

#[tokio::test]
async fn rule_9_restore_of_a_cancelled_row_looks_before_it_is_ordered_anew() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.cancel(order.item, 1).await;
    is_out_already(&world, &world.row(id).await.key);
    world.tamper("select publisher.mark_restored()").await;
    world.publisher.sweep().await.unwrap();
    assert_eq!(
        restore_stops(&world).await,
        0,
        "nothing goes on by itself, so nothing to wait for"
    );
    let newer = world
        .approved_as(order.item, 2, &[world.account], "Hello from Vientiane")
        .await;
    world.publisher.take_order(&newer).await.unwrap().unwrap();
    assert_eq!(world.row(id).await.state, "unknown");
    world.advance(TimeDelta::minutes(2));
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("published", 0)
    );
}

#[tokio::test]
async fn rule_9_restore_does_not_doubt_our_own_press_room() {
    let world = World::new().await;
    let (_, id) = world.ready_on(world.press_room).await;
    world.tamper("select publisher.mark_restored()").await;
    world.publisher.sweep().await.unwrap();
    assert_eq!(world.row(id).await.recheck_stop_id, None);
    assert_eq!(
        world.row(id).await.state,
        "held",
        "it came due while everything was stopped"
    );
}

#[tokio::test]
async fn rule_9_restore_first_start_is_no_restore() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.tamper("delete from publisher.incarnation").await;
    world.commit(id).await;
    assert_eq!(restore_stops(&world).await, 0);
    world.commit(DeliveryId(id.0)).await;
    assert_eq!(world.row(id).await.state, "published");
}
