//! Two people at one item: who has it open, and what would otherwise be lost.

use chancery_contracts::ids::{ItemId, PersonId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::model::Draft;

/// After this long without a sign of life an editor counts as closed. The page sends one every 20 seconds.
pub const PRESENCE: TimeDelta = TimeDelta::seconds(60);

/// Somebody who has the item open.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Editor {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The language of the translation that they have open; none: the whole item.
    pub language: Option<String>,
    /// Their last sign of life.
    pub seen_at: DateTime<Utc>,
}

/// Says that `person` has the item open, and gives everybody else who has.
///
/// # Errors
/// The database fails.
pub async fn appear(
    conn: &mut PgConnection,
    item: ItemId,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<Vec<Editor>, sqlx::Error> {
    appear_in(conn, item, person, None, at).await
}

/// The same of who has the translation into one `language` open; none: the whole item.
///
/// # Errors
/// The database fails.
pub async fn appear_in(
    conn: &mut PgConnection,
    item: ItemId,
    person: PersonId,
    language: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Vec<Editor>, sqlx::Error> {
    sqlx::query!(
        "insert into calendar.presence (item_id, person_id, seen_at, language) values ($1, $2, $3, $4)
         on conflict (item_id, person_id) do update set seen_at = excluded.seen_at, language = excluded.language",
        item.0,
        person.0,
        at,
        language,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_as!(
        Editor,
        r#"select p.person_id as "person!: PersonId", n.name as "name!", p.language, p.seen_at
           from calendar.presence p join identity.published_people n on n.id = p.person_id
           where p.item_id = $1 and p.person_id <> $2 and p.seen_at > $3 order by p.seen_at desc"#,
        item.0,
        person.0,
        at - PRESENCE
    )
    .fetch_all(conn)
    .await
}

/// Says that `person` has closed the item.
///
/// # Errors
/// The database fails.
pub async fn leave(conn: &mut PgConnection, item: ItemId, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from calendar.presence where item_id = $1 and person_id = $2",
        item.0,
        person.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Text that was written on top of something that had changed meanwhile.
#[derive(Debug, Clone)]
pub struct Copy {
    /// Its id.
    pub id: Uuid,
    /// The revision it was written on.
    pub base_revision: i64,
    /// What was written.
    pub draft: Draft,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

/// Keeps what `person` wrote. They have at most one copy of an item: the latest.
///
/// # Errors
/// The database fails.
pub async fn keep_copy(
    conn: &mut PgConnection,
    item: ItemId,
    person: PersonId,
    copy: &Copy,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.copies (id, item_id, person_id, base_revision, draft, saved_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (item_id, person_id) do update
         set base_revision = excluded.base_revision, draft = excluded.draft, saved_at = excluded.saved_at",
        copy.id,
        item.0,
        person.0,
        copy.base_revision,
        Json(&copy.draft) as _,
        copy.saved_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The copy that `person` has of an item.
///
/// # Errors
/// The database fails.
pub async fn copy_of(
    conn: &mut PgConnection,
    item: ItemId,
    person: PersonId,
) -> Result<Option<Copy>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, base_revision, draft as "draft: Json<Draft>", saved_at
           from calendar.copies where item_id = $1 and person_id = $2"#,
        item.0,
        person.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Copy {
        id: row.id,
        base_revision: row.base_revision,
        draft: row.draft.0,
        saved_at: row.saved_at,
    }))
}

/// Throws a copy away.
///
/// # Errors
/// The database fails.
pub async fn drop_copy(conn: &mut PgConnection, item: ItemId, person: PersonId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from calendar.copies where item_id = $1 and person_id = $2",
        item.0,
        person.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
