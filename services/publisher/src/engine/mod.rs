//! What the publisher does. Every method is one thing that happens to an order, a delivery or a stop: it reads under
//! a lock, lets the model decide, and records the change with everything that belongs to it.
//!
//! Locks are taken in one order everywhere: stop gate, order, account, delivery, its withdrawal.

mod accounts;
mod commit;
mod context;
mod decisions;
mod faults;
mod locate;
mod orders;
mod prepare;
mod record;
mod restore;
mod retime;
mod stops;
mod sweep;
mod withdraw;

use std::sync::Arc;

use chancery_clock::SharedClock;
use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use sqlx::{PgPool, Postgres, Transaction};

use crate::connectors::Registry;
use crate::error::Result;
use crate::settings::Settings;
use crate::vault::Vault;

pub use accounts::{AddError, NewAccount};
pub use decisions::Decision;
pub use faults::{Faults, NoFaults, Point};
pub use orders::BadOrder;
pub use stops::Placed;
pub use withdraw::WithdrawalDecision;

/// What the publisher works with.
#[derive(Clone)]
pub struct Parts {
    /// The database, as the publisher's role.
    pub pool: PgPool,
    /// Time.
    pub clock: SharedClock,
    /// The platforms.
    pub connectors: Registry,
    /// The secrets of accounts.
    pub vault: Vault,
    /// The guarded client that connectors are given.
    pub http: chancery_http::Client,
    /// Where pictures are.
    pub store: chancery_storage::Store,
    /// The times that the rules turn on.
    pub settings: Settings,
    /// The site's address, before the paths of press rooms: `https://chancery.example.gov`.
    pub base_url: String,
    /// Where tests interrupt.
    pub faults: Arc<dyn Faults>,
}

/// The publisher itself. Cheap to clone.
#[derive(Clone)]
pub struct Publisher(Arc<Inner>);

struct Inner {
    parts: Parts,
    resolved: retime::Resolved,
}

impl std::ops::Deref for Inner {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

/// On whose behalf something happens.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The person; none for the publisher itself.
    pub person: Option<PersonId>,
    /// The request's id, for the audit trail.
    pub request: Option<String>,
    /// Whether they may stop the whole ministry.
    pub headquarters: bool,
}

impl Publisher {
    /// A publisher of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            resolved: retime::Resolved::default(),
        }))
    }

    /// What it works with.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.0.parts
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.0.pool.begin().await?)
    }
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publisher")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
