//! The store, in a real folder and on a real S3 server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test may stop at what it did not expect"
)]

mod s3;
mod scenarios;
mod store;

use chancery_clock::TestClock;
use chancery_storage::Store;

/// A store in a folder of its own, and the clock that it reads.
fn store() -> (tempfile::TempDir, TestClock, Store) {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
    let store = Store::local(folder.path(), clock.shared()).unwrap();
    (folder, clock, store)
}
