//! A row as a draft: its columns by their Vietnamese or English names, its values by their words in either language.

use std::collections::BTreeMap;

use chancery_contracts::Topic;
use chancery_contracts::ids::CampaignId;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use utoipa::ToSchema;

use super::{Cell, MAX_ROWS, Unreadable, table::Line};
use crate::model::{Kind, MAX_BODY, MAX_TITLE, clean};

/// What values may be named, folded: words and names in both languages.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Kinds.
    pub kinds: BTreeMap<String, Kind>,
    /// Topics.
    pub topics: BTreeMap<String, Topic>,
    /// Codes of audiences.
    pub audiences: BTreeMap<String, String>,
    /// Languages.
    pub languages: BTreeMap<String, String>,
    /// Campaigns of the unit.
    pub campaigns: BTreeMap<String, CampaignId>,
    /// The unit's main language, where a row names none.
    pub language: String,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// The column.
    pub column: String,
    /// The Fluent id of the reason.
    pub key: String,
    /// What stands there, shortened.
    pub value: String,
}

/// A row as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// Its number in the file, from 1.
    pub line: u32,
    /// The headline.
    pub headline: String,
    /// The text.
    pub body: String,
    /// When, on the unit's own wall.
    pub wall: Option<NaiveDateTime>,
    /// What sort.
    pub kind: Kind,
    /// What it is about.
    #[schema(value_type = String)]
    pub topic: Topic,
    /// Its language.
    pub language: String,
    /// Code of an audience.
    pub audience: String,
    /// Its campaign.
    #[schema(value_type = Option<Uuid>)]
    pub campaign: Option<CampaignId>,
    /// What is wrong; such a row is not taken.
    pub faults: Vec<Fault>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Title,
    Body,
    When,
    Date,
    Time,
    Kind,
    Topic,
    Language,
    Audience,
    Campaign,
}

impl Column {
    /// The name in messages.
    const fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::When => "when",
            Self::Date => "date",
            Self::Time => "time",
            Self::Kind => "kind",
            Self::Topic => "topic",
            Self::Language => "language",
            Self::Audience => "audience",
            Self::Campaign => "campaign",
        }
    }

    fn named(text: &str) -> Option<Self> {
        Some(match fold(text).as_str() {
            "tieu de" | "ten" | "noi dung chinh" | "title" | "headline" | "subject" | "summary" => {
                Self::Title
            }
            "noi dung" | "van ban" | "loi van" | "text" | "body" | "content" | "description" => Self::Body,
            "thoi gian" | "ngay gio" | "when" | "date and time" | "datetime" | "start" => Self::When,
            "ngay" | "ngay dang" | "date" | "day" => Self::Date,
            "gio" | "gio dang" | "time" | "hour" => Self::Time,
            "the loai" | "loai" | "kind" | "type" => Self::Kind,
            "chu de" | "topic" => Self::Topic,
            "ngon ngu" | "language" => Self::Language,
            "nhom cong chung" | "cong chung" | "audience" => Self::Audience,
            "dot truyen thong" | "chien dich" | "campaign" => Self::Campaign,
            _ => return None,
        })
    }
}

/// Lower case, without marks and doubled spaces: what people type for a name.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfd()
        .filter(|sign| !unicode_normalization::char::is_combining_mark(*sign))
        .collect::<String>()
        .to_lowercase()
        .replace('đ', "d");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows under a line of names.
pub fn rows(lines: &[Line], known: &Known, now: NaiveDateTime) -> Result<Vec<Reading>, Unreadable> {
    let filled = |line: &&Line| line.1.iter().any(|cell| !cell.text().is_empty());
    let mut lines = lines.iter().filter(filled);
    let head = lines.next().ok_or(Unreadable::Empty)?;
    let columns: Vec<Option<Column>> = head.1.iter().map(|cell| Column::named(&cell.text())).collect();
    if !columns.contains(&Some(Column::Title)) {
        return Err(Unreadable::NoTitle);
    }
    let readings: Vec<Reading> = lines
        .map(|(line, cells)| {
            let mut values: BTreeMap<Column, &Cell> = BTreeMap::new();
            for (column, cell) in columns.iter().zip(cells) {
                if let Some(column) = column {
                    values.entry(*column).or_insert(cell);
                }
            }
            reading(*line, &values, known, now)
        })
        .collect();
    if readings.is_empty() {
        return Err(Unreadable::Empty);
    }
    if readings.len() > MAX_ROWS {
        return Err(Unreadable::TooManyRows);
    }
    Ok(readings)
}

