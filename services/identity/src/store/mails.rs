//! Mails: who wants what, what is on its way, what became of it.

use chancery_access::{Action, Role};
use chancery_contracts::identity::SendLetter;
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::model::Names;
use crate::model::mail::{MailKind, PATIENCE};

/// What a person wants by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MailChoice {
    /// `vi` or `en`.
    pub language: String,
    /// What comes.
    pub kinds: Vec<MailKind>,
}

/// What a person chose; what the product thinks best, if they never did.
pub async fn choice(pool: &PgPool, person: PersonId) -> sqlx::Result<Option<MailChoice>> {
    let row = sqlx::query!(
        r#"select coalesce(c.language, p.language) as "language!", c.kinds as "kinds?"
           from identity.people p left join identity.mail_choices c on c.person_id = p.id where p.id = $1"#,
        person.0
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| MailChoice {
        language: row.language,
        kinds: MailKind::ALL
            .iter()
            .copied()
            .filter(|kind| match &row.kinds {
                Some(kinds) => kinds.iter().any(|word| word == kind.as_str()),
                None => kind.by_default(),
            })
            .collect(),
    }))
}

/// Keeps what a person chose.
pub async fn choose(
    pool: &PgPool,
    person: PersonId,
    choice: &MailChoice,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let kinds: Vec<String> = choice.kinds.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into identity.mail_choices (person_id, language, kinds, updated_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update
         set language = excluded.language, kinds = excluded.kinds, updated_at = excluded.updated_at",
        person.0,
        choice.language,
        &kinds,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Those of `people` who want this by mail and whose address takes mail, as far as is known.
pub async fn wanting(
    conn: &mut PgConnection,
    people: &[PersonId],
    kind: MailKind,
) -> sqlx::Result<Vec<PersonId>> {
    let people: Vec<_> = people.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select p.id as "id: PersonId"
           from identity.people p left join identity.mail_choices c on c.person_id = p.id
           where p.id = any($1) and p.active and coalesce($2 = any(c.kinds), $3)
             and not exists (select from identity.mail_refusals r
                             where r.person_id = p.id and r.bouncing_since is not null and lower(r.email) = lower(p.email))
           order by p.id"#,
        &people,
        kind.as_str(),
        kind.by_default()
    )
    .fetch_all(conn)
    .await
}

/// Who works at a unit, itself and not one above or below, on the day, and may see its items.
pub async fn readers(conn: &mut PgConnection, unit: UnitId, day: NaiveDate) -> sqlx::Result<Vec<PersonId>> {
    let roles: Vec<String> = Role::ALL
        .iter()
        .filter(|role| role.actions().contains(&Action::ItemRead))
        .map(ToString::to_string)
        .collect();
    sqlx::query_scalar!(
        r#"select distinct person_id as "id: PersonId" from identity.grants
           where unit_id = $1 and role = any($2) and valid_from <= $3 and (valid_to is null or valid_to >= $3)"#,
        unit.0,
        &roles,
        day
    )
    .fetch_all(conn)
    .await
}

/// A mail to make.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub person: PersonId,
    /// A [`MailKind`]'s word, or `test`.
    pub kind: &'a str,
    /// What caused it.
    pub cause: Uuid,
    /// Which unit it is about.
    pub unit: Option<UnitId>,
    /// The notification that it tells of.
    pub notification: Option<Uuid>,
    /// The weekly letter.
    pub letter: Option<&'a Value>,
    /// When.
    pub now: DateTime<Utc>,
}

/// Makes a mail; false when the same cause has made one for this person.
pub async fn insert(conn: &mut PgConnection, mail: &New<'_>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into identity.mails (id, person_id, kind, cause, unit_id, notification_id, letter, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (person_id, cause) do nothing",
        mail.id,
        mail.person.0,
        mail.kind,
        mail.cause,
        mail.unit.map(|id| id.0),
        mail.notification,
        mail.letter,
        mail.now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A mail that waits, with everything it says.
#[derive(Debug)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// In which language.
    pub language: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The unit that it is about.
    pub unit: Option<Json<Names>>,
    /// The unit's city.
    pub city: Option<Json<Names>>,
    /// The unit's clock.
    pub zone: Option<String>,
    /// Headquarters' city.
    pub headquarters_city: Option<Json<Names>>,
    /// Headquarters' clock.
    pub headquarters: Option<String>,
    /// The sentence's key.
    pub key: Option<String>,
    /// The sentence's arguments.
    pub args: Option<Json<BTreeMap<String, String>>>,
    /// Where it leads.
    pub link: Option<String>,
    /// The weekly letter.
    pub letter: Option<Json<SendLetter>>,
}

