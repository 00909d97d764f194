//! How far the translations of an item are.

use std::collections::BTreeMap;

use chancery_contracts::ids::{ItemId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::lists::Translated;
use super::word;
use crate::model::Translation;

/// A translation as it was last recorded, and by whom.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Of which variant.
    pub variant: Uuid,
    /// What was recorded.
    pub translation: Translation,
    /// By whom.
    pub person: PersonId,
    /// Their name.
    pub name: Option<String>,
    /// When, in UTC.
    pub at: DateTime<Utc>,
}

/// Everything recorded of an item.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select t.variant_id, t.stage, t.source_title, t.source_body, t.person_id as "person: PersonId", p.name as "name?", t.at
           from calendar.translations t left join identity.published_people p on p.id = t.person_id
           where t.item_id = $1"#,
        item.0
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Recorded {
                variant: row.variant_id,
                translation: Translation {
                    stage: word("stage", &row.stage)?,
                    source_title: row.source_title,
                    source_body: row.source_body,
                },
                person: row.person,
                name: row.name,
                at: row.at,
            })
        })
        .collect()
}

/// Records how far a translation is, and what it was made from.
///
/// # Errors
/// The database fails.
pub async fn record(
    conn: &mut PgConnection,
    item: ItemId,
    variant: Uuid,
    translation: &Translation,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.translations (item_id, variant_id, stage, source_title, source_body, person_id, at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (item_id, variant_id) do update set stage = excluded.stage, source_title = excluded.source_title,
             source_body = excluded.source_body, person_id = excluded.person_id, at = excluded.at",
        item.0,
        variant,
        translation.stage.as_str(),
        translation.source_title,
        translation.source_body,
        person.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How far the translations of several items are, language by language. Items without any are left out.
///
/// # Errors
/// The database fails.
pub async fn standings(
    conn: &mut PgConnection,
    items: &[ItemId],
) -> Result<BTreeMap<ItemId, Vec<Translated>>, sqlx::Error> {
    let ids: Vec<Uuid> = items.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select item_id as "item!: ItemId", language as "language!", standing as "standing!"
           from calendar.translation_standings where item_id = any($1) order by language"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    let mut found: BTreeMap<ItemId, Vec<Translated>> = BTreeMap::new();
    for row in rows {
        found.entry(row.item).or_default().push(Translated {
            language: row.language,
            standing: word("standing", &row.standing)?,
        });
    }
    Ok(found)
}
