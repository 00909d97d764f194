use std::ops::Range;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chancery_clock::SharedClock;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, PutMode};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::pieces::{PIECE, Pieces};
use crate::s3::{self, S3Settings};
use crate::{ContentHash, Staging, StorageError};

/// Finished objects: `objects/ab/abcd…`, spread over 256 folders.
const OBJECTS: &str = "objects";

/// A content-addressed object store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) inner: Arc<dyn ObjectStore>,
    pub(crate) clock: SharedClock,
    /// Of a store in a folder: where a crash leaves files half-written.
    pub(crate) folder: Option<Arc<PathBuf>>,
}

/// An object, or a part of one, being read.
pub struct Object {
    /// Length of the whole object in bytes.
    pub size: u64,
    /// The bytes asked for, as they come.
    pub bytes: BoxStream<'static, Result<Bytes, StorageError>>,
}

impl Store {
    /// The store in a local folder, which is made if it is missing. Writes are on disk (fsync) when a call returns.
    ///
    /// # Errors
    /// [`StorageError::Folder`] when the folder cannot be made or read.
    pub fn local(folder: &Folder, clock: SharedClock) -> Result<Self, StorageError> {
        std::fs::create_dir_all(folder)?;
        let files = LocalFileSystem::new_with_prefix(folder)?
            .with_fsync(true)
            // The folders of uploads that are finished.
            .with_automatic_cleanup(true);
        Ok(Self {
            inner: Arc::new(files),
            clock,
            folder: Some(Arc::new(folder.to_owned())),
        })
    }

    /// The store in a bucket of an S3-compatible server. Nothing is asked of the server yet; see [`Store::probe`].
    ///
    /// # Errors
    /// [`StorageError::Backend`] when the settings make no sense.
    pub fn s3(settings: &S3Settings, clock: SharedClock) -> Result<Self, StorageError> {
        Ok(Self {
            inner: Arc::new(s3::open(settings)?),
            clock,
            folder: None,
        })
    }

