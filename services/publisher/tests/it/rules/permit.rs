//! Rule 1: everything is asked at the last moment. In each case the delivery is ready, its minute has come, and then
//! something changes.

use chancery_clock::Clock as _;
use chancery_contracts::Topic;
use chancery_contracts::ids::{CampaignId, PersonId};
use chancery_publisher::engine::Actor;
use chancery_publisher::model::StopScope;
use chrono::TimeDelta;

use crate::world::World;

#[tokio::test]
async fn rule_1_permit_given_when_nothing_speaks_against_it() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!((row.state.as_str(), world.sim.posts()), ("published", 1));
    assert_eq!(
        world.steps(id).await,
        ["ordered", "prepared", "permitted", "answered"]
    );
}

#[tokio::test]
async fn rule_1_permit_refused_after_a_stop_of_any_scope() {
    let world = World::new().await;
    let scopes = [
        StopScope::Ministry,
        StopScope::Region("asean".into()),
        StopScope::Unit(world.ministry),
        StopScope::Unit(world.mission),
        StopScope::Topic(Topic::General),
        StopScope::Account(world.account),
        StopScope::Campaign(world.campaign),
    ];
    for scope in scopes {
        let (_, id) = world.ready().await;
        let actor = Actor {
            person: Some(PersonId(world.author.0)),
            ..Actor::default()
        };
        let placed = world
            .publisher
            .place_stop(scope.clone(), "crisis", &actor)
            .await
            .unwrap();
        world.commit(id).await;
        let row = world.row(id).await;
        assert_eq!(
            (row.state.as_str(), row.reason_code.as_deref()),
            ("held", Some("stop")),
            "{scope}"
        );
        world.publisher.lift_stop(placed.stop, &actor).await.unwrap();
        assert_eq!(
            world.row(id).await.state,
            "held",
            "resuming sends nothing by itself"
        );
    }
    assert_eq!(world.sim.commits(), 0);
}

/// A campaign of the mission to which nothing belongs.
async fn other_campaign(world: &World) -> CampaignId {
    let id = CampaignId(world.clock.new_id());
    sqlx::query(
        "insert into calendar.campaigns
             (id, unit_id, name, starts_on, ends_on, owner_id, colour, created_by, created_at, updated_at)
         select $1, unit_id, 'Film week', starts_on, ends_on, owner_id, colour, created_by, created_at, updated_at
         from calendar.campaigns where id = $2",
    )
    .bind(id.0)
    .bind(world.campaign.0)
    .execute(world.db.owner())
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn rule_1_permit_given_under_a_stop_of_something_else() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    for scope in [
        StopScope::Region("europe".into()),
        StopScope::Topic(Topic::Culture),
        StopScope::Account(world.press_room),
        StopScope::Campaign(other_campaign(&world).await),
    ] {
        world
            .publisher
            .place_stop(scope, "", &Actor::default())
            .await
            .unwrap();
    }
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "published");
}

#[tokio::test]
async fn rule_1_permit_refused_when_the_calendar_took_it_back_and_its_message_is_still_on_the_way() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    sqlx::query("update calendar.orders set cancel_requested_at = now() where item_id = $1")
        .bind(order.item.0)
        .execute(world.db.owner())
        .await
        .unwrap();
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("cancelled", Some("not-standing"))
    );
    assert_eq!(world.sim.commits(), 0);
}

#[tokio::test]
async fn rule_1_permit_refused_when_the_library_no_longer_allows_a_picture() {
    let world = World::new().await;
    let asset = world.asset().await;
    let id = world.ready_with(asset).await;
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "published", "while it is allowed");
    for set in [
        "state = 'withdrawn', withdrawn_at = now(), reason = 'x'",
        "ends_wall = '2026-01-01', ends_at = '2026-01-01'",
        "embargo_wall = '2027-01-01', embargo_at = '2027-01-01'",
        "channels = '{press_room}'",
        "territory = '{FR}'",
        "internal_only = true",
        "consent = 'missing'",
    ] {
        let asset = world.asset().await;
        let id = world.ready_with(asset).await;
        sqlx::query(&*format!("update assets.assets set {set} where id = $1").leak())
            .bind(asset.0)
            .execute(world.db.owner())
            .await
            .unwrap();
        world.commit(id).await;
        let row = world.row(id).await;
        assert_eq!(
            (row.state.as_str(), row.reason_code.as_deref()),
            ("held", Some("asset")),
            "{set}"
        );
    }
    assert_eq!(world.sim.commits(), 1);
}

#[tokio::test]
async fn rule_1_permit_refused_when_somebody_edits_the_item() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    sqlx::query("update calendar.items set version = 2, state = 'draft' where id = $1")
        .bind(order.item.0)
        .execute(world.db.owner())
        .await
        .unwrap();
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("cancelled", 0)
    );
}

#[tokio::test]
async fn rule_1_permit_refused_when_the_stored_text_is_not_what_was_approved() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world
        .tamper("update publisher.orders set edition = jsonb_set(edition, '{variants,0,body}', '\"something else\"')")
        .await;
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!((row.state.as_str(), world.sim.commits()), ("cancelled", 0));
}

#[tokio::test]
async fn rule_1_permit_refused_when_its_time_has_passed() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.clock.set(order.not_after);
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("missed", 0)
    );
}

#[tokio::test]
async fn rule_1_permit_refused_before_its_minute_even_if_the_clock_was_set_back() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.clock.set(order.due - TimeDelta::hours(1));
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.wake_at, world.sim.commits()),
        ("ready", Some(order.due), 0)
    );
    world.clock.set(order.due);
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "published");
}

#[tokio::test]
async fn rule_1_permit_refused_when_the_account_is_switched_off() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world
        .publisher
        .switch_account(world.account, false, &Actor::default())
        .await
        .unwrap();
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("held", Some("account-disabled"))
    );
    assert_eq!(world.sim.commits(), 0);
}
