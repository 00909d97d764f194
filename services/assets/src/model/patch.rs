//! A change of many assets at once, and what takes it back.

use chancery_contracts::ids::AssetId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Details, Licence};

/// What is changed in each of them; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Patch {
    /// A new credit line.
    pub credit: Option<String>,
    /// A new source.
    pub agency: Option<String>,
    /// A new creator.
    pub creator: Option<String>,
    /// A new place.
    pub place: Option<String>,
    /// A new country.
    pub country: Option<String>,
    /// Topics that are added.
    pub add_topics: Vec<String>,
    /// Topics that are taken away.
    pub remove_topics: Vec<String>,
    /// Priorities that are added.
    pub add_priorities: Vec<String>,
    /// A new licence.
    pub licence: Option<Licence>,
    /// Whether it stays in the house.
    pub internal_only: Option<bool>,
    /// Whether it is an official text.
    pub official: Option<bool>,
}

/// An asset as it was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// Which.
    pub asset: AssetId,
    /// The revision that the change made of it: whoever edited it since has made another.
    pub revision: i64,
    /// What it was.
    pub details: Details,
}

impl Patch {
    /// Whether nothing is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it touches what may be done with an asset: a steward's business.
    #[must_use]
    pub fn touches_rights(&self) -> bool {
        self.licence.is_some() || self.internal_only.is_some()
    }

    /// The details with the change made.
    #[must_use]
    pub fn applied(&self, mut details: Details) -> Details {
        let set = |value: &mut String, new: &Option<String>| {
            if let Some(new) = new {
                value.clone_from(new);
            }
        };
        set(&mut details.credit, &self.credit);
        set(&mut details.agency, &self.agency);
        set(&mut details.creator, &self.creator);
        set(&mut details.place, &self.place);
        if let Some(country) = &self.country {
            details.country = Some(country.clone());
        }
        details.topics.retain(|topic| !self.remove_topics.contains(topic));
        details.topics.extend(self.add_topics.iter().cloned());
        details.priorities.extend(self.add_priorities.iter().cloned());
        details.rights.licence = self.licence.unwrap_or(details.rights.licence);
        details.rights.internal_only = self.internal_only.unwrap_or(details.rights.internal_only);
        details.official = self.official.unwrap_or(details.official);
        details
    }
}
