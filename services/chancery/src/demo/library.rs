//! The library of the demonstration: see `demo/library.toml`.

use bytes::Bytes;
use chancery_assets::demo::{AssetSeed, Seeds, Stage};
use chancery_assets::library::CollectionDraft;
use chancery_assets::model::{CollectionKind, Consent, Details, Licence, Rights, Text};
use chancery_clock::Tz;
use chancery_identity::demo::Loaded;
use chrono::{DateTime, Days, NaiveTime, Utc};
use serde::Deserialize;

use super::{jpeg, said};
use crate::error::Failure;

const CLOCK: Tz = Tz::Asia__Ho_Chi_Minh;
/// Whose the assets are, who puts them in, and who looks after them.
const UNIT: &str = "photo-library";
const CONTRIBUTOR: &str = "contributor";
const STEWARD: &str = "steward";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    asset: Vec<Asset>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asset {
    picture: String,
    name: String,
    vi: Option<Words>,
    en: Option<Words>,
    #[serde(default)]
    place: String,
    country: Option<String>,
    #[serde(default)]
    topics: Vec<String>,
    #[serde(default)]
    priorities: Vec<String>,
    territory: Option<Vec<String>>,
    consent: Option<Consent>,
    #[serde(default)]
    internal_only: bool,
    ends_in: Option<u64>,
    embargo_in: Option<u64>,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    kit: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    title: String,
    caption: String,
    alt: String,
}

/// Reads the data and draws the pictures.
///
/// # Errors
/// The data is wrong.
pub fn seeds(loaded: &Loaded, now: DateTime<Utc>) -> Result<Seeds, Failure> {
    let data: Data = toml::from_str(include_str!("../../demo/library.toml")).map_err(said)?;
    let unit = loaded.units.get(UNIT).copied().ok_or_else(|| said(UNIT))?;
    let person = |key: &str| loaded.people.get(key).copied().ok_or_else(|| said(key));
    let contributor = person(CONTRIBUTOR)?;
    let mut assets = Vec::new();
    for asset in data.asset {
        let file: Bytes = jpeg(&asset.picture).ok_or_else(|| said(&asset.picture))?;
        assets.push(AssetSeed {
            name: asset.name.clone(),
            file,
            unit,
            contributor,
            stage: match asset.stage.as_str() {
                "draft" => Stage::Draft,
                "in_review" => Stage::InReview,
                "returned" => Stage::Returned(asset.reason.clone()),
                _ => Stage::Published,
            },
            in_kit: asset.kit,
            details: details(asset, now),
        });
    }
    Ok(Seeds {
        assets,
        steward: person(STEWARD)?,
        batch: "Tuyển chọn quý này".to_owned(),
        kit: Some((unit, kit())),
    })
}

fn details(asset: Asset, now: DateTime<Utc>) -> Details {
    let midnight = |days: u64| {
        let today = now.with_timezone(&CLOCK).date_naive();
        today
            .checked_add_days(Days::new(days))
            .map(|day| day.and_time(NaiveTime::MIN))
    };
    let texts = [("vi", asset.vi), ("en", asset.en)];
    let known = asset.stage.is_empty();
    Details {
        texts: texts
            .into_iter()
            .filter_map(|(language, words)| {
                let words = words?;
                Some(Text {
                    language: language.to_owned(),
                    title: words.title,
                    caption: words.caption,
                    alt: words.alt,
                    transcript: String::new(),
                })
            })
            .collect(),
        credit: if known {
            "Trung tâm Tư liệu ảnh đối ngoại".to_owned()
        } else {
            String::new()
        },
        place: asset.place,
        country: asset.country,
        topics: asset.topics,
        priorities: asset.priorities,
        rights: Rights {
            internal_only: asset.internal_only,
            licence: if known { Licence::Owned } else { Licence::Unknown },
            consent: asset.consent.unwrap_or(Consent::NotNeeded),
            territory: asset.territory,
            zone: CLOCK,
            ends: asset.ends_in.and_then(midnight),
            embargo: asset.embargo_in.and_then(midnight),
            ..Rights::default()
        },
        ..Details::default()
    }
}

fn kit() -> CollectionDraft {
    CollectionDraft {
        kind: CollectionKind::Kit,
        names: [
            ("vi".to_owned(), "Bộ mẫu: Giới thiệu đất nước, con người".to_owned()),
            ("en".to_owned(), "Kit: The country and its people".to_owned()),
        ]
        .into(),
        guidance: "Dùng cho các dịp lễ, ngày hội văn hóa. Chọn hai đến bốn ảnh cho mỗi bài, viết lại chú thích theo tiếng nước sở tại, ghi đủ nguồn ảnh.".to_owned(),
        shared_all: true,
        ..CollectionDraft::default()
    }
}
