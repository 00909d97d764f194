//! The audit trail: appending, and reading it a page at a time.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::model::Names;

/// What is written about a change.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Who acted; none for the system itself.
    pub actor: Option<PersonId>,
    /// The unit it concerns.
    pub unit: Option<UnitId>,
    /// `person.invited`, …
    pub action: &'static str,
    /// What kind of thing was changed.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Option<Uuid>,
    /// What changed, without secrets.
    pub detail: Value,
    /// The request that did it.
    pub request_id: Option<&'a str>,
}

/// Appends an entry, in the transaction of the change.
pub async fn append(conn: &mut PgConnection, record: Record<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "select audit.append($1, $2, $3, $4, $5, $6, $7)",
        record.actor.map(|id| id.0),
        record.unit.map(|id| id.0),
        record.action,
        record.subject_kind,
        record.subject,
        record.detail,
        record.request_id
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// One entry.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Entry {
    /// Its number; higher is later.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The database role, i.e. service, that wrote it.
    pub recorded_by: String,
    /// Who; none for the system itself.
    pub actor: Option<PersonId>,
    /// Who, by today's name.
    pub actor_name: Option<String>,
    /// Which unit.
    pub unit: Option<UnitId>,
    /// Which unit, by its name at that time.
    #[schema(value_type = Option<Names>)]
    pub unit_names: Option<Value>,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which one.
    pub subject: Option<Uuid>,
    /// What changed.
    pub detail: Value,
    /// The request that did it.
    pub request_id: Option<String>,
}

/// Which entries to read.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Who acted.
    pub actor: Option<PersonId>,
    /// At this unit or below.
    pub unit: Option<UnitId>,
    /// The action or its first words: `item` finds `item.approved`.
    pub action: Option<String>,
    /// To which thing.
    pub subject: Option<Uuid>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Only these units and what is below are visible; `None`: everything, the system's own entries too.
    pub visible: Option<Vec<UnitId>>,
    /// Before the last one of the page before.
    pub before: Option<i64>,
    /// How many.
    pub fetch: i64,
}

/// One page, the latest first.
pub async fn list(pool: &PgPool, filter: &AuditFilter) -> sqlx::Result<Vec<Entry>> {
    let visible = filter
        .visible
        .as_ref()
        .map(|units| units.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query_as!(
        Entry,
        r#"select e.seq as "seq!", e.at as "at!", e.recorded_by as "recorded_by!", e.actor as "actor: PersonId",
                  p.name as "actor_name?", e.unit as "unit: UnitId",
                  identity.unit_names_on(e.unit, e.at::date) as unit_names,
                  e.action as "action!", e.subject_kind as "subject_kind!", e.subject, e.detail as "detail!",
                  e.request_id
           from audit.published_entries e
           left join identity.people p on p.id = e.actor
           where ($1::uuid is null or e.actor = $1)
             and ($2::uuid is null or e.unit in (select u.id from identity.units u where $2 = any (u.path)))
             and ($3::text is null or e.action = $3 or starts_with(e.action, $3 || '.'))
             and ($4::uuid is null or e.subject = $4)
             and ($5::timestamptz is null or e.at >= $5)
             and ($6::timestamptz is null or e.at < $6)
             and ($7::uuid[] is null or e.unit in (select u.id from identity.units u where u.path && $7))
             and ($8::bigint is null or e.seq < $8)
           order by e.seq desc
           limit $9"#,
        filter.actor.map(|id| id.0),
        filter.unit.map(|id| id.0),
        filter.action,
        filter.subject,
        filter.from,
        filter.until,
        visible.as_deref(),
        filter.before,
        filter.fetch
    )
    .fetch_all(pool)
    .await
}
