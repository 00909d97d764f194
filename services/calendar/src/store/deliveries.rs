//! What the publisher said of each delivery.

use chancery_contracts::Platform;
use chancery_contracts::ids::{AccountId, DeliveryId, ItemId};
use chancery_contracts::publisher::{DeliveryChanged, DeliveryStatus, WithdrawalChanged, WithdrawalStatus};
use chancery_preflight::Revision;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::model::{may_be_taken_down, revision};

/// A delivery as last reported.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Its id.
    pub id: DeliveryId,
    /// Which version it sends or has sent.
    pub version: i32,
    /// Its state.
    pub status: DeliveryStatus,
    /// On which account.
    pub account_id: AccountId,
    /// That account, by name.
    pub account: Option<String>,
    /// On which platform that is.
    pub platform: Option<Platform>,
    /// In which language: a BCP 47 tag; none for what was reported before that was told.
    pub language: Option<String>,
    /// How far taking it down has come; none: nobody wants that.
    pub withdrawal: Option<WithdrawalStatus>,
    /// What the platform said about that.
    pub withdrawal_reason: Option<String>,
    /// Where the public sees it.
    pub permalink: Option<String>,
    /// What there is to explain.
    pub reason: Option<String>,
}

impl Reported {
    /// See [`may_be_taken_down`].
    #[must_use]
    pub const fn may_be_taken_down(&self) -> bool {
        may_be_taken_down(self.status, self.withdrawal)
    }

    /// Whether both are the same text in the same place: one corrects the other, and neither is taken down alone.
    #[must_use]
    pub fn belongs_to(&self, other: &Self) -> bool {
        self.language.is_some() && (self.account_id, &self.language) == (other.account_id, &other.language)
    }

    /// Whether it was taken down.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.withdrawal == Some(WithdrawalStatus::Withdrawn)
    }

    /// Whether a correction can follow it.
    #[must_use]
    pub fn may_be_corrected(&self) -> bool {
        self.status == DeliveryStatus::Published
            && matches!(self.withdrawal, None | Some(WithdrawalStatus::Void))
            && self
                .platform
                .is_some_and(|platform| revision(platform) != Revision::None)
    }
}

fn to_word(status: impl serde::Serialize) -> String {
    match serde_json::to_value(status) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word<T: serde::de::DeserializeOwned>(word: String) -> Result<T, sqlx::Error> {
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
        "insert into calendar.deliveries as d (id, item_id, version, account_id, sequence, state, permalink, reason, changed_at, language)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (id) do update
         set version = excluded.version, sequence = excluded.sequence, state = excluded.state,
             language = coalesce(excluded.language, d.language), permalink = excluded.permalink, reason = excluded.reason, changed_at = excluded.changed_at
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
        report.language,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps what is reported of taking a delivery down, unless something later is known. False: it was late or repeated.
///
/// # Errors
/// The database fails.
pub async fn keep_withdrawal(
    conn: &mut PgConnection,
    report: &WithdrawalChanged,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.deliveries set withdrawal = $2, withdrawal_sequence = $3, withdrawal_reason = $4
         where id = $1 and withdrawal_sequence < $3",
        report.delivery.0,
        to_word(report.state),
        report.sequence,
        report.reason,
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
        r#"select d.id, d.version, d.state, d.account_id, a.name as "account?", a.platform as "platform?", d.language,
                  d.permalink, d.reason, d.withdrawal, d.withdrawal_reason
           from calendar.deliveries d left join publisher.published_accounts a on a.id = d.account_id
           where d.item_id = $1 order by a.name, d.language, d.id"#,
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
                account_id: row.account_id.into(),
                account: row.account,
                platform: row.platform.and_then(|platform| platform.parse().ok()),
                language: row.language,
                withdrawal: row.withdrawal.map(from_word).transpose()?,
                withdrawal_reason: row.withdrawal_reason,
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
