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
mod board;
mod break_glass;
mod campaigns;
mod chains;
mod cuts;
mod days;
mod delegates;
mod demonstration;
mod editing;
mod endpoint;
mod feeds;
mod guards;
mod handover;
mod hostile;
mod importing;
mod letters;
mod library;
mod links;
mod lists;
mod logging;
mod machine;
mod models;
mod models_changes;
mod models_pages;
mod month;
mod moving;
mod pages;
mod preflight;
mod queueing;
mod recurring;
mod release;
mod release_pages;
mod remarks;
mod reports;
mod rig;
mod states;
mod taking_back;
mod times;
mod today;
mod translations;
mod versions;
mod webhooks;
mod wording_pages;
