//! What the public is told of a correction, for each text of an item.

use chancery_contracts::ids::{AccountId, ItemId};
use sqlx::PgConnection;

/// A note to the public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// On which account.
    pub account: AccountId,
    /// In which language.
    pub language: String,
    /// What was corrected.
    pub note: String,
}

/// The notes of an item; empty: it corrects nothing.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Correction>, sqlx::Error> {
    sqlx::query_as!(
        Correction,
        r#"select account_id as "account: AccountId", language, note from calendar.corrections
           where item_id = $1 order by account_id, language"#,
        item.0
    )
    .fetch_all(conn)
    .await
}

/// Replaces the notes of an item that is open.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn replace(conn: &mut PgConnection, item: ItemId, notes: &[Correction]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from calendar.corrections where item_id = $1", item.0)
        .execute(&mut *conn)
        .await?;
    for one in notes {
        sqlx::query!(
            "insert into calendar.corrections (item_id, account_id, language, note) values ($1, $2, $3, $4)",
            item.0,
            one.account.0,
            one.language,
            one.note
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
