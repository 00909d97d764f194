//! Bulk edits, and what takes them back.

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use crate::model::{Before, Patch};

/// Writes one down.
///
/// # Errors
/// The database fails.
pub async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    patch: &Patch,
    inverse: &[Before],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.bulk_edits (id, person_id, what, inverse, assets, at) values ($1, $2, $3, $4, $5, $6)",
        id,
        person.0,
        Json(patch) as _,
        Json(inverse) as _,
        i32::try_from(inverse.len()).unwrap_or(i32::MAX),
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What takes it back; none when it is not this person's, or was taken back already. Marks it as taken back.
///
/// # Errors
/// The database fails.
pub async fn take(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<Option<Vec<Before>>, sqlx::Error> {
    let inverse = query_scalar!(
        r#"update assets.bulk_edits set undone_at = $3 where id = $1 and person_id = $2 and undone_at is null
           returning inverse as "inverse: Json<Vec<Before>>""#,
        id,
        person.0,
        at
    )
    .fetch_optional(conn)
    .await?;
    Ok(inverse.map(|inverse| inverse.0))
}
