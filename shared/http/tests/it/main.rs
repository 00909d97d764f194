//! The guarded client against real sockets that misbehave.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]

mod commits;
mod guards;
mod reads;
mod server;
