use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use serde::Serialize;

/// An instant as a mission's own calendar and clock show it; what the Fluent messages `press-date` and
/// `press-dateline` are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocalDay {
    /// Day of the month.
    pub day: u32,
    /// 1 to 12.
    pub month: u32,
    /// Written without a thousands separator.
    pub year: String,
    /// `09:30`.
    pub time: String,
    /// RFC 3339 with the zone's offset: for `<time datetime>`, feeds and structured data.
    pub iso: String,
}

impl LocalDay {
    /// The day and time that `instant` is in `zone`.
    #[must_use]
    pub fn of(instant: DateTime<Utc>, zone: Tz) -> Self {
        let local = instant.with_timezone(&zone);
        Self {
            day: local.day(),
            month: local.month(),
            year: local.year().to_string(),
            time: local.format("%H:%M").to_string(),
            iso: local.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        }
    }
}

/// An instant in RFC 3339, as XML documents want it.
#[must_use]
pub fn moment(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_missions_own() {
        let instant = "2026-09-01T18:30:00Z".parse().unwrap();
        let vientiane = LocalDay::of(instant, Tz::Asia__Vientiane);
        assert_eq!(
            (vientiane.day, vientiane.month, vientiane.time.as_str()),
            (2, 9, "01:30")
        );
        assert_eq!(vientiane.iso, "2026-09-02T01:30:00+07:00");
        assert_eq!(LocalDay::of(instant, Tz::America__New_York).day, 1);
    }
}
