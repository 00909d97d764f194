//! The demonstration as its data files say it.

use std::collections::{BTreeMap, HashSet};

use chancery_calendar::model::{ClockChoice, Colour, Kind};
use chancery_contracts::Topic;
use chrono::NaiveTime;
use serde::Deserialize;

use super::missions;
use crate::error::Failure;

/// A text in Vietnamese and English.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub vi: String,
    pub en: String,
}

/// See `demo/units.toml` and `demo/missions.csv`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub slug: String,
    pub parent: Option<String>,
    pub kind: String,
    pub vi: String,
    pub en: String,
    pub city: Option<Names>,
    pub country: Option<String>,
    pub zone: Option<String>,
    #[serde(default)]
    pub languages: Vec<String>,
    pub region: Option<String>,
}

/// See `demo/people.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub key: String,
    pub name: String,
    #[serde(default = "vietnamese")]
    pub language: String,
    pub roles: Vec<Posting>,
    pub sign_in: Option<Names>,
}

/// A role at a unit; days count from the day of loading.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    pub role: String,
    pub unit: String,
    #[serde(default = "over_a_year_ago")]
    pub from: i64,
    pub to: Option<i64>,
}

/// See `demo/campaigns.toml`; days count from the day of loading.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    pub key: String,
    pub unit: String,
    pub owner: String,
    pub name: String,
    pub goal: String,
    pub starts: i64,
    pub ends: i64,
    pub colour: Colour,
}

/// See `demo/items/`.
#[derive(Debug, Deserialize)]
pub struct Item {
    pub key: String,
    /// The mission's slug; by default the file's name.
    #[serde(default)]
    pub unit: String,
    pub kind: Kind,
    pub topic: Topic,
    pub audience: String,
    pub campaign: Option<String>,
    pub state: State,
    /// Steps of the chain that were passed, while the item still waits.
    #[serde(default)]
    pub steps_done: usize,
    /// What an approver said who sent it back.
    pub comment: Option<String>,
    /// Why it was taken down.
    pub withdrawn: Option<Names>,
    /// From the day of loading; a day in the future when there is none.
    pub day: Option<i64>,
    /// On the wall of `clock`.
    pub time: Option<NaiveTime>,
    #[serde(default = "host")]
    pub clock: ClockChoice,
    /// See `art`.
    pub picture: Option<String>,
    /// Whether it goes to the press room.
    #[serde(default = "yes")]
    pub press_room: bool,
    /// The text on the mission's Bluesky account, if it goes there.
    pub bluesky: Option<String>,
    /// By language; Vietnamese is the item's own.
    #[serde(flatten)]
    pub texts: BTreeMap<String, Text>,
}

/// What an item says in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub title: String,
    pub body: String,
    pub alt: Option<String>,
}

/// How far an item has come when the demonstration opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Submitted,
    ChangesRequested,
    Scheduled,
    Published,
    /// Out in the press room, refused elsewhere.
    Partly,
    /// Refused everywhere.
    Failed,
    /// One channel did not say whether it is out.
    NeedsPerson,
    Withdrawn,
    Cancelled,
}

impl State {
    /// Whether its hour has struck.
    pub fn is_past(self) -> bool {
        matches!(
            self,
            Self::Published | Self::Partly | Self::Failed | Self::NeedsPerson | Self::Withdrawn
        )
    }
}

/// All files.
#[derive(Debug)]
pub struct Content {
    pub units: Vec<Unit>,
    pub people: Vec<Person>,
    pub campaigns: Vec<Campaign>,
    pub items: Vec<Item>,
}

const UNITS: &str = include_str!("../../demo/units.toml");
const PEOPLE: &str = include_str!("../../demo/people.toml");
const CAMPAIGNS: &str = include_str!("../../demo/campaigns.toml");

macro_rules! items {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("../../demo/items/", $name, ".toml")))),*] };
}

const ITEMS: [(&str, &str); 10] =
    items!("others" "cairo" "sydney" "new-york" "london" "paris" "tokyo" "bangkok" "phnom-penh" "vientiane");

