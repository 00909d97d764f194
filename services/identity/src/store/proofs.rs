//! Proofs of who somebody is: passwords, second factors, recovery codes, one-time links.

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

/// Who signs in under a name, and what their password is checked against.
#[derive(Debug)]
pub struct Candidate {
    /// Who.
    pub id: PersonId,
    /// Their address as stored.
    pub email: String,
    /// Whether they may sign in.
    pub active: bool,
    /// A PHC string; none before the invitation was accepted.
    pub hash: Option<String>,
}

/// Who has this sign-in name.
pub async fn candidate(pool: &PgPool, email: &str) -> sqlx::Result<Option<Candidate>> {
    sqlx::query_as!(
        Candidate,
        r#"select p.id as "id: PersonId", p.email, p.active, w.hash as "hash?"
           from identity.people p left join identity.passwords w on w.person_id = p.id
           where lower(p.email) = lower($1)"#,
        email
    )
    .fetch_optional(pool)
    .await
}

/// The password's PHC string.
pub async fn password(pool: &PgPool, person: PersonId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select hash from identity.passwords where person_id = $1",
        person.0
    )
    .fetch_optional(pool)
    .await
}

/// Sets or replaces the password.
pub async fn set_password(
    conn: &mut PgConnection,
    person: PersonId,
    hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.passwords (person_id, hash, changed_at) values ($1, $2, $3)
         on conflict (person_id) do update set hash = excluded.hash, changed_at = excluded.changed_at",
        person.0,
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A stored second factor.
#[derive(Debug)]
pub struct StoredFactor {
    /// Sealed; see [`crate::model::totp::SecondFactor::open`].
    pub secret: Vec<u8>,
    /// When its first code was shown; none while being set up.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// The second factor of a person.
pub async fn factor(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<Option<StoredFactor>> {
    sqlx::query_as!(
        StoredFactor,
        "select secret, confirmed_at from identity.totp where person_id = $1",
        person.0
    )
    .fetch_optional(conn)
    .await
}

/// Starts setting up a second factor, unless one is confirmed already.
pub async fn start_factor(conn: &mut PgConnection, person: PersonId, sealed: &[u8]) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into identity.totp (person_id, secret) values ($1, $2)
         on conflict (person_id) do update set secret = excluded.secret, last_step = 0
         where identity.totp.confirmed_at is null",
        person.0,
        sealed
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses up a time step: yes once for each, and never for one before it.
pub async fn accept_step(conn: &mut PgConnection, person: PersonId, step: i64) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.totp set last_step = $2 where person_id = $1 and last_step < $2",
        person.0,
        step
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The second factor counts from now on; recovery codes are replaced by these.
pub async fn confirm_factor(
    conn: &mut PgConnection,
    person: PersonId,
    recovery: &[Vec<u8>],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update identity.totp set confirmed_at = $2 where person_id = $1",
        person.0,
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from identity.recovery_codes where person_id = $1",
        person.0
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into identity.recovery_codes (person_id, code_hash) select $1, unnest($2::bytea[])",
        person.0,
        recovery
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses up a recovery code; yes once.
pub async fn use_recovery_code(
    conn: &mut PgConnection,
    person: PersonId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.recovery_codes set used_at = $3
         where person_id = $1 and code_hash = $2 and used_at is null",
        person.0,
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many recovery codes are left.
pub async fn recovery_codes_left(pool: &PgPool, person: PersonId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from identity.recovery_codes where person_id = $1 and used_at is null"#,
        person.0
    )
    .fetch_one(pool)
    .await
}

/// Forgets the second factor and its recovery codes: the telephone was lost.
pub async fn remove_factor(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    sqlx::query!(
        "delete from identity.recovery_codes where person_id = $1",
        person.0
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!("delete from identity.totp where person_id = $1", person.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores a one-time link for somebody, or (nobody) the code of the first set-up. Earlier ones of the same purpose
/// and person no longer open.
pub async fn new_link(
    conn: &mut PgConnection,
    hash: &[u8],
    person: Option<PersonId>,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> sqlx::Result<()> {
    let purpose = if person.is_some() { "invitation" } else { "setup" };
    sqlx::query!(
        "delete from identity.one_time_links where purpose = $1 and person_id is not distinct from $2",
        purpose,
        person.map(|id| id.0)
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into identity.one_time_links (token_hash, purpose, person_id, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        hash,
        purpose,
        person.map(|id| id.0),
        by.map(|id| id.0),
        now,
        expires
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whom an unused invitation is for, without using it.
pub async fn invited(pool: &PgPool, hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<Candidate>> {
    sqlx::query_as!(
        Candidate,
        r#"select p.id as "id: PersonId", p.email, p.active, null::text as hash
           from identity.one_time_links l join identity.people p on p.id = l.person_id
           where l.token_hash = $1 and l.purpose = 'invitation' and l.used_at is null and l.expires_at > $2
             and p.active"#,
        hash,
        now
    )
    .fetch_optional(pool)
    .await
}

/// Uses up a one-time link; yes once, and not after its end.
pub async fn use_link(conn: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.one_time_links set used_at = $2
         where token_hash = $1 and used_at is null and expires_at > $2",
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether this is the unused code of the first set-up.
pub async fn is_setup_code(pool: &PgPool, hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from identity.one_time_links
                          where token_hash = $1 and purpose = 'setup' and used_at is null and expires_at > $2)
           as "exists!""#,
        hash,
        now
    )
    .fetch_one(pool)
    .await
}
