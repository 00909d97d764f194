//! XRPC, the AT Protocol's calls (<https://atproto.com/specs/xrpc>): what an answer means, whatever its status.

use chancery_http::{Error, HeaderMap, Reply, Url};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::connectors::{Rejection, Scope, Setback};

/// When a server limits us without saying until when.
const DEFAULT_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// Nobody is believed who asks for more; the longest documented window is a day.
const LONGEST_PAUSE: TimeDelta = TimeDelta::days(1);
/// Nobody is asked again sooner, even if their clock is ahead of ours.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// An answer, sorted.
#[derive(Debug)]
pub(super) enum Answer {
    /// 200 with JSON.
    Fine(Value),
    /// The token is not accepted, without effect: 401, or 400 with one of the names that mean so.
    Token(Refusal),
    /// The account itself is not in order, without effect.
    Account(Refusal),
    /// Any other refusal that XRPC documents (4xx with an error name), without effect.
    Refused(Refusal),
    /// 429, without effect.
    Limited(DateTime<Utc>),
    /// Nothing was sent.
    NotSent(String),
    /// Anything else: no answer, 5xx, a redirect, something that is not XRPC.
    Odd(String),
}

/// `{"error": …, "message": …}`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refusal {
    /// The error's name.
    #[serde(rename = "error")]
    pub(super) name: String,
    /// For people.
    #[serde(default)]
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn rejection(self) -> Rejection {
        Rejection::new(self.name, self.message)
    }

    pub(super) fn reason(self) -> String {
        format!("{}: {}", self.name, self.message)
    }
}

impl Answer {
    /// Sorts what came back.
    pub(super) fn of(answer: Result<Reply, Error>, now: DateTime<Utc>) -> Self {
        let reply = match answer {
            Ok(reply) => reply,
            Err(error) if error.is_unsent() => return Self::NotSent(error.to_string()),
            Err(error) => return Self::Odd(error.to_string()),
        };
        let odd = || Self::Odd(format!("the server answered {}", reply.status));
        match reply.status.as_u16() {
            200 => reply
                .json()
                .map_or_else(|| Self::Odd("the answer is not JSON".to_owned()), Self::Fine),
            429 => Self::Limited(until(&reply, now)),
            400..=499 => match reply.json::<Refusal>() {
                None => odd(),
                Some(refusal) => match refusal.name.as_str() {
                    "AccountTakedown" | "AccountDeactivated" | "AccountSuspended" | "AccountNotFound" => {
                        Self::Account(refusal)
                    }
                    "RateLimitExceeded" => Self::Limited(until(&reply, now)),
                    "ExpiredToken" | "InvalidToken" => Self::Token(refusal),
                    _ if reply.status == 401 => Self::Token(refusal),
                    _ => Self::Refused(refusal),
                },
            },
            _ => odd(),
        }
    }

    /// What this means for a call without public effect that wanted [`Answer::Fine`].
    pub(super) fn setback(self) -> Setback {
        match self {
            Self::Token(refusal) | Self::Account(refusal) => Setback::NeedsReauth {
                reason: refusal.reason(),
            },
            Self::Refused(refusal) => Setback::Rejected(refusal.rejection()),
            Self::Limited(until) => Setback::RateLimited {
                until,
                scope: Scope::Account,
            },
            Self::NotSent(reason) | Self::Odd(reason) => Setback::TryAgain { reason },
            Self::Fine(_) => Setback::TryAgain {
                reason: "the answer has an unexpected form".to_owned(),
            },
        }
    }
}

/// The URL of a call.
pub(super) fn endpoint(server: &Url, method: &str) -> Url {
    let mut url = server.clone();
    url.set_path(&format!("/xrpc/{method}"));
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// `RateLimit-Reset` (Unix seconds, as the reference server sends it), else `Retry-After`, within reason.
fn until(reply: &Reply, now: DateTime<Utc>) -> DateTime<Utc> {
    let asked = reset(&reply.headers)
        .or_else(|| reply.retry_after(now))
        .unwrap_or(now + DEFAULT_PAUSE);
    asked.clamp(now + SHORTEST_PAUSE, now + LONGEST_PAUSE)
}

fn reset(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let seconds: i64 = headers
        .get("ratelimit-reset")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    DateTime::from_timestamp(seconds, 0)
}
