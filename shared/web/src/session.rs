//! Who sends a request: a session's cookie or a bearer token, looked up in what identity publishes.

use chancery_access::{Action, Grant, Principal, Via};
use chancery_contracts::ids::PersonId;
use http::{HeaderMap, header};
use serde_json::Value;
use uuid::Uuid;

use crate::shell::Inner;
use crate::{cookies, token_hash};

/// Somebody found.
pub(crate) struct Found {
    pub principal: Principal,
    pub language: String,
    pub theme: String,
    /// None for a bearer token, which no foreign page can make a browser send.
    pub csrf_secret: Option<Vec<u8>>,
    pub demo: bool,
}

/// Looks up a bearer token, else a session. None: nobody is signed in, or no longer.
pub(crate) async fn find(shell: &Inner, headers: &HeaderMap) -> Result<Option<Found>, sqlx::Error> {
    if let Some(token) = bearer(headers) {
        return by_token(shell, token).await;
    }
    let name = cookies::session_name(shell.config.secure_cookies);
    match cookies::get(headers, name).filter(|token| !token.is_empty()) {
        Some(token) => by_session(shell, &token).await,
        None => Ok(None),
    }
}

async fn by_session(shell: &Inner, token: &str) -> Result<Option<Found>, sqlx::Error> {
    let hash = token_hash(token);
    let row = sqlx::query!(
        r#"select person_id as "person_id!", name as "name!", language as "language!", theme as "theme!",
                  csrf_secret as "csrf_secret!", demo as "demo!", grants as "grants!"
           from identity.session_lookup($1)"#,
        hash.as_slice(),
    )
    .fetch_optional(&shell.pool)
    .await?;
    Ok(row.map(|row| Found {
        principal: principal(shell, row.person_id, row.name, row.grants, Via::Session),
        language: row.language,
        theme: row.theme,
        csrf_secret: Some(row.csrf_secret),
        demo: row.demo,
    }))
}

async fn by_token(shell: &Inner, token: &str) -> Result<Option<Found>, sqlx::Error> {
    let hash = token_hash(token);
    let row = sqlx::query!(
        r#"select person_id as "person_id!", name as "name!", language as "language!", scopes as "scopes!",
                  grants as "grants!"
           from identity.token_lookup($1)"#,
        hash.as_slice(),
    )
    .fetch_optional(&shell.pool)
    .await?;
    Ok(row.map(|row| {
        let scopes = row
            .scopes
            .iter()
            .filter_map(|scope| scope.parse::<Action>().ok())
            .collect();
        Found {
            principal: principal(shell, row.person_id, row.name, row.grants, Via::Token { scopes }),
            language: row.language,
            theme: String::new(),
            csrf_secret: None,
            demo: false,
        }
    }))
}

fn principal(shell: &Inner, person: Uuid, name: String, grants: Value, via: Via) -> Principal {
    let grants: Vec<Grant> = serde_json::from_value(grants).unwrap_or_else(|error| {
        tracing::error!(%error, %person, "grants can't be read, so none hold");
        Vec::new()
    });
    let today = shell
        .clock
        .now()
        .with_timezone(&shell.headquarters.zone())
        .date_naive();
    Principal {
        person: PersonId(person),
        name,
        grants,
        via,
        today,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
