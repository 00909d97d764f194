use std::str::FromStr;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::WallTime;

/// A cron expression in a zone: seconds, minutes, hours, day of month, month, day of week, optional year.
#[derive(Debug, Clone)]
pub struct Recurrence {
    schedule: cron::Schedule,
    zone: Tz,
}

/// Why an expression was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{expression}” is not a cron expression: {reason}")]
pub struct RecurrenceError {
    expression: String,
    reason: String,
}

impl Recurrence {
    /// Parses `expression`, to be read on walls in `zone`.
    ///
    /// # Errors
    /// When the `cron` crate cannot parse it.
    pub fn parse(expression: &str, zone: Tz) -> Result<Self, RecurrenceError> {
        cron::Schedule::from_str(expression)
            .map(|schedule| Self { schedule, zone })
            .map_err(|error| RecurrenceError {
                expression: expression.to_owned(),
                reason: error.to_string(),
            })
    }

    /// The first instant strictly after `after`; none when the expression has come to its end.
    #[must_use]
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Slack, since a hit inside a gap resolves to later than its wall reading; no zone now skips more than two hours.
        let start = WallTime::of(after, self.zone).at - TimeDelta::hours(3);
        self.schedule
            .after(&Utc.from_utc_datetime(&start))
            .map(|hit| {
                WallTime {
                    at: hit.naive_utc(),
                    zone: self.zone,
                }
                .resolve()
                .instant()
            })
            .find(|instant| *instant > after)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn hits(expression: &str, zone: Tz, after: &str, n: usize) -> Vec<String> {
        let recurrence = Recurrence::parse(expression, zone).unwrap();
        let mut at: DateTime<Utc> = after.parse().unwrap();
        (0..n)
            .map(|_| {
                at = recurrence.next_after(at).unwrap();
                at.format("%dT%H:%M").to_string()
            })
            .collect()
    }

    #[test]
    fn daily_at_a_skipped_hour_keeps_every_day() {
        let found = hits("0 30 2 * * *", Tz::Europe__Paris, "2026-03-27T12:00:00Z", 3);
        assert_eq!(found, ["28T01:30", "29T01:00", "30T00:30"]);
    }

    #[test]
    fn daily_at_a_doubled_hour_fires_once() {
        let found = hits("0 30 2 * * *", Tz::Europe__Paris, "2026-10-24T12:00:00Z", 2);
        assert_eq!(found, ["25T00:30", "26T01:30"]);
    }

    #[test]
    fn every_minute_moves_on() {
        let found = hits("0 * * * * *", Tz::UTC, "2026-01-01T00:00:30Z", 2);
        assert_eq!(found, ["01T00:01", "01T00:02"]);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        assert!(
            Recurrence::parse("every now and then", Tz::UTC)
                .unwrap_err()
                .to_string()
                .contains("every now")
        );
    }
}
