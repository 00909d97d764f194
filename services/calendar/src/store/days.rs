//! Days that people enter: mourning, swapped days, visits, events, sensitive dates.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::{EnteredKind, Holds};

/// A day, or several in a row, that somebody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Its id.
    pub id: Uuid,
    /// What sort.
    pub kind: EnteredKind,
    /// Where it holds.
    pub holds: Holds,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// What it is.
    pub name: String,
    /// What there is to know.
    pub note: String,
    /// Counts changes.
    pub revision: i64,
}

struct Row {
    id: Uuid,
    kind: String,
    scope: String,
    region: Option<String>,
    country: Option<String>,
    unit_id: Option<Uuid>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    name: String,
    note: String,
    revision: i64,
}

impl TryFrom<Row> for Entered {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let holds = match (row.scope.as_str(), row.region, row.country, row.unit_id) {
            ("region", Some(region), _, _) => Holds::Region(region),
            ("country", _, Some(country), _) => Holds::Country(country),
            ("unit", _, _, Some(unit)) => Holds::Unit(unit.into()),
            _ => Holds::Ministry,
        };
        Ok(Self {
            id: row.id,
            kind: word("kind", &row.kind)?,
            holds,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            name: row.name,
            note: row.note,
            revision: row.revision,
        })
    }
}

/// Where a unit is, as days ask it.
#[derive(Debug, Clone, Default)]
pub struct Where {
    /// The units and those above them.
    pub units: Vec<Uuid>,
    /// Their parts of the world.
    pub regions: Vec<String>,
    /// Their host countries.
    pub countries: Vec<String>,
}

/// Where one unit is.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn where_is(conn: &mut PgConnection, unit: UnitId) -> Result<Where, sqlx::Error> {
    let row = sqlx::query!(
        r#"select path as "path!", region as "region?", country as "country?" from identity.published_units where id = $1"#,
        unit.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Where {
        units: row.path,
        regions: row.region.into_iter().collect(),
        countries: row.country.into_iter().collect(),
    })
}

/// What was entered for one of these places and touches the days from `from` to `to`, by date.
///
/// # Errors
/// The database fails.
pub async fn touching(
    conn: &mut PgConnection,
    place: &Where,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Entered>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, kind, scope, region, country, unit_id, starts_on, ends_on, name, note, revision
         from calendar.days
         where ends_on >= $1 and starts_on <= $2
           and (scope = 'ministry' or region = any($3) or country = any($4) or unit_id = any($5))
         order by starts_on, ends_on, id limit 1000",
        from,
        to,
        &place.regions,
        &place.countries,
        &place.units,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One of them.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Entered, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "select id, kind, scope, region, country, unit_id, starts_on, ends_on, name, note, revision
         from calendar.days where id = $1",
        id
    )
    .fetch_one(conn)
    .await?
    .try_into()
}

/// Enters it, or changes it when its revision is still the one given. False: somebody else changed it.
///
/// # Errors
/// The database fails or refuses.
pub async fn save(
    conn: &mut PgConnection,
    day: &Entered,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let (region, country, unit) = match &day.holds {
        Holds::Ministry => (None, None, None),
        Holds::Region(region) => (Some(region), None, None),
        Holds::Country(country) => (None, Some(country), None),
        Holds::Unit(unit) => (None, None, Some(unit.0)),
    };
    let done = sqlx::query!(
        "insert into calendar.days as d
             (id, kind, scope, region, country, unit_id, starts_on, ends_on, name, note, created_by, created_at, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $12)
         on conflict (id) do update
         set kind = excluded.kind, scope = excluded.scope, region = excluded.region, country = excluded.country,
             unit_id = excluded.unit_id, starts_on = excluded.starts_on, ends_on = excluded.ends_on, name = excluded.name,
             note = excluded.note, updated_by = excluded.updated_by, updated_at = excluded.updated_at, revision = d.revision + 1
         where d.revision = $13",
        day.id,
        day.kind.as_str(),
        day.holds.as_str(),
        region,
        country,
        unit,
        day.starts_on,
        day.ends_on,
        day.name,
        day.note,
        by.0,
        at,
        day.revision,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes it away.
///
/// # Errors
/// The database fails.
pub async fn remove(conn: &mut PgConnection, id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from calendar.days where id = $1", id)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}
