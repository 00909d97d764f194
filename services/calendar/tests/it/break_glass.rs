//! Break-glass: two people, neither of whom wrote it, let a submitted version out without the rest of its chain.

use std::collections::HashSet;

use chancery_access::Principal;
use chancery_calendar::model::{State, StepRole, Unbroken};
use chancery_calendar::store::break_glass::{Use, Which, uses};
use chancery_calendar::{Actor, CalendarError};
use chancery_clock::Clock as _;
use chancery_contracts::Topic;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::PublishOrder;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::rig::{Rig, wall};

fn refused<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> Unbroken {
    match result {
        Err(CalendarError::BreakGlass(why)) => why,
        other => panic!("let out or refused otherwise: {other:?}"),
    }
}

/// Lan's, about human rights: the head of mission, the desk and headquarters have to approve it.
async fn reserved(rig: &Rig) -> ItemId {
    let mut draft = rig.complete();
    draft.topic = Topic::HumanRights;
    rig.submitted(draft).await
}

async fn used(rig: &Rig, id: ItemId) -> Vec<Use> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    uses(&mut conn, Which::Item(id), 10).await.unwrap()
}

#[tokio::test]
async fn two_people_let_it_out_as_the_last_approval_would() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    // Nothing has happened yet.
    assert_eq!(rig.state(id).await, State::Submitted);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    rig.clock.advance(std::time::Duration::from_mins(29));
    rig.confirm(&rig.desk, id, order).await.unwrap();
    assert_eq!(rig.state(id).await, State::Approved);
    let orders = rig.sent::<PublishOrder>().await;
    let item = rig.item(id).await;
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].due, item.appointment.unwrap().instant());
    assert_eq!(rig.stands(id, 1, orders[0].edition_hash).await, None);
    let uses = used(&rig, id).await;
    assert_eq!(uses.len(), 1);
    assert_eq!(
        (uses[0].first, uses[0].second),
        (rig.headquarters.person, Some(rig.desk.person))
    );
    assert_eq!(
        uses[0].bypassed,
        ["head_of_mission", "desk_officer", "headquarters_approver"]
    );
    let audited: Vec<String> = sqlx::query_scalar(
        "select action from audit.entries where action like 'item.break_glass%' order by action",
    )
    .fetch_all(rig.db.owner())
    .await
    .unwrap();
    assert_eq!(
        audited,
        ["item.break_glass_confirmed", "item.break_glass_ordered"]
    );
}

#[tokio::test]
async fn everybody_who_was_passed_over_is_told() {
    let rig = Rig::new().await;
    rig.review_lao().await;
    let mut draft = rig.in_lao();
    draft.topic = Topic::HumanRights;
    let id = rig.submitted(draft).await;
    let order = rig.break_glass(&rig.both, id).await.unwrap();
    rig.confirm(&rig.desk, id, order).await.unwrap();
    let all = rig.sent::<Notify>().await;
    let news = all
        .iter()
        .find(|notice| notice.key == "notice-break-glass-used")
        .unwrap();
    let roles: HashSet<&str> = news
        .to
        .iter()
        .filter_map(|to| match to {
            Recipient::Role { role, unit } if *unit == rig.mission => Some(role.as_str()),
            _ => None,
        })
        .collect();
    let expected = [
        "native_reviewer",
        "head_of_mission",
        "desk_officer",
        "headquarters_approver",
        "administrator",
    ];
    assert_eq!(roles, expected.into());
    assert!(news.to.contains(&Recipient::Person(rig.lan.person)));
}

#[tokio::test]
async fn it_takes_another_person() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    // They hold two roles, and are one person.
    let order = rig.break_glass(&rig.both, id).await.unwrap();
    assert_eq!(
        refused(rig.confirm(&rig.both, id, order).await),
        Unbroken::SamePerson
    );
    assert_eq!(rig.state(id).await, State::Submitted);
    rig.confirm(&rig.ambassador, id, order).await.unwrap();
    assert_eq!(rig.state(id).await, State::Approved);
}

