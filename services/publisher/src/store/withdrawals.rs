//! What is to be taken down, one row a delivery.

use chancery_contracts::ids::{AccountId, DeliveryId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::{PublisherError, Result};
use crate::model::{Delivery, Reason, Withdrawal, WithdrawalState};

/// What somebody wants taken down.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Which delivery, as it stands.
    pub delivery: &'a Delivery,
    /// Why.
    pub reason: chancery_contracts::WithdrawalReason,
    /// What the public is told.
    pub note: &'a str,
    /// Who decided it.
    pub by: Option<PersonId>,
}

/// Writes down that a delivery is to be taken down, or asks anew where an earlier request came to nothing. False: that
/// is under way, or done.
///
/// # Errors
/// When the database fails.
pub async fn ask(conn: &mut PgConnection, asked: &Asked<'_>, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into publisher.withdrawals as w
             (delivery_id, version, reason, note, asked_by, asked_at, wake_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6, $6)
         on conflict (delivery_id) do update
         set version = excluded.version, reason = excluded.reason, note = excluded.note, asked_by = excluded.asked_by,
             asked_at = excluded.asked_at, wake_at = excluded.wake_at, updated_at = excluded.updated_at,
             state = 'requested', why_code = null, why = null, attempts = 0, sequence = w.sequence + 1
         where w.state in ('void', 'needs_person', 'impossible')",
        asked.delivery.id.0,
        asked.delivery.version,
        asked.reason.as_str(),
        asked.note,
        asked.by.map(|person| person.0),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks a delivery's withdrawal and reads it in its newest form; none: nobody asked for one. Lock the delivery first.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut PgConnection, id: DeliveryId) -> Result<Option<Withdrawal>> {
    let row = sqlx::query!(
        r#"select w.delivery_id, d.item_id, o.unit_id as "unit_id!", d.account_id, a.platform, w.version, w.reason, w.note,
               w.state as "state: WithdrawalState", w.why_code, w.why, w.intent_at, w.attempts, w.wake_at, w.withdrawn_at,
               w.by_hand, w.sequence
           from publisher.withdrawals w
           join publisher.deliveries d on d.id = w.delivery_id
           join publisher.orders o on o.item_id = d.item_id
           join publisher.accounts a on a.id = d.account_id
           where w.delivery_id = $1
           for update of w"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Withdrawal {
            delivery: row.delivery_id.into(),
            item: row.item_id.into(),
            unit: row.unit_id.into(),
            account: row.account_id.into(),
            platform: row
                .platform
                .parse()
                .map_err(|_| PublisherError::Corrupt(row.platform))?,
            version: row.version,
            reason: row
                .reason
                .parse()
                .map_err(|_| PublisherError::Corrupt(row.reason))?,
            note: row.note,
            state: row.state,
            why: row.why_code.map(|code| Reason {
                code,
                detail: row.why,
            }),
            intent_at: row.intent_at,
            attempts: row.attempts,
            wake_at: row.wake_at,
            withdrawn_at: row.withdrawn_at,
            by_hand: row.by_hand.map(Into::into),
            sequence: row.sequence,
        })
    })
    .transpose()
}

/// Writes a withdrawal by compare-and-set on its sequence, which counts up. False when somebody else was faster.
///
/// # Errors
/// When the database fails.
pub async fn save(conn: &mut PgConnection, withdrawal: &mut Withdrawal, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update publisher.withdrawals
         set state = $3, why_code = $4, why = $5, intent_at = $6, attempts = $7, wake_at = $8, withdrawn_at = $9,
             by_hand = $10, sequence = sequence + 1, updated_at = $11
         where delivery_id = $1 and sequence = $2",
        withdrawal.delivery.0,
        withdrawal.sequence,
        withdrawal.state.as_str(),
        withdrawal.why.as_ref().map(|why| why.code.as_str()),
        withdrawal.why.as_ref().and_then(|why| why.detail.as_deref()),
        withdrawal.intent_at,
        withdrawal.attempts.max(0),
        withdrawal.wake_at,
        withdrawal.withdrawn_at,
        withdrawal.by_hand.map(|person| person.0),
        now
    )
    .execute(conn)
    .await?;
    let won = done.rows_affected() == 1;
    if won {
        withdrawal.sequence += 1;
    }
    Ok(won)
}

/// Whether a delivery of this version may not be sent (again), since somebody asked to take it down.
///
/// # Errors
/// When the database fails.
pub async fn covers(conn: &mut PgConnection, delivery: &Delivery) -> Result<bool> {
    let covers = sqlx::query_scalar!(
        r#"select exists (select from publisher.withdrawals
                          where delivery_id = $1 and state <> 'void' and version >= $2) as "covers!""#,
        delivery.id.0,
        delivery.version
    )
    .fetch_one(conn)
    .await?;
    Ok(covers)
}

/// Withdrawals that should have moved before `overdue`: the sweep's work.
///
/// # Errors
/// When the database fails.
pub async fn stuck(conn: &mut PgConnection, overdue: DateTime<Utc>, limit: i64) -> Result<Vec<DeliveryId>> {
    let ids = sqlx::query_scalar!(
        "select delivery_id from publisher.withdrawals where wake_at < $1 order by wake_at limit $2",
        overdue,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Withdrawals on an account that wait for a person because the account had to be connected again.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for_reauth(conn: &mut PgConnection, account: AccountId) -> Result<Vec<DeliveryId>> {
    let ids = sqlx::query_scalar!(
        "select w.delivery_id from publisher.withdrawals w join publisher.deliveries d on d.id = w.delivery_id
         where d.account_id = $1 and w.state = 'needs_person' and w.why_code = 'reauth' order by w.delivery_id",
        account.0
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Takes a release down from the press room, in this very transaction. `delivery` put it there.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_release(
    conn: &mut PgConnection,
    delivery: DeliveryId,
    withdrawal: &Withdrawal,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query_scalar!(
        r#"select newsroom.withdraw($1, $2, $3, $4) as "now!""#,
        delivery.0,
        withdrawal.reason.as_str(),
        withdrawal.note,
        now
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}
