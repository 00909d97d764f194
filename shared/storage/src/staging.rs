//! Uploads under way, whose hash is not known yet.
//!
//! A staged upload is a chain of objects, `staging/ID/START`, each of which begins where the one before it ends. An
//! object appears whole or not at all, and is never overwritten, so whatever happens to a sender, a line or a process,
//! the chain is a true beginning of the file, and its length is where the sender goes on. When two append at once,
//! one of them finds the next place taken and is told where the upload continues. It works alike in a folder and in
//! a bucket, which has no other way to append.

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt, PutMode, WriteMultipart};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::pieces::{PIECE, Pieces};
use crate::store::key;
use crate::{ContentHash, StorageError, Store, leftovers};

const STAGING: &str = "staging";
/// A staged upload to which nothing was added for so long is nobody's. The services that keep lists of uploads end
/// theirs earlier; this is for what a crash left.
const STAGING_LIFE: TimeDelta = TimeDelta::days(10);
/// More pieces than this are a sender's mischief: 16 GiB in pieces of 4 MB are fewer.
const MOST_PIECES: usize = 4_096;
/// How many pieces wait for the store while the next is read.
const AHEAD: usize = 2;

/// One staged upload; see the module's page.
#[derive(Debug, Clone)]
pub struct Staging {
    store: Store,
    id: Uuid,
}

/// What an [`Staging::append`] came to.
#[derive(Debug)]
pub struct Appended {
    /// How many bytes the upload has now: where it continues.
    pub size: u64,
    /// Why the sender's stream ended before its time; none when it came to its end.
    pub broken: Option<String>,
}

impl Staging {
    pub(crate) fn new(store: Store, id: Uuid) -> Self {
        Self { store, id }
    }

    pub(crate) fn path(id: Uuid) -> Path {
        Path::from_iter([STAGING, &id.simple().to_string()])
    }

    /// What the caller calls it.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// How many bytes have arrived.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] or [`StorageError::Backend`] when the store cannot say.
    pub async fn size(&self) -> Result<u64, StorageError> {
        Ok(length(&self.chain().await?))
    }

