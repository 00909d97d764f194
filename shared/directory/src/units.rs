use chancery_access::Place;
use chancery_clock::Tz;
use chancery_contracts::ids::UnitId;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// A unit as it is today.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Root first, itself last.
    pub path: Vec<UnitId>,
    /// `{"vi": …, "en": …}`.
    pub names: Value,
    /// `{"vi": …, "en": …}`.
    pub city: Option<Value>,
    /// What kind of unit: `embassy`, `province`, ….
    pub kind: String,
    /// The country where it works: ISO 3166.
    pub country: Option<String>,
    /// Its own clock.
    pub zone: Tz,
    /// Working languages, the main one first.
    pub languages: Vec<String>,
    /// Whether it is a mission abroad.
    pub is_mission: bool,
    /// The ministry's own clock: the second of the two that pages show.
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
        r#"select u.id as "id!: UnitId", u.path as "path!", u.names as "names!", u.city as "city?", u.kind as "kind!",
                  u.country as "country?", u.zone as "zone!", u.languages as "languages!", u.is_mission as "is_mission!",
                  coalesce(root.zone, u.zone) as "headquarters!"
           from identity.published_units u
           left join identity.published_units root on root.parent_id is null
           where u.id = any($1)"#,
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
                city: row.city,
                kind: row.kind,
                country: row.country,
                zone: zone(&row.zone)?,
                languages: row.languages,
                is_mission: row.is_mission,
                headquarters: zone(&row.headquarters)?,
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

/// The open units at or below `roots`: the roots themselves first, then missions, then the others.
///
/// # Errors
/// The database fails.
pub async fn units_below(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<UnitName>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        UnitName,
        r#"select id as "id!: UnitId", names as "names!" from identity.published_units
           where path && $1 and (valid_to is null or valid_to >= current_date)
           order by id = any($1) desc, is_mission desc, slug"#,
        &roots
    )
    .fetch_all(conn)
    .await
}

/// The ids of all units at or below `roots`, whether open or not.
///
/// # Errors
/// The database fails.
pub async fn ids_below(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<Uuid>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_scalar!(
        r#"select id as "id!" from identity.published_units where path && $1"#,
        &roots
    )
    .fetch_all(conn)
    .await
}

/// The ministry itself.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] before it is set up.
pub async fn ministry(conn: &mut PgConnection) -> Result<Unit, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"select id as "id!: UnitId" from identity.published_units where parent_id is null"#
    )
    .fetch_one(&mut *conn)
    .await?;
    unit(conn, id).await
}

/// Checked when it was written, so a failure is a fault of ours.
fn zone(name: &str) -> Result<Tz, sqlx::Error> {
    name.parse().map_err(|_| sqlx::Error::ColumnDecode {
        index: "zone".to_owned(),
        source: format!("“{name}” is no time zone").into(),
    })
}