    /// Finds out whether the store can be written to, by writing and removing a small object.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn probe(&self) -> Result<(), StorageError> {
        let probe = Staging::path(self.clock.new_id()).join("probe");
        self.inner
            .put(&probe, Bytes::from_static(b"probe").into())
            .await?;
        self.inner.delete(&probe).await?;
        Ok(())
    }

    /// Keeps `bytes`; gives their hash. Putting what is there already writes nothing.
    ///
    /// # Errors
    /// [`StorageError::Full`], [`StorageError::Unavailable`], [`StorageError::Backend`].
    pub async fn put(&self, bytes: Bytes) -> Result<ContentHash, StorageError> {
        let hash = ContentHash::of(&bytes);
        if !self.exists(hash).await? {
            match self
                .inner
                .put_opts(&key(hash), bytes.into(), PutMode::Create.into())
                .await
            {
                // Somebody else put the same bytes meanwhile.
                Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(hash)
    }

    /// Keeps what a stream brings, never holding more than a few pieces in memory. Gives hash and length.
    ///
    /// # Errors
    /// [`StorageError::TooLarge`] as soon as more than `max_bytes` came, [`StorageError::Upload`] when the stream
    /// fails; in both cases nothing is kept. [`StorageError::Full`], [`StorageError::Unavailable`] and
    /// [`StorageError::Backend`] when the store cannot write.
    pub async fn put_stream<E: std::fmt::Display>(
        &self,
        stream: impl Stream<Item = Result<Bytes, E>> + Send,
        max_bytes: u64,
    ) -> Result<(ContentHash, u64), StorageError> {
        let mut pieces = Pieces::of(stream, max_bytes);
        let (first, end) = pieces.next().await;
        end?;
        if first.len() < PIECE {
            let size = first.len() as u64;
            return Ok((self.put(first).await?, size));
        }
        let staging = self.staging(self.clock.new_id());
        let kept = staging.take_whole(first, pieces).await;
        // Swept anyway, if this fails.
        if let Err(error) = staging.abandon().await {
            tracing::warn!(%error, "a finished upload's pieces are left for the sweep");
        }
        kept
    }

    /// The upload under way that the caller calls `id`.
    #[must_use]
    pub fn staging(&self, id: Uuid) -> Staging {
        Staging::new(self.clone(), id)
    }

    /// Opens an object for reading.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when there is none.
    pub async fn get(&self, hash: ContentHash) -> Result<Object, StorageError> {
        self.open(hash, GetOptions::default()).await
    }

    /// Opens a part of an object: from byte `range.start` up to but not including `range.end`, or to the last byte
    /// if that comes first.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], [`StorageError::NoSuchRange`].
    pub async fn get_range(&self, hash: ContentHash, range: Range<u64>) -> Result<Object, StorageError> {
        let size = self.size(hash).await?.ok_or(StorageError::NotFound(hash))?;
        let end = range.end.min(size);
        if range.start >= end {
            return Err(StorageError::NoSuchRange { size });
        }
        let options = GetOptions {
            range: Some((range.start..end).into()),
            ..GetOptions::default()
        };
        self.open(hash, options).await
    }

    async fn open(&self, hash: ContentHash, options: GetOptions) -> Result<Object, StorageError> {
        let found = match self.inner.get_opts(&key(hash), options).await {
            Err(object_store::Error::NotFound { .. }) => return Err(StorageError::NotFound(hash)),
            other => other?,
        };
        Ok(Object {
            size: found.meta.size,
            bytes: found.into_stream().map_err(StorageError::from).boxed(),
        })
    }

    /// Reads a whole object of at most `max_bytes` and checks it against its name.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], [`StorageError::TooLarge`], [`StorageError::Damaged`].
    pub async fn read(&self, hash: ContentHash, max_bytes: u64) -> Result<Bytes, StorageError> {
        let mut object = self.get(hash).await?;
        if object.size > max_bytes {
            return Err(StorageError::TooLarge { max_bytes });
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = object.bytes.try_next().await? {
            bytes.extend_from_slice(&chunk);
        }
        if ContentHash::of(&bytes) != hash {
            return Err(StorageError::Damaged(hash));
        }
        Ok(bytes.freeze())
    }

    /// Copies a whole object into a file, for programs that read files, and checks it against its name.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], [`StorageError::Damaged`], [`StorageError::Full`], [`StorageError::Folder`] when
    /// the file can't be written.
    pub async fn copy_to(&self, hash: ContentHash, file: &Folder) -> Result<u64, StorageError> {
        use tokio::io::AsyncWriteExt as _;

        let written = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::StorageFull => StorageError::Full,
            _ => StorageError::Folder(error),
        };
        let mut object = self.get(hash).await?;
        let mut target = tokio::fs::File::create(file).await.map_err(written)?;
        let mut hasher = Sha256::new();
        let mut size = 0;
        while let Some(chunk) = object.bytes.try_next().await? {
            hasher.update(&chunk);
            size += chunk.len() as u64;
            target.write_all(&chunk).await.map_err(written)?;
        }
        target.flush().await.map_err(written)?;
        if ContentHash::finish(hasher) != hash {
            return Err(StorageError::Damaged(hash));
        }
        Ok(size)
    }

    /// Whether the object is there.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] or [`StorageError::Backend`] when the store cannot say.
    pub async fn exists(&self, hash: ContentHash) -> Result<bool, StorageError> {
        Ok(self.size(hash).await?.is_some())
    }

    /// An object's length in bytes; none when it is not there.
    ///
    /// # Errors
    /// As [`Store::exists`].
    pub async fn size(&self, hash: ContentHash) -> Result<Option<u64>, StorageError> {
        match self.inner.head(&key(hash)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every object with its length, in no order: what a backup copies. Files that are not objects are passed over.
    pub fn list(&self) -> BoxStream<'static, Result<(ContentHash, u64), StorageError>> {
        self.inner
            .list(Some(&Path::from(OBJECTS)))
            .map_err(StorageError::from)
            .try_filter_map(|meta| async move {
                let hash = meta.location.filename().and_then(|name| name.parse().ok());
                Ok(hash.map(|hash| (hash, meta.size)))
            })
            .boxed()
    }
}

/// Keys are made of hexadecimal digits only, so no caller can name another path.
pub(crate) fn key(hash: ContentHash) -> Path {
    let name = hash.to_string();
    let shard: String = name.chars().take(2).collect();
    Path::from_iter([OBJECTS, shard.as_str(), name.as_str()])
}
