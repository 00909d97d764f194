//! A model that headquarters changes after missions have it.

use chancery_calendar::model::State;
use chancery_calendar::model::models::{Content, Progress};
use chancery_calendar::store::{accounts, editing, models};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::identity::Notify;
use chancery_contracts::ids::{ItemId, ModelId};
use chancery_contracts::publisher::DeliveryStatus;

use crate::models::{arrived, cell, content, progress, send, work};
use crate::rig::{Rig, wall};

/// The same with other words, and an hour later.
fn changed() -> Content {
    let mut changed = content();
    changed.variations[0][0].body = "Kỷ niệm 81 năm Quốc khánh Việt Nam.".into();
    changed.wall = Some(wall("2026-09-02T10:00:00"));
    changed
}

async fn change(rig: &Rig, id: ModelId) {
    change_to(rig, id, changed()).await;
}

/// Saved by headquarters' approver and sent anew.
async fn change_to(rig: &Rig, id: ModelId, to: Content) {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let model = models::load(&mut conn, id, chancery_calendar::store::items::Lock::None)
        .await
        .unwrap();
    drop(conn);
    rig.calendar
        .save_model(Actor::new(&rig.headquarters), id, model.revision, to, None)
        .await
        .unwrap();
    assert_eq!(send(rig, id, &[]).await.unwrap().version, 2);
    work(rig).await;
}

async fn told(rig: &Rig, key: &str) -> usize {
    rig.sent::<Notify>()
        .await
        .iter()
        .filter(|notice| notice.key == key)
        .count()
}

#[tokio::test]
async fn a_mission_that_left_the_text_as_it_was_takes_the_change_whole() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let adopted = rig
        .calendar
        .adopt_model(Actor::new(&rig.ambassador), id, rig.mission)
        .await
        .unwrap();
    change(&rig, id).await;
    assert_eq!(
        (
            told(&rig, "notice-model-changed").await,
            told(&rig, "notice-model-received").await
        ),
        (1, 3)
    );
    assert!(cell(&rig, id, rig.mission).await.behind);
    assert_eq!(
        rig.item(adopted.item).await.draft.body,
        "Kỷ niệm Quốc khánh Việt Nam.",
        "nothing changes by itself"
    );

    rig.calendar
        .take_change(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let item = rig.item(adopted.item).await;
    assert_eq!(item.draft.body, "Kỷ niệm 81 năm Quốc khánh Việt Nam.");
    assert_eq!(item.draft.wall, Some(wall("2026-09-02T10:00:00")));
    let cell = cell(&rig, id, rig.mission).await;
    assert_eq!((cell.behind, cell.progress), (false, Progress::Adopted));
    // Taking over is not writing: the head may still approve in one tap.
    rig.calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 2)
        .await
        .unwrap();
    assert_eq!(rig.state(adopted.item).await, State::Approved);
}

#[tokio::test]
async fn a_mission_that_wrote_keeps_its_text_or_a_copy_of_it() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let adopted = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let mut draft = rig.item(adopted.item).await.draft;
    draft.body = "Lời của chúng tôi.".into();
    draft.wall = Some(wall("2026-09-02T08:15:00"));
    rig.save(&rig.lan, adopted.item, draft).await.unwrap();
    change(&rig, id).await;
    rig.calendar
        .keep_own(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    assert_eq!(rig.item(adopted.item).await.draft.body, "Lời của chúng tôi.");
    assert!(!cell(&rig, id, rig.mission).await.behind);

    rig.calendar
        .take_change(Actor::new(&rig.minh), id, rig.mission)
        .await
        .unwrap();
    let item = rig.item(adopted.item).await;
    assert_eq!(item.draft.body, "Kỷ niệm 81 năm Quốc khánh Việt Nam.");
    assert_eq!(
        item.draft.wall,
        Some(wall("2026-09-02T08:15:00")),
        "the hour that the mission chose stays"
    );
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let copy = editing::copy_of(&mut conn, adopted.item, rig.lan.person)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(copy.draft.body, "Lời của chúng tôi.");
}

