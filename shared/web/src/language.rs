//! The languages of the user interface, and which one a request gets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that every string of the interface exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order in which a person chooses.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// The BCP 47 tag, which is also the folder under `templates/locales`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language's name in itself, for the switch.
    #[must_use]
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::Vi => "Tiếng Việt",
            Self::En => "English",
        }
    }

    /// The first language of an `Accept-Language` header (RFC 9110, 12.5.4) that the interface has, by weight.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',').take(20) {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(|tag| tag.trim().parse().ok()) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, before)| weight > before) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The tag names no language of the interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the interface does not speak “{0}”")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// By the primary subtag: `en-GB` is English.
    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
            .ok_or_else(|| UnknownLanguage(tag.chars().take(20).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins_and_the_first_of_equals() {
        assert_eq!(
            Language::accepted("fr, en-GB;q=0.8, vi;q=0.9"),
            Some(Language::Vi)
        );
        assert_eq!(Language::accepted("en-US,en;q=0.9,vi;q=0.9"), Some(Language::En));
        assert_eq!(Language::accepted("lo, km;q=0.5"), None);
        assert_eq!(Language::accepted("vi;q=0, en;q=oops, *"), None);
    }
}