impl Content {
    /// Reads the files, which are part of the binary.
    ///
    /// # Errors
    /// A file is wrong: the sentence says which and where.
    pub fn read() -> Result<Self, Failure> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Units {
            unit: Vec<Unit>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct People {
            person: Vec<Person>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Campaigns {
            campaign: Vec<Campaign>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Items {
            item: Vec<Item>,
        }
        let mut items = Vec::new();
        for (name, text) in ITEMS {
            for mut item in parse::<Items>(name, text)?.item {
                if item.unit.is_empty() {
                    name.clone_into(&mut item.unit);
                }
                for text in item.texts.values_mut() {
                    text.body = text.body.trim().to_owned();
                }
                items.push(item);
            }
        }
        let mut units = parse::<Units>("units", UNITS)?.unit;
        units.extend(missions::read()?);
        let content = Self {
            units,
            people: parse::<People>("people", PEOPLE)?.person,
            campaigns: parse::<Campaigns>("campaigns", CAMPAIGNS)?.campaign,
            items,
        };
        content.check()?;
        Ok(content)
    }

    /// What the types do not say.
    fn check(&self) -> Result<(), Failure> {
        let mut keys = HashSet::new();
        for item in &self.items {
            let wrong = |what: &str| Err(Failure::said(format!("demonstration item {}: {what}", item.key)));
            if !keys.insert(&item.key) {
                return wrong("the key is taken");
            }
            if !item.texts.contains_key("vi") {
                return wrong("there is no Vietnamese text");
            }
            if item.day.is_none() != item.time.is_none() {
                return wrong("day and time go together");
            }
            if item.state.is_past() && item.day.is_none_or(|day| day >= 0) {
                return wrong("what is out went out before today");
            }
            if (item.state == State::Withdrawn) != item.withdrawn.is_some() {
                return wrong("a withdrawal has its reason");
            }
            if (item.state == State::ChangesRequested) != item.comment.is_some() {
                return wrong("what is sent back is commented");
            }
            if item.picture.is_some() && item.texts.values().any(|text| text.alt.is_none()) {
                return wrong("a picture is described in every language");
            }
        }
        Ok(())
    }
}

fn parse<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> Result<T, Failure> {
    toml::from_str(text).map_err(|error| Failure::said(format!("demo/{name}.toml: {error}")))
}

fn vietnamese() -> String {
    "vi".to_owned()
}

fn over_a_year_ago() -> i64 {
    -400
}

fn host() -> ClockChoice {
    ClockChoice::Host
}

fn yes() -> bool {
    true
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken file should stop the test")]
mod tests {
    use chancery_access::Role;

    use super::super::art;
    use super::*;

    #[test]
    fn the_files_are_right_and_refer_to_what_is_there() {
        let content = Content::read().unwrap();
        let units: HashSet<_> = content.units.iter().map(|unit| unit.slug.as_str()).collect();
        let people: HashSet<_> = content.people.iter().map(|person| person.key.as_str()).collect();
        let campaigns: HashSet<_> = content
            .campaigns
            .iter()
            .map(|campaign| campaign.key.as_str())
            .collect();
        for unit in &content.units {
            assert!(
                unit.parent.as_deref().is_none_or(|parent| units.contains(parent)),
                "{}",
                unit.slug
            );
            if let Some(zone) = &unit.zone {
                zone.parse::<chrono_tz::Tz>().unwrap();
            }
        }
        for person in &content.people {
            for posting in &person.roles {
                assert!(units.contains(posting.unit.as_str()), "{}", person.key);
                posting.role.parse::<Role>().unwrap();
            }
        }
        for campaign in &content.campaigns {
            assert!(people.contains(campaign.owner.as_str()) && units.contains(campaign.unit.as_str()));
        }
        for item in &content.items {
            assert!(units.contains(item.unit.as_str()), "{}", item.key);
            assert!(
                people.contains(format!("attache-{}", item.unit).as_str()),
                "{}",
                item.key
            );
            assert!(
                people.contains(format!("head-{}", item.unit).as_str()),
                "{}",
                item.key
            );
            assert!(
                item.campaign.as_deref().is_none_or(|key| campaigns.contains(key)),
                "{}",
                item.key
            );
        }
    }

    #[test]
    fn every_role_can_be_tried_and_every_state_is_shown() {
        use State as S;

        let content = Content::read().unwrap();
        for role in Role::ALL {
            let offered = content.people.iter().filter(|person| person.sign_in.is_some());
            assert!(
                offered
                    .flat_map(|person| &person.roles)
                    .any(|held| held.role == role.as_str()),
                "{role}"
            );
        }
        for state in [
            S::Draft,
            S::Submitted,
            S::ChangesRequested,
            S::Scheduled,
            S::Published,
            S::Partly,
            S::Failed,
            S::NeedsPerson,
            S::Withdrawn,
            S::Cancelled,
        ] {
            assert!(content.items.iter().any(|item| item.state == state), "{state:?}");
        }
    }

    #[test]
    fn every_picture_can_be_drawn() {
        for name in Content::read()
            .unwrap()
            .items
            .iter()
            .filter_map(|item| item.picture.as_deref())
        {
            assert_eq!(
                art::draw(name).map(|pixels| pixels.len()),
                Some((art::WIDTH * art::HEIGHT * 3) as usize),
                "{name}"
            );
        }
    }
}
