//! What is made of contents, by what was asked for; and who asked.

use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, query, query_as, query_scalar};
use uuid::Uuid;

/// How far a rendition is.
#[derive(Debug)]
pub struct Found {
    /// `waiting`, `ready` or `failed`.
    pub state: String,
    /// Where it lies, and what it is, once it is ready.
    pub sha256: Option<String>,
    /// See above.
    pub media_type: Option<String>,
    /// The Fluent id of why it failed.
    pub failure: Option<String>,
    /// The values of its sentence.
    pub arguments: Value,
    /// How much of it is made, in hundredths; none: nobody knows.
    pub percent: Option<i16>,
}

/// The rendition of a content, if anybody has ever asked for it.
///
/// # Errors
/// The database fails.
pub async fn find(conn: &mut PgConnection, source: &str, spec: &str) -> Result<Option<Found>, sqlx::Error> {
    query_as!(
        Found,
        "select state, sha256, media_type, failure, arguments, percent from assets.renditions where source = $1 and spec = $2",
        source,
        spec
    )
    .fetch_optional(conn)
    .await
}

/// A rendition that was made.
#[derive(Debug)]
pub struct Made<'a> {
    /// Its row, if there is none yet.
    pub id: Uuid,
    /// Of which content.
    pub source: &'a str,
    /// What was asked for.
    pub spec: &'a str,
    /// Whether it is all of a picture and nothing but it.
    pub plain: bool,
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
    /// How long it plays.
    pub duration_ms: Option<i64>,
}

/// Writes it down; whoever made the same meanwhile has done it already.
///
/// # Errors
/// The database fails.
pub async fn keep(conn: &mut PgConnection, made: &Made<'_>, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.renditions
             (id, source, spec, plain, state, sha256, media_type, bytes, width, height, duration_ms, asked_at, made_at, used_at)
         values ($1, $2, $3, $4, 'ready', $5, $6, $7, $8, $9, $10, $11, $11, $11)
         on conflict (source, spec) do update set
             state = 'ready', failure = null, arguments = '{}', percent = null, sha256 = excluded.sha256,
             media_type = excluded.media_type, bytes = excluded.bytes, width = excluded.width, height = excluded.height,
             duration_ms = excluded.duration_ms, made_at = excluded.made_at",
        made.id,
        made.source,
        made.spec,
        made.plain,
        made.sha256,
        made.media_type,
        made.bytes,
        made.width,
        made.height,
        made.duration_ms,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A rendition that somebody asks for.
#[derive(Debug)]
pub struct Wish<'a> {
    /// Its row, if there is none yet.
    pub id: Uuid,
    /// Of which content.
    pub source: &'a str,
    /// What is asked for.
    pub spec: &'a str,
    /// Whether it is all of a picture and nothing but it.
    pub plain: bool,
}

/// Asks for a rendition: makes its row, or finds the one that is there; one that failed waits again. Gives its id, and
/// whether it waits.
///
/// # Errors
/// The database fails.
pub async fn ask(
    conn: &mut PgConnection,
    wish: &Wish<'_>,
    at: DateTime<Utc>,
) -> Result<(Uuid, bool), sqlx::Error> {
    let row = query!(
        r#"insert into assets.renditions as r (id, source, spec, plain, asked_at, used_at) values ($1, $2, $3, $4, $5, $5)
           on conflict (source, spec) do update set
               used_at = excluded.used_at,
               state = case when r.state = 'failed' then 'waiting' else r.state end,
               tries = case when r.state = 'failed' then 0 else r.tries end,
               begun_at = case when r.state = 'failed' then null else r.begun_at end,
               percent = case when r.state = 'failed' then null else r.percent end,
               failure = null, arguments = '{}'
           returning id, state = 'waiting' as "waits!""#,
        wish.id,
        wish.source,
        wish.spec,
        wish.plain,
        at
    )
    .fetch_one(conn)
    .await?;
    Ok((row.id, row.waits))
}

/// Work that waits.
#[derive(Debug)]
pub struct Waiting {
    /// Of which content.
    pub source: String,
    /// What was asked for.
    pub spec: String,
    /// How often somebody began, this time counted.
    pub tries: i32,
}

