//! The Vietnamese lunar calendar (*âm lịch*).
//!
//! It is the Chinese one by the rules (a month begins on the day of the new moon, the eleventh holds the winter solstice,
//! and in a year of thirteen months the first without a major solar term is the leap month) but seen from Ha Noi, at
//! UTC+7, since 1 January 1968 (Decision 121/CP of 8 August 1967). A new moon between 23:00 and midnight there is after
//! midnight in Beijing, so months, leap months and Tết itself differ now and then: in 1985 by a month, in 2007 by a day.
//! Until 1975 the South went by Beijing's day: its Tết of 1968 was 30 January. What is given here is the North's.
//!
//! Astronomy and rules are `calendrical_calculations` (ICU4X), at our meridian.

use std::fmt;
use std::ops::RangeInclusive;

use calendrical_calculations::chinese_based::{ChineseBased, YearBounds, month_structure_for_year};
use calendrical_calculations::rata_die::RataDie;
use chrono::{Datelike, Days, NaiveDate};

use crate::DaysError;

/// A day of the lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LunarDate {
    date: NaiveDate,
    year: i32,
    month: u8,
    leap: bool,
    day: u8,
}

impl LunarDate {
    /// The lunar years that were compared with another source.
    pub const YEARS: RangeInclusive<i32> = 1968..=2100;

    /// What `date` is in the lunar calendar.
    ///
    /// # Errors
    /// [`DaysError::NotInCalendar`]: its lunar year is outside [`Self::YEARS`].
    pub fn of(date: NaiveDate) -> Result<Self, DaysError> {
        let of_year = |number: i32| {
            let months = Year::new(number).ok()?.months;
            let month = months.into_iter().rfind(|month| month.first <= date)?;
            let day = u8::try_from((date - month.first).num_days() + 1).ok()?;
            (day <= month.days).then_some(Self {
                date,
                year: number,
                month: month.number,
                leap: month.leap,
                day,
            })
        };
        // January, and a part of February, belong to the lunar year before.
        [date.year(), date.year() - 1]
            .into_iter()
            .find_map(of_year)
            .ok_or(DaysError::NotInCalendar)
    }

    /// The day of this lunar `year` (named by the year of the common calendar in which it begins), `month` (1 to 12;
    /// `leap`: the one that follows the month of this number) and `day`.
    ///
    /// # Errors
    /// [`DaysError::NotInCalendar`]: the year has no such leap month, the month no such day.
    pub fn new(year: i32, month: u8, leap: bool, day: u8) -> Result<Self, DaysError> {
        let date = Year::new(year)?
            .date(month, leap, day)
            .ok_or(DaysError::NotInCalendar)?;
        Ok(Self {
            date,
            year,
            month,
            leap,
            day,
        })
    }

    /// The same day in the common calendar.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.date
    }

    /// The year of the common calendar in which this lunar year began.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Whether it is the month put in after the one of the same number (*tháng nhuận*).
    #[must_use]
    pub const fn is_leap(self) -> bool {
        self.leap
    }

    /// 1 to 30.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// What the year is called: one of ten stems, one of twelve branches (*can chi*).
    #[must_use]
    pub fn year_name(self) -> String {
        const STEMS: [&str; 10] = [
            "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý",
        ];
        const BRANCHES: [&str; 12] = [
            "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi",
        ];
        // The year 4 was the first of a cycle.
        let place = |of: i32| usize::try_from((self.year - 4).rem_euclid(of)).unwrap_or_default();
        let stem = STEMS.get(place(10)).unwrap_or(&"");
        let branch = BRANCHES.get(place(12)).unwrap_or(&"");
        format!("{stem} {branch}")
    }

    /// What the month is called.
    #[must_use]
    pub fn month_name(self) -> &'static str {
        const NAMES: [&str; 12] = [
            "Giêng",
            "Hai",
            "Ba",
            "Tư",
            "Năm",
            "Sáu",
            "Bảy",
            "Tám",
            "Chín",
            "Mười",
            "Mười Một",
            "Chạp",
        ];
        let name = NAMES.get(usize::from(self.month).wrapping_sub(1));
        name.copied().unwrap_or_default()
    }
}

/// In Vietnamese: *mùng 1 tháng Giêng năm Bính Ngọ*, *rằm tháng Tám năm Bính Ngọ*.
impl fmt::Display for LunarDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            day @ 1..=10 => write!(formatter, "mùng {day}"),
            15 => write!(formatter, "rằm"),
            day => write!(formatter, "ngày {day}"),
        }?;
        let leap = if self.leap { " nhuận" } else { "" };
        write!(
            formatter,
            " tháng {}{leap} năm {}",
            self.month_name(),
            self.year_name()
        )
    }
}

/// A lunar year, month by month.
#[derive(Debug)]
pub struct Year {
    months: Vec<Month>,
}

#[derive(Debug, Clone, Copy)]
struct Month {
    number: u8,
    leap: bool,
    first: NaiveDate,
    days: u8,
}

impl Year {
    /// The year that begins in this year of the common calendar.
    pub fn new(number: i32) -> Result<Self, DaysError> {
        let summer = NaiveDate::from_ymd_opt(number, 7, 1)
            .filter(|_| LunarDate::YEARS.contains(&number))
            .ok_or(DaysError::NotInCalendar)?;
        let bounds = YearBounds::compute::<HaNoi>(RataDie::new(i64::from(summer.num_days_from_ce())));
        let (long, leap) = month_structure_for_year::<HaNoi>(bounds.new_year, bounds.next_new_year);
        let mut first = i32::try_from(bounds.new_year.to_i64_date())
            .ok()
            .and_then(NaiveDate::from_num_days_from_ce_opt)
            .ok_or(DaysError::NotInCalendar)?;
        let (mut months, mut number) = (Vec::with_capacity(13), 0);
        for (place, long) in (1..).zip(long).take(if leap.is_some() { 13 } else { 12 }) {
            let leap = leap == Some(place);
            number += u8::from(!leap);
            let days = if long { 30 } else { 29 };
            months.push(Month {
                number,
                leap,
                first,
                days,
            });
            first = first + Days::new(days.into());
        }
        Ok(Self { months })
    }

    /// A day of it in the common calendar.
    pub fn date(&self, month: u8, leap: bool, day: u8) -> Option<NaiveDate> {
        let found = |other: &&Month| (other.number, other.leap) == (month, leap);
        let month = self.months.iter().find(found)?;
        (1..=month.days)
            .contains(&day)
            .then(|| month.first + Days::new(u64::from(day) - 1))
    }

    /// New Year’s Eve: the 29th or 30th of the last month.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let month = self.months.last()?;
        Some(month.first + Days::new(u64::from(month.days) - 1))
    }
}

/// Where the moon is looked at.
struct HaNoi;

impl ChineseBased for HaNoi {
    fn utc_offset(_: RataDie) -> f64 {
        7.0 / 24.0
    }

    // The calendar's numbered years are not used here: years are named by the common calendar.
    const EPOCH: RataDie = RataDie::new(1);
    const DEBUG_NAME: &'static str = "vietnamese";
}
