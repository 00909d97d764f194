//! How long a sign-in lasts.

use chrono::TimeDelta;

/// Without a request for this long, a session ends. A draft is autosaved, and autosaving is a request.
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// However busy, a session ends after one working day.
pub const ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// Between the right password and the right code.
pub const CHALLENGE: TimeDelta = TimeDelta::minutes(10);
/// An invitation or a reset link.
pub const INVITATION: TimeDelta = TimeDelta::days(7);
/// The code that `chancery up` prints before there is an administrator.
pub const SETUP: TimeDelta = TimeDelta::hours(24);
