//! The calendar against a real PostgreSQL, as its own role.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::type_complexity,
    clippy::unused_self,
    reason = "a broken fixture should stop the test"
)]

mod amending;
mod approving;
mod chains;
mod delegates;
mod demonstration;
mod editing;
mod guards;
mod handover;
mod hostile;
mod library;
mod machine;
mod pages;
mod queueing;
mod reports;
mod rig;
mod states;
mod times;
