//! Calendars to subscribe to: who made them, and what is in them.

use chancery_contracts::ids::{CampaignId, ItemId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::State;

/// What a feed is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// What its owner wrote or wrote in.
    Person,
    /// A unit, and those below it.
    Unit(UnitId),
    /// A campaign.
    Campaign(CampaignId),
}

/// A feed that holds.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Its id.
    pub id: Uuid,
    /// Whose it is: what it shows is what they may see.
    pub owner: PersonId,
    /// Of what.
    pub subject: Subject,
    /// The language of its words.
    pub language: String,
}

/// A feed in its owner's list.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Feed)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// `person`, `unit` or `campaign`.
    pub kind: String,
    /// The unit's names.
    #[schema(value_type = Option<Object>)]
    pub unit: Option<Value>,
    /// The campaign's name.
    pub campaign: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last fetched.
    pub used_at: Option<DateTime<Utc>>,
}

/// Keeps a new feed; of its secret only the hash.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(
    conn: &mut PgConnection,
    feed: &Feed,
    token_hash: &[u8],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (kind, unit, campaign) = match feed.subject {
        Subject::Person => ("person", None, None),
        Subject::Unit(unit) => ("unit", Some(unit.0), None),
        Subject::Campaign(campaign) => ("campaign", None, Some(campaign.0)),
    };
    sqlx::query!(
        "insert into calendar.feeds (id, person_id, kind, unit_id, campaign_id, language, token_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        feed.id,
        feed.owner.0,
        kind,
        unit,
        campaign,
        feed.language,
        token_hash,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The feed behind a secret, if it still holds. Notes that it was fetched, at most once an hour.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`]: there is none, or it was revoked.
pub async fn by_token(
    conn: &mut PgConnection,
    token_hash: &[u8],
    at: DateTime<Utc>,
) -> Result<Feed, sqlx::Error> {
    let row = sqlx::query!(
        "with used as (
             update calendar.feeds set used_at = $2
             where token_hash = $1 and revoked_at is null and (used_at is null or used_at < $2::timestamptz - interval '1 hour'))
         select id, person_id, kind, unit_id, campaign_id, language
         from calendar.feeds where token_hash = $1 and revoked_at is null",
        token_hash,
        at
    )
    .fetch_one(conn)
    .await?;
    let subject = match (row.unit_id, row.campaign_id) {
        (Some(unit), _) => Subject::Unit(unit.into()),
        (_, Some(campaign)) => Subject::Campaign(campaign.into()),
        _ => Subject::Person,
    };
    Ok(Feed {
        id: row.id,
        owner: row.person_id.into(),
        subject,
        language: row.language,
    })
}

/// The feeds of a person that hold, the latest first.
///
/// # Errors
/// The database fails.
pub async fn of_person(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as!(
        Listed,
        r#"select f.id, f.kind, u.names as "unit?", c.name as "campaign?", f.created_at, f.used_at
           from calendar.feeds f
           left join identity.published_units u on u.id = f.unit_id
           left join calendar.campaigns c on c.id = f.campaign_id
           where f.person_id = $1 and f.revoked_at is null order by f.created_at desc"#,
        person.0
    )
    .fetch_all(conn)
    .await
}

/// Ends a feed of this person's. False: there is none.
///
/// # Errors
/// The database fails.
pub async fn revoke(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.feeds set revoked_at = $3 where id = $1 and person_id = $2 and revoked_at is null",
        id,
        person.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// An item as a calendar programme shows it.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// Its id.
    pub id: ItemId,
    /// Its headline.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// What sort.
    pub kind: String,
    /// Its unit's names.
    pub unit: Value,
    /// When it goes out.
    pub publish_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts changes.
    pub revision: i64,
}

/// What is in a feed: of units at or below `roots` only, between two instants, at most 2,000.
///
/// # Errors
/// The database fails.
pub async fn occasions(
    conn: &mut PgConnection,
    feed: &Feed,
    roots: &[UnitId],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Occasion>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    let (person, unit, campaign) = match feed.subject {
        Subject::Person => (Some(feed.owner.0), None, None),
        Subject::Unit(unit) => (None, Some(unit.0), None),
        Subject::Campaign(campaign) => (None, None, Some(campaign.0)),
    };
    let rows = sqlx::query!(
        r#"select i.id as "id: ItemId", i.title, i.state, i.kind, u.names as "unit!", i.publish_at as "publish_at!", i.updated_at,
                  i.revision
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id and u.path && $1 and ($2::uuid is null or $2 = any(u.path))
           where i.publish_at >= $3 and i.publish_at < $4
             and ($5::uuid is null or i.campaign_id = $5)
             and ($6::uuid is null or exists (
                 select from calendar.contributors c where c.item_id = i.id and c.person_id = $6))
           order by i.publish_at, i.id limit 2000"#,
        &roots,
        unit,
        from,
        until,
        campaign,
        person,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Occasion {
                id: row.id,
                title: row.title,
                state: word("state", &row.state)?,
                kind: row.kind,
                unit: row.unit,
                publish_at: row.publish_at,
                updated_at: row.updated_at,
                revision: row.revision,
            })
        })
        .collect()
}
