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

#[derive(sqlx::FromRow)]
struct SessionRow {
    person_id: Uuid,
    name: String,
    language: String,
    theme: String,
    csrf_secret: Vec<u8>,
    demo: bool,
    grants: Value,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    person_id: Uuid,
    name: String,
    language: String,
    scopes: Vec<String>,
    grants: Value,
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
    let row: Option<SessionRow> = sqlx::query_as(
        "select person_id, name, language, theme, csrf_secret, demo, grants from identity.session_lookup($1)",
    )
    .bind(token_hash(token).as_slice())
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
    let row: Option<TokenRow> =
        sqlx::query_as("select person_id, name, language, scopes, grants from identity.token_lookup($1)")
            .bind(token_hash(token).as_slice())
            .fetch_optional(&shell.pool)
            .await?;
    Ok(row.map(|row| {
        let scopes = row.scopes.iter().filter_map(|scope| scope.parse::<Action>().ok()).collect();
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
    let today = shell.clock.now().with_timezone(&shell.headquarters.zone()).date_naive();
    Principal { person: PersonId(person), name, grants, via, today }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
