//! What the asset library publishes, as the calendar needs it, and which items use what of it.

use chancery_contracts::Platform;
use chancery_contracts::ids::{AssetId, ItemId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::AssetRefusal;

/// A picture that a unit may choose.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its cleaned file in the store, lower-case hexadecimal.
    pub sha256: String,
    /// Length of that file.
    pub bytes: i64,
    /// What somebody who cannot see it should know, by language: `{"vi": …}`.
    pub alts: Value,
}

/// The picture of an asset, if it is one that `unit` may use in the house at `now`.
///
/// # Errors
/// The database fails.
pub async fn picture(
    conn: &mut PgConnection,
    asset: AssetId,
    unit: UnitId,
    now: DateTime<Utc>,
) -> Result<Option<Picture>, sqlx::Error> {
    sqlx::query_as!(
        Picture,
        r#"select sha256 as "sha256!", bytes as "bytes!", alts as "alts!" from assets.picture($1, $2, $3)"#,
        asset.0,
        unit.0,
        now
    )
    .fetch_optional(conn)
    .await
}

/// Which of `assets` may not be used by `unit` on which of `platforms` at `at`, and why.
///
/// # Errors
/// The database fails.
pub async fn refusals(
    conn: &mut PgConnection,
    unit: UnitId,
    assets: &[AssetId],
    platforms: &[Platform],
    at: DateTime<Utc>,
) -> Result<Vec<AssetRefusal>, sqlx::Error> {
    if assets.is_empty() || platforms.is_empty() {
        return Ok(Vec::new());
    }
    let assets: Vec<_> = assets.iter().map(|asset| asset.0).collect();
    let platforms: Vec<_> = platforms
        .iter()
        .map(|platform| platform.as_str().to_owned())
        .collect();
    let rows = sqlx::query!(
        r#"select asset as "asset!", platform as "platform!", why as "why!"
           from unnest($1::uuid[]) asset
           cross join unnest($2::text[]) platform
           cross join lateral assets.may_use(asset, $3, platform, $4) asked (why)
           where why is not null"#,
        &assets,
        &platforms,
        unit.0,
        at
    )
    .fetch_all(conn)
    .await?;
    let refusal = |row: &(_, String, String)| {
        Ok(AssetRefusal {
            asset: AssetId(row.0),
            platform: word("platform", &row.1)?,
            why: row.2.clone(),
        })
    };
    rows.into_iter()
        .map(|row| refusal(&(row.asset, row.platform, row.why)))
        .collect()
}

/// Every item that uses an asset and is submitted, on its way or out: those whom a change of its rights concerns.
///
/// # Errors
/// The database fails.
pub async fn items_beyond_drafts(
    conn: &mut PgConnection,
    asset: AssetId,
) -> Result<Vec<ItemId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct i.id as "id: ItemId"
           from calendar.images p join calendar.items i on i.id = p.item_id
           where p.asset_id = $1
             and i.state in ('submitted', 'ready', 'approved', 'scheduled', 'publishing', 'published', 'partly', 'needs_person')
           order by i.id"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}

/// Every item that uses an asset, drafts too, except those that came to nothing.
///
/// # Errors
/// The database fails.
pub async fn items_with(conn: &mut PgConnection, asset: AssetId) -> Result<Vec<ItemId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct i.id as "id: ItemId"
           from calendar.images p join calendar.items i on i.id = p.item_id
           where p.asset_id = $1 and i.state not in ('failed', 'cancelled', 'withdrawn')
           order by i.id"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}

/// Counts one more report to the library about an item; gives its number.
///
/// # Errors
/// The database fails.
pub async fn count_report(conn: &mut PgConnection, item: ItemId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "update calendar.items set library_reports = library_reports + 1 where id = $1 returning library_reports",
        item.0
    )
    .fetch_one(conn)
    .await
}

/// Whether the timeline says already what this message says of another file.
///
/// # Errors
/// The database fails.
pub async fn is_told_of_file(
    conn: &mut PgConnection,
    item: ItemId,
    cause: Option<Uuid>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from calendar.timeline
               where item_id = $1 and action = 'asset_replaced' and detail ->> 'cause' = $2::text) as "told!""#,
        item.0,
        cause.map(|cause| cause.to_string())
    )
    .fetch_one(conn)
    .await
}

/// Whether the timeline says already that `asset` must be taken down with this version.
///
/// # Errors
/// The database fails.
pub async fn is_told(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    action: &str,
    asset: AssetId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from calendar.timeline
               where item_id = $1 and version = $2 and action = $3 and detail ->> 'asset' = $4::text) as "told!""#,
        item.0,
        version,
        action,
        asset.to_string()
    )
    .fetch_one(conn)
    .await
}
