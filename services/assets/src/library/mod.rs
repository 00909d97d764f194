//! What people and jobs do to assets: one transaction each, and the only writers of the schema. Pages, API,
//! demonstration and tests all go through here.

mod adapting;
mod analysing;
mod collections;
mod editing;
mod parts;
mod removing;
mod reviewing;

use chancery_access::{Action, Decision, Principal};
use chancery_clock::SharedClock;
use chancery_contracts::Origin;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_directory::Unit;
use chancery_storage::Store;
use sqlx::PgPool;

pub(crate) use adapting::adapts;
pub use analysing::{Embedded, Looked};
pub use collections::{CollectionDraft, NewShare};
pub(crate) use editing::keeps;
pub use editing::{BULK, Undone};
pub(crate) use reviewing::name_of;

use crate::error::AssetError;

/// The library as its routes and jobs see it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Library {
    /// Of the library's own role.
    pub pool: PgPool,
    /// Now, and fresh ids.
    pub clock: SharedClock,
    /// Where contents are kept.
    pub store: Store,
}

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The person with their grants.
    pub principal: &'a Principal,
    /// The id of the request, for the audit trail.
    pub request: Option<&'a str>,
}

impl<'a> Actor<'a> {
    /// Somebody outside of a request.
    #[must_use]
    pub const fn new(principal: &'a Principal) -> Self {
        Self {
            principal,
            request: None,
        }
    }

    /// Who.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.principal.person
    }

    /// Whether the person may do `action` there.
    #[must_use]
    pub fn may(&self, action: Action, unit: &Unit) -> bool {
        self.principal.decide(action, unit.place()).is_allowed()
    }

    /// Insists that the person may do `action` there.
    ///
    /// # Errors
    /// [`AssetError::Access`] with the reason.
    pub fn require(&self, action: Action, unit: &Unit) -> Result<(), AssetError> {
        match self.principal.decide(action, unit.place()) {
            Decision::Allowed(_) => Ok(()),
            Decision::Refused(refusal) => Err(AssetError::Access(refusal)),
        }
    }

    pub(crate) fn origin(&self, unit: UnitId) -> Origin {
        Origin {
            actor: Some(self.person()),
            unit: Some(unit),
            ..Origin::default()
        }
    }
}
