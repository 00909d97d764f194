//! Many files as one zip, made while it is read: of any size, in a few megabytes of memory.

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use axum::body::{Body, Bytes};
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc;
use unicode_segmentation::UnicodeSegmentation as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::model::clean_name;

/// How many pieces wait on either side of the writer.
const AHEAD: usize = 4;
/// How much is handed on at once.
const CHUNK: usize = 128 * 1024;
/// From this length on an entry needs the format's 64-bit fields.
const LARGE: u64 = 0xffff_0000;

/// The most bytes of a name, in UTF-8: what file systems take, with room for a number.
const NAME: usize = 240;

/// What a file of the zip consists of.
#[derive(Debug, Clone)]
pub enum Content {
    /// An object of the store.
    Stored(ContentHash),
    /// A text of ours.
    Text(String),
}

/// The files of a zip to be, under names that are harmless on every system and all different.
#[derive(Debug, Default)]
pub struct Members {
    list: Vec<(String, Content)>,
    taken: HashSet<String>,
}

impl Members {
    /// Adds a file that its giver calls `name`; gives what it is called in the zip.
    pub fn add(&mut self, name: &str, content: Content) -> String {
        let name = self.unique(name);
        self.list.push((name.clone(), content));
        name
    }

    /// A name that is not taken, as file systems compare that know no case.
    fn unique(&mut self, name: &str) -> String {
        let clean: String = clean_name(name)
            .chars()
            .map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c })
            .collect();
        let clean = clean.trim_end_matches(['.', ' ']);
        let (stem, ending) = match clean.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && ending.len() <= 20 => (stem, format!(".{ending}")),
            _ => (clean, String::new()),
        };
        let stem = shortened(stem, NAME - ending.len());
        let mut name = format!("{stem}{ending}");
        let mut number = 1_u64;
        while !self.taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{stem} ({number}){ending}");
        }
        name
    }
}

/// As many whole characters as fit in `most` bytes.
fn shortened(text: &str, most: usize) -> String {
    let mut room = most;
    text.graphemes(true)
        .take_while(|grapheme| {
            let fits = grapheme.len() <= room;
            room = room.saturating_sub(grapheme.len());
            fits
        })
        .collect()
}

/// A zip of these files in their order. Pictures and films hardly shrink, so nothing is compressed. When a file turns out
/// to be missing the stream breaks off, so that nobody takes half of it for the whole.
pub fn stream_of(store: Store, members: Members) -> Body {
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
async fn feed(store: &Store, members: Members, parts: &mpsc::Sender<Part>) -> Result<(), StorageError> {
    for (name, content) in members.list {
        let (size, mut bytes) = match content {
            Content::Stored(hash) => {
                let object = store.get(hash).await?;
                (object.size, object.bytes)
            }
            Content::Text(text) => {
                let bytes = Bytes::from(text);
                (bytes.len() as u64, stream::once(async { Ok(bytes) }).boxed())
            }
        };
        if parts.send(Part::Begin { name, size }).await.is_err() {
            return Ok(());
        }
        while let Some(bytes) = bytes.try_next().await? {
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
