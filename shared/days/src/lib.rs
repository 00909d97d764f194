//! Days that matter: public holidays of every country, Viet Nam's own days, and the Vietnamese lunar calendar.
//!
//! ```
//! # use chancery_days::{Country, LunarDate, holidays};
//! # use chrono::NaiveDate;
//! let january = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
//! let march = NaiveDate::from_ymd_opt(2027, 3, 31).unwrap();
//! let first = holidays(Country::VIET_NAM, january, march).find(|day| day.name.en == "Lunar New Year’s Day").unwrap();
//! assert_eq!(first.date, NaiveDate::from_ymd_opt(2027, 2, 6).unwrap());
//! assert_eq!(LunarDate::of(first.date).unwrap().to_string(), "mùng 1 tháng Giêng năm Đinh Mùi");
//! ```
//!
//! Nothing here reads a file or a clock. Viet Nam's days are rules in [`vietnam`](self), good for as long as the lunar
//! calendar is ([`LunarDate::YEARS`]); those of other countries are a table in the binary for the years [`table_years`],
//! which `scripts/holidays` makes (`data/README.md`). Only what the whole country keeps is in it, no days of provinces
//! and states. What a government decides for one year (days swapped, the fifth day of Tết, mourning) is no rule: people
//! enter it.

mod country;
mod holiday;
mod lunar;
mod table;
mod vietnam;
mod vietnamese;

pub use country::Country;
pub use holiday::{Holiday, Kind, Name};
pub use lunar::LunarDate;
pub use table::{source as table_source, years as table_years};

use chrono::NaiveDate;

/// Why something is no day or no country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// The lunar calendar has no such day, or its year is outside [`LunarDate::YEARS`].
    #[error("the lunar calendar has no such day between {} and {}", LunarDate::YEARS.start(), LunarDate::YEARS.end())]
    NotInCalendar,
    /// No country of this code, or one whose days nobody has written down.
    #[error("no holidays are known of a country “{0}”")]
    Country(String),
}

/// The days of `country` from `from` to `to`, both included, by date. Of a country in the table: none outside
/// [`table_years`].
pub fn holidays(country: Country, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = Holiday> {
    let own = (country == Country::VIET_NAM).then(|| vietnam::between(from, to));
    let theirs = table::of(country)
        .iter()
        .copied()
        .skip_while(move |day| day.date < from)
        .take_while(move |day| day.date <= to);
    own.into_iter().flatten().chain(theirs)
}
