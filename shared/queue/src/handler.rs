use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chancery_contracts::ids::{MessageId, PersonId, UnitId};
use chancery_contracts::{Envelope, Message, Origin, Service};

use crate::store::Taken;
use crate::{Fence, Job, JobError, Schedule};

/// What a service does when a message arrives. A job may run more than once: look at the row first.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// The command or event that it handles.
    type Message: Message;

    /// Does the work. Dropped at its next await when the lease is lost or the time is up.
    ///
    /// # Errors
    /// The error decides what becomes of the job: see [`JobError`].
    async fn handle(&self, job: &Job<Self::Message>) -> Result<(), JobError>;
}

/// How jobs of one kind are run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many run at once in this process.
    pub concurrency: usize,
    /// After this long a run is dropped and counts as a failed attempt.
    pub timeout: Duration,
    /// After so many failed attempts the job becomes a dead letter.
    pub max_attempts: u32,
}

impl Default for Options {
    /// Ten at once, two minutes each, twenty attempts (about nine hours with the usual back-off).
    fn default() -> Self {
        Self {
            concurrency: 10,
            timeout: Duration::from_mins(2),
            max_attempts: 20,
        }
    }
}

/// Everything that a service does with jobs: the value that its crate exports.
#[derive(Clone)]
pub struct Handlers {
    pub(crate) service: Service,
    pub(crate) kinds: HashMap<&'static str, Registered>,
    pub(crate) schedules: Vec<Schedule>,
    pub(crate) retired: Vec<&'static str>,
}

impl Handlers {
    /// None yet.
    #[must_use]
    pub fn new(service: Service) -> Self {
        Self {
            service,
            kinds: HashMap::new(),
            schedules: Vec::new(),
            retired: Vec::new(),
        }
    }

    /// Handles messages of `H`'s kind.
    #[must_use]
    pub fn on<H: Handler>(mut self, handler: H, options: Options) -> Self {
        let run: Arc<dyn Run> = Arc::new(Typed(handler, PhantomData));
        self.kinds.insert(H::Message::KIND, Registered { run, options });
        self
    }

    /// Sends a command again and again.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    /// Says that `kind` is no longer handled, on purpose: what waits of it is set aside as dead letters. Without this,
    /// jobs of a forgotten kind wait and show in [`crate::admin::stats`].
    #[must_use]
    pub fn retired(mut self, kind: &'static str) -> Self {
        self.retired.push(kind);
        self
    }

    /// Whose they are.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// The kinds handled, in no order.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.kinds.keys().copied()
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handlers")
            .field("service", &self.service)
            .field("kinds", &self.kinds.keys())
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
pub(crate) struct Registered {
    pub run: Arc<dyn Run>,
    pub options: Options,
}

/// A handler without its message's type.
#[async_trait]
pub(crate) trait Run: Send + Sync {
    async fn run(&self, taken: &Taken, fence: Fence) -> Result<(), JobError>;
}

struct Typed<H>(H, PhantomData<fn()>);

#[async_trait]
impl<H: Handler> Run for Typed<H> {
    async fn run(&self, taken: &Taken, fence: Fence) -> Result<(), JobError> {
        let version = u16::try_from(taken.version).unwrap_or_default();
        if version > H::Message::VERSION {
            // During an upgrade an older process may meet what a newer one wrote.
            return Err(JobError::retry_after(
                Duration::from_mins(1),
                format_args!(
                    "version {version} is newer than this build’s {}",
                    H::Message::VERSION
                ),
            ));
        }
        if version + 1 < H::Message::VERSION {
            return Err(JobError::fail(format_args!(
                "version {version} is no longer understood"
            )));
        }
        let message = serde_json::from_str(&taken.payload)
            .map_err(|error| JobError::fail(format_args!("the message does not parse: {error}")))?;
        let envelope = Envelope {
            id: MessageId(taken.message),
            kind: taken.kind.clone(),
            version,
            occurred_at: taken.occurred_at,
            origin: Origin {
                actor: taken.actor.map(PersonId),
                unit: taken.unit.map(UnitId),
                causation: taken.causation,
                trace: taken.trace.clone(),
            },
        };
        let attempt = u32::try_from(taken.attempt).unwrap_or(1);
        self.0
            .handle(&Job {
                envelope,
                message,
                attempt,
                fence,
            })
            .await
    }
}
