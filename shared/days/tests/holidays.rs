//! The days of Viet Nam and of other countries.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use chancery_days::{Country, DaysError, Holiday, Kind, holidays, table_source, table_years};
use chrono::{Datelike, NaiveDate};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn in_year(country: Country, year: i32) -> Vec<Holiday> {
    holidays(
        country,
        day(&format!("{year}-01-01")),
        day(&format!("{year}-12-31")),
    )
    .collect()
}

fn dates(country: &str, year: i32, name: &str) -> Vec<String> {
    let days = in_year(country.parse().unwrap(), year).into_iter();
    days.filter(|day| day.name.en == name)
        .map(|day| day.date.to_string())
        .collect()
}

#[test]
fn viet_nams_days_fall_as_the_law_and_the_moon_say() {
    for (year, name, date) in [
        (2026, "Lunar New Year’s Eve", "2026-02-16"),
        (2030, "Lunar New Year’s Day", "2030-02-02"),
        (2026, "Hùng Kings Commemoration Day", "2026-04-26"),
        (2025, "Hùng Kings Commemoration Day", "2025-04-07"),
        (2025, "Vesak", "2025-05-12"),
        (2026, "Mid-Autumn Festival", "2026-09-25"),
        (2025, "Mid-Autumn Festival", "2025-10-06"),
        (2027, "Kitchen Gods’ Day", "2027-01-30"),
        (2026, "National Day", "2026-09-02"),
        (2026, "Viet Nam Culture Day", "2026-11-24"),
        (
            2026,
            "Founding Day of Viet Nam’s Diplomatic Service",
            "2026-08-28",
        ),
    ] {
        assert_eq!(dates("VN", year, name), [date], "{name}");
    }
    assert!(
        dates("VN", 2025, "Viet Nam Culture Day").is_empty(),
        "it began in 2026"
    );
    let kept: Vec<_> = in_year(Country::VIET_NAM, 2028)
        .into_iter()
        .map(|day| day.kind)
        .collect();
    for kind in [Kind::Public, Kind::Commemoration, Kind::Festival, Kind::Diplomacy] {
        assert!(kept.contains(&kind), "{kind:?}");
    }
}

#[test]
fn viet_nams_days_are_there_every_year_once_in_both_languages() {
    for year in 1969..=2100 {
        let days = in_year(Country::VIET_NAM, year);
        let new_year = days
            .iter()
            .filter(|day| day.name.local == "Tết Nguyên đán")
            .count();
        let off = days.iter().filter(|day| day.kind == Kind::Public).count();
        assert!(new_year == 1 && (7..=11).contains(&off), "{year}: {off}");
        assert!(days.is_sorted_by_key(|day| day.date), "{year}");
        assert!(
            days.iter()
                .all(|day| day.date.year() == year && day.name.of("vi") != day.name.of("en"))
        );
    }
}

#[test]
fn hosts_days_are_known_in_their_language_and_in_english() {
    let days = in_year("LA".parse().unwrap(), 2027);
    let national = days.iter().find(|found| found.date == day("2027-12-02")).unwrap();
    assert_eq!(
        (national.name.en, national.name.language),
        ("Lao National Day", "lo")
    );
    assert_eq!(national.name.of("lo"), "ວັນຊາດ");
    assert_eq!(national.name.of("vi"), national.name.en);
    let christmas = in_year("FR".parse().unwrap(), 2027);
    let christmas = christmas
        .iter()
        .find(|found| found.date == day("2027-12-25"))
        .unwrap();
    assert_eq!(christmas.name.spoken("vi"), ("Lễ Giáng sinh", "vi"));
    assert_eq!(national.name.spoken("vi"), ("Lao National Day", "en"));
    assert_eq!(dates("FR", 2027, "National Day"), ["2027-07-14"]);
    // A Saturday: the United States keep it on the Friday, too.
    let july: Vec<_> = holidays("US".parse().unwrap(), day("2026-07-01"), day("2026-07-31"))
        .map(|found| (found.date.day(), found.kind))
        .collect();
    assert_eq!(july, [(3, Kind::Substitute), (4, Kind::Public)]);
    // Where the moon must be seen first.
    let eid = in_year("EG".parse().unwrap(), 2028);
    assert!(
        eid.iter()
            .any(|day| day.name.en.starts_with("Eid al-Fitr") && day.estimated)
    );
}

#[test]
fn every_country_has_days_in_every_year_of_the_table() {
    let years = table_years();
    assert_eq!(years.clone().count(), 7, "last year, this one and five more");
    assert!(Country::all().count() > 200);
    for country in Country::all() {
        for year in years.clone() {
            let days = in_year(country, year);
            assert!(!days.is_empty(), "{country} {year}");
            assert!(days.is_sorted_by_key(|day| day.date), "{country} {year}");
            assert!(
                days.iter()
                    .all(|day| !day.name.en.is_empty() && !day.name.local.is_empty())
            );
        }
        assert!(in_year(country, years.end() + 1).is_empty() || country == Country::VIET_NAM);
    }
}

#[test]
fn a_range_has_both_its_ends_and_an_empty_one_nothing() {
    let france: Country = "FR".parse().unwrap();
    let found = |from, to| holidays(france, day(from), day(to)).count();
    assert_eq!(found("2027-07-14", "2027-07-14"), 1);
    assert_eq!(found("2027-07-15", "2027-07-31"), 0);
    assert_eq!(found("2027-12-31", "2027-01-01"), 0);
    let everything = holidays(Country::VIET_NAM, NaiveDate::MIN, NaiveDate::MAX).count();
    assert!((3_000..6_000).contains(&everything), "{everything}");
}

#[test]
fn a_country_that_nobody_knows_is_refused() {
    for code in ["XX", "la", "LAO", ""] {
        assert_eq!(code.parse::<Country>(), Err(DaysError::Country(code.to_owned())));
    }
}

#[test]
fn the_table_was_made_by_the_script_that_is_there() {
    let pinned = include_str!("../data/requirements.txt");
    let pinned = pinned
        .lines()
        .find_map(|line| line.strip_prefix("holidays=="))
        .unwrap();
    assert_eq!(
        table_source(),
        format!("holidays {pinned}"),
        "run scripts/holidays"
    );
}
