//! Files of every format, made here by code or by the programs that make such files, through the one door.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at what it did not expect"
)]

mod copies;
mod documents;
mod drawings;
mod films;
mod formats;
mod hostile;
mod images;
mod make;
mod pictures;
mod sentences;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_media::{Limits, Media, MediaError, Refused};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// A folder of files and a place that opens them.
struct Desk {
    folder: TempDir,
    scratch: TempDir,
    media: Media,
}

impl Desk {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        let scratch = TempDir::new().unwrap();
        let media = Media::new(limits, scratch.path().to_owned(), Arc::new(Semaphore::new(2)));
        Self {
            folder: TempDir::new().unwrap(),
            scratch,
            media,
        }
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Nothing is left behind, whatever happened.
    fn is_tidy(&self) -> bool {
        std::fs::read_dir(self.scratch.path()).unwrap().next().is_none()
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, MediaError>) -> Refused {
    match result.unwrap_err() {
        MediaError::Refused(refused) => refused,
        other => panic!("not refused but {other:?}"),
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}
