//! The real binary in real processes: one or many, killed at bad moments, backed up and brought back.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails; the processes live in real time, on addresses of this machine"
)]

mod apart;
mod commands;
mod crash;
mod journey;
mod product;
mod proxy;
