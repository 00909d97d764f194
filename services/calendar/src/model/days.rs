//! Days that matter to a unit: holidays by rule and table, and what people entered.

use chancery_contracts::ids::UnitId;
use chancery_contracts::vocabulary;
use chancery_days::{Country, Holiday, Kind as HolidayKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// What sort of day people enter, since no rule gives it.
    EnteredKind {
        /// National mourning, here or in the host country: no celebration goes out.
        Mourning = "mourning",
        /// A day off by decision: in lieu, the fifth of Tết, an election.
        DayOff = "day_off",
        /// A weekend that is worked, in exchange for a day off.
        WorkingDay = "working_day",
        /// A visit.
        Visit = "visit",
        /// An event of a ministry, a province or the host.
        Event = "event",
        /// A date on which words are weighed: a host election, an anniversary that hurts.
        Sensitive = "sensitive",
    }
}

/// Where an entered day holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// Everywhere.
    Ministry,
    /// In a part of the world.
    Region(String),
    /// In a host country (ISO 3166).
    Country(String),
    /// For a unit, and those below it.
    Unit(UnitId),
}

impl Holds {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Ministry => "ministry",
            Self::Region(_) => "region",
            Self::Country(_) => "country",
            Self::Unit(_) => "unit",
        }
    }
}

/// What makes a day matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A holiday of this country.
    Holiday(Country, Holiday),
    /// Somebody entered it.
    Entered {
        /// What sort.
        kind: EnteredKind,
        /// What it is called.
        name: String,
        /// What there is to know.
        note: String,
    },
}

/// A day, or several in a row, that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The first day, on the wall of whoever keeps it.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Why.
    pub reason: Reason,
}

impl Day {
    /// Its name in this language, or in the one it has.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        match &self.reason {
            Reason::Holiday(_, holiday) => holiday.name.of(language),
            Reason::Entered { name, .. } => name,
        }
    }

    /// The BCP 47 tag of that name's language, where it is not this one; of what people entered nobody knows.
    #[must_use]
    pub fn name_language(&self, language: &str) -> Option<&'static str> {
        match &self.reason {
            Reason::Holiday(_, holiday) => {
                Some(holiday.name.spoken(language).1).filter(|tag| *tag != language)
            }
            Reason::Entered { .. } => None,
        }
    }

    /// The word that ends the Fluent id of its sort: `day-kind-mourning`, `day-kind-public`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match &self.reason {
            Reason::Holiday(_, holiday) => holiday.kind.as_str(),
            Reason::Entered { kind, .. } => kind.as_str(),
        }
    }

    /// Whether offices are closed.
    #[must_use]
    pub const fn is_day_off(&self) -> bool {
        match &self.reason {
            Reason::Holiday(_, holiday) => holiday.kind.is_day_off(),
            Reason::Entered { kind, .. } => matches!(kind, EnteredKind::DayOff),
        }
    }

    /// Whether what is festive should wait.
    #[must_use]
    pub const fn is_solemn(&self) -> bool {
        matches!(
            &self.reason,
            Reason::Entered {
                kind: EnteredKind::Mourning | EnteredKind::Sensitive,
                ..
            }
        )
    }

    /// Whose holiday it is; none of an entered day.
    #[must_use]
    pub const fn country(&self) -> Option<Country> {
        match &self.reason {
            Reason::Holiday(country, _) => Some(*country),
            Reason::Entered { .. } => None,
        }
    }

    /// Whether it touches `date`.
    #[must_use]
    pub fn touches(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

/// The holidays of Viet Nam and of these countries, each country once. A festival of custom abroad is not in the table.
#[must_use]
pub fn holidays(countries: &[String], from: NaiveDate, to: NaiveDate) -> Vec<Day> {
    let mut known: Vec<Country> = countries.iter().filter_map(|code| code.parse().ok()).collect();
    known.push(Country::VIET_NAM);
    known.sort_unstable();
    known.dedup();
    let of = |country| {
        chancery_days::holidays(country, from, to).map(move |holiday| Day {
            from: holiday.date,
            to: holiday.date,
            reason: Reason::Holiday(country, holiday),
        })
    };
    let mut days: Vec<Day> = known.into_iter().flat_map(of).collect();
    // Viet Nam's first, then days off before the others.
    let rank = |day: &Day| match &day.reason {
        Reason::Holiday(country, holiday) => {
            (*country != Country::VIET_NAM, holiday.kind != HolidayKind::Public)
        }
        Reason::Entered { .. } => (false, false),
    };
    days.sort_by_key(|day| (day.from, rank(day)));
    days
}