#[tokio::test]
async fn neither_has_written_in_it() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.topic = Topic::HumanRights;
    let id = rig.written(draft.clone()).await;
    draft.body = "Lãnh đạo sửa.".into();
    rig.save(&rig.both, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(refused(rig.break_glass(&rig.both, id).await), Unbroken::Own);
    assert_eq!(refused(rig.break_glass(&rig.lan, id).await), Unbroken::Own);
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    assert_eq!(refused(rig.confirm(&rig.both, id, order).await), Unbroken::Own);
    rig.confirm(&rig.desk, id, order).await.unwrap();
}

#[tokio::test]
async fn only_approvers_and_the_desk_with_a_second_factor() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    for who in [&rig.minh, &rig.reviewer, &rig.administrator] {
        assert_eq!(
            refused(rig.break_glass(who, id).await),
            Unbroken::NotYours,
            "{}",
            who.name
        );
    }
    assert!(matches!(
        rig.break_glass(&rig.paul, id).await,
        Err(CalendarError::Access(_))
    ));
    sqlx::query("delete from identity.totp where person_id = $1")
        .bind(rig.desk.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(
        refused(rig.break_glass(&rig.desk, id).await),
        Unbroken::NoSecondFactor
    );
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    for who in [&rig.minh, &rig.reviewer] {
        assert_eq!(refused(rig.confirm(who, id, order).await), Unbroken::NotYours);
    }
    assert_eq!(
        refused(rig.confirm(&rig.desk, id, order).await),
        Unbroken::NoSecondFactor
    );
    assert_eq!(rig.state(id).await, State::Submitted);
}

#[tokio::test]
async fn an_order_lapses_after_half_an_hour() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    assert_eq!(refused(rig.break_glass(&rig.desk, id).await), Unbroken::Ordered);
    rig.clock.advance(std::time::Duration::from_mins(30));
    assert_eq!(refused(rig.confirm(&rig.desk, id, order).await), Unbroken::Lapsed);
    // Anew, by whomever.
    let again = rig.break_glass(&rig.desk, id).await.unwrap();
    assert_eq!(
        refused(rig.confirm(&rig.headquarters, id, order).await),
        Unbroken::Lapsed
    );
    rig.confirm(&rig.headquarters, id, again).await.unwrap();
    let uses = used(&rig, id).await;
    assert_eq!(
        uses.iter().map(|one| one.second.is_some()).collect::<Vec<_>>(),
        [true, false]
    );
}

#[tokio::test]
async fn both_are_bound_to_what_they_read() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let old = rig.hash(id).await;
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    let mut draft = rig.complete();
    draft.topic = Topic::HumanRights;
    draft.body = "Chữ khác.".into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    assert!(matches!(
        rig.calendar
            .confirm_break_glass(Actor::new(&rig.desk), id, order, old)
            .await,
        Err(CalendarError::State(_))
    ));
    rig.submit(&rig.lan, id).await.unwrap();
    // What was ordered was another version.
    assert_eq!(refused(rig.confirm(&rig.desk, id, order).await), Unbroken::Lapsed);
    let by_the_old = rig
        .calendar
        .break_glass(Actor::new(&rig.desk), id, old, "Một lý do đủ dài để ghi lại.")
        .await;
    assert_eq!(refused(by_the_old), Unbroken::Changed);
    let order = rig.break_glass(&rig.desk, id).await.unwrap();
    let by_the_old = rig
        .calendar
        .confirm_break_glass(Actor::new(&rig.headquarters), id, order, old)
        .await;
    assert_eq!(refused(by_the_old), Unbroken::Changed);
    assert_eq!(rig.state(id).await, State::Submitted);
}

#[tokio::test]
async fn a_reason_says_something() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let hash = rig.hash(id).await;
    let long = "x".repeat(2_001);
    for reason in ["", "   khẩn   ", "0123456789012345678", long.as_str()] {
        let refused = rig
            .calendar
            .break_glass(Actor::new(&rig.headquarters), id, hash, reason)
            .await;
        assert!(
            matches!(refused, Err(CalendarError::Field { field: "reason", .. })),
            "{reason}: {refused:?}"
        );
    }
    let marked = rig
        .calendar
        .break_glass(
            Actor::new(&rig.headquarters),
            id,
            hash,
            "Độ mật: Tối mật\nKhông liên lạc được với Đại sứ.",
        )
        .await;
    assert!(matches!(marked, Err(CalendarError::Marked { .. })));
}

