//! What the publisher said of each delivery.

use chancery_contracts::ids::{AccountId, DeliveryId, ItemId};
use chancery_contracts::publisher::{DeliveryChanged, DeliveryStatus};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

/// A delivery as last reported.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Its id.
    pub id: DeliveryId,
    /// Which version it sends or has sent.
    pub version: i32,
    /// Its state.
    pub status: DeliveryStatus,
    /// On which account, by name.
    pub account: Option<String>,
    /// Where the public sees it.
    pub permalink: Option<String>,
    /// What there is to explain.
    pub reason: Option<String>,
}

fn to_word(status: DeliveryStatus) -> String {
    match serde_json::to_value(status) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word(word: String) -> Result<DeliveryStatus, sqlx::Error> {
    serde_json::from_value(Value::String(word)).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Keeps a report, unless a later one of the same delivery is known. False: it was late or repeated.
///
/// # Errors
/// The database fails.
pub async fn keep(
    conn: &mut PgConnection,
    report: &DeliveryChanged,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.deliveries as d (id, item_id, version, account_id, sequence, state, permalink, reason, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update
         set version = excluded.version, sequence = excluded.sequence, state = excluded.state,
             permalink = excluded.permalink, reason = excluded.reason, changed_at = excluded.changed_at
         where d.sequence < excluded.sequence",
        report.delivery.0,
        report.item.0,
        report.version,
        report.account.0,
        report.sequence,
        to_word(report.state),
        report.permalink,
        report.reason,
        at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Every delivery of an item.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<Reported>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.id, d.version, d.state, a.name as "account?", d.permalink, d.reason
           from calendar.deliveries d left join publisher.published_accounts a on a.id = d.account_id
           where d.item_id = $1 order by a.name, d.id"#,
        item.0
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Reported {
                id: row.id.into(),
                version: row.version,
                status: from_word(row.state)?,
                account: row.account,
                permalink: row.permalink,
                reason: row.reason,
            })
        })
        .collect()
}

/// What the ministry calls an account.
///
/// # Errors
/// The database fails.
pub async fn account_name(
    conn: &mut PgConnection,
    account: AccountId,
) -> Result<Option<String>, sqlx::Error> {
    let name = sqlx::query_scalar!(
        "select name from publisher.published_accounts where id = $1",
        account.0
    );
    Ok(name.fetch_optional(conn).await?.flatten())
}
