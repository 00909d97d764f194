//! Signing in with an app password, and keeping the session alive.
//!
//! A server allows 30 sign-ins in five minutes and 300 a day for an account (reference PDS 0.4), so a session is kept
//! and refreshed. The refresh token changes with every refresh: the new one is durable before it is used, and it is
//! replaced only by another one, never by nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chancery_contracts::ids::AccountId;
use chancery_http::{Call, Url};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::xrpc::{Answer, endpoint};
use crate::connectors::{Context, Rejection, Scope, Secret, Setback};

/// Between two sign-ins of one account: stays under 300 a day whatever happens.
const BETWEEN_SIGN_INS: TimeDelta = TimeDelta::minutes(5);
/// An access token that ends sooner is replaced before it is used.
const MARGIN: TimeDelta = TimeDelta::minutes(2);

/// A session, as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) did: String,
    pub(super) handle: String,
    /// The server that holds the account: the one signed in at, or the one its DID document names.
    pub(super) server: Url,
    /// Good for about two hours; empty once a server has refused it.
    pub(super) access: String,
    refresh: String,
    signed_in_at: DateTime<Utc>,
}

/// What a person enters.
#[derive(Deserialize)]
struct Credentials {
    app_password: String,
}

/// What createSession and refreshSession answer.
#[derive(Deserialize)]
struct Tokens {
    did: String,
    handle: String,
    #[serde(rename = "accessJwt")]
    access: String,
    #[serde(rename = "refreshJwt")]
    refresh: String,
    #[serde(rename = "didDoc")]
    document: Option<Value>,
}

impl Tokens {
    /// `None` if the server left something out: a good session is not replaced by half of one.
    fn parse(value: Value) -> Option<Self> {
        let tokens: Self = serde_json::from_value(value).ok()?;
        let whole = [&tokens.did, &tokens.handle, &tokens.access, &tokens.refresh]
            .iter()
            .all(|text| !text.is_empty());
        whole.then_some(tokens)
    }

    fn into_session(self, server: Url, signed_in_at: DateTime<Utc>) -> Session {
        let server = self.document.as_ref().and_then(server_of).unwrap_or(server);
        Session {
            did: self.did,
            handle: self.handle,
            server,
            access: self.access,
            refresh: self.refresh,
            signed_in_at,
        }
    }
}

/// Sessions of all accounts; one task at a time signs in or refreshes for an account.
#[derive(Default)]
pub(super) struct Sessions {
    turns: Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>,
}

impl Sessions {
    /// A session whose access token is good, as far as we know: kept, refreshed, or signed in anew.
    pub(super) async fn get(&self, context: &Context) -> Result<Session, Setback> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(context.account).or_default())
        };
        let _turn = turn.lock().await;
        match load(context).await? {
            None => sign_in(context, None).await,
            Some(session) if session.is_fresh(context.clock.now()) => Ok(session),
            Some(session) => refresh(context, session).await,
        }
    }

    /// Notes that a server refused this access token, unless another one is already kept.
    pub(super) async fn distrust(&self, context: &Context, refused: &str) -> Result<(), Setback> {
        match load(context).await? {
            Some(session) if session.access == refused => {
                save(
                    context,
                    &Session {
                        access: String::new(),
                        ..session
                    },
                )
                .await
            }
            _ => Ok(()),
        }
    }
}

impl Session {
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        !self.access.is_empty() && expiry(&self.access).is_none_or(|end| now + MARGIN < end)
    }
}

async fn refresh(context: &Context, session: Session) -> Result<Session, Setback> {
    let call =
        Call::post(endpoint(&session.server, "com.atproto.server.refreshSession")).bearer(&session.refresh);
    match Answer::of(context.http.send(call).await, context.clock.now()) {
        Answer::Fine(value) => {
            let Some(tokens) = Tokens::parse(value) else {
                return Err(Setback::TryAgain {
                    reason: "the refreshed session is incomplete".to_owned(),
                });
            };
            let renewed = tokens.into_session(session.server, session.signed_in_at);
            save(context, &renewed).await?;
            Ok(renewed)
        }
        Answer::Token(_) => match load(context).await? {
            // Another process was faster; its session is the good one.
            Some(other) if other.refresh != session.refresh => Ok(other),
            _ => sign_in(context, Some(session.signed_in_at)).await,
        },
        other => Err(other.setback()),
    }
}

async fn sign_in(context: &Context, last: Option<DateTime<Utc>>) -> Result<Session, Setback> {
    let now = context.clock.now();
    if let Some(until) = last
        .map(|last| last + BETWEEN_SIGN_INS)
        .filter(|until| *until > now)
    {
        return Err(Setback::RateLimited {
            until,
            scope: Scope::Account,
        });
    }
    let Ok(Credentials { app_password }) = serde_json::from_str(context.credentials.expose()) else {
        return Err(Setback::NeedsReauth {
            reason: "there is no app password".to_owned(),
        });
    };
    let call = Call::post(endpoint(&context.service_url, "com.atproto.server.createSession"))
        .json(&json!({"identifier": context.handle, "password": app_password}));
    match Answer::of(context.http.send(call).await, now) {
        Answer::Fine(value) => {
            let Some(tokens) = Tokens::parse(value) else {
                return Err(Setback::TryAgain {
                    reason: "the session is incomplete".to_owned(),
                });
            };
            let session = tokens.into_session(context.service_url.clone(), now);
            save(context, &session).await?;
            Ok(session)
        }
        // Whatever the server dislikes about a sign-in, only a person can change it.
        Answer::Refused(refusal) => Err(Setback::NeedsReauth {
            reason: refusal.reason(),
        }),
        other => Err(other.setback()),
    }
}

async fn load(context: &Context) -> Result<Option<Session>, Setback> {
    match context.session.load().await {
        // What can't be read was written by an older release: sign in again.
        Ok(kept) => Ok(kept.and_then(|kept| serde_json::from_str(kept.expose()).ok())),
        Err(error) => Err(Setback::TryAgain {
            reason: error.to_string(),
        }),
    }
}

async fn save(context: &Context, session: &Session) -> Result<(), Setback> {
    let text = serde_json::to_string(session)
        .map_err(|error| Setback::Rejected(Rejection::new("session-unwritable", error.to_string())))?;
    context
        .session
        .save(&Secret::new(text))
        .await
        .map_err(|error| Setback::TryAgain {
            reason: error.to_string(),
        })
}

/// When a JSON Web Token ends, by its own word; none when it is not one. Nothing is trusted on the strength of it.
fn expiry(token: &str) -> Option<DateTime<Utc>> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    DateTime::from_timestamp(claims.get("exp")?.as_i64()?, 0)
}

/// The account's own server in its DID document (<https://atproto.com/specs/did>).
fn server_of(document: &Value) -> Option<Url> {
    let service = document.get("service")?.as_array()?.iter().find(|service| {
        service.get("type").and_then(Value::as_str) == Some("AtprotoPersonalDataServer")
            && service
                .get("id")
                .and_then(Value::as_str)
                .is_some_and(|id| id.ends_with("#atproto_pds"))
    })?;
    service.get("serviceEndpoint")?.as_str()?.parse().ok()
}
