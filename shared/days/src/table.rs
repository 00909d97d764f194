//! The days of other countries. `data/holidays.tsv` is made by `scripts/holidays`; `data/README.md` says what is in it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::{Country, Holiday, Kind, Name};

const FILE: &str = include_str!("../data/holidays.tsv");

static TABLE: LazyLock<BTreeMap<Country, Vec<Holiday>>> = LazyLock::new(|| {
    let mut table: BTreeMap<Country, Vec<Holiday>> = BTreeMap::new();
    for (country, days) in lines().filter_map(read) {
        table.entry(country).or_default().extend(days);
    }
    for days in table.values_mut() {
        days.sort_by_key(|day| (day.date, day.kind));
    }
    table
});

/// Whose days they are, and which version: a package's name and number.
#[must_use]
pub fn source() -> &'static str {
    header("source")
}

/// The years for which the table says something; the first and last are whole.
#[must_use]
pub fn years() -> RangeInclusive<i32> {
    let (first, last) = header("years").split_once('-').unwrap_or_default();
    first.parse().unwrap_or_default()..=last.parse().unwrap_or_default()
}

pub fn countries() -> impl Iterator<Item = Country> {
    TABLE.keys().copied()
}

pub fn of(country: Country) -> &'static [Holiday] {
    TABLE.get(&country).map_or(&[], Vec::as_slice)
}

fn header(key: &str) -> &'static str {
    FILE.lines()
        .map_while(|line| line.strip_prefix("# "))
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .unwrap_or_default()
}

fn lines() -> impl Iterator<Item = &'static str> {
    FILE.lines().filter(|line| !line.starts_with('#'))
}

/// One name of one country, and every day on which it falls; `~` before a date says that it is estimated.
fn read(line: &'static str) -> Option<(Country, impl Iterator<Item = Holiday>)> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    let (country, kind, language) = (next()?, next()?, next()?);
    let (en, local, dates) = (next()?, next()?, next()?);
    let kind = match kind {
        "public" => Kind::Public,
        "substitute" => Kind::Substitute,
        // In Ukraine under martial law.
        "commemoration" => Kind::Commemoration,
        _ => return None,
    };
    let local = if local.is_empty() { en } else { local };
    let days = dates.split(' ').filter_map(move |text| {
        let date = text.strip_prefix('~').unwrap_or(text);
        Some(Holiday {
            date: NaiveDate::parse_from_str(date, "%Y%m%d").ok()?,
            name: Name { en, local, language },
            kind,
            estimated: text.starts_with('~'),
        })
    });
    Some((Country(country), days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood_to_the_last_date() {
        for line in lines() {
            let dates = line.split(['\t', ' ']).filter(|text| {
                let text = text.strip_prefix('~').unwrap_or(text);
                text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())
            });
            assert_eq!(
                read(line).map(|(_, days)| days.count()),
                Some(dates.count()),
                "{line}"
            );
        }
    }
}
