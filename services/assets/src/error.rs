//! What can go wrong, and what people are told.

use chancery_access::Refusal as AccessRefusal;
use chancery_media::MediaError;
use chancery_queue::QueueError;
use chancery_storage::StorageError;
use chancery_web::Problem;

use crate::model::Refusal;

/// Why something was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// There is no such asset, or the person may not know that there is.
    #[error("there is no such thing")]
    NotFound,
    /// The person may not do this there.
    #[error("not allowed: {0:?}")]
    Access(AccessRefusal),
    /// The rights of the asset forbid it.
    #[error("the rights forbid it: {0}")]
    Rights(Refusal),
    /// It does not fit the asset's state; the Fluent id of the reason.
    #[error("not in this state: {0}")]
    State(&'static str),
    /// Somebody else changed it since the person looked.
    #[error("it changed meanwhile")]
    Stale,
    /// Values are refused: name in forms and JSON, Fluent id of the reason.
    #[error("{} values are refused", .0.len())]
    Fields(Vec<(String, &'static str)>),
    /// The database failed.
    #[error(transparent)]
    Database(sqlx::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The object store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A task of ours died, or somebody else's server did not do its part; it can be tried again.
    #[error("{0}")]
    Broken(String),
    /// A file could not be opened, or nothing made of it.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// No randomness, or a password that could not be computed.
    #[error("a secret could not be made: {0}")]
    Secret(String),
    /// Something of ours could not be written as JSON.
    #[error(transparent)]
    Encoding(#[from] serde_json::Error),
}

impl AssetError {
    /// One refused value.
    #[must_use]
    pub fn field(field: impl Into<String>, key: &'static str) -> Self {
        Self::Fields(vec![(field.into(), key)])
    }
}

impl From<sqlx::Error> for AssetError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            error => Self::Database(error),
        }
    }
}

impl From<AssetError> for Problem {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::NotFound
            | AssetError::Storage(StorageError::NotFound(_))
            | AssetError::Media(MediaError::NotPossible { .. }) => Self::not_found(),
            AssetError::Access(refusal) => Self::forbidden(refusal),
            AssetError::Rights(refusal) => Self::forbidden(refusal.key()),
            AssetError::State(key) => Self::conflict(key),
            AssetError::Stale => Self::conflict("assets-stale"),
            AssetError::Fields(fields) => fields
                .into_iter()
                .fold(Self::invalid("assets-not-saved"), |problem, (field, key)| {
                    problem.field(field, key)
                }),
            AssetError::Database(error) => error.into(),
            AssetError::Storage(error) => {
                tracing::error!(%error, "the object store does not answer");
                Self::unavailable("assets-storage-unavailable")
            }
            AssetError::Queue(error) => Self::internal(error),
            AssetError::Encoding(error) => Self::internal(error),
            AssetError::Media(MediaError::Refused(refused)) => refused
                .arguments()
                .into_iter()
                .fold(Self::invalid(refused.key()), |problem, (name, value)| {
                    problem.arg(name, value)
                }),
            AssetError::Media(error) => Self::internal(error),
            AssetError::Secret(reason) | AssetError::Broken(reason) => Self::internal(reason),
        }
    }
}
