//! The lunar calendar, against another source: `tests/lunar.tsv`, which `scripts/holidays` makes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use chancery_days::{DaysError, LunarDate};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

/// The new moon of 7 May 2054 is a quarter of a minute from midnight in Ha Noi. How far the Earth will have turned by then
/// is not known so well: the sources differ, and nobody is right yet.
const DOUBTFUL: &str = "2054-05-08";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn every_month_of_every_year_is_that_of_the_other_source() {
    let mut years = 0;
    for line in include_str!("lunar.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let [new_year, leap, lengths] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let (mut first, leap) = (day(new_year), leap.parse::<u8>().unwrap());
        let year = LunarDate::of(first).unwrap().year();
        let (mut number, mut is_leap) = (0, false);
        for length in lengths.split(' ') {
            is_leap = number == leap && leap > 0 && !is_leap;
            number += u8::from(!is_leap);
            let begins = LunarDate::new(year, number, is_leap, 1).unwrap();
            if first != day(DOUBTFUL) {
                assert_eq!(begins.date(), first, "{begins}");
            }
            first = first + Days::new(length.parse().unwrap());
        }
        assert_eq!(number, 12, "{year}");
        years += 1;
    }
    assert_eq!(years, LunarDate::YEARS.count());
}

#[test]
fn new_year_is_on_the_day_that_people_remember() {
    // 1968 in the North; 1985, 2007, 2030 and 2053 are those on which Beijing has another day.
    for text in [
        "1968-01-29",
        "1985-01-21",
        "2007-02-17",
        "2025-01-29",
        "2026-02-17",
        "2027-02-06",
        "2030-02-02",
        "2053-02-18",
    ] {
        let date = LunarDate::of(day(text)).unwrap();
        assert_eq!(
            (date.month(), date.is_leap(), date.day()),
            (1, false, 1),
            "{text}"
        );
    }
}

#[test]
fn days_have_the_names_that_people_say() {
    for (text, name) in [
        ("2026-02-17", "mùng 1 tháng Giêng năm Bính Ngọ"),
        ("2026-09-25", "rằm tháng Tám năm Bính Ngọ"),
        ("2027-01-30", "ngày 23 tháng Chạp năm Bính Ngọ"),
        ("2025-07-25", "mùng 1 tháng Sáu nhuận năm Ất Tỵ"),
        ("1968-01-29", "mùng 1 tháng Giêng năm Mậu Thân"),
        ("2033-12-22", "mùng 1 tháng Mười Một nhuận năm Quý Sửu"),
    ] {
        assert_eq!(LunarDate::of(day(text)).unwrap().to_string(), name);
    }
}

#[test]
fn what_is_not_in_the_calendar_is_refused() {
    for (year, month, leap, day) in [
        (2026, 13, false, 1),
        (2026, 0, false, 1),
        (2026, 6, true, 1),
        (2026, 1, false, 31),
        (2026, 1, false, 0),
        (1967, 1, false, 1),
        (2101, 1, false, 1),
        (i32::MAX, 1, false, 1),
    ] {
        assert_eq!(
            LunarDate::new(year, month, leap, day),
            Err(DaysError::NotInCalendar)
        );
    }
    for text in ["1968-01-28", "1967-12-31", "2101-06-01"] {
        assert_eq!(LunarDate::of(day(text)), Err(DaysError::NotInCalendar), "{text}");
    }
    assert_eq!(LunarDate::of(NaiveDate::MAX), Err(DaysError::NotInCalendar));
    assert_eq!(LunarDate::of(NaiveDate::MIN), Err(DaysError::NotInCalendar));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back_is_the_same_day(after in 0_u64..48_000) {
        let date = day("1968-01-29") + Days::new(after);
        let lunar = LunarDate::of(date).unwrap();
        prop_assert_eq!(lunar.date(), date);
        prop_assert_eq!(LunarDate::new(lunar.year(), lunar.month(), lunar.is_leap(), lunar.day()), Ok(lunar));
    }
}
