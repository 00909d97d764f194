//! Who decides on whose behalf, and from when to when.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::model::StepRole;

/// Somebody stands in for somebody else.
#[derive(Debug, Clone)]
pub struct Delegation {
    /// Its id.
    pub id: Uuid,
    /// At which unit (and below).
    pub unit: UnitId,
    /// In which role.
    pub role: StepRole,
    /// For whom.
    pub from: PersonId,
    /// Who.
    pub to: PersonId,
    /// Why.
    pub reason: String,
    /// First day, at headquarters' clock.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// Writes a delegation down.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(conn: &mut PgConnection, one: &Delegation) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.delegations (id, unit_id, role, from_person, to_person, reason, valid_from, valid_to, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        one.id,
        one.unit.0,
        one.role.as_str(),
        one.from.0,
        one.to.0,
        one.reason,
        one.first,
        one.last,
        one.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// For whom `person` may take a step of this role on `today`, at a unit with this path: whoever named them and still
/// holds the role, the nearest unit first. Nobody without a second factor decides in a state's name.
///
/// # Errors
/// The database fails.
pub async fn stood_in_for(
    conn: &mut PgConnection,
    person: PersonId,
    role: StepRole,
    path: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<PersonId>, sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    sqlx::query_scalar!(
        r#"select d.from_person as "from!: PersonId" from calendar.delegations d
           where d.to_person = $1 and d.role = $2 and d.unit_id = any($3)
             and d.revoked_at is null and $4 between d.valid_from and d.valid_to
             and exists (select from identity.published_people p where p.id = d.to_person and p.second_factor)
             and exists (select from identity.published_grants g
                         where g.person_id = d.from_person and g.role = d.role and g.unit_id = d.unit_id
                           and g.valid_from <= $4 and (g.valid_to is null or g.valid_to >= $4))
           order by array_position($3, d.unit_id) desc, d.created_at"#,
        person.0,
        role.as_str(),
        &path,
        today
    )
    .fetch_all(conn)
    .await
}

/// Who stands in for the holders of a role today, at a unit with this path: whoever is told when a step waits.
///
/// # Errors
/// The database fails.
pub async fn delegates(
    conn: &mut PgConnection,
    role: StepRole,
    path: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<PersonId>, sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    sqlx::query_scalar!(
        r#"select distinct d.to_person as "to!: PersonId" from calendar.delegations d
           where d.role = $1 and d.unit_id = any($2) and d.revoked_at is null and $3 between d.valid_from and d.valid_to"#,
        role.as_str(),
        &path,
        today
    )
    .fetch_all(conn)
    .await
}

/// A delegation as pages show it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Shown {
    /// Its id.
    pub id: Uuid,
    /// At which unit.
    pub unit: UnitId,
    /// That unit's names.
    pub unit_names: Value,
    /// A [`StepRole`].
    pub role: String,
    /// For whom.
    pub from: PersonId,
    /// Their name.
    pub from_name: String,
    /// Who.
    pub to: PersonId,
    /// Their name.
    pub to_name: String,
    /// Why.
    pub reason: String,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// When it was ended before its day.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who ended it.
    pub revoked_by: Option<String>,
}

/// Delegations at or below `roots`, and those that name `person`, the latest first, at most 200.
///
/// # Errors
/// The database fails.
pub async fn list(
    conn: &mut PgConnection,
    person: PersonId,
    roots: &[UnitId],
) -> Result<Vec<Shown>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Shown,
        r#"select d.id, d.unit_id as "unit: UnitId", u.names as "unit_names!", d.role, d.from_person as "from: PersonId", f.name as "from_name!",
                  d.to_person as "to: PersonId", t.name as "to_name!", d.reason, d.valid_from as first, d.valid_to as last,
                  d.revoked_at, r.name as "revoked_by?"
           from calendar.delegations d
           join identity.published_units u on u.id = d.unit_id
           join identity.published_people f on f.id = d.from_person
           join identity.published_people t on t.id = d.to_person
           left join identity.published_people r on r.id = d.revoked_by
           where u.path && $2 or $1 in (d.from_person, d.to_person)
           order by d.revoked_at is not null, d.valid_to desc, d.id desc limit 200"#,
        person.0,
        &roots
    )
    .fetch_all(conn)
    .await
}

/// One that may still be ended, locked.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none, or it has been ended.
pub async fn open(conn: &mut PgConnection, id: Uuid) -> Result<(UnitId, PersonId, PersonId), sqlx::Error> {
    let row = sqlx::query!(
        "select unit_id, from_person, to_person from calendar.delegations where id = $1 and revoked_at is null for update",
        id
    )
    .fetch_one(conn)
    .await?;
    Ok((row.unit_id.into(), row.from_person.into(), row.to_person.into()))
}

/// Ends it.
///
/// # Errors
/// The database fails.
pub async fn revoke(
    conn: &mut PgConnection,
    id: Uuid,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.delegations set revoked_at = $3, revoked_by = $2 where id = $1",
        id,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Somebody to choose.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Colleague {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Whether their sign-in asks for a one-time code.
    pub second_factor: bool,
}

/// Who works at exactly this unit today, `but` apart.
///
/// # Errors
/// The database fails.
pub async fn colleagues(
    conn: &mut PgConnection,
    unit: UnitId,
    but: PersonId,
    today: NaiveDate,
) -> Result<Vec<Colleague>, sqlx::Error> {
    sqlx::query_as!(
        Colleague,
        r#"select distinct p.id as "id!: PersonId", p.name as "name!", p.second_factor as "second_factor!"
           from identity.published_grants g join identity.published_people p on p.id = g.person_id
           where g.unit_id = $1 and g.person_id <> $2 and g.role not in ('contributor', 'remote_reader', 'native_reviewer')
             and g.valid_from <= $3 and (g.valid_to is null or g.valid_to >= $3)
           order by "name!""#,
        unit.0,
        but.0,
        today
    )
    .fetch_all(conn)
    .await
}
