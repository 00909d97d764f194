//! Deciding on somebody's behalf, and what stays forbidden to both.

use chancery_access::Principal;
use chancery_calendar::model::{Objection, State, StepRole};
use chancery_calendar::workflow::{Approval, NewDelegation};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Topic;
use chancery_contracts::identity::Notify;
use chrono::NaiveDate;
use uuid::Uuid;

use crate::rig::Rig;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn stand_in(rig: &Rig, to: &Principal) -> NewDelegation {
    NewDelegation {
        unit: rig.mission,
        role: StepRole::HeadOfMission,
        to: to.person,
        first: day("2026-09-01"),
        last: day("2026-09-10"),
        reason: "Nghỉ phép".into(),
    }
}

async fn delegate(rig: &Rig, to: &Principal) -> Uuid {
    rig.calendar
        .delegate(Actor::new(&rig.ambassador), stand_in(rig, to))
        .await
        .unwrap()
}

fn objection<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> Objection {
    match result {
        Err(CalendarError::Objection(objection)) => objection,
        other => panic!("not an objection: {other:?}"),
    }
}

#[tokio::test]
async fn a_delegate_decides_and_both_are_named() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    assert_eq!(
        objection(rig.approve(&rig.minh, id).await),
        Objection::NotYourStep(StepRole::HeadOfMission)
    );
    delegate(&rig, &rig.minh).await;
    assert_eq!(rig.approve(&rig.minh, id).await.unwrap(), Approval::Complete);
    let (by, behalf): (Uuid, Option<Uuid>) =
        sqlx::query_as("select person_id, on_behalf_of from calendar.decisions where item_id = $1")
            .bind(id.0)
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    assert_eq!((by, behalf), (rig.minh.person.0, Some(rig.ambassador.person.0)));
    let detail: serde_json::Value =
        sqlx::query_scalar("select detail from audit.entries where action = 'item.approved'")
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(detail["behalf_name"], "Ambassador");
    let told = rig.sent::<Notify>().await;
    assert!(told.iter().any(|n| n.key == "notice-approval-delegated"));
}

