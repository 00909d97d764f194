//! Rows of assets, with their texts.

use chancery_clock::Tz;
use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query};
use uuid::Uuid;

use super::word;
use crate::model::{Details, Kind, Rights, State, Text};

/// An asset.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// Whose it is.
    pub unit: UnitId,
    /// With what it came.
    pub batch: Option<Uuid>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// How far it has come.
    pub state: State,
    /// Counts saves.
    pub revision: i64,
    /// As it was called on somebody's disk.
    pub file_name: String,
    /// Everything that people say of it.
    pub details: Details,
    /// Why it was returned or withdrawn.
    pub reason: String,
    /// By whom, and when.
    pub created: (PersonId, DateTime<Utc>),
    /// By whom, and when.
    pub updated: (PersonId, DateTime<Utc>),
    /// When a steward published it.
    pub published_at: Option<DateTime<Utc>>,
}

/// Whether rows are locked until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// For looking.
    None,
    /// For changing.
    Update,
}

/// One asset.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: AssetId, lock: Lock) -> Result<Asset, sqlx::Error> {
    if lock == Lock::Update {
        query!("select id from assets.assets where id = $1 for update", id.0)
            .fetch_one(&mut *conn)
            .await?;
    }
    load_many(conn, &[id])
        .await?
        .pop()
        .ok_or(sqlx::Error::RowNotFound)
}

/// These assets, oldest first; those that do not exist are left out.
///
/// # Errors
/// The database fails.
pub async fn load_many(conn: &mut PgConnection, ids: &[AssetId]) -> Result<Vec<Asset>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = query!("select * from assets.assets where id = any($1) order by id", &ids)
        .fetch_all(&mut *conn)
        .await?;
    let mut texts = query!(
        "select asset_id, language, title, caption, alt, transcript from assets.texts
         where asset_id = any($1) order by asset_id, language",
        &ids
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .peekable();
    rows.into_iter()
        .map(|row| {
            let mut own = Vec::new();
            while let Some(text) = texts.next_if(|text| text.asset_id == row.id) {
                own.push(Text {
                    language: text.language,
                    title: text.title,
                    caption: text.caption,
                    alt: text.alt,
                    transcript: text.transcript,
                });
            }
            let zone: Tz = word("rights_zone", &row.rights_zone)?;
            Ok(Asset {
                id: AssetId(row.id),
                unit: UnitId(row.unit_id),
                batch: row.batch_id,
                kind: word("kind", &row.kind)?,
                state: word("state", &row.state)?,
                revision: row.revision,
                file_name: row.file_name,
                details: Details {
                    texts: own,
                    credit: row.credit,
                    agency: row.agency,
                    creator: row.creator,
                    place: row.place,
                    country: row.country,
                    taken_on: row.taken_on,
                    topics: row.topics,
                    priorities: row.priorities,
                    official: row.official,
                    keep_location: row.keep_location,
                    focal_x: row.focal_x,
                    focal_y: row.focal_y,
                    rights: Rights {
                        internal_only: row.internal_only,
                        licence: word("licence", &row.licence)?,
                        licence_note: row.licence_note,
                        consent: word("consent", &row.consent)?,
                        territory: row.territory,
                        channels: row.channels,
                        zone,
                        starts: row.starts_wall,
                        ends: row.ends_wall,
                        embargo: row.embargo_wall,
                    },
                },
                reason: row.reason,
                created: (PersonId(row.created_by), row.created_at),
                updated: (PersonId(row.updated_by), row.updated_at),
                published_at: row.published_at,
            })
        })
        .collect()
}

/// Writes all details; gives the new revision. A new end of the rights is a new end to tell of.
///
/// # Errors
/// The database fails or refuses.
pub async fn save_details(
    conn: &mut PgConnection,
    id: AssetId,
    details: &Details,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    let rights = &details.rights;
    let instants = rights.instants();
    let revision = query!(
        "update assets.assets set
             credit = $2, agency = $3, creator = $4, place = $5, country = $6, taken_on = $7, topics = $8,
             priorities = $9, official = $10, keep_location = $11, focal_x = $12, focal_y = $13, internal_only = $14,
             licence = $15, licence_note = $16, consent = $17, territory = $18, channels = $19, rights_zone = $20,
             starts_wall = $21, starts_at = $22, ends_wall = $23, ends_at = $24, embargo_wall = $25, embargo_at = $26,
             end_told = case when ends_at is not distinct from $24 then end_told end,
             end_warned = case when ends_at is not distinct from $24 then end_warned end,
             updated_by = $27, updated_at = $28, revision = revision + 1
         where id = $1 returning revision",
        id.0,
        details.credit,
        details.agency,
        details.creator,
        details.place,
        details.country,
        details.taken_on,
        &details.topics,
        &details.priorities,
        details.official,
        details.keep_location,
        details.focal_x,
        details.focal_y,
        rights.internal_only,
        rights.licence.as_str(),
        rights.licence_note,
        rights.consent.as_str(),
        rights.territory.as_deref(),
        rights.channels.as_deref(),
        rights.zone.name(),
        rights.starts,
        instants.starts,
        rights.ends,
        instants.ends,
        rights.embargo,
        instants.embargo,
        by.0,
        at
    )
    .fetch_one(&mut *conn)
    .await?
    .revision;
    query!("delete from assets.texts where asset_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    let column = |field: fn(&Text) -> &String| -> Vec<String> {
        details.texts.iter().map(|text| field(text).clone()).collect()
    };
    query!(
        "insert into assets.texts (asset_id, language, title, caption, alt, transcript)
         select $1, t.language, t.title, t.caption, t.alt, t.transcript
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
              as t (language, title, caption, alt, transcript)",
        id.0,
        &column(|text| &text.language),
        &column(|text| &text.title),
        &column(|text| &text.caption),
        &column(|text| &text.alt),
        &column(|text| &text.transcript)
    )
    .execute(conn)
    .await?;
    Ok(revision)
}

/// Moves an asset to another state; the reason stays empty where none is given.
///
/// # Errors
/// The database fails or refuses.
pub async fn set_state(
    conn: &mut PgConnection,
    id: AssetId,
    state: State,
    reason: &str,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.assets set
             state = $2, reason = $3, updated_by = $4, updated_at = $5, revision = revision + 1,
             submitted_at = case when $2 = 'in_review' then $5 else submitted_at end,
             published_at = case when $2 = 'published' then $5 when $2 = 'withdrawn' then published_at end,
             withdrawn_at = case when $2 = 'withdrawn' then $5 end
         where id = $1",
        id.0,
        state.as_str(),
        reason,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an asset that was never published, with everything that belongs to it.
///
/// # Errors
/// The database fails or refuses.
pub async fn remove(conn: &mut PgConnection, id: AssetId) -> Result<(), sqlx::Error> {
    query!(
        "delete from assets.assets where id = $1 and state in ('draft', 'returned')",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}
