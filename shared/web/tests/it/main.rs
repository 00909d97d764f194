//! What the shell promises to every service and every person, against a real database.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken fixture should stop the test")]

mod answers;
mod escaping;
mod fixture;
mod forgery;
mod limits;
mod locales;
mod sessions;
mod statics;
mod templates;
