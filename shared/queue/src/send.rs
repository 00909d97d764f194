use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{OnConflict, Outgoing, Priority, QueueError};

/// Puts a message on the queue, in the caller's transaction: it exists if and when that commits.
///
/// # Errors
/// When the calling service does not produce this kind, or the database fails; the transaction is then void.
pub async fn send(connection: &mut PgConnection, message: &Outgoing) -> Result<(), QueueError> {
    send_all(connection, std::slice::from_ref(message)).await
}

/// Puts many messages on the queue in one statement, in the caller's transaction.
///
/// # Errors
/// As [`send`]; nothing is put on the queue then.
pub async fn send_all(connection: &mut PgConnection, messages: &[Outgoing]) -> Result<(), QueueError> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut payloads = Vec::with_capacity(messages.len());
    for message in messages {
        match &message.payload {
            Ok(payload) => payloads.push(payload.as_str()),
            Err(reason) => {
                return Err(QueueError::Encode {
                    kind: message.kind,
                    reason: reason.clone(),
                });
            }
        }
    }
    let each = messages.iter();
    let kinds: Vec<_> = each.clone().map(|m| m.kind).collect();
    let versions: Vec<_> = each
        .clone()
        .map(|m| i16::try_from(m.version).unwrap_or(i16::MAX))
        .collect();
    let run_at: Vec<_> = each.clone().map(|m| m.run_at).collect();
    let priorities: Vec<i16> = each.clone().map(|m| m.priority.level()).collect();
    let keys: Vec<_> = each.clone().map(|m| m.key.as_deref()).collect();
    let replace: Vec<_> = each
        .clone()
        .map(|m| m.on_conflict == OnConflict::Replace)
        .collect();
    let lanes: Vec<_> = each.clone().map(|m| m.lane.as_deref()).collect();
    let actors: Vec<_> = each.clone().map(|m| m.origin.actor.map(|id| id.0)).collect();
    let units: Vec<_> = each.clone().map(|m| m.origin.unit.map(|id| id.0)).collect();
    let causations: Vec<_> = each.clone().map(|m| m.origin.causation).collect();
    let traces: Vec<_> = each.map(|m| m.origin.trace.as_deref()).collect();
    sqlx::query!(
        "select queue.enqueue($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &kinds as &[&str],
        &versions,
        &payloads as &[&str],
        &run_at as &[Option<DateTime<Utc>>],
        &priorities,
        &keys as &[Option<&str>],
        &replace,
        &lanes as &[Option<&str>],
        &actors as &[Option<uuid::Uuid>],
        &units as &[Option<uuid::Uuid>],
        &causations as &[Option<uuid::Uuid>],
        &traces as &[Option<&str>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the waiting jobs of `kind` under `key`, in the caller's transaction. Says whether there were any; one that
/// runs already goes on.
///
/// # Errors
/// When the calling service neither sends nor receives this kind, or the database fails.
pub async fn cancel(connection: &mut PgConnection, kind: &str, key: &str) -> Result<bool, QueueError> {
    let removed = sqlx::query_scalar!(r#"select queue.cancel($1, $2) as "removed!""#, kind, key)
        .fetch_one(connection)
        .await?;
    Ok(removed > 0)
}

/// Moves the waiting jobs of `kind` under `key` to another time, in the caller's transaction. Says whether there were
/// any.
///
/// # Errors
/// As [`cancel`].
pub async fn reschedule(
    connection: &mut PgConnection,
    kind: &str,
    key: &str,
    run_at: DateTime<Utc>,
) -> Result<bool, QueueError> {
    let moved = sqlx::query_scalar!(
        r#"select queue.reschedule($1, $2, $3) as "moved!""#,
        kind,
        key,
        run_at
    )
    .fetch_one(connection)
    .await?;
    Ok(moved > 0)
}

impl Priority {
    /// As the database writes it.
    pub(crate) const fn level(self) -> i16 {
        match self {
            Self::Urgent => 0,
            Self::Normal => 1,
            Self::Low => 2,
        }
    }
}
