//! From draft to order, and everything that must not get there.

use chancery_calendar::model::{Objection, Scope, State, StepRole};
use chancery_calendar::workflow::{Approval, NewTime, Saved};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Topic;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::publisher::{CancelOrder, PublishOrder};

use crate::rig::{Rig, wall};

fn objection<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> Objection {
    match result {
        Err(CalendarError::Objection(objection)) => objection,
        other => panic!("not an objection: {other:?}"),
    }
}

fn is_refused<T>(result: &Result<T, CalendarError>) -> bool {
    matches!(result, Err(CalendarError::State(_)))
}

#[tokio::test]
async fn a_statement_is_written_submitted_approved_and_ordered() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    assert_eq!(rig.state(id).await, State::Draft);
    // A new draft has the mission's press room and a time; what is missing never stops a save.
    let fresh = rig.item(id).await;
    assert_eq!(fresh.draft.variants[0].account, rig.room);
    assert_eq!(fresh.draft.scope, Scope::Internal);
    assert!(
        matches!(rig.submit(&rig.lan, id).await, Err(CalendarError::Blocked(findings)) if findings.len() == 3)
    );

    rig.save(&rig.lan, id, rig.complete()).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(rig.state(id).await, State::Submitted);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    let asked = rig.sent::<Notify>().await;
    let head = Recipient::Role {
        role: "head_of_mission".into(),
        unit: rig.mission,
    };
    assert_eq!(
        (asked[0].key.as_str(), &asked[0].to),
        ("notice-item-submitted", &vec![head])
    );

    let hash = rig.hash(id).await;
    assert_eq!(rig.stands(id, 1, hash).await.as_deref(), Some("not_approved"));
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
    assert_eq!(rig.state(id).await, State::Approved);
    let orders = rig.sent::<PublishOrder>().await;
    let order = &orders[0];
    assert_eq!(
        (orders.len(), order.item, order.version, order.unit),
        (1, id, 1, rig.mission)
    );
    assert_eq!(order.edition.hash().unwrap(), order.edition_hash);
    assert_eq!(order.edition_hash, hash);
    assert_eq!(order.due.to_rfc3339(), "2026-09-02T02:00:00+00:00");
    assert_eq!((order.not_after - order.due).num_minutes(), 60);
    assert_eq!(order.edition.variants[0].title, "Chúc mừng Quốc khánh");
    assert_eq!(rig.stands(id, 1, hash).await, None);

    let audit: Vec<String> = sqlx::query_scalar("select action from audit.entries order by seq")
        .fetch_all(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(audit, ["item.created", "item.submitted", "item.approved"]);
}

#[tokio::test]
async fn a_reserved_topic_needs_the_mission_and_then_headquarters() {
    let rig = Rig::new().await;
    for topic in [
        Topic::Sovereignty,
        Topic::HumanRights,
        Topic::HighLevelVisit,
        Topic::ConsularEmergency,
    ] {
        let mut draft = rig.complete();
        draft.topic = topic;
        let id = rig.submitted(draft).await;
        let head = StepRole::HeadOfMission;
        assert_eq!(
            objection(rig.approve(&rig.headquarters, id).await),
            Objection::NotYourStep(head)
        );
        assert_eq!(
            rig.approve(&rig.ambassador, id).await.unwrap(),
            Approval::Next(StepRole::Desk)
        );
        assert_eq!(rig.state(id).await, State::Submitted);
        assert_eq!(
            objection(rig.approve(&rig.headquarters, id).await),
            Objection::NotYourStep(StepRole::Desk)
        );
        assert_eq!(
            rig.approve(&rig.desk, id).await.unwrap(),
            Approval::Next(StepRole::Headquarters)
        );
        assert_eq!(
            rig.approve(&rig.headquarters, id).await.unwrap(),
            Approval::Complete
        );
    }
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 4);
}

