//! Release on command: approved now, ordered when somebody gives the word within the window, and never otherwise.

use chancery_calendar::model::{ClockChoice, Objection, State, StepRole, Unreleased};
use chancery_calendar::workflow::{Approval, NewDelegation, NewTime, To};
use chancery_calendar::{Actor, CalendarError};
use chancery_clock::Clock as _;
use chancery_contracts::identity::Notify;
use chancery_contracts::publisher::{CancelOrder, PublishOrder};
use chancery_contracts::{Edition, Release};
use chrono::TimeDelta;
use sqlx::types::Json;

use crate::library::{asset, rights};
use crate::rig::{Rig, wall};

fn refused<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> Unreleased {
    match result {
        Err(CalendarError::Release(why)) => why,
        other => panic!("released or refused otherwise: {other:?}"),
    }
}

async fn told(rig: &Rig, key: &str) -> usize {
    let all = rig.sent::<Notify>().await;
    all.iter().filter(|notice| notice.key == key).count()
}

#[tokio::test]
async fn the_last_approval_makes_it_ready_and_orders_nothing() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    assert_eq!(rig.state(id).await, State::Ready);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    let hash = rig.hash(id).await;
    rig.within_window(id, 60).await;
    assert_eq!(rig.stands(id, 1, hash).await.as_deref(), Some("not_approved"));
    assert_eq!(told(&rig, "notice-item-ready").await, 1);
    assert_eq!(told(&rig, "notice-item-approved").await, 0);
}

#[tokio::test]
async fn the_choice_is_part_of_what_is_approved() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.on_command()).await;
    let Json(edition): Json<Edition> =
        sqlx::query_scalar("select edition from calendar.versions where item_id = $1")
            .bind(id.0)
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(
        (edition.release, edition.window_minutes),
        (Release::OnCommand, 240)
    );
    let by_itself = Edition {
        release: Release::AtTime,
        ..edition.clone()
    };
    assert_ne!(edition.hash().unwrap(), by_itself.hash().unwrap());
    // Whoever gets past the model does not change it either.
    for set in [
        "release = 'at_time', window_minutes = 60",
        "version = 2, release = 'at_time', window_minutes = 60",
    ] {
        let forced = sqlx::query(&*format!("update calendar.items set {set} where id = $1").leak())
            .bind(id.0)
            .execute(&rig.calendar.pool)
            .await
            .unwrap_err();
        assert_eq!(
            forced.as_database_error().unwrap().constraint(),
            Some("items_frozen"),
            "{set}"
        );
    }
}

#[tokio::test]
async fn the_word_orders_it_for_now_and_is_written_down() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 90).await;
    let done = rig.release(&rig.ambassador, id).await.unwrap();
    assert_eq!(done.paused, None);
    let orders = rig.sent::<PublishOrder>().await;
    let item = rig.item(id).await;
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].due, rig.clock.now());
    assert_eq!(orders[0].not_after, item.appointment.unwrap().not_after());
    assert_eq!(orders[0].edition_hash, rig.hash(id).await);
    assert_eq!(item.state, State::Approved);
    assert_eq!(rig.stands(id, 1, orders[0].edition_hash).await, None);
    let (by, at): (uuid::Uuid, chrono::DateTime<chrono::Utc>) =
        sqlx::query_as("select person_id, released_at from calendar.releases where item_id = $1")
            .bind(id.0)
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    assert_eq!((by, at), (rig.ambassador.person.0, rig.clock.now()));
    let audited: i64 = sqlx::query_scalar(
        "select count(*) from audit.entries where action = 'item.released' and actor = $1",
    )
    .bind(rig.ambassador.person.0)
    .fetch_one(rig.db.owner())
    .await
    .unwrap();
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn not_before_its_window_and_not_after_it() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    let appointment = rig.item(id).await.appointment.unwrap();
    let second = TimeDelta::seconds(1);
    rig.clock.set(appointment.instant() - second);
    assert_eq!(refused(rig.release(&rig.ambassador, id).await), Unreleased::Early);
    rig.clock.set(appointment.not_after());
    assert_eq!(refused(rig.release(&rig.ambassador, id).await), Unreleased::Over);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
    rig.clock.set(appointment.not_after() - second);
    rig.release(&rig.ambassador, id).await.unwrap();
}

#[tokio::test]
async fn the_word_is_bound_to_what_was_read() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    let old = rig.hash(id).await;
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    let mut draft = rig.on_command();
    draft.body = "Chữ khác.".into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.within_window(id, 1).await;
    let by_the_old = rig.calendar.release(Actor::new(&rig.ambassador), id, old).await;
    assert_eq!(refused(by_the_old), Unreleased::Changed);
    rig.release(&rig.ambassador, id).await.unwrap();
    assert_eq!(rig.sent::<PublishOrder>().await[0].version, 2);
}

