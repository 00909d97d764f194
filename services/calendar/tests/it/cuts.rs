//! The part of a picture that goes to one platform.

use chancery_calendar::Actor;
use chancery_calendar::error::CalendarError;
use chancery_calendar::model::{Draft, drawn};
use chancery_contracts::ids::ItemId;
use chancery_contracts::{Edition, Platform};
use chancery_web::Language;
use http::{Method, StatusCode};
use uuid::Uuid;

use crate::pages::Site;
use crate::rig::{Rig, picture};

/// A complete item for the press room and Bluesky, with one picture of 8 × 6 pixels that is described.
async fn with_picture(rig: &Rig) -> (ItemId, Uuid) {
    let draft = Draft {
        variants: vec![
            rig.variant(rig.room, "vi", None),
            rig.variant(rig.bluesky, "vi", None),
        ],
        ..rig.complete()
    };
    let id = rig.written(draft).await;
    let lan = Actor::new(&rig.lan);
    let image = rig
        .calendar
        .add_image(lan, id, picture())
        .await
        .unwrap()
        .unwrap()
        .id;
    let mut draft = rig.item(id).await.draft;
    draft.alts = [(image, [("vi".into(), "Cờ".into())].into())].into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    (id, image)
}

async fn edition(rig: &Rig, id: ItemId) -> Edition {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let version = rig.item(id).await.version;
    chancery_calendar::store::approvals::version(&mut conn, id, version)
        .await
        .unwrap()
        .unwrap()
        .edition
}

/// Width, height and hash of the one picture on a platform.
fn goes(edition: &Edition, platform: Platform) -> (u32, u32, String) {
    let variant = edition
        .variants
        .iter()
        .find(|one| one.platform == platform)
        .unwrap();
    let image = &variant.images[0];
    (image.width, image.height, image.sha256.clone())
}

#[tokio::test]
async fn a_part_goes_to_its_platform_and_the_whole_to_the_others() {
    let rig = Rig::new().await;
    let (id, image) = with_picture(&rig).await;
    let left_half = drawn([0.0, 0.0, 50.0, 100.0]);
    let revision = rig.item(id).await.revision;
    rig.calendar
        .cut_image(Actor::new(&rig.lan), id, image, Platform::Bluesky, left_half)
        .await
        .unwrap();
    assert_eq!(
        rig.item(id).await.revision,
        revision,
        "whoever writes beside it is not refused"
    );
    rig.submit(&rig.lan, id).await.unwrap();
    let cut = edition(&rig, id).await;
    let (room, bluesky) = (goes(&cut, Platform::PressRoom), goes(&cut, Platform::Bluesky));
    assert_eq!((room.0, room.1), (8, 6));
    assert_eq!((bluesky.0, bluesky.1), (4, 6));
    assert_ne!(room.2, bluesky.2);

    // What is approved stays: another part is a new version.
    let lan = Actor::new(&rig.lan);
    let refused = rig
        .calendar
        .cut_image(lan, id, image, Platform::Bluesky, None)
        .await;
    assert!(matches!(refused, Err(CalendarError::State(_))), "{refused:?}");
    let past_the_model = sqlx::query("delete from calendar.cuts")
        .execute(rig.db.owner())
        .await;
    assert!(past_the_model.unwrap_err().to_string().contains("frozen"));
    let hash = rig.hash(id).await;
    rig.calendar.reopen(lan, id).await.unwrap();
    rig.calendar
        .cut_image(lan, id, image, Platform::Bluesky, None)
        .await
        .unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_ne!(rig.hash(id).await, hash, "it is approved anew");
    let whole = edition(&rig, id).await;
    assert_eq!(goes(&whole, Platform::Bluesky), goes(&whole, Platform::PressRoom));
}

#[tokio::test]
async fn who_may_not_write_cuts_nothing() {
    let rig = Rig::new().await;
    let (id, image) = with_picture(&rig).await;
    let frame = drawn([0.0, 0.0, 50.0, 100.0]);
    for (who, image) in [(&rig.paul, image), (&rig.lan, Uuid::from_u128(9))] {
        let done = rig
            .calendar
            .cut_image(Actor::new(who), id, image, Platform::Bluesky, frame)
            .await;
        assert!(done.is_err());
    }
    assert!(rig.item(id).await.images[0].cuts.is_empty());
}

#[tokio::test]
async fn the_page_shows_the_frame_keeps_a_refused_form_and_the_preview_the_part() {
    let rig = Rig::new().await;
    let (id, image) = with_picture(&rig).await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let page = format!("/items/{id}/images/{image}/cut?platform=bluesky");
    let shown = lan.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(shown.body.contains("data-crop-frame"));

    let refused = lan
        .post(&page, &[("frame", "drawn"), ("left", "wide"), ("width", "40")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(r#"value="wide""#) && refused.body.contains(r#"value="40""#));

    let square = [
        ("purpose", "square"),
        ("frame", "focus"),
        ("focal_x", "0"),
        ("focal_y", "50"),
    ];
    let saved = lan.post(&page, &square).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(saved.location, format!("/items/{id}/edit#image-{image}"));
    let cut = rig.item(id).await.images[0].cuts[0].clone();
    assert_eq!((cut.width, cut.height), (6, 6));
    let again = lan.get(&page).await;
    assert!(
        again
            .body
            .contains(r#"value="square" data-box="1600:1600" selected"#)
    );
    let file = format!("/items/{id}/images/{image}?cut={}", cut.sha256);
    let preview = lan.part(&format!("/items/{id}/fragments/preview")).await;
    assert_eq!(
        preview.body.matches(&file).count(),
        1,
        "on Bluesky only: {}",
        preview.body
    );
    assert_eq!(lan.get(&file).await.status, StatusCode::OK);
    let other = format!("/items/{id}/images/{image}?cut={}", "0".repeat(64));
    assert_eq!(lan.get(&other).await.status, StatusCode::NOT_FOUND);

    // The button of the composer saves what stands there and leads to the page.
    let revision = rig.item(id).await.revision.to_string();
    let target = format!("cut:{image}:bluesky");
    let led = lan
        .post(
            &format!("/items/{id}/edit"),
            &[("version", &revision), ("title", "Tên mới"), ("do", &target)],
        )
        .await;
    assert_eq!(led.location, page, "{}", led.body);
    assert_eq!(rig.item(id).await.draft.title, "Tên mới");
}

#[tokio::test]
async fn a_copy_has_the_same_parts_and_programs_set_them_too() {
    let rig = Rig::new().await;
    let (id, image) = with_picture(&rig).await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let path = format!("/api/v1/items/{id}/images/{image}/cuts/bluesky");
    let part = r#"{"left": 25, "top": 0, "width": 50, "height": 100}"#;
    let put = lan.ask(Method::PUT, &path, "application/json", part).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    let sha256 = rig.item(id).await.images[0].cuts[0].sha256.clone();
    assert!(put.body.contains(&sha256));

    lan.post(
        "/calendar/bulk",
        &[("item", &id.to_string()), ("what", "duplicate")],
    )
    .await;
    let copy: Uuid = sqlx::query_scalar("select id from calendar.items where id <> $1")
        .bind(id.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(rig.item(copy.into()).await.images[0].cuts[0].sha256, sha256);

    let gone = lan.ask(Method::DELETE, &path, "application/json", "").await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert!(rig.item(id).await.images[0].cuts.is_empty());
    let nowhere = lan
        .ask(
            Method::PUT,
            &path.replace("bluesky", "myspace"),
            "application/json",
            part,
        )
        .await;
    assert!(nowhere.status.is_client_error());
}
