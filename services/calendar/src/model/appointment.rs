//! When an item goes out: what a wall shows, on whose wall, and what that means on the other one.

use chancery_clock::{Resolution, Tz, WallTime};
use chancery_contracts::Release;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::Serialize;

use super::ClockChoice;

/// The least time between submission and publication: the publisher prepares within it.
pub const MIN_LEAD: TimeDelta = TimeDelta::minutes(1);

/// The time of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appointment {
    /// What the wall shows, and where it hangs.
    pub wall: WallTime,
    /// For how many minutes after it the item may still go out.
    pub window_minutes: i32,
    /// By itself then, or from then on when somebody gives the word.
    pub release: Release,
}

/// Where an instant is in the window of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Before it.
    ToCome,
    /// In it.
    Open,
    /// After it.
    Over,
}

/// What is special about a time, to be said in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The clocks skip it: the first minute after the gap is meant.
    Gap,
    /// The clocks show it twice: the first of the two is meant.
    Overlap,
}

/// One instant on both walls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// In the host country.
    pub host: NaiveDateTime,
    /// In Hanoi, or wherever headquarters is.
    pub headquarters: NaiveDateTime,
}

impl Appointment {
    /// The appointment that a person chose: `at` on the wall of the host country or of headquarters, by itself.
    #[must_use]
    pub const fn new(
        at: NaiveDateTime,
        clock: ClockChoice,
        host: Tz,
        headquarters: Tz,
        window_minutes: i32,
    ) -> Self {
        let zone = match clock {
            ClockChoice::Host => host,
            ClockChoice::Headquarters => headquarters,
        };
        Self {
            wall: WallTime { at, zone },
            window_minutes,
            release: Release::AtTime,
        }
    }

    /// The same, going out like this.
    #[must_use]
    pub const fn released(self, release: Release) -> Self {
        Self { release, ..self }
    }

    /// The instant meant: when it goes out, or when its window opens.
    #[must_use]
    pub fn instant(self) -> DateTime<Utc> {
        self.wall.resolve().instant()
    }

    /// From here on it is too late.
    #[must_use]
    pub fn not_after(self) -> DateTime<Utc> {
        self.instant() + TimeDelta::minutes(self.window_minutes.into())
    }

    /// The last instant that is meant: of what goes out on command, the end of its window.
    #[must_use]
    pub fn latest(self) -> DateTime<Utc> {
        match self.release {
            Release::AtTime => self.instant(),
            Release::OnCommand => self.not_after(),
        }
    }

    /// Where `now` is in its window.
    #[must_use]
    pub fn window(self, now: DateTime<Utc>) -> Window {
        if now < self.instant() {
            Window::ToCome
        } else if now < self.not_after() {
            Window::Open
        } else {
            Window::Over
        }
    }

    /// The first and the last day on which it may go out, as a wall in `zone` shows them. What goes out by itself has one.
    #[must_use]
    pub fn days(self, zone: Tz) -> (NaiveDate, NaiveDate) {
        let on = |instant| WallTime::of(instant, zone).at.date();
        (on(self.instant()), on(self.latest()))
    }

    /// What must be said about it.
    #[must_use]
    pub fn note(self) -> Option<Note> {
        match self.wall.resolve() {
            Resolution::Exact(_) => None,
            Resolution::Gap(_) => Some(Note::Gap),
            Resolution::Overlap(_) => Some(Note::Overlap),
        }
    }

    /// Whether it can no longer be kept.
    #[must_use]
    pub fn has_passed(self, now: DateTime<Utc>) -> bool {
        self.latest() <= now
    }

    /// Whether there is too little time left to submit it.
    #[must_use]
    pub fn is_too_soon(self, now: DateTime<Utc>) -> bool {
        self.latest() < now + MIN_LEAD
    }
}

impl Clocks {
    /// `instant` on both walls.
    #[must_use]
    pub fn at(instant: DateTime<Utc>, host: Tz, headquarters: Tz) -> Self {
        Self {
            host: WallTime::of(instant, host).at,
            headquarters: WallTime::of(instant, headquarters).at,
        }
    }

    /// Whether both show the same, so that one is enough.
    #[must_use]
    pub fn agree(self) -> bool {
        self.host == self.headquarters
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn at(text: &str, clock: ClockChoice, host: Tz) -> Appointment {
        Appointment::new(text.parse().unwrap(), clock, host, Tz::Asia__Ho_Chi_Minh, 60)
    }

    #[test]
    fn a_tet_greeting_goes_out_at_midnight_in_hanoi() {
        let greeting = at(
            "2027-02-06T00:00:00",
            ClockChoice::Headquarters,
            Tz::Europe__Paris,
        );
        let clocks = Clocks::at(greeting.instant(), Tz::Europe__Paris, Tz::Asia__Ho_Chi_Minh);
        assert_eq!(clocks.headquarters.to_string(), "2027-02-06 00:00:00");
        assert_eq!(clocks.host.to_string(), "2027-02-05 18:00:00");
        assert!(!clocks.agree());
    }

    #[test]
    fn vientiane_and_hanoi_share_a_clock() {
        let item = at("2026-09-02T09:00:00", ClockChoice::Host, Tz::Asia__Vientiane);
        assert!(Clocks::at(item.instant(), Tz::Asia__Vientiane, Tz::Asia__Ho_Chi_Minh).agree());
    }

    #[test]
    fn summer_time_is_explained() {
        let note = |text, clock| at(text, clock, Tz::Europe__Paris).note();
        assert_eq!(note("2027-03-28T02:30:00", ClockChoice::Host), Some(Note::Gap));
        assert_eq!(
            note("2026-10-25T02:30:00", ClockChoice::Host),
            Some(Note::Overlap)
        );
        assert_eq!(note("2026-10-25T02:30:00", ClockChoice::Headquarters), None);
    }

    #[test]
    fn a_window_counts_until_its_end() {
        let item = at("2026-09-02T09:00:00", ClockChoice::Host, Tz::Asia__Vientiane);
        let due = item.instant();
        let second = TimeDelta::seconds(1);
        assert_eq!(item.window(due - second), Window::ToCome);
        assert_eq!(item.window(due), Window::Open);
        assert_eq!(item.window(item.not_after() - second), Window::Open);
        assert_eq!(item.window(item.not_after()), Window::Over);
        let on_command = item.released(Release::OnCommand);
        assert!(item.has_passed(due) && !on_command.has_passed(due));
        assert!(!on_command.is_too_soon(on_command.not_after() - MIN_LEAD));
        assert!(on_command.is_too_soon(on_command.not_after() - second));
        assert!(on_command.has_passed(on_command.not_after()));
        let long = Appointment {
            window_minutes: 4_320,
            ..on_command
        };
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            long.days(Tz::Asia__Vientiane),
            (day("2026-09-02"), day("2026-09-05"))
        );
        assert_eq!(item.days(Tz::UTC), (day("2026-09-02"), day("2026-09-02")));
    }

    #[test]
    fn a_time_is_too_soon_before_it_has_passed() {
        let item = at("2026-09-02T09:00:00", ClockChoice::Host, Tz::Asia__Vientiane);
        let due = item.instant();
        assert!(!item.is_too_soon(due - TimeDelta::minutes(1)));
        assert!(item.is_too_soon(due - TimeDelta::seconds(59)));
        assert!(!item.has_passed(due - TimeDelta::seconds(1)));
        assert!(item.has_passed(due));
        assert_eq!(item.not_after() - due, TimeDelta::minutes(60));
    }
}
