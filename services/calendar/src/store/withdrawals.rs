//! Who wanted what taken down, and why.

use std::collections::BTreeMap;

use chancery_contracts::WithdrawalReason;
use chancery_contracts::ids::{DeliveryId, ItemId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::word;

/// A wish to have something taken down.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// Its id.
    pub id: Uuid,
    /// Why.
    pub reason: WithdrawalReason,
    /// For the public, by language.
    pub notes: BTreeMap<String, String>,
    /// For the record; never published.
    pub internal: String,
    /// Which deliveries.
    pub deliveries: Vec<DeliveryId>,
    /// Who asked, and when.
    pub asked: (PersonId, DateTime<Utc>),
    /// Who confirmed it, and when.
    pub confirmed: Option<(PersonId, DateTime<Utc>)>,
    /// Who declined it, and when.
    pub declined: Option<(PersonId, DateTime<Utc>)>,
}

impl Withdrawal {
    /// Whether it waits for somebody to confirm it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.confirmed.is_none() && self.declined.is_none()
    }
}

/// Writes it down. False: another one of this item still waits for its confirmation.
///
/// # Errors
/// The database fails.
pub async fn insert(
    conn: &mut PgConnection,
    item: ItemId,
    withdrawal: &Withdrawal,
) -> Result<bool, sqlx::Error> {
    let deliveries: Vec<Uuid> = withdrawal.deliveries.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        "insert into calendar.withdrawals
             (id, item_id, reason, notes, internal, deliveries, asked_by, asked_at, confirmed_by, confirmed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (item_id) where confirmed_at is null and declined_at is null do nothing",
        withdrawal.id,
        item.0,
        withdrawal.reason.as_str(),
        Json(&withdrawal.notes) as _,
        withdrawal.internal,
        &deliveries,
        withdrawal.asked.0.0,
        withdrawal.asked.1,
        withdrawal.confirmed.map(|(person, _)| person.0),
        withdrawal.confirmed.map(|(_, at)| at),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Every one of an item, the latest first.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Withdrawal>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, reason, notes as "notes: Json<BTreeMap<String, String>>", internal, deliveries, asked_by, asked_at,
                  confirmed_by, confirmed_at, declined_by, declined_at
           from calendar.withdrawals where item_id = $1 order by asked_at desc, id desc"#,
        item.0
    )
    .fetch_all(conn)
    .await?;
    let by = |person: Option<Uuid>, at: Option<DateTime<Utc>>| Some((PersonId(person?), at?));
    rows.into_iter()
        .map(|row| {
            Ok(Withdrawal {
                id: row.id,
                reason: word("reason", &row.reason)?,
                notes: row.notes.0,
                internal: row.internal,
                deliveries: row.deliveries.into_iter().map(Into::into).collect(),
                asked: (row.asked_by.into(), row.asked_at),
                confirmed: by(row.confirmed_by, row.confirmed_at),
                declined: by(row.declined_by, row.declined_at),
            })
        })
        .collect()
}

/// Confirms with them whatever is asked for of an item and is all among these deliveries.
///
/// # Errors
/// The database fails.
pub async fn settle_covered(
    conn: &mut PgConnection,
    item: ItemId,
    deliveries: &[DeliveryId],
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let deliveries: Vec<Uuid> = deliveries.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update calendar.withdrawals set confirmed_by = $3, confirmed_at = $4
         where item_id = $1 and confirmed_at is null and declined_at is null and deliveries <@ $2",
        item.0,
        &deliveries,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that an open one was confirmed, or declined. False: it is not open any more.
///
/// # Errors
/// The database fails.
pub async fn settle(
    conn: &mut PgConnection,
    id: Uuid,
    confirmed: bool,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.withdrawals
         set confirmed_by = case when $2 then $3::uuid end, confirmed_at = case when $2 then $4::timestamptz end,
             declined_by = case when $2 then null else $3 end, declined_at = case when $2 then null else $4 end
         where id = $1 and confirmed_at is null and declined_at is null",
        id,
        confirmed,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
