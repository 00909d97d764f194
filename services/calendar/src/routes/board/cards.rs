//! The board as JSON: the API's answer, what the page's script reads, and what its templates show.

use std::collections::BTreeMap;

use chancery_clock::{Tz, WallTime};
use chancery_days::LunarDate;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{ClockChoice, Move, Range};
use crate::store::board::Placed;
use crate::store::lists::Translated;
use crate::store::scope::{BoardUnit, Lane};
use crate::workflow::Board;

/// An item on the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardItem)]
pub(crate) struct Card {
    /// The item's id.
    pub id: Uuid,
    /// Its headline; may be empty.
    pub headline: String,
    /// Where it stands.
    pub state: String,
    /// What sort.
    pub kind: String,
    /// What it is about.
    pub topic: String,
    /// Its main language.
    pub language: String,
    /// Whose it is.
    pub unit: Uuid,
    /// The unit's names: `{"vi": …, "en": …}`.
    pub unit_names: Value,
    /// Its city.
    pub city: Option<Value>,
    /// The IANA zone of its unit.
    pub zone: String,
    /// When it goes out, in UTC; none without a day.
    pub publish_at: Option<DateTime<Utc>>,
    /// The same on the clock that the board shows.
    pub at: Option<NaiveDateTime>,
    /// The same on the other clock, where that shows something else.
    pub other: Option<NaiveDateTime>,
    /// Where that other clock hangs.
    pub other_city: Option<Value>,
    /// The platforms it is meant for.
    pub platforms: Vec<String>,
    /// The accounts it is meant for.
    pub accounts: Vec<Uuid>,
    /// Its campaign.
    pub campaign: Option<String>,
    /// The campaign's colour, a word of the palette.
    pub colour: Option<String>,
    /// Counts saves; a move names the one it is based on.
    pub revision: i64,
    /// What a move takes: `free`, `again` (approval), or `never`.
    pub moving: &'static str,
    /// Whether it should have gone out and never was submitted.
    pub late: bool,
    /// Which translations it lacks, or has from an older text, while it is written.
    pub translations: Vec<Translated>,
    /// The name of the model that it was adopted from.
    pub model: Option<String>,
}

/// What makes a day matter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardMark)]
pub(crate) struct Mark {
    /// `public`, `substitute`, `commemoration`, `festival`, `diplomacy`, or what people enter: `mourning`, `day_off`,
    /// `working_day`, `visit`, `event`, `sensitive`.
    pub kind: &'static str,
    /// In the caller's language, if it has one in it.
    pub label: String,
    /// The BCP 47 tag of the label's language, where it is another.
    pub language: Option<&'static str>,
    /// Whose holiday it is: ISO 3166; none of what people entered.
    pub country: Option<&'static str>,
    /// Whether offices are closed.
    pub off: bool,
    /// Whether it may move by a day.
    pub estimated: bool,
    /// What there is to know.
    pub note: String,
}

/// A day of the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardDay)]
pub(crate) struct BoardDay {
    /// The day.
    pub date: NaiveDate,
    /// 1 for Monday to 7 for Sunday.
    pub weekday: u32,
    /// Whether it is today on the board's clock.
    pub today: bool,
    /// How many items it has.
    pub total: i64,
    /// How many of them are not among `items`.
    pub more: i64,
    /// Day and month of the Vietnamese lunar calendar: `15/8`.
    pub lunar: Option<String>,
    /// The same in words, in Vietnamese.
    pub lunar_name: Option<String>,
    /// What makes it matter.
    pub marks: Vec<Mark>,
}

/// A stretch of time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Board)]
pub(crate) struct Document {
    /// The first day.
    #[schema(value_type = String)]
    pub first: NaiveDate,
    /// The last day.
    #[schema(value_type = String)]
    pub last: NaiveDate,
    /// Whose clock the days are of: each unit's own, or headquarters'.
    pub clock: ClockChoice,
    /// The days.
    pub days: Vec<BoardDay>,
    /// The items, by day and time; at most some a day.
    pub items: Vec<Card>,
    /// Drafts that have no day yet.
    pub undated: Vec<Card>,
    /// The channels, for lanes.
    #[schema(value_type = Vec<Object>)]
    pub lanes: Vec<Lane>,
}

