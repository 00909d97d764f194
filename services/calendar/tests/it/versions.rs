//! Versions to go back to: nothing is lost, and nothing is kept for ever.

use chancery_calendar::model::{Draft, PartKind, compare_drafts};
use chancery_calendar::store::snapshots::{self, KEPT};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::ids::ItemId;

use crate::rig::Rig;

fn saying(rig: &Rig, body: &str) -> Draft {
    Draft {
        body: body.into(),
        ..rig.complete()
    }
}

async fn kept(rig: &Rig, id: ItemId) -> Vec<(String, String, String)> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let mut found = Vec::new();
    for line in snapshots::of_item(&mut conn, id).await.unwrap() {
        let draft = snapshots::draft(&mut conn, id, line.id).await.unwrap();
        found.push((line.person.unwrap(), line.reason, draft.body));
    }
    found
}

fn is(person: &str, reason: &str, body: &str) -> (String, String, String) {
    (person.into(), reason.into(), body.into())
}

#[tokio::test]
async fn a_stretch_of_writing_is_one_version_and_another_person_begins_another() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    for body in ["Một.", "Một hai.", "Một hai ba."] {
        rig.save(&rig.lan, id, saying(&rig, body)).await.unwrap();
        rig.clock.advance(std::time::Duration::from_mins(1));
    }
    assert_eq!(kept(&rig, id).await, [is("Lan", "written", "Một hai ba.")]);
    rig.save(&rig.minh, id, saying(&rig, "Của Minh.")).await.unwrap();
    rig.save(&rig.lan, id, saying(&rig, "Của Lan.")).await.unwrap();
    rig.clock.advance(std::time::Duration::from_secs(601));
    rig.save(&rig.lan, id, saying(&rig, "Sau giờ nghỉ."))
        .await
        .unwrap();
    assert_eq!(
        kept(&rig, id).await,
        [
            is("Lan", "written", "Sau giờ nghỉ."),
            is("Lan", "written", "Của Lan."),
            is("Minh", "written", "Của Minh."),
            is("Lan", "written", "Một hai ba."),
        ]
    );
}

#[tokio::test]
async fn an_earlier_version_comes_back_and_what_it_replaces_stays() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let mut first = saying(&rig, "Bản đầu.");
    first.variants.push(rig.variant(rig.bluesky, "vi", Some("Ngắn.")));
    rig.save(&rig.lan, id, first.clone()).await.unwrap();
    rig.save(&rig.minh, id, saying(&rig, "Bản sau.")).await.unwrap();
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let oldest = snapshots::of_item(&mut conn, id)
        .await
        .unwrap()
        .last()
        .unwrap()
        .id;
    let seen = rig.item(id).await.revision;
    let restore = async |who, revision| {
        rig.calendar
            .restore_version(Actor::new(who), id, revision, oldest)
            .await
    };
    assert!(matches!(
        restore(&rig.paul, seen).await,
        Err(CalendarError::Access(_))
    ));
    assert!(
        matches!(restore(&rig.lan, seen - 1).await, Err(CalendarError::Stale)),
        "somebody saved meanwhile"
    );
    restore(&rig.lan, seen).await.unwrap();
    assert_eq!(rig.item(id).await.draft, first);
    let now = kept(&rig, id).await;
    assert_eq!(now[0], is("Lan", "restored", "Bản đầu."));
    assert!(now.contains(&is("Minh", "written", "Bản sau.")));

    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(kept(&rig, id).await[0].1, "submitted");
    let revision = rig.item(id).await.revision;
    assert!(
        matches!(restore(&rig.lan, revision).await, Err(CalendarError::State(_))),
        "frozen"
    );
    let foreign = rig.draft().await;
    let base = rig.item(foreign).await.revision;
    assert!(matches!(
        rig.calendar
            .restore_version(Actor::new(&rig.lan), foreign, base, oldest)
            .await,
        Err(CalendarError::NotFound)
    ));
}

#[tokio::test]
async fn a_channel_that_the_unit_lost_does_not_hinder_going_back() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let mut first = saying(&rig, "Hai kênh.");
    first.variants.push(rig.variant(rig.bluesky, "vi", Some("Ngắn.")));
    rig.save(&rig.lan, id, first).await.unwrap();
    rig.save(&rig.minh, id, saying(&rig, "Một kênh.")).await.unwrap();
    sqlx::query("update publisher.accounts set unit_id = $2 where id = $1")
        .bind(rig.bluesky.0)
        .bind(rig.paris.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let oldest = snapshots::of_item(&mut conn, id)
        .await
        .unwrap()
        .last()
        .unwrap()
        .id;
    let revision = rig.item(id).await.revision;
    rig.calendar
        .restore_version(Actor::new(&rig.lan), id, revision, oldest)
        .await
        .unwrap();
    let draft = rig.item(id).await.draft;
    assert_eq!((draft.body.as_str(), draft.variants.len()), ("Hai kênh.", 1));
}

#[tokio::test]
async fn so_many_are_kept_and_no_more_but_always_what_was_submitted() {
    let rig = Rig::new().await;
    let id = rig.submitted(saying(&rig, "Đã trình.")).await;
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    for number in 0..KEPT + 5 {
        let who = if number % 2 == 0 { &rig.minh } else { &rig.lan };
        rig.save(who, id, saying(&rig, &format!("Bản {number}.")))
            .await
            .unwrap();
    }
    let now = kept(&rig, id).await;
    let written = now.iter().filter(|line| line.1 == "written").count();
    assert_eq!(i64::try_from(written).unwrap(), KEPT);
    assert!(now.contains(&is("Lan", "submitted", "Đã trình.")));
}

#[tokio::test]
async fn what_changed_is_told_field_by_field() {
    let rig = Rig::new().await;
    let mut old = saying(&rig, "Trân trọng kính mời.");
    old.variants
        .push(rig.variant(rig.bluesky, "vi", Some("Mời bạn.")));
    let mut new = old.clone();
    new.body = "Trân trọng kính mời quý vị.".into();
    new.variants.remove(1);
    let fields = compare_drafts(&old, &new);
    let told: Vec<_> = fields
        .iter()
        .map(|field| (field.field, field.language.as_deref()))
        .collect();
    assert_eq!(told, [("body", None), ("variant", Some("vi"))]);
    assert!(
        fields[0]
            .parts
            .iter()
            .any(|part| part.kind == PartKind::New && part.text.contains("quý vị"))
    );
    assert!(compare_drafts(&old, &old).is_empty());
}