/// Begins to make a rendition. None: there is nothing to do.
///
/// # Errors
/// The database fails.
pub async fn begin(
    conn: &mut PgConnection,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<Option<Waiting>, sqlx::Error> {
    query_as!(
        Waiting,
        "update assets.renditions set tries = tries + 1, begun_at = $2, percent = null where id = $1 and state = 'waiting'
         returning source, spec, tries",
        id,
        at
    )
    .fetch_optional(conn)
    .await
}

/// So much of it is made, in hundredths.
///
/// # Errors
/// The database fails.
pub async fn progress(conn: &mut PgConnection, id: Uuid, percent: i16) -> Result<(), sqlx::Error> {
    query!(
        "update assets.renditions set percent = $2 where id = $1 and state = 'waiting'",
        id,
        percent
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It cannot be made, for a reason that whoever asked reads.
///
/// # Errors
/// The database fails.
pub async fn fail(
    conn: &mut PgConnection,
    id: Uuid,
    reason: &str,
    arguments: &Value,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.renditions set state = 'failed', failure = $2, arguments = $3, percent = null where id = $1 and state = 'waiting'",
        id,
        reason,
        arguments
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The assets that have this content among their files: their pages show what is made of it.
///
/// # Errors
/// The database fails.
pub async fn shown_by(conn: &mut PgConnection, source: &str) -> Result<Vec<AssetId>, sqlx::Error> {
    query_scalar!(
        r#"select distinct asset_id as "id: AssetId" from assets.files where sha256 = $1"#,
        source
    )
    .fetch_all(conn)
    .await
}

/// Who asked for a rendition of an asset, and for what.
#[derive(Debug)]
pub struct Asker<'a> {
    /// Of which asset.
    pub asset: AssetId,
    /// For which unit.
    pub unit: UnitId,
    /// Who.
    pub person: PersonId,
    /// A [`crate::model::Purpose`].
    pub purpose: &'a str,
    /// Of captions.
    pub language: Option<&'a str>,
}

/// Writes down who asked.
///
/// # Errors
/// The database fails.
pub async fn note(
    conn: &mut PgConnection,
    rendition: Uuid,
    asker: &Asker<'_>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.asked (asset_id, rendition_id, unit_id, person_id, purpose, language, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (asset_id, rendition_id, unit_id) do update set
             person_id = excluded.person_id, purpose = excluded.purpose, language = excluded.language,
             asked_at = excluded.asked_at",
        asker.asset.0,
        rendition,
        asker.unit.0,
        asker.person.0,
        asker.purpose,
        asker.language,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A rendition as those who asked for it see it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Asked {
    /// Its id.
    pub id: Uuid,
    /// A [`crate::model::Purpose`].
    pub purpose: String,
    /// Of captions.
    pub language: Option<String>,
    /// The unit that asked for it last.
    #[serde(skip)]
    pub unit: UnitId,
    /// Of which content.
    #[serde(skip)]
    pub source: String,
    /// What it shows, as it was asked for.
    #[serde(skip)]
    pub spec: String,
    /// `waiting`, `ready` or `failed`.
    pub state: String,
    /// The Fluent id of why it failed.
    pub failure: Option<String>,
    /// The values of its sentence.
    #[serde(skip)]
    pub arguments: Value,
    /// Where it lies, once it is ready.
    #[serde(skip)]
    pub sha256: Option<String>,
    /// What it is.
    pub media_type: Option<String>,
    /// Its length.
    pub bytes: Option<i64>,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
    /// How long it plays.
    pub duration_ms: Option<i64>,
    /// When it was asked for last.
    pub asked_at: DateTime<Utc>,
    /// Since when it is being made.
    pub begun_at: Option<DateTime<Utc>>,
    /// How much of it is made, in hundredths; none: nobody knows.
    pub percent: Option<i16>,
}

/// What these units have asked for of an asset's present files, the latest first, at most 50; `only` one of them.
///
/// # Errors
/// The database fails.
pub async fn asked(
    conn: &mut PgConnection,
    asset: AssetId,
    units: &[Uuid],
    only: Option<Uuid>,
) -> Result<Vec<Asked>, sqlx::Error> {
    query_as!(
        Asked,
        r#"select r.id, a.purpose as "purpose!", a.language, a.unit_id as "unit!: UnitId", r.source, r.spec, r.state, r.failure, r.arguments, r.sha256, r.media_type,
                  r.bytes, r.width, r.height, r.duration_ms, a.asked_at as "asked_at!", r.begun_at,
                  r.percent
           from (select distinct on (rendition_id) rendition_id, unit_id, purpose, language, asked_at from assets.asked
                 where asset_id = $1 and unit_id = any($2) and ($3::uuid is null or rendition_id = $3)
                 order by rendition_id, asked_at desc) a
           join assets.renditions r on r.id = a.rendition_id
           where exists (select from assets.files f
                         where f.asset_id = $1 and f.sha256 = r.source and f.state = 'ready' and f.superseded_at is null)
           order by a.asked_at desc, r.id limit 50"#,
        asset.0,
        units,
        only
    )
    .fetch_all(conn)
    .await
}
