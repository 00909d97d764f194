//! Messages to webhooks' endpoints, and every attempt to deliver one.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id: `webhook-id`, the same however often it is sent.
    pub id: Uuid,
    /// To which endpoint.
    pub hook: Uuid,
    /// Of what it tells.
    pub event: String,
    /// About which item.
    pub item: Option<Uuid>,
    /// Word for word what is sent.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// Writes a message, in the transaction of what it tells.
///
/// # Errors
/// The database fails.
pub async fn insert(conn: &mut PgConnection, message: &Message) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.hook_messages (id, hook_id, event, item_id, body, created_at) values ($1, $2, $3, $4, $5, $6)",
        message.id,
        message.hook,
        message.event,
        message.item,
        message.body,
        message.created_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A message if it still waits, with the attempts that were made.
///
/// # Errors
/// The database fails.
pub async fn waiting(conn: &mut PgConnection, id: Uuid) -> Result<Option<(Message, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        "select hook_id, event, item_id, body, created_at, attempts from calendar.hook_messages where id = $1 and state = 'waiting'",
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let message = Message {
            id,
            hook: row.hook_id,
            event: row.event,
            item: row.item_id,
            body: row.body,
            created_at: row.created_at,
        };
        (message, row.attempts)
    }))
}

/// Counts an attempt at a message that has had `attempts`. False: somebody else has counted or ended it meanwhile.
///
/// # Errors
/// The database fails.
pub async fn count(conn: &mut PgConnection, id: Uuid, attempts: i32) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.hook_messages set attempts = attempts + 1 where id = $1 and state = 'waiting' and attempts = $2",
        id,
        attempts
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a message that waits.
///
/// # Errors
/// The database fails.
pub async fn end(
    conn: &mut PgConnection,
    id: Uuid,
    delivered: bool,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.hook_messages set state = case when $2 then 'delivered' else 'given_up' end, ended_at = $3
         where id = $1 and state = 'waiting'",
        id,
        delivered,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up whatever waits for an endpoint since before then.
///
/// # Errors
/// The database fails.
pub async fn give_up(
    conn: &mut PgConnection,
    hook: Uuid,
    before: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.hook_messages set state = 'given_up', ended_at = $3
         where hook_id = $1 and state = 'waiting' and created_at < $2",
        hook,
        before,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What waits for an endpoint, the oldest first.
///
/// # Errors
/// The database fails.
pub async fn of_hook(conn: &mut PgConnection, hook: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from calendar.hook_messages where hook_id = $1 and state = 'waiting' order by created_at, id",
        hook
    )
    .fetch_all(conn)
    .await
}

/// A message of this endpoint waits anew. False: there is none, or it waits already.
///
/// # Errors
/// The database fails.
pub async fn again(conn: &mut PgConnection, hook: Uuid, id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.hook_messages set state = 'waiting', attempts = 0, ended_at = null
         where id = $1 and hook_id = $2 and state <> 'waiting'",
        id,
        hook
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes what ended before then, with its attempts.
///
/// # Errors
/// The database fails.
pub async fn sweep(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from calendar.hook_messages where state <> 'waiting' and ended_at < $1",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// An attempt to deliver a message.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// At which endpoint.
    pub hook: Uuid,
    /// Which message.
    pub message: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What the endpoint answered; none: nothing usable.
    pub status: Option<u16>,
    /// Why it does not count as delivered.
    pub reason: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: i32,
}

/// Writes an attempt down.
///
/// # Errors
/// The database fails.
pub async fn note(conn: &mut PgConnection, attempt: &Attempt) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.hook_attempts (hook_id, message_id, at, status, reason, took_ms) values ($1, $2, $3, $4, $5, $6)",
        attempt.hook,
        attempt.message,
        attempt.at,
        attempt.status.map(i32::from),
        attempt.reason,
        attempt.took_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An attempt as it is shown.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookAttempt {
    /// Which message.
    pub message: Uuid,
    /// Of what it told.
    pub event: String,
    /// About which item.
    pub item: Option<Uuid>,
    /// What became of the message: `waiting`, `delivered` or `given_up`.
    pub state: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What the endpoint answered.
    pub status: Option<i32>,
    /// Why it does not count as delivered.
    pub reason: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: i32,
}

/// The last fifty attempts at an endpoint, the latest first.
///
/// # Errors
/// The database fails.
pub async fn attempts(conn: &mut PgConnection, hook: Uuid) -> Result<Vec<WebhookAttempt>, sqlx::Error> {
    sqlx::query_as!(
        WebhookAttempt,
        "select a.message_id as message, m.event, m.item_id as item, m.state, a.at, a.status, a.reason, a.took_ms
         from calendar.hook_attempts a join calendar.hook_messages m on m.id = a.message_id
         where a.hook_id = $1 order by a.seq desc limit 50",
        hook
    )
    .fetch_all(conn)
    .await
}
