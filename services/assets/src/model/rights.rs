//! What may be done with an asset, as a steward enters it. What it means at an instant is `assets.refusal`'s to say.

use chancery_clock::{Tz, WallTime};
use chancery_contracts::Platform;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Consent, Licence};

/// The channel by which people outside receive a collection.
pub const SHARE_LINK: &str = "share_link";

/// Every channel that rights may name: the platforms, and links for people outside.
pub fn channels() -> impl Iterator<Item = &'static str> {
    Platform::ALL
        .iter()
        .map(|platform| platform.as_str())
        .chain([SHARE_LINK])
}

/// Rights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Rights {
    /// It stays in the house.
    pub internal_only: bool,
    /// By which right it is used.
    pub licence: Licence,
    /// What the licence says beyond its name.
    pub licence_note: String,
    /// Whether those who are shown agree.
    pub consent: Consent,
    /// Countries in which it may be used, ISO 3166; none: everywhere.
    pub territory: Option<Vec<String>>,
    /// Platforms on which it may be used, and `share_link`; none: all.
    pub channels: Option<Vec<String>>,
    /// The zone of the walls on which the following times are read.
    #[schema(value_type = String)]
    pub zone: Tz,
    /// From when it may be used.
    pub starts: Option<NaiveDateTime>,
    /// From when on it may no longer be used.
    pub ends: Option<NaiveDateTime>,
    /// Until when nobody outside of its unit sees it.
    pub embargo: Option<NaiveDateTime>,
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            internal_only: false,
            licence: Licence::Unknown,
            licence_note: String::new(),
            consent: Consent::NotNeeded,
            territory: None,
            channels: None,
            zone: Tz::Asia__Ho_Chi_Minh,
            starts: None,
            ends: None,
            embargo: None,
        }
    }
}

/// The instants that the walls mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instants {
    /// First.
    pub starts: Option<DateTime<Utc>>,
    /// No longer.
    pub ends: Option<DateTime<Utc>>,
    /// Not before.
    pub embargo: Option<DateTime<Utc>>,
}

impl Rights {
    /// What the walls mean.
    #[must_use]
    pub fn instants(&self) -> Instants {
        let instant =
            |wall: Option<NaiveDateTime>| wall.map(|at| WallTime { at, zone: self.zone }.resolve().instant());
        Instants {
            starts: instant(self.starts),
            ends: instant(self.ends),
            embargo: instant(self.embargo),
        }
    }

    /// Cleans it; says what is refused.
    pub(super) fn check(&mut self, refused: &mut super::Refused) {
        self.licence_note = super::details::paragraphs(&self.licence_note);
        if self.licence_note.chars().count() > 1000 {
            refused.push(("licence_note".into(), "assets-too-long"));
        }
        if let Some(countries) = &mut self.territory {
            for country in countries.iter_mut() {
                *country = country.trim().to_uppercase();
            }
            countries.retain(|country| !country.is_empty());
            countries.sort();
            countries.dedup();
            if countries.iter().any(|country| !is_country(country)) {
                refused.push(("territory".into(), "assets-country-unknown"));
            }
        }
        self.territory = self.territory.take().filter(|countries| !countries.is_empty());
        if let Some(names) = &mut self.channels {
            names.sort();
            names.dedup();
            if names.iter().any(|name| channels().all(|known| known != name)) {
                refused.push(("channels".into(), "assets-channel-unknown"));
            }
        }
        self.channels = self.channels.take().filter(|names| !names.is_empty());
        if let (Some(starts), Some(ends)) = (self.starts, self.ends)
            && ends <= starts
        {
            refused.push(("ends".into(), "assets-ends-before-it-starts"));
        }
    }
}

/// The form of a country's code; which codes exist is the world's business.
pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn an_embargo_is_read_on_its_own_wall() {
        let rights = Rights {
            zone: Tz::Europe__Paris,
            embargo: Some("2027-03-28T02:30:00".parse().unwrap()),
            ..Rights::default()
        };
        // The clocks skip that hour: the first instant after the gap.
        assert_eq!(
            rights.instants().embargo,
            Some("2027-03-28T01:00:00Z".parse().unwrap())
        );
    }

    #[test]
    fn nothing_chosen_means_everywhere() {
        let mut rights = Rights {
            territory: Some(vec![" ".into()]),
            channels: Some(vec![]),
            ..Rights::default()
        };
        let mut refused = Vec::new();
        rights.check(&mut refused);
        assert!(refused.is_empty());
        assert_eq!((rights.territory, rights.channels), (None, None));
    }
}
