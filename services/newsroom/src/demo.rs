//! For the demonstration ministry, whose releases take the same road as real ones: a few are taken down again.

use chancery_contracts::ids::ItemId;
use sqlx::{Error, PgConnection, query};
use uuid::Uuid;

/// Takes the releases of that Vietnamese title, among those of `items`, down again in every language; `reasons` is by
/// language. `connection` is the publisher's login or the owner's.
///
/// # Errors
/// The database's.
pub async fn withdraw(
    connection: &mut PgConnection,
    items: &[ItemId],
    title: &str,
    reasons: &[(&str, &str)],
) -> Result<(), Error> {
    let items: Vec<Uuid> = items.iter().map(|item| item.0).collect();
    for (language, reason) in reasons {
        query!(
            r#"select newsroom.withdraw(r.id, $4) as "withdrawn!"
               from newsroom.releases r
               where r.language = $3 and r.item_id in (
                   select item_id from newsroom.releases where item_id = any($1) and language = 'vi' and title = $2)"#,
            &items,
            title,
            *language,
            *reason
        )
        .fetch_all(&mut *connection)
        .await?;
    }
    Ok(())
}
