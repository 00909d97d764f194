//! Rows of uploads.

use std::time::Duration;

use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use super::word;
use crate::intake::{Batch, Purpose};
use crate::uploads::{Content, NewUpload, Upload};

/// The unit to which an asset belongs; none when there is no such asset.
///
/// # Errors
/// The database fails.
pub(crate) async fn unit_of(conn: &mut PgConnection, asset: AssetId) -> Result<Option<UnitId>, sqlx::Error> {
    query_scalar!(
        r#"select unit_id as "unit: UnitId" from assets.assets where id = $1"#,
        asset.0
    )
    .fetch_optional(conn)
    .await
}

/// How many uploads a person has under way.
///
/// # Errors
/// The database fails.
pub(crate) async fn open_count(conn: &mut PgConnection, person: PersonId) -> Result<i64, sqlx::Error> {
    query_scalar!(
        r#"select count(*) as "count!" from assets.uploads where person_id = $1 and state = 'receiving'"#,
        person.0
    )
    .fetch_one(conn)
    .await
}

/// Writes an upload down that has just begun.
///
/// # Errors
/// The database fails.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    upload: &Upload,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let wanted = &upload.wanted;
    let (asset, role, language) = match &wanted.purpose {
        Purpose::New => (None, None, None),
        Purpose::Part {
            asset,
            role,
            language,
        } => (Some(asset.0), Some(role.as_str()), language.as_deref()),
    };
    query!(
        "insert into assets.uploads (id, person_id, unit_id, name, length, metadata, batch_id, batch_name, content,
             asset_id, role, language, state, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        upload.id,
        upload.person.0,
        wanted.unit.0,
        wanted.name,
        wanted.length.map(number),
        wanted.metadata,
        wanted.batch.as_ref().map(|batch| batch.id),
        wanted.batch.as_ref().map_or("", |batch| batch.name.as_str()),
        wanted.content.as_str(),
        asset,
        role,
        language,
        upload.state.as_str(),
        now,
        upload.expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One upload.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none; the database fails.
pub(crate) async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Upload, sqlx::Error> {
    let row = query!(
        r#"select id, person_id as "person: PersonId", unit_id as "unit: UnitId", name, length, received, metadata,
                  batch_id, batch_name, content, asset_id as "asset: AssetId", role, language, state, refusal, arrived,
                  expires_at
           from assets.uploads where id = $1"#,
        id
    )
    .fetch_one(conn)
    .await?;
    let purpose = match (row.asset, row.role) {
        (Some(asset), Some(role)) => Purpose::Part {
            asset,
            role: word("role", &role)?,
            language: row.language,
        },
        _ => Purpose::New,
    };
    Ok(Upload {
        id: row.id,
        person: row.person,
        wanted: NewUpload {
            unit: row.unit,
            name: row.name,
            length: row.length.map(length),
            metadata: row.metadata,
            batch: row.batch_id.map(|id| Batch {
                id,
                name: row.batch_name,
            }),
            content: if row.content == Content::Addresses.as_str() {
                Content::Addresses
            } else {
                Content::File
            },
            purpose,
        },
        state: word("state", &row.state)?,
        refusal: row.refusal,
        arrived: row.arrived,
        received: length(row.received),
        expires_at: row.expires_at,
    })
}

/// Claims an upload for a writer, for so long by the database's clock. False: somebody else has it.
///
/// # Errors
/// The database fails.
pub(crate) async fn claim(
    conn: &mut PgConnection,
    id: Uuid,
    writer: Uuid,
    lasts: Duration,
) -> Result<bool, sqlx::Error> {
    let claimed = query!(
        "update assets.uploads set writer = $2, writer_until = clock_timestamp() + make_interval(secs => $3)
         where id = $1 and state = 'receiving' and (writer is null or writer_until <= clock_timestamp())",
        id,
        writer,
        lasts.as_secs_f64()
    )
    .execute(conn)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Prolongs a claim. False: it was taken away.
///
/// # Errors
/// The database fails.
pub(crate) async fn renew(
    conn: &mut PgConnection,
    id: Uuid,
    writer: Uuid,
    lasts: Duration,
) -> Result<bool, sqlx::Error> {
    let renewed = query!(
        "update assets.uploads set writer_until = clock_timestamp() + make_interval(secs => $3)
         where id = $1 and writer = $2 and writer_until > clock_timestamp()",
        id,
        writer,
        lasts.as_secs_f64()
    )
    .execute(conn)
    .await?;
    Ok(renewed.rows_affected() == 1)
}

/// Takes a claim away, whoever has it.
///
/// # Errors
/// The database fails.
pub(crate) async fn end_claim(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    query!(
        "update assets.uploads set writer = null, writer_until = null where id = $1 and writer is not null",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down how far an upload is, and ends the claim of who says so.
///
/// # Errors
/// The database fails.
pub(crate) async fn note(
    conn: &mut PgConnection,
    id: Uuid,
    writer: Option<Uuid>,
    size: u64,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.uploads
         set received = greatest(received, $2), expires_at = greatest(expires_at, $3),
             writer_until = case when writer = $4 then null else writer_until end,
             writer = case when writer = $4 then null else writer end
         where id = $1 and state = 'receiving'",
        id,
        number(size),
        expires_at,
        writer
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// All has arrived. False: that is known already.
///
/// # Errors
/// The database fails.
pub(crate) async fn complete(conn: &mut PgConnection, id: Uuid, size: u64) -> Result<bool, sqlx::Error> {
    let completed = query!(
        "update assets.uploads set state = 'received', received = $2, length = $2, writer = null, writer_until = null
         where id = $1 and state = 'receiving'",
        id,
        number(size)
    )
    .execute(conn)
    .await?;
    Ok(completed.rows_affected() == 1)
}

/// It has become an asset, or all its entries are dealt with. False: somebody else was faster.
///
/// # Errors
/// The database fails.
pub(crate) async fn done(
    conn: &mut PgConnection,
    id: Uuid,
    arrived: Option<AssetId>,
) -> Result<bool, sqlx::Error> {
    let done = query!(
        "update assets.uploads set state = 'done', arrived = $2 where id = $1 and state in ('received', 'expanding')",
        id,
        arrived.map(|asset| asset.0)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Its entries are being dealt with.
///
/// # Errors
/// The database fails.
pub(crate) async fn expanding(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    query!(
        "update assets.uploads set state = 'expanding' where id = $1 and state = 'received'",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An entry's turn has come. False: it has been dealt with.
///
/// # Errors
/// The database fails.
pub(crate) async fn begin_entry(
    conn: &mut PgConnection,
    upload: Uuid,
    position: i32,
    name: &str,
) -> Result<bool, sqlx::Error> {
    query_scalar!(
        r#"with new as (
               insert into assets.upload_entries (upload_id, position, name) values ($1, $2, $3)
               on conflict do nothing returning state)
           select coalesce(
               (select state from new),
               (select state from assets.upload_entries where upload_id = $1 and position = $2)) = 'waiting' as "mine!""#,
        upload,
        position,
        name
    )
    .fetch_one(conn)
    .await
}

/// Writes down many entries at once, those that are known already not again.
///
/// # Errors
/// The database fails.
pub(crate) async fn add_entries(
    conn: &mut PgConnection,
    upload: Uuid,
    positions: &[i32],
    names: &[String],
    refusals: &[Option<String>],
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.upload_entries (upload_id, position, name, state, refusal)
         select $1, position, name, case when refusal is null then 'waiting' else 'refused' end, refusal
         from unnest($2::integer[], $3::text[], $4::text[]) as entries (position, name, refusal)
         on conflict do nothing",
        upload,
        positions,
        names,
        refusals as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An entry that waits: its name; none when it has been dealt with.
///
/// # Errors
/// The database fails.
pub(crate) async fn waiting_entry(
    conn: &mut PgConnection,
    upload: Uuid,
    position: i32,
) -> Result<Option<String>, sqlx::Error> {
    query_scalar!(
        "select name from assets.upload_entries where upload_id = $1 and position = $2 and state = 'waiting'",
        upload,
        position
    )
    .fetch_optional(conn)
    .await
}

/// The places of the entries that wait.
///
/// # Errors
/// The database fails.
pub(crate) async fn waiting_entries(conn: &mut PgConnection, upload: Uuid) -> Result<Vec<i32>, sqlx::Error> {
    query_scalar!(
        "select position from assets.upload_entries where upload_id = $1 and state = 'waiting' order by position",
        upload
    )
    .fetch_all(conn)
    .await
}

/// An entry has become an asset. False: somebody else was faster.
///
/// # Errors
/// The database fails.
pub(crate) async fn entry_done(
    conn: &mut PgConnection,
    upload: Uuid,
    position: i32,
    arrived: AssetId,
) -> Result<bool, sqlx::Error> {
    let done = query!(
        "update assets.upload_entries set state = 'done', arrived = $3
         where upload_id = $1 and position = $2 and state = 'waiting'",
        upload,
        position,
        arrived.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An entry is not taken; `refusal` is a Fluent id.
///
/// # Errors
/// The database fails.
pub(crate) async fn refuse_entry(
    conn: &mut PgConnection,
    upload: Uuid,
    position: i32,
    refusal: &str,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.upload_entries set state = 'refused', refusal = $3
         where upload_id = $1 and position = $2 and state = 'waiting'",
        upload,
        position,
        refusal
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a list all of whose entries have been dealt with.
///
/// # Errors
/// The database fails.
pub(crate) async fn end_list(conn: &mut PgConnection, upload: Uuid) -> Result<(), sqlx::Error> {
    query!(
        "update assets.uploads set state = 'done'
         where id = $1 and state = 'expanding'
           and not exists (select from assets.upload_entries where upload_id = $1 and state = 'waiting')",
        upload
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It is not taken; `refusal` is a Fluent id.
///
/// # Errors
/// The database fails.
pub(crate) async fn refuse(conn: &mut PgConnection, id: Uuid, refusal: &str) -> Result<(), sqlx::Error> {
    query!(
        "update assets.uploads set state = 'refused', refusal = $2
         where id = $1 and state in ('received', 'expanding')",
        id,
        refusal
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an upload's row.
///
/// # Errors
/// The database fails.
pub(crate) async fn remove(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    query!("delete from assets.uploads where id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes the rows of uploads whose time is over; gives those of which the store may hold something.
///
/// # Errors
/// The database fails.
pub(crate) async fn take_expired(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    query_scalar!(
        "delete from assets.uploads where expires_at <= $1 and state in ('receiving', 'done', 'refused') returning id",
        now
    )
    .fetch_all(conn)
    .await
}

/// An upload, or an entry of one, as its sender is shown it.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The upload.
    pub id: Uuid,
    /// Of an archive's or list's entry: which; none for the upload itself.
    pub position: Option<i32>,
    /// As the sender calls it.
    pub name: String,
    /// `receiving`, `received`, `expanding`, `waiting`, `done`, `refused`.
    pub state: String,
    /// Why it was not taken: a Fluent id.
    pub refusal: Option<String>,
    /// The asset that it became.
    pub arrived: Option<Uuid>,
    /// How many bytes have arrived; none for entries.
    pub received: Option<i64>,
    /// Of how many.
    pub length: Option<i64>,
}

/// What a person has sent lately, or in one batch, newest first, each with its entries.
///
/// # Errors
/// The database fails.
pub(crate) async fn lately(
    conn: &mut PgConnection,
    person: PersonId,
    batch: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"with sent as (
               select * from assets.uploads
               where person_id = $1 and ($2::uuid is null or batch_id = $2) order by id desc limit $3)
           select id as "id!", null::integer as position, name as "name!", state as "state!", refusal, arrived,
                  received, length
           from sent
           union all
           select e.upload_id, e.position, e.name, e.state, e.refusal, e.arrived, null, null
           from assets.upload_entries e join sent s on s.id = e.upload_id
           order by 1 desc, 2 nulls first
           limit $3"#,
        person.0,
        batch,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Lengths fit: nothing longer than 5 GB is taken.
fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn length(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or_default()
}
