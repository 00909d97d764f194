//! Chains by rules: reviewers before the mission, headquarters after it, and what is said before submission.

use chancery_calendar::model::{Objection, State, StepRole};
use chancery_calendar::workflow::Approval;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Topic;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::publisher::PublishOrder;

use crate::rig::Rig;

fn objection<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> Objection {
    match result {
        Err(CalendarError::Objection(objection)) => objection,
        other => panic!("not an objection: {other:?}"),
    }
}

fn refused_field<T>(result: Result<T, CalendarError>) -> (&'static str, &'static str) {
    match result {
        Err(CalendarError::Field { field, key }) => (field, key),
        Err(other) => panic!("refused otherwise: {other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

#[tokio::test]
async fn a_native_reviewer_passes_the_text_before_the_head_of_mission() {
    let rig = Rig::new().await;
    rig.review_lao().await;
    let id = rig.submitted(rig.in_lao()).await;
    let asked = rig.sent::<Notify>().await;
    let reviewers = Recipient::Role {
        role: "native_reviewer".into(),
        unit: rig.mission,
    };
    assert!(
        asked
            .iter()
            .any(|n| n.key == "notice-item-submitted" && n.to == [reviewers.clone()])
    );
    assert_eq!(
        objection(rig.approve(&rig.ambassador, id).await),
        Objection::NotYourStep(StepRole::NativeReviewer)
    );
    assert_eq!(
        rig.approve(&rig.reviewer, id).await.unwrap(),
        Approval::Next(StepRole::HeadOfMission)
    );
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 1);
    // What is not in Lao does not wait for them.
    let id = rig.submitted(rig.complete()).await;
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
}

#[tokio::test]
async fn a_reviewer_passes_their_own_language_only_and_may_ask_for_changes() {
    let rig = Rig::new().await;
    rig.review_lao().await;
    let id = rig.submitted(rig.in_lao()).await;
    let khmer = ["km".to_owned()];
    let administrator = Actor::new(&rig.administrator);
    rig.calendar
        .set_reviewer(administrator, rig.reviewer.person, &khmer)
        .await
        .unwrap();
    assert_eq!(
        objection(rig.approve(&rig.reviewer, id).await),
        Objection::NotYourStep(StepRole::NativeReviewer)
    );
    // Nobody passes Lao now: a writer is told before submitting.
    let Err(CalendarError::Blocked(findings)) = ({
        let other = rig.written(rig.in_lao()).await;
        rig.submit(&rig.lan, other).await
    }) else {
        panic!("submitted")
    };
    assert_eq!(findings[0].code, "approver-missing");
    assert_eq!(findings[0].arguments["role"], "native_reviewer");
    let lao = ["lo".to_owned()];
    rig.calendar
        .set_reviewer(administrator, rig.reviewer.person, &lao)
        .await
        .unwrap();
    let hash = rig.hash(id).await;
    rig.calendar
        .ask_for_changes(Actor::new(&rig.reviewer), id, hash, "Sai dấu.")
        .await
        .unwrap();
    assert_eq!(rig.state(id).await, State::ChangesRequested);
}

#[tokio::test]
async fn one_person_for_two_steps_is_said_before_submission() {
    let rig = Rig::new().await;
    // Only `both` is left at headquarters, and as head of mission.
    for person in [&rig.ambassador, &rig.headquarters] {
        sqlx::query("update identity.grants set valid_to = '2026-08-01' where person_id = $1")
            .bind(person.person.0)
            .execute(rig.db.owner())
            .await
            .unwrap();
    }
    let mut draft = rig.complete();
    let id = rig.written(draft.clone()).await;
    rig.submit(&rig.lan, id).await.unwrap();
    draft.topic = Topic::Sovereignty;
    let id = rig.written(draft).await;
    let Err(CalendarError::Blocked(findings)) = rig.submit(&rig.lan, id).await else {
        panic!("submitted")
    };
    assert_eq!(findings[0].arguments["role"], "headquarters_approver");
}

#[tokio::test]
async fn rules_that_cannot_be_are_refused_by_the_model_and_by_the_schema() {
    let rig = Rig::new().await;
    let administrator = Actor::new(&rig.administrator);
    let cases = [
        (
            rig.rule(None, None, &[StepRole::Desk]),
            "policy-headquarters-for-all",
        ),
        (
            rig.rule(None, None, &[StepRole::NativeReviewer]),
            "policy-reviewer-without-language",
        ),
        (
            rig.rule(Some(Topic::Culture), None, &[]),
            "policy-topic-without-step",
        ),
        (
            rig.rule(None, None, &[StepRole::HeadOfMission]),
            "policy-head-always",
        ),
    ];
    for (rule, why) in cases {
        assert_eq!(
            refused_field(rig.calendar.put_rule(administrator, rule.clone()).await),
            ("step", why)
        );
        let steps: Vec<String> = rule.steps.iter().map(ToString::to_string).collect();
        let written = sqlx::query(
            "insert into calendar.chain_rules (unit_id, topic, language, steps) values ($1, $2, $3, $4)",
        )
        .bind(rule.unit.map(|unit| unit.0))
        .bind(rule.topic.map(Topic::as_str))
        .bind(rule.language)
        .bind(steps)
        .execute(&rig.calendar.pool)
        .await;
        assert!(written.is_err(), "{why}");
    }
    let tag = rig.rule(None, Some("Tiếng Lào"), &[StepRole::NativeReviewer]);
    assert_eq!(
        refused_field(rig.calendar.put_rule(administrator, tag).await).0,
        "language"
    );
    assert_eq!(
        refused_field(rig.calendar.set_deadline(administrator, StepRole::Desk, 1).await).0,
        "minutes"
    );
    assert!(matches!(
        rig.calendar
            .set_deadline(Actor::new(&rig.lan), StepRole::Desk, 10)
            .await,
        Err(CalendarError::Access(_))
    ));
}

#[tokio::test]
async fn a_rule_is_replaced_by_one_for_the_same_and_can_be_taken_away() {
    let rig = Rig::new().await;
    let administrator = Actor::new(&rig.administrator);
    let rules = async || {
        let mut conn = rig.calendar.pool.acquire().await.unwrap();
        chancery_calendar::store::policies::rules(&mut conn)
            .await
            .unwrap()
    };
    let before = rules().await.len();
    rig.review_lao().await;
    rig.review_lao().await;
    assert_eq!(rules().await.len(), before + 1);
    let added = rules()
        .await
        .into_iter()
        .find(|rule| rule.unit == Some(rig.mission))
        .unwrap();
    rig.calendar.drop_rule(administrator, added.id).await.unwrap();
    assert_eq!(rules().await.len(), before);
    assert!(matches!(
        rig.calendar.drop_rule(administrator, added.id).await,
        Err(CalendarError::NotFound)
    ));
    let audit: Vec<String> =
        sqlx::query_scalar("select action from audit.entries where subject_kind = 'policy' order by seq")
            .fetch_all(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(audit.last().map(String::as_str), Some("policy.removed"));
}
