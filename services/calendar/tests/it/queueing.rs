//! What waits for whom, deciding on several, being told when it takes too long, and marking passages.

use chancery_access::Principal;
use chancery_calendar::model::{State, StepRole};
use chancery_calendar::store::waiting::{self, Waiting};
use chancery_calendar::workflow::{Approval, NewDelegation, NewMark};
use chancery_calendar::{Actor, CalendarError};
use chancery_clock::Clock as _;
use chancery_contracts::Topic;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::PublishOrder;
use chrono::TimeDelta;

use crate::rig::{Rig, wall};

async fn queue(rig: &Rig, who: &Principal) -> Vec<Waiting> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    waiting::waiting(&mut conn, who, None, 100).await.unwrap()
}

async fn waits_for(rig: &Rig, who: &Principal, id: ItemId) -> bool {
    queue(rig, who).await.iter().any(|row| row.id == id)
}

#[tokio::test]
async fn an_item_waits_for_whoever_could_decide_on_it_and_for_nobody_else() {
    let rig = Rig::new().await;
    rig.review_lao().await;
    let mut draft = rig.in_lao();
    draft.topic = Topic::Sovereignty;
    let id = rig.submitted(draft).await;
    let all = [
        &rig.lan,
        &rig.minh,
        &rig.ambassador,
        &rig.both,
        &rig.headquarters,
        &rig.desk,
        &rig.reviewer,
        &rig.administrator,
        &rig.paul,
    ];
    // The queue is a promise: it shows exactly what the rule would let through, step by step.
    for step in 0..4 {
        let mut next = None;
        for person in all {
            let shown = waits_for(&rig, person, id).await;
            let mut conn = rig.calendar.pool.acquire().await.unwrap();
            let may = match rig.calendar.open(&mut conn, Actor::new(person), id).await {
                Err(_) => false,
                Ok((item, unit)) => {
                    let version = chancery_calendar::store::approvals::version(&mut conn, id, item.version)
                        .await
                        .unwrap()
                        .unwrap();
                    let standing = rig
                        .calendar
                        .deciding(&mut conn, Actor::new(person), &item, &unit, &version)
                        .await
                        .unwrap();
                    standing.deciding.approve_at_new_time().is_ok()
                }
            };
            assert_eq!(shown, may, "{} at step {step}", person.name);
            if may {
                next = Some(person);
            }
        }
        rig.approve(next.unwrap(), id).await.unwrap();
    }
    assert_eq!(rig.state(id).await, State::Approved);
}

#[tokio::test]
async fn a_delegate_sees_what_waits_and_the_most_urgent_is_first() {
    let rig = Rig::new().await;
    let later = rig.submitted(rig.complete()).await;
    let mut sooner = rig.complete();
    sooner.wall = Some(wall("2026-09-02T00:30:00"));
    let sooner = rig.submitted(sooner).await;
    assert!(queue(&rig, &rig.minh).await.is_empty());
    let new = NewDelegation {
        unit: rig.mission,
        role: StepRole::HeadOfMission,
        to: rig.minh.person,
        first: "2026-09-01".parse().unwrap(),
        last: "2026-09-02".parse().unwrap(),
        reason: "Công tác".into(),
    };
    rig.calendar
        .delegate(Actor::new(&rig.ambassador), new)
        .await
        .unwrap();
    let rows = queue(&rig, &rig.minh).await;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [sooner, later]);
    assert_eq!(rows[0].behalf.as_deref(), Some("Ambassador"));
    // An hour before its time, as installed.
    assert_eq!(rows[0].deadline.to_rfc3339(), "2026-09-01T16:30:00+00:00");
    // A page begins after the last row of the one before.
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let after = Some((rows[0].deadline, rows[0].id));
    let next = waiting::waiting(&mut conn, &rig.minh, after, 10).await.unwrap();
    assert_eq!(next.iter().map(|row| row.id).collect::<Vec<_>>(), [later]);
}

#[tokio::test]
async fn several_are_approved_each_by_itself() {
    let rig = Rig::new().await;
    let good = rig.submitted(rig.complete()).await;
    let changed = rig.submitted(rig.complete()).await;
    let own = rig.written(rig.complete()).await;
    rig.submit(&rig.both, own).await.unwrap();
    let last = rig.submitted(rig.complete()).await;
    let mut chosen = Vec::new();
    for id in [good, changed, own, last] {
        chosen.push((id, rig.hash(id).await));
    }
    // Somebody changes one after the page was opened.
    rig.calendar.reopen(Actor::new(&rig.lan), changed).await.unwrap();
    rig.submit(&rig.lan, changed).await.unwrap();
    let done = rig.calendar.approve_several(Actor::new(&rig.both), &chosen).await;
    let fine: Vec<_> = done.iter().map(|(_, result)| result.is_ok()).collect();
    assert_eq!(fine, [true, false, false, true]);
    assert_eq!(rig.state(changed).await, State::Submitted);
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 2);
}

