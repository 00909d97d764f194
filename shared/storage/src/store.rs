use std::path::Path as Folder;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chancery_clock::SharedClock;
use chrono::TimeDelta;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt, pin_mut};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, WriteMultipart};
use sha2::{Digest, Sha256};

use crate::ContentHash;

/// Finished objects: `objects/ab/abcd…`, spread over 256 folders.
const OBJECTS: &str = "objects";
/// Uploads under way, whose hash is not known yet.
const STAGING: &str = "staging";
/// An upload that has not finished after this long never will.
const STAGING_LIFE: TimeDelta = TimeDelta::days(1);

/// A content-addressed object store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    clock: SharedClock,
}

/// An object being read.
pub struct Object {
    /// Length in bytes.
    pub size: u64,
    /// The bytes, as they come from the disk.
    pub bytes: BoxStream<'static, Result<Bytes, StorageError>>,
}

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Nothing is stored under this hash.
    #[error("no object {0}")]
    NotFound(ContentHash),
    /// More bytes than the caller allows.
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The caller's limit.
        max_bytes: u64,
    },
    /// The stored bytes are not those that were put: disk damage, or somebody wrote into the folder.
    #[error("object {0} is damaged: its bytes do not match its name")]
    Damaged(ContentHash),
    /// The sender broke off.
    #[error("the upload broke off: {0}")]
    Upload(String),
    /// The folder or bucket itself failed.
    #[error("the object store failed: {0}")]
    Backend(#[from] object_store::Error),
    /// The folder could not be made.
    #[error("the object store's folder could not be made: {0}")]
    Folder(#[from] std::io::Error),
}

impl Store {
    /// The store in a local folder, which is made if it is missing. Writes are on disk (fsync) when a call returns.
    ///
    /// # Errors
    /// [`StorageError::Folder`] when the folder cannot be made or read.
    pub fn local(folder: &Folder, clock: SharedClock) -> Result<Self, StorageError> {
        std::fs::create_dir_all(folder)?;
        let files = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self {
            inner: Arc::new(files),
            clock,
        })
    }

    /// Keeps `bytes`; gives their hash. Putting what is there already writes nothing.
    ///
    /// # Errors
    /// [`StorageError::Backend`] when the store cannot write.
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

    /// Keeps what a stream brings, never holding more than a few chunks in memory. Gives hash and length.
    ///
    /// # Errors
    /// [`StorageError::TooLarge`] as soon as more than `max_bytes` came, [`StorageError::Upload`] when the stream
    /// fails; in both cases nothing is kept.
    pub async fn put_stream<E: std::fmt::Display>(
        &self,
        stream: impl Stream<Item = Result<Bytes, E>> + Send,
        max_bytes: u64,
    ) -> Result<(ContentHash, u64), StorageError> {
        let staging = Path::from_iter([STAGING, &self.clock.new_id().simple().to_string()]);
        let mut upload = WriteMultipart::new(self.inner.put_multipart(&staging).await?);
        let (hash, size) = match drain(stream, &mut upload, max_bytes).await {
            Ok(received) => received,
            Err(error) => {
                upload.abort().await?;
                return Err(error);
            }
        };
        upload.finish().await?;
        if self.exists(hash).await? {
            self.inner.delete(&staging).await?;
        } else {
            self.inner.rename(&staging, &key(hash)).await?;
        }
        Ok((hash, size))
    }

    /// Opens an object for reading.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when there is none.
    pub async fn get(&self, hash: ContentHash) -> Result<Object, StorageError> {
        let found = self
            .inner
            .get(&key(hash))
            .await
            .map_err(|error| not_found(hash, error))?;
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

    /// Whether the object is there.
    ///
    /// # Errors
    /// [`StorageError::Backend`] when the store cannot say.
    pub async fn exists(&self, hash: ContentHash) -> Result<bool, StorageError> {
        match self.inner.head(&key(hash)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
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

    /// Removes uploads that a crash left unfinished more than a day ago. Gives their number.
    ///
    /// # Errors
    /// [`StorageError::Backend`] when the store cannot list or delete.
    pub async fn sweep(&self) -> Result<usize, StorageError> {
        let before = self.clock.now() - STAGING_LIFE;
        let mut staged = self.inner.list(Some(&Path::from(STAGING)));
        let mut removed = 0;
        while let Some(meta) = staged.try_next().await? {
            if meta.last_modified < before {
                self.inner.delete(&meta.location).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

async fn drain<E: std::fmt::Display>(
    stream: impl Stream<Item = Result<Bytes, E>>,
    upload: &mut WriteMultipart,
    max_bytes: u64,
) -> Result<(ContentHash, u64), StorageError> {
    pin_mut!(stream);
    let mut hasher = Sha256::new();
    let mut size = 0_u64;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| StorageError::Upload(error.to_string()))?;
        size = size.saturating_add(chunk.len() as u64);
        if size > max_bytes {
            return Err(StorageError::TooLarge { max_bytes });
        }
        hasher.update(&chunk);
        // The disk sets the pace: at most two parts wait for it.
        upload.wait_for_capacity(2).await?;
        upload.put(chunk);
    }
    Ok((ContentHash::finish(hasher), size))
}

/// Keys are made of hexadecimal digits only, so no caller can name another path.
fn key(hash: ContentHash) -> Path {
    let name = hash.to_string();
    let shard: String = name.chars().take(2).collect();
    Path::from_iter([OBJECTS, shard.as_str(), name.as_str()])
}

fn not_found(hash: ContentHash, error: object_store::Error) -> StorageError {
    match error {
        object_store::Error::NotFound { .. } => StorageError::NotFound(hash),
        error => error.into(),
    }
}
