//! Many files given out at once.

use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query, query_as};

/// A file that is given out of an asset.
#[derive(Debug)]
pub struct Given {
    /// What it is called.
    pub name: String,
    /// Where it lies.
    pub sha256: String,
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
        r#"select f.name as "name!", f.sha256 as "sha256!"
           from unnest($1::uuid[]) with ordinality as t (id, place)
           cross join lateral (
               select name, sha256 from assets.files
               where asset_id = t.id and role in ('clean', 'original') and state = 'ready' and superseded_at is null
               order by role limit 1) f
           order by t.place"#,
        &assets
    )
    .fetch_all(conn)
    .await
}

/// Writes down that they were handed over as a zip.
///
/// # Errors
/// The database fails.
pub async fn count(
    conn: &mut PgConnection,
    assets: &[AssetId],
    unit: UnitId,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let assets: Vec<_> = assets.iter().map(|asset| asset.0).collect();
    query!(
        "with taken as (
             insert into assets.downloads (asset_id, unit_id, person_id, what, at)
             select id, $2, $3, 'zip', $4 from unnest($1::uuid[]) as t (id))
         update assets.search set used = true where asset_id = any($1) and not used",
        &assets,
        unit.0,
        person.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
