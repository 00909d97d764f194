use chrono::NaiveDate;

use crate::vietnamese;

/// A day that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// When, on the wall of the country that keeps it.
    pub date: NaiveDate,
    /// What it is called.
    pub name: Name,
    /// How it is kept.
    pub kind: Kind,
    /// Whether it may move by a day: it depends on when the moon is seen, or is announced late.
    pub estimated: bool,
}

/// What a day is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// In English.
    pub en: &'static str,
    /// As the country calls it; the English name where that is all there is.
    pub local: &'static str,
    /// The BCP 47 tag of `local`.
    pub language: &'static str,
}

impl Name {
    /// The name in this language, or else in English.
    #[must_use]
    pub fn of(&self, language: &str) -> &'static str {
        self.spoken(language).0
    }

    /// The same with the BCP 47 tag of the language that it is in.
    #[must_use]
    pub fn spoken(&self, language: &str) -> (&'static str, &'static str) {
        if language == self.language {
            return (self.local, self.language);
        }
        let vietnamese = (language == "vi").then(|| vietnamese::of(self.en)).flatten();
        vietnamese.map_or((self.en, "en"), |name| (name, "vi"))
    }
}

/// How a day is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A day off by law, for everybody.
    Public,
    /// A day off for another that fell on a weekend or beside one.
    Substitute,
    /// A great day of the country, without a day off.
    Commemoration,
    /// A feast of custom or religion, without a day off.
    Festival,
    /// The foreign service's own.
    Diplomacy,
}

impl Kind {
    /// The word for APIs and at the end of Fluent ids.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Substitute => "substitute",
            Self::Commemoration => "commemoration",
            Self::Festival => "festival",
            Self::Diplomacy => "diplomacy",
        }
    }

    /// Whether offices are closed.
    #[must_use]
    pub const fn is_day_off(self) -> bool {
        matches!(self, Self::Public | Self::Substitute)
    }
}
