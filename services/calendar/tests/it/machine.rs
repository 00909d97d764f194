//! The state machine under random histories, against what must always hold.

use chancery_calendar::model::{Change, Deciding, Outcome, State, StepRole, outcome, outcome_since};
use chancery_contracts::publisher::DeliveryStatus as D;
use proptest::prelude::*;

const OUTCOMES: [Outcome; 9] = [
    Outcome::Pending,
    Outcome::Scheduled,
    Outcome::Publishing,
    Outcome::Published,
    Outcome::Partly,
    Outcome::Failed,
    Outcome::Withdrawn,
    Outcome::NeedsPerson,
    Outcome::Cancelled,
];

fn a_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Save),
        Just(Change::Submit),
        any::<bool>().prop_map(|last| Change::Approve { last }),
        Just(Change::MakeReady),
        Just(Change::Release),
        Just(Change::Lapse),
        Just(Change::AskForChanges),
        Just(Change::Reopen),
        Just(Change::Correct),
        any::<bool>().prop_map(|ordered| Change::Cancel { ordered }),
        prop::sample::select(&OUTCOMES[..]).prop_map(Change::Delivered),
        prop::sample::select(&OUTCOMES[..]).prop_map(Change::Stopped),
    ]
}

fn a_status() -> impl Strategy<Value = D> {
    prop::sample::select(vec![
        D::Waiting,
        D::Held,
        D::Publishing,
        D::Published,
        D::Unknown,
        D::NeedsPerson,
        D::Failed,
        D::Missed,
        D::Cancelled,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing is handed over that was not approved after its last opening, and only a draft is ever written in.
    #[test]
    fn nothing_unapproved_is_ever_handed_over(changes in prop::collection::vec(a_change(), 1..60)) {
        let mut state = State::Draft;
        let (mut approved, mut ready) = (false, false);
        for change in changes {
            let Ok(next) = state.after(change) else { continue };
            match change {
                // What goes out on command is approved twice over: by its chain, and by a word after that.
                Change::MakeReady => ready = true,
                Change::Release => {
                    prop_assert!(ready, "{state} was released");
                    approved = true;
                }
                Change::Approve { last: true } => approved = true,
                Change::Reopen => approved = false,
                Change::Save => prop_assert!(state.is_open()),
                _ => {}
            }
            if next.is_open() {
                (approved, ready) = (false, false);
            }
            let ordered = matches!(
                next,
                State::Approved | State::Scheduled | State::Publishing | State::Published | State::Partly | State::Failed
                    | State::NeedsPerson | State::Withdrawn
            );
            // A stop of something never ordered cannot bring it out either.
            let report = matches!(change, Change::Delivered(_) | Change::Stopped(_));
            prop_assert!(!ordered || approved || report, "{state} became {next} by {change:?}");
            // What is being stopped shows as cancelled only by the publisher's word.
            if state == State::Stopping && next == State::Cancelled {
                prop_assert!(matches!(change, Change::Stopped(_)));
            }
            state = next;
        }
    }

    /// The sum of deliveries does not depend on their order, and tells success only when all succeeded.
    #[test]
    fn the_sum_of_deliveries_is_fair(mut statuses in prop::collection::vec(a_status(), 1..8), more in 0_usize..3) {
        let expected = statuses.len() + more;
        let sum = outcome(&statuses, expected);
        statuses.reverse();
        prop_assert_eq!(sum, outcome(&statuses, expected));
        let all = |status: D| statuses.iter().all(|one| *one == status);
        prop_assert_eq!(sum == Outcome::Published, all(D::Published) && more == 0);
        prop_assert_eq!(sum == Outcome::Cancelled, all(D::Cancelled) && more == 0);
        if statuses.contains(&D::NeedsPerson) {
            prop_assert_eq!(sum, Outcome::NeedsPerson);
        }
        if sum == Outcome::Failed {
            prop_assert!(!statuses.contains(&D::Published));
        }
    }

    /// What was taken down is told as such only when nothing is out any more, and hides nothing that is still open.
    #[test]
    fn withdrawn_is_what_was_out_and_is_not(deliveries in prop::collection::vec((a_status(), any::<bool>()), 1..8)) {
        let statuses: Vec<_> = deliveries.iter().map(|one| one.0).collect();
        let plain = outcome(&statuses, statuses.len());
        let since = outcome_since(&deliveries, statuses.len());
        let out = deliveries.iter().any(|one| one.0 == D::Published && !one.1);
        let final_and_out = matches!(plain, Outcome::Published | Outcome::Partly);
        prop_assert_eq!(since == Outcome::Withdrawn, final_and_out && !out);
        if since != Outcome::Withdrawn {
            prop_assert_eq!(since, plain);
        }
    }

    /// Whatever else is true: no own text, no second step, no other's step, nothing changed, nothing late.
    #[test]
    fn an_approval_needs_every_condition(may: bool, wrote: bool, decided: bool, same: bool, late: bool) {
        let deciding = Deciding { step: StepRole::HeadOfMission, may, wrote, decided, same, late };
        prop_assert_eq!(deciding.approve().is_ok(), may && !wrote && !decided && same && !late);
        prop_assert_eq!(deciding.approve_at_new_time().is_ok(), may && !wrote && !decided && same);
        prop_assert_eq!(deciding.ask_for_changes().is_ok(), may && !decided && same);
    }
}