#[tokio::test]
async fn a_chain_of_two_is_two_people_even_for_one_who_holds_both_roles() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.topic = Topic::Sovereignty;
    let id = rig.submitted(draft).await;
    rig.approve(&rig.both, id).await.unwrap();
    rig.approve(&rig.desk, id).await.unwrap();
    assert_eq!(objection(rig.approve(&rig.both, id).await), Objection::Twice);
    assert_eq!(
        rig.approve(&rig.headquarters, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn nobody_approves_what_they_wrote_edited_or_submitted() {
    let rig = Rig::new().await;
    // A head of mission who is also the author.
    let own = rig.calendar.create(
        Actor::new(&rig.ambassador),
        rig.mission,
        chancery_calendar::model::Kind::News,
        "vi",
    );
    let own = own.await.unwrap();
    rig.save(&rig.ambassador, own, rig.complete()).await.unwrap();
    rig.submit(&rig.ambassador, own).await.unwrap();
    assert_eq!(objection(rig.approve(&rig.ambassador, own).await), Objection::Own);
    rig.approve(&rig.both, own).await.unwrap();

    // One who only changed a word in an earlier version.
    let id = rig.written(rig.complete()).await;
    let mut draft = rig.complete();
    draft.body = "Một chữ khác.".into();
    rig.save(&rig.both, id, draft.clone()).await.unwrap();
    draft.body = "Bản cuối.".into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(objection(rig.approve(&rig.both, id).await), Objection::Own);

    // One who only submitted, and one whose second role would reach further.
    let id = rig.written(rig.complete()).await;
    rig.submit(&rig.both, id).await.unwrap();
    assert_eq!(objection(rig.approve(&rig.both, id).await), Objection::Own);
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn an_item_whose_only_approver_wrote_in_it_cannot_be_submitted() {
    let rig = Rig::new().await;
    let id = rig
        .calendar
        .create(
            Actor::new(&rig.paul),
            rig.paris,
            chancery_calendar::model::Kind::News,
            "vi",
        )
        .await
        .unwrap();
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.paris_room, "vi", None)];
    rig.save(&rig.paul, id, draft).await.unwrap();
    let Err(CalendarError::Blocked(findings)) = rig.submit(&rig.paul, id).await else {
        panic!("submitted")
    };
    assert_eq!(findings[0].code, "approver-missing");
}

#[tokio::test]
async fn whoever_may_not_approve_is_told_whose_step_it_is() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    for person in [&rig.minh, &rig.administrator, &rig.headquarters] {
        let refused = objection(rig.approve(person, id).await);
        assert_eq!(refused, Objection::NotYourStep(StepRole::HeadOfMission));
    }
    // Paris does not even see Vientiane's item.
    assert!(matches!(
        rig.approve(&rig.paul, id).await,
        Err(CalendarError::Access(_))
    ));
}

#[tokio::test]
async fn an_approval_counts_only_for_what_was_on_the_screen() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let seen = rig.hash(id).await;
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    let mut draft = rig.complete();
    draft.body.push_str(" Một câu mới.");
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    let late = rig
        .calendar
        .approve(Actor::new(&rig.ambassador), id, seen, "", None)
        .await;
    assert_eq!(objection(late), Objection::Changed);
    assert_eq!(rig.state(id).await, State::Submitted);
    let stale = rig
        .calendar
        .ask_for_changes(Actor::new(&rig.ambassador), id, seen, "Sửa")
        .await;
    assert_eq!(objection(stale), Objection::Changed);
}

#[tokio::test]
async fn any_change_of_content_accounts_or_time_changes_the_hash() {
    let rig = Rig::new().await;
    let mut hashes = std::collections::HashSet::new();
    let mut drafts = vec![rig.complete(); 5];
    drafts[1].title.push('!');
    drafts[2].wall = Some(wall("2026-09-02T09:01:00"));
    drafts[3].window_minutes = 61;
    drafts[4]
        .variants
        .push(rig.variant(rig.bluesky, "en", Some("Happy national day")));
    for draft in drafts {
        let id = rig.submitted(draft).await;
        let mut conn = rig.calendar.pool.acquire().await.unwrap();
        let version = chancery_calendar::store::approvals::version(&mut conn, id, 1)
            .await
            .unwrap()
            .unwrap();
        let mut edition = version.edition;
        // The same item, as far as the hash is concerned.
        edition.item = chancery_contracts::ids::ItemId(uuid::Uuid::nil());
        hashes.insert(edition.hash().unwrap().to_string());
    }
    assert_eq!(hashes.len(), 5);
}

#[tokio::test]
async fn reopening_an_approved_item_voids_the_approval_and_cancels_the_order() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let hash = rig.hash(id).await;
    assert!(matches!(
        rig.save(&rig.lan, id, {
            let mut d = rig.complete();
            d.title = "Khác".into();
            d
        })
        .await
        .unwrap(),
        Saved::Kept(_)
    ));
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    let item = rig.item(id).await;
    assert_eq!((item.state, item.version, item.steps_done), (State::Draft, 2, 0));
    assert_eq!(rig.stands(id, 1, hash).await.as_deref(), Some("superseded"));
    assert_eq!(
        rig.sent::<CancelOrder>().await,
        [CancelOrder { item: id, version: 1 }]
    );
    let told = rig.sent::<Notify>().await;
    assert!(
        told.iter()
            .any(|n| n.key == "notice-item-voided" && n.to == [Recipient::Person(rig.ambassador.person)])
    );
    // Even the same text needs a new approval: its version is another.
    rig.submit(&rig.lan, id).await.unwrap();
    assert_ne!(rig.hash(id).await, hash);
    rig.approve(&rig.ambassador, id).await.unwrap();
    assert_eq!(rig.stands(id, 2, rig.hash(id).await).await, None);
}

