//! When a unit's weekly letter is due.

use chancery_clock::{Tz, WallTime};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};

/// On Mondays, when the unit's own wall shows this hour.
const HOUR: u32 = 7;
/// A letter that could not be made in time is still news for so long.
const LATE: TimeDelta = TimeDelta::days(2);

/// The Monday whose letter is due in `zone`: its hour has come, and not too long ago.
#[must_use]
pub fn due(now: DateTime<Utc>, zone: Tz) -> Option<NaiveDate> {
    let today = now.with_timezone(&zone).date_naive();
    let back = u64::from(today.weekday().num_days_from_monday());
    let monday = today.checked_sub_days(Days::new(back))?;
    let at = morning(monday, zone)?;
    (at <= now && now - at < LATE).then_some(monday)
}

/// The instant at which the letter of this Monday is due.
#[must_use]
pub fn morning(monday: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let at = monday.and_hms_opt(HOUR, 0, 0)?;
    Some(WallTime { at, zone }.resolve().instant())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn at(text: &str, zone: Tz) -> Option<String> {
        due(text.parse().unwrap(), zone).map(|day| day.to_string())
    }

    #[test]
    fn it_is_due_from_seven_on_monday_at_the_units_own_clock() {
        assert_eq!(at("2026-11-22T23:59:59Z", Tz::Asia__Vientiane), None);
        assert_eq!(
            at("2026-11-23T00:00:00Z", Tz::Asia__Vientiane).as_deref(),
            Some("2026-11-23")
        );
        assert_eq!(at("2026-11-23T05:59:00Z", Tz::Europe__Paris), None);
        assert_eq!(
            at("2026-11-23T06:00:00Z", Tz::Europe__Paris).as_deref(),
            Some("2026-11-23")
        );
        // A quarter of an hour counts.
        assert_eq!(at("2026-11-23T01:00:00Z", Tz::Asia__Kathmandu), None);
        assert_eq!(
            at("2026-11-23T01:15:00Z", Tz::Asia__Kathmandu).as_deref(),
            Some("2026-11-23")
        );
        // In Honolulu it is still Sunday when Hanoi has had its letter.
        assert_eq!(at("2026-11-23T00:30:00Z", Tz::Pacific__Honolulu), None);
    }

    #[test]
    fn a_week_is_a_week_when_the_clocks_change() {
        let (before, after) = ("2026-03-23".parse().unwrap(), "2026-03-30".parse().unwrap());
        let zone = Tz::Europe__Paris;
        let hours = (morning(after, zone).unwrap() - morning(before, zone).unwrap()).num_hours();
        assert_eq!(hours, 7 * 24 - 1);
        assert_eq!(at("2026-03-30T05:00:00Z", zone).as_deref(), Some("2026-03-30"));
        assert_eq!(at("2026-03-30T04:59:00Z", zone), None);
    }

    #[test]
    fn after_two_days_of_silence_it_waits_for_the_next() {
        assert_eq!(
            at("2026-11-24T23:00:00Z", Tz::Asia__Vientiane).as_deref(),
            Some("2026-11-23")
        );
        assert_eq!(at("2026-11-25T00:00:00Z", Tz::Asia__Vientiane), None);
    }
}
