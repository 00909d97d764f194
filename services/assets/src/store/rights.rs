//! What may be done with assets: the published rule, asked.

use chancery_contracts::ids::{AssetId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, query_as, query_scalar};

use super::word;
use crate::model::Refusal;

/// Whether `unit` may use the asset on `channel` at `at`; none as channel: in the house. None as answer: it may.
///
/// # Errors
/// The database fails.
pub async fn may_use(
    conn: &mut PgConnection,
    asset: AssetId,
    unit: UnitId,
    channel: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Option<Refusal>, sqlx::Error> {
    let refusal = query_scalar!(
        "select assets.may_use($1, $2, $3, $4) as refusal",
        asset.0,
        unit.0,
        channel,
        at
    )
    .fetch_one(conn)
    .await?;
    refusal
        .as_deref()
        .map(|refusal| word("refusal", refusal))
        .transpose()
}

/// The same for many assets, in the order given.
///
/// # Errors
/// The database fails.
pub async fn verdicts(
    conn: &mut PgConnection,
    assets: &[AssetId],
    unit: UnitId,
    channel: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Vec<(AssetId, Option<Refusal>)>, sqlx::Error> {
    let ids: Vec<_> = assets.iter().map(|asset| asset.0).collect();
    let refusals = query_scalar!(
        r#"select assets.may_use(t.id, $2, $3, $4) as refusal
           from unnest($1::uuid[]) with ordinality as t (id, place) order by t.place"#,
        &ids,
        unit.0,
        channel,
        at
    )
    .fetch_all(conn)
    .await?;
    let refusals = refusals.iter().map(|refusal| {
        refusal
            .as_deref()
            .map(|refusal| word("refusal", refusal))
            .transpose()
    });
    assets
        .iter()
        .zip(refusals)
        .map(|(asset, refusal)| Ok((*asset, refusal?)))
        .collect()
}

/// Of these assets those that may be used, in the order given.
///
/// # Errors
/// The database fails.
pub async fn usable(
    conn: &mut PgConnection,
    assets: &[AssetId],
    unit: UnitId,
    channel: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Vec<AssetId>, sqlx::Error> {
    let verdicts = verdicts(conn, assets, unit, channel, at).await?;
    Ok(verdicts
        .into_iter()
        .filter(|(_, refusal)| refusal.is_none())
        .map(|(asset, _)| asset)
        .collect())
}

/// An asset whose rights end.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Which.
    pub asset: AssetId,
    /// Whose it is.
    pub unit: UnitId,
    /// When.
    pub ends_at: DateTime<Utc>,
}

/// Published assets whose rights have ended by `now` and of which nobody was told; marks them as told.
///
/// # Errors
/// The database fails.
pub async fn take_ended(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Ending>, sqlx::Error> {
    query_as!(
        Ending,
        r#"update assets.assets set end_told = $1
           where id in (
               select id from assets.assets
               where state = 'published' and ends_at <= $1 and end_told is null
               order by ends_at limit 500 for update skip locked)
           returning id as "asset: AssetId", unit_id as "unit: UnitId", ends_at as "ends_at!""#,
        now
    )
    .fetch_all(conn)
    .await
}

/// Published assets whose rights end before `until`, of which nobody was warned; marks them as warned.
///
/// # Errors
/// The database fails.
pub async fn take_ending(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Ending>, sqlx::Error> {
    query_as!(
        Ending,
        r#"update assets.assets set end_warned = $1
           where id in (
               select id from assets.assets
               where state = 'published' and ends_at > $1 and ends_at <= $2 and end_warned is null
               order by ends_at limit 500 for update skip locked)
           returning id as "asset: AssetId", unit_id as "unit: UnitId", ends_at as "ends_at!""#,
        now,
        until
    )
    .fetch_all(conn)
    .await
}
