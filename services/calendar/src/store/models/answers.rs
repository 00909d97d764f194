//! A model at one mission, and what the mission answers.

use chancery_contracts::ids::{ItemId, ModelId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::store::items::Lock;

/// A model at one mission.
#[derive(Debug, Clone)]
pub struct Received {
    /// Which variation of the texts it gets.
    pub variation: usize,
    /// The latest version that has arrived.
    pub version: i32,
    /// When the first arrived.
    pub received_at: DateTime<Utc>,
    /// Whether the mission declined, and why.
    pub declined: Option<String>,
    /// The item made from it.
    pub item: Option<ItemId>,
    /// The version whose texts it carries.
    pub adopted_version: Option<i32>,
    /// The latest version that the mission has dealt with.
    pub settled_version: Option<i32>,
    /// Whether the item still carries the texts that it was given. None: there is no item.
    pub faithful: Option<bool>,
    /// Who answered, and when.
    pub answered: Option<(PersonId, DateTime<Utc>)>,
}

/// A model at one mission; none when it was not sent there, or has not arrived.
///
/// # Errors
/// The database fails.
pub async fn received(
    conn: &mut PgConnection,
    model: ModelId,
    unit: UnitId,
    lock: Lock,
) -> Result<Option<Received>, sqlx::Error> {
    if lock == Lock::Update {
        sqlx::query!(
            "select unit_id from calendar.model_missions where model_id = $1 and unit_id = $2 for update",
            model.0,
            unit.0
        )
        .fetch_optional(&mut *conn)
        .await?;
    }
    let row = sqlx::query!(
        r#"select variation, version as "version!", received_at as "received_at!", answer, reason, item_id as "item: ItemId",
                  adopted_version, settled_version, answered_by, answered_at,
                  case when item_id is not null then calendar.item_texts(item_id) = adopted end as faithful
           from calendar.model_missions where model_id = $1 and unit_id = $2 and received_at is not null"#,
        model.0,
        unit.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Received {
        variation: usize::try_from(row.variation).unwrap_or_default(),
        version: row.version,
        received_at: row.received_at,
        declined: (row.answer.as_deref() == Some("declined")).then_some(row.reason),
        item: row.item,
        adopted_version: row.adopted_version,
        settled_version: row.settled_version,
        faithful: row.faithful,
        answered: row.answered_by.map(Into::into).zip(row.answered_at),
    }))
}

/// Notes that somebody of the mission has opened it. False: somebody had before.
///
/// # Errors
/// The database fails.
pub async fn see(
    conn: &mut PgConnection,
    model: ModelId,
    unit: UnitId,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.model_missions set seen_at = $4, seen_by = $3
         where model_id = $1 and unit_id = $2 and received_at is not null and seen_at is null",
        model.0,
        unit.0,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Declines, with a reason.
///
/// # Errors
/// The database fails.
pub async fn decline(
    conn: &mut PgConnection,
    model: ModelId,
    unit: UnitId,
    reason: &str,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.model_missions
         set answer = 'declined', reason = $3, answered_by = $4, answered_at = $5, settled_version = version,
             seen_at = coalesce(seen_at, $5), seen_by = coalesce(seen_by, $4)
         where model_id = $1 and unit_id = $2",
        model.0,
        unit.0,
        reason,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ties an item, which carries the texts of `version`, to the model. The model's writers become the item's;
/// whoever adopts it is none, unless they wrote in the model.
///
/// # Errors
/// The database fails.
pub async fn adopt(
    conn: &mut PgConnection,
    (model, unit, version): (ModelId, UnitId, i32),
    item: ItemId,
    adopter: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from calendar.contributors where item_id = $1 and person_id = $2",
        item.0,
        adopter.0,
    )
    .execute(&mut *conn)
    .await?;
    credit(&mut *conn, model, item, at).await?;
    sqlx::query!(
        "with item as (update calendar.items set model_id = $1, model_version = $3 where id = $4)
         update calendar.model_missions
         set answer = 'adopted', reason = '', answered_by = $5, answered_at = $6, item_id = $4,
             adopted = calendar.item_texts($4), adopted_version = $3, settled_version = $3,
             seen_at = coalesce(seen_at, $6), seen_by = coalesce(seen_by, $5)
         where model_id = $1 and unit_id = $2",
        model.0,
        unit.0,
        version,
        item.0,
        adopter.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The mission's item carries the texts of a later `version` now.
///
/// # Errors
/// The database fails.
pub async fn take(
    conn: &mut PgConnection,
    (model, unit, version): (ModelId, UnitId, i32),
    item: ItemId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with item as (update calendar.items set model_version = $3 where id = $4)
         update calendar.model_missions
         set adopted = calendar.item_texts($4), adopted_version = $3, settled_version = $3
         where model_id = $1 and unit_id = $2",
        model.0,
        unit.0,
        version,
        item.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes everybody who ever wrote in the model a writer of the item: what was written since counts too.
///
/// # Errors
/// The database fails.
pub async fn credit(
    conn: &mut PgConnection,
    model: ModelId,
    item: ItemId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.contributors (item_id, person_id, since)
         select $2, w.person_id, $3 from calendar.model_writers w where w.model_id = $1
         on conflict do nothing",
        model.0,
        item.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The mission knows of the latest version and leaves its own as it is.
///
/// # Errors
/// The database fails.
pub async fn settle(conn: &mut PgConnection, model: ModelId, unit: UnitId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.model_missions set settled_version = version where model_id = $1 and unit_id = $2",
        model.0,
        unit.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether `person` ever wrote in the model, and in the item made from it.
///
/// # Errors
/// The database fails.
pub async fn wrote(
    conn: &mut PgConnection,
    model: ModelId,
    item: Option<ItemId>,
    person: PersonId,
) -> Result<(bool, bool), sqlx::Error> {
    let row = sqlx::query!(
        r#"select exists (select from calendar.model_writers where model_id = $1 and person_id = $3) as "model!",
                  exists (select from calendar.contributors where item_id = $2 and person_id = $3) as "item!""#,
        model.0,
        item.map(|item| item.0),
        person.0
    )
    .fetch_one(conn)
    .await?;
    Ok((row.model, row.item))
}
