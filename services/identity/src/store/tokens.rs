//! API tokens.

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A token in its owner's list; the token itself was shown once and is not known any more.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What it may do at most, as names of actions.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Last request, to the minute.
    pub last_used: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token to store.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// See [`Token::name`].
    pub name: &'a str,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// See [`Token::scopes`].
    pub scopes: &'a [String],
    /// Made in a session with a second factor.
    pub strong: bool,
    /// Now.
    pub now: DateTime<Utc>,
    /// See [`Token::expires_at`].
    pub expires: DateTime<Utc>,
}

/// Stores a token.
pub async fn insert(conn: &mut PgConnection, token: &NewToken<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.tokens (id, person_id, name, token_hash, scopes, strong, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        token.id,
        token.person.0,
        token.name,
        token.token_hash.as_slice(),
        token.scopes,
        token.strong,
        token.now,
        token.expires
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The tokens of a person that still work, the latest first.
pub async fn list(pool: &PgPool, person: PersonId, now: DateTime<Utc>) -> sqlx::Result<Vec<Token>> {
    sqlx::query_as!(
        Token,
        "select id, name, scopes, created_at, expires_at, last_used, revoked_at
         from identity.tokens
         where person_id = $1 and revoked_at is null and expires_at > $2
         order by id desc limit 100",
        person.0,
        now
    )
    .fetch_all(pool)
    .await
}

/// Takes a token back; says whether it worked until now.
pub async fn revoke(
    conn: &mut PgConnection,
    person: PersonId,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.tokens set revoked_at = $3 where person_id = $1 and id = $2 and revoked_at is null",
        person.0,
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes back every token of a person.
pub async fn revoke_all(conn: &mut PgConnection, person: PersonId, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update identity.tokens set revoked_at = $2 where person_id = $1 and revoked_at is null",
        person.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
