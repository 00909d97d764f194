//! The log of what was done off-line or elsewhere.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::model::activity::{Activity, ActivityKind};

/// An entry as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub unit: UnitId,
    /// What was done.
    pub activity: Activity,
    /// Counts saves.
    pub revision: i64,
}

/// One entry.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Kept, sqlx::Error> {
    let row = sqlx::query!(
        r#"select unit_id as "unit: UnitId", activity as "activity: Json<Activity>", revision from calendar.activities where id = $1"#,
        id
    )
    .fetch_one(conn)
    .await?;
    Ok(Kept {
        id,
        unit: row.unit,
        activity: row.activity.0,
        revision: row.revision,
    })
}

/// Makes an entry (revision 0), or changes it when its revision is still the one given. False: somebody else changed it.
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
        "insert into calendar.activities as a (id, unit_id, starts_on, activity, created_by, created_at, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $5, $6)
         on conflict (id) do update
         set starts_on = excluded.starts_on, activity = excluded.activity, updated_by = excluded.updated_by,
             updated_at = excluded.updated_at, revision = a.revision + 1
         where a.revision = $7 and a.unit_id = excluded.unit_id",
        kept.id,
        kept.unit.0,
        kept.activity.starts_on,
        Json(&kept.activity) as _,
        by.0,
        at,
        kept.revision,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// At or below these units: what the viewer may see.
    pub roots: Vec<UnitId>,
    /// At or below this unit.
    pub unit: Option<UnitId>,
    /// Of this kind.
    pub kind: Option<ActivityKind>,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// On this day or earlier.
    pub to: Option<NaiveDate>,
}

/// An entry in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub unit: UnitId,
    /// The unit's names.
    pub unit_names: Value,
    /// The day, or the first.
    pub starts_on: NaiveDate,
    /// What was done.
    pub activity: Json<Activity>,
    /// The programme's names.
    pub programme: Option<Value>,
    /// The campaign's name.
    pub campaign: Option<String>,
    /// The audience's names.
    pub audience: Option<Value>,
    /// Who entered it.
    pub author: Option<String>,
}

/// Entries, the latest first, after the key of the row before.
///
/// # Errors
/// The database fails.
pub async fn list(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<(NaiveDate, Uuid)>,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let roots: Vec<_> = filter.roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Listed,
        r#"select a.id, a.unit_id as "unit: UnitId", u.names as "unit_names!", a.starts_on, a.activity as "activity: _",
                  g.names as "programme?", c.name as "campaign?", d.names as "audience?", p.name as "author?"
           from calendar.activities a
           join identity.published_units u on u.id = a.unit_id
           left join identity.published_people p on p.id = a.created_by
           left join calendar.programmes g on g.id::text = a.activity ->> 'programme'
           left join calendar.campaigns c on c.id::text = a.activity ->> 'campaign'
           left join calendar.audiences d on d.code = a.activity ->> 'audience'
           where u.path && $1 and ($2::uuid is null or $2 = any(u.path))
             and ($3::text is null or a.activity ->> 'kind' = $3)
             and ($4::date is null or a.starts_on >= $4) and ($5::date is null or a.starts_on <= $5)
             and ($6::date is null or (a.starts_on, a.id) < ($6, $7))
           order by a.starts_on desc, a.id desc limit $8"#,
        &roots,
        filter.unit.map(|unit| unit.0),
        filter.kind.map(ActivityKind::as_str),
        filter.from,
        filter.to,
        after.map(|key| key.0),
        after.map(|key| key.1),
        limit
    )
    .fetch_all(conn)
    .await
}