/// A mail if it still waits and its person is still there.
pub async fn waiting(pool: &PgPool, id: Uuid) -> sqlx::Result<Option<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"select m.id, m.person_id as "person: PersonId", p.name, p.email, coalesce(c.language, p.language) as "language!",
                  m.created_at, u.names as "unit?: Json<Names>", u.city as "city?: Json<Names>", u.zone as "zone?",
                  root.city as "headquarters_city?: Json<Names>", root.zone as "headquarters?",
                  n.key as "key?", n.args as "args?: Json<BTreeMap<String, String>>", n.link as "link?",
                  m.letter as "letter?: Json<SendLetter>"
           from identity.mails m
           join identity.people p on p.id = m.person_id and p.active
           left join identity.mail_choices c on c.person_id = p.id
           left join identity.notifications n on n.id = m.notification_id
           left join identity.published_units u on u.id = m.unit_id
           left join identity.published_units root on root.parent_id is null
           where m.id = $1 and m.state = 'waiting'"#,
        id
    )
    .fetch_optional(pool)
    .await
}

/// Notes why a mail was not taken yet.
pub async fn tried(conn: &mut PgConnection, id: Uuid, reason: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update identity.mails set attempts = attempts + 1, reason = $2 where id = $1 and state = 'waiting'",
        id,
        reason
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a mail: sent, or failed for a reason.
pub async fn end(
    conn: &mut PgConnection,
    id: Uuid,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update identity.mails
         set state = case when $2::text is null then 'sent' else 'failed' end, attempts = attempts + 1, reason = $2, ended_at = $3
         where id = $1 and state = 'waiting'",
        id,
        reason,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An address took a mail: what it refused before is forgotten.
pub async fn accepted(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from identity.mail_refusals where person_id = $1",
        person.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An address refused a mail for good; counted anew for another address.
pub async fn refused(
    conn: &mut PgConnection,
    person: PersonId,
    email: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into identity.mail_refusals as r (person_id, email, refusals, reason, last_at) values ($1, $2, 1, $3, $4)
         on conflict (person_id) do update
         set refusals = case when lower(r.email) = lower(excluded.email) then r.refusals + 1 else 1 end,
             email = excluded.email, reason = excluded.reason, last_at = excluded.last_at,
             bouncing_since = case when lower(r.email) = lower(excluded.email) and r.refusals + 1 >= $5
                                   then coalesce(r.bouncing_since, excluded.last_at) end",
        person.0,
        email,
        reason,
        now,
        PATIENCE
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets mail go to a person's address again. False: it was not held back.
pub async fn clear(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from identity.mail_refusals where person_id = $1",
        person.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A failed mail waits again. False: it has not failed.
pub async fn again(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update identity.mails set state = 'waiting', attempts = 0, ended_at = null where id = $1 and state = 'failed'",
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many mails of the last days wait, were sent, failed.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct MailCounts {
    /// On their way.
    pub waiting: i64,
    /// Taken by the server.
    pub sent: i64,
    /// Given up.
    pub failed: i64,
}

/// Counts those made since then.
pub async fn counts(pool: &PgPool, since: DateTime<Utc>) -> sqlx::Result<MailCounts> {
    sqlx::query_as!(
        MailCounts,
        r#"select count(*) filter (where state = 'waiting') as "waiting!", count(*) filter (where state = 'sent') as "sent!",
                  count(*) filter (where state = 'failed') as "failed!"
           from identity.mails where created_at >= $1"#,
        since
    )
    .fetch_one(pool)
    .await
}

/// A mail that failed.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FailedMail {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub person_id: PersonId,
    /// By name.
    pub person: String,
    /// A kind's word, or `test`.
    pub kind: String,
    /// What the server said.
    pub reason: String,
    /// When it was given up.
    pub at: DateTime<Utc>,
}

/// The latest fifty that failed.
pub async fn failed(pool: &PgPool) -> sqlx::Result<Vec<FailedMail>> {
    sqlx::query_as!(
        FailedMail,
        r#"select m.id, m.person_id as "person_id: PersonId", p.name as person, m.kind, coalesce(m.reason, '') as "reason!",
                  m.ended_at as "at!"
           from identity.mails m join identity.people p on p.id = m.person_id
           where m.state = 'failed' order by m.ended_at desc limit 50"#
    )
    .fetch_all(pool)
    .await
}

/// An address to which nothing more is sent.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BouncingAddress {
    /// Whose.
    pub person_id: PersonId,
    /// By name.
    pub person: String,
    /// The address.
    pub email: String,
    /// What the server said last.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Every address that bounces, or only that of `person`.
pub async fn bouncing(pool: &PgPool, person: Option<PersonId>) -> sqlx::Result<Vec<BouncingAddress>> {
    sqlx::query_as!(
        BouncingAddress,
        r#"select r.person_id as "person_id: PersonId", p.name as person, r.email, r.reason, r.bouncing_since as "since!"
           from identity.mail_refusals r join identity.people p on p.id = r.person_id and lower(p.email) = lower(r.email)
           where r.bouncing_since is not null and ($1::uuid is null or r.person_id = $1)
           order by r.bouncing_since desc, r.person_id limit 200"#,
        person.map(|id| id.0)
    )
    .fetch_all(pool)
    .await
}
