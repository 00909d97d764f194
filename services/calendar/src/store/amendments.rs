//! An approver's own wording of what waits.

use chancery_contracts::ids::{ItemId, PersonId};
use chancery_contracts::{Edition, EditionHash};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::word;
use crate::model::{Draft, StepRole};

/// What an approver proposes in place of a version that waits.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// Its id.
    pub id: Uuid,
    /// The version that it would replace.
    pub version: i32,
    /// Everything as it would be written.
    pub draft: Draft,
    /// The edition that it would become, word for word.
    pub edition: Edition,
    /// That edition's hash: what the approver approves.
    pub hash: EditionHash,
    /// The step that they take with it.
    pub role: StepRole,
    /// Who proposes it.
    pub person: PersonId,
    /// Why.
    pub comment: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a proposal down, in place of an earlier one for the same version.
///
/// # Errors
/// The database fails or refuses.
pub async fn put(conn: &mut PgConnection, item: ItemId, one: &Amendment) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.amendments (id, item_id, version, draft, edition, edition_hash, role, person_id, comment, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (item_id, version) do update
         set id = excluded.id, draft = excluded.draft, edition = excluded.edition, edition_hash = excluded.edition_hash,
             role = excluded.role, person_id = excluded.person_id, comment = excluded.comment, proposed_at = excluded.proposed_at",
        one.id,
        item.0,
        one.version,
        Json(&one.draft) as _,
        Json(&one.edition) as _,
        one.hash.to_string(),
        one.role.as_str(),
        one.person.0,
        one.comment,
        one.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is proposed for a version and not yet taken over.
///
/// # Errors
/// The database fails.
pub async fn of_version(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
) -> Result<Option<Amendment>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, version, draft as "draft: Json<Draft>", edition as "edition: Json<Edition>", edition_hash, role, person_id, comment,
                  proposed_at
           from calendar.amendments where item_id = $1 and version = $2 and accepted_at is null"#,
        item.0,
        version
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Amendment {
            id: row.id,
            version: row.version,
            draft: row.draft.0,
            edition: row.edition.0,
            hash: word("edition_hash", &row.edition_hash)?,
            role: word("role", &row.role)?,
            person: row.person_id.into(),
            comment: row.comment,
            at: row.proposed_at,
        })
    })
    .transpose()
}

/// Notes who took it over.
///
/// # Errors
/// The database fails, or refuses: nobody takes over their own.
pub async fn accept(
    conn: &mut PgConnection,
    id: Uuid,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.amendments set accepted_by = $2, accepted_at = $3 where id = $1 and accepted_at is null",
        id,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
