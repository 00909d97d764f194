//! What can go wrong.

use crate::model::{Forbidden, NotWithdrawable};
use crate::vault::VaultError;

/// What can go wrong inside the publisher. What a platform answers is not an error but an outcome.
#[derive(Debug, thiserror::Error)]
pub enum PublisherError {
    /// The database, or the way to it.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A message could not be put on the queue.
    #[error("the queue: {0}")]
    Queue(#[from] chancery_queue::QueueError),
    /// A transition that the state machine does not have. A defect of ours.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The same of a withdrawal.
    #[error(transparent)]
    NotWithdrawable(#[from] NotWithdrawable),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What is stored does not make sense, e.g. a platform that this build does not know.
    #[error("what is stored cannot be read: {0}")]
    Corrupt(String),
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// It cannot be done as things stand now. The word is a Fluent id.
    #[error("refused: {0}")]
    Refused(&'static str),
}

/// What the publisher's functions give.
pub type Result<T, E = PublisherError> = std::result::Result<T, E>;
