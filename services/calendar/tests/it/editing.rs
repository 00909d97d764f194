//! Two people at one draft: the second is warned, and nothing is lost.

use chancery_calendar::model::State;
use chancery_calendar::store::editing;
use chancery_calendar::workflow::Saved;
use chancery_calendar::{Actor, CalendarError};
use chancery_clock::Clock as _;

use crate::rig::{Rig, picture};

#[tokio::test]
async fn the_second_editor_is_warned_when_opening_and_no_longer_after_a_minute() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let open = async |person, conn: &mut _| editing::appear(conn, id, person, rig.clock.now()).await.unwrap();
    assert!(open(rig.lan.person, &mut conn).await.is_empty());
    let others = open(rig.minh.person, &mut conn).await;
    assert_eq!(
        others
            .iter()
            .map(|editor| editor.name.as_str())
            .collect::<Vec<_>>(),
        ["Lan"]
    );
    rig.clock.advance(std::time::Duration::from_secs(61));
    assert!(open(rig.minh.person, &mut conn).await.is_empty());
}

#[tokio::test]
async fn a_save_on_top_of_somebody_elses_is_kept_as_a_copy() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let base = rig.item(id).await.revision;
    let (mut lans, mut minhs) = (rig.complete(), rig.complete());
    lans.body = "Của Lan".into();
    minhs.body = "Của Minh".into();
    assert!(matches!(
        rig.calendar
            .save(Actor::new(&rig.lan), id, base, lans.clone())
            .await
            .unwrap(),
        Saved::Now { .. }
    ));
    let second = rig
        .calendar
        .save(Actor::new(&rig.minh), id, base, minhs.clone())
        .await
        .unwrap();
    let Saved::Kept(kept) = second else {
        panic!("{second:?}")
    };
    assert_eq!((kept.by, kept.state), (rig.lan.person, State::Draft));
    assert_eq!(rig.item(id).await.draft.body, "Của Lan");

    // Minh takes their copy; Lan's text becomes Lan's copy.
    rig.calendar.take_copy(Actor::new(&rig.minh), id).await.unwrap();
    assert_eq!(rig.item(id).await.draft.body, "Của Minh");
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let lans_copy = editing::copy_of(&mut conn, id, rig.lan.person)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lans_copy.draft.body, "Của Lan");
    rig.calendar.discard_copy(Actor::new(&rig.lan), id).await.unwrap();
    assert!(
        editing::copy_of(&mut conn, id, rig.lan.person)
            .await
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        rig.calendar.take_copy(Actor::new(&rig.lan), id).await,
        Err(CalendarError::NotFound)
    ));
}

#[tokio::test]
async fn saving_ones_own_after_the_warning_keeps_the_others_text_too() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let base = rig.item(id).await.revision;
    let mut minhs = rig.complete();
    minhs.body = "Của Minh".into();
    rig.save(&rig.lan, id, {
        let mut d = rig.complete();
        d.body = "Của Lan".into();
        d
    })
    .await
    .unwrap();
    assert!(matches!(
        rig.calendar
            .save(Actor::new(&rig.minh), id, base, minhs.clone())
            .await
            .unwrap(),
        Saved::Kept(_)
    ));
    // “Save mine”: the same again, based on the present revision.
    assert!(matches!(
        rig.save(&rig.minh, id, minhs).await.unwrap(),
        Saved::Now { .. }
    ));
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    assert_eq!(
        editing::copy_of(&mut conn, id, rig.lan.person)
            .await
            .unwrap()
            .unwrap()
            .draft
            .body,
        "Của Lan"
    );
    assert!(
        editing::copy_of(&mut conn, id, rig.minh.person)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn writing_while_somebody_submits_loses_nothing_and_changes_nothing() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let base = rig.item(id).await.revision;
    rig.submit(&rig.lan, id).await.unwrap();
    let hash = rig.hash(id).await;
    let mut minhs = rig.complete();
    minhs.body = "Đang viết dở".into();
    let saved = rig
        .calendar
        .save(Actor::new(&rig.minh), id, base, minhs)
        .await
        .unwrap();
    assert!(matches!(saved, Saved::Kept(kept) if kept.state == State::Submitted));
    assert_eq!(rig.hash(id).await, hash);
    assert!(matches!(
        rig.calendar.take_copy(Actor::new(&rig.minh), id).await,
        Err(CalendarError::State(_))
    ));
    // Whose words were not taken has not written in it.
    rig.approve(&rig.both, id).await.unwrap();
}

