use chancery_contracts::Edition;
use chancery_contracts::ids::ItemId;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::error::{PublisherError, Result};
use crate::model::Order;

/// What the publisher knows of an item's orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Up to which version everything is cancelled.
    pub cancelled_through: i32,
    /// The highest version ordered; none when only its cancellation has come.
    pub order: Option<Order>,
}

/// Locks the item's row, making an empty one when there is none, so that what comes for one item comes one by one.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut PgConnection, item: ItemId, now: DateTime<Utc>) -> Result<Known> {
    sqlx::query!(
        "insert into publisher.orders (item_id, updated_at) values ($1, $2) on conflict do nothing",
        item.0,
        now
    )
    .execute(&mut *conn)
    .await?;
    read(conn, item).await?.ok_or(PublisherError::NotFound)
}

/// The same, without making a row: none when the item was never heard of.
///
/// # Errors
/// When the database fails.
pub async fn read(conn: &mut PgConnection, item: ItemId) -> Result<Option<Known>> {
    let row = sqlx::query!(
        r#"select cancelled_through, version, unit_id, topic, campaign_id, title, edition as "edition: Json<Edition>", edition_hash,
               due_at, not_after
           from publisher.orders where item_id = $1 for update"#,
        item.0
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let parts = (
        row.version,
        row.unit_id,
        row.topic,
        row.title,
        row.edition,
        row.edition_hash,
        row.due_at,
        row.not_after,
    );
    let (
        Some(version),
        Some(unit),
        Some(topic),
        Some(title),
        Some(Json(edition)),
        Some(hash),
        Some(due_at),
        Some(not_after),
    ) = parts
    else {
        return Ok(Some(Known {
            cancelled_through: row.cancelled_through,
            order: None,
        }));
    };
    let order = Order {
        item,
        version,
        cancelled_through: row.cancelled_through,
        unit: unit.into(),
        topic: topic.parse().map_err(|_| PublisherError::Corrupt(topic))?,
        campaign: row.campaign_id.map(Into::into),
        title,
        edition,
        hash: hash.parse().map_err(|_| PublisherError::Corrupt(hash))?,
        due_at,
        not_after,
    };
    Ok(Some(Known {
        cancelled_through: row.cancelled_through,
        order: Some(order),
    }))
}

/// Stores a higher version.
///
/// # Errors
/// When the database fails.
pub async fn put(conn: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update publisher.orders
         set version = $2, unit_id = $3, topic = $4, title = $5, edition = $6, edition_hash = $7, due_at = $8,
             not_after = $9, updated_at = $10, campaign_id = $11
         where item_id = $1",
        order.item.0,
        order.version,
        order.unit.0,
        order.topic.as_str(),
        order.title,
        Json(&order.edition) as _,
        order.hash.to_string(),
        order.due_at,
        order.not_after,
        now,
        order.campaign.map(|campaign| campaign.0)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Cancels every version up to and including `through`, those not yet seen too.
///
/// # Errors
/// When the database fails.
pub async fn cancel(conn: &mut PgConnection, item: ItemId, through: i32, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update publisher.orders set cancelled_through = greatest(cancelled_through, $2), updated_at = $3
         where item_id = $1",
        item.0,
        through,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Orders with deliveries that are still to come, and when they are due as far as is stored.
///
/// # Errors
/// When the database fails.
pub async fn upcoming(conn: &mut PgConnection) -> Result<Vec<(ItemId, Edition, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        r#"select o.item_id, o.edition as "edition!: Json<Edition>", o.due_at as "due_at!"
           from publisher.orders o
           where o.version > o.cancelled_through and exists (
               select from publisher.deliveries d
               where d.item_id = o.item_id and d.state in ('waiting', 'preparing', 'ready'))"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.item_id.into(), row.edition.0, row.due_at))
        .collect())
}
