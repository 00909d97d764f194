//! Who must approve, and whether this person may now.

use chancery_access::{Action, Role};
use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// A step of an approval chain: the role that takes it.
    StepRole {
        /// Of the mission whose item it is.
        HeadOfMission = "head_of_mission",
        /// For what policy reserves for headquarters.
        Headquarters = "headquarters_approver",
    }
}

impl StepRole {
    /// The action that a person must be allowed at the item's unit.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::HeadOfMission => Action::ItemApprove,
            Self::Headquarters => Action::ItemApproveHeadquarters,
        }
    }

    /// The role whose holders are told that something waits.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::HeadOfMission => Role::HeadOfMission,
            Self::Headquarters => Role::HeadquartersApprover,
        }
    }
}

/// The chain of an item: the common steps, then those of its topic. A unit that is no mission has no head of
/// mission, so headquarters takes that step.
#[must_use]
pub fn chain(common: &[StepRole], of_topic: &[StepRole], is_mission: bool) -> Vec<StepRole> {
    let mut steps: Vec<StepRole> = common.iter().chain(of_topic).copied().collect();
    if !is_mission {
        steps.fill(StepRole::Headquarters);
        steps.truncate(1);
    }
    steps
}

/// What is known when somebody wants to decide on a submitted version.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is the answer to one question of the rule"
)]
pub struct Deciding {
    /// The step that the version waits for.
    pub step: StepRole,
    /// Whether the person may take that step at the item's unit.
    pub may: bool,
    /// Whether they ever wrote in the item or submitted it.
    pub wrote: bool,
    /// Whether they have already decided on this version, in whatever role.
    pub decided: bool,
    /// Whether what they saw is what is there now.
    pub same: bool,
    /// Whether the time of the item has passed.
    pub late: bool,
}

/// Why somebody may not approve now. [`Objection::key`] explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// It waits for somebody else's step.
    #[error("it waits for {0}")]
    NotYourStep(StepRole),
    /// Nobody approves what they wrote or submitted.
    #[error("nobody approves their own text")]
    Own,
    /// Every step is another person.
    #[error("one person takes one step")]
    Twice,
    /// It changed since they looked.
    #[error("it changed since it was read")]
    Changed,
    /// Its time has passed.
    #[error("its time has passed")]
    Late,
}

impl Objection {
    /// The Fluent id of the sentence that explains it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotYourStep(StepRole::HeadOfMission) => "approvals-objection-head-of-mission",
            Self::NotYourStep(StepRole::Headquarters) => "approvals-objection-headquarters",
            Self::Own => "approvals-objection-own",
            Self::Twice => "approvals-objection-twice",
            Self::Changed => "approvals-objection-changed",
            Self::Late => "approvals-objection-late",
        }
    }
}

impl Deciding {
    /// Whether they may approve.
    ///
    /// # Errors
    /// The first [`Objection`], the ones that another person could overcome first.
    pub const fn approve(self) -> Result<(), Objection> {
        match self.approve_at_new_time() {
            Err(objection) => Err(objection),
            Ok(()) if self.late => Err(Objection::Late),
            Ok(()) => Ok(()),
        }
    }

    /// Whether they may approve together with a new time.
    ///
    /// # Errors
    /// As [`Deciding::approve`], except that lateness is no objection.
    pub const fn approve_at_new_time(self) -> Result<(), Objection> {
        if self.wrote {
            return Err(Objection::Own);
        }
        self.ask_for_changes()
    }

    /// Whether they may ask for changes. A writer may: it stops their own text, it lets nothing out.
    ///
    /// # Errors
    /// The first [`Objection`].
    pub const fn ask_for_changes(self) -> Result<(), Objection> {
        if self.decided {
            Err(Objection::Twice)
        } else if !self.may {
            Err(Objection::NotYourStep(self.step))
        } else if !self.same {
            Err(Objection::Changed)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StepRole::{HeadOfMission, Headquarters};

    const FINE: Deciding = Deciding {
        step: HeadOfMission,
        may: true,
        wrote: false,
        decided: false,
        same: true,
        late: false,
    };

    #[test]
    fn a_routine_post_of_a_mission_never_queues_at_headquarters() {
        assert_eq!(chain(&[HeadOfMission], &[], true), [HeadOfMission]);
    }

    #[test]
    fn a_reserved_topic_adds_headquarters_after_the_mission() {
        assert_eq!(
            chain(&[HeadOfMission], &[Headquarters], true),
            [HeadOfMission, Headquarters]
        );
    }

    #[test]
    fn headquarters_own_items_need_headquarters_once() {
        assert_eq!(chain(&[HeadOfMission], &[], false), [Headquarters]);
        assert_eq!(chain(&[HeadOfMission], &[Headquarters], false), [Headquarters]);
    }

    #[test]
    fn each_objection_is_raised_by_its_own_fact() {
        assert_eq!(FINE.approve(), Ok(()));
        assert_eq!(Deciding { wrote: true, ..FINE }.approve(), Err(Objection::Own));
        assert_eq!(
            Deciding {
                decided: true,
                ..FINE
            }
            .approve(),
            Err(Objection::Twice)
        );
        assert_eq!(
            Deciding { may: false, ..FINE }.approve(),
            Err(Objection::NotYourStep(HeadOfMission))
        );
        assert_eq!(
            Deciding { same: false, ..FINE }.approve(),
            Err(Objection::Changed)
        );
        assert_eq!(Deciding { late: true, ..FINE }.approve(), Err(Objection::Late));
    }

    #[test]
    fn a_new_time_heals_lateness_and_nothing_else() {
        assert_eq!(Deciding { late: true, ..FINE }.approve_at_new_time(), Ok(()));
        assert_eq!(
            Deciding {
                late: true,
                wrote: true,
                ..FINE
            }
            .approve_at_new_time(),
            Err(Objection::Own)
        );
    }
}
