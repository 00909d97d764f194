use chancery_contracts::ids::{AccountId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::connectors::Scope;
use crate::error::{PublisherError, Result};
use crate::model::{Account, AccountState};

struct Row {
    id: Uuid,
    unit_id: Uuid,
    platform: String,
    handle: String,
    name: String,
    service_url: Option<String>,
    remote_id: Option<String>,
    languages: Vec<String>,
    state: AccountState,
    state_reason: Option<String>,
    limited_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Account {
    type Error = PublisherError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            unit: row.unit_id.into(),
            platform: row
                .platform
                .parse()
                .map_err(|_| PublisherError::Corrupt(row.platform))?,
            handle: row.handle,
            name: row.name,
            service_url: row.service_url,
            remote_id: row.remote_id,
            languages: row.languages,
            state: row.state,
            state_reason: row.state_reason,
            limited_until: row.limited_until,
            created_at: row.created_at,
        })
    }
}

/// What is stored of an account besides [`Account`] itself.
#[derive(Debug, Clone, Default)]
pub struct New {
    /// Sealed by the vault; none for a press room, which needs no credentials.
    pub credentials: Option<Vec<u8>>,
    /// Of the text, in extended grapheme clusters.
    pub max_graphemes: Option<i32>,
    /// Of the text, in bytes of UTF-8.
    pub max_bytes: Option<i32>,
    /// Who connected it; none for the system itself.
    pub created_by: Option<PersonId>,
}

/// Stores an account. False when the platform's account, or the unit's press room, is registered already.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut PgConnection, account: &Account, new: &New) -> Result<bool> {
    let done = sqlx::query!(
        "insert into publisher.accounts
             (id, unit_id, platform, handle, name, service_url, remote_id, languages, max_graphemes, max_bytes, state,
              state_reason, credentials, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
         on conflict do nothing",
        account.id.0,
        account.unit.0,
        account.platform.as_str(),
        account.handle,
        account.name,
        account.service_url,
        account.remote_id,
        &account.languages,
        new.max_graphemes,
        new.max_bytes,
        account.state.as_str(),
        account.state_reason,
        new.credentials,
        new.created_by.map(|person| person.0),
        account.created_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Reads an account.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn get(conn: &mut PgConnection, id: AccountId) -> Result<Account> {
    sqlx::query_as!(
        Row,
        r#"select id, unit_id, platform, handle, name, service_url, remote_id, languages, state as "state: AccountState",
               state_reason, limited_until, created_at
           from publisher.accounts where id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?
    .ok_or(PublisherError::NotFound)?
    .try_into()
}

/// An account of this platform that already stands for this lasting id.
///
/// # Errors
/// When the database fails.
pub async fn by_remote(
    conn: &mut PgConnection,
    platform: &str,
    remote_id: &str,
) -> Result<Option<AccountId>> {
    let id = sqlx::query_scalar!(
        "select id from publisher.accounts where platform = $1 and remote_id = $2",
        platform,
        remote_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(Into::into))
}

/// Its credentials, still sealed.
///
/// # Errors
/// When the database fails.
pub async fn credentials(conn: &mut PgConnection, id: AccountId) -> Result<Option<Vec<u8>>> {
    let sealed = sqlx::query_scalar!("select credentials from publisher.accounts where id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    Ok(sealed.flatten())
}

/// Its session, still sealed.
///
/// # Errors
/// When the database fails.
pub async fn session(conn: &mut PgConnection, id: AccountId) -> Result<Option<Vec<u8>>> {
    let sealed = sqlx::query_scalar!("select session from publisher.accounts where id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    Ok(sealed.flatten())
}

/// Replaces the session.
///
/// # Errors
/// When the database fails.
pub async fn put_session(conn: &mut PgConnection, id: AccountId, sealed: &[u8]) -> Result<()> {
    sqlx::query!(
        "update publisher.accounts set session = $2 where id = $1",
        id.0,
        sealed
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces credentials, and with them the session that was made from the old ones, and enables the account.
///
/// # Errors
/// When the database fails.
pub async fn reconnect(
    conn: &mut PgConnection,
    id: AccountId,
    sealed: &[u8],
    handle: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update publisher.accounts
         set credentials = $2, session = null, handle = $3, state = 'enabled', state_reason = null, limited_until = null,
             token_ends_at = null, updated_at = $4
         where id = $1",
        id.0,
        sealed,
        handle,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes whether it may be sent to. False when it was so already.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    conn: &mut PgConnection,
    id: AccountId,
    state: AccountState,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update publisher.accounts set state = $2, state_reason = $3, updated_at = $4 where id = $1 and state <> $2",
        id.0,
        state.as_str(),
        reason,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says when the access that an account was given ends; none: nobody knows.
///
/// # Errors
/// When the database fails.
pub async fn set_token_end(
    conn: &mut PgConnection,
    id: AccountId,
    ends: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update publisher.accounts set token_ends_at = $2, updated_at = $3 where id = $1",
        id.0,
        ends,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Remembers that the platform asked to wait: for the account, or for every account on its server.
///
/// # Errors
/// When the database fails.
pub async fn limit(conn: &mut PgConnection, id: AccountId, until: DateTime<Utc>, scope: Scope) -> Result<()> {
    sqlx::query!(
        "update publisher.accounts a
         set limited_until = greatest(a.limited_until, $2)
         from publisher.accounts limited
         where limited.id = $1
           and (a.id = limited.id
                or $3 and a.platform = limited.platform and a.service_url is not distinct from limited.service_url)",
        id.0,
        until,
        scope == Scope::Platform
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Commits on this account whose worker must have given up by `before`.
///
/// # Errors
/// When the database fails.
pub async fn silent_commits(
    conn: &mut PgConnection,
    id: AccountId,
    before: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from publisher.deliveries where account_id = $1 and state = 'committing' and intent_at <= $2",
        id.0,
        before
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// The press room of each of these units that has none gets one; gives how many were made.
///
/// # Errors
/// When the database fails.
pub async fn units_without_press_room(
    conn: &mut PgConnection,
) -> Result<Vec<(UnitId, String, Vec<String>, serde_json::Value)>> {
    let rows = sqlx::query!(
        r#"select u.id as "id!", u.slug as "slug!", u.languages as "languages!", u.names as "names!"
           from identity.published_units u
           where u.is_mission and u.valid_to is null
             and not exists (
                 select 1 from publisher.accounts a where a.unit_id = u.id and a.platform = 'press_room')
           order by u.slug"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id.into(), row.slug, row.languages, row.names))
        .collect())
}

/// Locks an account, as a permit does, so that what is decided about it and about its deliveries comes one by one.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut PgConnection, id: AccountId) -> Result<()> {
    sqlx::query!(
        "select 1 as one from publisher.accounts where id = $1 for no key update",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}
