//! People.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

use crate::model::Names;
use crate::model::person::PersonForm;

/// A person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// `vi` or `en`.
    pub language: String,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// Whether they can sign in at all.
    pub active: bool,
    /// Grows with every change.
    pub revision: i32,
}

/// A person in a list, with what they hold today.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonRow {
    /// Their id.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Whether they can sign in at all.
    pub active: bool,
    /// `[{"role", "unit_id", "names"}]`, held on the day asked for.
    #[schema(value_type = Vec<Object>)]
    pub roles: Json<Vec<HeldRole>>,
    /// What the database orders the list by.
    #[serde(skip)]
    pub sort: String,
}

/// A role somebody holds today.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub struct HeldRole {
    /// The role's word.
    pub role: String,
    /// Where.
    pub unit_id: UnitId,
    /// Where, in words.
    pub names: Names,
}

/// Which people a list shows.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    /// Part of the name or address.
    pub text: Option<String>,
    /// Who holds a role at this unit or below.
    pub unit: Option<UnitId>,
    /// Who holds this role.
    pub role: Option<String>,
    /// Only these units and what is below are visible; `None`: all.
    pub visible: Option<Vec<UnitId>>,
    /// After this person of the page before: their name in small letters, and id.
    pub after: Option<(String, PersonId)>,
    /// How many.
    pub fetch: i64,
}

/// One page of people, by name.
pub async fn list(pool: &PgPool, filter: &PeopleFilter) -> sqlx::Result<Vec<PersonRow>> {
    let text = filter.text.as_ref().map(|text| format!("%{}%", like(text)));
    let (after_name, after_id) = filter.after.clone().unzip();
    let visible = filter
        .visible
        .as_ref()
        .map(|units| units.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query_as!(
        PersonRow,
        r#"select p.id as "id: PersonId", p.name, p.email, p.active,
                  coalesce((
                      select jsonb_agg(jsonb_build_object('role', g.role, 'unit_id', g.unit_id, 'names', u.names)
                                       order by cardinality(u.path), g.role)
                      from identity.grants g join identity.published_units u on u.id = g.unit_id
                      where g.person_id = p.id and g.valid_from <= identity.today()
                        and (g.valid_to is null or g.valid_to >= identity.today())
                  ), '[]') as "roles!: Json<Vec<HeldRole>>",
                  lower(p.name) as "sort!"
           from identity.people p
           where ($1::text is null or p.name ilike $1 or p.email ilike $1)
             and (($2::uuid is null and $3::text is null and $4::uuid[] is null) or exists (
                      select from identity.grants g join identity.units u on u.id = g.unit_id
                      where g.person_id = p.id
                        and ($2::uuid is null or $2 = any (u.path))
                        and ($3::text is null or g.role = $3)
                        and ($4::uuid[] is null or u.path && $4)))
             and ($5::text is null or (lower(p.name), p.id) > ($5, $6::uuid))
           order by lower(p.name), p.id
           limit $7"#,
        text,
        filter.unit.map(|id| id.0),
        filter.role,
        visible.as_deref(),
        after_name,
        after_id.map(|id| id.0),
        filter.fetch
    )
    .fetch_all(pool)
    .await
}

/// `text` without meaning of its own inside `like`.
fn like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// One person.
pub async fn get(pool: &PgPool, id: PersonId) -> sqlx::Result<Option<Person>> {
    sqlx::query_as!(
        Person,
        r#"select id as "id: PersonId", name, email, language, theme, active, revision
           from identity.people where id = $1"#,
        id.0
    )
    .fetch_optional(pool)
    .await
}

/// The person with this sign-in name, whatever its case.
pub async fn by_email(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<Person>> {
    sqlx::query_as!(
        Person,
        r#"select id as "id: PersonId", name, email, language, theme, active, revision
           from identity.people where lower(email) = lower($1)"#,
        email
    )
    .fetch_optional(conn)
    .await
}

/// Stores a new person.
pub async fn insert(
    conn: &mut PgConnection,
    id: PersonId,
    form: &PersonForm,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.people (id, name, email, language, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)",
        id.0,
        form.name,
        form.email,
        form.language,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a person unless somebody else did since `revision`; says whether it was changed.
pub async fn update(
    conn: &mut PgConnection,
    id: PersonId,
    form: &PersonForm,
    revision: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.people
         set name = $2, email = $3, language = $4, revision = revision + 1, updated_at = $5
         where id = $1 and revision = $6",
        id.0,
        form.name,
        form.email,
        form.language,
        now,
        revision
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets a person sign in, or no longer; says whether that is new.
pub async fn set_active(
    conn: &mut PgConnection,
    id: PersonId,
    active: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.people set active = $2, revision = revision + 1, updated_at = $3
         where id = $1 and active <> $2",
        id.0,
        active,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How a person likes their pages.
pub async fn set_preferences(
    conn: &mut PgConnection,
    id: PersonId,
    language: &str,
    theme: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update identity.people set language = $2, theme = $3, updated_at = $4 where id = $1",
        id.0,
        language,
        theme,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A person of the demonstration, for its sign-in page.
#[derive(Debug, Clone, Serialize)]
pub struct DemoPerson {
    /// Their id.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// What to try as this person.
    pub note: Option<Json<Names>>,
    /// What they hold today.
    pub roles: Json<Vec<HeldRole>>,
}

/// Everybody whom the demonstration's sign-in page offers, in the order in which they were made.
pub async fn demo(pool: &PgPool) -> sqlx::Result<Vec<DemoPerson>> {
    sqlx::query_as!(
        DemoPerson,
        r#"select p.id as "id: PersonId", p.name, p.demo_note as "note: Json<Names>",
                  coalesce((
                      select jsonb_agg(jsonb_build_object('role', g.role, 'unit_id', g.unit_id, 'names', u.names)
                                       order by cardinality(u.path), g.role)
                      from identity.grants g join identity.published_units u on u.id = g.unit_id
                      where g.person_id = p.id and g.valid_from <= identity.today()
                        and (g.valid_to is null or g.valid_to >= identity.today())
                  ), '[]') as "roles!: Json<Vec<HeldRole>>"
           from identity.people p
           where p.demo and p.active
           order by p.created_at, p.id"#
    )
    .fetch_all(pool)
    .await
}

/// Whether this is an active person of the demonstration.
pub async fn is_demo(conn: &mut PgConnection, id: PersonId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!("select demo and active from identity.people where id = $1", id.0)
        .fetch_optional(conn);
    Ok(found.await?.flatten().unwrap_or(false))
}
