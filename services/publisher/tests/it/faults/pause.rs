//! The pause is pressed while five hundred posts are due in the same second.

use std::collections::BTreeSet;
use std::sync::Arc;

use chancery_contracts::Service;
use chancery_contracts::ids::DeliveryId;
use chancery_publisher::engine::Actor;
use chancery_publisher::model::StopScope;
use chancery_queue::Worker;
use futures_util::future::join_all;

use crate::world::World;

const DUE: usize = 500;
const FAST: usize = 40;

#[tokio::test]
async fn nothing_starts_after_the_pause_commits_and_the_list_is_exact() {
    let world = World::new().await;
    let names: Vec<_> = (0..DUE).map(|n| format!("mission-{n}.example")).collect();
    let mut accounts = Vec::new();
    for some in names.chunks(16) {
        accounts.extend(join_all(some.iter().map(|name| world.another_account(name))).await);
    }
    let (order, ids) = world.ordered(&accounts).await;
    for some in ids.chunks(16) {
        for done in join_all(some.iter().map(|id| world.publisher.prepare(*id))).await {
            done.unwrap();
        }
    }
    // The platform answers forty at once; everything later hangs with its bytes sent.
    world.sim.door.forget_permits(100_000 - FAST);
    world.clock.set(order.due);
    let handlers = chancery_publisher::handlers(&world.publisher);
    let worker = Arc::new(Worker::new(
        world.db.service(Service::Publisher),
        handlers,
        world.clock.shared(),
    ));
    let rush = tokio::spawn({
        let worker = Arc::clone(&worker);
        async move { worker.drain().await }
    });
    while world.sim.commits() < FAST + 8 {
        tokio::task::yield_now().await;
    }
    let placed = world
        .publisher
        .place_stop(StopScope::Ministry, "now", &Actor::default())
        .await
        .unwrap();
    let listed: BTreeSet<DeliveryId> = placed.in_flight.iter().copied().collect();
    let keys = async |state: &str| -> BTreeSet<String> {
        sqlx::query_scalar("select key from publisher.deliveries where state = $1")
            .bind(state)
            .fetch_all(world.db.owner())
            .await
            .unwrap()
            .into_iter()
            .collect()
    };
    let mut out = keys("published").await;
    for id in &listed {
        out.insert(world.row(*id).await.key);
    }
    assert!(!listed.is_empty());

    world.sim.door.add_permits(100_000);
    rush.await.unwrap().unwrap();
    let sent: BTreeSet<String> = world.sim.state().commits.iter().cloned().collect();
    assert!(
        sent.is_subset(&out),
        "something was sent that was neither out nor listed when the pause held"
    );
    assert_eq!(keys("published").await, sent, "what was listed is told truly");
    assert_eq!(
        sent.len() + keys("held").await.len(),
        DUE,
        "and everything else is held"
    );
    assert_eq!(world.sim.posts(), sent.len());
}
