//! Gone at the end, whatever happens on the way; never sent again; and not hindered by a stop.

use std::collections::BTreeSet;
use std::sync::Arc;

use chancery_clock::Clock;
use chancery_publisher::connectors::{Rejection, Removal, Scope, Secret, Setback};
use chancery_publisher::engine::{Actor, Decision, Faults, Point, WithdrawalDecision};
use chancery_publisher::error::PublisherError;
use chancery_publisher::model::{StopScope, WithdrawalState};
use chrono::TimeDelta;

use super::Dies;
use crate::simulator::{Act, Removing, Simulator};
use crate::world::World;

#[tokio::test]
async fn a_post_is_gone_and_its_delivery_stays_the_record_of_it() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    world.ask(order.item, id).await;
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    assert_eq!((world.sim.posts(), world.sim.state().removals.len()), (0, 1));
    assert_eq!(world.row(id).await.state, "published");
    assert_eq!(world.told(id).await, ["requested", "withdrawing", "withdrawn"]);
    let steps = world.steps(id).await;
    assert_eq!(
        steps[steps.len() - 3..],
        ["take_down_asked", "take_down_begun", "taken_down"]
    );
    // Asking again, or a second job, does nothing more.
    world.ask(order.item, id).await;
    world.publisher.take_down(id).await.unwrap();
    assert_eq!(world.sim.state().removals.len(), 1);
}

#[tokio::test]
async fn the_press_room_shows_the_reason_and_the_note_from_the_same_transaction_on() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.press_room).await;
    world.ask(order.item, id).await;
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    let release: (String, String) = sqlx::query_as(
        "select withdrawn_cause, withdrawn_reason from newsroom.releases where id = $1 and withdrawn_at is not null",
    )
    .bind(id.0)
    .fetch_one(world.db.owner())
    .await
    .unwrap();
    assert_eq!(
        release,
        ("wrong_facts".to_owned(), "The date was wrong.".to_owned())
    );
}

#[tokio::test]
async fn a_pause_of_the_whole_ministry_does_not_keep_anything_up() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    let (release, page) = world.out_on(world.press_room).await;
    world
        .publisher
        .place_stop(StopScope::Ministry, "crisis", &Actor::default())
        .await
        .unwrap();
    world.ask(order.item, id).await;
    world.ask(release.item, page).await;
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    assert_eq!(world.take_down(page).await.state, "withdrawn");
    assert_eq!(world.sim.posts(), 0);
}

#[tokio::test]
async fn what_has_not_gone_out_does_not_go_out() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.ask(order.item, id).await;
    // The permit comes first: it is refused.
    world.commit(id).await;
    let row = world.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.reason_code.as_deref()),
        ("cancelled", Some("taken-down"))
    );
    assert_eq!(world.take_down(id).await.state, "void");
    assert_eq!((world.sim.commits(), world.sim.state().removals.len()), (0, 0));
    // Or the job comes first.
    let (order, id) = world.ready().await;
    world.ask(order.item, id).await;
    assert_eq!(world.take_down(id).await.state, "void");
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("cancelled", 0)
    );
}

#[tokio::test]
async fn what_is_unknown_is_waited_for_and_then_taken_down() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    world.ask(order.item, id).await;
    world.publisher.take_down(id).await.unwrap();
    let row = world.taking(id).await;
    assert_eq!(
        (row.state.as_str(), row.why_code.as_deref()),
        ("requested", Some("outcome-open"))
    );
    assert!(
        world.sim.state().removals.is_empty(),
        "not before it is known where it is"
    );
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(world.row(id).await.state, "published");
    let woken = world.taking(id).await.wake_at.unwrap();
    assert!(woken <= world.clock.now(), "knowing wakes it at once");
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    assert_eq!(world.sim.posts(), 0);
}

#[tokio::test]
async fn what_turns_out_absent_is_never_sent_again() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    world.ask(order.item, id).await;
    world.let_locate_begin();
    world.publisher.locate(id).await.unwrap();
    assert_eq!(
        world.row(id).await.state,
        "cancelled",
        "without the request it would wait to be sent"
    );
    assert_eq!(world.take_down(id).await.state, "void");
    assert_eq!((world.sim.commits(), world.sim.posts()), (1, 0));
}

#[tokio::test]
async fn what_failed_before_the_first_byte_is_not_tried_again() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::Unreachable]);
    world.commit(id).await;
    assert_eq!(world.row(id).await.state, "ready");
    world.ask(order.item, id).await;
    world.advance(TimeDelta::minutes(1));
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.commits()),
        ("cancelled", 0)
    );
}

