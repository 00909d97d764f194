use chancery_contracts::ids::{CampaignId, ItemId, UnitId};
use chancery_contracts::{Edition, EditionHash, Topic};
use chrono::{DateTime, Utc};

/// The highest version of an item that was ordered, as the publisher keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Of which item.
    pub item: ItemId,
    /// Which version.
    pub version: i32,
    /// Up to which version everything is cancelled; 0 when nothing is.
    pub cancelled_through: i32,
    /// In whose name it speaks.
    pub unit: UnitId,
    /// What it is about.
    pub topic: Topic,
    /// The campaign that it belongs to.
    pub campaign: Option<CampaignId>,
    /// A name for people.
    pub title: String,
    /// Exactly what was approved.
    pub edition: Edition,
    /// The hash to which the approval is bound.
    pub hash: EditionHash,
    /// When it is due, in UTC.
    pub due_at: DateTime<Utc>,
    /// From here on it is too late, in UTC.
    pub not_after: DateTime<Utc>,
}

impl Order {
    /// Whether it may still be sent, as far as the publisher itself knows.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.version > self.cancelled_through
    }
}

/// What an order means that has just arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Take it.
    Take,
    /// A higher version was seen, or this one was cancelled, or it is here already.
    Ignore,
}

/// Decides on an order of `version`, when `seen` is the highest version here and everything up to
/// `cancelled_through` was cancelled (rule 2: messages come in any order, and more than once).
#[must_use]
pub fn arrival(seen: Option<i32>, cancelled_through: i32, version: i32) -> Arrival {
    if version <= cancelled_through || seen.is_some_and(|seen| version <= seen) {
        Arrival::Ignore
    } else {
        Arrival::Take
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_higher_version_that_is_not_cancelled_is_taken() {
        assert_eq!(arrival(None, 0, 1), Arrival::Take);
        assert_eq!(arrival(Some(1), 0, 2), Arrival::Take);
        assert_eq!(arrival(Some(2), 2, 3), Arrival::Take);
        assert_eq!(arrival(Some(1), 0, 1), Arrival::Ignore, "the same again");
        assert_eq!(arrival(Some(2), 0, 1), Arrival::Ignore, "overtaken");
        assert_eq!(arrival(None, 3, 3), Arrival::Ignore, "cancelled in advance");
    }
}
