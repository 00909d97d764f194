//! Connectors: how one platform is spoken to. One file or folder per platform.
//!
//! A connector knows nothing of deliveries, permits or the database. It is told what to say and answers with what
//! became of it, as a type. Its life with one delivery is always the same:
//!
//! 1. [`Connector::new_key`] once, stored before anything else: the delivery's one idempotency key.
//! 2. [`Connector::prepare`], early and invisible: sign-in, uploads, containers, names looked up. Resumable: it is
//!    given back the state it last returned. [`Connector::poll`] while the platform is still working.
//! 3. [`Connector::commit`], the one irreversible call, only with a permit. It is made once: never retried, no
//!    redirect followed, and not begun after its deadline.
//! 4. [`Connector::locate`] whenever the outcome is not known: did it happen?
//!
//! 5. [`Connector::withdraw`] when it is to be taken down. Safe to repeat, and done only when the platform, asked, says
//!    that it is gone. [`Connector::prepare_revision`] in place of `prepare` for a correction of what is out; its commit
//!    and its `locate` are those of any post. Which of these a platform allows is declared in its capabilities.
//!
//! Every connector passes the same conformance suite (`tests/conformance`), with the real server where one can be run.
//!
//! The press room has no connector: its commit is SQL inside the permit's own transaction. Only its limits are here.

pub mod bluesky;
mod capabilities;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chancery_clock::{Clock, SharedClock};
use chancery_contracts::ids::AccountId;
use chancery_contracts::{EditionVariant, Platform};
use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

pub use capabilities::{
    Capabilities, Fact, ImageLimits, PRESS_ROOM, Rejection, Removal, Revision, TextLimits,
};

/// How one platform is spoken to. See the module's page for the order of calls.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Which platform.
    fn platform(&self) -> Platform;

    /// What makes a second commit with the same key harmless, if anything.
    fn idempotency(&self) -> Idempotency;

    /// What the platform takes: facts with a source and a date.
    fn capabilities(&self) -> &'static Capabilities;

    /// The members of [`Context::credentials`] that a person must enter, all of them secrets.
    fn credentials(&self) -> &'static [&'static str];

    /// A fresh idempotency key, unique within any account of this platform. Made once per delivery.
    fn new_key(&self, clock: &dyn Clock) -> String;

    /// Signs in and reads who the account is. Changes nothing that the public can see.
    ///
    /// # Errors
    /// Why the account can't be used; see [`Setback`].
    async fn verify_account(&self, context: &Context) -> Result<Profile, Setback>;

    /// Everything that may be done before the minute comes. Invisible to the public and safe to repeat.
    /// `state` is what an earlier call returned for this delivery.
    async fn prepare(&self, context: &Context, variant: &EditionVariant, state: Option<Value>) -> Prepared;

    /// The same for a correction of what is out, as [`Revision`] says, of the post that a receipt names.
    async fn prepare_revision(
        &self,
        context: &Context,
        variant: &EditionVariant,
        remote_id: &str,
        state: Option<Value>,
    ) -> Prepared;

    /// Asks once whether the platform has finished with what [`Prepared::Pending`] named. By default: prepare again.
    async fn poll(&self, context: &Context, variant: &EditionVariant, state: Value) -> Prepared {
        self.prepare(context, variant, Some(state)).await
    }

    /// The one irreversible call, with the state of [`Prepared::Ready`]. Nothing is sent when `deadline` has passed,
    /// and whatever has not been answered by `deadline` is [`Outcome::Unknown`]: the connection is given up. What has
    /// expired since it was prepared (a token, an upload) is renewed first; failing at that is [`Outcome::NotSent`].
    async fn commit(
        &self,
        context: &Context,
        variant: &EditionVariant,
        key: &str,
        prepared: &Value,
        deadline: Instant,
    ) -> Outcome;

    /// Did a commit with this key happen? A read; safe at any time.
    async fn locate(
        &self,
        context: &Context,
        variant: &EditionVariant,
        key: &str,
        prepared: &Value,
    ) -> Located;

    /// Takes down the post that a receipt names, and looks whether it is gone. Safe to repeat; what is not there is gone.
    async fn withdraw(&self, context: &Context, remote_id: &str) -> Taken;
}

/// What became of taking a post down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The platform, asked, says that it is not there.
    Gone,
    /// It may be there still; see why. Asking again does no harm.
    Stopped(Setback),
}

impl Taken {
    /// The answer does not say what happened.
    #[must_use]
    pub fn unclear(reason: &str) -> Self {
        Self::Stopped(Setback::TryAgain {
            reason: reason.to_owned(),
        })
    }
}

/// What a second commit with the same key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// The platform recognises a key in a header for this long after its first use, then forgets it.
    Header {
        /// The key's life. After it the class is [`Idempotency::None`].
        life: Duration,
    },
    /// The key is the post's own id: a second one can't be created, and it can be looked up for ever.
    OwnId,
    /// What was prepared can be asked whether it went out.
    Askable,
    /// Nothing. An unknown outcome is for a person; it is never sent again by itself.
    None,
}

impl Idempotency {
    /// Whether a commit may be repeated with the same key, once `locate` has said that it is absent, `age` after the
    /// key was first used.
    #[must_use]
    pub fn allows_repeat(self, age: Duration) -> bool {
        match self {
            Self::Header { life } => age < life,
            Self::OwnId | Self::Askable => true,
            Self::None => false,
        }
    }
}

