//! What somebody may do with an item now, and of what they may not, why: said before they try.

use chancery_access::{Action, Refusal as AccessRefusal};
use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

use super::{Change, Deciding, Releasing, State};

vocabulary! {
    /// Something that a person does with an item.
    Deed {
        /// Write in it.
        Edit = "edit",
        /// Ask for approval.
        Submit = "submit",
        /// Take the step for which it waits.
        Approve = "approve",
        /// Send it back to its writers.
        RequestChanges = "request_changes",
        /// Give the word for what goes out on command.
        Release = "release",
        /// Open what was submitted, as a new version.
        Reopen = "reopen",
        /// See that nothing of it goes out.
        Cancel = "cancel",
        /// Have taken down what is out, or ask for it.
        Withdraw = "withdraw",
        /// Open what is out, to write a correction.
        Correct = "correct",
    }
}

/// What is known of an item and of the person who looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Standpoint {
    /// Where the item stands.
    pub state: State,
    /// Why the person may not write for its unit.
    pub write: Option<AccessRefusal>,
    /// Why they may not cancel it.
    pub cancel: Option<AccessRefusal>,
    /// How many things are missing before it can be submitted.
    pub missing: usize,
    /// What stands between them and the step for which it waits; none: it waits for none.
    pub deciding: Option<Deciding>,
    /// What stands between them and giving the word; none: it waits for none.
    pub releasing: Option<Releasing>,
    /// Whether the publisher has an order of it.
    pub ordered: bool,
    /// Why they may neither take down what is out nor ask for it.
    pub withdraw: Option<AccessRefusal>,
    /// How many of its deliveries are out, or may be, and are not being taken down.
    pub out: usize,
    /// How many of them a correction can follow.
    pub correctable: usize,
}

/// Why something cannot be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The Fluent id of the sentence that explains it.
    pub key: String,
    /// The sentence's argument, if it has one.
    pub argument: Option<(&'static str, String)>,
}

/// One thing that could be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// What.
    pub deed: Deed,
    /// Why not; none: it may be done now.
    pub why_not: Option<Why>,
}

/// Everything that could be done with an item, in the order of its life.
#[must_use]
pub fn transitions(of: &Standpoint) -> Vec<Transition> {
    let one = |deed: &Deed| Transition {
        deed: *deed,
        why_not: refused(*deed, of).err(),
    };
    Deed::ALL.iter().map(one).collect()
}

fn refused(deed: Deed, of: &Standpoint) -> Result<(), Why> {
    // Whether there is anything to do comes first: who may is of no interest when nobody could.
    let nothing = |key: &str| {
        Err(Why {
            key: key.to_owned(),
            argument: None,
        })
    };
    let access = |refusal: Option<AccessRefusal>| refusal.map_or(Ok(()), |refusal| Err(not_allowed(refusal)));
    if deed == Deed::Withdraw {
        return if of.out == 0 {
            nothing("withdraw-refused-nothing-out")
        } else {
            access(of.withdraw)
        };
    }
    let change = match deed {
        Deed::Edit => Change::Save,
        Deed::Submit => Change::Submit,
        Deed::Approve => Change::Approve { last: false },
        Deed::RequestChanges => Change::AskForChanges,
        Deed::Release => Change::Release,
        Deed::Reopen => Change::Reopen,
        Deed::Correct | Deed::Withdraw => Change::Correct,
        Deed::Cancel => Change::Cancel { ordered: of.ordered },
    };
    of.state.after(change).map_err(|refusal| Why {
        key: refusal.key().to_owned(),
        argument: Some(("state", of.state.to_string())),
    })?;
    if deed == Deed::Correct && of.correctable == 0 {
        return nothing("correct-refused-nothing-out");
    }
    let objection = |result: Result<(), super::Objection>| {
        result.map_err(|objection| Why {
            key: objection.key().to_owned(),
            argument: None,
        })
    };
    match (deed, of.deciding) {
        (Deed::Edit | Deed::Reopen | Deed::Correct, _) => access(of.write),
        (Deed::Withdraw, _) => access(of.withdraw),
        (Deed::Submit, _) => access(of.write).and(if of.missing == 0 {
            Ok(())
        } else {
            Err(Why {
                key: "items-blocked".to_owned(),
                argument: Some(("count", of.missing.to_string())),
            })
        }),
        (Deed::Cancel, _) => access(of.cancel),
        (Deed::Approve, Some(deciding)) => objection(deciding.approve()),
        (Deed::RequestChanges, Some(deciding)) => objection(deciding.ask_for_changes()),
        (Deed::Release, _) => match of.releasing.map(Releasing::release) {
            None => Err(not_allowed(AccessRefusal::NoRole(Action::ItemApprove))),
            Some(result) => result.map_err(|unreleased| Why {
                key: unreleased.key().to_owned(),
                argument: None,
            }),
        },
        (Deed::Approve | Deed::RequestChanges, None) => {
            Err(not_allowed(AccessRefusal::NoRole(Action::ItemApprove)))
        }
    }
}

