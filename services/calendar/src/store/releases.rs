//! Words given for what goes out on command, and windows that ended without one.

use chancery_contracts::EditionHash;
use chancery_contracts::ids::{ItemId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::model::Appointment;

/// A word.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// For which version.
    pub version: i32,
    /// With which hash on the screen.
    pub hash: EditionHash,
    /// Whose.
    pub person: PersonId,
    /// On whose behalf.
    pub behalf: Option<PersonId>,
    /// The window in which it is given.
    pub window: Appointment,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a word down.
///
/// # Errors
/// The database fails, or refuses: it does not wait for one, it has one, or its window is not open.
pub async fn insert(conn: &mut PgConnection, item: ItemId, word: &Word) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.releases
             (item_id, version, edition_hash, person_id, on_behalf_of, opens_at, closes_at, released_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        item.0,
        word.version,
        word.hash.to_string(),
        word.person.0,
        word.behalf.map(|person| person.0),
        word.window.instant(),
        word.window.not_after(),
        word.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What waits for a word though its window has ended, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn over(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ItemId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id: ItemId" from calendar.items
           where state = 'ready' and publish_at + make_interval(mins => window_minutes) <= $1
           order by publish_at, id limit $2"#,
        now,
        limit
    )
    .fetch_all(conn)
    .await
}
