//! The real binary in real processes: one or many, killed at bad moments, backed up and brought back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod apart;
mod commands;
mod crash;
mod journey;
mod product;
mod proxy;
