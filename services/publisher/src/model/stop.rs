use std::fmt;

use chancery_contracts::Topic;
use chancery_contracts::ids::{AccountId, CampaignId, PersonId, StopId, UnitId};
use chrono::{DateTime, Utc};

/// What a stop covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopScope {
    /// Everything.
    Ministry,
    /// The units of one region.
    Region(String),
    /// A unit and everything below it.
    Unit(UnitId),
    /// One topic, wherever.
    Topic(Topic),
    /// One account.
    Account(AccountId),
    /// What was approved as part of one campaign.
    Campaign(CampaignId),
}

/// What was given is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not something that can be stopped")]
pub struct UnknownScope(pub String);

impl StopScope {
    /// The words in the database.
    #[must_use]
    pub fn parts(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Ministry => ("ministry", None),
            Self::Region(region) => ("region", Some(region.clone())),
            Self::Unit(unit) => ("unit", Some(unit.to_string())),
            Self::Topic(topic) => ("topic", Some(topic.to_string())),
            Self::Account(account) => ("account", Some(account.to_string())),
            Self::Campaign(campaign) => ("campaign", Some(campaign.to_string())),
        }
    }

    /// From the words in the database, or in a form.
    ///
    /// # Errors
    /// When the words are not a scope.
    pub fn from_parts(scope: &str, id: Option<&str>) -> Result<Self, UnknownScope> {
        let unknown = || UnknownScope(format!("{scope} {}", id.unwrap_or_default()));
        match (scope, id.filter(|id| !id.is_empty())) {
            ("ministry", None) => Ok(Self::Ministry),
            ("region", Some(id)) => Ok(Self::Region(id.to_owned())),
            ("unit", Some(id)) => id.parse().map(Self::Unit).map_err(|_| unknown()),
            ("topic", Some(id)) => id.parse().map(Self::Topic).map_err(|_| unknown()),
            ("account", Some(id)) => id.parse().map(Self::Account).map_err(|_| unknown()),
            ("campaign", Some(id)) => id.parse().map(Self::Campaign).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for StopScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scope, id) = self.parts();
        match id {
            Some(id) => write!(f, "{scope} {id}"),
            None => f.write_str(scope),
        }
    }
}

/// Who stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Cause {
    /// A person.
    Person,
    /// The publisher itself, because the database was restored or failed over.
    Restore,
}

/// An order to stop sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its id.
    pub id: StopId,
    /// What it covers.
    pub scope: StopScope,
    /// Who stopped.
    pub cause: Cause,
    /// Why, in a person's words.
    pub reason: String,
    /// By whom; none for the publisher itself.
    pub placed_by: Option<PersonId>,
    /// Whether headquarters placed it: then a mission does not lift it.
    pub by_headquarters: bool,
    /// Since when.
    pub placed_at: DateTime<Utc>,
    /// Until when, once it is over.
    pub lifted_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_scope_survives_the_database() {
        for scope in [
            StopScope::Ministry,
            StopScope::Region("asean".into()),
            StopScope::Unit(UnitId(Uuid::from_u128(1))),
            StopScope::Topic(Topic::Sovereignty),
            StopScope::Account(AccountId(Uuid::from_u128(2))),
            StopScope::Campaign(CampaignId(Uuid::from_u128(3))),
        ] {
            let (word, id) = scope.parts();
            assert_eq!(StopScope::from_parts(word, id.as_deref()), Ok(scope));
        }
    }

    #[test]
    fn half_a_scope_is_refused() {
        assert!(StopScope::from_parts("ministry", Some("x")).is_err());
        assert!(StopScope::from_parts("unit", None).is_err());
        assert!(StopScope::from_parts("unit", Some("everything")).is_err());
        assert!(StopScope::from_parts("world", None).is_err());
    }
}