#[tokio::test]
async fn whoever_submitted_or_approves_there_gives_the_word_and_nobody_else() {
    let rig = Rig::new().await;
    for who in [&rig.lan, &rig.ambassador, &rig.both, &rig.headquarters] {
        let id = rig.ready(rig.on_command()).await;
        rig.within_window(id, 5).await;
        rig.release(who, id).await.unwrap();
        rig.clock.set(crate::rig::NOW.parse().unwrap());
    }
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 5).await;
    for who in [&rig.minh, &rig.desk, &rig.reviewer, &rig.administrator] {
        assert_eq!(
            refused(rig.release(who, id).await),
            Unreleased::NotYours,
            "{}",
            who.name
        );
    }
    let elsewhere = rig.release(&rig.paul, id).await;
    assert!(matches!(elsewhere, Err(CalendarError::Access(_))));
    // A delegate of who approves, in their name.
    let stand_in = NewDelegation {
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
    rig.release(&rig.minh, id).await.unwrap();
    let behalf: Option<uuid::Uuid> =
        sqlx::query_scalar("select on_behalf_of from calendar.releases where item_id = $1")
            .bind(id.0)
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(behalf, Some(rig.ambassador.person.0));
}

#[tokio::test]
async fn a_submitter_whose_posting_has_ended_gives_no_word() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 5).await;
    sqlx::query("update identity.grants set valid_to = '2026-08-31' where person_id = $1")
        .bind(rig.lan.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    sqlx::query(
        "insert into identity.grants (id, person_id, unit_id, role, valid_from, created_at)
         values ($1, $2, $3, 'analyst', '2026-09-01', now())",
    )
    .bind(rig.clock.new_id())
    .bind(rig.lan.person.0)
    .bind(rig.mission.0)
    .execute(rig.db.owner())
    .await
    .unwrap();
    let after = rig.on(&rig.lan, "2026-09-02".parse().unwrap()).await;
    assert_eq!(refused(rig.release(&after, id).await), Unreleased::NotYours);
    assert_eq!(rig.state(id).await, State::Ready);
}

#[tokio::test]
async fn two_who_give_the_word_at_once_give_it_once() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 5).await;
    let (a, b) = tokio::join!(rig.release(&rig.ambassador, id), rig.release(&rig.lan, id));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 1);
    assert!(matches!(
        rig.release(&rig.headquarters, id).await,
        Err(CalendarError::State(_))
    ));
}

#[tokio::test]
async fn the_word_and_the_end_of_the_window_leave_one_truth() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    let appointment = rig.item(id).await.appointment.unwrap();
    rig.clock.set(appointment.not_after());
    let (word, ended) = tokio::join!(rig.release(&rig.ambassador, id), rig.calendar.end_windows());
    assert!(word.is_err());
    assert_eq!(ended.unwrap(), 1);
    assert_eq!(rig.state(id).await, State::ChangesRequested);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
}

#[tokio::test]
async fn a_window_that_ends_without_a_word_sends_it_back_once() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    let other = rig.ready(rig.on_command()).await;
    let appointment = rig.item(id).await.appointment.unwrap();
    rig.clock.set(appointment.not_after() - TimeDelta::seconds(1));
    assert_eq!(rig.calendar.end_windows().await.unwrap(), 0);
    rig.release(&rig.lan, other).await.unwrap();
    rig.clock.set(appointment.not_after());
    let (one, two) = tokio::join!(rig.calendar.end_windows(), rig.calendar.end_windows());
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(rig.calendar.end_windows().await.unwrap(), 0);
    let item = rig.item(id).await;
    assert_eq!((item.state, item.version), (State::ChangesRequested, 2));
    assert_eq!(rig.state(other).await, State::Approved);
    let notices = rig.sent::<Notify>().await;
    let lapsed: Vec<_> = notices
        .iter()
        .filter(|notice| notice.key == "notice-item-release-lapsed")
        .collect();
    assert_eq!(lapsed.len(), 1);
    for who in [&rig.lan, &rig.ambassador] {
        let recipient = chancery_contracts::identity::Recipient::Person(who.person);
        assert!(lapsed[0].to.contains(&recipient), "{}", who.name);
    }
    // It begins anew, with a window to come.
    let mut draft = rig.on_command();
    draft.wall = Some(wall("2026-09-03T09:00:00"));
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(rig.approve(&rig.ambassador, id).await.unwrap(), Approval::Ready);
}

