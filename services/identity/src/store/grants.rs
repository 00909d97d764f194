//! Roles at units, from a date to a date.

use chancery_access::Role;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::model::Names;

/// A posting: who is what, where, from when to when.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Posting {
    /// The grant's id.
    pub id: Uuid,
    /// Who.
    pub person_id: PersonId,
    /// Who, by name.
    pub person: String,
    /// Where.
    pub unit_id: UnitId,
    /// Where, in words.
    #[schema(value_type = Names)]
    pub unit: Json<Names>,
    /// The role's word.
    pub role: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// All postings of a person, the present and latest first.
pub async fn of_person(pool: &PgPool, person: PersonId) -> sqlx::Result<Vec<Posting>> {
    sqlx::query_as!(
        Posting,
        r#"select g.id, g.person_id as "person_id: PersonId", p.name as person, g.unit_id as "unit_id: UnitId",
                  identity.unit_names_on(g.unit_id, coalesce(g.valid_to, identity.today()))
                      as "unit!: Json<Names>",
                  g.role, g.valid_from, g.valid_to
           from identity.grants g join identity.people p on p.id = g.person_id
           where g.person_id = $1
           order by g.valid_to desc nulls first, g.valid_from desc, g.id"#,
        person.0
    )
    .fetch_all(pool)
    .await
}

/// All postings at a unit itself, the present and latest first; at most 200.
pub async fn of_unit(pool: &PgPool, unit: UnitId) -> sqlx::Result<Vec<Posting>> {
    sqlx::query_as!(
        Posting,
        r#"select g.id, g.person_id as "person_id: PersonId", p.name as person, g.unit_id as "unit_id: UnitId",
                  identity.unit_names_on(g.unit_id, coalesce(g.valid_to, identity.today()))
                      as "unit!: Json<Names>",
                  g.role, g.valid_from, g.valid_to
           from identity.grants g join identity.people p on p.id = g.person_id
           where g.unit_id = $1
           order by g.valid_to desc nulls first, g.valid_from desc, g.id
           limit 200"#,
        unit.0
    )
    .fetch_all(pool)
    .await
}

/// One posting.
pub async fn get(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Posting>> {
    sqlx::query_as!(
        Posting,
        r#"select g.id, g.person_id as "person_id: PersonId", p.name as person, g.unit_id as "unit_id: UnitId",
                  identity.unit_names_on(g.unit_id, identity.today()) as "unit!: Json<Names>",
                  g.role, g.valid_from, g.valid_to
           from identity.grants g join identity.people p on p.id = g.person_id
           where g.id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await
}

/// A grant to store.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant {
    /// Its id.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// What.
    pub role: Role,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Who gives it; none for the system itself.
    pub by: Option<PersonId>,
}

/// Stores a grant; says no if the same posting exists.
pub async fn insert(conn: &mut PgConnection, grant: &NewGrant, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into identity.grants (id, person_id, unit_id, role, valid_from, valid_to, granted_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (person_id, unit_id, role, valid_from) do nothing",
        grant.id,
        grant.person.0,
        grant.unit.0,
        grant.role.as_str(),
        grant.from,
        grant.to,
        grant.by.map(|id| id.0),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The last day of a posting becomes `last`; one that would end before it begins is taken back altogether.
pub async fn end(conn: &mut PgConnection, id: Uuid, last: NaiveDate) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from identity.grants where id = $1 and valid_from > $2",
        id,
        last
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("update identity.grants set valid_to = $2 where id = $1", id, last)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether somebody active administers the whole ministry on the day, other than through the grant `except`.
pub async fn is_administered(
    conn: &mut PgConnection,
    except: Option<Uuid>,
    day: NaiveDate,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from identity.grants g
               join identity.people p on p.id = g.person_id and p.active
               join identity.units u on u.id = g.unit_id and u.parent_id is null
               where g.role = 'administrator' and g.id is distinct from $1 and g.valid_from <= $2
                 and (g.valid_to is null or g.valid_to >= $2)) as "exists!""#,
        except,
        day
    )
    .fetch_one(conn)
    .await
}

/// Whether the person holds, or will hold, a role that a password alone does not open.
pub async fn needs_second_factor(
    conn: &mut PgConnection,
    person: PersonId,
    day: NaiveDate,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from identity.grants
               where person_id = $1 and identity.needs_second_factor(role)
                 and (valid_to is null or valid_to >= $2)) as "exists!""#,
        person.0,
        day
    )
    .fetch_one(conn)
    .await
}

