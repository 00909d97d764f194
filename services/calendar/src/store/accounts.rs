//! Accounts, as the publisher publishes them.

use chancery_contracts::ids::UnitId;
use sqlx::PgConnection;

use crate::model::Account;

/// The accounts of a unit, the press room first. Those on platforms that this version does not know are left out.
///
/// # Errors
/// The database fails.
pub async fn of_unit(conn: &mut PgConnection, unit: UnitId) -> Result<Vec<Account>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id!", platform as "platform!", handle as "handle!", name as "name!",
                  languages as "languages!", state as "state!", max_graphemes, max_bytes, token_ends_at
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
            token_ends_at: row.token_ends_at,
        })
    });
    Ok(known.collect())
}
