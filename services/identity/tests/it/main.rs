//! What identity promises to people and to the other services, against a real database and as its own role.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]

mod audit;
mod demo;
mod events;
mod fixture;
mod forms;
mod mail;
mod mail_pages;
mod notifications;
mod proofs;
mod queue;
mod roles;
mod sessions;
mod setup;
mod sign_in;
mod smtp;
mod tokens;
mod units;
