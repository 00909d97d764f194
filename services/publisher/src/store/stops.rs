use chancery_contracts::ids::{CampaignId, DeliveryId, PersonId, StopId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{PublisherError, Result};
use crate::model::{Cause, Stop, StopScope};

struct Row {
    id: Uuid,
    scope: String,
    scope_id: Option<String>,
    cause: Cause,
    reason: String,
    placed_by: Option<Uuid>,
    by_headquarters: bool,
    placed_at: DateTime<Utc>,
    lifted_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Stop {
    type Error = PublisherError;

    fn try_from(row: Row) -> Result<Self> {
        let scope = StopScope::from_parts(&row.scope, row.scope_id.as_deref());
        Ok(Self {
            id: row.id.into(),
            scope: scope.map_err(|unknown| PublisherError::Corrupt(unknown.to_string()))?,
            cause: row.cause,
            reason: row.reason,
            placed_by: row.placed_by.map(Into::into),
            by_headquarters: row.by_headquarters,
            placed_at: row.placed_at,
            lifted_at: row.lifted_at,
        })
    }
}

/// Writes a stop; call it under the exclusive gate. Gives the stop that holds for this scope and cause from now on,
/// and whether it is new: pressing twice places one.
///
/// # Errors
/// When the database fails.
pub async fn place(conn: &mut PgConnection, stop: &Stop) -> Result<(StopId, bool)> {
    let (scope, scope_id) = stop.scope.parts();
    let cause = match stop.cause {
        Cause::Person => "person",
        Cause::Restore => "restore",
    };
    let made = sqlx::query_scalar!(
        "insert into publisher.stops (id, scope, scope_id, cause, reason, placed_by, placed_at, by_headquarters)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (scope, coalesce(scope_id, ''), cause) where lifted_at is null do nothing
         returning id",
        stop.id.0,
        scope,
        scope_id,
        cause,
        stop.reason,
        stop.placed_by.map(|person| person.0),
        stop.placed_at,
        stop.by_headquarters
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(id) = made {
        return Ok((id.into(), true));
    }
    let standing = sqlx::query_scalar!(
        "select id from publisher.stops
         where scope = $1 and scope_id is not distinct from $2 and cause = $3 and lifted_at is null",
        scope,
        scope_id,
        cause
    )
    .fetch_one(conn)
    .await?;
    Ok((standing.into(), false))
}

/// Records what is in flight under a stop: every open intent that it covers. Under the exclusive gate no permit is
/// half given, so the list is exact.
///
/// # Errors
/// When the database fails.
pub async fn record_in_flight(conn: &mut PgConnection, stop: StopId) -> Result<Vec<DeliveryId>> {
    let ids = sqlx::query_scalar!(
        "insert into publisher.stop_in_flight (stop_id, delivery_id, intent_at)
         select s.id, d.id, d.intent_at
         from publisher.stops s, publisher.deliveries d
         join publisher.orders o on o.item_id = d.item_id
         join publisher.accounts a on a.id = d.account_id
         where s.id = $1 and d.state in ('committing', 'unknown')
           and publisher.stop_covers(
               s.scope, s.scope_id, o.topic, o.campaign_id, d.account_id, o.unit_id, a.unit_id)
         on conflict do nothing
         returning delivery_id",
        stop.0
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Locks and reads a stop.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn lock(conn: &mut PgConnection, id: StopId) -> Result<Stop> {
    sqlx::query_as!(
        Row,
        r#"select id, scope, scope_id, cause as "cause: Cause", reason, placed_by,
               by_headquarters, placed_at, lifted_at
           from publisher.stops where id = $1 for update"#,
        id.0
    )
    .fetch_optional(conn)
    .await?
    .ok_or(PublisherError::NotFound)?
    .try_into()
}

/// Ends a stop.
///
/// # Errors
/// When the database fails.
pub async fn lift(
    conn: &mut PgConnection,
    id: StopId,
    by: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update publisher.stops set lifted_at = greatest($3, placed_at), lifted_by = $2 where id = $1",
        id.0,
        by.map(|person| person.0),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deliveries that a stop kept back without anybody having noticed yet: due, and still on their way.
///
/// # Errors
/// When the database fails.
pub async fn overdue_under(
    conn: &mut PgConnection,
    stop: StopId,
    now: DateTime<Utc>,
) -> Result<Vec<DeliveryId>> {
    let ids = sqlx::query_scalar!(
        "select d.id
         from publisher.stops s, publisher.deliveries d
         join publisher.orders o on o.item_id = d.item_id
         join publisher.accounts a on a.id = d.account_id
         where s.id = $1 and d.state in ('waiting', 'preparing', 'ready') and d.due_at <= $2
           and publisher.stop_covers(
               s.scope, s.scope_id, o.topic, o.campaign_id, d.account_id, o.unit_id, a.unit_id)
         order by d.id",
        stop.0,
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// The unit whose campaign it is.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn unit_of_campaign(conn: &mut PgConnection, campaign: CampaignId) -> Result<UnitId> {
    let unit = sqlx::query_scalar!(
        r#"select unit_id as "unit_id!" from calendar.published_campaigns where id = $1"#,
        campaign.0
    )
    .fetch_optional(conn)
    .await?;
    unit.map(UnitId).ok_or(PublisherError::NotFound)
}

/// Active stops after a restore, each with how many deliveries it still waits for.
///
/// # Errors
/// When the database fails.
pub async fn restore_stops(conn: &mut PgConnection) -> Result<Vec<(StopId, i64)>> {
    let rows = sqlx::query!(
        r#"select s.id, count(d.id) as "waiting!"
           from publisher.stops s
           left join publisher.deliveries d
             on d.recheck_stop_id = s.id and d.state in ('unknown', 'needs_person')
           where s.cause = 'restore' and s.lifted_at is null
           group by s.id"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.waiting)).collect())
}
