//! Approving with edits: the approver's words, taken over by a writer, and never approved by whoever wrote them.

use chancery_calendar::model::{Objection, State, StepRole};
use chancery_calendar::workflow::{Approval, Wording};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Topic;
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::PublishOrder;
use uuid::Uuid;

use crate::rig::Rig;

async fn amend(
    rig: &Rig,
    who: &chancery_access::Principal,
    id: ItemId,
    body: &str,
) -> Result<(), CalendarError> {
    let hash = rig.hash(id).await;
    let wording = Wording {
        account: rig.room,
        language: "vi".into(),
        body: body.into(),
    };
    rig.calendar
        .amend(Actor::new(who), id, hash, &[wording], "Gọn hơn.")
        .await
}

async fn proposed(rig: &Rig, id: ItemId) -> Uuid {
    sqlx::query_scalar(
        "select id from calendar.amendments where item_id = $1 order by proposed_at desc limit 1",
    )
    .bind(id.0)
    .fetch_one(rig.db.owner())
    .await
    .unwrap()
}

#[tokio::test]
async fn an_approvers_words_go_out_once_a_writer_agrees_and_both_are_named() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    amend(&rig, &rig.ambassador, id, "Trân trọng kính mời.")
        .await
        .unwrap();
    // Nothing goes out by it alone.
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    let done = rig
        .calendar
        .accept_amendment(Actor::new(&rig.lan), id, proposed(&rig, id).await)
        .await
        .unwrap();
    assert_eq!(done, Approval::Complete);
    let order = rig.sent::<PublishOrder>().await.remove(0);
    assert_eq!(order.version, 2);
    assert_eq!(order.edition.variants[0].body, "Trân trọng kính mời.");
    assert_eq!(rig.item(id).await.draft.body, "Trân trọng kính mời.");
    assert_eq!(rig.stands(id, 2, order.edition_hash).await, None);
    let (submitted, decided): (Uuid, Uuid) = sqlx::query_as(
        "select v.submitted_by, d.person_id from calendar.versions v join calendar.decisions d using (item_id, version)
         where v.item_id = $1 and v.version = 2",
    )
    .bind(id.0)
    .fetch_one(rig.db.owner())
    .await
    .unwrap();
    assert_eq!((submitted, decided), (rig.lan.person.0, rig.ambassador.person.0));
}

#[tokio::test]
async fn nobody_agrees_with_their_own_edits_nor_with_what_no_longer_waits() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    amend(&rig, &rig.ambassador, id, "Khác.").await.unwrap();
    let amendment = proposed(&rig, id).await;
    // A head of mission may write, but not agree with themselves.
    let own = rig
        .calendar
        .accept_amendment(Actor::new(&rig.ambassador), id, amendment)
        .await;
    assert!(matches!(own, Err(CalendarError::Objection(Objection::Own))));
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    let stale = rig
        .calendar
        .accept_amendment(Actor::new(&rig.lan), id, amendment)
        .await;
    assert!(matches!(stale, Err(CalendarError::Stale)));
    assert_eq!(rig.state(id).await, State::Submitted);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
}

#[tokio::test]
async fn only_whoever_could_approve_edits_and_only_what_differs_and_could_go_out() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    for (who, why) in [
        (&rig.lan, Objection::Own),
        (&rig.minh, Objection::NotYourStep(StepRole::HeadOfMission)),
    ] {
        let refused = amend(&rig, who, id, "Khác.").await;
        assert!(
            matches!(refused, Err(CalendarError::Objection(found)) if found == why),
            "{refused:?}"
        );
    }
    let same = amend(&rig, &rig.ambassador, id, &rig.complete().body).await;
    assert!(matches!(same, Err(CalendarError::Field { field: "body", .. })));
    let empty = amend(&rig, &rig.ambassador, id, "  ").await;
    assert!(matches!(empty, Err(CalendarError::Blocked(_))));
}

#[tokio::test]
async fn edits_by_a_later_step_go_back_to_the_first() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.topic = Topic::Sovereignty;
    let id = rig.submitted(draft).await;
    rig.approve(&rig.ambassador, id).await.unwrap();
    amend(&rig, &rig.desk, id, "Đúng tên gọi.").await.unwrap();
    let done = rig
        .calendar
        .accept_amendment(Actor::new(&rig.lan), id, proposed(&rig, id).await)
        .await
        .unwrap();
    assert_eq!(done, Approval::Restarted(StepRole::HeadOfMission));
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.approve(&rig.desk, id).await.unwrap();
    assert_eq!(
        rig.approve(&rig.headquarters, id).await.unwrap(),
        Approval::Complete
    );
}
