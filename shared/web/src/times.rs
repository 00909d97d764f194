//! Dates and times as people read them: the mission's clock and headquarters' side by side.

use chrono::{DateTime, NaiveDate, Offset, Utc};
use chrono_tz::Tz;
use handlebars::html_escape;
use serde_json::Value;

use crate::helpers::{Tools, localised};
use crate::{Args, Language};

/// A day (`2026-09-02`), or the day of an instant in UTC.
pub(crate) fn date(value: &Value, language: Language) -> Option<String> {
    let text = value.as_str()?;
    let day: NaiveDate = text.get(..10)?.parse().ok()?;
    Some(day_text(day, language))
}

/// An instant (RFC 3339) on a wall in `zone`.
pub(crate) fn datetime(value: &Value, zone: Tz, language: Language) -> Option<String> {
    Some(on_wall(instant(value)?, zone, language))
}

/// The same, of an instant that is one.
pub(crate) fn on_wall(at: DateTime<Utc>, zone: Tz, language: Language) -> String {
    let local = at.with_timezone(&zone);
    format!(
        "{}, {}",
        local.format("%H:%M"),
        day_text(local.date_naive(), language)
    )
}

/// An instant on the mission's clock and, where it differs, on headquarters'.
pub(crate) fn clocks(tools: &Tools, value: &Value, zone: Tz, city: &Value) -> Option<String> {
    let instant = instant(value)?;
    let here = instant.with_timezone(&zone);
    let there = instant.with_timezone(&tools.headquarters.zone());
    let place = name_of(city, zone, tools.language);
    let headquarters = name_of(
        &tools.headquarters.city(),
        tools.headquarters.zone(),
        tools.language,
    );
    let day = day_text(here.date_naive(), tools.language);
    let machine = here.to_rfc3339();
    let time = here.format("%H:%M");
    if here.offset().fix() == there.offset().fix() {
        let label = if place == headquarters {
            place
        } else {
            let args = Args::from([
                ("place".into(), place.into()),
                ("headquarters".into(), headquarters.into()),
            ]);
            tools.locales.text(tools.language, "clocks-both", &args)
        };
        return Some(format!(
            r#"<span class="clocks"><time datetime="{machine}"><b>{time}</b>, {day}</time> <span class="clock-place">{}</span></span>"#,
            html_escape(&label),
        ));
    }
    let other_day = if here.date_naive() == there.date_naive() {
        String::new()
    } else {
        format!(", {}", day_text(there.date_naive(), tools.language))
    };
    Some(format!(
        r#"<span class="clocks"><time datetime="{machine}"><b>{time}</b>, {day}</time> <span class="clock-place">{}</span> <span class="clock-other"><b>{}</b>{other_day} {}</span></span>"#,
        html_escape(&place),
        there.format("%H:%M"),
        html_escape(&headquarters),
    ))
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(value.as_str()?).ok()?.to_utc())
}

/// A day as people read it.
pub(crate) fn day_text(day: NaiveDate, language: Language) -> String {
    match language {
        Language::Vi => day.format("%d/%m/%Y").to_string(),
        Language::En => day.format("%-d %B %Y").to_string(),
    }
}

/// The city's own name, or the one in the zone's: `Asia/Phnom_Penh` is Phnom Penh.
fn name_of(city: &Value, zone: Tz, language: Language) -> String {
    let name = localised(city, language);
    if name.is_empty() {
        zone.name()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .replace('_', " ")
    } else {
        name
    }
}
