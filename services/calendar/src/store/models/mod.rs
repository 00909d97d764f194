//! Models: what headquarters writes, and the versions that were sent.

pub mod answers;
pub mod missions;

use chancery_contracts::ids::{CampaignId, ItemId, ModelId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::items::Lock;
use super::word;
use crate::model::LockedPassage;
use crate::model::models::{Content, ModelState};

/// A model, whole.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// Headquarters' unit that sends it.
    pub unit: UnitId,
    /// The campaign that it belongs to.
    pub campaign: Option<CampaignId>,
    /// How far it has come.
    pub state: ModelState,
    /// What is written in it now.
    pub content: Content,
    /// Counts what was sent; 0: nothing yet.
    pub version: i32,
    /// Counts saves.
    pub revision: i64,
    /// Since when it waits for somebody who may send it, and by whom it was offered.
    pub offered: Option<(DateTime<Utc>, PersonId)>,
    /// Who made it, and when.
    pub created: (PersonId, DateTime<Utc>),
    /// Who saved it last, and when.
    pub updated: (PersonId, DateTime<Utc>),
}

/// One model.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: ModelId, lock: Lock) -> Result<Model, sqlx::Error> {
    if lock == Lock::Update {
        sqlx::query!("select id from calendar.models where id = $1 for update", id.0)
            .fetch_one(&mut *conn)
            .await?;
    }
    let row = sqlx::query!(
        r#"select unit_id, campaign_id, state, content as "content: Json<Content>", version, revision, offered_at, offered_by,
                  created_by, created_at, updated_by, updated_at
           from calendar.models where id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Model {
        id,
        unit: row.unit_id.into(),
        campaign: row.campaign_id.map(Into::into),
        state: word("state", &row.state)?,
        content: row.content.0,
        version: row.version,
        revision: row.revision,
        offered: row.offered_at.zip(row.offered_by.map(Into::into)),
        created: (row.created_by.into(), row.created_at),
        updated: (row.updated_by.into(), row.updated_at),
    })
}

/// A new draft.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(conn: &mut PgConnection, model: &Model) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with made as (
             insert into calendar.models (id, unit_id, campaign_id, content, created_by, created_at, updated_by, updated_at)
             values ($1, $2, $3, $4, $5, $6, $5, $6) returning id)
         insert into calendar.model_writers (model_id, person_id, since) select id, $5, $6 from made",
        model.id.0,
        model.unit.0,
        model.campaign.map(|campaign| campaign.0),
        Json(&model.content) as _,
        model.created.0.0,
        model.created.1,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces what is written in a model; nobody has it waiting for release any longer. Gives the new revision.
///
/// # Errors
/// The database fails or refuses.
pub async fn write(
    conn: &mut PgConnection,
    id: ModelId,
    content: &Content,
    campaign: Option<CampaignId>,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "with writer as (
             insert into calendar.model_writers (model_id, person_id, since) values ($1, $4, $5) on conflict do nothing)
         update calendar.models
         set content = $2, campaign_id = $3, updated_by = $4, updated_at = $5, revision = revision + 1,
             offered_at = null, offered_by = null
         where id = $1 returning revision",
        id.0,
        Json(content) as _,
        campaign.map(|campaign| campaign.0),
        by.0,
        at,
    )
    .fetch_one(conn)
    .await
}