    /// Adds what `stream` brings, from byte `at` on, which must be where the upload ends. What arrived before the
    /// stream broke is kept and counted. When this future is dropped, all but the last piece (8 MiB) is kept.
    ///
    /// # Errors
    /// [`StorageError::Elsewhere`] when the upload ends elsewhere or somebody else appends meanwhile;
    /// [`StorageError::TooLarge`] when the upload would come to have more than `max_bytes`;
    /// [`StorageError::TooManyPieces`]; [`StorageError::Full`], [`StorageError::Unavailable`] and
    /// [`StorageError::Backend`] when the store cannot write. After each of them [`Staging::size`] tells what is kept.
    pub async fn append<E: std::fmt::Display>(
        &self,
        stream: impl Stream<Item = Result<Bytes, E>> + Send,
        at: u64,
        max_bytes: u64,
    ) -> Result<Appended, StorageError> {
        let chain = self.chain().await?;
        let mut size = length(&chain);
        let mut count = chain.len();
        if at != size {
            return Err(StorageError::Elsewhere { size });
        }
        let mut pieces = Pieces::of(stream, max_bytes.saturating_sub(at));
        loop {
            let (piece, end) = pieces.next().await;
            if !piece.is_empty() && count >= MOST_PIECES {
                return Err(StorageError::TooManyPieces(MOST_PIECES));
            }
            let full = piece.len() == PIECE;
            size = self.add(size, piece).await?;
            count += 1;
            match end {
                Ok(()) if full => {}
                Ok(()) => return Ok(Appended { size, broken: None }),
                Err(StorageError::Upload(reason)) => {
                    return Ok(Appended {
                        size,
                        broken: Some(reason),
                    });
                }
                Err(StorageError::TooLarge { .. }) => return Err(StorageError::TooLarge { max_bytes }),
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes one piece at the chain's end; gives the new end.
    async fn add(&self, start: u64, piece: Bytes) -> Result<u64, StorageError> {
        if piece.is_empty() {
            return Ok(start);
        }
        let end = start + piece.len() as u64;
        // Twenty digits hold every length, so that names sort as numbers do.
        let place = Self::path(self.id).join(format!("{start:020}"));
        match self
            .store
            .inner
            .put_opts(&place, piece.into(), PutMode::Create.into())
            .await
        {
            Ok(_) => Ok(end),
            Err(object_store::Error::AlreadyExists { .. }) => {
                let size = self.size().await?;
                Err(StorageError::Elsewhere { size })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes back what was appended from byte `at` on, where a piece must begin. For the writer that appended it and
    /// found that it is not what its sender meant.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] or [`StorageError::Backend`].
    pub async fn cut(&self, at: u64) -> Result<(), StorageError> {
        // From the end, so that what a crash leaves is a true beginning.
        for piece in self.chain().await?.iter().rev().filter(|piece| piece.start >= at) {
            let place = Self::path(self.id).join(format!("{:020}", piece.start));
            self.store.remove(&place).await?;
        }
        Ok(())
    }

    /// Makes the object that the upload has become; gives its hash and length. The pieces stay until
    /// [`Staging::abandon`], so that it can be done again when what depends on it fails.
    ///
    /// # Errors
    /// [`StorageError::Full`], [`StorageError::Unavailable`] or [`StorageError::Backend`]; nothing half-written is
    /// left then.
    pub async fn finish(&self) -> Result<(ContentHash, u64), StorageError> {
        let chain = self.chain().await?;
        let size = length(&chain);
        if size <= PIECE as u64 {
            let mut whole = BytesMut::new();
            let mut bytes = self.read(chain);
            while let Some(chunk) = bytes.try_next().await? {
                whole.extend_from_slice(&chunk);
            }
            return Ok((self.store.put(whole.freeze()).await?, size));
        }
        // Read twice rather than copied to its name afterwards: S3 copies no object beyond 5 GB.
        let mut hasher = Sha256::new();
        let mut bytes = self.read(chain.clone());
        while let Some(chunk) = bytes.try_next().await? {
            hasher.update(&chunk);
        }
        let hash = ContentHash::finish(hasher);
        self.assemble(chain, hash).await?;
        Ok((hash, size))
    }

    /// Takes in the rest of a stream whose `first` piece is full, and makes an object of it.
    pub(crate) async fn take_whole(
        &self,
        first: Bytes,
        mut pieces: Pieces<'_>,
    ) -> Result<(ContentHash, u64), StorageError> {
        let mut hasher = Sha256::new();
        let mut size = 0;
        let mut piece = first;
        loop {
            hasher.update(&piece);
            let full = piece.len() == PIECE;
            size = self.add(size, piece).await?;
            if !full {
                break;
            }
            let (next, end) = pieces.next().await;
            end?;
            piece = next;
        }
        let hash = ContentHash::finish(hasher);
        self.assemble(self.chain().await?, hash).await?;
        Ok((hash, size))
    }

    /// Writes the object `hash` from the chain, unless it is there. It appears when it is whole.
    async fn assemble(&self, chain: Vec<Piece>, hash: ContentHash) -> Result<(), StorageError> {
        if self.store.exists(hash).await? {
            return Ok(());
        }
        let upload = self.store.inner.put_multipart(&key(hash)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PIECE);
        let mut hasher = Sha256::new();
        let mut bytes = self.read(chain);
        let written = async {
            while let Some(chunk) = bytes.try_next().await? {
                hasher.update(&chunk);
                // The store sets the pace.
                upload.wait_for_capacity(AHEAD).await?;
                upload.put(chunk);
            }
            if ContentHash::finish(hasher) == hash {
                Ok(())
            } else {
                Err(StorageError::Damaged(hash))
            }
        }
        .await;
        match written {
            Ok(()) => {
                upload.finish().await?;
                Ok(())
            }
            Err(error) => {
                if let Err(left) = upload.abort().await {
                    tracing::warn!(error = %left, "parts of an object that could not be written are left");
                }
                Err(error)
            }
        }
    }

    /// Removes the pieces.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] or [`StorageError::Backend`]; what is left then is swept some day.
    pub async fn abandon(&self) -> Result<(), StorageError> {
        self.store.clear(&Self::path(self.id)).await
    }

    /// The pieces in their order, as far as they join.
    async fn chain(&self) -> Result<Vec<Piece>, StorageError> {
        let mut found: Vec<_> = self
            .store
            .inner
            .list(Some(&Self::path(self.id)))
            .try_filter_map(|meta| async move { Ok(Piece::of(&meta)) })
            .try_collect()
            .await?;
        found.sort_unstable_by_key(|piece: &Piece| piece.start);
        let mut end = 0;
        found.retain(|piece| {
            let joins = piece.start == end;
            if joins {
                end += piece.size;
            }
            joins
        });
        Ok(found)
    }

    /// The bytes of the pieces, one after the other.
    fn read(&self, chain: Vec<Piece>) -> BoxStream<'static, Result<Bytes, StorageError>> {
        let (store, folder) = (self.store.clone(), Self::path(self.id));
        stream::iter(chain)
            .then(move |piece| {
                let (store, place) = (store.clone(), folder.clone().join(format!("{:020}", piece.start)));
                async move { Ok::<_, StorageError>(store.inner.get(&place).await?.into_stream()) }
            })
            .map_ok(|bytes| bytes.map_err(StorageError::from))
            .try_flatten()
            .boxed()
    }
}

impl Store {
    /// Removes staged uploads to which nothing was added for ten days, and files that a crash left half-written. Gives
    /// their number.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] or [`StorageError::Backend`] when the store cannot list or delete.
    pub async fn sweep(&self) -> Result<usize, StorageError> {
        let before = self.clock.now() - STAGING_LIFE;
        let found = self.inner.list_with_delimiter(Some(&Path::from(STAGING))).await?;
        let mut removed = 0;
        for upload in found.common_prefixes {
            if self.newest(&upload).await?.is_some_and(|newest| newest < before) {
                self.clear(&upload).await?;
                removed += 1;
            }
        }
        // What earlier versions staged: one object for each upload.
        for single in found.objects {
            if single.last_modified < before {
                self.remove(&single.location).await?;
                removed += 1;
            }
        }
        if let Some(folder) = self.folder.clone() {
            removed += leftovers::sweep(folder, self.clock.now()).await?;
        }
        Ok(removed)
    }

    async fn newest(&self, folder: &Path) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut newest = None;
        let mut pieces = self.inner.list(Some(folder));
        while let Some(meta) = pieces.try_next().await? {
            newest = newest.max(Some(meta.last_modified));
        }
        Ok(newest)
    }

    /// Removes all that is below `folder`.
    async fn clear(&self, folder: &Path) -> Result<(), StorageError> {
        let below: Vec<_> = self.inner.list(Some(folder)).try_collect().await?;
        for piece in below {
            self.remove(&piece.location).await?;
        }
        Ok(())
    }

    pub(crate) async fn remove(&self, place: &Path) -> Result<(), StorageError> {
        match self.inner.delete(place).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    start: u64,
    size: u64,
}

impl Piece {
    fn of(meta: &ObjectMeta) -> Option<Self> {
        let start = meta.location.filename()?.parse().ok()?;
        Some(Self {
            start,
            size: meta.size,
        })
    }
}

fn length(chain: &[Piece]) -> u64 {
    chain.last().map_or(0, |last| last.start + last.size)
}
