//! Pictures from the asset library: chosen, checked, held when their rights end.

use chancery_calendar::model::State;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Origin;
use chancery_contracts::calendar::{AssetsChosen, UseStage};
use chancery_contracts::identity::Notify;
use chancery_contracts::ids::{AssetId, ItemId};
use chancery_contracts::publisher::{CancelOrder, DeliveryStatus as D};
use uuid::Uuid;

use crate::rig::{Rig, picture};

/// A picture that every mission may use everywhere, described in Vietnamese.
pub async fn asset(rig: &Rig) -> AssetId {
    let id = Uuid::now_v7();
    let file = picture();
    let sha256 = rig.calendar.images.store().put(file.clone()).await.unwrap();
    for statement in [
        "insert into assets.assets (id, unit_id, kind, state, file_name, licence, published_at, created_by, created_at, updated_by, updated_at)
         values ($1, $2, 'picture', 'published', 'a.png', 'owned', now(), $2, now(), $2, now())",
        "insert into assets.texts (asset_id, language, alt) select $1, 'vi', 'Cổng thành' where $2::uuid is not null",
    ] {
        sqlx::query(statement)
            .bind(id)
            .bind(rig.mission.0)
            .execute(rig.db.owner())
            .await
            .unwrap();
    }
    sqlx::query(
        "insert into assets.files (id, asset_id, role, sha256, bytes, name, media_type, state, width, height, added_by, added_at)
         values ($1, $2, 'clean', $3, $4, 'a.png', 'image/png', 'ready', 8, 6, $1, now())",
    )
    .bind(Uuid::now_v7())
    .bind(id)
    .bind(sha256.to_string())
    .bind(i64::try_from(file.len()).unwrap())
    .execute(rig.db.owner())
    .await
    .unwrap();
    id.into()
}

/// Changes what may be done with it, behind everybody's back.
pub async fn rights(rig: &Rig, asset: AssetId, set: &'static str) {
    sqlx::query(&*format!("update assets.assets set {set} where id = $1").leak())
        .bind(asset.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
}

const WITHDRAWN: &str = "state = 'withdrawn', withdrawn_at = now(), reason = 'wrong person'";
/// Between now and the item's minute.
const ENDS_BEFORE: &str = "ends_wall = '2026-09-01 23:00', ends_at = '2026-09-01T23:00:00Z'";

/// Lan's draft, complete, with the picture.
async fn with_picture(rig: &Rig, asset: AssetId) -> ItemId {
    let id = rig.written(rig.complete()).await;
    rig.calendar
        .choose_asset(Actor::new(&rig.lan), id, asset)
        .await
        .unwrap()
        .unwrap();
    id
}

async fn approved(rig: &Rig, asset: AssetId) -> ItemId {
    let id = with_picture(rig, asset).await;
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    id
}

async fn changed(rig: &Rig, asset: AssetId) {
    rig.calendar
        .asset_changed(asset, &Origin::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_better_file_is_told_once_and_nothing_else_happens() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let draft = with_picture(&rig, asset).await;
    let waiting = approved(&rig, asset).await;
    let told = |cause: Uuid| Origin {
        causation: Some(cause),
        ..Origin::default()
    };
    let first = Uuid::now_v7();
    for _ in 0..2 {
        rig.calendar.asset_replaced(asset, &told(first)).await.unwrap();
        assert_eq!(notices(&rig, "notice-item-asset-replaced").await, 2);
    }
    rig.calendar
        .asset_replaced(asset, &told(Uuid::now_v7()))
        .await
        .unwrap();
    assert_eq!(
        notices(&rig, "notice-item-asset-replaced").await,
        4,
        "another file is news"
    );
    assert_eq!(
        (rig.state(draft).await, rig.state(waiting).await),
        (State::Draft, State::Approved)
    );
    let links: Vec<_> = rig
        .sent::<Notify>()
        .await
        .into_iter()
        .map(|notice| notice.link)
        .collect();
    assert!(links.contains(&format!("/items/{draft}")) && links.contains(&format!("/items/{waiting}")));
}

async fn notices(rig: &Rig, key: &str) -> usize {
    rig.sent::<Notify>()
        .await
        .iter()
        .filter(|notice| notice.key == key)
        .count()
}

#[tokio::test]
async fn a_chosen_picture_comes_with_its_description_and_is_approved_with_its_asset() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = with_picture(&rig, asset).await;
    let item = rig.item(id).await;
    assert_eq!(item.images[0].asset, Some(asset));
    assert_eq!(item.draft.alt(item.images[0].id, "vi"), "Cổng thành");
    let again = rig.calendar.choose_asset(Actor::new(&rig.lan), id, asset).await;
    assert!(again.unwrap().is_none(), "the same picture twice is one");

    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    let orders = rig.sent::<chancery_contracts::publisher::PublishOrder>().await;
    assert_eq!(orders[0].edition.variants[0].images[0].asset, Some(asset));

    let told = rig.sent::<AssetsChosen>().await;
    let stages: Vec<_> = told.iter().map(|told| told.stage).collect();
    assert_eq!(stages, [UseStage::Chosen, UseStage::Chosen, UseStage::Scheduled]);
    assert!(told.windows(2).all(|pair| pair[0].sequence < pair[1].sequence));
    assert_eq!(told[2].assets, [asset]);
}

#[tokio::test]
async fn removing_the_last_one_tells_the_library() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = with_picture(&rig, asset).await;
    let image = rig.item(id).await.images[0].id;
    rig.calendar
        .remove_image(Actor::new(&rig.lan), id, image)
        .await
        .unwrap();
    let told = rig.sent::<AssetsChosen>().await;
    assert_eq!((told.len(), told[1].assets.len()), (2, 0));
}

