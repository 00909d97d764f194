//! What comes again, and the drafts that were made of it.

use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::model::recurring::Rule;
use crate::model::templates::Values;

/// Something that comes again.
#[derive(Debug, Clone)]
pub struct Recurrence {
    /// Its id.
    pub id: Uuid,
    /// Whose drafts are made.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// When it comes, on the unit's own wall.
    pub rule: Rule,
    /// The items that are copied, in turn; none with a template.
    pub sources: Vec<ItemId>,
    /// Instead of items: a template, with what is filled in.
    pub template: Option<(Uuid, Values)>,
    /// So many days before its date a draft is made.
    pub ahead_days: i32,
    /// Whether drafts are made.
    pub active: bool,
    /// Counts saves.
    pub revision: i64,
    /// Who set it up, or changed it last: the author of its drafts.
    pub by: PersonId,
}

/// One of them.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Recurrence, sqlx::Error> {
    let row = sqlx::query!(
        r#"select unit_id as "unit: UnitId", name, rule as "rule: Json<Rule>", sources as "sources: Vec<ItemId>", template_id,
                  template_values as "values: Json<Values>", ahead_days, active, revision, updated_by as "by: PersonId"
           from calendar.recurrences where id = $1"#,
        id
    )
    .fetch_one(conn)
    .await?;
    Ok(Recurrence {
        id,
        unit: row.unit,
        name: row.name,
        rule: row.rule.0,
        sources: row.sources,
        template: row.template_id.map(|id| (id, row.values.0)),
        ahead_days: row.ahead_days,
        active: row.active,
        revision: row.revision,
        by: row.by,
    })
}

/// Makes one (revision 0), or changes it when its revision is still the one given. False: somebody else changed it.
///
/// # Errors
/// The database fails or refuses.
pub async fn save(
    conn: &mut PgConnection,
    kept: &Recurrence,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let sources: Vec<_> = kept.sources.iter().map(|item| item.0).collect();
    let done = sqlx::query!(
        "insert into calendar.recurrences as r
             (id, unit_id, name, rule, sources, ahead_days, active, created_by, created_at, updated_by, updated_at,
              template_id, template_values)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $9, $11, $12)
         on conflict (id) do update
         set name = excluded.name, rule = excluded.rule, sources = excluded.sources, ahead_days = excluded.ahead_days,
             template_id = excluded.template_id, template_values = excluded.template_values, active = excluded.active,
             updated_by = excluded.updated_by, updated_at = excluded.updated_at, revision = r.revision + 1
         where r.revision = $10 and r.unit_id = excluded.unit_id",
        kept.id,
        kept.unit.0,
        kept.name,
        Json(&kept.rule) as _,
        &sources,
        kept.ahead_days,
        kept.active,
        kept.by.0,
        at,
        kept.revision,
        kept.template.as_ref().map(|(id, _)| *id),
        Json(kept.template.as_ref().map(|(_, values)| values.clone()).unwrap_or_default()) as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The ids of those of which drafts are made.
///
/// # Errors
/// The database fails.
pub async fn active(conn: &mut PgConnection) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!("select id from calendar.recurrences where active order by id")
        .fetch_all(conn)
        .await
}

/// Takes a date, so that no other run makes its draft; gives whose turn it is, counted from 0. None: it was taken.
///
/// # Errors
/// The database fails.
pub async fn claim(
    conn: &mut PgConnection,
    id: Uuid,
    falls_on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<Option<i64>, sqlx::Error> {
    // Locked, so that two runs do not count the same turn.
    sqlx::query!("select id from calendar.recurrences where id = $1 for update", id)
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query_scalar!(
        r#"with taken as (
               insert into calendar.occurrences (recurrence_id, falls_on, made_at) values ($1, $2, $3)
               on conflict do nothing returning recurrence_id)
           select (select count(*) from calendar.occurrences where recurrence_id = $1) as "turn!" from taken"#,
        id,
        falls_on,
        at
    )
    .fetch_optional(conn)
    .await
}

/// Notes the draft of a date.
///
/// # Errors
/// The database fails.
pub async fn made(
    conn: &mut PgConnection,
    id: Uuid,
    falls_on: NaiveDate,
    item: ItemId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.occurrences set item_id = $3 where recurrence_id = $1 and falls_on = $2",
        id,
        falls_on,
        item.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes everybody who wrote in the source a writer of its copy: none of them approves it.
///
/// # Errors
/// The database fails.
pub async fn credit(
    conn: &mut PgConnection,
    from: ItemId,
    to: ItemId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.contributors (item_id, person_id, since)
         select $2, person_id, $3 from calendar.contributors where item_id = $1 on conflict do nothing",
        from.0,
        to.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub unit: UnitId,
    /// The unit's names.
    pub unit_names: Value,
    /// The unit's clock.
    pub zone: String,
    /// The unit's city.
    pub city: Option<Value>,
    /// Its name.
    pub name: String,
    /// When it comes.
    #[serde(skip)]
    pub rule: Json<Rule>,
    /// How many items are copied in turn.
    pub sources: i32,
    /// The name of the template instead of them.
    pub template: Option<String>,
    /// So many days before its date a draft is made.
    pub ahead_days: i32,
    /// Whether drafts are made.
    pub active: bool,
    /// The draft that was made last.
    pub latest: Option<ItemId>,
}

/// Those of units at or below `roots`, the active first, by name.
///
/// # Errors
/// The database fails.
pub async fn list(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<Listed>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Listed,
        r#"select r.id, r.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!", u.city as "city?", r.name,
                  r.rule as "rule: _", cardinality(r.sources) as "sources!", t.template ->> 'name' as "template?", r.ahead_days, r.active,
                  (select o.item_id from calendar.occurrences o where o.recurrence_id = r.id and o.item_id is not null
                   order by o.falls_on desc limit 1) as "latest: ItemId"
           from calendar.recurrences r join identity.published_units u on u.id = r.unit_id
           left join calendar.templates t on t.id = r.template_id
           where u.path && $1 order by not r.active, r.name, r.id limit 200"#,
        &roots
    )
    .fetch_all(conn)
    .await
}
