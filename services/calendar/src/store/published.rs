//! What identity and the publisher publish, as the calendar needs it.

use std::collections::HashMap;

use chancery_access::{Grant, Place, Principal, Via};
use chancery_clock::Tz;
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::PgConnection;

use super::word;
use crate::model::Account;

/// A unit with its clocks.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Root to self.
    pub path: Vec<UnitId>,
    /// `{"vi": …, "en": …}`.
    pub names: Value,
    /// `{"vi": …, "en": …}`.
    pub city: Option<Value>,
    /// The clock of its host country.
    pub zone: Tz,
    /// Working languages, the main one first.
    pub languages: Vec<String>,
    /// Whether it is a mission abroad.
    pub is_mission: bool,
    /// Headquarters' clock.
    pub headquarters: Tz,
}

impl Unit {
    /// For access decisions.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place { path: &self.path }
    }
}

/// One unit.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn unit(conn: &mut PgConnection, id: UnitId) -> Result<Unit, sqlx::Error> {
    let row = sqlx::query!(
        r#"select u.path as "path!", u.names as "names!", u.city as "city?", u.zone as "zone!", u.languages as "languages!",
                  u.is_mission as "is_mission!", coalesce(root.zone, u.zone) as "headquarters!"
           from identity.published_units u
           left join identity.published_units root on root.parent_id is null
           where u.id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Unit {
        id,
        path: row.path.into_iter().map(UnitId).collect(),
        names: row.names,
        city: row.city,
        zone: word("zone", &row.zone)?,
        languages: row.languages,
        is_mission: row.is_mission,
        headquarters: word("zone", &row.headquarters)?,
    })
}

/// The ministry itself.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] before it is set up.
pub async fn root(conn: &mut PgConnection) -> Result<Unit, sqlx::Error> {
    let id =
        sqlx::query_scalar!(r#"select id as "id!" from identity.published_units where parent_id is null"#)
            .fetch_one(&mut *conn)
            .await?;
    unit(conn, id.into()).await
}

/// A unit to choose from.
#[derive(Debug, Clone, serde::Serialize)]
pub struct UnitName {
    /// Its id.
    pub id: UnitId,
    /// `{"vi": …, "en": …}`.
    pub names: Value,
}

/// The units at or below `roots` that speak in public, missions first: for choosing whose an item is.
///
/// # Errors
/// The database fails.
pub async fn units_below(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<UnitName>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        UnitName,
        r#"select id as "id!: UnitId", names as "names!" from identity.published_units
           where path && $1 and (valid_to is null or valid_to >= current_date)
           order by is_mission desc, slug"#,
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

/// The accounts of a unit, the press room first. Those on platforms that this version does not know are left out.
///
/// # Errors
/// The database fails.
pub async fn accounts(conn: &mut PgConnection, unit: UnitId) -> Result<Vec<Account>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id!", platform as "platform!", handle as "handle!", name as "name!",
                  languages as "languages!", state as "state!", max_graphemes, max_bytes
           from publisher.published_accounts where unit_id = $1
           order by platform <> 'press_room', name"#,
        unit.0
    )
    .fetch_all(conn)
    .await?;
    let limit = |limit: Option<i32>| limit.and_then(|limit| u32::try_from(limit).ok());
    let known = rows.into_iter().filter_map(|row| {
        Some(Account {
            id: row.id.into(),
            unit,
            platform: row.platform.parse().ok()?,
            handle: row.handle,
            name: row.name,
            languages: row.languages,
            state: row.state,
            max_graphemes: limit(row.max_graphemes),
            max_bytes: limit(row.max_bytes),
        })
    });
    Ok(known.collect())
}
