//! What a board can be of: units on their clocks, channels, campaigns; and what somebody looked at last.

use chancery_clock::Tz;
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;

/// A unit whose items a board can show.
#[derive(Debug, Clone)]
pub struct BoardUnit {
    /// Its id.
    pub id: UnitId,
    /// Root first, itself last.
    pub path: Vec<Uuid>,
    /// `{"vi": …, "en": …}`.
    pub names: Value,
    /// `{"vi": …, "en": …}`.
    pub city: Option<Value>,
    /// Its own clock.
    pub zone: Tz,
    /// The part of the world it is in.
    pub region: Option<String>,
    /// Its host country.
    pub country: Option<String>,
    /// Whether it is a mission abroad.
    pub is_mission: bool,
}

/// The units at or below `roots`, missions first, by part of the world and name. Closed ones too: they have a past.
///
/// # Errors
/// The database fails.
pub async fn units(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<BoardUnit>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id!: UnitId", path as "path!", names as "names!", city as "city?", zone as "zone!", region as "region?",
                  country as "country?", is_mission as "is_mission!"
           from identity.published_units where path && $1
           order by is_mission desc, region nulls last, slug"#,
        &roots
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(BoardUnit {
                id: row.id,
                path: row.path,
                names: row.names,
                city: row.city,
                zone: word("zone", &row.zone)?,
                region: row.region,
                country: row.country,
                is_mission: row.is_mission,
            })
        })
        .collect()
}

/// Headquarters' clock and city.
///
/// # Errors
/// The database fails, or there is no ministry yet.
pub async fn headquarters(conn: &mut PgConnection) -> Result<(Tz, Option<Value>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select zone as "zone!", city as "city?" from identity.published_units where parent_id is null"#
    )
    .fetch_one(conn)
    .await?;
    Ok((word("zone", &row.zone)?, row.city))
}

/// A channel, for the lanes.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Lane {
    /// The account.
    pub id: Uuid,
    /// Its unit.
    pub unit: UnitId,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub platform: String,
}

/// The accounts of these units, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn lanes(conn: &mut PgConnection, units: &[Uuid], limit: i64) -> Result<Vec<Lane>, sqlx::Error> {
    sqlx::query_as!(
        Lane,
        r#"select id as "id!", unit_id as "unit!: UnitId", name as "name!", platform as "platform!"
           from publisher.published_accounts where unit_id = any($1)
           order by unit_id, platform <> 'press_room', name limit $2"#,
        units,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A campaign to filter by: its id and name.
///
/// # Errors
/// The database fails.
pub async fn campaigns(conn: &mut PgConnection, units: &[Uuid]) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, name from calendar.campaigns where unit_id = any($1) order by starts_on desc, id desc limit 200",
        units
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// How somebody last looked at the board: the query of its address.
///
/// # Errors
/// The database fails.
pub async fn remembered(conn: &mut PgConnection, person: PersonId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select query from calendar.boards where person_id = $1", person.0)
        .fetch_optional(conn)
        .await
}

/// Remembers it.
///
/// # Errors
/// The database fails.
pub async fn remember(
    conn: &mut PgConnection,
    person: PersonId,
    query: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.boards as b (person_id, query, changed_at) values ($1, $2, $3)
         on conflict (person_id) do update set query = excluded.query, changed_at = excluded.changed_at
         where b.query <> excluded.query",
        person.0,
        query,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
