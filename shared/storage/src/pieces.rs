//! A stream cut into pieces that are worth writing.

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};

use crate::StorageError;

/// The size of a piece: large enough for S3's multipart upload (5 MiB), small enough that many uploads fit in memory.
pub(crate) const PIECE: usize = 8 * 1024 * 1024;

/// Gathers a stream's chunks into pieces of [`PIECE`] bytes; only the last one is shorter.
pub(crate) struct Pieces<'a> {
    stream: BoxStream<'a, Result<Bytes, String>>,
    max_bytes: u64,
    /// How many bytes may still come.
    left: u64,
    /// What came and is in no piece yet.
    waiting: Bytes,
}

impl<'a> Pieces<'a> {
    pub fn of<E: std::fmt::Display>(
        stream: impl Stream<Item = Result<Bytes, E>> + Send + 'a,
        max_bytes: u64,
    ) -> Self {
        let stream = stream.map(|chunk| chunk.map_err(|error| error.to_string()));
        Self {
            stream: stream.boxed(),
            max_bytes,
            left: max_bytes,
            waiting: Bytes::new(),
        }
    }

    /// The next piece, empty at the stream's end; and what broke the stream off, if anything did: then the piece is
    /// what had arrived until then.
    pub async fn next(&mut self) -> (Bytes, Result<(), StorageError>) {
        let mut piece = BytesMut::new();
        loop {
            let fits = (PIECE - piece.len()).min(self.waiting.len());
            piece.extend_from_slice(&self.waiting.split_to(fits));
            if piece.len() == PIECE {
                return (piece.freeze(), Ok(()));
            }
            let broken = match self.stream.next().await {
                None => return (piece.freeze(), Ok(())),
                Some(Err(error)) => StorageError::Upload(error),
                Some(Ok(chunk)) => {
                    if let Some(left) = self.left.checked_sub(chunk.len() as u64) {
                        self.left = left;
                        self.waiting = chunk;
                        continue;
                    }
                    StorageError::TooLarge {
                        max_bytes: self.max_bytes,
                    }
                }
            };
            return (piece.freeze(), Err(broken));
        }
    }
}
