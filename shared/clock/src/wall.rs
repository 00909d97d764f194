use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// An appointment: what the clock on a wall shows, and where that wall stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallTime {
    /// The local date and time, without any offset.
    pub at: NaiveDateTime,
    /// The IANA zone in which it is read.
    pub zone: Tz,
}

/// The instant that a [`WallTime`] means, and whether the zone made it special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The time happens exactly once.
    Exact(DateTime<Utc>),
    /// The zone's clocks skip this time; the first valid instant after the gap.
    Gap(DateTime<Utc>),
    /// The zone's clocks show this time twice; the first of the two.
    Overlap(DateTime<Utc>),
}

impl Resolution {
    /// The instant, however it was found.
    #[must_use]
    pub const fn instant(self) -> DateTime<Utc> {
        match self {
            Self::Exact(at) | Self::Gap(at) | Self::Overlap(at) => at,
        }
    }
}

impl WallTime {
    /// What `instant` looks like on a wall in `zone`.
    #[must_use]
    pub fn of(instant: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            at: instant.with_timezone(&zone).naive_local(),
            zone,
        }
    }

    /// The instant in UTC. In a gap the first valid instant after it, in an overlap the first of the two.
    #[must_use]
    pub fn resolve(self) -> Resolution {
        match self.zone.from_local_datetime(&self.at) {
            LocalResult::Single(at) => Resolution::Exact(at.with_timezone(&Utc)),
            LocalResult::Ambiguous(first, _) => Resolution::Overlap(first.with_timezone(&Utc)),
            LocalResult::None => Resolution::Gap(self.end_of_gap()),
        }
    }

    /// Bisects to the second at which the zone's clocks have jumped. Gaps are at most a day (Samoa, 2011).
    fn end_of_gap(self) -> DateTime<Utc> {
        let valid = |seconds: i64| {
            let at = self.at + TimeDelta::seconds(seconds);
            self.zone.from_local_datetime(&at).earliest()
        };
        let (mut inside, mut after) = (0_i64, 26 * 3600_i64);
        while after - inside > 1 {
            let middle = i64::midpoint(inside, after);
            if valid(middle).is_some() {
                after = middle;
            } else {
                inside = middle;
            }
        }
        valid(after).map_or_else(|| self.at.and_utc(), |at| at.with_timezone(&Utc))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn wall(at: &str, zone: Tz) -> Resolution {
        WallTime {
            at: at.parse().unwrap(),
            zone,
        }
        .resolve()
    }

    fn utc(at: &str) -> DateTime<Utc> {
        at.parse().unwrap()
    }

    #[test]
    fn a_zone_without_summer_time_is_exact() {
        assert_eq!(
            wall("2026-09-02T09:00:00", Tz::Asia__Vientiane),
            Resolution::Exact(utc("2026-09-02T02:00:00Z"))
        );
    }

    #[test]
    fn a_skipped_time_becomes_the_first_instant_after_the_gap() {
        assert_eq!(
            wall("2026-03-29T02:30:00", Tz::Europe__Paris),
            Resolution::Gap(utc("2026-03-29T01:00:00Z"))
        );
        assert_eq!(
            wall("2026-03-08T02:00:00", Tz::America__New_York),
            Resolution::Gap(utc("2026-03-08T07:00:00Z"))
        );
    }

    #[test]
    fn a_skipped_day_becomes_the_next_midnight() {
        assert_eq!(
            wall("2011-12-30T12:00:00", Tz::Pacific__Apia),
            Resolution::Gap(utc("2011-12-30T10:00:00Z"))
        );
    }

    #[test]
    fn a_time_that_happens_twice_is_the_first() {
        assert_eq!(
            wall("2026-10-25T02:30:00", Tz::Europe__Paris),
            Resolution::Overlap(utc("2026-10-25T00:30:00Z"))
        );
    }

    #[test]
    fn reading_a_wall_and_resolving_it_is_the_identity_outside_overlaps() {
        let instant = utc("2026-07-01T12:34:56Z");
        for zone in [Tz::Asia__Ho_Chi_Minh, Tz::America__New_York, Tz::Asia__Kathmandu] {
            assert_eq!(WallTime::of(instant, zone).resolve(), Resolution::Exact(instant));
        }
    }
}