#[tokio::test]
async fn a_person_who_says_that_it_is_not_out_settles_both() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    world.ask(order.item, id).await;
    world.let_locate_begin();
    world
        .publisher
        .decide(id, &Decision::IsNotPublished, &Actor::default())
        .await
        .unwrap();
    assert_eq!(world.row(id).await.state, "cancelled");
    assert_eq!(world.take_down(id).await.state, "void");
}

#[tokio::test]
async fn a_version_approved_after_it_never_went_out_is_another_matter() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.ask(order.item, id).await;
    assert_eq!(world.take_down(id).await.state, "void");
    let newer = world.approved_as(order.item, 2, &[world.account], "better").await;
    world.publisher.take_order(&newer).await.unwrap().unwrap();
    world.publisher.prepare(id).await.unwrap();
    world.clock.set(newer.due);
    world.commit(id).await;
    assert_eq!(
        (world.row(id).await.state.as_str(), world.sim.posts()),
        ("published", 1)
    );
    // That one may be taken down, too.
    world.ask(order.item, id).await;
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    assert_eq!(world.sim.posts(), 0);
}

#[tokio::test]
async fn a_worker_that_dies_anywhere_leaves_it_to_the_next() {
    let world = World::new().await;
    for point in [Point::AfterWithdrawalIntent, Point::AfterTakingDown] {
        let (order, id) = world.out_on(world.account).await;
        world.ask(order.item, id).await;
        let faults = Dies::at(point);
        let dying = world.another(Arc::clone(&faults) as Arc<dyn Faults>);
        tokio::select! {
            _ = world.take_down_with(&dying, id) => panic!("{point:?} was not passed"),
            () = faults.dead.notified() => {}
        }
        drop(dying);
        assert_eq!(
            world.taking(id).await.state,
            "withdrawing",
            "{point:?}: the intent stands"
        );
        assert_eq!(world.take_down(id).await.state, "withdrawn", "{point:?}");
        assert_eq!(world.sim.posts(), 0, "{point:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_until_the_platform_says_that_it_is_gone() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    world
        .sim
        .state()
        .removing
        .push_back(Removing::RemoveAndFallSilent);
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    assert_eq!(world.sim.state().removals.len(), 2);
}

#[tokio::test]
async fn two_workers_at_once_do_no_harm() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    let (one, two) = tokio::join!(world.publisher.take_down(id), world.publisher.take_down(id));
    one.unwrap();
    two.unwrap();
    assert_eq!(world.take_down(id).await.state, "withdrawn");
    assert_eq!(
        (world.sim.posts(), world.told(id).await.last().unwrap().as_str()),
        (0, "withdrawn")
    );
}

#[tokio::test]
async fn a_dead_account_needs_a_person_who_does_it_there_or_connects_it_again() {
    let world = World::new().await;
    let reauth = || {
        Removing::Refuse(Setback::NeedsReauth {
            reason: "ExpiredToken".to_owned(),
        })
    };
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    world.sim.state().removing.push_back(reauth());
    let row = world.take_down(id).await;
    assert_eq!(
        (row.state.as_str(), row.why_code.as_deref()),
        ("needs_person", Some("reauth"))
    );
    world
        .publisher
        .decide_withdrawal(
            id,
            WithdrawalDecision::ByHand,
            &Actor {
                person: Some(world.author),
                ..Actor::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(world.taking(id).await.state, "withdrawn");
    let again = world
        .publisher
        .decide_withdrawal(id, WithdrawalDecision::Again, &Actor::default())
        .await;
    assert!(matches!(again, Err(PublisherError::Refused(_))), "{again:?}");

    world
        .publisher
        .reconnect_account(world.account, Secret::new("{}"), &Actor::default())
        .await
        .unwrap();
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    world.sim.state().removing.push_back(reauth());
    assert_eq!(world.take_down(id).await.state, "needs_person");
    world
        .publisher
        .reconnect_account(world.account, Secret::new("{}"), &Actor::default())
        .await
        .unwrap();
    assert_eq!(world.take_down(id).await.state, "withdrawn");
}

#[tokio::test]
async fn it_waits_when_asked_to_and_gives_up_after_six_tries() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    let until = world.clock.now() + TimeDelta::minutes(20);
    world
        .sim
        .state()
        .removing
        .push_back(Removing::Refuse(Setback::RateLimited {
            until,
            scope: Scope::Account,
        }));
    world.publisher.take_down(id).await.unwrap();
    let row = world.taking(id).await;
    assert_eq!((row.state.as_str(), row.wake_at), ("requested", Some(until)));
    world.publisher.take_down(id).await.unwrap();
    assert_eq!(world.sim.state().removals.len(), 1, "not before");
    assert_eq!(row.attempts, 0, "being asked to wait is no failure");
    for _ in 0..6 {
        let why = Setback::TryAgain {
            reason: "500".to_owned(),
        };
        world.sim.state().removing.push_back(Removing::Refuse(why));
    }
    let row = world.take_down(id).await;
    assert_eq!(
        (row.state.as_str(), row.why_code.as_deref()),
        ("needs_person", Some("take-down-failed"))
    );
    world
        .publisher
        .decide_withdrawal(id, WithdrawalDecision::Again, &Actor::default())
        .await
        .unwrap();
    assert_eq!(world.take_down(id).await.state, "withdrawn");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_platforms_words() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    let no = Rejection::new("NotYours", "it belongs to another");
    world.sim.state().removing.push_back(Removing::Refuse(no.into()));
    let row = world.take_down(id).await;
    assert_eq!(
        (row.state.as_str(), row.why_code.as_deref()),
        ("needs_person", Some("NotYours"))
    );
}

#[tokio::test]
async fn platforms_without_a_call_say_so_instead_of_being_called() {
    for (removal, state) in [(Removal::ByHand, "needs_person"), (Removal::Never, "impossible")] {
        let world = World::with(Simulator::where_removal_is(removal)).await;
        let (order, id) = world.out_on(world.account).await;
        world.ask(order.item, id).await;
        assert_eq!(world.take_down(id).await.state, state);
        assert!(world.sim.state().removals.is_empty());
        world
            .publisher
            .decide_withdrawal(id, WithdrawalDecision::ByHand, &Actor::default())
            .await
            .unwrap();
        assert_eq!(world.taking(id).await.state, "withdrawn");
    }
}

#[tokio::test]
async fn a_post_whose_id_was_never_learned_is_for_a_person() {
    let world = World::new().await;
    let (order, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    let there = Decision::IsPublished("https://sim.invalid/elsewhere".parse().unwrap());
    world
        .publisher
        .decide(id, &there, &Actor::default())
        .await
        .unwrap();
    world.ask(order.item, id).await;
    let row = world.take_down(id).await;
    assert_eq!(
        (row.state.as_str(), row.why_code.as_deref()),
        ("needs_person", Some("no-receipt"))
    );
}

#[tokio::test]
async fn the_sweep_finds_one_whose_job_was_lost() {
    let world = World::new().await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    world
        .tamper("delete from queue.jobs where kind = 'publisher.take_down'")
        .await;
    world.advance(TimeDelta::minutes(2));
    world.publisher.sweep().await.unwrap();
    let jobs: i64 = sqlx::query_scalar("select count(*) from queue.jobs where kind = 'publisher.take_down'")
        .fetch_one(world.db.owner())
        .await
        .unwrap();
    assert_eq!(jobs, 1);
}

#[tokio::test]
async fn the_schema_and_the_picture_have_the_same_transitions() {
    let world = World::new().await;
    let mut arrows = BTreeSet::new();
    for from in WithdrawalState::ALL {
        for to in WithdrawalState::ALL {
            let database: bool = sqlx::query_scalar("select publisher.withdrawal_may_become($1, $2)")
                .bind(from.as_str())
                .bind(to.as_str())
                .fetch_one(world.db.owner())
                .await
                .unwrap();
            assert_eq!(database, from.may_become(to), "{from} to {to}");
            if database && from != to {
                arrows.insert(format!("{from} --> {to}"));
            }
        }
    }
    let picture = include_str!("../../../../../docs/states.md");
    let picture = picture.split("## Taking down what is out").nth(1).unwrap();
    let drawn: BTreeSet<String> = picture
        .split("```")
        .nth(1)
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(arrow, _)| arrow.to_owned())
        .filter(|arrow| !arrow.starts_with("[*]") && arrow != "requested --> requested")
        .collect();
    assert_eq!(drawn, arrows);
    let refused = sqlx::query("delete from publisher.withdrawals")
        .execute(world.db.owner())
        .await;
    assert!(refused.is_err(), "what was asked for stays on record");
}