#[tokio::test]
async fn what_is_ready_can_be_cancelled_reopened_and_moved() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    assert_eq!(
        rig.calendar.cancel(Actor::new(&rig.lan), id, "").await.unwrap(),
        State::Cancelled
    );
    assert!(rig.sent::<CancelOrder>().await.is_empty());
    rig.within_window(id, 5).await;
    assert!(matches!(
        rig.release(&rig.lan, id).await,
        Err(CalendarError::State(_))
    ));
    rig.clock.set(crate::rig::NOW.parse().unwrap());

    let id = rig.ready(rig.on_command()).await;
    let hash = rig.hash(id).await;
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    assert_eq!(rig.state(id).await, State::Draft);
    rig.within_window(id, 5).await;
    let opened = rig.calendar.release(Actor::new(&rig.lan), id, hash).await;
    assert!(matches!(opened, Err(CalendarError::State(_))));
    rig.clock.set(crate::rig::NOW.parse().unwrap());

    let id = rig.ready(rig.on_command()).await;
    let revision = rig.item(id).await.revision;
    rig.calendar
        .move_item(Actor::new(&rig.lan), id, revision, To::Days(1), true)
        .await
        .unwrap();
    let item = rig.item(id).await;
    assert_eq!(
        (item.state, item.draft.release),
        (State::Submitted, Release::OnCommand)
    );
    assert_eq!(item.appointment.unwrap().release, Release::OnCommand);
}

#[tokio::test]
async fn a_picture_whose_rights_end_holds_what_is_ready() {
    let rig = Rig::new().await;
    let asset = asset(&rig).await;
    let with_picture = async || {
        let id = rig.written(rig.on_command()).await;
        rig.calendar
            .choose_asset(Actor::new(&rig.lan), id, asset)
            .await
            .unwrap();
        id
    };
    let id = with_picture().await;
    // They end within the window, so it cannot be submitted: somebody might give the word after that.
    rights(
        &rig,
        asset,
        "ends_wall = '2026-09-02 11:00', ends_at = '2026-09-02T04:00:00Z'",
    )
    .await;
    assert!(matches!(
        rig.submit(&rig.lan, id).await,
        Err(CalendarError::Blocked(_))
    ));
    rights(&rig, asset, "ends_wall = null, ends_at = null").await;
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.within_window(id, 5).await;
    // The library's word is still on its way when somebody gives theirs.
    rights(
        &rig,
        asset,
        "state = 'withdrawn', withdrawn_at = now(), reason = 'wrong person'",
    )
    .await;
    let hindered = rig.release(&rig.ambassador, id).await;
    assert!(matches!(hindered, Err(CalendarError::Hindered(found)) if found[0].code == "asset-refused"));
    rig.calendar
        .asset_changed(asset, &chancery_contracts::Origin::default())
        .await
        .unwrap();
    let item = rig.item(id).await;
    assert_eq!((item.state, item.version), (State::ChangesRequested, 2));
    assert!(rig.sent::<PublishOrder>().await.is_empty());
}

#[tokio::test]
async fn what_would_block_it_now_hinders_the_word() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 5).await;
    let account = |state: &'static str| {
        sqlx::query("update publisher.accounts set state = $1 where id = $2")
            .bind(state)
            .bind(rig.room.0)
            .execute(rig.db.owner())
    };
    account("disabled").await.unwrap();
    let hindered = rig.release(&rig.ambassador, id).await;
    assert!(matches!(hindered, Err(CalendarError::Hindered(found)) if found[0].code == "channel-disabled"));
    assert_eq!(rig.state(id).await, State::Ready);
    account("enabled").await.unwrap();
    rig.release(&rig.ambassador, id).await.unwrap();
}

#[tokio::test]
async fn a_pause_is_told_and_holds_what_was_released() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 5).await;
    sqlx::query(
        "insert into publisher.stops (id, scope, scope_id, reason, placed_at) values ($1, 'topic', 'general', 'Bão', now())",
    )
    .bind(rig.clock.new_id())
    .execute(rig.db.owner())
    .await
    .unwrap();
    let done = rig.release(&rig.ambassador, id).await.unwrap();
    assert_eq!(done.paused.as_deref(), Some("Bão"));
}

