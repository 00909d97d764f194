//! What pages and the API show. Each list is one statement; whoever asks says for which units they may.

use chancery_contracts::ids::{AccountId, DeliveryId, ItemId, StopId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;

/// A delivery as a list shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// Of which item.
    pub item: Uuid,
    /// The item's name for people.
    pub title: String,
    /// Which version it sends, or has sent.
    pub version: i32,
    /// A later approved version that a person must decide on.
    pub newer_version: Option<i32>,
    /// In whose name.
    pub unit: Uuid,
    /// On which account.
    pub account: Uuid,
    /// As we call it.
    pub account_name: String,
    /// As the platform shows it.
    pub handle: String,
    /// On which platform.
    pub platform: String,
    /// BCP 47 tag.
    pub language: String,
    /// `waiting`, `preparing`, `ready`, `committing`, `published`, `unknown`, `needs_person`, `held`, `missed`,
    /// `rejected` or `cancelled`.
    pub state: String,
    /// Why, as a stable code.
    pub reason_code: Option<String>,
    /// Why, in the words of whoever said so.
    pub reason: Option<String>,
    /// When it is due, in UTC.
    pub due_at: DateTime<Utc>,
    /// From here on it is too late, in UTC.
    pub not_after: DateTime<Utc>,
    /// When it moves next by itself, in UTC.
    pub wake_at: Option<DateTime<Utc>>,
    /// Since when a commit's outcome is open, in UTC.
    pub intent_at: Option<DateTime<Utc>>,
    /// How often a commit was permitted.
    pub intents: i32,
    /// Where the public sees it.
    pub permalink: Option<String>,
    /// When it went out, in UTC.
    pub published_at: Option<DateTime<Utc>>,
    /// The delivery that this one corrects.
    pub revises: Option<Uuid>,
    /// How far taking it down has come: `requested`, `withdrawing`, `withdrawn`, `needs_person`, `impossible` or `void`;
    /// none while nobody asked for it.
    pub withdrawal: Option<String>,
    /// Why that stands where it stands, as a stable code.
    pub withdrawal_code: Option<String>,
    /// Why, in the words of whoever said so.
    pub withdrawal_why: Option<String>,
    /// When it was taken down, in UTC.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The IANA zone of the unit.
    pub zone: Option<String>,
    /// The unit's city, by language.
    #[schema(value_type = Object)]
    pub city: Option<Value>,
    /// The unit's name, by language.
    #[schema(value_type = Object)]
    pub unit_names: Option<Value>,
}

/// Which deliveries. What is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// At or below one of these units.
    pub units: Vec<UnitId>,
    /// In one of these states.
    pub states: Option<Vec<String>>,
    /// On this account.
    pub account: Option<AccountId>,
    /// Of this item.
    pub item: Option<ItemId>,
    /// This one alone.
    pub id: Option<DeliveryId>,
    /// In flight when this stop was placed.
    pub in_flight: Option<StopId>,
    /// After this one in the list.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// Deliveries, latest due first.
