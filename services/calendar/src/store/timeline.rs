//! What happened to an item: its own timeline for the page, the audit trail, and a touch for open pages, at once.

use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// Something that happened.
#[derive(Debug)]
pub struct Entry<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the system.
    pub person: Option<PersonId>,
    /// To which item.
    pub item: ItemId,
    /// In which version.
    pub version: i32,
    /// Of which unit.
    pub unit: UnitId,
    /// `submitted`: the timeline's word; `item.submitted` in the audit trail.
    pub action: &'static str,
    /// What the person said with it.
    pub text: &'a str,
    /// Facts for the sentence.
    pub detail: Value,
    /// The request in whose log this is found.
    pub request: Option<&'a str>,
}

/// Writes it down, in the transaction of the change itself.
///
/// # Errors
/// The database fails.
pub async fn record(conn: &mut PgConnection, entry: &Entry<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"with told as (
               insert into calendar.timeline (item_id, version, at, person_id, action, text, detail)
               values ($1, $2, $3, $4, $5, $6, $7))
           select audit.append($4, $8, 'item.' || $5, 'item', $1, $7 || jsonb_build_object('version', $2::int), $9) as "entry!",
                  identity.touch('item', $1) is null as touched"#,
        entry.item.0,
        entry.version,
        entry.at,
        entry.person.map(|person| person.0),
        entry.action,
        entry.text,
        entry.detail,
        entry.unit.0,
        entry.request,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Writes down what happened to something that has no timeline of its own.
///
/// # Errors
/// The database fails.
pub async fn audit(
    conn: &mut PgConnection,
    actor: PersonId,
    unit: UnitId,
    (action, kind, subject): (&str, &str, Option<Uuid>),
    detail: Value,
    request: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(
        r#"select audit.append($1, $2, $3, $4, $5, $6, $7) as "entry!""#,
        actor.0,
        unit.0,
        action,
        kind,
        subject,
        detail,
        request
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Tells open pages to look again, though nothing is worth telling.
///
/// # Errors
/// The database fails.
pub async fn touch(conn: &mut PgConnection, item: ItemId) -> Result<(), sqlx::Error> {
    sqlx::query!("select identity.touch('item', $1) is null as touched", item.0)
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// Whether the latest thing that happened is that `person` wrote in this version: then saying so again is noise.
///
/// # Errors
/// The database fails.
pub async fn is_still_writing(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    person: PersonId,
) -> Result<bool, sqlx::Error> {
    let last = sqlx::query!(
        "select action, person_id, version from calendar.timeline where item_id = $1 order by seq desc limit 1",
        item.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(last.is_some_and(|last| {
        matches!(last.action.as_str(), "edited" | "created")
            && last.person_id == Some(person.0)
            && last.version == version
    }))
}

/// An entry as it is shown.
#[derive(Debug, Clone)]
pub struct Told {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the system.
    pub person: Option<String>,
    /// The timeline's word.
    pub action: String,
    /// In which version.
    pub version: i32,
    /// What the person said.
    pub text: String,
    /// Facts for the sentence.
    pub detail: Value,
}

/// The latest entries, newest first, at most 200.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Told>, sqlx::Error> {
    sqlx::query_as!(
        Told,
        r#"select t.at, p.name as "person?", t.action, t.version, t.text, t.detail
           from calendar.timeline t left join identity.published_people p on p.id = t.person_id
           where t.item_id = $1 order by t.seq desc limit 200"#,
        item.0
    )
    .fetch_all(conn)
    .await
}