/// What else the cards are told.
pub(crate) struct Light<'a> {
    /// The language of names.
    pub language: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// Today on the board's clock.
    pub today: NaiveDate,
    /// Whether the person may move items of a unit.
    pub may_write: &'a dyn Fn(&BoardUnit) -> bool,
}

pub(crate) fn document(
    board: &Board,
    range: Range,
    clock: ClockChoice,
    lanes: Vec<Lane>,
    light: &Light<'_>,
) -> Document {
    let card = |placed: &Placed| card(board, placed, clock, light);
    let mut shown: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    for placed in &board.items {
        let entry = shown.entry(placed.day).or_insert((placed.total, 0));
        entry.1 += 1;
    }
    let day = |(number, date): (i32, NaiveDate)| {
        use chrono::Datelike as _;
        let (total, few) = shown.get(&number).copied().unwrap_or_default();
        let lunar = LunarDate::of(date).ok();
        BoardDay {
            date,
            weekday: date.weekday().number_from_monday(),
            today: date == light.today,
            total,
            more: total - few,
            lunar: lunar.map(|lunar| format!("{}/{}", lunar.day(), lunar.month())),
            lunar_name: lunar.map(|lunar| lunar.to_string()),
            marks: marks(board, date, light.language),
        }
    };
    Document {
        first: range.first,
        last: range.last,
        clock,
        days: (1..).zip(range.days()).map(day).collect(),
        items: board.items.iter().filter_map(card).collect(),
        undated: board.undated.iter().filter_map(card).collect(),
        lanes,
    }
}

fn marks(board: &Board, date: NaiveDate, language: &str) -> Vec<Mark> {
    use crate::model::Reason;
    let mark = |day: &crate::model::Day| {
        let (estimated, note) = match &day.reason {
            Reason::Holiday(_, holiday) => (holiday.estimated, String::new()),
            Reason::Entered { note, .. } => (false, note.clone()),
        };
        Mark {
            kind: day.word(),
            label: day.name(language).to_owned(),
            language: day.name_language(language),
            country: day.country().map(chancery_days::Country::code),
            off: day.is_day_off(),
            estimated,
            note,
        }
    };
    board
        .days
        .iter()
        .filter(|day| day.touches(date))
        .map(mark)
        .collect()
}

fn card(board: &Board, placed: &Placed, clock: ClockChoice, light: &Light<'_>) -> Option<Card> {
    let unit = board.unit(placed.unit)?;
    let on = |zone: Tz| placed.publish_at.map(|at| WallTime::of(at, zone).at);
    let (host, there) = (on(unit.zone), on(board.headquarters.0));
    let (at, other, other_city) = match clock {
        ClockChoice::Host => (host, there, &board.headquarters.1),
        ClockChoice::Headquarters => (there, host, &unit.city),
    };
    let moving = match placed.state.moving() {
        _ if !(light.may_write)(unit) => "never",
        Move::Never(_) => "never",
        Move::Again => "again",
        Move::Free => "free",
    };
    Some(Card {
        id: placed.id.0,
        headline: placed.title.clone(),
        state: placed.state.to_string(),
        kind: placed.kind.clone(),
        topic: placed.topic.clone(),
        language: placed.language.clone(),
        unit: unit.id.0,
        unit_names: unit.names.clone(),
        city: unit.city.clone(),
        zone: unit.zone.name().to_owned(),
        publish_at: placed.publish_at,
        at,
        other: other.filter(|_| at != other),
        other_city: other_city.clone().filter(|_| at != other),
        platforms: placed.platforms.clone(),
        accounts: placed.accounts.clone(),
        campaign: placed.campaign.clone(),
        colour: placed.colour.clone(),
        revision: placed.revision,
        moving,
        late: placed.state.is_open() && placed.publish_at.is_some_and(|at| at <= light.now),
        translations: placed.lacking.clone(),
        model: placed.model.clone(),
    })
}
