//! Units and their names by period.

use chancery_contracts::ids::UnitId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

use crate::model::Names;
use crate::model::unit::{Region, UnitDraft};

/// A unit as it is today.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The unit above.
    pub parent_id: Option<UnitId>,
    /// Root to the unit itself.
    pub path: Vec<UnitId>,
    /// See [`crate::model::unit::UnitKind`].
    pub kind: String,
    /// Its word in public addresses.
    pub slug: String,
    /// Today's name.
    #[schema(value_type = Names)]
    pub names: Json<Names>,
    /// Today's city.
    #[schema(value_type = Option<Names>)]
    pub city: Option<Json<Names>>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// IANA zone.
    pub zone: String,
    /// BCP 47 tags of the working languages.
    pub languages: Vec<String>,
    /// See [`crate::model::unit::Region`].
    pub region: Option<String>,
    /// Whether it is a mission abroad.
    pub is_mission: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// Who takes over after it.
    pub successor_id: Option<UnitId>,
    /// Grows with every change; an edit names the one it started from.
    pub revision: i32,
}

/// A name and when it began.
#[derive(Debug, Clone, Serialize)]
pub struct UnitName {
    /// First day of the name.
    pub valid_from: NaiveDate,
    /// The name.
    pub names: Json<Names>,
    /// The city at that time.
    pub city: Option<Json<Names>>,
}

/// Every unit, ended ones too; about a hundred and twenty in a large ministry.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<Unit>> {
    sqlx::query_as!(
        Unit,
        r#"select p.id as "id!: UnitId", p.parent_id as "parent_id: UnitId", p.path as "path!: Vec<UnitId>",
                  p.kind as "kind!", p.slug as "slug!", p.names as "names!: Json<Names>",
                  p.city as "city: Json<Names>", p.country, p.zone as "zone!", p.languages as "languages!",
                  p.region, p.is_mission as "is_mission!", p.valid_from as "valid_from!", p.valid_to,
                  p.successor_id as "successor_id: UnitId", u.revision
           from identity.published_units p join identity.units u on u.id = p.id
           order by cardinality(p.path), p.kind, p.names ->> 'vi' collate "vi-x-icu", p.id"#
    )
    .fetch_all(pool)
    .await
}

/// One unit.
pub async fn get(pool: &PgPool, id: UnitId) -> sqlx::Result<Option<Unit>> {
    sqlx::query_as!(
        Unit,
        r#"select p.id as "id!: UnitId", p.parent_id as "parent_id: UnitId", p.path as "path!: Vec<UnitId>",
                  p.kind as "kind!", p.slug as "slug!", p.names as "names!: Json<Names>",
                  p.city as "city: Json<Names>", p.country, p.zone as "zone!", p.languages as "languages!",
                  p.region, p.is_mission as "is_mission!", p.valid_from as "valid_from!", p.valid_to,
                  p.successor_id as "successor_id: UnitId", u.revision
           from identity.published_units p join identity.units u on u.id = p.id
           where p.id = $1"#,
        id.0
    )
    .fetch_optional(pool)
    .await
}

/// The path of a unit, root first.
pub async fn path(conn: &mut PgConnection, id: UnitId) -> sqlx::Result<Option<Vec<UnitId>>> {
    sqlx::query_scalar!(
        r#"select path as "path: Vec<UnitId>" from identity.units where id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// The ministry itself, once it is set up.
pub async fn root(conn: &mut PgConnection) -> sqlx::Result<Option<UnitId>> {
    sqlx::query_scalar!(r#"select id as "id: UnitId" from identity.units where parent_id is null"#)
        .fetch_optional(conn)
        .await
}

/// All names of a unit, the latest first.
pub async fn names(pool: &PgPool, id: UnitId) -> sqlx::Result<Vec<UnitName>> {
    sqlx::query_as!(
        UnitName,
        r#"select valid_from, names as "names: Json<Names>", city as "city: Json<Names>"
           from identity.unit_names where unit_id = $1 order by valid_from desc"#,
        id.0
    )
    .fetch_all(pool)
    .await
}

/// Stores a new unit; its name begins on its first day.
pub async fn insert(
    conn: &mut PgConnection,
    id: UnitId,
    draft: &UnitDraft,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.units
             (id, parent_id, kind, slug, country, zone, languages, region, valid_from, valid_to, successor_id,
              created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
        id.0,
        draft.parent.map(|id| id.0),
        draft.kind.as_str(),
        draft.slug,
        draft.country,
        draft.zone.name(),
        &draft.languages,
        draft.region.map(Region::as_str),
        draft.valid_from,
        draft.valid_to,
        draft.successor.map(|id| id.0),
        now
    )
    .execute(&mut *conn)
    .await?;
    rename(conn, id, &draft.names, draft.city.as_ref(), draft.valid_from).await
}

/// Changes a unit unless somebody else did since `revision`; says whether it was changed. Names: see [`rename`].
pub async fn update(
    conn: &mut PgConnection,
    id: UnitId,
    draft: &UnitDraft,
    revision: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.units
         set parent_id = $2, kind = $3, slug = $4, country = $5, zone = $6, languages = $7, region = $8,
             valid_from = $9, valid_to = $10, successor_id = $11, revision = revision + 1, updated_at = $12
         where id = $1 and revision = $13",
        id.0,
        draft.parent.map(|id| id.0),
        draft.kind.as_str(),
        draft.slug,
        draft.country,
        draft.zone.name(),
        &draft.languages,
        draft.region.map(Region::as_str),
        draft.valid_from,
        draft.valid_to,
        draft.successor.map(|id| id.0),
        now,
        revision
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// From `from` on the unit is called so; what it was called before stays. The same day twice corrects that name.
pub async fn rename(
    conn: &mut PgConnection,
    id: UnitId,
    names: &Names,
    city: Option<&Names>,
    from: NaiveDate,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.unit_names (unit_id, valid_from, names, city) values ($1, $2, $3, $4)
         on conflict (unit_id, valid_from) do update set names = excluded.names, city = excluded.city",
        id.0,
        from,
        Json(names) as _,
        city.map(Json) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}