/// Asks whoever may send it to do so.
///
/// # Errors
/// The database fails.
pub async fn offer(
    conn: &mut PgConnection,
    id: ModelId,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.models set offered_at = $3, offered_by = $2 where id = $1",
        id.0,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes it back.
///
/// # Errors
/// The database fails.
pub async fn withdraw(conn: &mut PgConnection, id: ModelId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.models set state = 'withdrawn', revision = revision + 1 where id = $1",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Freezes what is written as `version`, with its locked passages.
///
/// # Errors
/// The database fails, or that version was sent already.
pub async fn freeze(
    conn: &mut PgConnection,
    id: ModelId,
    version: i32,
    content: &Content,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with moved as (
             update calendar.models set state = 'sent', version = $2, offered_at = null, offered_by = null where id = $1)
         insert into calendar.model_versions (model_id, version, content, sent_by, sent_at) values ($1, $2, $3, $4, $5)",
        id.0,
        version,
        Json(content) as _,
        by.0,
        at,
    )
    .execute(&mut *conn)
    .await?;
    let of = |part: fn(&LockedPassage) -> &String| {
        content
            .passages
            .iter()
            .map(|p| part(p).clone())
            .collect::<Vec<_>>()
    };
    sqlx::query!(
        "insert into calendar.model_passages (model_id, version, position, language, text, source)
         select $1, $2, p.position, p.language, p.text, p.source
         from unnest($3::text[], $4::text[], $5::text[]) with ordinality p(language, text, source, position)",
        id.0,
        version,
        &of(|p| &p.language),
        &of(|p| &p.text),
        &of(|p| &p.source),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was sent as `version`, by whom and when.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when that version was never sent.
pub async fn version(
    conn: &mut PgConnection,
    id: ModelId,
    version: i32,
) -> Result<(Content, PersonId, DateTime<Utc>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select content as "content: Json<Content>", sent_by, sent_at
           from calendar.model_versions where model_id = $1 and version = $2"#,
        id.0,
        version
    )
    .fetch_one(conn)
    .await?;
    Ok((row.content.0, row.sent_by.into(), row.sent_at))
}

/// Tells open pages to look at a model again.
///
/// # Errors
/// The database fails.
pub async fn touch(conn: &mut PgConnection, id: ModelId) -> Result<(), sqlx::Error> {
    sqlx::query!("select identity.touch('model', $1) is null as touched", id.0)
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// A model in headquarters' list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Listed {
    /// Its id.
    pub id: ModelId,
    /// Its name.
    pub title: String,
    /// `draft`, `sent` or `withdrawn`.
    pub state: String,
    /// Counts what was sent.
    pub version: i32,
    /// The sending unit's names.
    pub unit: Value,
    /// Who made it.
    pub author: Option<String>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// Since when it waits to be sent.
    pub offered_at: Option<DateTime<Utc>>,
    /// To how many missions it was sent.
    pub missions: i64,
    /// How many of them have answered.
    pub answered: i64,
    /// Its campaign.
    pub campaign: Option<String>,
}

/// The models of units at or below `roots`, those that wait to be sent first, then the newest; at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn list(conn: &mut PgConnection, roots: &[UnitId], limit: i64) -> Result<Vec<Listed>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Listed,
        r#"select m.id as "id: ModelId", coalesce(m.content ->> 'title', '') as "title!", m.state, m.version, u.names as "unit!",
                  p.name as "author?", m.updated_at, m.offered_at, c.name as "campaign?",
                  n.missions as "missions!", n.answered as "answered!"
           from calendar.models m
           join identity.published_units u on u.id = m.unit_id
           left join identity.published_people p on p.id = m.created_by
           left join calendar.campaigns c on c.id = m.campaign_id
           cross join lateral (
               select count(*) as missions, count(*) filter (where answer is not null) as answered
               from calendar.model_missions where model_id = m.id) n
           where u.path && $1
           order by m.offered_at is null, m.id desc limit $2"#,
        &roots,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The models of a campaign that were sent, the oldest first: the columns of its grid.
///
/// # Errors
/// The database fails.
pub async fn of_campaign(
    conn: &mut PgConnection,
    campaign: CampaignId,
) -> Result<Vec<(ModelId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id: ModelId", coalesce(content ->> 'title', '') as "title!"
           from calendar.models where campaign_id = $1 and state <> 'draft' order by id limit 30"#,
        campaign.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// The model that an item was adopted from.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = AdoptedModel)]
pub struct Adopted {
    /// The model's id.
    #[schema(value_type = uuid::Uuid)]
    pub model: ModelId,
    /// Which version of it the item has.
    pub version: i32,
    /// Its name in that version.
    pub model_title: String,
}

/// The model that an item was adopted from, if it was.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Option<Adopted>, sqlx::Error> {
    sqlx::query_as!(
        Adopted,
        r#"select v.model_id as "model: ModelId", v.version, coalesce(v.content ->> 'title', '') as "model_title!"
           from calendar.items i
           join calendar.model_versions v on v.model_id = i.model_id and v.version = i.model_version
           where i.id = $1"#,
        item.0
    )
    .fetch_optional(conn)
    .await
}
