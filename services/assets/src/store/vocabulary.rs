//! Lists that the ministry fills for itself.

use serde_json::Value;
use sqlx::{PgConnection, query};

/// The ministry's priorities: code and names, in its order.
///
/// # Errors
/// The database fails.
pub async fn priorities(conn: &mut PgConnection) -> Result<Vec<(String, Value)>, sqlx::Error> {
    let rows = query!("select code, names from assets.priorities order by position, code")
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.names)).collect())
}
