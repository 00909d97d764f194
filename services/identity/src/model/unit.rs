//! Units: the ministry, its departments and desks, its missions, and the agencies that supply them.

use chancery_contracts::ids::UnitId;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

use super::{FieldErrors, Names, is_plain_line};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$member_doc])* #[serde(rename = $text)] $member,)* }

        impl $name {
            /// Every member, in the order in which people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$member),*];

            /// The word in the database and at the end of Fluent ids.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $text),* }
            }

            /// The member of that name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.as_str() == text)
            }
        }
    };
}

words! {
    /// What a unit is.
    UnitKind {
        /// The root; there is one.
        Ministry = "ministry",
        /// *Vụ, Cục*.
        Department = "department",
        /// *Phòng*: a desk of a department, or a section of a mission.
        Desk = "desk",
        /// *Đại sứ quán*.
        Embassy = "embassy",
        /// *Tổng Lãnh sự quán*.
        ConsulateGeneral = "consulate_general",
        /// *Lãnh sự quán*.
        Consulate = "consulate",
        /// *Phái đoàn Thường trực*.
        PermanentMission = "permanent_mission",
        /// *Văn phòng*: economic and cultural, or a representative office.
        Office = "office",
        /// A ministry or press agency at home that supplies material.
        Agency = "agency",
        /// A province.
        Province = "province",
    }
}

impl UnitKind {
    /// Whether it is a mission abroad (*cơ quan đại diện*).
    #[must_use]
    pub const fn is_mission(self) -> bool {
        matches!(
            self,
            Self::Embassy | Self::ConsulateGeneral | Self::Consulate | Self::PermanentMission | Self::Office
        )
    }
}

words! {
    /// The part of the world by which headquarters groups its missions.
    Region {
        /// ASEAN and Timor-Leste.
        SoutheastAsia = "southeast_asia",
        /// China, Japan, Koreas, Mongolia.
        NortheastAsia = "northeast_asia",
        /// South and Central Asia.
        SouthAsia = "south_asia",
        /// Middle East.
        MiddleEast = "middle_east",
        /// Africa.
        Africa = "africa",
        /// Europe, Russia, Caucasus.
        Europe = "europe",
        /// The Americas.
        Americas = "americas",
        /// Australia, New Zealand, Pacific.
        Oceania = "oceania",
        /// Missions to international organisations.
        Multilateral = "multilateral",
        /// At home.
        Home = "home",
    }
}

/// A unit as somebody fills it in; [`UnitForm::check`] makes a [`UnitDraft`] of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct UnitForm {
    /// The unit above; none for the ministry itself.
    pub parent_id: String,
    /// A [`UnitKind`].
    pub kind: String,
    /// The unit's word in public addresses: `vientiane`.
    pub slug: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// City, in Vietnamese.
    pub city_vi: String,
    /// City, in English.
    pub city_en: String,
    /// ISO 3166-1 alpha-2 code of the host country.
    pub country: String,
    /// IANA time zone: `Asia/Vientiane`.
    pub zone: String,
    /// BCP 47 tags of the working languages, separated by spaces or commas.
    pub languages: String,
    /// A [`Region`], or nothing.
    pub region: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day, or nothing.
    pub valid_to: String,
    /// The unit that takes over after the last day, or nothing.
    pub successor_id: String,
}

/// A unit that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitDraft {
    /// See [`UnitForm::parent_id`].
    pub parent: Option<UnitId>,
    /// See [`UnitForm::kind`].
    pub kind: UnitKind,
    /// See [`UnitForm::slug`].
    pub slug: String,
    /// Both names.
    pub names: Names,
    /// Both names of the city, if it has one.
    pub city: Option<Names>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// IANA zone.
    pub zone: Tz,
    /// BCP 47 tags, normalised.
    pub languages: Vec<String>,
    /// Part of the world.
    pub region: Option<Region>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// Who takes over.
    pub successor: Option<UnitId>,
}

