//! Templates of texts that recur.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::model::templates::Template;

/// A template as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// Used by this unit and those below it.
    pub unit: UnitId,
    /// What it is.
    pub template: Template,
    /// Counts saves.
    pub revision: i64,
    /// Whether it is no longer offered.
    pub retired: bool,
}

/// One template.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Kept, sqlx::Error> {
    let row = sqlx::query!(
        r#"select unit_id as "unit: UnitId", template as "template: Json<Template>", revision, retired_at is not null as "retired!"
           from calendar.templates where id = $1"#,
        id
    )
    .fetch_one(conn)
    .await?;
    Ok(Kept {
        id,
        unit: row.unit,
        template: row.template.0,
        revision: row.revision,
        retired: row.retired,
    })
}

/// Makes a template (revision 0), or changes it when its revision is still the one given. False: somebody else changed it.
///
/// # Errors
/// The database fails or refuses.
pub async fn save(
    conn: &mut PgConnection,
    kept: &Kept,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.templates as t (id, unit_id, template, created_by, created_at, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $4, $5)
         on conflict (id) do update
         set template = excluded.template, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
             revision = t.revision + 1, retired_at = case when $7 then excluded.updated_at end
         where t.revision = $6 and t.unit_id = excluded.unit_id",
        kept.id,
        kept.unit.0,
        Json(&kept.template) as _,
        by.0,
        at,
        kept.revision,
        kept.retired,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A template in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub template: Value,
    /// Whose it is.
    pub unit: Value,
    /// Whether the caller's units own it, so that they may change it.
    pub own: bool,
}

/// The templates that units at or below `roots` can use: their own, and those of the units above them; by name.
///
/// # Errors
/// The database fails.
pub async fn list(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<Listed>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Listed,
        r#"select t.id, t.template, u.names as "unit!", u.path && $1 as "own!"
           from calendar.templates t join identity.published_units u on u.id = t.unit_id
           where t.retired_at is null
             and (u.path && $1 or exists (select from identity.published_units v where v.id = any($1) and t.unit_id = any(v.path)))
           order by t.template ->> 'name', t.id limit 200"#,
        &roots
    )
    .fetch_all(conn)
    .await
}