fn reading(line: u32, values: &BTreeMap<Column, &Cell>, known: &Known, now: NaiveDateTime) -> Reading {
    let text = |column| values.get(&column).map(|cell| cell.text()).unwrap_or_default();
    let mut faults = Vec::new();
    let mut fault = |column: Column, key: &str, value: &str| {
        faults.push(Fault {
            column: column.word().to_owned(),
            key: key.to_owned(),
            value: value.chars().take(60).collect(),
        });
    };
    let headline = clean(&text(Column::Title)).trim().to_owned();
    if headline.is_empty() {
        fault(Column::Title, "import-title-missing", "");
    } else if headline.chars().count() > MAX_TITLE {
        fault(Column::Title, "items-title-too-long", &headline);
    }
    let body = clean(&text(Column::Body)).trim().to_owned();
    if body.chars().count() > MAX_BODY {
        fault(Column::Body, "items-body-too-long", &body);
    }
    let wall = match when(values) {
        Ok(wall) => wall,
        Err((column, key)) => {
            fault(column, key, &text(column));
            None
        }
    };
    if wall.is_some_and(|wall| wall <= now) {
        fault(Column::When, "board-move-past", &text(Column::When));
    }
    let mut chosen = |column: Column, found: bool, key: &str| {
        let value = text(column);
        if !value.is_empty() && !found {
            fault(column, key, &value);
        }
    };
    let word = |column| fold(&text(column));
    let kind = known.kinds.get(&word(Column::Kind)).copied();
    let topic = known.topics.get(&word(Column::Topic)).copied();
    let language = known.languages.get(&word(Column::Language)).cloned();
    let audience = known.audiences.get(&word(Column::Audience)).cloned();
    let campaign = known.campaigns.get(&word(Column::Campaign)).copied();
    chosen(Column::Kind, kind.is_some(), "items-value-unknown");
    chosen(Column::Topic, topic.is_some(), "items-value-unknown");
    chosen(Column::Language, language.is_some(), "import-language-unknown");
    chosen(Column::Audience, audience.is_some(), "items-audience-unknown");
    chosen(Column::Campaign, campaign.is_some(), "items-campaign-unknown");
    Reading {
        line,
        headline: headline.chars().take(MAX_TITLE).collect(),
        body: body.chars().take(MAX_BODY).collect(),
        wall,
        kind: kind.unwrap_or(Kind::News),
        topic: topic.unwrap_or(Topic::General),
        language: language.unwrap_or_else(|| known.language.clone()),
        audience: audience.unwrap_or_else(|| "host_public".to_owned()),
        campaign,
        faults,
    }
}

/// The row's time: in one column or two. A day without an hour is at nine.
fn when(values: &BTreeMap<Column, &Cell>) -> Result<Option<NaiveDateTime>, (Column, &'static str)> {
    let filled = |column: Column| {
        values
            .get(&column)
            .copied()
            .filter(|cell| !cell.text().is_empty())
    };
    if let Some(cell) = filled(Column::When) {
        return match cell {
            Cell::Time(at) => Ok(Some(*at)),
            Cell::Text(text) => instant(text.trim())
                .map(Some)
                .ok_or((Column::When, "items-time-unreadable")),
        };
    }
    let day = match filled(Column::Date) {
        None if filled(Column::Time).is_some() => return Err((Column::Time, "import-time-without-day")),
        None => return Ok(None),
        Some(Cell::Time(at)) => at.date(),
        Some(Cell::Text(text)) => day(text.trim()).ok_or((Column::Date, "campaigns-day-unreadable"))?,
    };
    let hour = match filled(Column::Time) {
        None => NaiveTime::from_hms_opt(9, 0, 0),
        Some(Cell::Time(at)) => Some(at.time()),
        Some(Cell::Text(text)) => Some(time(text.trim()).ok_or((Column::Time, "items-time-unreadable"))?),
    };
    Ok(hour.map(|hour| day.and_time(hour)))
}

