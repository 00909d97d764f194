//! Files of assets.

use chancery_contracts::ids::{AssetId, PersonId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, query, query_as, query_scalar};
use uuid::Uuid;

/// A file.
#[derive(Debug, Clone, serde::Serialize)]
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// Of which asset.
    pub asset: AssetId,
    /// A [`crate::model::FileRole`].
    pub role: String,
    /// Of captions and subtitled versions.
    pub language: Option<String>,
    /// Counts what was put in in this role.
    pub version: i32,
    /// Its content.
    pub sha256: String,
    /// Its length.
    pub bytes: i64,
    /// As it was called.
    pub name: String,
    /// What it is, once somebody has looked.
    pub media_type: Option<String>,
    /// `waiting`, `ready` or `refused`.
    pub state: String,
    /// The Fluent id of why it was refused.
    pub refusal: Option<String>,
    /// In pixels, upright.
    pub width: Option<i32>,
    /// In pixels, upright.
    pub height: Option<i32>,
    /// How long it lasts.
    pub duration_ms: Option<i64>,
    /// How many pages it has.
    pub pages: Option<i32>,
    /// What was found inside; of a refused one the values of its sentence.
    #[serde(skip)]
    pub facts: Value,
    /// Since when another stands in its place.
    pub superseded_at: Option<DateTime<Utc>>,
    /// Who put it in.
    pub added_by: PersonId,
    /// When.
    pub added_at: DateTime<Utc>,
    /// Since when it is taken away.
    pub removed_at: Option<DateTime<Utc>>,
    /// Who took it away.
    pub removed_by: Option<PersonId>,
    /// Why.
    pub removed_why: Option<String>,
}

impl File {
    /// Whether it is the one of its role and language that is in use.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.state == "ready" && self.superseded_at.is_none()
    }

    /// Whether whoever may use the asset may have it too.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.role.as_str(), "clean" | "subtitled" | "captions" | "source")
    }
}

/// One file.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<File, sqlx::Error> {
    query_as!(
        File,
        r#"select id, asset_id as "asset: AssetId", role, language, version, sha256, bytes, name, media_type, state,
                  refusal, width, height, duration_ms, pages, facts, superseded_at, added_by as "added_by: PersonId", added_at,
                  removed_at, removed_by as "removed_by: PersonId", removed_why
           from assets.files where id = $1"#,
        id
    )
    .fetch_one(conn)
    .await
}

/// All files of an asset: by role and language, the newest version first.
///
/// # Errors
/// The database fails.
pub async fn of_asset(conn: &mut PgConnection, asset: AssetId) -> Result<Vec<File>, sqlx::Error> {
    query_as!(
        File,
        r#"select id, asset_id as "asset: AssetId", role, language, version, sha256, bytes, name, media_type, state,
                  refusal, width, height, duration_ms, pages, facts, superseded_at, added_by as "added_by: PersonId", added_at,
                  removed_at, removed_by as "removed_by: PersonId", removed_why
           from assets.files where asset_id = $1 order by role, language nulls first, version desc"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}

/// Whether a consent or release is attached.
///
/// # Errors
/// The database fails.
pub async fn has_consent(conn: &mut PgConnection, asset: AssetId) -> Result<bool, sqlx::Error> {
    query_scalar!(
        r#"select exists (
               select from assets.files where asset_id = $1 and role = 'consent' and state = 'ready'
                 and superseded_at is null) as "has!""#,
        asset.0
    )
    .fetch_one(conn)
    .await
}

/// What is given out of an asset: the clean copy, or the original where there is nothing to clean.
///
/// # Errors
/// The database fails.
pub async fn to_give(conn: &mut PgConnection, asset: AssetId) -> Result<Option<File>, sqlx::Error> {
    query_as!(
        File,
        r#"select id, asset_id as "asset: AssetId", role, language, version, sha256, bytes, name, media_type, state,
                  refusal, width, height, duration_ms, pages, facts, superseded_at, added_by as "added_by: PersonId", added_at,
                  removed_at, removed_by as "removed_by: PersonId", removed_why
           from assets.files
           where asset_id = $1 and role in ('clean', 'original') and state = 'ready' and superseded_at is null
           order by role limit 1"#,
        asset.0
    )
    .fetch_optional(conn)
    .await
}

/// The current original. It never leaves itself.
///
/// # Errors
/// The database fails.
pub async fn original(conn: &mut PgConnection, asset: AssetId) -> Result<Option<File>, sqlx::Error> {
    let all = of_asset(conn, asset).await?;
    Ok(all
        .into_iter()
        .find(|file| file.role == "original" && file.is_current()))
}

/// What was found inside a file.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What it is.
    pub media_type: String,
    /// In pixels, upright.
    pub width: Option<i32>,
    /// In pixels, upright.
    pub height: Option<i32>,
    /// How long it lasts.
    pub duration_ms: Option<i64>,
    /// How many pages it has.
    pub pages: Option<i32>,
    /// How it looks, as 64 bits.
    pub look: Option<i64>,
    /// Everything else.
    pub facts: Value,
}

/// A file takes its place: the one before in its role and language becomes an older version. Gives whether there was
/// one before.
///
/// # Errors
/// The database fails.
pub async fn settle(
    conn: &mut PgConnection,
    file: &File,
    found: &Found,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let before = query!(
        "update assets.files set superseded_at = $4
         where asset_id = $1 and role = $2 and language is not distinct from $3 and state = 'ready'
           and superseded_at is null",
        file.asset.0,
        file.role,
        file.language,
        at
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "update assets.files set
             state = 'ready', media_type = $2, width = $3, height = $4, duration_ms = $5, pages = $6, look = $7, facts = $8
         where id = $1",
        file.id,
        found.media_type,
        found.width,
        found.height,
        found.duration_ms,
        found.pages,
        found.look,
        found.facts
    )
    .execute(conn)
    .await?;
    Ok(before.rows_affected() > 0)
}

