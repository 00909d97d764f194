//! A correction passes everything that a first publication passes, and is never made twice.

use std::sync::Arc;

use chancery_clock::Clock;
use chancery_contracts::ids::{AccountId, DeliveryId};
use chancery_contracts::publisher::PublishOrder;
use chancery_publisher::Publisher;
use chancery_publisher::engine::{Actor, Faults, Point};
use chancery_publisher::model::StopScope;
use chrono::TimeDelta;

use super::Dies;
use crate::simulator::Act;
use crate::world::World;

impl World {
    /// The calendar approves a correction of what is out, in ten minutes.
    async fn correction(
        &self,
        of: &PublishOrder,
        version: i32,
        account: AccountId,
        body: &str,
    ) -> PublishOrder {
        let mut variant = self.variant(account, body);
        variant.correction = Some("The date was wrong.".to_owned());
        self.approved_edition(of.item, version, vec![variant]).await
    }

    /// The delivery of a correction that the publisher has taken.
    async fn revision(&self, order: &PublishOrder) -> DeliveryId {
        self.publisher.take_order(order).await.unwrap().unwrap();
        let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
            "select id from publisher.deliveries where item_id = $1 and revises is not null order by occurrence desc",
        )
        .bind(order.item.0)
        .fetch_all(self.db.owner())
        .await
        .unwrap();
        DeliveryId(ids[0])
    }

    async fn revisions(&self) -> i64 {
        sqlx::query_scalar("select count(*) from publisher.deliveries where revises is not null")
            .fetch_one(self.db.owner())
            .await
            .unwrap()
    }

    async fn drive(&self, publisher: &Publisher, id: DeliveryId) {
        for _ in 0..30 {
            let row = self.row(id).await;
            let Some(wake) = row.wake_at else { return };
            self.clock.set(self.clock.now().max(wake));
            match row.state.as_str() {
                "waiting" | "preparing" => publisher.prepare(id).await.unwrap(),
                "unknown" => publisher.locate(id).await.unwrap(),
                _ => publisher.commit(id, || true).await.unwrap(),
            }
        }
        panic!("it does not come to rest: {:?}", self.row(id).await);
    }
}

#[tokio::test]
async fn the_press_room_shows_the_new_text_at_the_same_address_and_keeps_the_old() {
    let world = World::new().await;
    let (order, first) = world.out_on(world.press_room).await;
    let correction = world
        .correction(&order, 2, world.press_room, "On 3 September")
        .await;
    let id = world.revision(&correction).await;
    world.drive(&world.publisher, id).await;
    assert_eq!(world.row(id).await.state, "published");
    assert_eq!(world.row(id).await.permalink, world.row(first).await.permalink);
    let now: (String,) = sqlx::query_as("select body from newsroom.releases where id = $1")
        .bind(first.0)
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert_eq!(now.0, "On 3 September");
    let kept: Vec<(String, String)> = sqlx::query_as("select note, earlier_body from newsroom.corrections")
        .fetch_all(world.db.owner())
        .await
        .unwrap();
    assert_eq!(
        kept,
        [(
            "The date was wrong.".to_owned(),
            "Hello from Vientiane".to_owned()
        )]
    );
    let releases: i64 = sqlx::query_scalar("select count(*) from newsroom.releases")
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert_eq!(releases, 1);
}

#[tokio::test]
async fn elsewhere_it_is_one_reply_and_the_original_stays() {
    let world = World::new().await;
    let (order, first) = world.out_on(world.account).await;
    let original = world.row(first).await.key;
    let correction = world
        .correction(&order, 2, world.account, "Correction: 3 September")
        .await;
    let id = world.revision(&correction).await;
    // The same order again, and the same text in a later version, are no second correction.
    world.publisher.take_order(&correction).await.unwrap().unwrap();
    world.drive(&world.publisher, id).await;
    let again = world
        .correction(&order, 3, world.account, "Correction: 3 September")
        .await;
    world.publisher.take_order(&again).await.unwrap().unwrap();
    assert_eq!(world.revisions().await, 1);
    let posts = world.sim.state().posts.clone();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[1].reply_to, Some(format!("sim://{original}")));
    assert_ne!(posts[0].key, posts[1].key);
    // Another correction follows the first original, too.
    let more = world
        .correction(&order, 4, world.account, "Correction: 4 September")
        .await;
    let id = world.revision(&more).await;
    world.drive(&world.publisher, id).await;
    let posts = world.sim.state().posts.clone();
    assert_eq!(
        (posts.len(), posts[2].reply_to.clone()),
        (3, Some(format!("sim://{original}")))
    );
}

