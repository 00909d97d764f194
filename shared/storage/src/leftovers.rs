//! What a crash leaves in a folder: `object_store` writes to `NAME#1` and renames when the file is whole, and passes over
//! such files ever after.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::StorageError;

/// No file is being written for so long.
const LIFE: TimeDelta = TimeDelta::days(1);

/// Removes half-written files to which nothing was added for a day; gives their number.
pub(crate) async fn sweep(folder: Arc<PathBuf>, now: DateTime<Utc>) -> Result<usize, StorageError> {
    let swept = tokio::task::spawn_blocking(move || below(&folder, now - LIFE)).await;
    Ok(swept.unwrap_or_else(|died| Err(io::Error::other(died)))?)
}

fn below(folder: &Path, before: DateTime<Utc>) -> io::Result<usize> {
    let mut removed = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A file that another took away meanwhile needs nothing.
        let found = match entry.file_type() {
            Ok(kind) if kind.is_dir() => below(&entry.path(), before),
            Ok(kind) if kind.is_file() && is_half_written(&entry) => removed_if_old(&entry, before),
            Ok(_) => Ok(0),
            Err(error) => Err(error),
        };
        removed += match found {
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            found => found?,
        };
    }
    Ok(removed)
}

fn removed_if_old(entry: &DirEntry, before: DateTime<Utc>) -> io::Result<usize> {
    if DateTime::<Utc>::from(entry.metadata()?.modified()?) >= before {
        return Ok(0);
    }
    std::fs::remove_file(entry.path())?;
    Ok(1)
}

/// `NAME#7`: no name of ours holds a `#`.
fn is_half_written(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let number = name.to_str().and_then(|name| name.rsplit_once('#'));
    number.is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
