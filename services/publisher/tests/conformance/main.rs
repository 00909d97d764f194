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
mod engine;
mod harness;
mod lexicon;
mod limits;
mod pds;
mod proxy;
#[path = "../it/simulator.rs"]
#[expect(dead_code, reason = "shared with the other test binary")]
mod simulator;
mod specs;
mod suite;
#[path = "../it/world.rs"]
#[expect(dead_code, reason = "shared with the other test binary")]
mod world;
