//! Letting out what was submitted without the rest of its chain: two people, neither of whom wrote it.

use chancery_access::Action;
use chrono::TimeDelta;

use super::StepRole;

/// For how long a second person can confirm what the first ordered.
pub const CONFIRM_WITHIN: TimeDelta = TimeDelta::minutes(30);
/// The shortest reason, in Unicode scalar values.
pub const LEAST_REASON: usize = 20;
/// The longest reason, and the longest comment of whoever has seen it.
pub const MOST_REASON: usize = 2_000;

/// The roles that may be one of the two, in the order in which the record names one.
pub const BREAKERS: [StepRole; 3] = [StepRole::HeadOfMission, StepRole::Headquarters, StepRole::Desk];

/// The role in which somebody may be one of the two, when `may` says what they may do at the item's unit.
#[must_use]
pub fn breaker(may: impl Fn(Action) -> bool) -> Option<StepRole> {
    BREAKERS.into_iter().find(|role| may(role.action()))
}

/// An order that waits for its second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Of the person themselves.
    Own,
    /// Of somebody else.
    Others,
}

/// What is known when somebody wants to order, or to confirm.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is the answer to one question of the rule"
)]
pub struct Breaking {
    /// Whether they approve or check at the item's unit, in their own right.
    pub may: bool,
    /// Whether their sign-in asks for a one-time code.
    pub second_factor: bool,
    /// Whether they ever wrote in the item or submitted it.
    pub wrote: bool,
    /// Whether what they saw is what is there now.
    pub same: bool,
    /// Whether the time of the item has passed.
    pub late: bool,
    /// An order of this version that can still be confirmed.
    pub first: Option<First>,
}

/// Why not. [`Unbroken::key`] explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbroken {
    /// Nobody lets out what they wrote or submitted.
    #[error("nobody lets out their own text")]
    Own,
    /// They neither approve nor check there.
    #[error("they neither approve nor check there")]
    NotYours,
    /// Their sign-in asks for no one-time code.
    #[error("this takes a second factor")]
    NoSecondFactor,
    /// It takes another person.
    #[error("it takes two people")]
    SamePerson,
    /// Somebody has ordered it: it waits for the second.
    #[error("it was ordered and waits for a second person")]
    Ordered,
    /// Nobody has ordered it, or nobody confirmed in time.
    #[error("there is no order to confirm")]
    Lapsed,
    /// It changed since they looked.
    #[error("it changed since it was read")]
    Changed,
    /// Its time has passed.
    #[error("its time has passed")]
    Late,
}

impl Unbroken {
    /// The Fluent id of the sentence that explains it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Own => "break-glass-refused-own",
            Self::NotYours => "break-glass-refused-not-yours",
            Self::NoSecondFactor => "break-glass-refused-second-factor",
            Self::SamePerson => "break-glass-refused-same-person",
            Self::Ordered => "break-glass-refused-ordered",
            Self::Lapsed => "break-glass-refused-lapsed",
            Self::Changed => "break-glass-refused-changed",
            Self::Late => "break-glass-refused-late",
        }
    }

    /// Whether it is about who they are rather than about how things stand.
    #[must_use]
    pub const fn is_about_person(self) -> bool {
        matches!(
            self,
            Self::Own | Self::NotYours | Self::NoSecondFactor | Self::SamePerson
        )
    }
}

impl Breaking {
    /// Whether they may be the first.
    ///
    /// # Errors
    /// The first reason why not.
    pub const fn order(self) -> Result<(), Unbroken> {
        if let Err(unbroken) = self.one_of_two() {
            return Err(unbroken);
        }
        if self.first.is_some() {
            return Err(Unbroken::Ordered);
        }
        self.now()
    }

    /// Whether they may be the second.
    ///
    /// # Errors
    /// The first reason why not.
    pub const fn confirm(self) -> Result<(), Unbroken> {
        if let Err(unbroken) = self.one_of_two() {
            return Err(unbroken);
        }
        match self.first {
            None => Err(Unbroken::Lapsed),
            Some(First::Own) => Err(Unbroken::SamePerson),
            Some(First::Others) => self.now(),
        }
    }

    const fn one_of_two(self) -> Result<(), Unbroken> {
        if self.wrote {
            Err(Unbroken::Own)
        } else if !self.may {
            Err(Unbroken::NotYours)
        } else if !self.second_factor {
            Err(Unbroken::NoSecondFactor)
        } else {
            Ok(())
        }
    }

    const fn now(self) -> Result<(), Unbroken> {
        if !self.same {
            Err(Unbroken::Changed)
        } else if self.late {
            Err(Unbroken::Late)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Spoil = fn(Breaking) -> Breaking;

    const FINE: Breaking = Breaking {
        may: true,
        second_factor: true,
        wrote: false,
        same: true,
        late: false,
        first: None,
    };

    #[test]
    fn each_of_the_two_needs_every_condition() {
        let second = Breaking {
            first: Some(First::Others),
            ..FINE
        };
        assert_eq!((FINE.order(), second.confirm()), (Ok(()), Ok(())));
        let spoilt: [(Spoil, Unbroken); 5] = [
            (|one| Breaking { wrote: true, ..one }, Unbroken::Own),
            (|one| Breaking { may: false, ..one }, Unbroken::NotYours),
            (
                |one| Breaking {
                    second_factor: false,
                    ..one
                },
                Unbroken::NoSecondFactor,
            ),
            (|one| Breaking { same: false, ..one }, Unbroken::Changed),
            (|one| Breaking { late: true, ..one }, Unbroken::Late),
        ];
        for (spoil, why) in spoilt {
            assert_eq!(spoil(FINE).order(), Err(why));
            assert_eq!(spoil(second).confirm(), Err(why));
        }
    }

    #[test]
    fn it_takes_two_one_after_the_other() {
        let with = |first| Breaking { first, ..FINE };
        assert_eq!(with(None).confirm(), Err(Unbroken::Lapsed));
        assert_eq!(with(Some(First::Own)).confirm(), Err(Unbroken::SamePerson));
        for first in [First::Own, First::Others] {
            assert_eq!(with(Some(first)).order(), Err(Unbroken::Ordered));
        }
    }

    #[test]
    fn a_native_reviewer_is_not_one_of_the_two() {
        assert_eq!(breaker(|action| action == Action::ItemReview), None);
        assert_eq!(breaker(|action| action == Action::ItemWrite), None);
        for role in BREAKERS {
            assert_eq!(breaker(|action| action == role.action()), Some(role));
        }
    }
}
