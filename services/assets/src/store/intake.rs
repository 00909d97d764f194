//! Rows of files that have just arrived.

use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chancery_storage::ContentHash;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query};
use uuid::Uuid;

use crate::intake::{Batch, Received};
use crate::model::{FileRole, clean_name};

/// A file about to be written down.
#[derive(Debug)]
pub(crate) struct NewFile<'a> {
    pub id: Uuid,
    pub asset: AssetId,
    pub role: FileRole,
    pub language: Option<&'a str>,
    pub name: &'a str,
}

/// Makes a batch known, unless it is.
///
/// # Errors
/// The database fails.
pub(crate) async fn keep_batch(
    conn: &mut PgConnection,
    batch: &Batch,
    unit: UnitId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.batches (id, unit_id, person_id, name, created_at) values ($1, $2, $3, $4, $5)
         on conflict (id) do nothing",
        batch.id,
        unit.0,
        person.0,
        clean_name(&batch.name),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The asset that these bytes have become already in this batch of this person. Whoever asks second waits for the first.
///
/// # Errors
/// The database fails.
pub(crate) async fn twin_in_batch(
    conn: &mut PgConnection,
    batch: Uuid,
    person: PersonId,
    sha256: &ContentHash,
) -> Result<Option<(AssetId, Uuid)>, sqlx::Error> {
    let sha256 = sha256.to_string();
    query!(
        "select pg_advisory_xact_lock(hashtextextended($1 || $2, 0))",
        batch.to_string(),
        sha256
    )
    .execute(&mut *conn)
    .await?;
    let twin = query!(
        r#"select a.id as "asset: AssetId", f.id as file
           from assets.files f join assets.assets a on a.id = f.asset_id
           where f.sha256 = $1 and f.role = 'original' and a.batch_id = $2 and a.created_by = $3
           limit 1"#,
        sha256,
        batch,
        person.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(twin.map(|twin| (twin.asset, twin.file)))
}

/// Writes an empty draft.
///
/// # Errors
/// The database fails.
pub(crate) async fn insert_asset(
    conn: &mut PgConnection,
    asset: AssetId,
    received: &Received,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.assets
             (id, unit_id, batch_id, file_name, created_by, created_at, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $5, $6)",
        asset.0,
        received.unit.0,
        received.batch.as_ref().map(|batch| batch.id),
        name,
        received.person.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a file down, as the next version of its role and language. It takes its place when it has been looked into.
///
/// # Errors
/// The database fails; [`sqlx::Error::RowNotFound`] when there is no such asset.
pub(crate) async fn insert_file(
    conn: &mut PgConnection,
    file: &NewFile<'_>,
    received: &Received,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    // The asset's row is the lock: two versions that arrive at once take turns.
    query!(
        "select id from assets.assets where id = $1 for update",
        file.asset.0
    )
    .fetch_one(&mut *conn)
    .await?;
    query!(
        "insert into assets.files (id, asset_id, role, language, version, sha256, bytes, name, added_by, added_at)
         select $1, $2, $3, $4, coalesce(max(f.version), 0) + 1, $5, $6, $7, $8, $9
         from assets.files f where f.asset_id = $2 and f.role = $3 and f.language is not distinct from $4",
        file.id,
        file.asset.0,
        file.role.as_str(),
        file.language,
        received.sha256.to_string(),
        i64::try_from(received.bytes).unwrap_or(i64::MAX),
        file.name,
        received.person.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
