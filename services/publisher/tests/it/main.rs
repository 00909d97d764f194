//! The publisher against a real database and a scripted platform.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect should stop there"
)]

mod accounts;
mod faults;
mod on_command;
mod orders;
mod pages;
mod rules;
mod simulator;
mod stops;
mod taking_back;
mod world;
