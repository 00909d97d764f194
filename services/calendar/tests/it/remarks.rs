//! Remarks: who is told, who is not, and what is resolved.

use chancery_calendar::store::remarks;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::PersonId;
use uuid::Uuid;

use crate::rig::Rig;

async fn told(rig: &Rig, key: &str) -> Vec<PersonId> {
    let notices: Vec<Notify> = rig.sent().await;
    let of_key = notices.into_iter().filter(|notice| notice.key == key);
    of_key
        .flat_map(|notice| notice.to)
        .filter_map(|to| match to {
            Recipient::Person(person) => Some(person),
            Recipient::Role { .. } => None,
        })
        .collect()
}

#[tokio::test]
async fn who_is_named_and_may_see_it_is_told_and_who_may_not_is_not() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let said = "Nhờ @Minh và @Ambassador xem; @Paul cũng xem nhé, @Nobody.";
    let done = rig
        .calendar
        .remark(Actor::new(&rig.lan), id, None, said)
        .await
        .unwrap();
    assert_eq!(done.told, ["Minh", "Ambassador"]);
    assert_eq!(done.not_told, ["Paul"]);
    let mut mentioned = told(&rig, "notice-item-mentioned").await;
    mentioned.sort_by_key(|person| person.0);
    let mut expected = vec![rig.minh.person, rig.ambassador.person];
    expected.sort_by_key(|person| person.0);
    assert_eq!(mentioned, expected, "Paul of Paris hears nothing");
}

#[tokio::test]
async fn a_posting_that_has_ended_hears_nothing() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    sqlx::query("update identity.grants set valid_to = '2026-08-31' where person_id = $1")
        .bind(rig.minh.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let done = rig
        .calendar
        .remark(Actor::new(&rig.lan), id, None, "@Minh")
        .await
        .unwrap();
    assert_eq!(
        (done.told.len(), done.not_told.as_slice()),
        (0, ["Minh".to_owned()].as_slice())
    );
    assert!(told(&rig, "notice-item-mentioned").await.is_empty());
}

#[tokio::test]
async fn a_thread_is_resolved_and_a_reply_opens_it_again() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let (lan, minh) = (Actor::new(&rig.lan), Actor::new(&rig.minh));
    rig.calendar
        .remark(minh, id, None, "Câu đầu nên ngắn hơn.")
        .await
        .unwrap();
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let thread = remarks::of_item(&mut conn, id).await.unwrap()[0].id;
    rig.calendar
        .remark(lan, id, Some(thread), "Đã sửa.")
        .await
        .unwrap();
    // Identity leaves out whoever acted.
    assert!(told(&rig, "notice-item-replied").await.contains(&rig.minh.person));
    rig.calendar.resolve_remark(lan, id, thread, true).await.unwrap();
    rig.calendar.resolve_remark(lan, id, thread, true).await.unwrap();
    let first = remarks::of_item(&mut conn, id).await.unwrap().remove(0);
    assert_eq!(first.resolved_by.as_deref(), Some("Lan"));
    rig.calendar
        .remark(minh, id, Some(thread), "Chưa được.")
        .await
        .unwrap();
    let all = remarks::of_item(&mut conn, id).await.unwrap();
    assert_eq!((all.len(), all[0].resolved_at), (3, None));
}

#[tokio::test]
async fn threads_stay_with_their_item_and_with_those_who_see_it() {
    let rig = Rig::new().await;
    let (one, other) = (
        rig.written(rig.complete()).await,
        rig.written(rig.complete()).await,
    );
    rig.calendar
        .remark(Actor::new(&rig.lan), one, None, "x")
        .await
        .unwrap();
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let thread = remarks::of_item(&mut conn, one).await.unwrap()[0].id;
    for (item, thread) in [(other, thread), (one, Uuid::nil())] {
        let reply = rig
            .calendar
            .remark(Actor::new(&rig.lan), item, Some(thread), "y")
            .await;
        assert!(matches!(reply, Err(CalendarError::NotFound)), "{reply:?}");
        let resolved = rig
            .calendar
            .resolve_remark(Actor::new(&rig.lan), item, thread, true)
            .await;
        assert!(matches!(resolved, Err(CalendarError::NotFound)), "{resolved:?}");
    }
    let paul = Actor::new(&rig.paul);
    assert!(matches!(
        rig.calendar.remark(paul, one, Some(thread), "y").await,
        Err(CalendarError::Access(_))
    ));
    assert!(matches!(
        rig.calendar.resolve_remark(paul, one, thread, true).await,
        Err(CalendarError::Access(_))
    ));
}
