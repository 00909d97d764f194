//! Rules 4, 5 and 6: zombies, keys, and what an unclear answer means.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::TestClock;
use chancery_contracts::ids::DeliveryId;
use chancery_publisher::connectors::Idempotency;
use chancery_publisher::engine::{Faults, Point};
use chrono::TimeDelta;

use crate::simulator::Act;
use crate::world::World;

/// A worker that stalls after its permit: swapped out, suspended, a laptop that slept.
struct Stall(TestClock, Duration);

#[async_trait]
impl Faults for Stall {
    async fn at(&self, point: Point, _: DeliveryId) {
        if point == Point::AfterPermit {
            self.0.advance(self.1);
        }
    }
}

#[tokio::test]
async fn rule_4_zombies_do_not_send_once_their_window_has_closed() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let zombie = world.another(Arc::new(Stall(world.clock.clone(), Duration::from_secs(30))));
    zombie.commit(id, || true).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("ready", 0)
    );
}

/// The same, on a machine whose administrator then sets the wall clock back.
struct SetBack(TestClock, chrono::DateTime<chrono::Utc>);
#[async_trait]
impl Faults for SetBack {
    async fn at(&self, point: Point, _: DeliveryId) {
        if point == Point::AfterPermit {
            self.0.advance(Duration::from_mins(1));
            self.0.set(self.1);
        }
    }
}

#[tokio::test]
async fn rule_4_zombies_measure_their_window_on_a_clock_that_nobody_sets() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    let zombie = world.another(Arc::new(SetBack(world.clock.clone(), order.due)));
    zombie.commit(id, || true).await.unwrap();
    assert_eq!(world.sim.commits(), 0);
}

#[tokio::test]
async fn rule_4_zombies_do_not_send_when_another_worker_has_their_job() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.publisher.commit(id, || false).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("ready", 0)
    );
}

#[tokio::test]
async fn rule_4_zombies_are_waited_for_before_anybody_looks() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "unknown");
    // The window (30 s) and the margin (30 s): a moment before, the platform is not even asked.
    world.advance(TimeDelta::milliseconds(59_999));
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.state().looks),
        ("unknown", 0)
    );
    world.advance(TimeDelta::milliseconds(1));
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.state().looks),
        ("waiting", 1)
    );
}

#[tokio::test]
async fn rule_4_absence_allows_a_second_commit_only_with_the_same_id() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let key = world.row(id).await.key;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    world.publisher.prepare(id).await.unwrap();
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "published");
    assert_eq!(world.sim.state().commits, [key.clone(), key]);
}

#[tokio::test]
async fn rule_4_without_key_or_id_nothing_is_ever_sent_again_by_itself() {
    let world = World::on(Idempotency::None).await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("needs_person", Some("not-repeatable"))
    );
    world.publisher.prepare(id).await.unwrap();
    world.commit(id).await;
    world.publisher.sweep().await.unwrap();
    assert_eq!(world.sim.commits(), 1);
}

#[tokio::test]
async fn rule_5_key_is_stored_before_the_first_call_and_never_changes() {
    let world = World::new().await;
    let (_, ids) = world.ordered(&[world.account]).await;
    assert_eq!(
        (
            world.row(ids[0]).await.key.as_str(),
            world.sim.state().preparations
        ),
        ("key-1", 0)
    );
    let changed =
        sqlx::query("update publisher.deliveries set key = 'another', sequence = sequence + 1 where id = $1")
            .bind(ids[0].0)
            .execute(world.db.owner())
            .await;
    assert!(
        changed
            .unwrap_err()
            .to_string()
            .contains("the key of a delivery is made once")
    );
}

#[tokio::test]
async fn rule_5_key_that_the_platform_has_forgotten_is_no_key() {
    let world = World::on(Idempotency::Header {
        life: Duration::from_mins(2),
    })
    .await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::FallSilent, Act::FallSilent]);
    world.commit(id).await;
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        world.row(id).await.state,
        "waiting",
        "a minute old: the platform still knows it"
    );
    world.publisher.prepare(id).await.unwrap();
    world.commit(id).await;
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        world.row(id).await.state,
        "needs_person",
        "two minutes after its first use it is forgotten"
    );
    assert_eq!(world.sim.commits(), 2);
}

#[tokio::test]
async fn rule_6_commit_is_called_once_whatever_it_answers() {
    let later = crate::world::noon() + TimeDelta::minutes(40);
    let cases = [
        (Act::AcceptAndFallSilent, "unknown"),
        (Act::FallSilent, "unknown"),
        (Act::Processing, "unknown"),
        (Act::Limit(later), "ready"),
        (Act::Reject, "rejected"),
        (Act::Reauth, "held"),
    ];
    for (act, state) in cases {
        let world = World::new().await;
        let (_, id) = world.ready().await;
        world.sim.will([act.clone()]);
        world.commit(id).await;
        let open = sqlx::query_scalar::<_, bool>(
            "select intent_at is not null from publisher.deliveries where id = $1",
        )
        .bind(id.0)
        .fetch_one(world.db.owner())
        .await
        .unwrap();
        assert_eq!(
            (world.row(id).await.state.as_str(), world.sim.commits(), open),
            (state, 1, state == "unknown"),
            "{act:?}"
        );
    }
}

#[tokio::test]
async fn rule_6_what_was_certainly_not_sent_may_be_sent_with_a_new_permit() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::Unreachable]);
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("ready", 0)
    );
    world.advance(TimeDelta::seconds(5));
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.row(id).await.intents),
        ("published", 2)
    );
}