#[tokio::test]
async fn what_the_unit_may_not_use_is_not_taken() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    for set in [
        "territory = '{FR}'",
        "territory = null, embargo_wall = '2026-09-05', embargo_at = '2026-09-05T00:00:00Z'",
        WITHDRAWN,
    ] {
        let asset = asset(&rig).await;
        rights(&rig, asset, set).await;
        let refused = rig.calendar.choose_asset(Actor::new(&rig.lan), id, asset).await;
        assert!(
            matches!(
                refused,
                Err(CalendarError::Field {
                    key: "items-asset-refused",
                    ..
                })
            ),
            "{set}"
        );
    }
    let foreign = rig
        .calendar
        .choose_asset(Actor::new(&rig.paul), id, asset(&rig).await)
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
}

#[tokio::test]
async fn rights_are_asked_for_the_items_own_minute() {
    let rig = Rig::new().await;
    for (set, refused) in [
        (ENDS_BEFORE, Some("ended")),
        ("ends_wall = '2026-09-03', ends_at = '2026-09-03T00:00:00Z'", None),
        ("channels = '{bluesky}'", Some("channel")),
        ("internal_only = true", Some("internal_only")),
        ("consent = 'missing'", Some("consent")),
    ] {
        let asset = asset(&rig).await;
        let id = with_picture(&rig, asset).await;
        rights(&rig, asset, set).await;
        let answer = rig.submit(&rig.lan, id).await;
        match (refused, answer) {
            (None, answer) => answer.unwrap(),
            (Some(why), Err(CalendarError::Blocked(findings))) => {
                assert_eq!(findings.len(), 1, "{set}: {findings:?}");
                assert_eq!(
                    (findings[0].code, findings[0].arguments["why"].as_str()),
                    ("asset-refused", why)
                );
            }
            (Some(_), answer) => panic!("{set}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn an_embargo_that_ends_before_the_minute_does_not_hinder() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = with_picture(&rig, asset).await;
    rights(
        &rig,
        asset,
        "embargo_wall = '2026-09-02 01:00', embargo_at = '2026-09-02T01:00:00Z'",
    )
    .await;
    rig.submit(&rig.lan, id).await.unwrap();
}

#[tokio::test]
async fn a_scheduled_item_is_held_when_its_picture_is_withdrawn() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = approved(&rig, asset).await;
    rig.report(id, 0, 1, D::Waiting).await;
    assert_eq!(rig.state(id).await, State::Scheduled);
    let hash = rig.hash(id).await;
    sqlx::query(
        "insert into calendar.hooks (id, unit_id, below, name, url, events, secret, created_by, created_at, updated_at)
         values ($1, $1, false, 'x', 'https://example.org/', '{item.held,item.submitted}', '', $1, now(), now())",
    )
    .bind(rig.mission.0)
    .execute(rig.db.owner())
    .await
    .unwrap();

    rights(&rig, asset, WITHDRAWN).await;
    for _ in 0..2 {
        changed(&rig, asset).await;
        let item = rig.item(id).await;
        assert_eq!((item.state, item.version), (State::ChangesRequested, 2));
        assert_eq!(rig.sent::<CancelOrder>().await.len(), 1);
        assert_eq!(notices(&rig, "notice-item-asset-held").await, 1);
    }
    assert_eq!(rig.stands(id, 1, hash).await.as_deref(), Some("superseded"));
    let told: Vec<(String, String)> =
        sqlx::query_as("select event, body::jsonb -> 'data' ->> 'state' from calendar.hook_messages")
            .fetch_all(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(told, [("item.held".to_owned(), "changes_requested".to_owned())]);
}

#[tokio::test]
async fn a_submitted_item_is_held_when_the_rights_will_have_ended_by_its_minute() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = with_picture(&rig, asset).await;
    rig.submit(&rig.lan, id).await.unwrap();
    rights(&rig, asset, ENDS_BEFORE).await;
    changed(&rig, asset).await;
    assert_eq!(rig.state(id).await, State::ChangesRequested);
    assert!(rig.sent::<CancelOrder>().await.is_empty(), "nothing was ordered");
}

#[tokio::test]
async fn what_still_may_go_out_is_left_alone() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = approved(&rig, asset).await;
    rights(&rig, asset, "channels = '{press_room}'").await;
    changed(&rig, asset).await;
    assert_eq!(rig.state(id).await, State::Approved);
    assert_eq!(notices(&rig, "notice-item-asset-held").await, 0);
}

#[tokio::test]
async fn what_is_out_stays_and_its_people_are_asked_once_to_take_it_down() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let id = approved(&rig, asset).await;
    rig.report(id, 0, 1, D::Published).await;
    rights(&rig, asset, WITHDRAWN).await;
    for _ in 0..2 {
        changed(&rig, asset).await;
        assert_eq!(rig.state(id).await, State::Published);
        assert_eq!(notices(&rig, "notice-item-asset-live").await, 1);
    }
    assert_eq!(
        rig.sent::<AssetsChosen>().await.last().unwrap().stage,
        UseStage::Live
    );
}
