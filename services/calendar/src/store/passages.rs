//! Places in a submitted text where something is to be changed.

use chancery_contracts::ids::{AccountId, ItemId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::model::Quote;

/// A marked place, as pages show it.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Passage {
    /// Its id.
    pub id: Uuid,
    /// In which version it was marked.
    pub version: i32,
    /// In the text for which account.
    #[schema(value_type = Uuid)]
    pub account: AccountId,
    /// In which language.
    pub language: String,
    /// The words.
    pub quote: String,
    /// Those before.
    pub prefix: String,
    /// Those after.
    pub suffix: String,
    /// What is to be changed.
    pub comment: String,
    /// Who marked it.
    #[schema(value_type = Uuid)]
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// When.
    pub marked_at: DateTime<Utc>,
    /// When it was settled.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Whether it was sent: its author asked for changes of that version.
    pub sent: bool,
}

/// A place to be marked.
#[derive(Debug, Clone)]
pub struct Mark {
    /// A fresh id.
    pub id: Uuid,
    /// In which version.
    pub version: i32,
    /// In the text for which account.
    pub account: AccountId,
    /// In which language.
    pub language: String,
    /// Where.
    pub quote: Quote,
    /// What is to be changed.
    pub comment: String,
    /// Who says so.
    pub person: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Marks a place.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(conn: &mut PgConnection, item: ItemId, mark: &Mark) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.passages (id, item_id, version, account_id, language, quote, prefix, suffix, comment, person_id, marked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        mark.id,
        item.0,
        mark.version,
        mark.account.0,
        mark.language,
        mark.quote.exact,
        mark.quote.prefix,
        mark.quote.suffix,
        mark.comment,
        mark.person.0,
        mark.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// All marks of an item, in the order in which they were made, at most 100.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Passage>, sqlx::Error> {
    sqlx::query_as!(
        Passage,
        r#"select g.id, g.version, g.account_id as "account: AccountId", g.language, g.quote, g.prefix, g.suffix, g.comment,
                  g.person_id as "person: PersonId", coalesce(p.name, '') as "name!", g.marked_at, g.resolved_at,
                  exists (select from calendar.decisions d where d.item_id = g.item_id and d.version = g.version
                          and d.person_id = g.person_id and d.decision = 'changes_requested') as "sent!"
           from calendar.passages g left join identity.published_people p on p.id = g.person_id
           where g.item_id = $1 order by g.marked_at desc, g.id desc limit 100"#,
        item.0
    )
    .fetch_all(conn)
    .await
}

/// Takes back a mark of one's own that nobody has been sent yet. False: there is none.
///
/// # Errors
/// The database fails.
pub async fn remove(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    id: Uuid,
    person: PersonId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from calendar.passages where id = $1 and item_id = $2 and version = $3 and person_id = $4",
        id,
        item.0,
        version,
        person.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Settles a mark. False: there is none that is open.
///
/// # Errors
/// The database fails.
pub async fn resolve(
    conn: &mut PgConnection,
    item: ItemId,
    id: Uuid,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.passages set resolved_by = $3, resolved_at = $4 where id = $1 and item_id = $2 and resolved_at is null",
        id,
        item.0,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
