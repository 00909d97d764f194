use std::collections::BTreeMap;

use chancery_contracts::ids::UnitId;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

/// A name by language: `{"vi": "…", "en": "…"}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The name in this language; else in English, in Vietnamese, in any.
    #[must_use]
    pub fn of(&self, tag: &str) -> &str {
        [tag, "en", "vi"]
            .iter()
            .find_map(|tag| self.0.get(*tag))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// The name in every language.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

/// A press room in the list of all.
#[derive(Debug, Clone)]
pub struct ListedRoom {
    /// Its part of the address.
    pub slug: String,
    /// What its unit is called today.
    pub names: Json<Names>,
    /// Where it is.
    pub city: Option<Json<Names>>,
    /// Part of the world, a code that the ministry chose.
    pub region: Option<String>,
    /// When anything in it last changed.
    pub latest: Option<DateTime<Utc>>,
}

/// The press room of one unit.
#[derive(Debug, Clone)]
pub struct Room {
    /// Whose.
    pub unit: UnitId,
    /// Its part of the address.
    pub slug: String,
    /// What it is called today.
    pub names: Names,
    /// Where it is.
    pub city: Names,
    /// Its own clock.
    pub zone: Tz,
    /// That of headquarters.
    pub headquarters: Tz,
    /// Languages in which it has published something that stands.
    pub published_languages: Vec<String>,
}

impl Room {
    /// Whether the room has a page in this language: Vietnamese and English always, others once something is out.
    #[must_use]
    pub fn speaks(&self, tag: &str) -> bool {
        self.languages().iter().any(|language| language == tag)
    }

    /// Every language that the room has a page in; Vietnamese and English first.
    #[must_use]
    pub fn languages(&self) -> Vec<String> {
        let mut languages = vec!["vi".to_owned(), "en".to_owned()];
        languages.extend(
            self.published_languages
                .iter()
                .filter(|tag| !["vi", "en"].contains(&tag.as_str()))
                .cloned(),
        );
        languages
    }

    /// The address of its page in a language.
    #[must_use]
    pub fn path(&self, tag: &str) -> String {
        format!("/press/{}/{tag}", self.slug)
    }
}
