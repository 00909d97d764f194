//! Headquarters' list of names and titles, and the words that units mind.

use chancery_contracts::ids::{PersonId, UnitId};
use chancery_preflight::{Avoid, Name, key};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry of the list of names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    #[serde(flatten)]
    pub name: Name,
    /// Who changed it last.
    pub updated_by: Option<String>,
    /// When, in UTC.
    pub updated_at: DateTime<Utc>,
}

/// The whole list, by term and language: a few hundred entries, bounded at 10,000.
///
/// # Errors
/// The database fails.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Listed>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select n.id, n.term, n.language, n.approved, n.avoid as "avoid: Json<Vec<Avoid>>", n.locked, n.updated_at,
                  p.name as "by?"
           from calendar.names n left join identity.published_people p on p.id = n.updated_by
           order by n.term, n.language limit 10000"#
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        id: row.id,
        name: Name {
            term: row.term,
            language: row.language,
            approved: row.approved,
            avoid: row.avoid.0,
            locked: row.locked,
        },
        updated_by: row.by,
        updated_at: row.updated_at,
    });
    Ok(listed.collect())
}

/// Writes an entry: in place of the one with this `id`, else of the same term and language, else anew.
///
/// # Errors
/// The database fails, or another entry has this term and language.
pub async fn put(
    conn: &mut PgConnection,
    id: Option<Uuid>,
    fresh: Uuid,
    name: &Name,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<Uuid, sqlx::Error> {
    let forms = name.avoid.iter().map(|avoid| avoid.form.as_str());
    let keys: Vec<String> = forms.chain([name.approved.as_str()]).filter_map(key).collect();
    if let Some(id) = id {
        return sqlx::query_scalar!(
            "update calendar.names set term = $2, language = $3, approved = $4, avoid = $5, locked = $6, updated_by = $7,
                 updated_at = $8, keys = $9 where id = $1 returning id",
            id,
            name.term,
            name.language,
            name.approved,
            Json(&name.avoid) as _,
            name.locked,
            by.0,
            at,
            &keys,
        )
        .fetch_one(conn)
        .await;
    }
    sqlx::query_scalar!(
        "insert into calendar.names (id, term, language, approved, avoid, locked, updated_by, updated_at, keys)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (term, language) do update set approved = excluded.approved, avoid = excluded.avoid,
             locked = excluded.locked, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
             keys = excluded.keys
         returning id",
        fresh,
        name.term,
        name.language,
        name.approved,
        Json(&name.avoid) as _,
        name.locked,
        by.0,
        at,
        &keys,
    )
    .fetch_one(conn)
    .await
}

/// Takes an entry out; gives its term.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn remove(conn: &mut PgConnection, id: Uuid) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!("delete from calendar.names where id = $1 returning term", id)
        .fetch_one(conn)
        .await
}

/// A word that a unit and all below it mind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MindedWord {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    pub unit: UnitId,
    /// That unit's name, by language.
    #[schema(value_type = Object)]
    pub unit_names: Value,
    /// The word, or several.
    pub word: String,
    /// BCP 47 tag; none: every language.
    pub language: Option<String>,
    /// What to do about it.
    pub advice: String,
    /// Whether nothing with it can be submitted.
    pub blocking: bool,
    /// Whether diacritics count.
    pub marks: bool,
    /// Who put it there.
    pub added_by: Option<String>,
    /// When, in UTC.
    pub added_at: DateTime<Utc>,
}

/// The words of these units, those of the widest first; at most 5,000.
///
/// # Errors
/// The database fails.
pub async fn words(conn: &mut PgConnection, units: &[UnitId]) -> Result<Vec<MindedWord>, sqlx::Error> {
    let units: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        MindedWord,
        r#"select w.id, w.unit_id as "unit: UnitId", u.names as "unit_names!", w.word, w.language, w.advice, w.blocking,
                  w.marks, p.name as "added_by?", w.added_at
           from calendar.sensitive_words w
           join identity.published_units u on u.id = w.unit_id
           left join identity.published_people p on p.id = w.added_by
           where w.unit_id = any($1)
           order by cardinality(u.path), u.slug, w.language nulls first, w.word limit 5000"#,
        &units
    )
    .fetch_all(conn)
    .await
}

/// Whose word it is.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn word_unit(conn: &mut PgConnection, id: Uuid) -> Result<UnitId, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select unit_id as "unit: UnitId" from calendar.sensitive_words where id = $1"#,
        id
    )
    .fetch_one(conn)
    .await
}

/// A word to be minded.
#[derive(Debug, Clone, serde::Deserialize, ToSchema)]
pub struct NewWord {
    /// Of which unit, and all below it.
    #[schema(value_type = Uuid)]
    pub unit: UnitId,
    /// The word, or several: at most 100 characters.
    pub word: String,
    /// BCP 47 tag; none: every language.
    #[serde(default)]
    pub language: Option<String>,
    /// What to do about it: at most 500 characters.
    #[serde(default)]
    pub advice: String,
    /// Whether nothing with it can be submitted.
    #[serde(default)]
    pub blocking: bool,
    /// Whether diacritics count.
    #[serde(default)]
    pub marks: bool,
}

/// Adds a word, or changes what is said about it.
///
/// # Errors
/// The database fails.
pub async fn put_word(
    conn: &mut PgConnection,
    fresh: Uuid,
    word: &NewWord,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into calendar.sensitive_words (id, unit_id, language, word, advice, blocking, marks, added_by, added_at, keys)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (unit_id, language, word) do update set advice = excluded.advice, blocking = excluded.blocking,
             marks = excluded.marks, added_by = excluded.added_by, added_at = excluded.added_at, keys = excluded.keys
         returning id",
        fresh,
        word.unit.0,
        word.language,
        word.word,
        word.advice,
        word.blocking,
        word.marks,
        by.0,
        at,
        &key(&word.word).into_iter().collect::<Vec<_>>(),
    )
    .fetch_one(conn)
    .await
}

/// Takes a word off its list.
///
/// # Errors
/// The database fails.
pub async fn remove_word(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from calendar.sensitive_words where id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}