#[tokio::test]
async fn a_crash_at_any_step_never_doubles_and_never_loses_a_correction() {
    let world = World::new().await;
    for point in Point::ALL {
        for act in [
            Act::Accept,
            Act::AcceptAndFallSilent,
            Act::FallSilent,
            Act::Unreachable,
        ] {
            let (order, _) = world.out_on(world.account).await;
            let correction = world.correction(&order, 2, world.account, "Correction").await;
            let id = world.revision(&correction).await;
            let posts = world.sim.posts();
            world.sim.state().script.clear();
            world.sim.will([act.clone()]);
            let faults = Dies::at(point);
            let dying = world.another(Arc::clone(&faults) as Arc<dyn Faults>);
            tokio::select! {
                () = world.drive(&dying, id) => {} // This act does not lead past this point.
                () = faults.dead.notified() => {}
            }
            drop(dying);
            world.drive(&world.publisher, id).await;
            assert_eq!(
                (world.row(id).await.state.as_str(), world.sim.posts() - posts),
                ("published", 1),
                "{point:?} {act:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_permit_guards_a_correction_as_it_guards_a_first_publication() {
    let world = World::new().await;
    for (tamper, state, reason) in [
        ("update calendar.items set version = 9", "cancelled", "not-standing"),
        (
            "update publisher.orders set edition = jsonb_set(edition, '{variants,0,correction}', '\"Nothing to see\"')
             where edition @> '{\"version\": 2}'",
            "cancelled",
            "not-standing",
        ),
        ("update publisher.orders set not_after = due_at", "missed", "too-late"),
        ("update publisher.orders set cancelled_through = version", "cancelled", "cancelled"),
    ] {
        for account in [world.account, world.press_room] {
            let (order, _) = world.out_on(account).await;
            let correction = world.correction(&order, 2, account, "Correction").await;
            let id = world.revision(&correction).await;
            world.publisher.prepare(id).await.unwrap();
            world.clock.set(correction.due);
            world.tamper(tamper).await;
            let commits = world.sim.commits();
            world.commit(id).await;
            let row = world.row(id).await;
            assert_eq!(
                (row.state.as_str(), row.reason_code.as_deref()),
                (state, Some(reason)),
                "{tamper}"
            );
            assert_eq!(world.sim.commits(), commits, "{tamper}");
        }
    }
    let corrections: i64 = sqlx::query_scalar("select count(*) from newsroom.corrections")
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert_eq!(corrections, 0);
}

#[tokio::test]
async fn a_stop_holds_a_correction() {
    let world = World::new().await;
    for account in [world.account, world.press_room] {
        let (order, _) = world.out_on(account).await;
        let correction = world.correction(&order, 2, account, "Correction").await;
        let id = world.revision(&correction).await;
        world.publisher.prepare(id).await.unwrap();
        let stop = world
            .publisher
            .place_stop(StopScope::Ministry, "crisis", &Actor::default())
            .await
            .unwrap()
            .stop;
        world.clock.set(correction.due);
        world.commit(id).await;
        assert_eq!(world.row(id).await.state, "held");
        world.publisher.lift_stop(stop, &Actor::default()).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_being_taken_down_is_not_corrected() {
    let world = World::new().await;
    // Ordered after it was asked for: no delivery is made.
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    let correction = world.correction(&order, 2, world.account, "Correction").await;
    world.publisher.take_order(&correction).await.unwrap().unwrap();
    assert_eq!(world.revisions().await, 0);
    // Asked for after it was ordered: the permit refuses.
    for account in [world.account, world.press_room] {
        let (order, first) = world.out_on(account).await;
        let correction = world.correction(&order, 2, account, "Correction").await;
        let id = world.revision(&correction).await;
        world.publisher.prepare(id).await.unwrap();
        world.ask(order.item, first).await;
        assert_eq!(world.take_down(first).await.state, "withdrawn");
        world
            .clock
            .set(world.clock.now().max(correction.due) + TimeDelta::seconds(1));
        world.commit(id).await;
        assert_eq!(world.row(id).await.state, "cancelled");
    }
    assert_eq!(
        world.sim.state().posts.len(),
        1,
        "the first, which nobody has taken down yet"
    );
}

#[tokio::test]
async fn a_correction_may_be_taken_down_and_takes_the_release_with_it() {
    let world = World::new().await;
    let (order, first) = world.out_on(world.press_room).await;
    let correction = world.correction(&order, 2, world.press_room, "Better").await;
    let id = world.revision(&correction).await;
    world.drive(&world.publisher, id).await;
    world.ask(order.item, id).await;
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    let gone: bool =
        sqlx::query_scalar("select withdrawn_at is not null from newsroom.releases where id = $1")
            .bind(first.0)
            .fetch_one(world.db.owner())
            .await
            .unwrap();
    assert!(gone);
}

#[tokio::test]
async fn what_did_not_go_out_is_simply_published_as_it_now_is() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.cancel(order.item, 1).await;
    let correction = world.correction(&order, 2, world.account, "As it now is").await;
    world.publisher.take_order(&correction).await.unwrap().unwrap();
    assert_eq!(world.revisions().await, 0);
    world.drive(&world.publisher, id).await;
    let posts = world.sim.state().posts.clone();
    assert_eq!((posts.len(), posts[0].reply_to.clone()), (1, None));
}
