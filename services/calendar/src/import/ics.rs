//! iCalendar files: one row an event. A repeating event is its first time only.

use chancery_clock::{Tz, WallTime};
use chrono::{NaiveDateTime, NaiveTime};
use icalendar::{Calendar, CalendarDateTime, Component as _, DatePerhapsTime};

use super::reading::{self, Known, Reading};
use super::{MAX_ROWS, Unreadable};

/// The events as rows, at their time on a wall in `zone`.
pub fn rows(text: &str, known: &Known, zone: Tz, now: NaiveDateTime) -> Result<Vec<Reading>, Unreadable> {
    let calendar: Calendar = text.parse().map_err(|_| Unreadable::NotRead)?;
    let readings: Vec<Reading> = calendar
        .events()
        .take(MAX_ROWS + 1)
        .zip(1..)
        .map(|(event, line)| {
            let wall = event.get_start().and_then(|start| on_wall(start, zone));
            let title = event.get_summary().unwrap_or_default();
            reading::occasion(
                line,
                title,
                event.get_description().unwrap_or_default(),
                wall,
                known,
                now,
            )
        })
        .collect();
    match readings.len() {
        0 => Err(Unreadable::Empty),
        many if many > MAX_ROWS => Err(Unreadable::TooManyRows),
        _ => Ok(readings),
    }
}

/// None: its zone is not known by that name.
fn on_wall(start: DatePerhapsTime, zone: Tz) -> Option<NaiveDateTime> {
    Some(match start {
        DatePerhapsTime::Date(day) => day.and_time(NaiveTime::from_hms_opt(9, 0, 0)?),
        DatePerhapsTime::DateTime(CalendarDateTime::Floating(at)) => at,
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => WallTime::of(at, zone).at,
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid }) => {
            let theirs: Tz = tzid.trim_matches('"').parse().ok()?;
            let instant = WallTime {
                at: date_time,
                zone: theirs,
            };
            WallTime::of(instant.resolve().instant(), zone).at
        }
    })
}
