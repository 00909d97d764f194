//! Who must approve what, and whether anybody could.

use chancery_contracts::Topic;
use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::word;
use crate::model::StepRole;

/// The steps of one row of the policy. No topic: the common chain.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Which topic.
    pub topic: Option<Topic>,
    /// Its steps, in order.
    pub steps: Vec<StepRole>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom; none: as installed.
    pub updated_by: Option<String>,
}

/// The whole policy, the common chain first.
///
/// # Errors
/// The database fails.
pub async fn policies(conn: &mut PgConnection) -> Result<Vec<Policy>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select topic, steps, updated_at, n.name as "name?" from calendar.policies p
           left join identity.published_people n on n.id = p.updated_by order by topic nulls first"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let topic = row.topic.map(|topic| word("topic", &topic)).transpose()?;
            Ok(Policy {
                topic,
                steps: steps(&row.steps)?,
                updated_at: row.updated_at,
                updated_by: row.name,
            })
        })
        .collect()
}

/// The common steps, and those of `topic`.
///
/// # Errors
/// The database fails.
pub async fn steps_for(
    conn: &mut PgConnection,
    topic: Topic,
) -> Result<(Vec<StepRole>, Vec<StepRole>), sqlx::Error> {
    let rows = sqlx::query!(
        "select topic, steps from calendar.policies where topic is null or topic = $1",
        topic.as_str()
    )
    .fetch_all(conn)
    .await?;
    let mut found = (Vec::new(), Vec::new());
    for row in rows {
        if row.topic.is_none() {
            found.0 = steps(&row.steps)?;
        } else {
            found.1 = steps(&row.steps)?;
        }
    }
    Ok(found)
}

/// Sets the steps of a topic, or of the common chain.
///
/// # Errors
/// The database fails or refuses.
pub async fn set_policy(
    conn: &mut PgConnection,
    topic: Option<Topic>,
    steps: &[StepRole],
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.policies (topic, steps, updated_by, updated_at) values ($1, $2, $3, $4)
         on conflict (topic) do update
         set steps = excluded.steps, updated_by = excluded.updated_by, updated_at = excluded.updated_at",
        topic.map(Topic::as_str),
        &words(steps),
        by.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The first of `steps` that nobody could take on `today` if `submitter` submitted the item: whoever holds the role
/// has written in it, or nobody holds it.
///
/// # Errors
/// The database fails.
pub async fn without_approver(
    conn: &mut PgConnection,
    item: ItemId,
    path: &[UnitId],
    steps: &[StepRole],
    submitter: PersonId,
    today: NaiveDate,
) -> Result<Option<StepRole>, sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    let lacking = sqlx::query_scalar!(
        r#"select s.role as "role!" from unnest($1::text[]) with ordinality s(role, position)
           where not exists (
               select from identity.published_grants g
               where g.role = s.role and g.unit_id = any($2) and g.person_id <> $4
                 and g.valid_from <= $5 and (g.valid_to is null or g.valid_to >= $5)
                 and not exists (select from calendar.contributors c where c.item_id = $3 and c.person_id = g.person_id))
           order by s.position limit 1"#,
        &words(steps),
        &path,
        item.0,
        submitter.0,
        today
    )
    .fetch_optional(conn)
    .await?;
    lacking.map(|role| word("role", &role)).transpose()
}

/// Steps as the database has them.
pub(super) fn steps(words: &[String]) -> Result<Vec<StepRole>, sqlx::Error> {
    words.iter().map(|step| word("steps", step)).collect()
}

/// Steps as the database keeps them.
pub(super) fn words(steps: &[StepRole]) -> Vec<String> {
    steps.iter().map(ToString::to_string).collect()
}
