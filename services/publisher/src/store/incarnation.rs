use chancery_contracts::ids::StopId;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;

/// Whether the database is the one that this service has worked with so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incarnation {
    /// Yes.
    Known,
    /// The very first start: there is nothing to compare with, so it is taken as it is.
    First,
    /// No: it was restored, or a standby took over (rule 9).
    Changed,
}

/// Compares, and remembers what it finds. Call it under the exclusive gate.
///
/// # Errors
/// When the database fails.
pub async fn check(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Incarnation> {
    let row = sqlx::query!(
        r#"select server.value as "server!", known.value as "known?"
           from (select publisher.server_incarnation() as value) server
           left join publisher.incarnation known on true"#
    )
    .fetch_one(&mut *conn)
    .await?;
    let found = match row.known {
        None => Incarnation::First,
        Some(known) if known == row.server => return Ok(Incarnation::Known),
        Some(_) => Incarnation::Changed,
    };
    sqlx::query!(
        "insert into publisher.incarnation (value, since) values ($1, $2)
         on conflict (only_row) do update set value = excluded.value, since = excluded.since",
        row.server,
        now
    )
    .execute(conn)
    .await?;
    Ok(found)
}

/// Deliveries that the restored rows may be wrong about and that would go on by themselves, on platforms that a restore
/// of ours does not restore. Our own press room came back with the same database.
///
/// # Errors
/// When the database fails.
pub async fn doubtful(conn: &mut PgConnection) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select d.id from publisher.deliveries d join publisher.accounts a on a.id = d.account_id
         where d.state not in ('published', 'missed', 'rejected', 'cancelled') and a.platform <> 'press_room'
         order by d.id"
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// Those that have ended, as far as the restored rows know: they are looked up should they ever be ordered anew.
///
/// # Errors
/// When the database fails.
pub async fn mark_ended(conn: &mut PgConnection, stop: StopId) -> Result<()> {
    sqlx::query!(
        "update publisher.deliveries d set recheck_stop_id = $1, sequence = sequence + 1
         from publisher.accounts a
         where a.id = d.account_id and a.platform <> 'press_room' and d.state in ('missed', 'rejected', 'cancelled')",
        stop.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether nothing has changed since the last look; without any lock.
///
/// # Errors
/// When the database fails.
pub async fn is_known(conn: &mut PgConnection) -> Result<bool> {
    let known = sqlx::query_scalar!(
        r#"select exists (select from publisher.incarnation where value = publisher.server_incarnation()) as "known!""#
    )
    .fetch_one(conn)
    .await?;
    Ok(known)
}