#[tokio::test]
async fn what_is_missing_or_late_still_stops_it() {
    let rig = Rig::new().await;
    let late = reserved(&rig).await;
    let id = reserved(&rig).await;
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    let account = |state: &'static str| {
        sqlx::query("update publisher.accounts set state = $1 where id = $2")
            .bind(state)
            .bind(rig.room.0)
            .execute(rig.db.owner())
    };
    account("disabled").await.unwrap();
    assert!(matches!(
        rig.confirm(&rig.desk, id, order).await,
        Err(CalendarError::Hindered(_))
    ));
    account("enabled").await.unwrap();
    // That nobody is left to approve it is no hindrance: it is why two people may.
    sqlx::query("update identity.grants set valid_to = '2026-08-31' where role = 'head_of_mission'")
        .execute(rig.db.owner())
        .await
        .unwrap();
    rig.confirm(&rig.desk, id, order).await.unwrap();

    rig.clock.set(rig.item(late).await.appointment.unwrap().instant());
    assert_eq!(
        refused(rig.break_glass(&rig.headquarters, late).await),
        Unbroken::Late
    );
}

#[tokio::test]
async fn two_who_order_at_once_order_once_and_two_who_confirm_at_once_confirm_once() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let (a, b) = tokio::join!(
        rig.break_glass(&rig.headquarters, id),
        rig.break_glass(&rig.desk, id)
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    let order = a.or(b).unwrap();
    let (a, b) = tokio::join!(
        rig.confirm(&rig.ambassador, id, order),
        rig.confirm(&rig.both, id, order)
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 1);
}

#[tokio::test]
async fn what_is_on_command_becomes_ready_and_waits_for_its_word() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.on_command()).await;
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    rig.confirm(&rig.desk, id, order).await.unwrap();
    assert_eq!(rig.state(id).await, State::Ready);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    rig.within_window(id, 1).await;
    rig.release(&rig.lan, id).await.unwrap();
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 1);
}

#[tokio::test]
async fn steps_that_were_taken_are_not_passed_over() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    rig.approve(&rig.ambassador, id).await.unwrap();
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    // A step that is taken meanwhile counts.
    rig.approve(&rig.desk, id).await.unwrap();
    rig.confirm(&rig.both, id, order).await.unwrap();
    assert_eq!(used(&rig, id).await[0].bypassed, ["headquarters_approver"]);
}

#[tokio::test]
async fn whoever_was_passed_over_notes_that_they_have_seen_it() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let order = rig.break_glass(&rig.headquarters, id).await.unwrap();
    let see = async |who: &Principal, comment: &str| {
        rig.calendar
            .see_break_glass(Actor::new(who), id, order, comment)
            .await
    };
    assert!(matches!(
        see(&rig.ambassador, "").await,
        Err(CalendarError::NotFound)
    ));
    rig.confirm(&rig.desk, id, order).await.unwrap();
    for who in [&rig.lan, &rig.headquarters, &rig.desk, &rig.administrator] {
        assert!(
            matches!(see(who, "").await, Err(CalendarError::NotTheirs(_))),
            "{}",
            who.name
        );
    }
    see(&rig.ambassador, "Tôi đồng ý.").await.unwrap();
    assert!(matches!(
        see(&rig.ambassador, "").await,
        Err(CalendarError::NotNow(_))
    ));
    let uses = used(&rig, id).await;
    assert_eq!(uses[0].seen.len(), 1);
    assert_eq!(
        (
            uses[0].seen[0].person_name.as_str(),
            uses[0].seen[0].comment.as_str()
        ),
        ("Ambassador", "Tôi đồng ý.")
    );
    // It stays on record when the item is opened again.
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    assert_eq!(used(&rig, id).await.len(), 1);
}