/// What preflight says of this code about the item, with these words as its text.
async fn altered(rig: &Rig, item: ItemId, body: &str) -> Vec<String> {
    let mut draft = rig.item(item).await.draft;
    draft.body = body.into();
    rig.save(&rig.lan, item, draft).await.unwrap();
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let (item, unit) = rig
        .calendar
        .open(&mut conn, Actor::new(&rig.lan), item)
        .await
        .unwrap();
    let accounts = accounts::of_unit(&mut conn, unit.id).await.unwrap();
    let found = rig
        .calendar
        .findings(&mut conn, &item, &unit, &accounts, Actor::new(&rig.lan));
    let (found, _) = found.await.unwrap();
    let locked = found
        .iter()
        .filter(|finding| finding.code == "passage-altered" && finding.blocking);
    locked
        .map(|finding| finding.arguments["passage"].clone())
        .collect()
}

#[tokio::test]
async fn what_a_model_locks_stays_locked_in_the_missions_item_and_changes_with_the_version_taken() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let item = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap()
        .item;
    assert!(
        altered(&rig, item, "Hôm nay là Quốc khánh Việt Nam, mời bạn.")
            .await
            .is_empty()
    );
    let lost = altered(&rig, item, "Mừng ngày quốc khánh.").await;
    assert_eq!(lost, ["Quốc khánh Việt Nam"; 2], "on both channels");
    assert!(matches!(
        rig.submit(&rig.lan, item).await,
        Err(CalendarError::Blocked(_))
    ));

    let mut other = changed();
    other.passages[0].text = "81 năm Quốc khánh".into();
    change_to(&rig, id, other).await;
    assert!(
        altered(&rig, item, "Quốc khánh Việt Nam").await.is_empty(),
        "until the mission takes it"
    );
    rig.calendar
        .take_change(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    assert_eq!(
        altered(&rig, item, "Quốc khánh Việt Nam").await,
        ["81 năm Quốc khánh"; 2]
    );
}

#[tokio::test]
async fn what_is_submitted_or_out_stays_and_is_told() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let here = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    rig.submit(&rig.lan, here.item).await.unwrap();
    change(&rig, id).await;
    let refused = rig
        .calendar
        .take_change(Actor::new(&rig.lan), id, rig.mission)
        .await;
    assert!(matches!(
        refused,
        Err(CalendarError::NotNow("models-refused-take"))
    ));
    assert_eq!(
        rig.state(here.item).await,
        State::Submitted,
        "what waits is not touched"
    );
    rig.calendar
        .reopen(Actor::new(&rig.lan), here.item)
        .await
        .unwrap();
    rig.calendar
        .take_change(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let again = rig
        .calendar
        .take_change(Actor::new(&rig.lan), id, rig.mission)
        .await;
    assert!(matches!(again, Err(CalendarError::Stale)));
    let foreign = rig
        .calendar
        .keep_own(Actor::new(&rig.paul), id, rig.mission)
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
}

#[tokio::test]
async fn whoever_has_it_out_hears_that_headquarters_changed_it_since() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let (adopted, _) = rig
        .calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 1)
        .await
        .unwrap();
    rig.report(adopted.item, 0, 1, DeliveryStatus::Published).await;
    rig.report(adopted.item, 1, 1, DeliveryStatus::Published).await;
    change(&rig, id).await;
    assert_eq!(told(&rig, "notice-model-changed-out").await, 1);
    assert_eq!(progress(&rig, id, rig.mission).await, Progress::Out);
    assert!(cell(&rig, id, rig.mission).await.behind);
}

#[tokio::test]
async fn guidance_with_a_mark_of_secrecy_is_not_kept() {
    let rig = Rig::new().await;
    let id = rig
        .calendar
        .create_model(Actor::new(&rig.headquarters))
        .await
        .unwrap();
    let marked = Content {
        guidance: "TUYỆT MẬT\nNội dung định hướng".into(),
        ..content()
    };
    let refused = rig
        .calendar
        .save_model(Actor::new(&rig.headquarters), id, 1, marked, None)
        .await;
    assert!(matches!(
        refused,
        Err(CalendarError::Marked {
            field: "guidance",
            ..
        })
    ));
    let kept: serde_json::Value = sqlx::query_scalar("select content from calendar.models where id = $1")
        .bind(id.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    assert!(!kept.to_string().contains("định hướng"), "{kept}");
}
