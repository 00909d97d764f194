use std::collections::HashMap;

use chancery_access::{Grant, Principal, Via};
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::NaiveDate;
use sqlx::PgConnection;

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
