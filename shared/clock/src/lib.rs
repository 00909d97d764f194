//! Time as a parameter.
//!
//! Nothing in the product reads the machine's clock by itself: whoever needs "now", a fresh id or randomness is
//! given a [`Clock`]. Tests own a [`TestClock`] and move it.
//!
//! Appointments are [`WallTime`]s: what the clock on the wall shows, plus the IANA zone of that wall. They are
//! resolved to an instant here and nowhere else (never in SQL), by one rule: a time that a zone skips becomes the
//! first valid instant after the gap; a time that happens twice is the first of the two.
//!
//! [`Recurrence`] walks a cron expression on a calendar without zones and resolves each hit by the same rule, because
//! the `cron` crate's own zone handling drops a day at a gap and fires twice at an overlap.

mod clock;
mod recurrence;
mod wall;

pub use chrono_tz::Tz;
pub use clock::{Clock, SharedClock, SystemClock, TestClock};
pub use recurrence::{Recurrence, RecurrenceError};
pub use wall::{Resolution, WallTime};
