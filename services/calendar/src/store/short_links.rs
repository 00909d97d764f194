//! What becomes of links: how units begin, the short addresses of frozen versions, and how often they were followed.

use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::{LinkStyle, ShortLink};

/// How an item of the unit with this `path` begins: as the nearest unit above says, else as written.
///
/// # Errors
/// The database fails.
pub async fn style_of(conn: &mut PgConnection, path: &[UnitId]) -> Result<LinkStyle, sqlx::Error> {
    let path: Vec<Uuid> = path.iter().map(|unit| unit.0).collect();
    let found = sqlx::query_scalar!(
        "select links from calendar.link_styles where unit_id = any($1) order by array_position($1, unit_id) desc limit 1",
        &path
    )
    .fetch_optional(conn)
    .await?;
    found.map_or(Ok(LinkStyle::AsWritten), |text| word("links", &text))
}

/// A unit that says how its items begin.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = UnitLinks)]
pub struct UnitStyle {
    /// The unit.
    #[schema(value_type = Uuid)]
    pub unit: UnitId,
    /// Its names.
    pub unit_names: Value,
    /// How items of it and of those below it begin.
    pub links: String,
}

/// Every unit that says something, by name.
///
/// # Errors
/// The database fails.
pub async fn styles(conn: &mut PgConnection) -> Result<Vec<UnitStyle>, sqlx::Error> {
    sqlx::query_as!(
        UnitStyle,
        r#"select s.unit_id as "unit: UnitId", u.names as "unit_names!", s.links
           from calendar.link_styles s join identity.published_units u on u.id = s.unit_id order by u.names ->> 'vi'"#
    )
    .fetch_all(conn)
    .await
}

/// Says how items of a unit begin; as written is what none says.
///
/// # Errors
/// The database fails.
pub async fn put_style(
    conn: &mut PgConnection,
    unit: UnitId,
    links: LinkStyle,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.link_styles (unit_id, links, updated_by, updated_at) values ($1, $2, $3, $4)
         on conflict (unit_id) do update
         set links = excluded.links, updated_by = excluded.updated_by, updated_at = excluded.updated_at",
        unit.0,
        links.as_str(),
        by.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of an item's campaign.
///
/// # Errors
/// The database fails.
pub async fn campaign_name(conn: &mut PgConnection, campaign: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select name from calendar.campaigns where id = $1", campaign)
        .fetch_optional(conn)
        .await
}

/// Remembers the short addresses of a version that is being frozen.
///
/// # Errors
/// The database fails.
pub async fn keep(
    conn: &mut PgConnection,
    item: ItemId,
    links: &[ShortLink],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let codes: Vec<String> = links.iter().map(|link| link.code.clone()).collect();
    let accounts: Vec<Uuid> = links.iter().map(|link| link.account.0).collect();
    let languages: Vec<String> = links.iter().map(|link| link.language.clone()).collect();
    let written: Vec<String> = links.iter().map(|link| link.written.clone()).collect();
    let targets: Vec<String> = links.iter().map(|link| link.target.clone()).collect();
    sqlx::query!(
        "insert into calendar.short_links (code, item_id, account_id, language, written, target, made_at)
         select n.code, $1, n.account, n.language, n.written, n.target, $7
         from unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[]) n(code, account, language, written, target)
         on conflict (code) do nothing",
        item.0,
        &codes,
        &accounts,
        &languages,
        &written,
        &targets,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every short address that ever stood in a frozen version of an item, as they came.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<ShortLink>, sqlx::Error> {
    let rows = sqlx::query!(
        "select code, account_id, language, written, target from calendar.short_links
         where item_id = $1 order by made_at, code",
        item.0
    )
    .fetch_all(conn)
    .await?;
    let link = rows.into_iter().map(|row| ShortLink {
        code: row.code,
        account: row.account_id.into(),
        language: row.language,
        written: row.written,
        target: row.target,
    });
    Ok(link.collect())
}

/// Makes the press room lead there, in the transaction that orders the item.
///
/// # Errors
/// The database fails, or a code is another address already.
pub async fn open(conn: &mut PgConnection, item: ItemId, codes: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select newsroom.short(code, item_id, account_id, language, target) is null as opened
         from calendar.short_links where item_id = $1 and code = any($2)",
        item.0,
        codes,
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Makes the press room say that the item is no longer there.
///
/// # Errors
/// The database fails.
pub async fn end(conn: &mut PgConnection, item: ItemId) -> Result<(), sqlx::Error> {
    sqlx::query!("select newsroom.short_gone($1) is null as ended", item.0)
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// How often a short address was followed on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clicks {
    /// Which.
    pub code: String,
    /// The day, in UTC.
    pub day: NaiveDate,
    /// So often.
    pub count: i64,
}

/// How often an item's short addresses were followed, by the day.
///
/// # Errors
/// The database fails.
pub async fn clicks(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Clicks>, sqlx::Error> {
    sqlx::query_as!(
        Clicks,
        r#"select code as "code!", day as "day!", clicks as "count!" from newsroom.published_clicks
           where item_id = $1 order by code, day"#,
        item.0
    )
    .fetch_all(conn)
    .await
}
