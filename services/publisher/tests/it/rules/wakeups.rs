//! Rules 2, 3, 7 and 8: orders, wake-ups, lanes, the press room.

use chancery_clock::Clock;
use chancery_contracts::ids::ItemId;
use chancery_publisher::connectors::Idempotency;
use chrono::TimeDelta;

use crate::simulator::Act;
use crate::world::World;

#[tokio::test]
async fn rule_2_orders_a_lower_version_or_the_same_again_is_ignored() {
    let world = World::new().await;
    let item = ItemId(world.clock.new_id());
    let first = world.approved_as(item, 1, &[world.account], "one").await;
    let second = world.approved_as(item, 2, &[world.account], "two").await;
    for order in [&second, &first, &second, &first] {
        world.publisher.take_order(order).await.unwrap().unwrap();
    }
    let rows = world.of(item).await;
    assert_eq!(
        (rows.len(), rows[0].version, rows[0].state.as_str()),
        (1, 2, "waiting")
    );
}

#[tokio::test]
async fn rule_2_orders_a_cancellation_that_overtakes_its_order_leaves_a_tombstone() {
    let world = World::new().await;
    let order = world.approved(&[world.account]).await;
    world.cancel(order.item, 1).await;
    world.publisher.take_order(&order).await.unwrap().unwrap();
    assert!(world.of(order.item).await.is_empty());
}

#[tokio::test]
async fn rule_2_orders_a_new_version_never_posts_what_is_out_or_unknown_again() {
    let world = World::new().await;
    for act in [Act::Accept, Act::AcceptAndFallSilent] {
        let (order, id) = world.ready().await;
        world.sim.will([act]);
        world.commit(id).await;
        let before = world.row(id).await.state;
        world.cancel(order.item, 1).await;
        let newer = world
            .approved_as(order.item, 2, &[world.account], "corrected")
            .await;
        world.publisher.take_order(&newer).await.unwrap().unwrap();
        let rows = world.of(order.item).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (rows[0].state.clone(), rows[0].version, rows[0].newer_version),
            (before, 1, Some(2))
        );
        world.clock.set(newer.due);
        world.publisher.prepare(id).await.unwrap();
        world.commit(id).await;
    }
    assert_eq!(world.sim.commits(), 2, "one commit for each item");
}

#[tokio::test]
async fn rule_2_orders_a_cancellation_says_what_it_could_not_stop() {
    let world = World::new().await;
    let (order, ids) = world.ordered(&[world.account, world.press_room]).await;
    for id in &ids {
        world.publisher.prepare(*id).await.unwrap();
    }
    world.clock.set(order.due);
    let (out, waiting) = (ids[0], ids[1]);
    world.commit(out).await;
    world.cancel(order.item, 1).await;
    assert_eq!(world.row(waiting).await.state, "cancelled");
    let said: serde_json::Value = sqlx::query_scalar(
        "select payload::jsonb from queue.jobs where kind = 'publisher.order_cancelled' order by id desc limit 1",
    )
    .fetch_one(world.db.owner())
    .await
    .unwrap();
    assert_eq!(said["not_stopped"], serde_json::json!([out]));
}

#[tokio::test]
async fn rule_3_wakeup_many_jobs_for_one_delivery_do_no_harm() {
    // The platform knows no keys: whoever commits twice posts twice.
    let world = World::on(Idempotency::None).await;
    let (_, id) = world.ready().await;
    let workers = [(); 8].map(|()| {
        let publisher = world.publisher.clone();
        tokio::spawn(async move { publisher.commit(id, || true).await })
    });
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    assert_eq!(
        (
            world.row(id).await.state.as_str(),
            world.sim.posts(),
            world.row(id).await.intents
        ),
        ("published", 1, 1)
    );
    for _ in 0..3 {
        world.publisher.prepare(id).await.unwrap();
        world.publisher.locate(id).await.unwrap();
        world.commit(id).await;
    }
    assert_eq!((world.sim.commits(), world.sim.state().looks), (1, 0));
}

