//! What the address of a board asks for. What is not understood filters nothing: a link from elsewhere still shows a board.

use std::str::FromStr;

use chancery_contracts::ids::UnitId;
use chrono::NaiveDate;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::model::{ClockChoice, Range, View};
use crate::store::board::Filter;
use crate::workflow::{Asked, Breadth};

/// The parameters.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    pub view: String,
    /// A day of the stretch.
    #[serde(default)]
    pub date: String,
    /// Instead of a view: the first day.
    #[serde(default)]
    pub from: String,
    /// Instead of a view: the last day.
    #[serde(default)]
    pub to: String,
    /// `host` or `headquarters`.
    #[serde(default)]
    pub clock: String,
    /// `all`, `region:WORD` or `unit:ID`.
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub state: Vec<String>,
    #[serde(default)]
    pub kind: Vec<String>,
    #[serde(default)]
    pub topic: Vec<String>,
    #[serde(default)]
    pub channel: Vec<String>,
    #[serde(default)]
    pub campaign: String,
    #[serde(default)]
    pub language: String,
    /// Forgets the filters.
    #[serde(default)]
    pub reset: String,
}

fn known<T: FromStr>(words: &[String]) -> Vec<T> {
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

impl Wanted {
    pub fn view(&self) -> View {
        self.view.parse().unwrap_or(View::Month)
    }

    pub fn breadth(&self) -> Breadth {
        match self.scope.split_once(':') {
            Some(("region", region)) => Breadth::Region(region.to_owned()),
            Some(("unit", id)) => id.parse().map_or(Breadth::All, |id: UnitId| Breadth::Unit(id)),
            _ => Breadth::All,
        }
    }

    pub fn filter(&self) -> Filter {
        Filter {
            states: known(&self.state),
            kinds: known(&self.kind),
            topics: known(&self.topic),
            platforms: known(&self.channel),
            campaign: self.campaign.parse().ok(),
            language: Some(self.language.trim().to_owned()).filter(|tag| !tag.is_empty()),
        }
    }

    /// Whether anything but the view is narrowed down.
    pub fn is_filtered(&self) -> bool {
        let lists = [&self.state, &self.kind, &self.topic, &self.channel];
        lists.iter().any(|list| !list.is_empty()) || !self.campaign.is_empty() || !self.language.is_empty()
    }

    /// Whether it says nothing but a day: then what was looked at last is shown.
    pub fn is_bare(&self) -> bool {
        self.view.is_empty()
            && self.from.is_empty()
            && self.to.is_empty()
            && self.clock.is_empty()
            && self.scope.is_empty()
            && self.reset.is_empty()
            && !self.is_filtered()
    }

    /// What to ask, on `today`.
    pub fn asked(&self, today: NaiveDate, clock: ClockChoice, few: i64) -> Asked {
        let day = |text: &str| text.parse::<NaiveDate>().ok().filter(|day| is_near(*day));
        let range = match (day(&self.from), day(&self.to)) {
            (Some(from), Some(to)) => Range::bounded(from, to),
            _ => Range::of(self.view(), self.date(today)),
        };
        Asked {
            breadth: self.breadth(),
            range,
            clock,
            filter: self.filter(),
            few,
        }
    }

    pub fn date(&self, today: NaiveDate) -> NaiveDate {
        let date = self.date.parse().ok();
        date.filter(|day| is_near(*day)).unwrap_or(today)
    }

    /// The address with this view and day, everything else as it is.
    pub fn href(&self, view: View, date: Option<NaiveDate>) -> String {
        let mut query = self.pairs(view.as_str(), &self.clock);
        if let Some(date) = date {
            query.append_pair("date", &date.to_string());
        }
        format!("/calendar?{}", query.finish())
    }

    /// The address with this clock.
    pub fn href_on(&self, clock: ClockChoice, date: NaiveDate) -> String {
        let mut query = self.pairs(self.view().as_str(), clock.as_str());
        query.append_pair("date", &date.to_string());
        format!("/calendar?{}", query.finish())
    }

    /// What is remembered: everything but the day.
    pub fn query(&self) -> String {
        self.pairs(self.view().as_str(), &self.clock).finish()
    }

    fn pairs(&self, view: &str, clock: &str) -> Serializer<'static, String> {
        let mut query = Serializer::new(String::new());
        query.append_pair("view", view);
        let single = [
            ("clock", clock),
            ("scope", self.scope.as_str()),
            ("campaign", self.campaign.as_str()),
            ("language", self.language.as_str()),
        ];
        for (name, value) in single {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let several = [
            ("state", &self.state),
            ("kind", &self.kind),
            ("topic", &self.topic),
            ("channel", &self.channel),
        ];
        for (name, values) in several {
            for value in values {
                query.append_pair(name, value);
            }
        }
        query
    }
}

/// Years that a calendar has: a day far outside would only be a mistake.
fn is_near(day: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1970..=2200).contains(&day.year())
}
