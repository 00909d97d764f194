//! What comes again: a rule made of plain choices, walked on a calendar without zones and resolved like any other time.
//!
//! A rule never invents a day. “Every month on the 31st” leaves out months without one, and 29 February comes in leap
//! years: [`Rule::note`] has it said in words, and “the last day of the month” is a choice of its own.

use chancery_clock::{Resolution, Tz, WallTime};
use chancery_contracts::vocabulary;
use chancery_days::LunarDate;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far ahead dates are looked for: 29 February can be eight years away.
const HORIZON: u64 = 9 * 366;

/// When something comes again, on the mission's own wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rule {
    /// On which days.
    #[serde(flatten)]
    pub every: Every,
    /// At what time of day.
    #[schema(value_type = String)]
    pub time: NaiveTime,
}

/// The days of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "every", rename_all = "snake_case")]
pub enum Every {
    /// Every week on these days, 1 (Monday) to 7.
    Week {
        /// Which.
        days: Vec<u8>,
    },
    /// Every month on this day, 1 to 31. Months without it are left out.
    Month {
        /// Which.
        day: u32,
    },
    /// Every month on its last day.
    MonthEnd,
    /// Every year on this date. 29 February comes in leap years.
    Year {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// Every lunar year on this day, never of a leap month.
    Lunar {
        /// 1 to 12.
        month: u8,
        /// 1 to 30. The 30th of a month of 29 days is left out.
        day: u8,
    },
}

vocabulary! {
    /// What must be said about a rule.
    Caveat {
        /// Months without that day are left out.
        ShortMonths = "short_months",
        /// Only in leap years.
        LeapYears = "leap_years",
        /// The month has sometimes 29 days only.
        ShortLunarMonth = "short_lunar_month",
    }
}

/// Why a rule is refused: it never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this rule has no day")]
pub struct NoDay;

/// One date of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What the wall shows.
    pub wall: WallTime,
    /// The instant meant.
    pub at: DateTime<Utc>,
    /// Whether the clocks skip that time, or show it twice.
    pub resolution: Resolution,
}

impl Rule {
    /// Insists that the rule has days.
    ///
    /// # Errors
    /// [`NoDay`]: no weekday is chosen, or there is no such date in any year.
    pub fn check(&self) -> Result<(), NoDay> {
        let fine = match &self.every {
            Every::Week { days } => !days.is_empty() && days.iter().all(|day| (1..=7).contains(day)),
            Every::Month { day } => (1..=31).contains(day),
            Every::MonthEnd => true,
            // 2000 was a leap year.
            Every::Year { month, day } => NaiveDate::from_ymd_opt(2000, *month, *day).is_some(),
            Every::Lunar { month, day } => (1..=12).contains(month) && (1..=30).contains(day),
        };
        if fine { Ok(()) } else { Err(NoDay) }
    }

    /// What must be said about it.
    #[must_use]
    pub const fn note(&self) -> Option<Caveat> {
        match self.every {
            Every::Month { day: 29..=31 } => Some(Caveat::ShortMonths),
            Every::Year { month: 2, day: 29 } => Some(Caveat::LeapYears),
            Every::Lunar { day: 30, .. } => Some(Caveat::ShortLunarMonth),
            _ => None,
        }
    }

    /// Its dates after `after`, in order, as far as nine years ahead.
    pub fn hits(&self, after: DateTime<Utc>, zone: Tz) -> impl Iterator<Item = Hit> + '_ {
        // A day of slack: a time inside a gap resolves to later than its wall reading.
        let first = WallTime::of(after, zone).at.date() - Days::new(1);
        let time = self.time;
        self.days(first)
            .map(move |day| {
                let wall = WallTime {
                    at: day.and_time(time),
                    zone,
                };
                let resolution = wall.resolve();
                Hit {
                    wall,
                    at: resolution.instant(),
                    resolution,
                }
            })
            .filter(move |hit| hit.at > after)
    }

    /// Its days from `first` on.
    fn days(&self, first: NaiveDate) -> Box<dyn Iterator<Item = NaiveDate> + Send + '_> {
        if let Every::Lunar { month, day } = self.every {
            // Reckoning the moon is slow: once a year, not once a day. Its year begins up to two months late.
            let years = first.year() - 1..first.year() + 9;
            let dates = years.filter_map(move |year| LunarDate::new(year, month, false, day).ok());
            return Box::new(dates.map(LunarDate::date).filter(move |date| *date >= first));
        }
        let all = (0..HORIZON).filter_map(move |n| first.checked_add_days(Days::new(n)));
        Box::new(all.filter(move |day| self.falls_on(*day)))
    }

    fn falls_on(&self, day: NaiveDate) -> bool {
        match &self.every {
            Every::Week { days } => days.contains(&iso(day.weekday())),
            Every::Month { day: wanted } => day.day() == *wanted,
            Every::MonthEnd => day.succ_opt().is_none_or(|next| next.month() != day.month()),
            Every::Year { month, day: wanted } => (day.month(), day.day()) == (*month, *wanted),
            Every::Lunar { .. } => false,
        }
    }
}