#[tokio::test]
async fn an_approval_counts_until_the_window_ends() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.on_command()).await;
    rig.within_window(id, 200).await;
    assert_eq!(rig.approve(&rig.ambassador, id).await.unwrap(), Approval::Ready);
    rig.release(&rig.ambassador, id).await.unwrap();
    rig.clock.set(crate::rig::NOW.parse().unwrap());

    let late = rig.submitted(rig.on_command()).await;
    rig.within_window(late, 240).await;
    assert!(matches!(
        rig.approve(&rig.ambassador, late).await,
        Err(CalendarError::Objection(Objection::Late))
    ));
    let new_time = NewTime {
        wall: wall("2026-09-03T09:00:00"),
        clock: ClockChoice::Host,
    };
    let hash = rig.hash(late).await;
    let done = rig
        .calendar
        .approve(Actor::new(&rig.ambassador), late, hash, "", Some(new_time))
        .await
        .unwrap();
    assert_eq!(done, Approval::Ready);
    rig.within_window(late, 10).await;
    rig.release(&rig.ambassador, late).await.unwrap();
}

#[tokio::test]
async fn access_has_to_last_until_the_window_ends() {
    let rig = Rig::new().await;
    sqlx::query("update publisher.accounts set token_ends_at = '2026-09-02T04:00:00Z' where id = $1")
        .bind(rig.room.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    // By itself it goes out at two o'clock in UTC, on command until six.
    let by_itself = rig.written(rig.complete()).await;
    rig.submit(&rig.lan, by_itself).await.unwrap();
    let id = rig.written(rig.on_command()).await;
    let blocked = rig.submit(&rig.lan, id).await;
    assert!(matches!(blocked, Err(CalendarError::Blocked(found)) if found[0].code == "token-ends"));
}

#[tokio::test]
async fn a_window_on_command_is_half_an_hour_to_three_days() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    for (minutes, fine) in [
        (29, false),
        (30, true),
        (4_320, true),
        (4_321, false),
        (-1, false),
    ] {
        let mut draft = rig.on_command();
        draft.window_minutes = minutes;
        let saved = rig.save(&rig.lan, id, draft).await;
        assert_eq!(saved.is_ok(), fine, "{minutes}: {saved:?}");
    }
    let mut draft = rig.complete();
    draft.window_minutes = 4_320;
    assert!(matches!(
        rig.save(&rig.lan, id, draft).await,
        Err(CalendarError::Field {
            field: "window_minutes",
            ..
        })
    ));
}

/// Whoever gets past the model: an order without a word, a word out of time or out of turn, a word taken back.
#[tokio::test]
async fn the_database_refuses_an_order_without_a_word_in_its_window() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    let hash = rig.hash(id).await.to_string();
    let appointment = rig.item(id).await.appointment.unwrap();
    let constraint = |error: sqlx::Error| {
        let error = error.as_database_error().unwrap();
        error
            .constraint()
            .map_or_else(|| error.code().unwrap().into_owned(), str::to_owned)
    };
    let order = || {
        sqlx::query("insert into calendar.orders (item_id, version, edition_hash, not_after, ordered_at) values ($1, 1, $2, $3, now())")
            .bind(id.0)
            .bind(&hash)
            .bind(appointment.not_after())
            .execute(&rig.calendar.pool)
    };
    assert_eq!(constraint(order().await.unwrap_err()), "orders_need_release");
    let word = |at: chrono::DateTime<chrono::Utc>| {
        sqlx::query(
            "insert into calendar.releases (item_id, version, edition_hash, person_id, opens_at, closes_at, released_at)
             values ($1, 1, $2, $3, $4, $5, $6)",
        )
        .bind(id.0)
        .bind(&hash)
        .bind(rig.lan.person.0)
        .bind(appointment.instant())
        .bind(appointment.not_after())
        .bind(at)
        .execute(&rig.calendar.pool)
    };
    let second = TimeDelta::seconds(1);
    for at in [appointment.instant() - second, appointment.not_after()] {
        assert_eq!(constraint(word(at).await.unwrap_err()), "releases_in_window");
    }
    word(appointment.instant()).await.unwrap();
    assert_eq!(
        constraint(word(appointment.instant()).await.unwrap_err()),
        "releases_pkey"
    );
    order().await.unwrap();
    for statement in [
        "update calendar.releases set person_id = $1",
        "delete from calendar.releases where item_id = $1",
    ] {
        let error = sqlx::query(statement)
            .bind(id.0)
            .execute(&rig.calendar.pool)
            .await
            .unwrap_err();
        assert_eq!(constraint(error), "42501", "{statement}");
    }
    let draft = rig.written(rig.on_command()).await;
    rig.submit(&rig.lan, draft).await.unwrap();
    let unapproved = sqlx::query(
        "insert into calendar.releases (item_id, version, edition_hash, person_id, opens_at, closes_at, released_at)
         select item_id, version, edition_hash, submitted_by, now(), now() + interval '1 hour', now()
         from calendar.versions where item_id = $1",
    )
    .bind(draft.0)
    .execute(&rig.calendar.pool)
    .await
    .unwrap_err();
    assert_eq!(constraint(unapproved), "releases_in_turn");
}
