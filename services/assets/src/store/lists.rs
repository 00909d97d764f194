//! Lists of assets for stewards: what waits, what ends, what a bulk edit changed.

use chancery_contracts::ids::{AssetId, PersonId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, query, query_as, query_scalar};
use uuid::Uuid;

use crate::model::Before;

/// An asset in a list of a steward's.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Row {
    /// Which.
    pub id: AssetId,
    /// With what it came.
    pub batch: Option<Uuid>,
    /// The name of that.
    pub batch_name: Option<String>,
    /// Whose it is.
    pub unit: Value,
    /// A [`crate::model::Kind`].
    pub kind: String,
    /// A [`crate::model::State`].
    pub state: String,
    /// As it was called.
    pub file_name: String,
    /// Its name in the reader's language, if there is one.
    pub title: Option<String>,
    /// The language of that.
    pub language: Option<String>,
    /// Its licence.
    pub licence: String,
    /// The line beside it.
    pub credit: String,
    /// When the right to use it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// How many items use it that wait or are out.
    pub uses: i64,
}

/// Rows of the same batch.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Group {
    /// The batch's name; none: came alone.
    pub name: Option<String>,
    /// Whose.
    pub unit: Value,
    /// Its assets.
    pub rows: Vec<Row>,
}

/// What waits for review at these units, oldest first, by batch; at most 500.
///
/// # Errors
/// The database fails.
pub async fn waiting(
    conn: &mut PgConnection,
    units: &[Uuid],
    language: &str,
) -> Result<Vec<Group>, sqlx::Error> {
    let ids = query_scalar!(
        r#"select id as "id: AssetId" from assets.assets
           where state = 'in_review' and unit_id = any($1) order by submitted_at, batch_id, id limit 500"#,
        units
    )
    .fetch_all(&mut *conn)
    .await?;
    let rows = cards(conn, &ids, language).await?;
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group)
                if group
                    .rows
                    .last()
                    .is_some_and(|last| last.batch == row.batch && last.unit == row.unit) =>
            {
                group.rows.push(row);
            }
            _ => groups.push(Group {
                // What programs put in without a name is kept under a dash.
                name: row.batch_name.clone().filter(|name| name != "-"),
                unit: row.unit.clone(),
                rows: vec![row],
            }),
        }
    }
    Ok(groups)
}

/// How many wait for review at these units.
///
/// # Errors
/// The database fails.
pub async fn count_waiting(conn: &mut PgConnection, units: &[Uuid]) -> Result<i64, sqlx::Error> {
    query_scalar!(
        r#"select count(*) as "count!" from assets.assets where state = 'in_review' and unit_id = any($1)"#,
        units
    )
    .fetch_one(conn)
    .await
}

/// These assets as rows, in the order given.
///
/// # Errors
/// The database fails.
pub async fn cards(
    conn: &mut PgConnection,
    ids: &[AssetId],
    language: &str,
) -> Result<Vec<Row>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    query_as!(
        Row,
        r#"select a.id as "id: AssetId", a.batch_id as batch, b.name as "batch_name?", u.names as "unit!", a.kind, a.state,
                  a.file_name, t.title as "title?", t.language as "language?", a.licence, a.credit, a.ends_at,
                  (select count(*) from assets.uses join assets.reports r using (item_id)
                   where uses.asset_id = a.id and r.stage in ('chosen', 'scheduled', 'live')) as "uses!"
           from unnest($1::uuid[]) with ordinality as wanted (id, place)
           join assets.assets a on a.id = wanted.id
           join identity.published_units u on u.id = a.unit_id
           left join assets.batches b on b.id = a.batch_id
           left join lateral (
               select title, language from assets.texts where asset_id = a.id and title <> ''
               order by language = $2 desc, language = 'en' desc, language = 'vi' desc, language limit 1) t on true
           order by wanted.place"#,
        &ids,
        language
    )
    .fetch_all(conn)
    .await
}

/// Published assets of these units whose rights end before `until`, or have ended and are still used; soonest first.
///
/// # Errors
/// The database fails.
pub async fn ending(
    conn: &mut PgConnection,
    units: &[Uuid],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    language: &str,
) -> Result<Vec<Row>, sqlx::Error> {
    let ids = query_scalar!(
        r#"select a.id as "id: AssetId" from assets.assets a
           where a.state = 'published' and a.ends_at <= $3 and a.unit_id = any($1)
             and (a.ends_at > $2 or exists (
                 select from assets.uses join assets.reports r using (item_id)
                 where uses.asset_id = a.id and r.stage in ('chosen', 'scheduled', 'live')))
           order by a.ends_at, a.id limit 500"#,
        units,
        now,
        until
    )
    .fetch_all(&mut *conn)
    .await?;
    cards(conn, &ids, language).await
}

/// A bulk edit of somebody's.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// What it changed.
    pub ids: Vec<AssetId>,
    /// Whether it was taken back.
    pub undone: bool,
}

/// One of this person's bulk edits.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when it is none of theirs.
pub async fn bulk(conn: &mut PgConnection, id: Uuid, person: PersonId) -> Result<Bulk, sqlx::Error> {
    let row = query!(
        r#"select inverse as "inverse: Json<Vec<Before>>", undone_at from assets.bulk_edits
           where id = $1 and person_id = $2"#,
        id,
        person.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Bulk {
        ids: row.inverse.0.iter().map(|before| before.asset).collect(),
        undone: row.undone_at.is_some(),
    })
}
