//! Who took what, and where things are used.

use chancery_contracts::calendar::{AssetsChosen, UseStage};
use chancery_contracts::ids::{AssetId, ItemId, PersonId, ShareId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, query, query_as, query_scalar};

/// A file that was handed over.
#[derive(Debug)]
pub struct Download<'a> {
    /// Of which asset.
    pub asset: AssetId,
    /// For which unit.
    pub unit: Option<UnitId>,
    /// By whom; none by a link.
    pub person: Option<PersonId>,
    /// By which link.
    pub share: Option<ShareId>,
    /// The file's role, or `zip`.
    pub what: &'a str,
}

/// Writes it down.
///
/// # Errors
/// The database fails.
pub async fn count(
    conn: &mut PgConnection,
    download: &Download<'_>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.downloads (asset_id, unit_id, person_id, share_id, what, at) values ($1, $2, $3, $4, $5, $6)",
        download.asset.0,
        download.unit.map(|unit| unit.0),
        download.person.map(|person| person.0),
        download.share.map(|share| share.0),
        download.what,
        at
    )
    .execute(&mut *conn)
    .await?;
    mark_used(conn, &[download.asset.0]).await
}

async fn mark_used(conn: &mut PgConnection, assets: &[uuid::Uuid]) -> Result<(), sqlx::Error> {
    query!(
        "update assets.search set used = true where asset_id = any($1) and not used",
        assets
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down what an item uses, unless a later report is known. Assets that are not there are passed over.
///
/// # Errors
/// The database fails.
pub async fn report(
    conn: &mut PgConnection,
    report: &AssetsChosen,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let stage = match report.stage {
        UseStage::Chosen => "chosen",
        UseStage::Scheduled => "scheduled",
        UseStage::Live => "live",
        UseStage::Ended => "ended",
    };
    let news = query!(
        "insert into assets.reports as r (item_id, sequence, title, unit_id, stage, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (item_id) do update set
             sequence = excluded.sequence, title = excluded.title, unit_id = excluded.unit_id, stage = excluded.stage,
             at = excluded.at
         where r.sequence < excluded.sequence",
        report.item.0,
        report.sequence,
        report.title,
        report.unit.0,
        stage,
        at
    )
    .execute(&mut *conn)
    .await?;
    if news.rows_affected() == 0 {
        return Ok(());
    }
    let assets: Vec<_> = report.assets.iter().map(|asset| asset.0).collect();
    query!(
        "delete from assets.uses where item_id = $1 and not (asset_id = any($2))",
        report.item.0,
        &assets
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "insert into assets.uses (asset_id, item_id) select id, $1 from assets.assets where id = any($2)
         on conflict do nothing",
        report.item.0,
        &assets
    )
    .execute(&mut *conn)
    .await?;
    mark_used(conn, &assets).await
}

/// An item that uses an asset.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Use {
    /// Which.
    pub item: ItemId,
    /// A name for people.
    pub title: String,
    /// Of which unit.
    pub unit: Value,
    /// `chosen`, `scheduled`, `live` or `ended`.
    pub stage: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Where an asset is used, the latest first.
///
/// # Errors
/// The database fails.
pub async fn uses(conn: &mut PgConnection, asset: AssetId) -> Result<Vec<Use>, sqlx::Error> {
    query_as!(
        Use,
        r#"select r.item_id as "item: ItemId", r.title, u.names as "unit!", r.stage, r.at
           from assets.uses join assets.reports r using (item_id)
           join identity.published_units u on u.id = r.unit_id
           where asset_id = $1 order by r.at desc limit 100"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}

/// The units that have taken an asset for themselves, or have it in a collection.
///
/// # Errors
/// The database fails.
pub async fn units_that_have(conn: &mut PgConnection, asset: AssetId) -> Result<Vec<UnitId>, sqlx::Error> {
    query_scalar!(
        r#"select unit_id as "unit!: UnitId" from assets.downloads where asset_id = $1 and unit_id is not null
           union
           select c.unit_id from assets.collection_items i join assets.collections c on c.id = i.collection_id
           where i.asset_id = $1
           order by 1"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}

/// How often each unit took an asset; none: by links, and whoever looks after it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Taken {
    /// Which unit.
    pub unit: Option<Value>,
    /// How often.
    pub count: i64,
    /// Last.
    pub last: DateTime<Utc>,
}

/// By which units an asset was downloaded.
///
/// # Errors
/// The database fails.
pub async fn taken(conn: &mut PgConnection, asset: AssetId) -> Result<Vec<Taken>, sqlx::Error> {
    query_as!(
        Taken,
        r#"select u.names as "unit?", count(*) as "count!", max(d.at) as "last!"
           from assets.downloads d left join identity.published_units u on u.id = d.unit_id
           where d.asset_id = $1 group by u.id, u.names order by 2 desc limit 100"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}
