//! The database crate, with real servers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod embedded;
