use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

use chancery_contracts::{Envelope, Origin};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::QueueError;
use crate::lease::Lease;

/// One run of a job, as its handler sees it.
#[derive(Debug)]
pub struct Job<M> {
    /// Where the message comes from.
    pub envelope: Envelope,
    /// The message.
    pub message: M,
    /// Which run this is, from 1; snoozed runs are not counted.
    pub attempt: u32,
    /// Proof that this run is the job's present one.
    pub fence: Fence,
}

impl<M> Job<M> {
    /// The origin of messages that this job sends: same actor, unit and trace, caused by this message.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            causation: Some(self.envelope.id.0),
            ..self.envelope.origin.clone()
        }
    }
}

/// Proof that a run is its job's present one, for as long as the worker's lease holds.
#[derive(Debug, Clone)]
pub struct Fence {
    pub(crate) job: i64,
    pub(crate) number: i32,
    pub(crate) lease: Arc<Lease>,
}

impl Fence {
    /// Whether the lease still holds, by the worker's monotonic clock; asks nobody. Check before an effect that cannot
    /// be taken back.
    #[must_use]
    pub fn still_held(&self) -> bool {
        self.lease.still_held()
    }

    /// Waits until the lease is lost, which may be for ever: for work that has to be wound up by hand.
    pub async fn lease_lost(&self) {
        self.lease.lost.cancelled().await;
    }

    /// Makes the caller's transaction depend on this run: until it ends, the job can't be taken over.
    ///
    /// # Errors
    /// [`QueueError::LeaseLost`] when another run has begun: roll back. Or the database fails.
    pub async fn hold(&self, connection: &mut PgConnection) -> Result<(), QueueError> {
        let held = sqlx::query_scalar!(r#"select queue.hold($1, $2) as "held!""#, self.job, self.number)
            .fetch_one(connection)
            .await?;
        if held { Ok(()) } else { Err(QueueError::LeaseLost) }
    }
}

/// Why a run did not succeed, and what is to become of the job. Decided where the error happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// It may work later: counts as an attempt.
    Retry {
        /// After how long; by default twice as long as the last time, from 1 s to 1 h.
        after: Option<Duration>,
        /// Why, for who reads the list of jobs.
        reason: String,
    },
    /// Too early, through nobody's fault: the attempt is given back.
    Snooze {
        /// Until when.
        until: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// It will never work: the job becomes a dead letter.
    Fail {
        /// Why.
        reason: String,
    },
    /// Only a person can tell: the job waits for a decision.
    NeedsPerson {
        /// What there is to decide.
        reason: String,
    },
}

impl JobError {
    /// Try again later, by the usual back-off.
    #[must_use]
    pub fn retry(reason: impl Display) -> Self {
        Self::Retry {
            after: None,
            reason: reason.to_string(),
        }
    }

    /// Try again after a time of the handler's choice, such as a platform's `Retry-After`.
    #[must_use]
    pub fn retry_after(after: Duration, reason: impl Display) -> Self {
        Self::Retry {
            after: Some(after),
            reason: reason.to_string(),
        }
    }

    /// Come back then; this run doesn't count.
    #[must_use]
    pub fn snooze(until: DateTime<Utc>, reason: impl Display) -> Self {
        Self::Snooze {
            until,
            reason: reason.to_string(),
        }
    }

    /// Give up for good.
    #[must_use]
    pub fn fail(reason: impl Display) -> Self {
        Self::Fail {
            reason: reason.to_string(),
        }
    }

    /// Leave it to a person.
    #[must_use]
    pub fn needs_person(reason: impl Display) -> Self {
        Self::NeedsPerson {
            reason: reason.to_string(),
        }
    }

    /// The reason given.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Retry { reason, .. }
            | Self::Snooze { reason, .. }
            | Self::Fail { reason }
            | Self::NeedsPerson { reason } => reason,
        }
    }
}

impl Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for JobError {}

/// The database may be back in a moment.
impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::retry(error)
    }
}

impl From<QueueError> for JobError {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Encode { .. } | QueueError::Schedule { .. } => Self::fail(error),
            QueueError::Database(_) | QueueError::LeaseLost => Self::retry(error),
        }
    }
}
