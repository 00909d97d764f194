use chancery_contracts::ids::{AccountId, DeliveryId, ItemId, PersonId};
use chancery_contracts::{EditionVariant, Platform};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::{PublisherError, Result};
use crate::model::{Delivery, DeliveryState, Reason};

struct Row {
    id: Uuid,
    item_id: Uuid,
    unit_id: Uuid,
    account_id: Uuid,
    platform: String,
    language: String,
    version: i32,
    newer_version: Option<i32>,
    state: DeliveryState,
    reason_code: Option<String>,
    reason: Option<String>,
    due_at: DateTime<Utc>,
    not_after: DateTime<Utc>,
    prepared: Option<Value>,
    sent: Option<Json<EditionVariant>>,
    topic: String,
    key: String,
    key_used_at: Option<DateTime<Utc>>,
    intent_at: Option<DateTime<Utc>>,
    intents: i32,
    attempts: i32,
    wake_at: Option<DateTime<Utc>>,
    remote_id: Option<String>,
    permalink: Option<String>,
    published_at: Option<DateTime<Utc>>,
    occurrence: i32,
    revises: Option<Uuid>,
    recheck_stop_id: Option<Uuid>,
    sequence: i64,
}

impl TryFrom<Row> for Delivery {
    type Error = PublisherError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            item: row.item_id.into(),
            unit: row.unit_id.into(),
            account: row.account_id.into(),
            platform: row
                .platform
                .parse()
                .map_err(|_| PublisherError::Corrupt(row.platform))?,
            language: row.language,
            version: row.version,
            newer_version: row.newer_version,
            state: row.state,
            reason: row.reason_code.map(|code| Reason {
                code,
                detail: row.reason,
            }),
            due_at: row.due_at,
            not_after: row.not_after,
            prepared: row.prepared,
            sent: row.sent.map(|Json(variant)| variant),
            topic: row
                .topic
                .parse()
                .map_err(|_| PublisherError::Corrupt(row.topic))?,
            key: row.key,
            key_used_at: row.key_used_at,
            intent_at: row.intent_at,
            intents: row.intents,
            attempts: row.attempts,
            wake_at: row.wake_at,
            remote_id: row.remote_id,
            permalink: row.permalink,
            published_at: row.published_at,
            occurrence: row.occurrence,
            revises: row.revises.map(Into::into),
            recheck: row.recheck_stop_id.map(Into::into),
            sequence: row.sequence,
        })
    }
}

/// Locks the deliveries, in the order of their ids so that two transactions never wait for each other in a circle,
/// and reads them in their newest form.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut PgConnection, ids: &[DeliveryId]) -> Result<Vec<Delivery>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select d.id, d.item_id, o.unit_id as "unit_id!", d.account_id, a.platform, d.language, d.version, d.newer_version,
               d.state as "state: DeliveryState", d.reason_code, d.reason, d.due_at, d.not_after, d.prepared,
               d.sent as "sent: Json<EditionVariant>", o.topic as "topic!", d.key,
               d.key_used_at, d.intent_at, d.intents, d.attempts, d.wake_at, d.remote_id, d.permalink,
               d.published_at, d.occurrence, d.revises, d.recheck_stop_id, d.sequence
           from publisher.deliveries d
           join publisher.orders o on o.item_id = d.item_id
           join publisher.accounts a on a.id = d.account_id
           where d.id = any($1)
           order by d.id
           for update of d"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

/// Locks one delivery and reads it in its newest form.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn lock_one(conn: &mut PgConnection, id: DeliveryId) -> Result<Delivery> {
    lock(conn, &[id]).await?.pop().ok_or(PublisherError::NotFound)
}

/// Where a delivery stands, its platform and account, without any lock.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn glance(pool: &PgPool, id: DeliveryId) -> Result<(DeliveryState, Platform, AccountId)> {
    let row = sqlx::query!(
        r#"select d.state as "state: DeliveryState", a.platform, d.account_id
           from publisher.deliveries d join publisher.accounts a on a.id = d.account_id where d.id = $1"#,
        id.0
    )
    .fetch_optional(pool)
    .await?
    .ok_or(PublisherError::NotFound)?;
    let platform = row
        .platform
        .parse()
        .map_err(|_| PublisherError::Corrupt(row.platform))?;
    Ok((row.state, platform, row.account_id.into()))
}

/// Of which item a delivery is: its order is locked before itself.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn item_of(conn: &mut PgConnection, id: DeliveryId) -> Result<ItemId> {
    let item = sqlx::query_scalar!("select item_id from publisher.deliveries where id = $1", id.0)
        .fetch_optional(conn)
        .await?
        .ok_or(PublisherError::NotFound)?;
    Ok(item.into())
}

