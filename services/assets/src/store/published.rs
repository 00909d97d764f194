//! What identity publishes: units and people.

use std::collections::HashMap;

use chancery_access::{Grant, Place, Principal, Via};
use chancery_clock::Tz;
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::PgConnection;

/// A unit as it is today.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Root first, itself last.
    pub path: Vec<UnitId>,
    /// `{"vi": …, "en": …}`.
    pub names: Value,
    /// What kind of unit: `embassy`, `province`, ….
    pub kind: String,
    /// The country where it works: ISO 3166.
    pub country: Option<String>,
    /// Its own clock.
    pub zone: Tz,
    /// The languages in which it speaks.
    pub languages: Vec<String>,
}

impl Unit {
    /// For decisions.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place { path: &self.path }
    }
}

/// The languages in which a unit's assets should speak: Vietnamese, English, and its own.
pub fn wanted_languages(unit: &Unit) -> impl Iterator<Item = &str> {
    let own = unit.languages.iter().map(String::as_str);
    ["vi", "en"]
        .into_iter()
        .chain(own.filter(|tag| !["vi", "en"].contains(tag)))
}

/// One unit.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn unit(conn: &mut PgConnection, id: UnitId) -> Result<Unit, sqlx::Error> {
    let found = units(conn, &[id]).await?;
    found.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

/// These units, in no order; those that do not exist are left out.
///
/// # Errors
/// The database fails.
pub async fn units(conn: &mut PgConnection, ids: &[UnitId]) -> Result<Vec<Unit>, sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|unit| unit.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id!: UnitId", path as "path!", names as "names!", kind as "kind!", country, zone as "zone!",
                  languages as "languages!"
           from identity.published_units where id = any($1)"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Unit {
                id: row.id,
                path: row.path.into_iter().map(UnitId).collect(),
                names: row.names,
                kind: row.kind,
                country: row.country,
                zone: super::word("zone", &row.zone)?,
                languages: row.languages,
            })
        })
        .collect()
}

/// A unit to choose from.
#[derive(Debug, Clone, serde::Serialize)]
pub struct UnitName {
    /// Its id.
    pub id: UnitId,
    /// `{"vi": …, "en": …}`.
    pub names: Value,
}

/// The units at or below `roots` that are open: roots first, then by name.
///
/// # Errors
/// The database fails.
pub async fn units_below(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<UnitName>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        UnitName,
        r#"select id as "id!: UnitId", names as "names!" from identity.published_units
           where path && $1 and (valid_to is null or valid_to >= current_date)
           order by id = any($1) desc, slug"#,
        &roots
    )
    .fetch_all(conn)
    .await
}

/// Names of people by id, for pages.
///
/// # Errors
/// The database fails.
pub async fn people(
    conn: &mut PgConnection,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, String>, sqlx::Error> {
    let ids: Vec<_> = ids.into_iter().map(|person| person.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id!: PersonId", name as "name!" from identity.published_people where id = any($1)"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The ids of all units at or below `roots`, whether open or not.
///
/// # Errors
/// The database fails.
pub async fn ids_below(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<uuid::Uuid>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_scalar!(
        r#"select id as "id!" from identity.published_units where path && $1"#,
        &roots
    )
    .fetch_all(conn)
    .await
}

/// The ministry itself; none before it is set up.
///
/// # Errors
/// The database fails.
pub async fn root(conn: &mut PgConnection) -> Result<Option<UnitId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select id as "id!: UnitId" from identity.published_units where parent_id is null"#)
        .fetch_optional(conn)
        .await
}

/// A person with what they hold, as their session would have it.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn principal(
    conn: &mut PgConnection,
    person: PersonId,
    today: NaiveDate,
) -> Result<Principal, sqlx::Error> {
    let name = sqlx::query_scalar!(
        r#"select name as "name!" from identity.published_people where id = $1"#,
        person.0
    )
    .fetch_one(&mut *conn)
    .await?;
    let rows = sqlx::query!(
        r#"select unit_id as "unit!: UnitId", role as "role!", valid_from as "from!", valid_to as "to"
           from identity.published_grants where person_id = $1"#,
        person.0
    )
    .fetch_all(conn)
    .await?;
    let grants = rows.into_iter().filter_map(|row| {
        Some(Grant {
            role: row.role.parse().ok()?,
            unit: row.unit,
            from: row.from,
            to: row.to,
        })
    });
    Ok(Principal {
        person,
        name,
        grants: grants.collect(),
        via: Via::Session,
        today,
    })
}
