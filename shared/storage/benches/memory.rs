//! `make bench`: how much memory a long film takes on its way in and out of the object store, and how fast it goes.
//!
//! Figure of design: 4 GB through less than 64 MB of memory. `BYTES=4000000000` sets the length; the disk needs room for
//! it twice. Peak memory is the process's (`VmHWM`), what it has before included.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

use std::time::Instant;

use bytes::Bytes;
use chancery_clock::SystemClock;
use chancery_storage::Store;
use futures_util::{StreamExt, stream};
use uuid::Uuid;

/// What a network brings at once.
const CHUNK: usize = 64 * 1024;

/// Bytes made as they are asked for, different in every chunk.
fn film(length: u64) -> impl futures_util::Stream<Item = Result<Bytes, String>> + Send {
    let base = vec![7_u8; CHUNK];
    stream::unfold((0_u64, base), move |(sent, mut base)| async move {
        if sent >= length {
            return None;
        }
        for (place, byte) in base.iter_mut().zip(sent.to_le_bytes()) {
            *place = byte;
        }
        let size = usize::try_from(length - sent).unwrap_or(CHUNK).min(CHUNK);
        let chunk = Bytes::copy_from_slice(base.get(..size).unwrap_or_default());
        Some((Ok(chunk), (sent + size as u64, base)))
    })
}

/// The most memory that the process has had, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn row(what: &str, length: u64, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let speed = length as f64 / 1e6 / seconds;
    println!(
        "{what:<28} {seconds:>8.1} s {speed:>8.0} MB/s   peak {:>4} MB",
        peak()
    );
}

#[tokio::main]
async fn main() {
    let length = std::env::var("BYTES").map_or(4_000_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store = Store::local(folder.path(), SystemClock::shared()).unwrap();
    println!("A film of {length} bytes, in a folder");
    println!("{:<28} {:>26}peak {:>4} MB", "before", "", peak());

    let staging = store.staging(Uuid::from_u128(1));
    let began = Instant::now();
    let appended = staging.append(film(length), 0, length).await.unwrap();
    assert_eq!(appended.size, length);
    row("it arrives", length, began);

    let began = Instant::now();
    let (hash, size) = staging.finish().await.unwrap();
    staging.abandon().await.unwrap();
    assert_eq!(size, length);
    row("it becomes an object", length, began);

    let began = Instant::now();
    let mut object = store.get(hash).await.unwrap();
    let mut read = 0;
    while let Some(chunk) = object.bytes.next().await {
        read += chunk.unwrap().len() as u64;
    }
    assert_eq!(read, length);
    row("it is read", length, began);
}
