use chancery_contracts::{Message, Origin};
use chrono::{DateTime, Utc};

/// A message on its way to the queue, and how it is to be handled there.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub(crate) kind: &'static str,
    pub(crate) version: u16,
    pub(crate) payload: Result<String, String>,
    pub(crate) origin: Origin,
    pub(crate) run_at: Option<DateTime<Utc>>,
    pub(crate) priority: Priority,
    pub(crate) key: Option<String>,
    pub(crate) on_conflict: OnConflict,
    pub(crate) lane: Option<String>,
}

/// Who goes first among due jobs of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Priority {
    /// Before everything else: a crisis statement.
    Urgent,
    /// The usual.
    #[default]
    Normal,
    /// When nothing else is due: statistics, tidying.
    Low,
}

/// What happens when a job with the same kind and key is waiting already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// The newcomer takes its place: content, time and priority; attempts start anew, the lane stays.
    #[default]
    Replace,
    /// The older stays as it is, and the newcomer is dropped.
    Preserve,
}

impl Outgoing {
    /// A command or event, as early as can be, without key or lane.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a message that was sent is not used again"
    )]
    pub fn new<M: Message>(message: M, origin: &Origin) -> Self {
        Self {
            kind: M::KIND,
            version: M::VERSION,
            payload: serde_json::to_string(&message).map_err(|error| error.to_string()),
            origin: origin.clone(),
            run_at: None,
            priority: Priority::default(),
            key: None,
            on_conflict: OnConflict::default(),
            lane: None,
        }
    }

    /// Not before `at`, to the millisecond. The worker's clock decides.
    #[must_use]
    pub fn run_at(mut self, at: DateTime<Utc>) -> Self {
        self.run_at = Some(at);
        self
    }

    /// Unique among waiting jobs of this kind (at most 300 characters); replaces an older one unless
    /// [`Outgoing::preserve`] is said.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Keeps the older job when the key is taken.
    #[must_use]
    pub fn preserve(mut self) -> Self {
        self.on_conflict = OnConflict::Preserve;
        self
    }

    /// Never at the same time as another job of this lane in the receiving service (at most 300 characters).
    #[must_use]
    pub fn lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }

    /// See [`Priority`].
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// The message's kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}
