//! Links for people outside.

use chancery_contracts::ids::{CollectionId, PersonId, ShareId, UnitId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, query, query_as};

/// A link.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// To which collection.
    pub collection: CollectionId,
    /// The unit that gives it, and whose rights count.
    pub unit: UnitId,
    /// The password's hash, where there is one.
    #[serde(skip)]
    pub password_hash: Option<String>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// How many downloads at most.
    pub max_downloads: Option<i32>,
    /// How many there were.
    pub downloads: i32,
    /// Wrong passwords in a row.
    #[serde(skip)]
    pub failures: i32,
    /// The last of them.
    #[serde(skip)]
    pub failed_at: Option<DateTime<Utc>>,
    /// Since when it is no longer good.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Share {
    /// Whether it still leads anywhere.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.ends_at
    }

    /// How many downloads are left; none: no end to them.
    #[must_use]
    pub fn left(&self) -> Option<i32> {
        self.max_downloads.map(|most| (most - self.downloads).max(0))
    }

    /// Whether so many wrong passwords came that nobody may try for a while.
    #[must_use]
    pub fn is_resting(&self, now: DateTime<Utc>) -> bool {
        self.failures >= 10 && self.failed_at.is_some_and(|at| now < at + TimeDelta::minutes(15))
    }
}

/// Makes a link.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(
    conn: &mut PgConnection,
    share: &Share,
    token_hash: &[u8],
    by: PersonId,
) -> Result<(), sqlx::Error> {
    query!(
        "insert into assets.shares
             (id, collection_id, token_hash, password_hash, ends_at, max_downloads, unit_id, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        share.id.0,
        share.collection.0,
        token_hash,
        share.password_hash,
        share.ends_at,
        share.max_downloads,
        share.unit.0,
        by.0,
        share.created_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The link of this secret's hash.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn by_token(conn: &mut PgConnection, token_hash: &[u8]) -> Result<Share, sqlx::Error> {
    query_as!(
        Share,
        r#"select id as "id: ShareId", collection_id as "collection: CollectionId", unit_id as "unit: UnitId",
                  password_hash, ends_at, max_downloads, downloads, failures, failed_at, revoked_at, created_at
           from assets.shares where token_hash = $1"#,
        token_hash
    )
    .fetch_one(conn)
    .await
}

/// The links of a collection, the latest first.
///
/// # Errors
/// The database fails.
pub async fn of_collection(conn: &mut PgConnection, id: CollectionId) -> Result<Vec<Share>, sqlx::Error> {
    query_as!(
        Share,
        r#"select id as "id: ShareId", collection_id as "collection: CollectionId", unit_id as "unit: UnitId",
                  password_hash, ends_at, max_downloads, downloads, failures, failed_at, revoked_at, created_at
           from assets.shares where collection_id = $1 order by id desc limit 50"#,
        id.0
    )
    .fetch_all(conn)
    .await
}

/// A link ends now. False: there is none, or it had ended.
///
/// # Errors
/// The database fails.
pub async fn revoke(
    conn: &mut PgConnection,
    id: ShareId,
    collection: CollectionId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = query!(
        "update assets.shares set revoked_at = $3 where id = $1 and collection_id = $2 and revoked_at is null",
        id.0,
        collection.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts a download, if one is left. However many come at once, no more are let through than there are.
///
/// # Errors
/// The database fails.
pub async fn take_one(conn: &mut PgConnection, id: ShareId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = query!(
        "update assets.shares set downloads = downloads + 1
         where id = $1 and revoked_at is null and ends_at > $2 and (max_downloads is null or downloads < max_downloads)",
        id.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A password was right or wrong.
///
/// # Errors
/// The database fails.
pub async fn tried(
    conn: &mut PgConnection,
    id: ShareId,
    right: bool,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.shares set failures = case when $2 then 0 else failures + 1 end,
             failed_at = case when $2 then failed_at else $3 end
         where id = $1",
        id.0,
        right,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
