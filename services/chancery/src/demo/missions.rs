//! The missions abroad, from a table: one line each.

use serde::Deserialize;

use super::content::{Names, Unit};
use crate::error::Failure;

/// All of Viet Nam's missions as far as is publicly known. `languages` are BCP 47 tags with spaces between.
const TABLE: &str = include_str!("../../demo/missions.csv");

/// To whom missions report.
const MINISTRY: &str = "ministry";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mission {
    slug: String,
    kind: String,
    country: String,
    region: String,
    city_vi: String,
    city_en: String,
    zone: String,
    languages: String,
    vi: String,
    en: String,
}

impl From<Mission> for Unit {
    fn from(mission: Mission) -> Self {
        Self {
            slug: mission.slug,
            parent: Some(MINISTRY.to_owned()),
            kind: mission.kind,
            vi: mission.vi,
            en: mission.en,
            city: Some(Names {
                vi: mission.city_vi,
                en: mission.city_en,
            }),
            country: Some(mission.country),
            zone: Some(mission.zone),
            languages: mission.languages.split(' ').map(str::to_owned).collect(),
            region: Some(mission.region),
        }
    }
}

/// The missions, in the order of the table.
///
/// # Errors
/// The table is wrong: the sentence says where.
pub fn read() -> Result<Vec<Unit>, Failure> {
    csv::Reader::from_reader(TABLE.as_bytes())
        .deserialize::<Mission>()
        .map(|mission| mission.map(Unit::from))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::said(format!("demo/missions.csv: {error}")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken file should stop the test")]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use chancery_days::Country;
    use chancery_identity::model::unit::{Region, UnitKind};
    use chancery_newsroom::endonym;
    use chrono_tz::Tz;

    use super::*;

    #[test]
    fn every_mission_is_one_that_the_product_knows_all_about() {
        let missions = read().unwrap();
        let slugs: HashSet<_> = missions.iter().map(|mission| &mission.slug).collect();
        assert_eq!(slugs.len(), missions.len(), "a slug is taken twice");
        for mission in &missions {
            let slug = &mission.slug;
            assert!(
                UnitKind::parse(&mission.kind).is_some_and(UnitKind::is_mission),
                "{slug}"
            );
            let region = mission.region.as_deref().and_then(Region::parse);
            assert!(region.is_some_and(|region| region != Region::Home), "{slug}");
            mission.zone.as_deref().unwrap().parse::<Tz>().unwrap();
            let country = mission.country.as_deref().unwrap();
            assert!(country.parse::<Country>().is_ok(), "{slug}: {country}");
            assert!(
                mission.languages.starts_with(&["vi".to_owned(), "en".to_owned()]),
                "{slug}"
            );
            for language in &mission.languages {
                assert!(
                    language == "en" || endonym(language) != language,
                    "{slug}: {language}"
                );
            }
        }
    }

    #[test]
    fn the_network_is_whole() {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for mission in read().unwrap() {
            *kinds.entry(mission.kind).or_default() += 1;
        }
        let kinds: Vec<_> = kinds
            .iter()
            .map(|(kind, count)| (kind.as_str(), *count))
            .collect();
        assert_eq!(
            kinds,
            [
                ("consulate_general", 24),
                ("embassy", 70),
                ("office", 1),
                ("permanent_mission", 4)
            ]
        );
    }

    #[test]
    fn names_are_written_as_the_ministry_writes_them() {
        for mission in read().unwrap() {
            let (vi, en) = match mission.kind.as_str() {
                "embassy" => ("Đại sứ quán Việt Nam tại ", "Embassy of Viet Nam in "),
                "consulate_general" => (
                    "Tổng Lãnh sự quán Việt Nam tại ",
                    "Consulate General of Viet Nam in ",
                ),
                "permanent_mission" => ("Phái đoàn Thường trực Việt Nam ", "Permanent "),
                _ => ("Văn phòng ", "Viet Nam "),
            };
            assert!(
                mission.vi.starts_with(vi) && mission.en.starts_with(en),
                "{}",
                mission.slug
            );
        }
    }
}
