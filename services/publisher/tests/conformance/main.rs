//! Connectors against the platforms' own servers. [`suite`] is what every connector must pass; each platform's module
//! brings the server, and what only it has.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken fixture should stop the test"
)]

mod bluesky;
mod lexicon;
mod limits;
mod pds;
mod proxy;
mod specs;
mod suite;