fn not_allowed(refusal: AccessRefusal) -> Why {
    Why {
        key: refusal.key().to_owned(),
        argument: Some(("action", refusal.action().as_str().replace('.', "-"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Objection, StepRole};

    const WRITER: Standpoint = Standpoint {
        state: State::Draft,
        write: None,
        cancel: None,
        missing: 0,
        deciding: None,
        releasing: None,
        ordered: false,
        withdraw: None,
        out: 0,
        correctable: 0,
    };

    fn done(of: &Standpoint) -> Vec<Deed> {
        let may = transitions(of).into_iter().filter(|one| one.why_not.is_none());
        may.map(|one| one.deed).collect()
    }

    fn why(of: &Standpoint, deed: Deed) -> Option<String> {
        let found = transitions(of).into_iter().find(|one| one.deed == deed);
        found.and_then(|one| one.why_not).map(|why| why.key)
    }

    #[test]
    fn what_may_be_done_is_what_the_state_and_the_person_allow() {
        use Deed::{Approve, Cancel, Edit, Reopen, RequestChanges, Submit};
        assert_eq!(done(&WRITER), [Edit, Submit, Cancel]);
        let unfinished = Standpoint { missing: 2, ..WRITER };
        assert_eq!(done(&unfinished), [Edit, Cancel]);
        assert_eq!(why(&unfinished, Submit).as_deref(), Some("items-blocked"));
        let fine = Deciding {
            step: StepRole::HeadOfMission,
            may: true,
            wrote: false,
            decided: false,
            same: true,
            late: false,
        };
        let waiting = Standpoint {
            state: State::Submitted,
            deciding: Some(fine),
            ..WRITER
        };
        assert_eq!(done(&waiting), [Approve, RequestChanges, Reopen, Cancel]);
        let own = Standpoint {
            deciding: Some(Deciding { wrote: true, ..fine }),
            ..waiting
        };
        assert_eq!(done(&own), [RequestChanges, Reopen, Cancel]);
        assert_eq!(why(&own, Approve).as_deref(), Some(Objection::Own.key()));
        let reader = Standpoint {
            write: Some(AccessRefusal::NoRole(Action::ItemWrite)),
            cancel: Some(AccessRefusal::NoRole(Action::ItemWrite)),
            ..WRITER
        };
        assert_eq!(done(&reader), []);
        assert_eq!(why(&reader, Edit).as_deref(), Some("refused-no-role"));
    }

    #[test]
    fn what_is_ready_can_be_released_in_its_window() {
        use crate::model::{Unreleased, Window};
        let releasing = Releasing {
            may: true,
            same: true,
            window: Window::Open,
        };
        let ready = Standpoint {
            state: State::Ready,
            releasing: Some(releasing),
            ..WRITER
        };
        assert_eq!(done(&ready), [Deed::Release, Deed::Reopen, Deed::Cancel]);
        let early = Standpoint {
            releasing: Some(Releasing {
                window: Window::ToCome,
                ..releasing
            }),
            ..ready
        };
        assert_eq!(done(&early), [Deed::Reopen, Deed::Cancel]);
        assert_eq!(
            why(&early, Deed::Release).as_deref(),
            Some(Unreleased::Early.key())
        );
    }

    #[test]
    fn every_deed_in_every_state_is_possible_or_explained() {
        for state in State::ALL {
            let all = transitions(&Standpoint {
                state: *state,
                ..WRITER
            });
            assert_eq!(all.len(), Deed::ALL.len());
            for one in all {
                assert!(one.why_not.is_none_or(|why| !why.key.is_empty()), "{state}");
            }
        }
    }
}
