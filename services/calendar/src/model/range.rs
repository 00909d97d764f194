//! The stretch of days that a board shows.

use chancery_clock::{Tz, WallTime};
use chancery_contracts::vocabulary;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

vocabulary! {
    /// How the board is laid out.
    View {
        /// The weeks of a month.
        Month = "month",
        /// Seven days, hour by hour.
        Week = "week",
        /// One day, hour by hour.
        Day = "day",
        /// Four weeks as a list.
        Agenda = "agenda",
        /// A week, a lane for each channel.
        Lanes = "lanes",
    }
}

/// Days from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

impl Range {
    /// The most days that are shown at once.
    pub const MOST: u64 = 62;

    /// What `view` shows around `date`. Weeks begin on Monday.
    #[must_use]
    pub fn of(view: View, date: NaiveDate) -> Self {
        match view {
            View::Month => {
                let first = date.with_day(1).unwrap_or(date);
                Self {
                    first: monday(first),
                    last: monday(month_later(first, 1) - Days::new(1)) + Days::new(6),
                }
            }
            View::Week | View::Lanes => Self {
                first: monday(date),
                last: monday(date) + Days::new(6),
            },
            View::Day => Self {
                first: date,
                last: date,
            },
            View::Agenda => Self {
                first: monday(date),
                last: monday(date) + Days::new(27),
            },
        }
    }

    /// The same days, but no more than [`Self::MOST`], and not backwards.
    #[must_use]
    pub fn bounded(first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            first,
            last: last.clamp(first, first + Days::new(Self::MOST - 1)),
        }
    }

    /// Its days.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }

    /// How many days it has.
    #[must_use]
    pub fn day_count(self) -> usize {
        usize::try_from((self.last - self.first).num_days() + 1).unwrap_or_default()
    }

    /// The instants at which its days begin on walls in `zone`, and the one at which the last ends. A day that the zone
    /// skips is empty.
    #[must_use]
    pub fn midnights(self, zone: Tz) -> Vec<DateTime<Utc>> {
        self.days()
            .chain([self.last + Days::new(1)])
            .map(|day| {
                let at = day.and_time(NaiveTime::MIN);
                WallTime { at, zone }.resolve().instant()
            })
            .collect()
    }
}

/// Where to look next and before: a month, a week, a day on.
#[must_use]
pub fn step(view: View, date: NaiveDate, forward: bool) -> NaiveDate {
    let days = match view {
        View::Month => return month_later(date.with_day(1).unwrap_or(date), if forward { 1 } else { -1 }),
        View::Week | View::Lanes => 7,
        View::Day => 1,
        View::Agenda => 28,
    };
    if forward {
        date + Days::new(days)
    } else {
        date - Days::new(days)
    }
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Days::new(date.weekday().num_days_from_monday().into())
}

/// The first of a month, so many months on.
fn month_later(first: NaiveDate, months: i32) -> NaiveDate {
    let number = first.year() * 12 + i32::try_from(first.month0()).unwrap_or_default() + months;
    let month = u32::try_from(number.rem_euclid(12)).unwrap_or_default() + 1;
    NaiveDate::from_ymd_opt(number.div_euclid(12), month, 1).unwrap_or(first)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_whole_weeks() {
        let range = Range::of(View::Month, day("2026-11-22"));
        assert_eq!((range.first, range.last), (day("2026-10-26"), day("2026-12-06")));
        assert_eq!(range.day_count(), 42);
        let february = Range::of(View::Month, day("2027-02-10"));
        assert_eq!(february.day_count(), 28);
    }

    #[test]
    fn a_step_from_the_end_of_a_month_never_skips_one() {
        assert_eq!(step(View::Month, day("2027-01-31"), true), day("2027-02-01"));
        assert_eq!(step(View::Month, day("2026-03-31"), false), day("2026-02-01"));
        assert_eq!(step(View::Month, day("2026-12-31"), true), day("2027-01-01"));
    }

    #[test]
    fn days_begin_when_a_wall_says_so() {
        let range = Range::bounded(day("2026-10-25"), day("2026-10-25"));
        let paris = range.midnights(Tz::Europe__Paris);
        // The day on which summer time ends has 25 hours.
        assert_eq!((*paris.last().unwrap() - *paris.first().unwrap()).num_hours(), 25);
    }

    #[test]
    fn a_day_that_never_was_is_empty() {
        let range = Range::bounded(day("2011-12-29"), day("2011-12-31"));
        let apia = range.midnights(Tz::Pacific__Apia);
        assert_eq!(apia.get(1), apia.get(2));
    }
}