#[tokio::test]
async fn rule_3_wakeup_a_result_for_an_older_form_of_the_row_is_dropped() {
    let world = World::new().await;
    let (order, ids) = world.ordered(&[world.account]).await;
    let stale = world.row(ids[0]).await;
    let newer = world.approved_as(order.item, 2, &[world.account], "two").await;
    world.publisher.take_order(&newer).await.unwrap().unwrap();
    let lost = sqlx::query("update publisher.deliveries set state = 'ready', sequence = 1 where id = $1")
        .bind(stale.id)
        .execute(world.db.owner())
        .await;
    assert!(lost.is_err(), "the sequence of a delivery never goes back");
    assert_eq!(world.row(ids[0]).await.version, 2);
}

#[tokio::test]
async fn rule_7_lanes_exclude_but_never_block_another_account() {
    let world = World::new().await;
    let other = world.another_account("hanoi.example").await;
    let (_, stuck) = world.ready().await;
    let (_, behind) = world.ready().await;
    let (_, elsewhere) = world.ready_on(other).await;
    world.sim.will([Act::AcceptAndHang]);
    // A worker hangs in its commit, then dies.
    let publisher = world.publisher.clone();
    let hanging = tokio::spawn(async move { publisher.commit(stuck, || true).await });
    while world.sim.commits() == 0 {
        tokio::task::yield_now().await;
    }
    world.commit(behind).await;
    assert_eq!(
        (world.row(behind).await.state.as_str(), world.sim.commits()),
        ("ready", 1),
        "steps aside"
    );
    world.commit(elsewhere).await;
    assert_eq!(world.row(elsewhere).await.state, "published");
    hanging.abort();
    // Once nobody can still be sending, the account is free again, and what hung is looked up.
    world.advance(TimeDelta::seconds(30));
    world.commit(behind).await;
    assert_eq!(world.row(stuck).await.state, "unknown");
    world.advance(TimeDelta::seconds(1));
    world.commit(behind).await;
    assert_eq!(world.row(behind).await.state, "published");
    world.let_locate_begin();
    world.publisher.locate(stuck).await.unwrap();
    assert_eq!(
        (world.row(stuck).await.state.as_str(), world.sim.posts()),
        ("published", 3)
    );
}

#[tokio::test]
async fn rule_7_lanes_are_kept_by_the_database_too() {
    let world = World::new().await;
    let (_, one) = world.ready().await;
    let (_, two) = world.ready().await;
    let permit = "update publisher.deliveries
                  set state = 'committing', intent_at = now(), intents = 1, sent = '{}', sequence = sequence + 1 where id = $1";
    sqlx::query(permit)
        .bind(one.0)
        .execute(world.db.owner())
        .await
        .unwrap();
    let second = sqlx::query(permit).bind(two.0).execute(world.db.owner()).await;
    assert!(second.unwrap_err().to_string().contains("deliveries_one_commit"));
}

#[tokio::test]
async fn rule_8_press_room_publishes_and_receipts_in_one_transaction() {
    let world = World::new().await;
    let (_, id) = world.ready_on(world.press_room).await;
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!(row.state, "published");
    let link = row.permalink.unwrap();
    assert!(
        link.starts_with("https://chancery.example/press/vientiane/en/2026/09/02/"),
        "{link}"
    );
    assert_eq!(releases(&world).await, 1);
    world.commit(id).await;
    assert_eq!(releases(&world).await, 1);
    assert!(
        !world.steps(id).await.contains(&"permitted".to_owned()),
        "there is no intent to be left open"
    );
}

#[tokio::test]
async fn rule_8_press_room_keeps_neither_when_the_receipt_cannot_be_written() {
    let world = World::new().await;
    let (_, id) = world.ready_on(world.press_room).await;
    world
        .tamper(
            "create function publisher.sabotage() returns trigger language plpgsql as
             $$ begin if new.step = 'published' then raise exception 'disk full'; end if; return new; end $$",
        )
        .await;
    world
        .tamper("create trigger sabotage before insert on publisher.delivery_steps for each row execute function publisher.sabotage()")
        .await;
    assert!(world.publisher.commit(id, || true).await.is_err());
    assert_eq!(
        (world.row(id).await.state.as_str(), releases(&world).await),
        ("ready", 0)
    );
    world
        .tamper("drop trigger sabotage on publisher.delivery_steps")
        .await;
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), releases(&world).await),
        ("published", 1)
    );
}

async fn releases(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from newsroom.releases")
        .fetch_one(world.db.owner())
        .await
        .unwrap()
}