impl UnitForm {
    /// The draft, if every field is right.
    ///
    /// # Errors
    /// One finding a field.
    pub fn check(&self) -> Result<UnitDraft, FieldErrors> {
        let mut errors = FieldErrors::default();
        let kind = UnitKind::parse(&self.kind);
        errors.check(kind.is_some(), "kind", "units-error-kind");
        let parent = optional(&self.parent_id, |text| text.parse::<UnitId>().ok());
        errors.check(parent.is_ok(), "parent_id", "units-error-parent");
        if let (Some(kind), Ok(parent)) = (kind, parent) {
            errors.check(
                (kind == UnitKind::Ministry) == parent.is_none(),
                "parent_id",
                "units-error-parent",
            );
        }
        let slug = self.slug.trim();
        errors.check(is_slug(slug), "slug", "units-error-slug");
        let names = Names::new(self.name_vi.trim(), self.name_en.trim());
        errors.check(is_plain_line(&names.vi, 200), "name_vi", "units-error-name");
        errors.check(is_plain_line(&names.en, 200), "name_en", "units-error-name");
        let city = Names::new(self.city_vi.trim(), self.city_en.trim());
        let no_city = city.vi.is_empty() && city.en.is_empty();
        errors.check(
            no_city || is_plain_line(&city.vi, 100),
            "city_vi",
            "units-error-city",
        );
        errors.check(
            no_city || is_plain_line(&city.en, 100),
            "city_en",
            "units-error-city",
        );
        let country = optional(&self.country, |text| {
            (text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()))
                .then(|| text.to_ascii_uppercase())
        });
        errors.check(country.is_ok(), "country", "units-error-country");
        let zone = self.zone.trim().parse::<Tz>().ok();
        errors.check(zone.is_some(), "zone", "units-error-zone");
        let languages = languages(&self.languages);
        errors.check(languages.is_some(), "languages", "units-error-languages");
        let region = optional(&self.region, Region::parse);
        errors.check(region.is_ok(), "region", "units-error-region");
        let valid_from = self.valid_from.trim().parse::<NaiveDate>().ok();
        errors.check(valid_from.is_some(), "valid_from", "error-date");
        let valid_to = optional(&self.valid_to, |text| text.parse::<NaiveDate>().ok());
        errors.check(valid_to.is_ok(), "valid_to", "error-date");
        if let (Some(from), Ok(Some(to))) = (valid_from, valid_to) {
            errors.check(from <= to, "valid_to", "error-dates-order");
        }
        let successor = optional(&self.successor_id, |text| text.parse::<UnitId>().ok());
        errors.check(successor.is_ok(), "successor_id", "units-error-successor");
        errors.check(
            !matches!(successor, Ok(Some(_))) || matches!(valid_to, Ok(Some(_))),
            "valid_to",
            "units-error-successor-date",
        );
        match (
            kind, parent, country, zone, languages, region, valid_from, valid_to, successor,
        ) {
            (
                Some(kind),
                Ok(parent),
                Ok(country),
                Some(zone),
                Some(languages),
                Ok(region),
                Some(valid_from),
                Ok(valid_to),
                Ok(successor),
            ) => errors.or(UnitDraft {
                parent,
                kind,
                slug: slug.to_owned(),
                names,
                city: (!no_city).then_some(city),
                country,
                zone,
                languages,
                region,
                valid_from,
                valid_to,
                successor,
            }),
            _ => Err(errors),
        }
    }
}

/// What was typed is not of the kind that is asked for.
#[derive(Debug, Clone, Copy)]
struct Wrong;

/// What was typed, or that nothing was.
fn optional<'a, T>(text: &'a str, parse: impl FnOnce(&'a str) -> Option<T>) -> Result<Option<T>, Wrong> {
    match text.trim() {
        "" => Ok(None),
        text => parse(text).map(Some).ok_or(Wrong),
    }
}

/// Whether `text` is a word of public addresses: small ASCII letters, digits, single hyphens within.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// Language tags in BCP 47's own spelling (`lo`, `zh-Hant`), without repeats; none if one is not a tag.
fn languages(text: &str) -> Option<Vec<String>> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([' ', ',', ';']).filter(|tag| !tag.is_empty()) {
        let tag = tag.parse::<LanguageIdentifier>().ok()?.to_string();
        if tag == "und" {
            return None;
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    (tags.len() <= 20).then_some(tags)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn vientiane() -> UnitForm {
        UnitForm {
            parent_id: "01990000-0000-7000-8000-000000000001".into(),
            kind: "embassy".into(),
            slug: "vientiane".into(),
            name_vi: "Đại sứ quán Việt Nam tại Lào".into(),
            name_en: "Embassy of Viet Nam in Laos".into(),
            city_vi: "Viêng Chăn".into(),
            city_en: "Vientiane".into(),
            country: "la".into(),
            zone: "Asia/Vientiane".into(),
            languages: "vi, lo EN vi".into(),
            region: "southeast_asia".into(),
            valid_from: "1962-09-05".into(),
            ..UnitForm::default()
        }
    }

    fn wrong(form: &UnitForm) -> Vec<(&'static str, &'static str)> {
        form.check()
            .err()
            .map(|errors| errors.iter().collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_right_form_becomes_a_draft() {
        let draft = vientiane().check().unwrap();
        assert_eq!(draft.country.as_deref(), Some("LA"));
        assert_eq!(draft.languages, ["vi", "lo", "en"]);
        assert!(draft.kind.is_mission() && draft.parent.is_some());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let form = UnitForm {
            slug: "../etc".into(),
            zone: "Mars/Olympus".into(),
            country: "Lào".into(),
            languages: "vi klingon-language-of-war".into(),
            name_en: String::new(),
            valid_from: "31/02/2026".into(),
            ..vientiane()
        };
        let fields: Vec<_> = wrong(&form).into_iter().map(|(field, _)| field).collect();
        assert_eq!(
            fields,
            ["slug", "name_en", "country", "zone", "languages", "valid_from"]
        );
    }

    #[test]
    fn only_the_ministry_has_nothing_above_it_and_a_successor_needs_an_end() {
        assert_eq!(
            wrong(&UnitForm {
                parent_id: String::new(),
                ..vientiane()
            }),
            [("parent_id", "units-error-parent")]
        );
        let heir = UnitForm {
            successor_id: "01990000-0000-7000-8000-000000000002".into(),
            ..vientiane()
        };
        assert_eq!(wrong(&heir), [("valid_to", "units-error-successor-date")]);
        let backwards = UnitForm {
            valid_to: "1900-01-01".into(),
            ..vientiane()
        };
        assert_eq!(wrong(&backwards), [("valid_to", "error-dates-order")]);
    }

    #[test]
    fn slugs_are_plain_words() {
        for good in ["vientiane", "new-york-un", "a1"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "Hà-nội", "A", "a/b", "a b"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
