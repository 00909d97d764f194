//! What was made of contents, by what was asked for.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query};
use uuid::Uuid;

/// The content of a rendition that is there, and what it is.
///
/// # Errors
/// The database fails.
pub async fn ready(
    conn: &mut PgConnection,
    source: &str,
    spec: &str,
) -> Result<Option<(String, String)>, sqlx::Error> {
    let found = query!(
        r#"select sha256 as "sha256!", media_type as "media_type!" from assets.renditions where source = $1 and spec = $2 and state = 'ready'"#,
        source,
        spec
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|found| (found.sha256, found.media_type)))
}

/// A rendition that was made.
#[derive(Debug)]
pub struct Made<'a> {
    /// Its row.
    pub id: Uuid,
    /// Of which content.
    pub source: &'a str,
    /// What was asked for.
    pub spec: &'a str,
    /// Where it lies.
    pub sha256: &'a str,
    /// What it is.
    pub media_type: &'a str,
    /// Its length.
    pub bytes: i64,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
}

/// Writes it down; whoever made the same meanwhile has done it already.
///
/// # Errors
/// The database fails.
pub async fn keep(conn: &mut PgConnection, made: &Made<'_>, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.renditions
             (id, source, spec, state, sha256, media_type, bytes, width, height, asked_at, made_at, used_at)
         values ($1, $2, $3, 'ready', $4, $5, $6, $7, $8, $9, $9, $9)
         on conflict (source, spec) do update set
             state = 'ready', failure = null, sha256 = excluded.sha256, media_type = excluded.media_type,
             bytes = excluded.bytes, width = excluded.width, height = excluded.height, made_at = excluded.made_at",
        made.id,
        made.source,
        made.spec,
        made.sha256,
        made.media_type,
        made.bytes,
        made.width,
        made.height,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
