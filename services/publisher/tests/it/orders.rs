//! Orders that are not as they should be, people's decisions, and the boundary that the database keeps.

use chancery_clock::{Clock, Tz};
use chancery_contracts::Service;
use chancery_contracts::ids::{AccountId, DeliveryId, ItemId};
use chancery_publisher::engine::{Actor, BadOrder, Decision};
use chancery_publisher::model::DeliveryState;
use chrono::{DateTime, TimeDelta, Utc};

use crate::simulator::Act;
use crate::world::World;

#[tokio::test]
async fn an_order_that_is_not_what_was_approved_is_not_taken() {
    let world = World::new().await;
    let good = world.approved(&[world.account]).await;
    let mut other_text = good.clone();
    other_text.edition.variants[0].body.push('!');
    let mut other_item = good.clone();
    other_item.item = ItemId(world.clock.new_id());
    let mut other_version = good.clone();
    other_version.version = 2;
    let mut twice = good.clone();
    twice.edition.variants.push(twice.edition.variants[0].clone());
    twice.edition_hash = twice.edition.hash().unwrap();
    let nobody = AccountId(world.clock.new_id());
    let mut stranger = good.clone();
    stranger.edition.variants[0].account = nobody;
    stranger.edition_hash = stranger.edition.hash().unwrap();
    for (order, why) in [
        (other_text, BadOrder::Hash),
        (other_item, BadOrder::OtherEdition),
        (other_version, BadOrder::OtherEdition),
        (twice, BadOrder::Variants),
        (stranger, BadOrder::Account(nobody)),
    ] {
        assert_eq!(world.publisher.take_order(&order).await.unwrap(), Err(why));
    }
    assert!(world.of(good.item).await.is_empty());
    world.publisher.take_order(&good).await.unwrap().unwrap();
    assert_eq!(world.of(good.item).await.len(), 1);
}

#[tokio::test]
async fn the_minute_is_resolved_again_by_this_builds_zone_data() {
    let world = World::new().await;
    let item = ItemId(world.clock.new_id());
    // A time that Paris skips, from a calendar that thought otherwise.
    let mut order = world.approved_as(item, 1, &[world.account], "spring").await;
    order.edition.wall = "2027-03-28T02:30:00".parse().unwrap();
    order.edition.zone = Tz::Europe__Paris;
    order.edition_hash = order.edition.hash().unwrap();
    order.due = "2027-03-28T00:30:00Z".parse().unwrap();
    order.not_after = "2027-03-28T01:30:00Z".parse().unwrap();
    world.publisher.take_order(&order).await.unwrap().unwrap();
    let (due, not_after): (DateTime<Utc>, DateTime<Utc>) =
        sqlx::query_as("select due_at, not_after from publisher.deliveries where item_id = $1")
            .bind(item.0)
            .fetch_one(world.db.owner())
            .await
            .unwrap();
    assert_eq!(
        due,
        "2027-03-28T01:00:00Z".parse::<DateTime<Utc>>().unwrap(),
        "the first instant after the gap"
    );
    assert_eq!(not_after - due, TimeDelta::minutes(60));
}

#[tokio::test]
async fn an_item_in_two_languages_on_one_account_is_two_deliveries() {
    let world = World::new().await;
    let mut order = world.approved(&[world.press_room]).await;
    let mut vietnamese = order.edition.variants[0].clone();
    vietnamese.language = "vi".to_owned();
    vietnamese.title = "Tuyên bố".to_owned();
    order.edition.variants.push(vietnamese);
    order.edition_hash = order.edition.hash().unwrap();
    world.publisher.take_order(&order).await.unwrap().unwrap();
    assert_eq!(world.of(order.item).await.len(), 2);
}

#[tokio::test]
async fn a_relabelled_language_of_what_is_out_is_not_posted_anew_by_itself() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.commit(id).await;
    let mut newer = world
        .approved_as(order.item, 2, &[world.account], "Hello from Vientiane")
        .await;
    newer.edition.variants[0].language = "lo".to_owned();
    newer.edition_hash = newer.edition.hash().unwrap();
    world.publisher.take_order(&newer).await.unwrap().unwrap();
    let states: Vec<_> = world
        .of(order.item)
        .await
        .into_iter()
        .map(|row| row.state)
        .collect();
    assert_eq!(states, ["published", "held"]);
}

#[tokio::test]
async fn an_account_dropped_from_the_new_version_is_cancelled() {
    let world = World::new().await;
    let (order, ids) = world.ordered(&[world.account, world.press_room]).await;
    let newer = world
        .approved_as(order.item, 2, &[world.press_room], "only there")
        .await;
    world.publisher.take_order(&newer).await.unwrap().unwrap();
    let states: Vec<_> = world
        .of(order.item)
        .await
        .into_iter()
        .map(|row| (row.id == ids[0].0, row.state))
        .collect();
    let dropped = world
        .of(order.item)
        .await
        .into_iter()
        .find(|row| row.reason_code.as_deref() == Some("dropped"));
    assert!(dropped.is_some(), "{states:?}");
}

