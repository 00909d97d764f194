//! What happened, in the audit trail, and a touch for open pages: in the transaction of the change itself.

use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use serde_json::Value;
use sqlx::{PgConnection, query_scalar};
use uuid::Uuid;

/// Something that happened.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Who; none for the system.
    pub person: Option<PersonId>,
    /// Of which unit.
    pub unit: UnitId,
    /// `asset.published`.
    pub action: &'static str,
    /// `asset`, `collection`, `share`.
    pub kind: &'static str,
    /// Which.
    pub subject: Uuid,
    /// Facts.
    pub detail: Value,
    /// The request in whose log this is found.
    pub request: Option<&'a str>,
}

/// Writes it down.
///
/// # Errors
/// The database fails.
pub async fn record(conn: &mut PgConnection, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    query_scalar!(
        r#"select audit.append($1, $2, $3, $4, $5, $6, $7) as "entry!" from (select identity.touch($4, $5)) as touched"#,
        entry.person.map(|person| person.0),
        entry.unit.0,
        entry.action,
        entry.kind,
        entry.subject,
        entry.detail,
        entry.request
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Tells open pages to look again, though nothing is worth telling.
///
/// # Errors
/// The database fails.
pub async fn touch(conn: &mut PgConnection, asset: AssetId) -> Result<(), sqlx::Error> {
    query_scalar!("select identity.touch('asset', $1) is null as touched", asset.0)
        .fetch_one(conn)
        .await?;
    Ok(())
}
