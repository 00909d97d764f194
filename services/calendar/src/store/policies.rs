//! Who must approve what, who could, and until when.

use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::{Rule, Step, StepRole};

/// Every rule. There are dozens: the model chooses among them.
///
/// # Errors
/// The database fails.
pub async fn rules(conn: &mut PgConnection) -> Result<Vec<Rule>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, unit_id as "unit: UnitId", kind, topic, language, steps from calendar.chain_rules
           order by topic nulls last, language nulls last, kind nulls last, id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Rule {
                id: row.id,
                unit: row.unit,
                kind: row.kind.map(|kind| word("kind", &kind)).transpose()?,
                topic: row.topic.map(|topic| word("topic", &topic)).transpose()?,
                language: row.language,
                steps: row
                    .steps
                    .iter()
                    .map(|step| word("steps", step))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

/// A rule's unit and who wrote it, for the page.
#[derive(Debug, Clone)]
pub struct Written {
    /// Which rule.
    pub id: Uuid,
    /// Its unit's names; none: the whole ministry.
    pub unit: Option<Value>,
    /// Who changed it last; none: as installed.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Units and writers of all rules.
///
/// # Errors
/// The database fails.
pub async fn written(conn: &mut PgConnection) -> Result<Vec<Written>, sqlx::Error> {
    sqlx::query_as!(
        Written,
        r#"select r.id as "id!", u.names as "unit?", p.name as "by?", r.updated_at as "at!"
           from calendar.chain_rules r
           left join identity.published_units u on u.id = r.unit_id
           left join identity.published_people p on p.id = r.updated_by"#
    )
    .fetch_all(conn)
    .await
}

/// Writes a rule; one that names the same unit, kind, topic and language is replaced.
///
/// # Errors
/// The database fails or refuses.
pub async fn put_rule(
    conn: &mut PgConnection,
    rule: &Rule,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let steps: Vec<String> = rule.steps.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into calendar.chain_rules (id, unit_id, kind, topic, language, steps, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (unit_id, kind, topic, language) do update
         set steps = excluded.steps, updated_by = excluded.updated_by, updated_at = excluded.updated_at",
        rule.id,
        rule.unit.map(|unit| unit.0),
        rule.kind.map(crate::model::Kind::as_str),
        rule.topic.map(chancery_contracts::Topic::as_str),
        rule.language,
        &steps,
        by.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a rule away. False: there was none.
///
/// # Errors
/// The database fails.
pub async fn drop_rule(conn: &mut PgConnection, id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from calendar.chain_rules where id = $1", id)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Who could take each of `steps` on `today` at a unit with this path: holders of the role and their delegates, those
/// apart who ever wrote in the item. Whoever submits it does not count either, nor does a delegate of a writer.
///
/// # Errors
/// The database fails.
pub async fn candidates(
    conn: &mut PgConnection,
    item: Option<ItemId>,
    path: &[UnitId],
    steps: &[Step],
    submitter: Option<PersonId>,
    today: NaiveDate,
) -> Result<Vec<Vec<PersonId>>, sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    let rows = sqlx::query!(
        r#"with holders as (
               select g.person_id, g.role, g.unit_id from identity.published_grants g
               where g.unit_id = any($2) and g.valid_from <= $4 and (g.valid_to is null or g.valid_to >= $4)
                 and g.person_id is distinct from $3
                 and not exists (select from calendar.contributors c where c.item_id = $1 and c.person_id = g.person_id))
           select s.position as "position!", c.person as "person!: PersonId"
           from unnest($5::text[]) with ordinality s(step, position)
           cross join lateral (
               select h.person_id as person from holders h
               where h.role = split_part(s.step, ':', 1)
                 and (h.role <> 'native_reviewer' or exists (
                     select from calendar.reviewer_languages l
                     where l.person_id = h.person_id and l.language = split_part(s.step, ':', 2)))
               union
               select d.to_person from calendar.delegations d
               join holders h on h.person_id = d.from_person and h.role = d.role and h.unit_id = d.unit_id
               join identity.published_people p on p.id = d.to_person and p.active and p.second_factor
               where d.role = s.step and d.revoked_at is null and $4 between d.valid_from and d.valid_to
                 and d.to_person is distinct from $3
                 and not exists (select from calendar.contributors c where c.item_id = $1 and c.person_id = d.to_person)
           ) c
           order by s.position, c.person"#,
        item.map(|item| item.0),
        &path,
        submitter.map(|person| person.0),
        today,
        &words(steps),
    )
    .fetch_all(conn)
    .await?;
    let mut found = vec![Vec::new(); steps.len()];
    for row in rows {
        let step = usize::try_from(row.position).unwrap_or_default();
        if let Some(people) = found.get_mut(step.saturating_sub(1)) {
            people.push(row.person);
        }
    }
    Ok(found)
}

/// A native reviewer and the languages that they pass.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Reviewer {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// The names of the unit at which they are.
    pub unit: Value,
}

/// Everybody who holds the role of a native reviewer today, with what they pass.
///
/// # Errors
/// The database fails.
pub async fn reviewers(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Reviewer>, sqlx::Error> {
    sqlx::query_as!(
        Reviewer,
        r#"select p.id as "person!: PersonId", p.name as "name!", u.names as "unit!",
                  coalesce(array(select l.language from calendar.reviewer_languages l where l.person_id = p.id order by 1), '{}') as "languages!"
           from identity.published_grants g
           join identity.published_people p on p.id = g.person_id
           join identity.published_units u on u.id = g.unit_id
           where g.role = 'native_reviewer' and g.valid_from <= $1 and (g.valid_to is null or g.valid_to >= $1)
           order by p.name, p.id"#,
        today
    )
    .fetch_all(conn)
    .await
}

/// Says which languages somebody passes, in place of those said before.
///
/// # Errors
/// The database fails or refuses.
pub async fn set_reviewer(
    conn: &mut PgConnection,
    person: PersonId,
    languages: &[String],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from calendar.reviewer_languages where person_id = $1 and language <> all($2)",
        person.0,
        languages
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into calendar.reviewer_languages (person_id, language, since)
         select $1, l, $3 from unnest($2::text[]) l on conflict do nothing",
        person.0,
        languages,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether somebody passes texts in a language.
///
/// # Errors
/// The database fails.
pub async fn reviews(conn: &mut PgConnection, person: PersonId, language: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from calendar.reviewer_languages where person_id = $1 and language = $2) as "reviews!""#,
        person.0,
        language
    )
    .fetch_one(conn)
    .await
}

/// How many minutes before an item's time each step should be taken.
///
/// # Errors
/// The database fails.
pub async fn deadlines(conn: &mut PgConnection) -> Result<Vec<(StepRole, i32)>, sqlx::Error> {
    let rows = sqlx::query!("select role, minutes from calendar.step_deadlines")
        .fetch_all(conn)
        .await?;
    let mut found = rows
        .into_iter()
        .map(|row| Ok((word("role", &row.role)?, row.minutes)))
        .collect::<Result<Vec<(StepRole, i32)>, sqlx::Error>>()?;
    found.sort_unstable();
    Ok(found)
}

/// Sets the deadline of a step.
///
/// # Errors
/// The database fails, or refuses: between 2 minutes and a week.
pub async fn set_deadline(
    conn: &mut PgConnection,
    role: StepRole,
    minutes: i32,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.step_deadlines (role, minutes, updated_by, updated_at) values ($1, $2, $3, $4)
         on conflict (role) do update
         set minutes = excluded.minutes, updated_by = excluded.updated_by, updated_at = excluded.updated_at",
        role.as_str(),
        minutes,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Steps as the database has them.
pub(super) fn steps(words: &[String]) -> Result<Vec<Step>, sqlx::Error> {
    words.iter().map(|step| word("chain", step)).collect()
}

/// Steps as the database keeps them.
pub(super) fn words(steps: &[Step]) -> Vec<String> {
    steps.iter().map(ToString::to_string).collect()
}