#[tokio::test]
async fn two_people_who_approve_at_once_approve_once() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let hash = rig.hash(id).await;
    let (a, b) = tokio::join!(
        rig.calendar
            .approve(Actor::new(&rig.ambassador), id, hash, "", None),
        rig.calendar.approve(Actor::new(&rig.both), id, hash, "", None),
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 1);
}

#[tokio::test]
async fn approving_while_the_author_opens_it_again_leaves_one_truth() {
    let rig = Rig::new().await;
    for _ in 0..5 {
        let id = rig.submitted(rig.complete()).await;
        let hash = rig.hash(id).await;
        let (approved, reopened) = tokio::join!(
            rig.calendar
                .approve(Actor::new(&rig.ambassador), id, hash, "", None),
            rig.calendar.reopen(Actor::new(&rig.lan), id),
        );
        reopened.unwrap();
        // Reopened last or first: it never stands, whatever became of the approval.
        assert!(rig.stands(id, 1, hash).await.is_some(), "{approved:?}");
        assert_eq!(rig.state(id).await, State::Draft);
    }
}

#[tokio::test]
async fn what_waits_too_long_is_told_once_a_level_to_the_next_in_line() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    assert_eq!(rig.calendar.escalate().await.unwrap(), 0);
    // Its time is 02:00 in UTC: an hour before, then half an hour before.
    rig.clock.set("2026-09-02T01:00:00Z".parse().unwrap());
    assert_eq!(rig.calendar.escalate().await.unwrap(), 1);
    assert_eq!(rig.calendar.escalate().await.unwrap(), 0);
    rig.clock.set("2026-09-02T01:30:00Z".parse().unwrap());
    let (one, two) = tokio::join!(rig.calendar.escalate(), rig.calendar.escalate());
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let told: Vec<_> = rig
        .sent::<Notify>()
        .await
        .into_iter()
        .filter(|n| n.key.starts_with("notice-item-overdue"))
        .collect();
    let desk = Recipient::Role {
        role: "desk_officer".into(),
        unit: rig.mission,
    };
    assert_eq!(
        told.iter().map(|n| n.to.contains(&desk)).collect::<Vec<_>>(),
        [false, true]
    );
    assert!(
        told.iter()
            .all(|n| n.to.contains(&Recipient::Person(rig.lan.person)))
    );
    // A decision ends it.
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.clock.set("2026-09-02T03:00:00Z".parse().unwrap());
    assert_eq!(rig.calendar.escalate().await.unwrap(), 0);
}

#[tokio::test]
async fn a_marked_passage_reaches_the_writers_with_the_request_and_is_settled() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let hash = rig.hash(id).await;
    let mark = |quote: &str| NewMark {
        account: rig.room,
        language: "vi".into(),
        quote: quote.into(),
        prefix: String::new(),
        suffix: String::new(),
        comment: "Nêu rõ giờ.".into(),
    };
    let ambassador = Actor::new(&rig.ambassador);
    let elsewhere = rig.calendar.mark(ambassador, id, hash, mark("không có")).await;
    assert!(matches!(
        elsewhere,
        Err(CalendarError::Field { field: "quote", .. })
    ));
    // Only whoever could ask for changes marks.
    let stranger = rig
        .calendar
        .mark(Actor::new(&rig.minh), id, hash, mark("Hẹn gặp lại."))
        .await;
    assert!(matches!(stranger, Err(CalendarError::Objection(_))));
    rig.calendar
        .mark(ambassador, id, hash, mark("Hẹn gặp lại."))
        .await
        .unwrap();
    // No other word is needed.
    rig.calendar
        .ask_for_changes(ambassador, id, hash, "")
        .await
        .unwrap();
    let passages = async || {
        let mut conn = rig.calendar.pool.acquire().await.unwrap();
        chancery_calendar::store::passages::of_item(&mut conn, id)
            .await
            .unwrap()
    };
    let marked = passages().await.remove(0);
    assert_eq!(
        (marked.quote.as_str(), marked.prefix.as_str()),
        ("Hẹn gặp lại.", "ại sứ quán trân trọng kính mời. ")
    );
    // Sent is sent.
    let back = rig.calendar.unmark(ambassador, id, marked.id).await;
    assert!(back.is_err());
    let mut draft = rig.complete();
    draft.body = "Hẹn gặp lúc 9 giờ.".into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.calendar
        .settle(Actor::new(&rig.lan), id, marked.id)
        .await
        .unwrap();
    assert!(passages().await.remove(0).resolved_at.is_some());
    assert!(matches!(
        rig.calendar.settle(Actor::new(&rig.lan), id, marked.id).await,
        Err(CalendarError::NotFound)
    ));
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn what_is_submitted_late_is_not_overdue_at_once() {
    let rig = Rig::new().await;
    let now = rig.clock.now();
    let mut soon = rig.complete();
    // Twenty minutes from now in Vientiane, where a head of mission has an hour.
    soon.wall = Some((now + TimeDelta::minutes(20) + TimeDelta::hours(7)).naive_utc());
    rig.submitted(soon).await;
    let rows = queue(&rig, &rig.ambassador).await;
    assert_eq!(rows[0].deadline - now, TimeDelta::minutes(10));
}