fn instant(text: &str) -> Option<NaiveDateTime> {
    let text = text.replace('T', " ");
    let mut parts = text.split([' ', ',']).filter(|part| !part.is_empty());
    let (first, second) = (parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let Some(second) = second else {
        return day(first)?.and_hms_opt(9, 0, 0);
    };
    match (day(first), day(second)) {
        (Some(day), _) => Some(day.and_time(time(second)?)),
        (None, Some(day)) => Some(day.and_time(time(first)?)),
        (None, None) => None,
    }
}

/// `2026-12-01`, `1/12/2026`, `01.12.2026`, `1-12-2026`: the day before the month, as both countries' languages have it.
fn day(text: &str) -> Option<NaiveDate> {
    let forms = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"];
    let near = 1970..=2200;
    forms
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|day| near.contains(&chrono::Datelike::year(day)))
}

/// `09:00`, `9h`, `9h30`, `9.30`, `09:00:00`.
fn time(text: &str) -> Option<NaiveTime> {
    let text = text.to_lowercase().replace(['h', 'g', '.'], ":");
    let mut parts = text.trim_end_matches(':').split(':');
    let hour: u32 = parts.next()?.trim().parse().ok()?;
    let minute: u32 = parts.next().unwrap_or("0").trim().parse().ok()?;
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// A row of an iCalendar file, through the same rules.
pub(super) fn occasion(
    line: u32,
    title: &str,
    body: &str,
    wall: Option<NaiveDateTime>,
    known: &Known,
    now: NaiveDateTime,
) -> Reading {
    let (title, body) = (Cell::Text(title.to_owned()), Cell::Text(body.to_owned()));
    let time = wall.map(Cell::Time);
    let mut values = BTreeMap::from([(Column::Title, &title), (Column::Body, &body)]);
    if let Some(time) = &time {
        values.insert(Column::When, time);
    }
    let mut reading = reading(line, &values, known, now);
    if wall.is_none() {
        reading.faults.push(Fault {
            column: Column::When.word().to_owned(),
            key: "items-time-unreadable".to_owned(),
            value: String::new(),
        });
    }
    reading
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_read_as_people_write_them() {
        let at = |text: &str| instant(text).map(|at| at.to_string());
        assert_eq!(at("2/9/2026 8h30").as_deref(), Some("2026-09-02 08:30:00"));
        assert_eq!(at("08:30, 02/09/2026").as_deref(), Some("2026-09-02 08:30:00"));
        assert_eq!(at("2026-09-02T08:30").as_deref(), Some("2026-09-02 08:30:00"));
        assert_eq!(at("02.09.2026").as_deref(), Some("2026-09-02 09:00:00"));
        for wrong in [
            "31/02/2026",
            "soon",
            "2026-09-02 25:00",
            "1/1/0001",
            "2026-09-02 08:30 sharp",
        ] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn columns_are_found_in_both_languages() {
        assert_eq!(Column::named("TIÊU ĐỀ"), Some(Column::Title));
        assert_eq!(Column::named(" Đợt truyền  thông "), Some(Column::Campaign));
        assert_eq!(Column::named("Headline"), Some(Column::Title));
        assert_eq!(Column::named("Ghi chú"), None);
    }

    #[test]
    fn a_formula_is_only_text() {
        let lines =
            super::super::table::csv("Title,Date\n\"=HYPERLINK(\"\"http://x\"\")\",2026-12-01\n").unwrap();
        let now = "2026-11-01T00:00:00".parse().unwrap();
        let rows = rows(&lines, &Known::default(), now).unwrap();
        let row = rows.first().unwrap();
        assert_eq!(row.headline, "=HYPERLINK(\"http://x\")");
        assert!(row.faults.is_empty(), "{:?}", row.faults);
    }
}
