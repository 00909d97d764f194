//! What was written, as it stood at the end of each stretch of writing.

use chancery_contracts::ids::{ItemId, PersonId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::Draft;

/// A stretch of writing by one person is at most so long; what comes after it is another version to go back to.
pub const STRETCH: TimeDelta = TimeDelta::minutes(10);
/// So many stretches of writing are kept of an item; what was submitted or restored stays beyond it.
pub const KEPT: i64 = 100;

/// Why a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Somebody wrote.
    Written,
    /// It was submitted.
    Submitted,
    /// An earlier one was put in place again.
    Restored,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Submitted => "submitted",
            Self::Restored => "restored",
        }
    }
}

/// What is kept: whose item, in which state of writing, by whom.
#[derive(Debug)]
pub struct Taken<'a> {
    /// A fresh id, used if this is not the same stretch of writing as the last.
    pub id: Uuid,
    /// Which item.
    pub item: ItemId,
    /// Counts what was submitted.
    pub version: i32,
    /// Counts saves.
    pub revision: i64,
    /// Who wrote it.
    pub person: PersonId,
    /// Why it is kept.
    pub reason: Reason,
    /// What stood there.
    pub draft: &'a Draft,
    /// Now, in UTC.
    pub at: DateTime<Utc>,
}

/// Keeps what stands in an item now. Writing on within ten minutes replaces the writer's own last one.
///
/// # Errors
/// The database fails.
pub async fn take(conn: &mut PgConnection, taken: &Taken<'_>) -> Result<(), sqlx::Error> {
    if taken.reason == Reason::Written {
        let done = sqlx::query!(
            "update calendar.snapshots set draft = $3, revision = $4, saved_at = $5
             where id = (select id from calendar.snapshots where item_id = $1 order by seq desc limit 1)
               and person_id = $2 and reason = 'written' and version = $6 and began_at > $7",
            taken.item.0,
            taken.person.0,
            Json(taken.draft) as _,
            taken.revision,
            taken.at,
            taken.version,
            taken.at - STRETCH,
        )
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() > 0 {
            return Ok(());
        }
    }
    sqlx::query!(
        "insert into calendar.snapshots (id, item_id, version, revision, person_id, reason, draft, began_at, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        taken.id,
        taken.item.0,
        taken.version,
        taken.revision,
        taken.person.0,
        taken.reason.as_str(),
        Json(taken.draft) as _,
        taken.at,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from calendar.snapshots where id in (
             select id from calendar.snapshots where item_id = $1 and reason = 'written'
             order by seq desc offset $2)",
        taken.item.0,
        KEPT,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether anything is kept of an item: items that are older than this table begin without.
///
/// # Errors
/// The database fails.
pub async fn any(conn: &mut PgConnection, item: ItemId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from calendar.snapshots where item_id = $1) as "any!""#,
        item.0
    )
    .fetch_one(conn)
    .await
}

/// A snapshot in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// Counts what was submitted.
    pub version: i32,
    /// Counts saves.
    pub revision: i64,
    /// Who wrote it.
    pub person: Option<String>,
    /// `written`, `submitted` or `restored`.
    pub reason: String,
    /// When the stretch of writing ended, in UTC.
    pub saved_at: DateTime<Utc>,
}

/// Everything kept of an item, the newest first.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"select s.id, s.version, s.revision, p.name as "person?", s.reason, s.saved_at
           from calendar.snapshots s left join identity.published_people p on p.id = s.person_id
           where s.item_id = $1 order by s.seq desc limit 300"#,
        item.0
    )
    .fetch_all(conn)
    .await
}

/// What one says.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when the item has no such snapshot.
pub async fn draft(conn: &mut PgConnection, item: ItemId, id: Uuid) -> Result<Draft, sqlx::Error> {
    let draft = sqlx::query_scalar!(
        r#"select draft as "draft: Json<Draft>" from calendar.snapshots where item_id = $1 and id = $2"#,
        item.0,
        id
    )
    .fetch_one(conn)
    .await?;
    Ok(draft.0)
}
