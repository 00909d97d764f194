//! What goes out on command: its window is the edition's, whatever the order says, and the word is when it is due.

use chancery_clock::Clock as _;
use chancery_contracts::ids::DeliveryId;
use chancery_contracts::publisher::PublishOrder;
use chancery_publisher::engine::NoFaults;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::world::World;

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

/// The order's one delivery, prepared.
async fn taken(world: &World, order: &PublishOrder) -> DeliveryId {
    world.publisher.take_order(order).await.unwrap().unwrap();
    let id = DeliveryId(world.of(order.item).await[0].id);
    world.publisher.prepare(id).await.unwrap();
    id
}

async fn times(world: &World, id: DeliveryId) -> (DateTime<Utc>, DateTime<Utc>) {
    sqlx::query_as("select due_at, not_after from publisher.deliveries where id = $1")
        .bind(id.0)
        .fetch_one(world.db.owner())
        .await
        .unwrap()
}

#[tokio::test]
async fn it_goes_out_when_the_word_is_given() {
    let world = World::new().await;
    let now = world.clock.now();
    let order = world.released(now - minutes(30), now).await;
    let id = taken(&world, &order).await;
    assert_eq!(times(&world, id).await, (now, now + minutes(30)));
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.posts()),
        ("published", 1)
    );
}

#[tokio::test]
async fn it_never_goes_out_before_its_window_whatever_the_order_says() {
    let world = World::new().await;
    let now = world.clock.now();
    let opens = now + minutes(5);
    let order = world.released(opens, now).await;
    let id = taken(&world, &order).await;
    world.commit(id).await;
    assert_eq!(world.sim.commits(), 0);
    assert_eq!(times(&world, id).await.0, opens);
    world.clock.set(opens);
    world.commit(id).await;
    assert_eq!(world.sim.posts(), 1);
}

#[tokio::test]
async fn it_never_goes_out_after_its_window_whatever_the_order_says() {
    let world = World::new().await;
    let now = world.clock.now();
    let mut order = world.released(now - minutes(30), now).await;
    // A word that claims more time than was approved.
    order.not_after = now + TimeDelta::days(1);
    let late = taken(&world, &order).await;
    assert_eq!(times(&world, late).await.1, now + minutes(30));
    world.clock.set(now + minutes(30));
    world.commit(late).await;
    assert_eq!(
        (world.row(late).await.state.as_str(), world.sim.commits()),
        ("missed", 0)
    );
    // A word that was given when it was over.
    let now = world.clock.now();
    let order = world.released(now - minutes(60), now).await;
    world.publisher.take_order(&order).await.unwrap().unwrap();
    let over = DeliveryId(world.of(order.item).await[0].id);
    world.publisher.prepare(over).await.unwrap();
    world.commit(over).await;
    assert_eq!(
        (world.row(over).await.state.as_str(), world.sim.commits()),
        ("missed", 0)
    );
}

#[tokio::test]
async fn a_word_that_arrives_twice_is_one_delivery() {
    let world = World::new().await;
    let now = world.clock.now();
    let order = world.released(now - minutes(30), now).await;
    let (one, two) = tokio::join!(
        world.publisher.take_order(&order),
        world.publisher.take_order(&order)
    );
    one.unwrap().unwrap();
    two.unwrap().unwrap();
    let ids: Vec<Uuid> = world.of(order.item).await.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), 1);
    let id = DeliveryId(ids[0]);
    world.publisher.prepare(id).await.unwrap();
    world.commit(id).await;
    world.commit(id).await;
    assert_eq!((world.sim.commits(), world.sim.posts()), (1, 1));
}

#[tokio::test]
async fn a_new_build_leaves_the_word_where_it_was_given() {
    let world = World::new().await;
    let now = world.clock.now();
    let order = world.released(now - minutes(30), now).await;
    let id = taken(&world, &order).await;
    let newer_build = world.another(std::sync::Arc::new(NoFaults));
    newer_build.sweep().await.unwrap();
    assert_eq!(times(&world, id).await.0, now);
    assert_eq!(world.steps(id).await, ["ordered", "prepared"]);
}
