//! A process dies at every step of a delivery, with every way a platform can answer; then another takes over.

use std::sync::Arc;

use async_trait::async_trait;
use chancery_clock::Clock;
use chancery_contracts::ids::DeliveryId;
use chancery_publisher::Publisher;
use chancery_publisher::connectors::Idempotency;
use chancery_publisher::engine::{Faults, Point};
use tokio::sync::Notify;

use crate::simulator::Act;
use crate::world::World;

/// Whoever comes to this point dies there.
struct Dies {
    at: Point,
    dead: Notify,
}

#[async_trait]
impl Faults for Dies {
    async fn at(&self, point: Point, _: DeliveryId) {
        if point == self.at {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// Does what the delivery's row asks for, until there is nothing left to do by itself.
async fn drive(world: &World, publisher: &Publisher, id: DeliveryId) {
    for _ in 0..30 {
        let row = world.row(id).await;
        let Some(wake) = row.wake_at else { return };
        world.clock.set(world.clock.now().max(wake));
        match row.state.as_str() {
            "waiting" | "preparing" => publisher.prepare(id).await.unwrap(),
            "unknown" => publisher.locate(id).await.unwrap(),
            _ => publisher.commit(id, || true).await.unwrap(),
        }
    }
    panic!("the delivery does not come to rest: {:?}", world.row(id).await);
}

async fn dies_and_recovers(world: &World, point: Point, act: &Act) -> (String, usize) {
    let (_, ids) = world.ordered(&[world.account]).await;
    let id = ids[0];
    let posts = world.sim.posts();
    world.sim.state().script.clear();
    world.sim.will([act.clone()]);
    let faults = Arc::new(Dies {
        at: point,
        dead: Notify::new(),
    });
    let dying = world.another(Arc::clone(&faults) as Arc<dyn Faults>);
    tokio::select! {
        () = drive(world, &dying, id) => {} // This act does not lead past this point.
        () = faults.dead.notified() => {}
    }
    drop(dying);
    drive(world, &world.publisher, id).await;
    (world.row(id).await.state, world.sim.posts() - posts)
}

const ACTS: [Act; 4] = [
    Act::Accept,
    Act::AcceptAndFallSilent,
    Act::FallSilent,
    Act::Unreachable,
];

#[tokio::test]
async fn a_crash_at_any_step_never_doubles_and_never_loses() {
    let world = World::new().await;
    for point in Point::ALL {
        for act in &ACTS {
            let end = dies_and_recovers(&world, point, act).await;
            assert_eq!(end, ("published".to_owned(), 1), "{point:?} {act:?}");
        }
    }
}

#[tokio::test]
async fn a_crash_without_key_or_id_never_doubles_and_asks_a_person_when_in_doubt() {
    let world = World::on(Idempotency::None).await;
    for point in Point::ALL {
        for act in &ACTS {
            let (state, posts) = dies_and_recovers(&world, point, act).await;
            match posts {
                1 => assert_eq!(state, "published", "{point:?} {act:?}"),
                0 => assert_eq!(state, "needs_person", "{point:?} {act:?}"),
                more => panic!("{point:?} {act:?}: {more} posts"),
            }
        }
    }
}

#[tokio::test]
async fn a_crash_of_the_press_room_leaves_all_or_nothing() {
    let world = World::new().await;
    for point in Point::ALL {
        let (order, ids) = world.ordered(&[world.press_room]).await;
        let faults = Arc::new(Dies {
            at: point,
            dead: Notify::new(),
        });
        let dying = world.another(Arc::clone(&faults) as Arc<dyn Faults>);
        tokio::select! {
            () = drive(&world, &dying, ids[0]) => {}
            () = faults.dead.notified() => {}
        }
        let released = async || {
            sqlx::query_scalar::<_, i64>("select count(*) from newsroom.releases where item_id = $1")
                .bind(order.item.0)
                .fetch_one(world.db.owner())
                .await
                .unwrap()
        };
        let out = i64::from(world.row(ids[0]).await.state == "published");
        assert_eq!(released().await, out, "{point:?}");
        drive(&world, &world.publisher, ids[0]).await;
        assert_eq!(
            (world.row(ids[0]).await.state.as_str(), released().await),
            ("published", 1),
            "{point:?}"
        );
    }
}
