//! The database goes away in the middle, and a job is lost.

use std::sync::Arc;

use async_trait::async_trait;
use chancery_contracts::Service;
use chancery_contracts::ids::DeliveryId;
use chancery_publisher::engine::{Faults, Point};
use chancery_queue::Worker;
use chrono::TimeDelta;
use sqlx::PgPool;

use crate::world::World;

/// What a restart of PostgreSQL does to a client: every connection of the publisher is gone.
struct CutsConnections(PgPool, Point);

#[async_trait]
impl Faults for CutsConnections {
    async fn at(&self, point: Point, _: DeliveryId) {
        if point == self.1 {
            sqlx::query(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and usename like '%publisher'",
            )
            .execute(&self.0)
            .await
            .unwrap();
        }
    }
}

#[tokio::test]
async fn an_answer_survives_a_restart_of_the_database() {
    let world = World::new().await;
    for point in [
        Point::BeforePermit,
        Point::AfterPermit,
        Point::AfterCommit,
        Point::AfterReceipt,
    ] {
        let (_, id) = world.ready().await;
        let publisher = world.another(Arc::new(CutsConnections(world.db.owner().clone(), point)));
        // A permit that meets the cut fails and is asked for again, as its job would be.
        for _ in 0..3 {
            if publisher.commit(id, || true).await.is_ok() {
                break;
            }
        }
        assert_eq!(world.row(id).await.state, "published", "{point:?}");
    }
    assert_eq!((world.sim.commits(), world.sim.posts()), (4, 4));
}

#[tokio::test]
async fn a_delivery_whose_job_was_lost_is_found_by_the_sweep() {
    let world = World::new().await;
    let worker = worker(&world);
    worker.drain().await.unwrap();
    let (order, ids) = world.ordered(&[world.account, world.press_room]).await;
    world.tamper("delete from queue.jobs").await;
    world.clock.set(order.due + TimeDelta::minutes(1));
    // Nothing waits on the queue but what the schedule sends each minute.
    worker.drain().await.unwrap();
    for id in ids {
        assert_eq!(world.row(id).await.state, "published");
    }
}

#[tokio::test]
async fn an_order_goes_out_through_the_queue_at_its_minute() {
    let world = World::new().await;
    let workers = [worker(&world), worker(&world)];
    let (order, ids) = world.ordered(&[world.account, world.press_room]).await;
    for worker in &workers {
        worker.drain().await.unwrap();
    }
    assert_eq!(world.row(ids[0]).await.state, "ready", "prepared ahead");
    world.clock.set(order.due - TimeDelta::milliseconds(1));
    workers[0].drain().await.unwrap();
    assert_eq!(world.sim.commits(), 0);
    world.clock.set(order.due);
    let (one, two) = tokio::join!(workers[0].drain(), workers[1].drain());
    one.unwrap();
    two.unwrap();
    for id in ids {
        assert_eq!(world.row(id).await.state, "published");
    }
    assert_eq!(world.sim.commits(), 1);
    let told: Vec<String> = sqlx::query_scalar(
        "select payload::jsonb ->> 'state' from queue.jobs where kind = 'publisher.delivery_changed' order by id",
    )
    .fetch_all(world.db.owner())
    .await
    .unwrap();
    assert_eq!(
        told.iter().filter(|state| *state == "published").count(),
        2,
        "{told:?}"
    );
}

fn worker(world: &World) -> Worker {
    let handlers = chancery_publisher::handlers(&world.publisher);
    Worker::new(
        world.db.service(Service::Publisher),
        handlers,
        world.clock.shared(),
    )
}
