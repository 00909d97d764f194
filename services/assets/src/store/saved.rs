//! Searches that people keep, each for themselves.

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query, query_as};
use uuid::Uuid;

/// A search.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Saved {
    /// Its id.
    pub id: Uuid,
    /// As the person calls it.
    pub name: String,
    /// The address's parameters.
    pub query: String,
}

/// A person's searches, by name.
///
/// # Errors
/// The database fails.
pub async fn of_person(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Saved>, sqlx::Error> {
    query_as!(
        Saved,
        "select id, name, query from assets.saved_searches where person_id = $1 order by name limit 100",
        person.0
    )
    .fetch_all(conn)
    .await
}

/// Keeps one; the same name again replaces it.
///
/// # Errors
/// The database fails.
pub async fn keep(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    name: &str,
    search: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.saved_searches (id, person_id, name, query, created_at) values ($1, $2, $3, $4, $5)
         on conflict (person_id, name) do update set query = excluded.query",
        id,
        person.0,
        name,
        search,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets one.
///
/// # Errors
/// The database fails.
pub async fn forget(conn: &mut PgConnection, id: Uuid, person: PersonId) -> Result<(), sqlx::Error> {
    query!(
        "delete from assets.saved_searches where id = $1 and person_id = $2",
        id,
        person.0
    )
    .execute(conn)
    .await?;
    Ok(())
}
