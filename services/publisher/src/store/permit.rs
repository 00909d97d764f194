use std::collections::HashMap;

use chancery_contracts::ids::DeliveryId;
use chancery_contracts::{Edition, Topic};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::{PublisherError, Result};
use crate::model::{AccountState, Delivery, DeliveryState, Facts};

/// A delivery under the permit's locks, with everything that the permit asks about it.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The delivery, locked.
    pub delivery: Delivery,
    /// What the permit asks.
    pub facts: Facts,
    /// What was approved.
    pub edition: Edition,
    /// What it is about.
    pub topic: Topic,
}

/// First half of the permit (rule 1): takes the stop gate shared, then the rows that may change the answer in one
/// fixed order (orders, accounts, deliveries). Whoever cancels or switches off takes the same rows in the same order.
/// The facts are read afterwards, by a statement whose snapshot is younger than every lock; rights to pictures are asked
/// as of `now`.
///
/// # Errors
/// When the database fails.
pub async fn candidates(
    conn: &mut PgConnection,
    ids: &[DeliveryId],
    now: DateTime<Utc>,
) -> Result<Vec<Candidate>> {
    super::gate_shared(conn).await?;
    let raw: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "select 1 as one from publisher.orders
         where item_id in (select item_id from publisher.deliveries where id = any($1)) order by item_id for share",
        &raw
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "select 1 as one from publisher.accounts
         where id in (select account_id from publisher.deliveries where id = any($1)) order by id for no key update",
        &raw
    )
    .fetch_all(&mut *conn)
    .await?;
    let deliveries = super::deliveries::lock(conn, ids).await?;
    let mut facts = facts(conn, &raw, now).await?;
    Ok(deliveries
        .into_iter()
        .filter_map(|delivery| {
            let (facts, edition, topic) = facts.remove(&delivery.id.0)?;
            Some(Candidate {
                delivery,
                facts,
                edition,
                topic,
            })
        })
        .collect())
}

async fn facts(
    conn: &mut PgConnection,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, (Facts, Edition, Topic)>> {
    let rows = sqlx::query!(
        r#"select d.id, d.state as "state: DeliveryState", d.version, d.due_at, d.recheck_stop_id is not null as "recheck!",
               o.version as "order_version!", o.cancelled_through, o.not_after as "not_after!", o.topic as "topic!",
               o.edition as "edition!: Json<Edition>", o.edition_hash as "edition_hash!",
               a.state as "account: AccountState", a.limited_until,
               calendar.stands(d.item_id, d.version, o.edition_hash) as stands,
               exists (select from publisher.withdrawals w
                       where w.state <> 'void' and (w.delivery_id = d.id and w.version >= d.version
                             or w.delivery_id = d.revises)) as "taken_down!",
               barred.why as "asset?",
               stop.id as "stop?",
               server.incarnation is not distinct from known.value as "database_known!",
               busy.intent_at as "busy_since?"
           from publisher.deliveries d
           join publisher.orders o on o.item_id = d.item_id
           join publisher.accounts a on a.id = d.account_id
           cross join (select publisher.server_incarnation() as incarnation) server
           left join publisher.incarnation known on true
           left join lateral (
               select s.id from publisher.stops s
               where s.lifted_at is null
                 and publisher.stop_covers(
                     s.scope, s.scope_id, o.topic, o.campaign_id, d.account_id, o.unit_id, a.unit_id)
               order by s.placed_at limit 1
           ) stop on true
           left join lateral (
               select asked.why
               from jsonb_array_elements(o.edition -> 'variants') variant
               cross join jsonb_array_elements(variant -> 'images') image
               cross join lateral assets.may_use((image ->> 'asset')::uuid, o.unit_id, a.platform, $2) asked (why)
               where variant ->> 'account' = d.account_id::text and variant ->> 'language' = d.language
                 and image ? 'asset' and asked.why is not null
               limit 1
           ) barred on true
           left join lateral (
               select other.intent_at from publisher.deliveries other
               where other.account_id = d.account_id and other.state = 'committing' and other.id <> d.id
           ) busy on true
           where d.id = any($1)"#,
        ids,
        now
    )
    .fetch_all(conn)
    .await?;
    let mut facts = HashMap::new();
    for row in rows {
        let Json(edition) = row.edition;
        let hash = edition
            .hash()
            .map_err(|error| PublisherError::Corrupt(error.to_string()))?;
        let answer = Facts {
            state: row.state,
            version: row.version,
            due_at: row.due_at,
            not_after: row.not_after,
            order_version: row.order_version,
            cancelled_through: row.cancelled_through,
            edition_intact: hash.to_string() == row.edition_hash && edition.version == row.version,
            stands: row.stands,
            taken_down: row.taken_down,
            asset: row.asset,
            stop: row.stop.map(Into::into),
            database_known: row.database_known,
            recheck: row.recheck,
            account: row.account,
            limited_until: row.limited_until,
            busy_since: row.busy_since,
        };
        let topic = row
            .topic
            .parse()
            .map_err(|_| PublisherError::Corrupt(row.topic))?;
        facts.insert(row.id, (answer, edition, topic));
    }
    Ok(facts)
}

/// Publishes on the unit's own press room, in this very transaction (rule 8). Gives the page's path on our site.
///
/// # Errors
/// When the press room refuses, or the database fails.
pub async fn publish_release(
    conn: &mut PgConnection,
    candidate: &Candidate,
    unit: Uuid,
    now: DateTime<Utc>,
) -> Result<String> {
    let delivery = &candidate.delivery;
    let variant = delivery
        .variant_in(&candidate.edition)
        .ok_or(PublisherError::NotFound)?;
    if let (Some(first), Some(note)) = (delivery.revises, &variant.correction) {
        let path = sqlx::query_scalar!(
            r#"select newsroom.revise($1, $2, $3, $4, $5, $6, $7) as "path!""#,
            first.0,
            delivery.id.0,
            variant.title,
            variant.body,
            Json(&variant.images) as _,
            note,
            now
        )
        .fetch_one(conn)
        .await?;
        return Ok(path);
    }
    let path = sqlx::query_scalar!(
        r#"select newsroom.publish($1, $2, $3, $4, $5, $6, $7, $8, $9) as "path!""#,
        delivery.id.0,
        delivery.item.0,
        unit,
        variant.language,
        variant.title,
        variant.body,
        Json(&variant.images) as _,
        now,
        candidate.topic.as_str()
    )
    .fetch_one(conn)
    .await?;
    Ok(path)
}
