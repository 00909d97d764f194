//! Pictures of the library that may be put in a corner of others.

use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query, query_as, query_scalar};

/// A logo to choose.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Logo {
    /// The asset that is the logo.
    pub asset: AssetId,
    /// Its name: of its texts, or of its file.
    pub name: String,
    /// Its content.
    #[serde(skip)]
    pub sha256: String,
}

/// The logos that a unit may use at an instant: those of itself and of the units above it, as the rule allows them.
///
/// # Errors
/// The database fails.
pub async fn offered(
    conn: &mut PgConnection,
    unit: UnitId,
    language: &str,
    at: DateTime<Utc>,
) -> Result<Vec<Logo>, sqlx::Error> {
    query_as!(
        Logo,
        r#"select a.id as "asset: AssetId", f.sha256,
                  coalesce((select nullif(t.title, '') from assets.texts t where t.asset_id = a.id
                            order by t.language = $2 desc, t.language limit 1), a.file_name) as "name!"
           from assets.logos l
           join assets.assets a on a.id = l.asset_id
           join identity.published_units u on u.id = $1 and a.unit_id = any(u.path)
           join assets.files f on f.asset_id = a.id and f.role = 'clean' and f.state = 'ready' and f.superseded_at is null
           where assets.may_use(a.id, $1, null, $3) is null
           order by 3, 1 limit 100"#,
        unit.0,
        language,
        at
    )
    .fetch_all(conn)
    .await
}

/// Whether an asset is offered as a logo.
///
/// # Errors
/// The database fails.
pub async fn is_offered(conn: &mut PgConnection, asset: AssetId) -> Result<bool, sqlx::Error> {
    query_scalar!(
        r#"select exists (select from assets.logos where asset_id = $1) as "offered!""#,
        asset.0
    )
    .fetch_one(conn)
    .await
}

/// Offers an asset as a logo, or no longer.
///
/// # Errors
/// The database fails.
pub async fn offer(
    conn: &mut PgConnection,
    asset: AssetId,
    offered: bool,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if offered {
        query!(
            "insert into assets.logos (asset_id, person_id, at) values ($1, $2, $3) on conflict do nothing",
            asset.0,
            by.0,
            at
        )
        .execute(conn)
        .await?;
    } else {
        query!("delete from assets.logos where asset_id = $1", asset.0)
            .execute(conn)
            .await?;
    }
    Ok(())
}
