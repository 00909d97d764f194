//! All SQL of the publisher. Plain functions over a connection: whoever calls them decides on the transaction.

pub mod accounts;
pub mod deliveries;
pub mod incarnation;
pub mod lists;
pub mod orders;
pub mod permit;
pub mod stops;
pub mod withdrawals;

use sqlx::PgConnection;

use crate::error::Result;

/// The key of the stop gate among the database's advisory locks: "stopgate" in ASCII. Permits take it shared, whoever
/// places a stop takes it exclusively; PostgreSQL queues the two fairly, so a stream of permits can't starve a stop.
const GATE: i64 = 0x7374_6f70_6761_7465;

/// Waits until no stop is being placed, and lets none be placed until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn gate_shared(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock_shared($1)", GATE)
        .execute(conn)
        .await?;
    Ok(())
}

/// Waits until every permit under way is committed, and lets none begin until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn gate_exclusive(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", GATE)
        .execute(conn)
        .await?;
    Ok(())
}
