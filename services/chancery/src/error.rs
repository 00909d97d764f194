//! What ends a command: one sentence that says what happened and what to do.

use std::io;
use std::path::PathBuf;

use chancery_database::DatabaseError;
use chancery_database::backup::BackupError;
use chancery_database::embedded::EmbeddedError;

use crate::config::ConfigError;
use crate::secret::KeyError;

/// Why a command ended without having done its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The secret key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The embedded server.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A dump or a restore.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A statement of a command.
    #[error("the database refused: {0}")]
    Statement(#[from] sqlx::Error),
    /// A file.
    #[error("{path}: {error}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Anything else, already a sentence.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// A sentence.
    pub fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }

    /// For `map_err` on a file.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::Io { path, error }
    }
}
