//! The library against a real PostgreSQL, as its own role.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::option_option,
    reason = "a broken fixture should stop the test"
)]

mod again;
mod api;
mod arranging;
mod describing;
mod editing;
mod everywhere;
mod giving;
mod jobs;
mod pages;
mod renditions;
mod reviewing;
mod rig;
mod rights;
mod searching;
mod sheets;
mod uploads;
mod zips;
