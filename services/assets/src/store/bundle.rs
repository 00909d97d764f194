//! Many files given out at once.

use chancery_contracts::ids::{AssetId, PersonId, ShareId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query, query_as};

/// A file that is given out of an asset, and what must be said beside it.
#[derive(Debug)]
pub struct Given {
    /// Of which asset.
    pub asset: AssetId,
    /// What it is called.
    pub name: String,
    /// Where it lies.
    pub sha256: String,
    /// How long it is.
    pub bytes: i64,
    /// The line that must stand beside it.
    pub credit: String,
    /// By which right it is used: a [`crate::model::Licence`].
    pub licence: String,
    /// What that says beyond its name.
    pub licence_note: String,
    /// When the right to use it ends.
    pub ends_at: Option<DateTime<Utc>>,
}

/// What is given out of these assets, in their order: of each the clean copy, or the original where there is nothing to
/// clean. Those of which nothing can be given are left out.
///
/// # Errors
/// The database fails.
pub async fn files(conn: &mut PgConnection, assets: &[AssetId]) -> Result<Vec<Given>, sqlx::Error> {
    let assets: Vec<_> = assets.iter().map(|asset| asset.0).collect();
    query_as!(
        Given,
        r#"select a.id as "asset: AssetId", f.name, f.sha256, f.bytes, a.credit, a.licence, a.licence_note, a.ends_at
           from unnest($1::uuid[]) with ordinality as t (id, place)
           join assets.assets a on a.id = t.id
           cross join lateral (
               select name, sha256, bytes from assets.files
               where asset_id = t.id and role in ('clean', 'original') and state = 'ready' and superseded_at is null
               order by role limit 1) f
           order by t.place"#,
        &assets
    )
    .fetch_all(conn)
    .await
}

/// To whom many files are handed over.
#[derive(Debug, Clone, Copy)]
pub struct Taker {
    /// For which unit.
    pub unit: UnitId,
    /// The person; none: somebody outside…
    pub person: Option<PersonId>,
    /// … by this link.
    pub share: Option<ShareId>,
}

/// Writes down that they were handed over as a zip.
///
/// # Errors
/// The database fails.
pub async fn count(
    conn: &mut PgConnection,
    assets: &[AssetId],
    taker: Taker,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let assets: Vec<_> = assets.iter().map(|asset| asset.0).collect();
    query!(
        "with taken as (
             insert into assets.downloads (asset_id, unit_id, person_id, share_id, what, at)
             select id, $2, $3, $4, 'zip', $5 from unnest($1::uuid[]) as t (id))
         update assets.search set used = true where asset_id = any($1) and not used",
        &assets,
        taker.unit.0,
        taker.person.map(|person| person.0),
        taker.share.map(|share| share.0),
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