#[tokio::test]
async fn a_person_settles_what_only_a_person_can() {
    let world = World::new().await;
    let actor = Actor {
        person: Some(world.author),
        ..Actor::default()
    };
    let (_, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    let too_soon = world
        .publisher
        .decide(id, &Decision::IsNotPublished, &actor)
        .await;
    assert!(
        too_soon.is_err(),
        "while it may still be on its way, nobody can know"
    );
    world.let_locate_begin();
    world
        .publisher
        .decide(id, &Decision::IsNotPublished, &actor)
        .await
        .unwrap();
    assert_eq!(world.row(id).await.state, "held");
    let link = "https://bsky.app/profile/vientiane.example/post/3k"
        .parse()
        .unwrap();
    assert!(
        world
            .publisher
            .decide(id, &Decision::IsPublished(link), &actor)
            .await
            .is_err(),
        "it was settled already"
    );
    world.publisher.decide(id, &Decision::Drop, &actor).await.unwrap();
    assert_eq!(world.row(id).await.state, "cancelled");

    let (_, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    let link: url::Url = "https://bsky.app/profile/vientiane.example/post/3k"
        .parse()
        .unwrap();
    world
        .publisher
        .decide(id, &Decision::IsPublished(link.clone()), &actor)
        .await
        .unwrap();
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.permalink),
        ("published", Some(link.to_string()))
    );
    let by: Option<uuid::Uuid> = sqlx::query_scalar(
        "select actor from publisher.delivery_steps where delivery_id = $1 and step = 'marked_published'",
    )
    .bind(id.0)
    .fetch_one(world.db.owner())
    .await
    .unwrap();
    assert_eq!(by, Some(world.author.0));
}

#[tokio::test]
async fn code_and_database_know_the_same_transitions() {
    let world = World::new().await;
    for from in DeliveryState::ALL {
        for to in DeliveryState::ALL {
            let database: bool = sqlx::query_scalar("select publisher.may_become($1, $2)")
                .bind(from.as_str())
                .bind(to.as_str())
                .fetch_one(world.db.owner())
                .await
                .unwrap();
            assert_eq!(database, from.may_become(to), "{from} to {to}");
        }
    }
}

#[tokio::test]
async fn the_ledger_and_its_deliveries_cannot_be_changed_or_removed_by_the_publisher() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let publisher = world.db.service(Service::Publisher);
    for statement in [
        "delete from publisher.delivery_steps",
        "update publisher.delivery_steps set step = 'nothing'",
        "delete from publisher.deliveries",
        "update publisher.stop_in_flight set intent_at = now()",
        "select 1 from calendar.items",
        "insert into newsroom.releases (id) values (gen_random_uuid())",
        "update identity.units set slug = 'x'",
    ] {
        assert!(
            sqlx::query(statement).execute(&publisher).await.is_err(),
            "{statement}"
        );
    }
    assert!(
        sqlx::query("delete from publisher.delivery_steps")
            .execute(world.db.owner())
            .await
            .is_err()
    );
    let back = sqlx::query(
        "update publisher.deliveries set state = 'preparing', sequence = sequence + 1 where id = $1",
    )
    .bind(id.0)
    .execute(&publisher)
    .await;
    assert!(
        back.unwrap_err()
            .to_string()
            .contains("cannot go from ready to preparing")
    );
    let _: DeliveryId = id;
}

#[tokio::test]
async fn secrets_are_stored_sealed() {
    let world = World::new().await;
    world
        .publisher
        .reconnect_account(
            world.account,
            chancery_publisher::connectors::Secret::new(r#"{"p":"hunter2"}"#),
            &Actor::default(),
        )
        .await
        .unwrap();
    let stored: Vec<u8> = sqlx::query_scalar("select credentials from publisher.accounts where id = $1")
        .bind(world.account.0)
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("hunter2"));
    let audited: i64 =
        sqlx::query_scalar("select count(*) from audit.entries where detail::text like '%hunter2%'")
            .fetch_one(world.db.owner())
            .await
            .unwrap();
    assert_eq!(audited, 0);
}

#[tokio::test]
async fn a_new_build_resolves_what_is_still_to_come_again() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.clock.set(order.due - TimeDelta::hours(3));
    // As an older build saw it, before the country gave up its summer time.
    world
        .tamper(
            "with o as (update publisher.orders set due_at = due_at - interval '1 hour', not_after = not_after - interval '1 hour')
             update publisher.deliveries set due_at = due_at - interval '1 hour', not_after = not_after - interval '1 hour',
                 wake_at = due_at - interval '1 hour', sequence = sequence + 1",
        )
        .await;
    let newer_build = world.another(std::sync::Arc::new(chancery_publisher::engine::NoFaults));
    newer_build.sweep().await.unwrap();
    let due: DateTime<Utc> = sqlx::query_scalar("select due_at from publisher.deliveries where id = $1")
        .bind(id.0)
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    let row = world.row(id).await;
    assert_eq!(
        (due, row.state.as_str(), row.wake_at),
        (order.due, "waiting", Some(order.due - TimeDelta::minutes(10)))
    );
}

#[tokio::test]
async fn a_lost_key_holds_accounts_instead_of_sending_or_looping() {
    let world = World::new().await;
    let (_, ready) = world.ready().await;
    let (_, waiting) = world.ordered(&[world.account]).await;
    world.tamper("update publisher.accounts set credentials = 'sealed under another key'::bytea where credentials is not null").await;
    world.commit(ready).await;
    world.publisher.prepare(waiting[0]).await.unwrap();
    let row = world.row(ready).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("held", Some("reauth"))
    );
    assert_eq!(world.sim.commits(), 0);
    let state: String = sqlx::query_scalar("select state from publisher.accounts where id = $1")
        .bind(world.account.0)
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert_eq!(state, "needs_reauth");
}