/// The active people behind these recipients on the day: named ones, and holders of roles by inheritance too. Each
/// once, without `except`.
pub async fn resolve(
    conn: &mut PgConnection,
    to: &[Recipient],
    except: Option<PersonId>,
    day: NaiveDate,
) -> sqlx::Result<Vec<PersonId>> {
    let mut persons = Vec::new();
    let (mut roles, mut units) = (Vec::new(), Vec::new());
    for recipient in to {
        match recipient {
            Recipient::Person(id) => persons.push(id.0),
            Recipient::Role { role, unit } => {
                roles.push(role.clone());
                units.push(unit.0);
            }
        }
    }
    sqlx::query_scalar!(
        r#"select p.id as "id: PersonId"
           from identity.people p
           where p.active and p.id is distinct from $4
             and (p.id = any($1) or exists (
                 select from unnest($2::text[], $3::uuid[]) as wanted (role, unit_id)
                 join identity.units u on u.id = wanted.unit_id
                 join identity.grants g on g.role = wanted.role and g.unit_id = any (u.path)
                 where g.person_id = p.id and g.valid_from <= $5 and (g.valid_to is null or g.valid_to >= $5)))
           order by p.id"#,
        &persons,
        &roles,
        &units,
        except.map(|id| id.0),
        day
    )
    .fetch_all(conn)
    .await
}

/// Today at headquarters, by the product's clock.
pub async fn today(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<NaiveDate> {
    let zone = sqlx::query_scalar!("select zone from identity.units where parent_id is null")
        .fetch_optional(conn)
        .await?
        .and_then(|zone| zone.parse::<chrono_tz::Tz>().ok())
        .unwrap_or(chrono_tz::UTC);
    Ok(now.with_timezone(&zone).date_naive())
}

/// A unit's path, root first.
#[derive(Debug)]
pub struct Path(pub Vec<UnitId>);

/// The paths of the units at which a person holds, or will hold, a role.
pub async fn paths_of(conn: &mut PgConnection, person: PersonId, day: NaiveDate) -> sqlx::Result<Vec<Path>> {
    let paths = sqlx::query_scalar!(
        r#"select distinct u.path as "path: Vec<UnitId>"
           from identity.grants g join identity.units u on u.id = g.unit_id
           where g.person_id = $1 and (g.valid_to is null or g.valid_to >= $2)"#,
        person.0,
        day
    )
    .fetch_all(conn)
    .await?;
    Ok(paths.into_iter().map(Path).collect())
}

/// Whether anybody holds this role today.
pub async fn anybody_holds(pool: &PgPool, role: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from identity.published_grants
               where role = $1 and valid_from <= identity.today()
                 and (valid_to is null or valid_to >= identity.today())) as "exists!""#,
        role
    )
    .fetch_one(pool)
    .await
}

/// Who is head of mission today, by unit: what lists of missions show.
pub async fn heads(pool: &PgPool) -> sqlx::Result<Vec<(UnitId, String)>> {
    let rows = sqlx::query!(
        r#"select g.unit_id as "unit_id: UnitId", p.name
           from identity.grants g join identity.people p on p.id = g.person_id and p.active
           where g.role = 'head_of_mission' and g.valid_from <= identity.today()
             and (g.valid_to is null or g.valid_to >= identity.today())
           order by g.valid_from"#
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.name)).collect())
}

/// Whether the person holds, held or will hold a role at one of these units or below.
pub async fn any_below(pool: &PgPool, person: PersonId, units: &[UnitId]) -> sqlx::Result<bool> {
    let units: Vec<_> = units.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select exists (
               select from identity.grants g join identity.units u on u.id = g.unit_id
               where g.person_id = $1 and u.path && $2) as "exists!""#,
        person.0,
        &units
    )
    .fetch_one(pool)
    .await
}