#[tokio::test]
async fn changes_are_asked_for_with_words_and_lead_to_a_new_version() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let hash = rig.hash(id).await;
    let silent = rig
        .calendar
        .ask_for_changes(Actor::new(&rig.ambassador), id, hash, "  ")
        .await;
    assert!(matches!(
        silent,
        Err(CalendarError::Field { field: "comment", .. })
    ));
    rig.calendar
        .ask_for_changes(Actor::new(&rig.ambassador), id, hash, "Bỏ câu cuối.")
        .await
        .unwrap();
    let item = rig.item(id).await;
    assert_eq!((item.state, item.version), (State::ChangesRequested, 2));
    let mut draft = rig.complete();
    draft.body = "Ngắn hơn.".into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn approval_after_the_time_has_passed_publishes_nothing_and_asks_for_a_new_time() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let hash = rig.hash(id).await;
    rig.clock.set("2026-09-02T02:00:00Z".parse().unwrap());
    assert_eq!(objection(rig.approve(&rig.ambassador, id).await), Objection::Late);
    assert!(rig.sent::<PublishOrder>().await.is_empty());

    let at = |text| NewTime {
        wall: wall(text),
        clock: chancery_calendar::model::ClockChoice::Host,
    };
    let approver = Actor::new(&rig.ambassador);
    let past = rig
        .calendar
        .approve(approver, id, hash, "", Some(at("2026-09-02T09:00:30")))
        .await;
    assert!(matches!(past, Err(CalendarError::Field { field: "wall", .. })));
    let done = rig
        .calendar
        .approve(approver, id, hash, "", Some(at("2026-09-02T09:30:00")))
        .await
        .unwrap();
    assert_eq!(done, Approval::Complete);
    let order = rig.sent::<PublishOrder>().await.remove(0);
    assert_eq!(
        (order.version, order.due.to_rfc3339()),
        (2, "2026-09-02T02:30:00+00:00".to_owned())
    );
    assert_ne!(order.edition_hash, hash);
    // The text is what Lan submitted: only version and time differ.
    let mut edition = order.edition.clone();
    (edition.version, edition.wall) = (1, wall("2026-09-02T09:00:00"));
    assert_eq!(edition.hash().unwrap(), hash);
    assert_eq!(rig.stands(id, 2, order.edition_hash).await, None);
}

#[tokio::test]
async fn a_new_time_chosen_by_a_later_step_goes_back_to_the_first() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.topic = Topic::Sovereignty;
    let id = rig.submitted(draft).await;
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.approve(&rig.desk, id).await.unwrap();
    rig.clock.set("2026-09-02T02:00:01Z".parse().unwrap());
    let new_time = NewTime {
        wall: wall("2026-09-02T10:00:00"),
        clock: chancery_calendar::model::ClockChoice::Headquarters,
    };
    let seen = rig.hash(id).await;
    let done = rig
        .calendar
        .approve(Actor::new(&rig.headquarters), id, seen, "", Some(new_time))
        .await
        .unwrap();
    assert_eq!(done, Approval::Restarted(StepRole::HeadOfMission));
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Next(StepRole::Desk)
    );
    rig.approve(&rig.desk, id).await.unwrap();
    assert_eq!(
        rig.approve(&rig.headquarters, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn what_does_not_fit_the_state_is_refused_in_every_state() {
    let rig = Rig::new().await;
    let lan = Actor::new(&rig.lan);
    let draft = rig.written(rig.complete()).await;
    assert!(is_refused(&rig.calendar.reopen(lan, draft).await));
    let submitted = rig.submitted(rig.complete()).await;
    assert!(is_refused(&rig.submit(&rig.lan, submitted).await));
    let approved = rig.approved(rig.complete()).await;
    assert!(is_refused(&rig.submit(&rig.lan, approved).await));
    assert!(is_refused(&rig.approve(&rig.both, approved).await));
    let hash = rig.hash(approved).await;
    assert!(is_refused(
        &rig.calendar
            .ask_for_changes(Actor::new(&rig.both), approved, hash, "x")
            .await
    ));
    let out = rig.approved(rig.complete()).await;
    rig.report(
        out,
        0,
        1,
        chancery_contracts::publisher::DeliveryStatus::Published,
    )
    .await;
    assert_eq!(rig.state(out).await, State::Published);
    assert!(is_refused(&rig.calendar.reopen(lan, out).await));
    assert!(is_refused(&rig.calendar.cancel(lan, out, "").await));
    let cancelled = rig.written(rig.complete()).await;
    assert_eq!(
        rig.calendar.cancel(lan, cancelled, "").await.unwrap(),
        State::Cancelled
    );
    assert!(is_refused(&rig.calendar.cancel(lan, cancelled, "").await));
    assert!(is_refused(&rig.submit(&rig.lan, cancelled).await));
}

#[tokio::test]
async fn a_policy_that_changes_binds_what_is_submitted_afterwards() {
    let rig = Rig::new().await;
    let before = rig.submitted(rig.complete()).await;
    let rule = || rig.rule(Some(Topic::General), None, &[StepRole::Headquarters]);
    let refused = rig.calendar.put_rule(Actor::new(&rig.lan), rule()).await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));
    let administrator = Actor::new(&rig.administrator);
    rig.calendar.put_rule(administrator, rule()).await.unwrap();
    let after = rig.submitted(rig.complete()).await;
    assert_eq!(
        rig.approve(&rig.ambassador, before).await.unwrap(),
        Approval::Complete
    );
    assert_eq!(
        rig.approve(&rig.ambassador, after).await.unwrap(),
        Approval::Next(StepRole::Headquarters)
    );
}
