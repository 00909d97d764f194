//! Rule 1, the gate: a pause waits for permits under way and lists them; a permit that waited for a pause sees it.

use chancery_contracts::ids::DeliveryId;
use chancery_publisher::engine::Actor;
use chancery_publisher::model::StopScope;
use sqlx::PgPool;
use tokio::task::JoinHandle;

use crate::simulator::Act;
use crate::world::World;

/// "stopgate" in ASCII, as `store::GATE`.
const GATE: i64 = 0x7374_6f70_6761_7465;

/// Comes back when the task waits for the gate.
async fn until_it_waits<T>(owner: &PgPool, task: &JoinHandle<T>) {
    while !task.is_finished() {
        let waits: bool = sqlx::query_scalar(
            "select exists (select from pg_locks l join pg_database d on d.oid = l.database
                            where l.locktype = 'advisory' and not l.granted and d.datname = current_database())",
        )
        .fetch_one(owner)
        .await
        .unwrap();
        if waits {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it went through the gate without waiting");
}

#[tokio::test]
async fn rule_1_permit_gate_a_pause_waits_for_permits_under_way() {
    let world = World::new().await;
    // Somebody is in the middle of a permit.
    let mut permit = world.db.owner().begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock_shared($1)")
        .bind(GATE)
        .execute(&mut *permit)
        .await
        .unwrap();
    let publisher = world.publisher.clone();
    let pause = tokio::spawn(async move {
        publisher
            .place_stop(StopScope::Ministry, "now", &Actor::default())
            .await
    });
    until_it_waits(world.db.owner(), &pause).await;
    permit.commit().await.unwrap();
    assert!(pause.await.unwrap().unwrap().new);
}

#[tokio::test]
async fn rule_1_permit_gate_a_permit_that_waited_for_a_pause_sees_it() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    // Somebody is in the middle of a pause: the stop is written and not yet visible.
    let mut pause = world.db.owner().begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock($1)")
        .bind(GATE)
        .execute(&mut *pause)
        .await
        .unwrap();
    sqlx::query("insert into publisher.stops (id, scope, reason, placed_at) values (gen_random_uuid(), 'ministry', '', now())")
        .execute(&mut *pause)
        .await
        .unwrap();
    let publisher = world.publisher.clone();
    let commit = tokio::spawn(async move { publisher.commit(id, || true).await });
    until_it_waits(world.db.owner(), &commit).await;
    pause.commit().await.unwrap();
    commit.await.unwrap().unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("held", 0)
    );
}

#[tokio::test]
async fn rule_1_permit_gate_a_pause_lists_exactly_what_was_in_flight() {
    let world = World::new().await;
    let other = world.another_account("hanoi.example").await;
    let (_, unknown) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(unknown).await;
    let (_, published) = world.ready_on(other).await;
    world.commit(published).await;
    let (_, ready) = world.ready_on(other).await;
    let placed = world
        .publisher
        .place_stop(StopScope::Ministry, "now", &Actor::default())
        .await
        .unwrap();
    assert_eq!(placed.in_flight, [unknown]);
    let again = world
        .publisher
        .place_stop(StopScope::Ministry, "twice", &Actor::default())
        .await
        .unwrap();
    assert_eq!(
        (again.stop, again.new),
        (placed.stop, false),
        "pressing twice places one stop"
    );
    world.commit(ready).await;
    assert_eq!(world.row(ready).await.state, "held");
    let listed: Vec<uuid::Uuid> =
        sqlx::query_scalar("select delivery_id from publisher.stop_in_flight where stop_id = $1")
            .bind(placed.stop.0)
            .fetch_all(world.db.owner())
            .await
            .unwrap();
    assert_eq!(listed.into_iter().map(DeliveryId).collect::<Vec<_>>(), [unknown]);
}
