//! What services rely on: each test has a database of its own and connects as the service's role.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken fixture should stop the test"
)]

mod administration;
mod common;
mod crashes;
mod jobs;
mod keys;
mod lanes;
mod leases;
mod model;
mod rights;
mod scale;
mod schedules;