/// Whoever gets past the model: oneself, a writer, no second factor, too late, out of turn, and taking it back.
#[tokio::test]
async fn the_database_refuses_whatever_is_not_two_people_in_time() {
    let rig = Rig::new().await;
    let id = reserved(&rig).await;
    let hash = rig.hash(id).await.to_string();
    let now = rig.clock.now();
    let constraint = |error: sqlx::Error| {
        let error = error.as_database_error().unwrap();
        error
            .constraint()
            .map_or_else(|| error.code().unwrap().into_owned(), str::to_owned)
    };
    let order = |order: Uuid, person: Uuid, minutes: i64| {
        sqlx::query(
            "insert into calendar.break_glass (id, item_id, version, edition_hash, reason, role, person_id, ordered_at, lapses_at)
             values ($1, $2, 1, $3, 'Không liên lạc được với Đại sứ.', 'desk_officer', $4, $5, $6)",
        )
        .bind(order)
        .bind(id.0)
        .bind(&hash)
        .bind(person)
        .bind(now)
        .bind(now + TimeDelta::minutes(minutes))
        .execute(&rig.calendar.pool)
    };
    let confirm = |order: Uuid, person: Uuid, minutes: i64| {
        sqlx::query(
            "insert into calendar.break_glass_confirmations
                 (break_glass_id, item_id, version, edition_hash, role, person_id, confirmed_at, bypassed)
             values ($1, $2, 1, $3, 'headquarters_approver', $4, $5, '{head_of_mission}')",
        )
        .bind(order)
        .bind(id.0)
        .bind(&hash)
        .bind(person)
        .bind(now + TimeDelta::minutes(minutes))
        .execute(&rig.calendar.pool)
    };
    let (first, desk, headquarters) = (rig.clock.new_id(), rig.desk.person.0, rig.headquarters.person.0);
    assert_eq!(
        constraint(order(first, rig.lan.person.0, 30).await.unwrap_err()),
        "break_glass_not_own"
    );
    assert_eq!(
        constraint(order(first, desk, 31).await.unwrap_err()),
        "break_glass_check"
    );
    order(first, desk, 30).await.unwrap();
    assert_eq!(
        constraint(confirm(first, desk, 1).await.unwrap_err()),
        "break_glass_two_people"
    );
    assert_eq!(
        constraint(confirm(first, rig.lan.person.0, 1).await.unwrap_err()),
        "break_glass_not_own"
    );
    assert_eq!(
        constraint(confirm(first, headquarters, 30).await.unwrap_err()),
        "break_glass_in_time"
    );
    assert_eq!(
        constraint(confirm(rig.clock.new_id(), headquarters, 1).await.unwrap_err()),
        "break_glass_in_time"
    );
    let order_it = || {
        sqlx::query("insert into calendar.orders (item_id, version, edition_hash, not_after, ordered_at) values ($1, 1, $2, now(), now())")
            .bind(id.0)
            .bind(&hash)
            .execute(&rig.calendar.pool)
    };
    assert_eq!(constraint(order_it().await.unwrap_err()), "orders_need_approval");
    sqlx::query("delete from identity.totp where person_id = $1")
        .bind(headquarters)
        .execute(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(
        constraint(confirm(first, headquarters, 1).await.unwrap_err()),
        "break_glass_second_factor"
    );
    confirm(first, rig.both.person.0, 29).await.unwrap();
    order_it().await.unwrap();
    for table in ["break_glass", "break_glass_confirmations", "break_glass_seen"] {
        for statement in [
            format!("update calendar.{table} set person_id = $1"),
            format!("delete from calendar.{table} where person_id = $1"),
        ] {
            let statement = &*statement.leak();
            let error = sqlx::query(statement)
                .bind(id.0)
                .execute(&rig.calendar.pool)
                .await
                .unwrap_err();
            assert_eq!(constraint(error), "42501", "{statement}");
        }
    }
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    assert_eq!(
        constraint(order(rig.clock.new_id(), desk, 30).await.unwrap_err()),
        "break_glass_in_turn"
    );
}

#[tokio::test]
async fn a_delegate_is_not_one_of_the_two() {
    let rig = Rig::new().await;
    let stand_in = chancery_calendar::workflow::NewDelegation {
        unit: rig.mission,
        role: StepRole::HeadOfMission,
        to: rig.minh.person,
        first: rig.ambassador.today,
        last: rig.ambassador.today,
        reason: "Vắng".into(),
    };
    rig.calendar
        .delegate(Actor::new(&rig.ambassador), stand_in)
        .await
        .unwrap();
    let mut draft = rig.complete();
    draft.wall = Some(wall("2026-09-02T10:00:00"));
    let id = rig.submitted(draft).await;
    assert_eq!(refused(rig.break_glass(&rig.minh, id).await), Unbroken::NotYours);
}
