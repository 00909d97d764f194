use chancery_contracts::ids::StopId;
use chrono::{DateTime, Utc};

use super::{AccountState, DeliveryState};

/// Everything that a permit asks, read under the stop gate in one fresh snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
pub struct Facts {
    /// Where the delivery stands.
    pub state: DeliveryState,
    /// Its version.
    pub version: i32,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// From here on it is too late: the order's own limit.
    pub not_after: DateTime<Utc>,
    /// The order's highest version.
    pub order_version: i32,
    /// Up to which version the order is cancelled.
    pub cancelled_through: i32,
    /// Whether the stored edition still has the hash that was approved.
    pub edition_intact: bool,
    /// What the calendar says: none when the approval stands.
    pub stands: Option<String>,
    /// Somebody asked to take it down.
    pub taken_down: bool,
    /// What the library says of the pictures: none when all may be used here now.
    pub asset: Option<String>,
    /// A stop that covers the delivery.
    pub stop: Option<StopId>,
    /// Whether the database is the one this service has checked.
    pub database_known: bool,
    /// After a restore: the row must be looked up first.
    pub recheck: bool,
    /// Whether its account may be sent to.
    pub account: AccountState,
    /// The account's platform asked to wait until then.
    pub limited_until: Option<DateTime<Utc>>,
    /// Another commit on this account has been open since then.
    pub busy_since: Option<DateTime<Utc>>,
}

/// Why a permit is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The delivery is not ready any more: somebody else moved it.
    Moved,
    /// The database was restored or failed over since this service last looked.
    DatabaseUnknown,
    /// A stop covers it.
    Stopped(StopId),
    /// The order was cancelled, or a later version took its place.
    Superseded,
    /// Somebody asked to take it down before it was out.
    TakenDown,
    /// The approval does not stand, for this reason.
    NotStanding(String),
    /// A picture of the library may not be used here, for this reason.
    Asset(String),
    /// After a restore: look first.
    Recheck,
    /// Its time passed.
    TooLate,
    /// Its minute has not come.
    TooEarly,
    /// The account is switched off or must be connected again.
    Account(AccountState),
    /// The platform asked to wait.
    Limited(DateTime<Utc>),
    /// Another commit runs on this account since then.
    Busy(DateTime<Utc>),
}

impl Facts {
    /// The rule itself. A permit is given only when nothing speaks against it; what would be most serious to overlook
    /// is asked first.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.state != DeliveryState::Ready {
            return Err(Refusal::Moved);
        }
        if !self.database_known {
            return Err(Refusal::DatabaseUnknown);
        }
        if self.cancelled_through >= self.version || self.order_version != self.version {
            return Err(Refusal::Superseded);
        }
        if self.taken_down {
            return Err(Refusal::TakenDown);
        }
        if !self.edition_intact {
            return Err(Refusal::NotStanding("hash_mismatch".to_owned()));
        }
        if let Some(why) = &self.stands {
            return Err(Refusal::NotStanding(why.clone()));
        }
        if now >= self.not_after {
            return Err(Refusal::TooLate);
        }
        if now < self.due_at {
            return Err(Refusal::TooEarly);
        }
        if let Some(why) = &self.asset {
            return Err(Refusal::Asset(why.clone()));
        }
        if let Some(stop) = self.stop {
            return Err(Refusal::Stopped(stop));
        }
        if self.recheck {
            return Err(Refusal::Recheck);
        }
        if self.account != AccountState::Enabled {
            return Err(Refusal::Account(self.account));
        }
        if let Some(until) = self.limited_until.filter(|until| *until > now) {
            return Err(Refusal::Limited(until));
        }
        if let Some(since) = self.busy_since {
            return Err(Refusal::Busy(since));
        }
        Ok(())
    }
}

impl Refusal {
    /// The label in metrics and the ledger.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::DatabaseUnknown => "database_unknown",
            Self::Stopped(_) => "stopped",
            Self::Superseded => "superseded",
            Self::TakenDown => "taken_down",
            Self::NotStanding(_) => "not_standing",
            Self::Asset(_) => "asset",
            Self::Recheck => "recheck",
            Self::TooLate => "too_late",
            Self::TooEarly => "too_early",
            Self::Account(_) => "account",
            Self::Limited(_) => "limited",
            Self::Busy(_) => "busy",
        }
    }
}
