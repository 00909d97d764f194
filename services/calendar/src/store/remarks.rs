//! What people say to each other about an item.

use chancery_access::{Action, Role};
use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::Known;

/// Something said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remark {
    /// Its id.
    pub id: Uuid,
    /// The remark that began the thread; itself, if it did.
    pub thread: Uuid,
    /// Who said it.
    pub person: Option<String>,
    /// What.
    pub text: String,
    /// When, in UTC.
    pub at: DateTime<Utc>,
    /// Who resolved the thread; none: it is open, or this is a reply.
    pub resolved_by: Option<String>,
    /// When, in UTC.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// Everything said about an item, thread by thread, open ones first; at most 500.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Remark>, sqlx::Error> {
    sqlx::query_as!(
        Remark,
        r#"select r.id, r.thread_id as thread, p.name as "person?", r.text, r.at, s.name as "resolved_by?", r.resolved_at
           from calendar.remarks r
           join calendar.remarks t on t.id = r.thread_id
           left join identity.published_people p on p.id = r.person_id
           left join identity.published_people s on s.id = r.resolved_by
           where r.item_id = $1
           order by t.resolved_at is not null, t.at desc, t.id, r.id <> t.id, r.at, r.id limit 500"#,
        item.0
    )
    .fetch_all(conn)
    .await
}

/// A thread: whether it belongs to the item, and whether it is resolved.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when the item has no such thread.
pub async fn is_resolved(conn: &mut PgConnection, item: ItemId, thread: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select resolved_at is not null as "resolved!" from calendar.remarks
           where item_id = $1 and id = $2 and thread_id = id for update"#,
        item.0,
        thread
    )
    .fetch_one(conn)
    .await
}

/// Who has said something in a thread.
///
/// # Errors
/// The database fails.
pub async fn speakers(conn: &mut PgConnection, thread: Uuid) -> Result<Vec<PersonId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct person_id as "person!: PersonId" from calendar.remarks where thread_id = $1"#,
        thread
    )
    .fetch_all(conn)
    .await
}

/// What is said, and whom it names.
#[derive(Debug)]
pub struct New<'a> {
    /// A fresh id.
    pub id: Uuid,
    /// About which item.
    pub item: ItemId,
    /// In answer to which; none: it begins a thread.
    pub thread: Option<Uuid>,
    /// Who says it.
    pub person: PersonId,
    /// What.
    pub text: &'a str,
    /// Whom it names.
    pub mentions: &'a [Uuid],
    /// Now, in UTC.
    pub at: DateTime<Utc>,
}

/// Writes it down.
///
/// # Errors
/// The database fails.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.remarks (id, item_id, thread_id, person_id, text, mentions, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        new.item.0,
        new.thread.unwrap_or(new.id),
        new.person.0,
        new.text,
        new.mentions,
        new.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Resolves a thread, or opens it again (`by` none).
///
/// # Errors
/// The database fails.
pub async fn resolve(
    conn: &mut PgConnection,
    thread: Uuid,
    by: Option<(PersonId, DateTime<Utc>)>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.remarks set resolved_by = $2, resolved_at = $3 where id = $1",
        thread,
        by.map(|(person, _)| person.0),
        by.map(|(_, at)| at),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Everybody who may be named, with whether they see the items of the unit with this `path` on `today`.
///
/// # Errors
/// The database fails.
pub async fn people(
    conn: &mut PgConnection,
    path: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<Known>, sqlx::Error> {
    let path: Vec<Uuid> = path.iter().map(|unit| unit.0).collect();
    let readers = Role::ALL
        .into_iter()
        .filter(|role| role.actions().contains(&Action::ItemRead));
    let readers: Vec<String> = readers.map(|role| role.as_str().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select p.id as "id!: PersonId", p.name as "name!", bool_or(coalesce(
               g.role = any($2) and g.unit_id = any($1) and g.valid_from <= $3 and (g.valid_to is null or g.valid_to >= $3),
               false)) as "may_see!"
           from identity.published_people p
           left join identity.published_grants g on g.person_id = p.id
           where p.active
           group by p.id, p.name
           order by bool_or(coalesce(g.unit_id = $4, false)) desc, p.name limit 5000"#,
        &path,
        &readers,
        today,
        path.last().copied().unwrap_or_default(),
    )
    .fetch_all(conn)
    .await?;
    let known = rows.into_iter().map(|row| Known {
        person: row.id,
        name: row.name,
        may_see: row.may_see,
    });
    Ok(known.collect())
}