#[tokio::test]
async fn submitting_what_somebody_changed_meanwhile_is_refused() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let seen = rig.item(id).await.revision;
    rig.save(&rig.minh, id, {
        let mut d = rig.complete();
        d.title = "Khác".into();
        d
    })
    .await
    .unwrap();
    let submitted = rig.calendar.submit(Actor::new(&rig.lan), id, seen, "").await;
    assert!(matches!(submitted, Err(CalendarError::Stale)));
}

#[tokio::test]
async fn two_saves_at_once_are_one_save_and_one_copy() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let base = rig.item(id).await.revision;
    let with = |body: &str| {
        let mut d = rig.complete();
        d.body = body.into();
        d
    };
    let (one, two) = tokio::join!(
        rig.calendar.save(Actor::new(&rig.lan), id, base, with("Một")),
        rig.calendar.save(Actor::new(&rig.minh), id, base, with("Hai")),
    );
    let kept = [one.unwrap(), two.unwrap()]
        .iter()
        .filter(|saved| matches!(saved, Saved::Kept(_)))
        .count();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn autosave_is_told_once_and_says_nothing_when_nothing_changed() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    for n in 0..5 {
        let mut draft = rig.complete();
        draft.body = format!("Bản {n}");
        rig.save(&rig.lan, id, draft).await.unwrap();
    }
    let same = {
        let mut d = rig.item(id).await.draft;
        d.body = "Bản 4".into();
        d
    };
    assert!(matches!(
        rig.save(&rig.lan, id, same).await.unwrap(),
        Saved::Unchanged { .. }
    ));
    rig.save(&rig.minh, id, rig.complete()).await.unwrap();
    let told: Vec<String> =
        sqlx::query_scalar("select action from calendar.timeline where item_id = $1 order by seq")
            .bind(id.0)
            .fetch_all(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(told, ["created", "edited"]);
}

#[tokio::test]
async fn pictures_need_a_description_in_every_language_and_are_part_of_what_is_approved() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft
        .variants
        .push(rig.variant(rig.bluesky, "en", Some("Happy national day")));
    let id = rig.written(draft).await;
    let lan = Actor::new(&rig.lan);
    let image = rig.calendar.add_image(lan, id, picture()).await.unwrap().unwrap();
    assert!(
        rig.calendar
            .add_image(lan, id, picture())
            .await
            .unwrap()
            .is_none()
    );
    let Err(CalendarError::Blocked(missing)) = rig.submit(&rig.lan, id).await else {
        panic!("submitted")
    };
    assert_eq!(
        missing.iter().map(|f| f.code).collect::<Vec<_>>(),
        ["alt-missing", "alt-missing"]
    );
    let mut draft = rig.item(id).await.draft;
    draft.alts = [(
        image.id,
        [("vi".into(), "Cờ".into()), ("en".into(), "A flag".into())].into(),
    )]
    .into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let version = chancery_calendar::store::approvals::version(&mut conn, id, 1)
        .await
        .unwrap()
        .unwrap();
    let alts: Vec<_> = version
        .edition
        .variants
        .iter()
        .map(|v| (v.language.as_str(), v.images[0].alt.as_str()))
        .collect();
    assert!(
        alts.contains(&("vi", "Cờ")) && alts.contains(&("en", "A flag")),
        "{alts:?}"
    );
    assert_eq!(version.edition.variants[0].images[0].sha256, image.sha256);
    assert!(matches!(
        rig.calendar.remove_image(lan, id, image.id).await,
        Err(CalendarError::State(_))
    ));
}
