//! Submitted versions, decisions and orders.

use chancery_contracts::ids::{ItemId, PersonId};
use chancery_contracts::{Edition, EditionHash};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::policies::{steps, words};
use super::word;
use crate::model::{Step, StepRole};

/// A version as it was submitted.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub version: i32,
    /// Word for word.
    pub edition: Edition,
    /// What approvals are bound to.
    pub hash: EditionHash,
    /// Who must approve, in order.
    pub chain: Vec<Step>,
    /// Who asked for approval.
    pub submitted_by: PersonId,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// The approver who chose a new time for it.
    pub retimed_by: Option<PersonId>,
}

/// Writes down what was submitted.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert_version(
    conn: &mut PgConnection,
    item: ItemId,
    version: &Version,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with writer as (
             insert into calendar.contributors (item_id, person_id, since) values ($1, $6, $7) on conflict do nothing)
         insert into calendar.versions (item_id, version, edition, edition_hash, chain, submitted_by, submitted_at, retimed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        item.0,
        version.version,
        Json(&version.edition) as _,
        version.hash.to_string(),
        &words(&version.chain),
        version.submitted_by.0,
        version.submitted_at,
        version.retimed_by.map(|person| person.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A submitted version; none when that version is still being written.
///
/// # Errors
/// The database fails.
pub async fn version(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
) -> Result<Option<Version>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select version, edition as "edition: Json<Edition>", edition_hash, chain, submitted_by, submitted_at, retimed_by
           from calendar.versions where item_id = $1 and version = $2"#,
        item.0,
        version
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Version {
            version: row.version,
            edition: row.edition.0,
            hash: word("edition_hash", &row.edition_hash)?,
            chain: steps(&row.chain)?,
            submitted_by: row.submitted_by.into(),
            submitted_at: row.submitted_at,
            retimed_by: row.retimed_by.map(Into::into),
        })
    })
    .transpose()
}

/// What somebody decided.
#[derive(Debug, Clone)]
pub struct Decision {
    /// A fresh id.
    pub id: Uuid,
    /// On which version.
    pub version: i32,
    /// With which hash on the screen.
    pub hash: EditionHash,
    /// Which step, from 1.
    pub step: i32,
    /// In which role.
    pub role: StepRole,
    /// Approved, or asked for changes.
    pub approved: bool,
    /// Who.
    pub person: PersonId,
    /// On whose behalf.
    pub behalf: Option<PersonId>,
    /// The name of whoever that is, when it is read.
    pub behalf_name: Option<String>,
    /// What they said with it.
    pub comment: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a decision down.
///
/// # Errors
/// The database fails, or refuses: own text, not this step, twice.
pub async fn decide(conn: &mut PgConnection, item: ItemId, decision: &Decision) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.decisions (id, item_id, version, edition_hash, step, role, decision, person_id, comment, decided_at, on_behalf_of)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        decision.id,
        item.0,
        decision.version,
        decision.hash.to_string(),
        decision.step,
        decision.role.as_str(),
        if decision.approved { "approved" } else { "changes_requested" },
        decision.person.0,
        decision.comment,
        decision.at,
        decision.behalf.map(|person| person.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The decisions on one version, in order, with names.
///
/// # Errors
/// The database fails.
pub async fn decisions(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
) -> Result<Vec<(Decision, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.id, d.version, d.edition_hash, d.step, d.role, d.decision, d.person_id, d.comment, d.decided_at,
                  coalesce(p.name, '') as "name!", d.on_behalf_of, b.name as "behalf?"
           from calendar.decisions d
           left join identity.published_people p on p.id = d.person_id
           left join identity.published_people b on b.id = d.on_behalf_of
           where d.item_id = $1 and d.version = $2 order by d.step"#,
        item.0,
        version
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let decision = Decision {
                id: row.id,
                version: row.version,
                hash: word("edition_hash", &row.edition_hash)?,
                step: row.step,
                role: word("role", &row.role)?,
                approved: row.decision == "approved",
                person: row.person_id.into(),
                behalf: row.on_behalf_of.map(Into::into),
                behalf_name: row.behalf,
                comment: row.comment,
                at: row.decided_at,
            };
            Ok((decision, row.name))
        })
        .collect()
}

/// Whether `person` ever wrote in the item or submitted it, and whether they, or somebody for them, decided on `version`.
///
/// # Errors
/// The database fails.
pub async fn part_of(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    person: PersonId,
) -> Result<(bool, bool), sqlx::Error> {
    let row = sqlx::query!(
        r#"select exists (select from calendar.contributors where item_id = $1 and person_id = $3) as "wrote!",
                  exists (select from calendar.decisions where item_id = $1 and version = $2 and $3 in (person_id, on_behalf_of)) as "decided!""#,
        item.0,
        version,
        person.0
    )
    .fetch_one(conn)
    .await?;
    Ok((row.wrote, row.decided))
}

/// An order of the publisher.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Of which version.
    pub version: i32,
    /// When it was cancelled here.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// When the publisher confirmed that.
    pub cancel_confirmed_at: Option<DateTime<Utc>>,
}

/// Writes the order down: from now on this version stands.
///
/// # Errors
/// The database fails, or refuses because a step has not approved it.
pub async fn insert_order(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    hash: EditionHash,
    not_after: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.orders (item_id, version, edition_hash, not_after, ordered_at) values ($1, $2, $3, $4, $5)",
        item.0,
        version,
        hash.to_string(),
        not_after,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest order of an item.
///
/// # Errors
/// The database fails.
pub async fn latest_order(conn: &mut PgConnection, item: ItemId) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as!(
        Order,
        "select version, cancel_requested_at, cancel_confirmed_at from calendar.orders
         where item_id = $1 order by version desc limit 1",
        item.0
    )
    .fetch_optional(conn)
    .await
}

/// Cancels every order of the item: from now on none of them stands. Gives the highest version concerned.
///
/// # Errors
/// The database fails.
pub async fn cancel_orders(
    conn: &mut PgConnection,
    item: ItemId,
    at: DateTime<Utc>,
) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with cancelled as (
               update calendar.orders set cancel_requested_at = $2
               where item_id = $1 and cancel_requested_at is null returning version)
           select max(version) from cancelled"#,
        item.0,
        at
    )
    .fetch_one(conn)
    .await
}

/// The publisher has confirmed the cancellation up to `version`. False: that was known already.
///
/// # Errors
/// The database fails.
pub async fn confirm_cancelled(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.orders set cancel_confirmed_at = $3
         where item_id = $1 and version <= $2 and cancel_requested_at is not null and cancel_confirmed_at is null",
        item.0,
        version,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