#[tokio::test]
async fn neither_approves_what_either_wrote() {
    let rig = Rig::new().await;
    delegate(&rig, &rig.minh).await;
    // The delegate wrote in it.
    let id = rig.written(rig.complete()).await;
    let mut draft = rig.complete();
    draft.body = "Minh sửa.".into();
    rig.save(&rig.minh, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(objection(rig.approve(&rig.minh, id).await), Objection::Own);
    // The head of mission wrote in it: their delegate is them.
    let id = rig.written(rig.complete()).await;
    let mut draft = rig.complete();
    draft.body = "Đại sứ sửa.".into();
    rig.save(&rig.ambassador, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(objection(rig.approve(&rig.minh, id).await), Objection::Own);
    // Whoever gets past the model is stopped by the schema.
    let forced = sqlx::query(
        "insert into calendar.decisions (id, item_id, version, edition_hash, step, role, decision, person_id, on_behalf_of, decided_at)
         select $1, item_id, version, edition_hash, 1, 'head_of_mission', 'approved', $2, $3, now() from calendar.versions where item_id = $4",
    )
    .bind(Uuid::now_v7())
    .bind(rig.minh.person.0)
    .bind(rig.ambassador.person.0)
    .bind(id.0)
    .execute(&rig.calendar.pool)
    .await
    .unwrap_err();
    assert_eq!(
        forced.as_database_error().unwrap().constraint(),
        Some("decisions_not_own")
    );
    assert_eq!(rig.approve(&rig.both, id).await.unwrap(), Approval::Complete);
}

#[tokio::test]
async fn a_delegate_and_whoever_they_stand_in_for_are_one_person_in_a_chain() {
    let rig = Rig::new().await;
    // The delegate of the head of mission also approves at headquarters.
    let new = stand_in(&rig, &rig.both);
    rig.calendar
        .delegate(Actor::new(&rig.ambassador), new)
        .await
        .unwrap();
    let ended = "update identity.grants set valid_to = '2026-08-01' where person_id = $1 and role = 'head_of_mission'";
    sqlx::query(ended)
        .bind(rig.both.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let both = rig.on(&rig.both, day("2026-09-01")).await;
    let mut draft = rig.complete();
    draft.topic = Topic::HumanRights;
    let id = rig.submitted(draft).await;
    assert_eq!(
        rig.approve(&both, id).await.unwrap(),
        Approval::Next(StepRole::Desk)
    );
    rig.approve(&rig.desk, id).await.unwrap();
    assert_eq!(objection(rig.approve(&both, id).await), Objection::Twice);
    assert_eq!(
        rig.approve(&rig.headquarters, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn a_delegation_ends_by_itself_when_it_is_ended_and_with_the_posting() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let given = delegate(&rig, &rig.minh).await;
    let refused = Objection::NotYourStep(StepRole::HeadOfMission);
    let after = rig.on(&rig.minh, day("2026-09-11")).await;
    assert_eq!(objection(rig.approve(&after, id).await), refused);
    // Before its first day, too.
    let before = rig.on(&rig.minh, day("2026-08-31")).await;
    assert_eq!(objection(rig.approve(&before, id).await), refused);
    let stranger = rig.calendar.end_delegation(Actor::new(&rig.lan), given).await;
    assert!(matches!(stranger, Err(CalendarError::Access(_))));
    rig.calendar
        .end_delegation(Actor::new(&rig.administrator), given)
        .await
        .unwrap();
    assert_eq!(objection(rig.approve(&rig.minh, id).await), refused);
    delegate(&rig, &rig.minh).await;
    sqlx::query("update identity.grants set valid_to = '2026-08-01' where person_id = $1")
        .bind(rig.ambassador.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(objection(rig.approve(&rig.minh, id).await), refused);
    assert_eq!(rig.state(id).await, State::Submitted);
}

#[tokio::test]
async fn only_a_holder_names_a_colleague_from_today_on() {
    let rig = Rig::new().await;
    let ambassador = Actor::new(&rig.ambassador);
    let mut cases = vec![stand_in(&rig, &rig.minh); 5];
    cases[0].to = rig.paul.person;
    cases[1].reason = "  ".into();
    cases[2].first = day("2026-08-31");
    cases[3].last = day("2026-08-31");
    cases[4].to = rig.ambassador.person;
    for (case, field) in cases.into_iter().zip(["to", "reason", "first", "last", "to"]) {
        match rig.calendar.delegate(ambassador, case).await {
            Err(CalendarError::Field { field: refused, .. }) => assert_eq!(refused, field),
            other => panic!("{field}: {other:?}"),
        }
    }
    // Not the attaché, and not the delegate in turn.
    delegate(&rig, &rig.minh).await;
    for person in [&rig.lan, &rig.minh] {
        let refused = rig
            .calendar
            .delegate(Actor::new(person), stand_in(&rig, &rig.both))
            .await;
        assert!(matches!(refused, Err(CalendarError::Access(_))));
    }
    let mut review = stand_in(&rig, &rig.lan);
    review.role = StepRole::NativeReviewer;
    let refused = rig.calendar.delegate(Actor::new(&rig.reviewer), review).await;
    assert!(matches!(refused, Err(CalendarError::Field { field: "unit", .. })));
}

#[tokio::test]
async fn a_delegate_counts_as_somebody_who_could_approve() {
    let rig = Rig::new().await;
    sqlx::query("update identity.grants set valid_to = '2026-08-01' where person_id = $1")
        .bind(rig.both.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    delegate(&rig, &rig.minh).await;
    // The ambassador writes: neither they nor their delegate is left.
    let id = rig.written(rig.complete()).await;
    let mut draft = rig.complete();
    draft.body = "Đại sứ sửa.".into();
    rig.save(&rig.ambassador, id, draft).await.unwrap();
    assert!(matches!(
        rig.submit(&rig.lan, id).await,
        Err(CalendarError::Blocked(_))
    ));
    let id = rig.written(rig.complete()).await;
    rig.submit(&rig.lan, id).await.unwrap();
}

#[tokio::test]
async fn nobody_without_a_second_factor_decides_for_somebody_else() {
    let rig = Rig::new().await;
    let forget = || {
        sqlx::query("delete from identity.totp where person_id = $1")
            .bind(rig.minh.person.0)
            .execute(rig.db.owner())
    };
    let id = rig.submitted(rig.complete()).await;
    delegate(&rig, &rig.minh).await;
    // Reset after they were named: the delegation stays, and lets nothing through.
    forget().await.unwrap();
    assert_eq!(
        objection(rig.approve(&rig.minh, id).await),
        Objection::NotYourStep(StepRole::HeadOfMission)
    );
    let refused = rig
        .calendar
        .delegate(Actor::new(&rig.ambassador), stand_in(&rig, &rig.minh))
        .await;
    assert!(matches!(
        refused,
        Err(CalendarError::Field {
            field: "to",
            key: "delegations-no-second-factor"
        })
    ));
}
