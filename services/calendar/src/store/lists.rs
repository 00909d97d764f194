//! Rows of lists: one query a list, whatever its length.

use chancery_contracts::ids::{CampaignId, ItemId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::model::State;

/// An item in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Row {
    /// Its id.
    pub id: ItemId,
    /// Whose it is.
    pub unit: UnitId,
    /// Its unit's names.
    pub unit_names: Value,
    /// Its unit's clock.
    pub zone: String,
    /// Its unit's city: `{"vi": …, "en": …}`.
    pub city: Option<Value>,
    /// Its name; may be empty in a draft.
    pub title: String,
    /// What sort.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// What it is about.
    pub topic: String,
    /// When it goes out.
    pub publish_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub author: Option<String>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its campaign's name and colour.
    pub campaign: Option<String>,
    /// The palette's word.
    pub colour: Option<String>,
    /// Since when it waits for approval.
    pub submitted_at: Option<DateTime<Utc>>,
}

/// Which items.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// At or below these units: what the viewer may see.
    pub roots: Vec<UnitId>,
    /// At or below this unit.
    pub unit: Option<UnitId>,
    /// In one of these states; none: in any.
    pub states: Vec<State>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// Made by this person.
    pub author: Option<PersonId>,
    /// With this in the headline, whatever the case.
    pub text: Option<String>,
}

/// Items, the newest first, after the id of the row before.
///
/// # Errors
/// The database fails.
pub async fn items(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<ItemId>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let roots: Vec<_> = filter.roots.iter().map(|unit| unit.0).collect();
    let states: Vec<String> = filter.states.iter().map(ToString::to_string).collect();
    sqlx::query_as!(
        Row,
        r#"select i.id as "id: ItemId", i.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!", u.city as "city?",
                  i.title, i.kind, i.state, i.topic, i.publish_at, p.name as "author?", i.updated_at,
                  c.name as "campaign?", c.colour as "colour?", null::timestamptz as submitted_at
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = i.created_by
           left join calendar.campaigns c on c.id = i.campaign_id
           where i.unit_id in (select v.id from identity.published_units v where v.path && $1 and ($2::uuid is null or $2 = any(v.path)))
             and (cardinality($3::text[]) = 0 or i.state = any($3))
             and ($4::uuid is null or i.campaign_id = $4)
             and ($5::uuid is null or i.created_by = $5)
             and ($6::text is null or position(lower($6) in lower(i.title)) > 0)
             and ($7::uuid is null or i.id < $7)
           order by i.id desc limit $8"#,
        &roots,
        filter.unit.map(|unit| unit.0),
        &states,
        filter.campaign.map(|campaign| campaign.0),
        filter.author.map(|person| person.0),
        filter.text,
        after.map(|id| id.0),
        limit
    )
    .fetch_all(conn)
    .await
}

/// What is approved and goes out next, the first first.
///
/// # Errors
/// The database fails.
pub async fn upcoming(
    conn: &mut PgConnection,
    roots: &[UnitId],
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Row,
        r#"select i.id as "id: ItemId", i.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!", u.city as "city?",
                  i.title, i.kind, i.state, i.topic, i.publish_at, p.name as "author?", i.updated_at,
                  c.name as "campaign?", c.colour as "colour?", null::timestamptz as submitted_at
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = i.created_by
           left join calendar.campaigns c on c.id = i.campaign_id
           where i.state in ('ready', 'approved', 'scheduled', 'publishing') and u.path && $1
           order by i.publish_at, i.id limit $2"#,
        &roots,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What this person writes or has to do something about, the latest change first.
///
/// # Errors
/// The database fails.
pub async fn mine(conn: &mut PgConnection, person: PersonId, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"select i.id as "id: ItemId", i.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!", u.city as "city?",
                  i.title, i.kind, i.state, i.topic, i.publish_at, p.name as "author?", i.updated_at,
                  c.name as "campaign?", c.colour as "colour?", null::timestamptz as submitted_at
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = i.created_by
           left join calendar.campaigns c on c.id = i.campaign_id
           where i.created_by = $1
             and i.state in ('draft', 'changes_requested', 'submitted', 'ready', 'failed', 'needs_person', 'partly', 'stopping')
           order by i.state not in ('changes_requested', 'failed', 'needs_person', 'partly'), i.updated_at desc limit $2"#,
        person.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Whether there is any item.
///
/// # Errors
/// The database fails.
pub async fn is_used(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from calendar.items) as "used!""#)
        .fetch_one(conn)
        .await
}