/// Locks every delivery of an item.
///
/// # Errors
/// When the database fails.
pub async fn lock_of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Delivery>> {
    let ids = sqlx::query_scalar!("select id from publisher.deliveries where item_id = $1", item.0)
        .fetch_all(&mut *conn)
        .await?;
    lock(conn, &ids.into_iter().map(Into::into).collect::<Vec<_>>()).await
}

/// Stores a new delivery. False when the item, occurrence, account and language already have one (rule 2).
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut PgConnection, delivery: &Delivery, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into publisher.deliveries
             (id, item_id, account_id, language, version, state, reason_code, due_at, not_after, key, wake_at, created_at,
              updated_at, occurrence, revises)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14)
         on conflict (item_id, occurrence, account_id, language) do nothing",
        delivery.id.0,
        delivery.item.0,
        delivery.account.0,
        delivery.language,
        delivery.version,
        delivery.state.as_str(),
        delivery.reason.as_ref().map(|reason| reason.code.as_str()),
        delivery.due_at,
        delivery.not_after,
        delivery.key,
        delivery.wake_at,
        now,
        delivery.occurrence,
        delivery.revises.map(|first| first.0)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The platform's receipt for a delivery, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn remote_id(conn: &mut PgConnection, id: DeliveryId) -> Result<Option<String>> {
    let found = sqlx::query_scalar!("select remote_id from publisher.deliveries where id = $1", id.0);
    Ok(found.fetch_optional(conn).await?.flatten())
}

/// Writes the delivery if nobody else has written it since it was read, and counts its sequence up. False when
/// somebody has: then nothing is written and the caller must look again (rule 3).
///
/// # Errors
/// When the database fails, or refuses the transition.
pub async fn save(conn: &mut PgConnection, delivery: &mut Delivery, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update publisher.deliveries
         set version = $3, newer_version = $4, state = $5, reason_code = $6, reason = $7, due_at = $8, not_after = $9,
             prepared = $10, key_used_at = $11, intent_at = $12, intents = $13, attempts = $14, wake_at = $15,
             remote_id = $16, permalink = $17, published_at = $18, recheck_stop_id = $19,
             sent = $21, sequence = sequence + 1, updated_at = $20
         where id = $1 and sequence = $2",
        delivery.id.0,
        delivery.sequence,
        delivery.version,
        delivery.newer_version,
        delivery.state.as_str(),
        delivery.reason.as_ref().map(|reason| reason.code.as_str()),
        delivery.reason.as_ref().and_then(|reason| reason.detail.as_deref()),
        delivery.due_at,
        delivery.not_after,
        delivery.prepared,
        delivery.key_used_at,
        delivery.intent_at,
        delivery.intents,
        delivery.attempts,
        delivery.wake_at,
        delivery.remote_id,
        delivery.permalink,
        delivery.published_at,
        delivery.recheck.map(|stop| stop.0),
        now,
        delivery.sent.as_ref().map(Json) as _
    )
    .execute(conn)
    .await?;
    let won = done.rows_affected() == 1;
    if won {
        delivery.sequence += 1;
    }
    Ok(won)
}

/// One line of the ledger.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// What happened: `permitted`, `committed`, `located`, …
    pub name: &'a str,
    /// Where the delivery stood before; none for its first line.
    pub from: Option<DeliveryState>,
    /// Who decided; none for the publisher itself.
    pub actor: Option<PersonId>,
    /// What there is to know.
    pub detail: Value,
}

/// Writes a line of the ledger, about the delivery as it is now.
///
/// # Errors
/// When the database fails.
pub async fn append(
    conn: &mut PgConnection,
    delivery: &Delivery,
    step: Step<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into publisher.delivery_steps
             (delivery_id, at, step, from_state, to_state, version, intent, actor, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        delivery.id.0,
        now,
        step.name,
        step.from.map(DeliveryState::as_str),
        delivery.state.as_str(),
        delivery.version,
        delivery.intents,
        step.actor.map(|person| person.0),
        step.detail
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deliveries that should have moved before `overdue`, and held ones whose time passed: the sweep's work.
///
/// # Errors
/// When the database fails.
pub async fn stuck(
    conn: &mut PgConnection,
    overdue: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<DeliveryId>> {
    let ids = sqlx::query_scalar!(
        r#"(select id as "id!" from publisher.deliveries where wake_at < $1 order by wake_at limit $3)
           union all
           (select id from publisher.deliveries where state = 'held' and not_after <= $2 limit $3)"#,
        overdue,
        now,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Deliveries of an account that wait for a person because the account had to be connected again.
///
/// # Errors
/// When the database fails.
pub async fn unsettled_for_reauth(conn: &mut PgConnection, account: Uuid) -> Result<Vec<DeliveryId>> {
    let ids = sqlx::query_scalar!(
        "select id from publisher.deliveries
         where account_id = $1 and state = 'needs_person' and reason_code = 'reauth'",
        account
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}
