//! When embargoes end.

use chancery_contracts::ids::AssetId;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query_as};
use uuid::Uuid;

/// An asset that may be shown from an instant on.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Which.
    pub id: AssetId,
    /// Its name in the reader's language, or another; else the file's.
    pub title: String,
    /// From when on.
    pub at: DateTime<Utc>,
}

/// Embargoes of these units' assets that end from `from` until before `until`, the first first, at most 200.
///
/// # Errors
/// The database fails.
pub async fn between(
    conn: &mut PgConnection,
    keeps: &[Uuid],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    language: &str,
) -> Result<Vec<Ending>, sqlx::Error> {
    query_as!(
        Ending,
        r#"select a.id as "id: AssetId", a.embargo_at as "at!",
                  coalesce((select t.title from assets.texts t where t.asset_id = a.id and t.title <> ''
                            order by t.language <> $4, t.language limit 1), a.file_name) as "title!"
           from assets.assets a
           where a.embargo_at >= $2 and a.embargo_at < $3 and a.unit_id = any($1) and a.state <> 'withdrawn'
           order by a.embargo_at, a.id limit 200"#,
        keeps,
        from,
        until,
        language
    )
    .fetch_all(conn)
    .await
}