const fn iso(weekday: Weekday) -> u8 {
    match weekday {
        Weekday::Mon => 1,
        Weekday::Tue => 2,
        Weekday::Wed => 3,
        Weekday::Thu => 4,
        Weekday::Fri => 5,
        Weekday::Sat => 6,
        Weekday::Sun => 7,
    }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]
mod tests {
    use super::*;

    fn dates(every: Every, time: &str, zone: Tz, after: &str, n: usize) -> Vec<String> {
        let rule = Rule {
            every,
            time: time.parse().unwrap(),
        };
        rule.check().unwrap();
        rule.hits(after.parse().unwrap(), zone)
            .take(n)
            .map(|hit| hit.at.format("%Y-%m-%dT%H:%M").to_string())
            .collect()
    }

    const HANOI: Tz = Tz::Asia__Ho_Chi_Minh;

    #[test]
    fn every_week_on_its_days_in_mission_time() {
        let days = vec![1, 4];
        let found = dates(Every::Week { days }, "09:00:00", HANOI, "2026-09-03T02:00:00Z", 3);
        assert_eq!(
            found,
            ["2026-09-07T02:00", "2026-09-10T02:00", "2026-09-14T02:00"]
        );
    }

    #[test]
    fn the_31st_leaves_short_months_out_and_the_last_day_does_not() {
        let rule = Rule {
            every: Every::Month { day: 31 },
            time: NaiveTime::MIN,
        };
        assert_eq!(rule.note(), Some(Caveat::ShortMonths));
        let found = dates(
            Every::Month { day: 31 },
            "00:00:00",
            Tz::UTC,
            "2026-01-31T00:00:00Z",
            3,
        );
        assert_eq!(
            found,
            ["2026-03-31T00:00", "2026-05-31T00:00", "2026-07-31T00:00"]
        );
        let found = dates(Every::MonthEnd, "00:00:00", Tz::UTC, "2027-12-31T00:00:00Z", 3);
        assert_eq!(
            found,
            ["2028-01-31T00:00", "2028-02-29T00:00", "2028-03-31T00:00"]
        );
    }

    #[test]
    fn the_29th_of_february_comes_in_leap_years() {
        let every = Every::Year { month: 2, day: 29 };
        let found = dates(every.clone(), "08:00:00", Tz::UTC, "2026-01-01T00:00:00Z", 2);
        assert_eq!(found, ["2028-02-29T08:00", "2032-02-29T08:00"]);
        assert_eq!(
            Rule {
                every,
                time: NaiveTime::MIN
            }
            .note(),
            Some(Caveat::LeapYears)
        );
        let nowhere = Every::Year { month: 2, day: 30 };
        assert_eq!(
            Rule {
                every: nowhere,
                time: NaiveTime::MIN
            }
            .check(),
            Err(NoDay)
        );
    }

    #[test]
    fn a_time_in_a_gap_is_the_first_after_it_and_no_day_is_lost() {
        let days = (1..=7).collect();
        let found = dates(
            Every::Week { days },
            "02:30:00",
            Tz::Europe__Paris,
            "2026-03-27T12:00:00Z",
            3,
        );
        assert_eq!(
            found,
            ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]
        );
        let rule = Rule {
            every: Every::Week { days: vec![7] },
            time: "02:30:00".parse().unwrap(),
        };
        let gap = rule
            .hits("2026-03-28T12:00:00Z".parse().unwrap(), Tz::Europe__Paris)
            .next()
            .unwrap();
        assert!(matches!(gap.resolution, Resolution::Gap(_)));
    }

    #[test]
    fn a_time_that_comes_twice_is_taken_once() {
        let days = (1..=7).collect();
        let found = dates(
            Every::Week { days },
            "02:30:00",
            Tz::Europe__Paris,
            "2026-10-24T12:00:00Z",
            2,
        );
        assert_eq!(found, ["2026-10-25T00:30", "2026-10-26T01:30"]);
    }

    #[test]
    fn lunar_days_move_with_the_moon() {
        let tet = dates(
            Every::Lunar { month: 1, day: 1 },
            "00:00:00",
            HANOI,
            "2026-01-01T00:00:00Z",
            3,
        );
        assert_eq!(tet, ["2026-02-16T17:00", "2027-02-05T17:00", "2028-01-25T17:00"]);
        let hung = dates(
            Every::Lunar { month: 3, day: 10 },
            "07:00:00",
            HANOI,
            "2026-01-01T00:00:00Z",
            1,
        );
        assert_eq!(hung, ["2026-04-26T00:00"]);
        // 2025 had a leap sixth month: its fifteenth is not kept twice.
        let full = dates(
            Every::Lunar { month: 6, day: 15 },
            "00:00:00",
            Tz::UTC,
            "2025-01-01T00:00:00Z",
            2,
        );
        assert_eq!(full.len(), 2);
        assert!(
            full[0].starts_with("2025-") && full[1].starts_with("2026-"),
            "{full:?}"
        );
    }

    #[test]
    fn a_rule_without_days_is_refused() {
        let every = Every::Week { days: vec![] };
        assert_eq!(
            Rule {
                every,
                time: NaiveTime::MIN
            }
            .check(),
            Err(NoDay)
        );
    }
}
