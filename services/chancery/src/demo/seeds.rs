//! The data files as the services' seeds: dates resolved, names looked up.

use std::collections::HashMap;

use bytes::Bytes;
use chancery_calendar::demo::{CampaignSeed, ChannelSeed, ItemSeed, Seeds, Stage};
use chancery_calendar::model::{ClockChoice, Scope};
use chancery_calendar::workflow::CampaignDraft;
use chancery_clock::{Tz, WallTime};
use chancery_contracts::ids::PersonId;
use chancery_contracts::{Platform, Topic};
use chancery_identity::demo::{Loaded, PersonSeed, RoleSeed, Seeds as Ministry, UnitSeed};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::content::{Content, Item, Names, State, Text};
use crate::error::Failure;

/// The clock of units that name none: headquarters'.
const HEADQUARTERS: Tz = Tz::Asia__Ho_Chi_Minh;

/// Units and people.
pub fn ministry(content: &Content, now: DateTime<Utc>) -> Ministry {
    let today = now.with_timezone(&HEADQUARTERS).date_naive();
    let names = |names: &Names| chancery_identity::model::Names {
        vi: names.vi.clone(),
        en: names.en.clone(),
    };
    let units = content
        .units
        .iter()
        .map(|unit| UnitSeed {
            slug: unit.slug.clone(),
            parent: unit.parent.clone(),
            kind: unit.kind.clone(),
            names: chancery_identity::model::Names {
                vi: unit.vi.clone(),
                en: unit.en.clone(),
            },
            city: unit.city.as_ref().map(names),
            country: unit.country.clone(),
            zone: unit
                .zone
                .clone()
                .unwrap_or_else(|| HEADQUARTERS.name().to_owned()),
            languages: unit.languages.clone(),
            region: unit.region.clone(),
            valid_from: later(today, -5000),
        })
        .collect();
    let people = content
        .people
        .iter()
        .map(|person| PersonSeed {
            key: person.key.clone(),
            name: person.name.clone(),
            email: format!("{}@demo.example", person.key),
            language: person.language.clone(),
            note: person.sign_in.as_ref().map(names),
            roles: person
                .roles
                .iter()
                .map(|held| RoleSeed {
                    role: held.role.clone(),
                    unit: held.unit.clone(),
                    from: later(today, held.from),
                    to: held.to.map(|day| later(today, day)),
                })
                .collect(),
        })
        .collect();
    Ministry { units, people }
}

/// Campaigns and items, and the instants at which something goes out, whether past or to come.
pub fn calendar(
    content: &Content,
    loaded: &Loaded,
    pictures: &HashMap<String, Bytes>,
    now: DateTime<Utc>,
) -> Result<(Seeds, Vec<DateTime<Utc>>), Failure> {
    let unit = |slug: &str| {
        loaded
            .units
            .get(slug)
            .copied()
            .ok_or_else(|| Failure::said(format!("the demonstration has no unit {slug}")))
    };
    let person = |key: &str| {
        loaded
            .people
            .get(key)
            .copied()
            .ok_or_else(|| Failure::said(format!("the demonstration has no person {key}")))
    };
    let zones: HashMap<&str, Tz> = content
        .units
        .iter()
        .filter_map(|unit| Some((unit.slug.as_str(), unit.zone.as_ref()?.parse().ok()?)))
        .collect();
    let zone_of = |slug: &str| zones.get(slug).copied().unwrap_or(HEADQUARTERS);

    let mut campaigns = Vec::new();
    for campaign in &content.campaigns {
        let today = now.with_timezone(&zone_of(&campaign.unit)).date_naive();
        campaigns.push(CampaignSeed {
            unit: unit(&campaign.unit)?,
            owner: person(&campaign.owner)?,
            campaign: CampaignDraft {
                name: campaign.name.clone(),
                goal: campaign.goal.clone(),
                starts_on: later(today, campaign.starts),
                ends_on: later(today, campaign.ends),
                colour: campaign.colour,
            },
        });
    }

    let mut items = Vec::new();
    for item in &content.items {
        let (author, head) = (
            person(&format!("attache-{}", item.unit))?,
            person(&format!("head-{}", item.unit))?,
        );
        let zone = if item.clock == ClockChoice::Host {
            zone_of(&item.unit)
        } else {
            HEADQUARTERS
        };
        let text = item
            .texts
            .get("vi")
            .ok_or_else(|| Failure::said("a text is missing"))?;
        let image = item.picture.as_ref().and_then(|name| pictures.get(name));
        items.push(ItemSeed {
            unit: unit(&item.unit)?,
            author,
            kind: item.kind,
            topic: item.topic,
            audience: item.audience.clone(),
            campaign: content
                .campaigns
                .iter()
                .position(|campaign| Some(&campaign.key) == item.campaign.as_ref()),
            programme: programme(item.topic),
            scope: if item.state == State::Draft && item.day.is_none() {
                Scope::Internal
            } else {
                Scope::Public
            },
            language: "vi".to_owned(),
            title: text.title.clone(),
            body: text.body.clone(),
            channels: channels(item),
            images: image.map(|file| (file.clone(), alts(item))).into_iter().collect(),
            at: instant(item, zone, now),
            clock: item.clock,
            stage: stage(item, [head, person("desk-officer")?, person("approver")?]),
            comments: Vec::new(),
        });
    }
    // The calendar numbers items as they are written: in the order of their time, as people would have.
    items.sort_by_key(|item| item.at.min(now));
    let times = items
        .iter()
        .filter(|item| item.at <= now)
        .map(|item| item.at)
        .collect();
    Ok((
        Seeds {
            programmes: programmes(),
            campaigns,
            items,
            reviewers: vec![(person("native-reviewer")?, "lo".to_owned(), unit("vientiane")?)],
        },
        times,
    ))
}

