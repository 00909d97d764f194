use chancery_clock::RecurrenceError;

/// What can go wrong with the queue itself.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The database did not answer, or refused: a service may send only what the contracts allow it (`42501`).
    #[error("the queue's database: {0}")]
    Database(#[from] sqlx::Error),
    /// A message can't be written as JSON.
    #[error("a message of kind {kind} can't be written as JSON: {reason}")]
    Encode {
        /// The message's kind.
        kind: &'static str,
        /// What `serde_json` said.
        reason: String,
    },
    /// A schedule's cron expression is wrong.
    #[error("the schedule {name}: {source}")]
    Schedule {
        /// The schedule's name.
        name: &'static str,
        /// What is wrong with it.
        source: RecurrenceError,
    },
    /// This run is no longer the job's present one: its lease was lost.
    #[error("the job's lease was lost; another worker has it")]
    LeaseLost,
}

impl QueueError {
    /// Whether the database told us that the worker's lease is gone.
    pub(crate) fn is_lease_lost(&self) -> bool {
        match self {
            Self::LeaseLost => true,
            Self::Database(sqlx::Error::Database(error)) => error.code().as_deref() == Some("QL001"),
            _ => false,
        }
    }
}
