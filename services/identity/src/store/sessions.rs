//! Sessions, and the moments between password and code.

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::postgres::types::PgInterval;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A session to store.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Its id, shown in the list of sessions.
    pub id: Uuid,
    /// SHA-256 of the cookie's value.
    pub token_hash: [u8; 32],
    /// Whose.
    pub person: PersonId,
    /// What the tokens of its forms are made from.
    pub csrf_secret: [u8; 32],
    /// Begun by the demonstration's one click.
    pub demo: bool,
    /// A second factor was shown, or is waived.
    pub strong: bool,
    /// As the browser calls itself.
    pub user_agent: &'a str,
    /// From where.
    pub address: &'a str,
    /// When it begins.
    pub now: DateTime<Utc>,
    /// How long it may rest.
    pub idle: TimeDelta,
    /// When it ends at the latest.
    pub expires: DateTime<Utc>,
}

/// Stores a session.
pub async fn insert(conn: &mut PgConnection, session: &NewSession<'_>) -> sqlx::Result<()> {
    let idle = PgInterval {
        months: 0,
        days: 0,
        microseconds: session.idle.num_microseconds().unwrap_or_default(),
    };
    sqlx::query!(
        "insert into identity.sessions
             (id, token_hash, person_id, csrf_secret, demo, strong, user_agent, address, created_at, last_seen,
              idle_limit, expires_at)
         values ($1, $2, $3, $4, $5, $6, left($7, 300), left($8, 60), $9, $9, $10, $11)",
        session.id,
        session.token_hash.as_slice(),
        session.person.0,
        session.csrf_secret.as_slice(),
        session.demo,
        session.strong,
        session.user_agent,
        session.address,
        session.now,
        idle,
        session.expires
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A session in its owner's list.
#[derive(Debug, Clone, Serialize)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// As the browser calls itself.
    pub user_agent: String,
    /// From where.
    pub address: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last request, to the minute.
    pub last_seen: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The live sessions of a person, the latest first.
pub async fn list(
    pool: &PgPool,
    person: PersonId,
    current: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as!(
        Session,
        r#"select id, user_agent, address, created_at, last_seen, token_hash = $2 as "current!"
           from identity.sessions
           where person_id = $1 and expires_at > $3 and last_seen + idle_limit > $3
           order by last_seen desc, id desc limit 50"#,
        person.0,
        current,
        now
    )
    .fetch_all(pool)
    .await
}

/// What must be known of the present session to replace it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Whose.
    pub person: PersonId,
    /// Begun by the demonstration's one click.
    pub demo: bool,
    /// A second factor was shown.
    pub strong: bool,
}

/// The live session of a cookie. Does not count as a request.
pub async fn standing(pool: &PgPool, token_hash: &[u8]) -> sqlx::Result<Option<Standing>> {
    sqlx::query_as!(
        Standing,
        r#"select s.person_id as "person: PersonId", s.demo, s.strong
           from identity.sessions s join identity.people p on p.id = s.person_id and p.active
           where s.token_hash = $1 and s.expires_at > now() and s.last_seen + s.idle_limit > now()"#,
        token_hash
    )
    .fetch_optional(pool)
    .await
}

/// Ends the session of a cookie.
pub async fn end(conn: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<Option<PersonId>> {
    sqlx::query_scalar!(
        r#"delete from identity.sessions where token_hash = $1 returning person_id as "person: PersonId""#,
        token_hash
    )
    .fetch_optional(conn)
    .await
}

/// Ends one session of a person, by its id in the list.
pub async fn end_one(conn: &mut PgConnection, person: PersonId, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from identity.sessions where person_id = $1 and id = $2",
        person.0,
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of a person, and every sign-in under way; says how many sessions there were.
pub async fn end_all(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<u64> {
    sqlx::query!(
        "delete from identity.sign_in_challenges where person_id = $1",
        person.0
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!("delete from identity.sessions where person_id = $1", person.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Remembers that the password was right and a code is awaited.
pub async fn start_challenge(
    conn: &mut PgConnection,
    token_hash: &[u8],
    person: PersonId,
    return_to: &str,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.sign_in_challenges (token_hash, person_id, return_to, created_at, expires_at)
         values ($1, $2, $3, $4, $5)",
        token_hash,
        person.0,
        return_to,
        now,
        expires
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A sign-in that awaits its code.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Who.
    pub person: PersonId,
    /// What they sign in with.
    pub email: String,
    /// Where they wanted to go.
    pub return_to: String,
    /// Whether they have a second factor to show, or must set one up.
    pub enrolled: bool,
}

/// The sign-in under way behind this cookie.
pub async fn challenge(
    pool: &PgPool,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Challenge>> {
    sqlx::query_as!(
        Challenge,
        r#"select c.person_id as "person: PersonId", p.email, c.return_to,
                  coalesce(t.confirmed_at is not null, false) as "enrolled!"
           from identity.sign_in_challenges c
           join identity.people p on p.id = c.person_id and p.active
           left join identity.totp t on t.person_id = c.person_id
           where c.token_hash = $1 and c.expires_at > $2"#,
        token_hash,
        now
    )
    .fetch_optional(pool)
    .await
}

/// Uses up a sign-in under way; yes once.
pub async fn finish_challenge(conn: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from identity.sign_in_challenges where token_hash = $1",
        token_hash
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes what has expired: sessions, sign-ins under way, one-time links, old throttles, revoked tokens of last
/// year. Says how many sessions.
pub async fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    sqlx::query!(
        "delete from identity.sign_in_challenges where expires_at <= $1",
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from identity.one_time_links where expires_at <= $1", now)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from identity.throttle where full_at <= $1", now)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "delete from identity.tokens where expires_at <= $1::timestamptz - interval '1 year'",
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from identity.notifications where read_at <= $1::timestamptz - interval '90 days'",
        now
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!(
        "delete from identity.sessions where expires_at <= $1 or last_seen + idle_limit <= $1",
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
