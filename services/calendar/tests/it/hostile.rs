//! Bad input: it is refused with a reason or kept as the text that it is; nothing breaks and nothing is lost.

use bytes::Bytes;
use chancery_calendar::model::Kind;
use chancery_calendar::workflow::Saved;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::ids::CampaignId;
use chancery_media::ImageError;

use crate::rig::{Rig, wall};

const SCRIPT: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}";

#[tokio::test]
async fn a_text_of_50_000_characters_is_saved_and_blocks_only_where_it_does_not_fit() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.body = "ế".repeat(50_000);
    let id = rig.written(draft.clone()).await;
    assert_eq!(rig.item(id).await.draft.body.chars().count(), 50_000);
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();

    draft.variants.push(rig.variant(rig.bluesky, "vi", None));
    let id = rig.written(draft.clone()).await;
    let Err(CalendarError::Blocked(found)) = rig.submit(&rig.lan, id).await else {
        panic!("submitted")
    };
    assert_eq!(
        (found.len(), found[0].code, found[0].arguments["over"].as_str()),
        (1, "text-too-long", "49700")
    );

    draft.body = "ế".repeat(100_001);
    let refused = rig.save(&rig.lan, id, draft).await;
    assert!(matches!(refused, Err(CalendarError::Field { field: "body", .. })));
}

#[tokio::test]
async fn letters_are_counted_as_people_count_them_and_bytes_as_computers_do() {
    let rig = Rig::new().await;
    // Each family is one letter of 25 bytes: 150 are few characters and too many bytes.
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.bluesky, "vi", Some(&"👨‍👩‍👧‍👦".repeat(150)))];
    let id = rig.written(draft).await;
    let Err(CalendarError::Blocked(found)) = rig.submit(&rig.lan, id).await else {
        panic!("submitted")
    };
    assert_eq!(found[0].code, "text-too-heavy");
    // Decomposed Vietnamese counts as it is sent: composed.
    let decomposed = "ê\u{0301}".repeat(300);
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.bluesky, "vi", Some(&decomposed))];
    rig.submitted(draft).await;
}

#[tokio::test]
async fn a_script_in_every_field_is_text() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.title = SCRIPT.into();
    draft.body = SCRIPT.into();
    draft.variants.push(rig.variant(rig.bluesky, "en", Some(SCRIPT)));
    let id = rig.written(draft).await;
    rig.calendar
        .comment(Actor::new(&rig.lan), id, SCRIPT)
        .await
        .unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    assert_eq!(rig.item(id).await.draft.title, SCRIPT);
}

#[tokio::test]
async fn control_characters_are_dropped_and_line_ends_unified() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.title = "Một\0 hai\u{8}\nba".into();
    draft.body = "a\r\nb\rc\u{1b}[31m\u{7f}".into();
    let id = rig.written(draft).await;
    let saved = rig.item(id).await.draft;
    assert_eq!(
        (saved.title.as_str(), saved.body.as_str()),
        ("Một hai ba", "a\nb\nc[31m")
    );
}

#[tokio::test]
async fn values_that_no_page_offers_are_refused_by_name() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let cases: Vec<(&str, Box<dyn Fn(&mut chancery_calendar::model::Draft)>)> = vec![
        ("title", Box::new(|d| d.title = "x".repeat(301))),
        ("audience", Box::new(|d| d.audience = "../../etc/passwd".into())),
        ("programme", Box::new(|d| d.programme = Some(uuid::Uuid::nil()))),
        (
            "campaign",
            Box::new(|d| d.campaign = Some(CampaignId(uuid::Uuid::nil()))),
        ),
        ("language", Box::new(|d| d.language = "../vi".into())),
        ("wall", Box::new(|d| d.wall = Some(wall("9999-12-31T23:59:00")))),
        ("window_minutes", Box::new(|d| d.window_minutes = -1)),
        (
            "variants",
            Box::new(|d| d.variants.push(rig.variant(rig.paris_room, "vi", None))),
        ),
        (
            "variants",
            Box::new(|d| d.variants.push(rig.variant(rig.room, "vi", None))),
        ),
        (
            "variants",
            Box::new(|d| d.variants = vec![d.variants[0].clone(); 31]),
        ),
    ];
    for (name, change) in cases {
        let mut draft = rig.complete();
        draft.body.push('.');
        change(&mut draft);
        let refused = rig.save(&rig.lan, id, draft).await;
        assert!(
            matches!(&refused, Err(CalendarError::Field { field, .. }) if *field == name),
            "{name}: {refused:?}"
        );
    }
    assert_eq!(rig.item(id).await.draft.body, rig.complete().body);
}

#[tokio::test]
async fn files_that_are_no_pictures_are_refused() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let add = async |file: Bytes| rig.calendar.add_image(Actor::new(&rig.lan), id, file).await;
    assert!(matches!(
        add(Bytes::from_static(b"<svg onload=alert(1)>")).await,
        Err(CalendarError::Image(ImageError::NotAnImage))
    ));
    let mut cut = crate::rig::picture().to_vec();
    cut.truncate(40);
    assert!(matches!(add(cut.into()).await, Err(CalendarError::Image(_))));
    assert!(rig.item(id).await.images.is_empty());
}

#[tokio::test]
async fn another_missions_items_are_out_of_reach() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let paul = Actor::new(&rig.paul);
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    assert!(matches!(
        rig.calendar.open(&mut conn, paul, id).await,
        Err(CalendarError::Access(_))
    ));
    assert!(matches!(
        rig.save(&rig.paul, id, rig.complete()).await,
        Err(CalendarError::Access(_))
    ));
    assert!(matches!(
        rig.calendar.create(paul, rig.mission, Kind::News, "vi").await,
        Err(CalendarError::Access(_))
    ));
    assert!(matches!(
        rig.calendar.cancel(paul, id, "").await,
        Err(CalendarError::Access(_))
    ));
    assert!(matches!(
        rig.calendar.comment(paul, id, "x").await,
        Err(CalendarError::Access(_))
    ));
}

#[tokio::test]
async fn texts_that_one_order_cannot_carry_are_not_submitted() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.body = "ế".repeat(50_000);
    // The same press room in many languages, each with a text of its own.
    for language in ["en", "fr", "lo", "km", "ja", "ko", "de"] {
        draft
            .variants
            .push(rig.variant(rig.room, language, Some(&"ế".repeat(50_000))));
    }
    let id = rig.draft().await;
    assert!(matches!(
        rig.save(&rig.lan, id, draft).await.unwrap(),
        Saved::Now { .. }
    ));
    let Err(CalendarError::Blocked(found)) = rig.submit(&rig.lan, id).await else {
        panic!("submitted")
    };
    assert_eq!(found[0].code, "item-too-large");
}
