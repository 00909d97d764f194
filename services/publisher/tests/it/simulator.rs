//! A simulated platform: it keeps what was posted, answers as its script says, and knows no mercy for who posts twice.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chancery_clock::Clock;
use chancery_contracts::ids::AccountId;
use chancery_contracts::{EditionVariant, Platform};
use chancery_publisher::connectors::{
    Capabilities, Connector, Context, Fact, Idempotency, ImageLimits, Located, Outcome, Prepared, Profile,
    Receipt, Rejection, Removal, Revision, Scope, Setback, Taken, TextLimits,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

/// What the platform does with the next commit.
#[derive(Debug, Clone)]
pub enum Act {
    /// Posts, and says so.
    Accept,
    /// Posts, and its answer is lost: time-out, cut, garbage, 5xx after the work was done.
    AcceptAndFallSilent,
    /// Does nothing, and its answer is lost.
    FallSilent,
    /// Posts, then never answers: the worker hangs until it dies.
    AcceptAndHang,
    /// The connection was refused: nothing was sent.
    Unreachable,
    /// 429.
    Limit(DateTime<Utc>),
    /// The token is dead.
    Reauth,
    /// Refuses this text.
    Reject,
    /// Accepted, out later.
    Processing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub account: AccountId,
    pub key: String,
    pub text: String,
    /// The receipt of the post that it answers.
    pub reply_to: Option<String>,
}

/// What the platform does when it is asked to take something down.
#[derive(Debug, Clone)]
pub enum Removing {
    /// Does nothing, and says why.
    Refuse(Setback),
    /// Takes it down, and its answer is lost.
    RemoveAndFallSilent,
}

#[derive(Debug)]
pub struct State {
    pub posts: Vec<Post>,
    /// Every commit that reached the platform's door, with its key.
    pub commits: Vec<String>,
    pub looks: usize,
    pub preparations: usize,
    pub script: VecDeque<Act>,
    /// Answers to `locate` before the truth is told.
    pub evasions: VecDeque<Setback>,
    /// Answers to `prepare` before it is ready.
    pub obstacles: VecDeque<Prepared>,
    pub keys: u32,
    /// Every request to take something down, with its key.
    pub removals: Vec<String>,
    /// What becomes of the next of them; then they are done.
    pub removing: VecDeque<Removing>,
}

#[derive(Debug, Clone)]
pub struct Simulator {
    pub idempotency: Idempotency,
    capabilities: &'static Capabilities,
    state: Arc<Mutex<State>>,
    /// Commits that may pass; the others wait at the door, their bytes sent and not yet answered.
    pub door: Arc<Semaphore>,
}

impl Simulator {
    pub fn new(idempotency: Idempotency) -> Self {
        let state = State {
            posts: Vec::new(),
            commits: Vec::new(),
            looks: 0,
            preparations: 0,
            script: VecDeque::new(),
            evasions: VecDeque::new(),
            obstacles: VecDeque::new(),
            keys: 0,
            removals: Vec::new(),
            removing: VecDeque::new(),
        };
        Self {
            idempotency,
            capabilities: &CAPABILITIES,
            state: Arc::new(Mutex::new(state)),
            door: Arc::new(Semaphore::new(100_000)),
        }
    }

    /// Where what is out can be taken down like this.
    pub fn where_removal_is(value: Removal) -> Self {
        let removal = Fact {
            value,
            ..CAPABILITIES.removal
        };
        let capabilities = Capabilities {
            removal,
            ..CAPABILITIES.clone()
        };
        Self {
            capabilities: Box::leak(Box::new(capabilities)),
            ..Self::new(Idempotency::OwnId)
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn will(&self, acts: impl IntoIterator<Item = Act>) {
        self.state().script.extend(acts);
    }

    pub fn posts(&self) -> usize {
        self.state().posts.len()
    }

    pub fn commits(&self) -> usize {
        self.state().commits.len()
    }

    fn post(&self, context: &Context, variant: &EditionVariant, key: &str, prepared: &Value) {
        let mut state = self.state();
        // A platform with keys or own ids refuses the second; one without posts it again.
        let known =
            !matches!(self.idempotency, Idempotency::None) && state.posts.iter().any(|post| post.key == key);
        if !known {
            state.posts.push(Post {
                account: context.account,
                key: key.to_owned(),
                text: variant.body.clone(),
                reply_to: prepared["reply"].as_str().map(str::to_owned),
            });
        }
    }
}

fn receipt(key: &str) -> Receipt {
    Receipt {
        remote_id: format!("sim://{key}"),
        url: format!("https://sim.invalid/{key}"),
    }
}

static CAPABILITIES: Capabilities = Capabilities {
    platform: Platform::Bluesky,
    text: TextLimits {
        graphemes: Some(Fact {
            value: 300,
            source: "made up",
            checked: "2026-11-22",
        }),
        bytes: None,
    },
    images: ImageLimits {
        count: Fact {
            value: 4,
            source: "made up",
            checked: "2026-11-22",
        },
        bytes: None,
    },
    removal: Fact {
        value: Removal::ByUs,
        source: "made up",
        checked: "2026-11-22",
    },
    revision: Fact {
        value: Revision::Reply,
        source: "made up",
        checked: "2026-11-22",
    },
};

#[async_trait]
impl Connector for Simulator {
    fn platform(&self) -> Platform {
        Platform::Bluesky
    }

    fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    fn credentials(&self) -> &'static [&'static str] {
        &["password"]
    }

    fn new_key(&self, _: &dyn Clock) -> String {
        let mut state = self.state();
        state.keys += 1;
        format!("key-{}", state.keys)
    }

    async fn verify_account(&self, context: &Context) -> Result<Profile, Setback> {
        if context.credentials.expose().contains("wrong") {
            return Err(Setback::NeedsReauth {
                reason: "no such password".to_owned(),
            });
        }
        Ok(Profile {
            remote_id: format!("did:sim:{}", context.handle),
            handle: context.handle.clone(),
            url: format!("https://sim.invalid/{}", context.handle),
        })
    }

    async fn prepare(&self, _: &Context, variant: &EditionVariant, _: Option<Value>) -> Prepared {
        let mut state = self.state();
        state.preparations += 1;
        state.obstacles.pop_front().unwrap_or_else(|| Prepared::Ready {
            state: json!({ "letters": variant.body.len() }),
        })
    }

    async fn prepare_revision(
        &self,
        _: &Context,
        _: &EditionVariant,
        remote_id: &str,
        _: Option<Value>,
    ) -> Prepared {
        Prepared::Ready {
            state: json!({ "reply": remote_id }),
        }
    }

    async fn commit(
        &self,
        context: &Context,
        variant: &EditionVariant,
        key: &str,
        prepared: &Value,
        _: Instant,
    ) -> Outcome {
        let act = {
            let mut state = self.state();
            let act = state.script.pop_front().unwrap_or(Act::Accept);
            if !matches!(act, Act::Unreachable) {
                state.commits.push(key.to_owned());
            }
            act
        };
        self.door.acquire().await.unwrap().forget();
        match act {
            Act::Accept => {
                self.post(context, variant, key, prepared);
                Outcome::Published(receipt(key))
            }
            Act::AcceptAndFallSilent => {
                self.post(context, variant, key, prepared);
                Outcome::Unknown {
                    reason: "504 Gateway Time-out".to_owned(),
                }
            }
            Act::FallSilent => Outcome::Unknown {
                reason: "the connection was cut".to_owned(),
            },
            Act::AcceptAndHang => {
                self.post(context, variant, key, prepared);
                std::future::pending().await
            }
            Act::Unreachable => Outcome::NotSent {
                reason: "connection refused".to_owned(),
            },
            Act::Limit(until) => Outcome::RateLimited {
                until,
                scope: Scope::Account,
            },
            Act::Reauth => Outcome::NeedsReauth {
                reason: "ExpiredToken".to_owned(),
            },
            Act::Reject => Outcome::Rejected(Rejection::new("InvalidRecord", "too long")),
            Act::Processing => {
                self.post(context, variant, key, prepared);
                Outcome::Pending {
                    after: Duration::from_secs(90),
                }
            }
        }
    }

    async fn locate(&self, _: &Context, variant: &EditionVariant, key: &str, _: &Value) -> Located {
        let mut state = self.state();
        state.looks += 1;
        if let Some(setback) = state.evasions.pop_front() {
            return Located::Stopped(setback);
        }
        match state.posts.iter().find(|post| post.key == key) {
            Some(post) if post.text == variant.body => Located::Found(receipt(key)),
            Some(_) => Located::Other(receipt(key)),
            None => Located::Absent,
        }
    }

    async fn withdraw(&self, _: &Context, remote_id: &str) -> Taken {
        let key = remote_id.strip_prefix("sim://").unwrap_or_default();
        let mut state = self.state();
        state.removals.push(key.to_owned());
        match state.removing.pop_front() {
            Some(Removing::Refuse(why)) => return Taken::Stopped(why),
            Some(Removing::RemoveAndFallSilent) => {
                state.posts.retain(|post| post.key != key);
                return Taken::unclear("504 Gateway Time-out");
            }
            None => state.posts.retain(|post| post.key != key),
        }
        Taken::Gone
    }
}