fn stage(item: &Item, [head, desk, headquarters]: [PersonId; 3]) -> Stage {
    let chain = match item.topic {
        Topic::HighLevelVisit | Topic::HumanRights | Topic::Sovereignty | Topic::ConsularEmergency => {
            vec![head, desk, headquarters]
        }
        _ => vec![head],
    };
    match item.state {
        State::Draft => Stage::Draft,
        State::Cancelled => Stage::Cancelled("Ban tổ chức đổi chương trình vì dự báo có mưa lớn.".to_owned()),
        State::ChangesRequested => Stage::ChangesRequested(head, item.comment.clone().unwrap_or_default()),
        // Some steps of the chain are passed, and it waits for the next.
        State::Submitted if item.steps_done > 0 => {
            Stage::Approved(chain.into_iter().take(item.steps_done).collect())
        }
        State::Submitted => Stage::Submitted("Kính trình Thủ trưởng xem xét, phê duyệt.".to_owned()),
        _ => Stage::Approved(chain),
    }
}

fn channels(item: &Item) -> Vec<ChannelSeed> {
    let own = |text: &Text| (Some(text.title.clone()), Some(text.body.clone()));
    let mut channels = Vec::new();
    if item.press_room {
        // Vietnamese is the item's own text; the others follow.
        for (language, text) in item
            .texts
            .iter()
            .filter(|(language, _)| *language == "vi")
            .chain(item.texts.iter().filter(|(language, _)| *language != "vi"))
        {
            let (title, body) = if language == "vi" { (None, None) } else { own(text) };
            channels.push(ChannelSeed {
                platform: Platform::PressRoom,
                language: language.clone(),
                title,
                body,
            });
        }
    }
    if let Some(text) = &item.bluesky {
        let platform = Platform::Bluesky;
        channels.push(ChannelSeed {
            platform,
            language: "en".to_owned(),
            title: None,
            body: Some(text.clone()),
        });
    }
    channels
}

fn alts(item: &Item) -> std::collections::BTreeMap<String, String> {
    item.texts
        .iter()
        .filter_map(|(language, text)| Some((language.clone(), text.alt.clone()?)))
        .collect()
}

fn instant(item: &Item, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let day = later(today, item.day.unwrap_or(10));
    WallTime {
        at: day.and_time(item.time.unwrap_or(NaiveTime::MIN)),
        zone,
    }
    .resolve()
    .instant()
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    if days < 0 {
        day.checked_sub_days(distance)
    } else {
        day.checked_add_days(distance)
    }
    .unwrap_or(day)
}

fn programmes() -> Vec<serde_json::Value> {
    vec![
        serde_json::json!({ "vi": "Chương trình thông tin đối ngoại của các cơ quan đại diện", "en": "External information programme of the missions" }),
        serde_json::json!({ "vi": "Đề án quảng bá văn hóa Việt Nam ở nước ngoài", "en": "Promotion of Vietnamese culture abroad" }),
        serde_json::json!({ "vi": "Chương trình hỗ trợ cộng đồng và bảo hộ công dân", "en": "Community support and citizen protection" }),
    ]
}

/// Index into [`programmes`].
fn programme(topic: Topic) -> Option<usize> {
    match topic {
        Topic::Culture => Some(1),
        Topic::Consular | Topic::ConsularEmergency => Some(2),
        Topic::General => None,
        _ => Some(0),
    }
}
