use std::error::Error;
use std::io::ErrorKind;

use crate::ContentHash;

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
    /// The range asked for begins behind the object's last byte, or is empty.
    #[error("the object has {size} bytes, none of them in the range asked for")]
    NoSuchRange {
        /// The object's length in bytes.
        size: u64,
    },
    /// The stored bytes are not those that were put: disk damage, or somebody wrote into the folder.
    #[error("object {0} is damaged: its bytes do not match its name")]
    Damaged(ContentHash),
    /// The sender broke off.
    #[error("the upload broke off: {0}")]
    Upload(String),
    /// A staged upload does not continue where the caller says: somebody else has appended meanwhile.
    #[error("the upload continues at byte {size}, not where the sender says")]
    Elsewhere {
        /// Where it continues.
        size: u64,
    },
    /// A staged upload came in more pieces than are kept apart.
    #[error("the upload came in more than {0} pieces")]
    TooManyPieces(usize),
    /// The disk is full, or a quota is used up.
    #[error("the object store is full")]
    Full,
    /// The object server cannot be reached, or answers with errors. It may work again later.
    #[error("the object store does not answer: {0}")]
    Unavailable(String),
    /// The folder or bucket itself failed.
    #[error("the object store failed: {0}")]
    Backend(object_store::Error),
    /// The folder could not be made.
    #[error("the object store's folder could not be made: {0}")]
    Folder(#[from] std::io::Error),
}

impl StorageError {
    /// Whether it may work later without anybody changing what was asked for.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Full)
    }
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(present) = cause {
            if let Some(io) = present.downcast_ref::<std::io::Error>()
                && matches!(io.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
            {
                return Self::Full;
            }
            cause = present.source();
        }
        match error {
            // What an object server says or fails to say, other than "no such object" and "you may not".
            object_store::Error::Generic { store: "S3", source } => Self::Unavailable(source.to_string()),
            error => Self::Backend(error),
        }
    }
}