///
/// # Errors
/// When the database fails.
pub async fn deliveries(conn: &mut PgConnection, wanted: &Wanted) -> Result<Vec<Line>> {
    let units: Vec<Uuid> = wanted.units.iter().map(|unit| unit.0).collect();
    let lines = sqlx::query_as!(
        Line,
        r#"select d.id, d.item_id as item, o.title as "title!", d.version, d.newer_version, o.unit_id as "unit!",
               d.account_id as account, a.name as account_name, a.handle, a.platform, d.language, d.state, d.reason_code,
               d.reason, d.due_at, d.not_after, d.wake_at, d.intent_at, d.intents, d.permalink, d.published_at,
               d.revises, w.state as "withdrawal?", w.why_code as "withdrawal_code?", w.why as "withdrawal_why?",
               w.withdrawn_at as "withdrawn_at?", u.zone, u.city, u.names as unit_names
           from publisher.deliveries d
           left join publisher.withdrawals w on w.delivery_id = d.id
           join publisher.orders o on o.item_id = d.item_id
           join publisher.accounts a on a.id = d.account_id
           join identity.published_units u on u.id = o.unit_id
           where u.path && $1
             and ($2::text[] is null or d.state = any($2))
             and ($3::uuid is null or d.account_id = $3)
             and ($4::uuid is null or d.item_id = $4)
             and ($5::uuid is null or d.id = $5)
             and ($6::uuid is null or exists (
                 select from publisher.stop_in_flight f where f.stop_id = $6 and f.delivery_id = d.id))
             and ($7::timestamptz is null or (d.due_at, d.id) < ($7, $8))
           order by d.due_at desc, d.id desc
           limit $9"#,
        &units,
        wanted.states.as_deref(),
        wanted.account.map(|account| account.0),
        wanted.item.map(|item| item.0),
        wanted.id.map(|id| id.0),
        wanted.in_flight.map(|stop| stop.0),
        wanted.after.map(|after| after.0),
        wanted.after.map(|after| after.1),
        wanted.limit
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// A line of a delivery's ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DeliveryStep)]
pub struct StepLine {
    /// When, in UTC.
    pub at: DateTime<Utc>,
    /// What happened.
    pub step: String,
    /// Where the delivery stood before.
    pub from_state: Option<String>,
    /// Where it stands since.
    pub to_state: String,
    /// With which version.
    pub version: i32,
    /// Who decided; none for the publisher itself.
    pub actor: Option<String>,
    /// What there is to know.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// The ledger of a delivery, oldest first; the latest two hundred lines.
///
/// # Errors
/// When the database fails.
pub async fn steps(conn: &mut PgConnection, id: DeliveryId) -> Result<Vec<StepLine>> {
    let mut lines = sqlx::query_as!(
        StepLine,
        r#"select s.at, s.step, s.from_state, s.to_state, s.version, p.name as "actor?", s.detail
           from publisher.delivery_steps s
           left join identity.published_people p on p.id = s.actor
           where s.delivery_id = $1 order by s.id desc limit 200"#,
        id.0
    )
    .fetch_all(conn)
    .await?;
    lines.reverse();
    Ok(lines)
}

/// The text of a delivery: what was sent if anything was, else what is ordered. An edition variant as JSON.
///
/// # Errors
/// When the database fails.
pub async fn text(conn: &mut PgConnection, id: DeliveryId) -> Result<Option<Value>> {
    let text = sqlx::query_scalar!(
        "select coalesce(d.sent, (
             select v from jsonb_array_elements(o.edition -> 'variants') v
             where v ->> 'account' = d.account_id::text and v ->> 'language' = d.language))
         from publisher.deliveries d join publisher.orders o on o.item_id = d.item_id
         where d.id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(text.flatten())
}

/// An account as a list shows it. Never its secrets.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountLine {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub unit: Uuid,
    /// The unit's name, by language.
    #[schema(value_type = Object)]
    pub unit_names: Value,
    /// The unit's address in paths.
    pub unit_slug: String,
    /// On which platform.
    pub platform: String,
    /// As the platform shows it.
    pub handle: String,
    /// As we call it.
    pub name: String,
    /// Its server.
    pub service_url: Option<String>,
    /// Its lasting id on the platform.
    pub remote_id: Option<String>,
    /// BCP 47 tags of the languages it writes.
    pub languages: Vec<String>,
    /// `enabled`, `disabled` or `needs_reauth`.
    pub state: String,
    /// Why not, in the platform's words.
    pub state_reason: Option<String>,
    /// The platform asked to wait until then, in UTC.
    pub limited_until: Option<DateTime<Utc>>,
    /// Of the text, in extended grapheme clusters.
    pub max_graphemes: Option<i32>,
    /// Of the text, in bytes of UTF-8.
    pub max_bytes: Option<i32>,
    /// When the access that it was given ends, in UTC; none: nobody knows.
    pub token_ends_at: Option<DateTime<Utc>>,
    /// When it was connected, in UTC.
    pub created_at: DateTime<Utc>,
    /// By whom; none for the system itself.
    pub created_by: Option<String>,
    /// In which part of the world its unit is.
    pub region: Option<String>,
    /// How many of its deliveries went wrong since `failing_since`.
    pub failing: i64,
}

/// Accounts of these units and everything below them, by unit; deliveries count as failing from `failing_since` on.
///
/// # Errors
/// When the database fails.
pub async fn accounts(
    conn: &mut PgConnection,
    units: &[UnitId],
    id: Option<AccountId>,
    failing_since: DateTime<Utc>,
) -> Result<Vec<AccountLine>> {
    let units: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    let lines = sqlx::query_as!(
        AccountLine,
        r#"select a.id, a.unit_id as unit, u.names as "unit_names!", u.slug as "unit_slug!", a.platform, a.handle, a.name,
               a.service_url, a.remote_id, a.languages, a.state, a.state_reason, a.limited_until, a.max_graphemes,
               a.max_bytes, a.token_ends_at, a.created_at, p.name as "created_by?", u.region,
               coalesce(f.failing, 0) as "failing!"
           from publisher.accounts a
           join identity.published_units u on u.id = a.unit_id
           left join identity.published_people p on p.id = a.created_by
           left join (
               select account_id, count(*) as failing from publisher.deliveries
               where state in ('unknown', 'needs_person', 'missed', 'rejected') and due_at >= $3
               group by account_id) f on f.account_id = a.id
           where u.path && $1 and ($2::uuid is null or a.id = $2)
           order by u.slug, a.platform, a.name
           limit 2000"#,
        &units,
        id.map(|id| id.0),
        failing_since,
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// A unit as a form's choice.
#[derive(Debug, Clone, Serialize)]
pub struct UnitLine {
    /// Its id.
    pub id: Uuid,
    /// Its name, by language.
    pub names: Value,
    /// In which region.
    pub region: Option<String>,
}

/// Units at or below these that are still open, by name.
///
/// # Errors
/// When the database fails.
pub async fn units(conn: &mut PgConnection, below: &[UnitId]) -> Result<Vec<UnitLine>> {
    let below: Vec<Uuid> = below.iter().map(|unit| unit.0).collect();
    let lines = sqlx::query_as!(
        UnitLine,
        r#"select id as "id!", names as "names!", region from identity.published_units
           where path && $1 and valid_to is null order by cardinality(path), slug limit 2000"#,
        &below
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// A stop as a list shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Stop)]
pub struct StopLine {
    /// Its id.
    pub id: Uuid,
    /// `ministry`, `region`, `unit`, `topic`, `account` or `campaign`.
    pub scope: String,
    /// Which one; none for the ministry.
    pub scope_id: Option<String>,
    /// The name of the unit it covers, or of the account's unit, by language.
    #[schema(value_type = Object)]
    pub unit_names: Option<Value>,
    /// The account it covers.
    pub account_name: Option<String>,
    /// The campaign it covers.
    pub campaign_name: Option<String>,
    /// `person`, or `restore`: placed and lifted by the publisher itself.
    pub cause: String,
    /// Why, in a person's words.
    pub reason: String,
    /// By whom.
    pub placed_by: Option<String>,
    /// Whether headquarters placed it.
    pub by_headquarters: bool,
    /// Since when, in UTC.
    pub placed_at: DateTime<Utc>,
    /// By whom it was lifted.
    pub lifted_by: Option<String>,
    /// Until when, in UTC; none while it holds.
    pub lifted_at: Option<DateTime<Utc>>,
    /// How many deliveries were in flight when it was placed.
    pub in_flight: i64,
    /// How many deliveries a stop after a restore still waits for.
    pub unsettled: i64,
    /// The units at which it may be decided on, root first; empty for a scope that only headquarters decides on.
    #[serde(skip)]
    #[schema(ignore)]
    pub path: Vec<Uuid>,
    /// Whether it covers units that the question was asked for from above.
    #[serde(skip)]
    #[schema(ignore)]
    pub from_above: bool,
}

/// Stops that hold, then those that ended lately, as `units` see them.
///
/// # Errors
/// When the database fails.
pub async fn stops(conn: &mut PgConnection, units: &[UnitId], active_only: bool) -> Result<Vec<StopLine>> {
    let units: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    let lines = sqlx::query_as!(
        StopLine,
        r#"select s.id, s.scope, s.scope_id, u.names as "unit_names?", a.name as "account_name?", c.name as "campaign_name?", s.cause, s.reason,
               placer.name as "placed_by?", s.by_headquarters, s.placed_at, lifter.name as "lifted_by?", s.lifted_at,
               (select count(*) from publisher.stop_in_flight f where f.stop_id = s.id) as "in_flight!",
               (select count(*) from publisher.deliveries d
                where d.recheck_stop_id = s.id and d.state in ('unknown', 'needs_person')) as "unsettled!",
               coalesce(u.path, '{}') as "path!",
               exists (select 1 from identity.published_units mine
                       where mine.id = any($2) and u.id = any (mine.path)) as "from_above!"
           from publisher.stops s
           left join publisher.accounts a on s.scope = 'account' and a.id::text = s.scope_id
           left join calendar.published_campaigns c on s.scope = 'campaign' and c.id::text = s.scope_id
           left join identity.published_units u
               on u.id::text = case s.scope
                   when 'unit' then s.scope_id when 'account' then a.unit_id::text when 'campaign' then c.unit_id::text end
           left join identity.published_people placer on placer.id = s.placed_by
           left join identity.published_people lifter on lifter.id = s.lifted_by
           where s.lifted_at is null or not $1
           order by s.lifted_at desc nulls first, s.placed_at desc
           limit 50"#,
        active_only,
        &units
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// How many deliveries of these units are held.
///
/// # Errors
/// When the database fails.
pub async fn held(conn: &mut PgConnection, units: &[UnitId]) -> Result<i64> {
    let units: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from publisher.deliveries d
           join publisher.orders o on o.item_id = d.item_id
           join identity.published_units u on u.id = o.unit_id
           where d.state = 'held' and u.path && $1"#,
        &units
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// A campaign that can be paused.
#[derive(Debug, Clone, Serialize)]
pub struct CampaignLine {
    /// Its id.
    pub id: Uuid,
    /// Its name, as its unit wrote it.
    pub name: String,
    /// The names of its unit, by language.
    pub unit_names: Value,
}

/// Campaigns of these units and of those below them that are not over on `today`, the next to end first.
///
/// # Errors
/// When the database fails.
pub async fn campaigns(
    conn: &mut PgConnection,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<CampaignLine>> {
    let units: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    let lines = sqlx::query_as!(
        CampaignLine,
        r#"select c.id as "id!", c.name as "name!", u.names as "unit_names!"
           from calendar.published_campaigns c
           join identity.published_units u on u.id = c.unit_id
           where u.path && $1 and c.ends_on >= $2::date - 1
           order by c.ends_on, c.name
           limit 200"#,
        &units,
        today
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}
