use crate::{Action, Grant};

/// The answer to "may they?", with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, by this grant.
    Allowed(Grant),
    /// No.
    Refused(Refusal),
}

impl Decision {
    /// Whether the answer is yes.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// Why not. [`Refusal::key`] is the Fluent id of a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// None of the person's roles, at any unit, ever may do this.
    NoRole(Action),
    /// A role that may is held, but at another unit.
    ElsewhereOnly(Action),
    /// The posting that allowed it has ended.
    Ended(Action),
    /// The posting that will allow it has not begun.
    NotYet(Action),
    /// The token that was used does not carry this scope.
    OutOfScope(Action),
}

impl Refusal {
    /// Which action was refused.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::NoRole(a)
            | Self::ElsewhereOnly(a)
            | Self::Ended(a)
            | Self::NotYet(a)
            | Self::OutOfScope(a) => a,
        }
    }

    /// The Fluent id of the sentence that explains it (`web.ftl`).
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoRole(_) => "refused-no-role",
            Self::ElsewhereOnly(_) => "refused-elsewhere",
            Self::Ended(_) => "refused-ended",
            Self::NotYet(_) => "refused-not-yet",
            Self::OutOfScope(_) => "refused-out-of-scope",
        }
    }
}