/// What a connector is given: one account, its secrets, and the outside world.
#[derive(Clone)]
pub struct Context {
    /// Which account of ours; for logs and lanes, never sent.
    pub account: AccountId,
    /// The account's name on the platform, as a person typed it, e.g. `vientiane.example.vn`.
    pub handle: String,
    /// Where its server is, e.g. `https://bsky.social`. User-given, so only to be reached through `http`.
    pub service_url: Url,
    /// What a person entered to connect the account: a JSON object that the connector defines.
    pub credentials: Secret,
    /// Where the connector keeps what it was given by the platform: sessions, rotated tokens.
    pub session: Arc<dyn SessionKeeper>,
    /// The guarded client.
    pub http: chancery_http::Client,
    /// Where the pictures are.
    pub store: chancery_storage::Store,
    /// Time.
    pub clock: SharedClock,
}

/// Keeps an account's session, encrypted, across processes.
#[async_trait]
pub trait SessionKeeper: Send + Sync {
    /// The session as it was last saved, by whichever process.
    ///
    /// # Errors
    /// When it can't be read; nothing is signed in anew because of that.
    async fn load(&self) -> Result<Option<Secret>, KeeperError>;

    /// Replaces the session. Has returned only when it is durable: the platform has already forgotten the old one.
    ///
    /// # Errors
    /// When it can't be stored.
    async fn save(&self, session: &Secret) -> Result<(), KeeperError>;
}

/// The session could not be read or stored.
#[derive(Debug, thiserror::Error)]
#[error("the account's session can't be kept: {0}")]
pub struct KeeperError(pub String);

/// Text that must not be seen: cleared from memory when dropped, never shown by `Debug`.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps what must not be seen.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Who an account turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The platform's lasting id of it, e.g. a DID.
    pub remote_id: String,
    /// The handle under which the public finds it.
    pub handle: String,
    /// Its page.
    pub url: String,
}

/// How far preparation has come. The state is the connector's own; store it and give it back.
#[derive(Debug, Clone, PartialEq)]
pub enum Prepared {
    /// Ready for `commit`.
    Ready {
        /// For `commit` and `locate`.
        state: Value,
    },
    /// The platform is working; ask again with `poll`.
    Pending {
        /// For `poll`.
        state: Value,
        /// How long to wait before asking.
        after: Duration,
    },
    /// Not now, or never: see why. Nothing is public.
    Stopped {
        /// What was done so far and need not be done again.
        state: Option<Value>,
        /// Why.
        why: Setback,
    },
}

/// Why a call without public effect did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Setback {
    /// A fault that may pass: network, server error, nonsense. Try again later.
    #[error("{reason}")]
    TryAgain {
        /// For the log and the delivery's page.
        reason: String,
    },
    /// The platform asks to slow down.
    #[error("limited until {until}")]
    RateLimited {
        /// Not before then, in UTC.
        until: DateTime<Utc>,
        /// What is limited.
        scope: Scope,
    },
    /// The credentials are no longer accepted: a person must connect the account again.
    #[error("the account must be connected again: {reason}")]
    NeedsReauth {
        /// In the platform's words.
        reason: String,
    },
    /// This content, or this account, will never be accepted as it is.
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// What a rate limit covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// This account.
    Account,
    /// Every account on that server, for example by our address.
    Platform,
}

/// A post, as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The platform's id of it, e.g. an AT-URI.
    pub remote_id: String,
    /// Where the public sees it.
    pub url: String,
}

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is out.
    Published(Receipt),
    /// Accepted, not out yet: `locate` after this long.
    Pending {
        /// How long to wait before asking.
        after: Duration,
    },
    /// Refused without effect because of a rate limit.
    RateLimited {
        /// Not before then, in UTC.
        until: DateTime<Utc>,
        /// What is limited.
        scope: Scope,
    },
    /// Refused without effect; a person must connect the account again.
    NeedsReauth {
        /// In the platform's words.
        reason: String,
    },
    /// Refused for what it is, without effect; sending it again would be refused again.
    Rejected(Rejection),
    /// Certainly not out: it failed before the first byte of the request was sent, or was refused in a documented way
    /// without effect. The same key may be committed again.
    NotSent {
        /// For the log and the delivery's page.
        reason: String,
    },
    /// It may be out or not. `locate`, never a second commit.
    Unknown {
        /// For the log and the delivery's page.
        reason: String,
    },
}

/// What `locate` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// It is out, and it is what was meant.
    Found(Receipt),
    /// It is not out. Says nothing about a request that is still under way: ask only after the commit's deadline.
    Absent,
    /// Something else stands under our key. For a person; never send again by itself.
    Other(Receipt),
    /// The platform could not be asked.
    Stopped(Setback),
}

/// The connectors this build has.
#[derive(Clone, Default)]
pub struct Registry {
    connectors: Vec<Arc<dyn Connector>>,
}

impl Registry {
    /// Every connector there is.
    #[must_use]
    pub fn all() -> Self {
        Self::of(vec![Arc::new(bluesky::Bluesky::default())])
    }

    /// A registry of exactly these; the first of a platform counts.
    #[must_use]
    pub fn of(connectors: Vec<Arc<dyn Connector>>) -> Self {
        Self { connectors }
    }

    /// The platform's connector; none for the press room, which needs none.
    #[must_use]
    pub fn get(&self, platform: Platform) -> Option<&Arc<dyn Connector>> {
        self.connectors
            .iter()
            .find(|connector| connector.platform() == platform)
    }

    /// What a platform takes, the press room included.
    #[must_use]
    pub fn capabilities(&self, platform: Platform) -> Option<&'static Capabilities> {
        if platform == Platform::PressRoom {
            return Some(&PRESS_ROOM);
        }
        self.get(platform).map(|connector| connector.capabilities())
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.connectors.iter().map(|connector| connector.platform()))
            .finish()
    }
}
