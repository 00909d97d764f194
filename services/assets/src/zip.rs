//! Many files as one zip, made while it is read: of any size, in a few megabytes of memory.

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use axum::body::{Body, Bytes};
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::{TryStreamExt as _, stream};
use tokio::sync::mpsc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::model::clean_name;

/// How many pieces wait on either side of the writer.
const AHEAD: usize = 4;
/// How much is handed on at once.
const CHUNK: usize = 128 * 1024;
/// From this length on an entry needs the format's 64-bit fields.
const LARGE: u64 = 0xffff_0000;

/// A file of the zip to be.
#[derive(Debug, Clone)]
pub struct Member {
    /// What it is to be called; made harmless and unique here.
    pub name: String,
    /// Where it lies.
    pub sha256: ContentHash,
}

/// A zip of these files in their order. Pictures and films hardly shrink, so nothing is compressed. When a file turns out
/// to be missing the stream breaks off, so that nobody takes half of it for the whole.
pub fn stream_of(store: Store, members: Vec<Member>) -> Body {
    let (parts, written) = mpsc::channel(AHEAD);
    let (pieces, read) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        if let Err(error) = feed(&store, members, &parts).await {
            // Nobody listens when the reader has gone away.
            drop(parts.send(Part::Broken(error.to_string())).await);
        }
    });
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(written, &pieces) {
            drop(pieces.blocking_send(Err(error)));
        }
    });
    Body::from_stream(stream::unfold(read, |mut read| async {
        read.recv().await.map(|piece| (piece, read))
    }))
}

/// What the writer is told.
enum Part {
    Begin { name: String, size: u64 },
    Bytes(Bytes),
    Broken(String),
}

/// Reads the files one after the other. Ends early when nobody listens.
async fn feed(store: &Store, members: Vec<Member>, parts: &mpsc::Sender<Part>) -> Result<(), StorageError> {
    let mut names = Names::default();
    for member in members {
        let mut object = store.get(member.sha256).await?;
        let begin = Part::Begin {
            name: names.unique(&member.name),
            size: object.size,
        };
        if parts.send(begin).await.is_err() {
            return Ok(());
        }
        while let Some(bytes) = object.bytes.try_next().await? {
            if parts.send(Part::Bytes(bytes)).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Writes the zip as its parts come. Blocking.
fn write(mut parts: mpsc::Receiver<Part>, pieces: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let out = BufWriter::with_capacity(CHUNK, Pieces(pieces.clone()));
    let mut archive = ZipWriter::new_stream(out);
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::Begin { name, size } => {
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Stored)
                    .large_file(size >= LARGE);
                archive.start_file(name, options)?;
            }
            Part::Bytes(bytes) => archive.write_all(&bytes)?,
            Part::Broken(reason) => return Err(io::Error::other(reason)),
        }
    }
    archive.finish()?.into_inner().flush()
}

/// Hands on what is written.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        self.0
            .blocking_send(Ok(piece))
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody reads"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Names that are taken, as file systems compare them that know no case.
#[derive(Debug, Default)]
struct Names(HashSet<String>);

impl Names {
    fn unique(&mut self, name: &str) -> String {
        let clean = clean_name(name);
        let (stem, ending) = match clean.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem.to_owned(), format!(".{ending}")),
            _ => (clean.clone(), String::new()),
        };
        let others = (2..).map(|number| format!("{stem} ({number}){ending}"));
        std::iter::once(clean.clone())
            .chain(others)
            .find(|name| self.0.insert(name.to_lowercase()))
            .unwrap_or(clean)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use std::io::Read as _;

    use chancery_clock::TestClock;

    use super::*;

    async fn zipped(members: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
        let store = Store::local(folder.path(), clock.shared()).unwrap();
        let mut files = Vec::new();
        for (name, bytes) in members {
            files.push(Member {
                name: (*name).to_owned(),
                sha256: store.put(Bytes::copy_from_slice(bytes)).await.unwrap(),
            });
        }
        let body = axum::body::to_bytes(stream_of(store, files), usize::MAX)
            .await
            .unwrap();
        let mut archive = zip::ZipArchive::new(io::Cursor::new(body)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut file = archive.by_index(index).unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                (file.name().unwrap().into_owned(), bytes)
            })
            .collect()
    }

    #[tokio::test]
    async fn what_goes_in_comes_out_under_safe_and_different_names() {
        let large = vec![7; 3_000_000];
        let out = zipped(&[
            ("Ảnh.jpg", b"one"),
            ("ẢNH.JPG", b"two"),
            ("../../etc/passwd", b"three"),
            ("phim\u{202e}4pm.exe", &large),
            ("passwd", b""),
        ])
        .await;
        let names: Vec<_> = out.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["Ảnh.jpg", "ẢNH (2).JPG", "passwd", "phim4pm.exe", "passwd (2)"]
        );
        assert_eq!(out.get(3).unwrap().1, large);
        assert_eq!(out.first().unwrap().1, b"one");
        assert!(zipped(&[]).await.is_empty());
    }

    #[tokio::test]
    async fn a_missing_file_breaks_the_stream_off() {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
        let store = Store::local(folder.path(), clock.shared()).unwrap();
        let missing = Member {
            name: "a".to_owned(),
            sha256: ContentHash::of(b"nobody put this"),
        };
        let body = stream_of(store, vec![missing]);
        assert!(axum::body::to_bytes(body, usize::MAX).await.is_err());
    }
}
