//! Who must approve, and whether this person may now.

use chancery_access::{Action, Role};
use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// A step of an approval chain: the role that takes it. In the order in which steps are taken.
    StepRole {
        /// Passes the text of one language.
        NativeReviewer = "native_reviewer",
        /// Of the mission whose item it is.
        HeadOfMission = "head_of_mission",
        /// Checks for headquarters what policy reserves.
        Desk = "desk_officer",
        /// Decides for headquarters what policy reserves.
        Headquarters = "headquarters_approver",
    }
}

impl StepRole {
    /// The action that a person must be allowed at the item's unit.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::NativeReviewer => Action::ItemReview,
            Self::HeadOfMission => Action::ItemApprove,
            Self::Desk => Action::ItemCheckHeadquarters,
            Self::Headquarters => Action::ItemApproveHeadquarters,
        }
    }

    /// The role whose holders are told that something waits. Its word is the step's own.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::NativeReviewer => Role::NativeReviewer,
            Self::HeadOfMission => Role::HeadOfMission,
            Self::Desk => Role::DeskOfficer,
            Self::Headquarters => Role::HeadquartersApprover,
        }
    }

    /// Whether whoever takes it may name somebody to take it while they are away.
    #[must_use]
    pub const fn may_be_delegated(self) -> bool {
        matches!(self, Self::HeadOfMission | Self::Headquarters)
    }
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
    /// Whether they, or whoever they stand in for, ever wrote in the item or submitted it.
    pub wrote: bool,
    /// Whether they, or whoever they stand in for, have already decided on this version, in whatever role.
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
            Self::NotYourStep(StepRole::NativeReviewer) => "approvals-objection-native-reviewer",
            Self::NotYourStep(StepRole::Desk) => "approvals-objection-desk",
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
    use StepRole::HeadOfMission;

    const FINE: Deciding = Deciding {
        step: HeadOfMission,
        may: true,
        wrote: false,
        decided: false,
        same: true,
        late: false,
    };

    #[test]
    fn a_step_is_told_to_the_role_of_its_name() {
        for step in StepRole::ALL {
            assert_eq!(step.as_str(), step.role().as_str());
            assert!(step.role().actions().contains(&step.action()));
        }
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