/// A file is not taken; the one before stays.
///
/// # Errors
/// The database fails.
pub async fn refuse(
    conn: &mut PgConnection,
    id: Uuid,
    reason: &str,
    arguments: &Value,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.files set state = 'refused', refusal = $2, facts = jsonb_build_object('arguments', $3::jsonb)
         where id = $1 and state = 'waiting'",
        id,
        reason,
        arguments
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A file is taken away; one that stood in its place stands there no longer.
///
/// # Errors
/// The database fails.
pub async fn remove(
    conn: &mut PgConnection,
    id: Uuid,
    by: PersonId,
    why: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.files set removed_at = $4, removed_by = $2, removed_why = $3, superseded_at = coalesce(superseded_at, $4)
         where id = $1 and removed_at is null",
        id,
        by.0,
        why,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A file that was taken away stands where it stood.
///
/// # Errors
/// The database fails.
pub async fn bring_back(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    query!(
        "update assets.files set superseded_at = nullif(superseded_at, removed_at),
             removed_at = null, removed_by = null, removed_why = null
         where id = $1",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The clean copy made of an original takes the place of the one before.
#[derive(Debug)]
pub struct Clean<'a> {
    /// The new row's id.
    pub id: Uuid,
    /// Made of which original.
    pub original: &'a File,
    /// Where it lies.
    pub sha256: String,
    /// Its length.
    pub bytes: i64,
    /// What it is.
    pub media_type: &'a str,
}

/// Writes it down.
///
/// # Errors
/// The database fails.
pub async fn keep_clean(
    conn: &mut PgConnection,
    clean: &Clean<'_>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.files set superseded_at = $2 where asset_id = $1 and role = 'clean' and superseded_at is null",
        clean.original.asset.0,
        at
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "insert into assets.files (id, asset_id, role, version, sha256, bytes, name, media_type, state, width, height,
                                   duration_ms, pages, look, made_from, added_by, added_at)
         select $1, o.asset_id, 'clean',
                coalesce((select max(version) from assets.files where asset_id = o.asset_id and role = 'clean'), 0) + 1,
                $3, $4, o.name, $5, 'ready', o.width, o.height, o.duration_ms, o.pages, o.look, o.id, o.added_by, $6
         from assets.files o where o.id = $2",
        clean.id,
        clean.original.id,
        clean.sha256,
        clean.bytes,
        clean.media_type,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An asset that looks like another.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Twin {
    /// Which.
    pub asset: AssetId,
    /// As it was called.
    pub name: String,
    /// Whether every byte is the same.
    pub same_bytes: bool,
    /// In how many of 64 bits their looks differ.
    pub distance: i32,
}

/// Other assets whose original has the same bytes, or looks alike: at most six of 64 bits differ.
///
/// # Errors
/// The database fails.
pub async fn twins(conn: &mut PgConnection, asset: AssetId) -> Result<Vec<Twin>, sqlx::Error> {
    query_as!(
        Twin,
        r#"with own as (
               select sha256, look from assets.files
               where asset_id = $1 and role = 'original' and superseded_at is null and state <> 'refused'
               order by version desc limit 1),
           near as (
               select f.asset_id, f.sha256, f.look, f.name from own join assets.files f on f.sha256 = own.sha256
               union select f.asset_id, f.sha256, f.look, f.name from own join assets.files f
                   on (f.look & 65535) = (own.look & 65535) and f.look is not null
               union select f.asset_id, f.sha256, f.look, f.name from own join assets.files f
                   on ((f.look >> 16) & 65535) = ((own.look >> 16) & 65535) and f.look is not null
               union select f.asset_id, f.sha256, f.look, f.name from own join assets.files f
                   on ((f.look >> 32) & 65535) = ((own.look >> 32) & 65535) and f.look is not null
               union select f.asset_id, f.sha256, f.look, f.name from own join assets.files f
                   on ((f.look >> 48) & 65535) = ((own.look >> 48) & 65535) and f.look is not null)
           select near.asset_id as "asset!: AssetId", min(near.name) as "name!",
                  bool_or(near.sha256 = own.sha256) as "same_bytes!",
                  min(case when near.sha256 = own.sha256 then 0
                           else bit_count((near.look # own.look)::bit(64)) end)::int as "distance!"
           from near cross join own
           where near.asset_id <> $1
             and (near.sha256 = own.sha256 or bit_count((near.look # own.look)::bit(64)) <= 6)
           group by near.asset_id order by 4, 1 limit 12"#,
        asset.0
    )
    .fetch_all(conn)
    .await
}

/// What kind of thing the asset turned out to be.
///
/// # Errors
/// The database fails.
pub async fn set_kind(conn: &mut PgConnection, asset: AssetId, kind: &str) -> Result<(), sqlx::Error> {
    query!("update assets.assets set kind = $2 where id = $1", asset.0, kind)
        .execute(conn)
        .await?;
    Ok(())
}

/// The clean copy of a former original is none of the present one.
///
/// # Errors
/// The database fails.
pub async fn drop_clean(
    conn: &mut PgConnection,
    asset: AssetId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.files set superseded_at = $2 where asset_id = $1 and role = 'clean' and superseded_at is null",
        asset.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
