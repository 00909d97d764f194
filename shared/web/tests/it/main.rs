//! What the shell promises to every service and every person, against a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken fixture should stop the test"
)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that reads too far has failed"
)]

mod answers;
mod escaping;
mod fixture;
mod forgery;
mod limits;
mod locales;
mod sessions;
mod statics;
mod templates;
