//! Rows of lists: one query a list, whatever its length.

use chancery_contracts::ids::{CampaignId, ItemId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::model::{Standing, State};

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
    /// Counts saves: what is done to several at once names the one that was looked at.
    pub revision: i64,
    /// Since when it waits for approval.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The name of the model that it was adopted from.
    pub model: Option<String>,
    /// How far its translations are, language by language.
    pub translations: Json<Vec<Translated>>,
    /// Whether its latest version corrects what was out.
    pub corrects: bool,
}

/// How far an item's translation into a language is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = ItemTranslation)]
pub struct Translated {
    /// BCP 47 tag.
    pub language: String,
    /// How far.
    pub standing: Standing,
}

/// Something that somebody is asked about an item.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = AskedOfMe)]
pub struct Asked {
    /// Which item.
    #[schema(value_type = uuid::Uuid)]
    pub item: ItemId,
    /// Its headline; may be empty.
    #[serde(rename = "headline")]
    pub title: String,
    /// `changes`: an approver wants it changed. `named`: somebody named them in a thread.
    pub reason: String,
    /// What was said.
    pub text: String,
    /// By whom.
    pub person: Option<String>,
    /// When, in UTC.
    pub at: DateTime<Utc>,
    /// The clock of the item's unit.
    pub zone: String,
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
    /// Only those that are written in and lack a translation that is complete and as new as its source.
    pub needs_translation: bool,
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
                  c.name as "campaign?", c.colour as "colour?", i.revision, null::timestamptz as submitted_at,
                  mv.content ->> 'title' as "model?",
                  (select coalesce(jsonb_agg(jsonb_build_object('language', s.language, 'standing', s.standing) order by s.language), '[]')
                   from calendar.translation_standings s where s.item_id = i.id) as "translations!: Json<Vec<Translated>>",
                  exists (select from calendar.corrections k where k.item_id = i.id) as "corrects!"
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = i.created_by
           left join calendar.campaigns c on c.id = i.campaign_id
           left join calendar.model_versions mv on mv.model_id = i.model_id and mv.version = i.model_version
           where i.unit_id in (select v.id from identity.published_units v where v.path && $1 and ($2::uuid is null or $2 = any(v.path)))
             and (cardinality($3::text[]) = 0 or i.state = any($3))
             and ($4::uuid is null or i.campaign_id = $4)
             and ($5::uuid is null or i.created_by = $5)
             and ($6::text is null or position(lower($6) in lower(i.title)) > 0)
             and ($7::uuid is null or i.id < $7)
             and (not $9::bool or (i.state in ('draft', 'changes_requested') and exists (
                 select from calendar.translation_standings s
                 where s.item_id = i.id and s.standing in ('missing', 'in_work', 'outdated'))))
           order by i.id desc limit $8"#,
        &roots,
        filter.unit.map(|unit| unit.0),
        &states,
        filter.campaign.map(|campaign| campaign.0),
        filter.author.map(|person| person.0),
        filter.text,
        after.map(|id| id.0),
        limit,
        filter.needs_translation,
    )
    .fetch_all(conn)
    .await
}

/// What goes out, or went, between two instants, the first first.
///
/// # Errors
/// The database fails.
pub async fn between(
    conn: &mut PgConnection,
    roots: &[UnitId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Row,
        r#"select i.id as "id: ItemId", i.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!", u.city as "city?",
                  i.title, i.kind, i.state, i.topic, i.publish_at, p.name as "author?", i.updated_at,
                  c.name as "campaign?", c.colour as "colour?", i.revision, null::timestamptz as submitted_at,
                  mv.content ->> 'title' as "model?",
                  (select coalesce(jsonb_agg(jsonb_build_object('language', s.language, 'standing', s.standing) order by s.language), '[]')
                   from calendar.translation_standings s where s.item_id = i.id) as "translations!: Json<Vec<Translated>>",
                  exists (select from calendar.corrections k where k.item_id = i.id) as "corrects!"
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = i.created_by
           left join calendar.campaigns c on c.id = i.campaign_id
           left join calendar.model_versions mv on mv.model_id = i.model_id and mv.version = i.model_version
           where i.publish_at >= $2 and i.publish_at < $3 and u.path && $1
             and i.state in ('ready', 'approved', 'scheduled', 'publishing', 'published', 'partly', 'failed', 'needs_person')
           order by i.publish_at, i.id limit $4"#,
        &roots,
        from,
        to,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What somebody is asked: what an approver wants changed in what they wrote, and open threads that name them and that
/// they have not answered last; the latest first.
///
/// # Errors
/// The database fails.
pub async fn asked(conn: &mut PgConnection, person: PersonId, limit: i64) -> Result<Vec<Asked>, sqlx::Error> {
    sqlx::query_as!(
        Asked,
        r#"select a.item_id as "item!: ItemId", i.title, a.reason as "reason!", a.text as "text!", p.name as "person?",
                  a.at as "at!", u.zone as "zone!"
           from (
               select i.id as item_id, 'changes' as reason, d.comment as text, d.person_id, d.decided_at as at
               from calendar.items i
               join calendar.decisions d on d.item_id = i.id and d.version = i.version - 1 and d.decision <> 'approved'
               where i.state = 'changes_requested' and i.created_by = $1
               union all
               select t.item_id, 'named', r.text, r.person_id, r.at
               from calendar.remarks t
               join lateral (select * from calendar.remarks r where r.thread_id = t.id order by r.at desc, r.id desc limit 1) r on true
               where t.thread_id = t.id and t.resolved_at is null and r.person_id <> $1
                 and exists (select from calendar.remarks n where n.thread_id = t.id and $1 = any(n.mentions))
           ) a
           join calendar.items i on i.id = a.item_id and i.state <> 'cancelled'
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = a.person_id
           order by a.at desc, a.item_id limit $2"#,
        person.0,
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
                  c.name as "campaign?", c.colour as "colour?", i.revision, null::timestamptz as submitted_at,
                  mv.content ->> 'title' as "model?",
                  (select coalesce(jsonb_agg(jsonb_build_object('language', s.language, 'standing', s.standing) order by s.language), '[]')
                   from calendar.translation_standings s where s.item_id = i.id) as "translations!: Json<Vec<Translated>>",
                  exists (select from calendar.corrections k where k.item_id = i.id) as "corrects!"
           from calendar.items i
           join identity.published_units u on u.id = i.unit_id
           left join identity.published_people p on p.id = i.created_by
           left join calendar.campaigns c on c.id = i.campaign_id
           left join calendar.model_versions mv on mv.model_id = i.model_id and mv.version = i.model_version
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
