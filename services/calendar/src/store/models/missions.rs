//! A model at all its missions: sending, lists, and headquarters' grid.

use chancery_contracts::ids::{ItemId, ModelId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::model::State;
use crate::model::models::{Facts, Progress};
use crate::store::word;

/// A mission to choose from.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Candidate {
    /// Its id.
    pub id: UnitId,
    /// Its names.
    pub names: Value,
    /// The part of the world.
    pub region: Option<String>,
    /// What kind of mission.
    pub kind: String,
    /// Whether this model was sent to it before.
    pub has_it: bool,
}

/// Every open mission, by part of the world.
///
/// # Errors
/// The database fails.
pub async fn candidates(conn: &mut PgConnection, model: ModelId) -> Result<Vec<Candidate>, sqlx::Error> {
    sqlx::query_as!(
        Candidate,
        r#"select u.id as "id!: UnitId", u.names as "names!", u.region, u.kind as "kind!",
                  m.model_id is not null as "has_it!"
           from identity.published_units u
           left join calendar.model_missions m on m.model_id = $1 and m.unit_id = u.id
           where u.is_mission and (u.valid_to is null or u.valid_to >= identity.today())
           order by u.region nulls last, u.slug"#,
        model.0
    )
    .fetch_all(conn)
    .await
}

/// Adds missions to those that get a model; who is among them stays. Variations go round. Gives all of them.
///
/// # Errors
/// The database fails.
pub async fn add(
    conn: &mut PgConnection,
    model: ModelId,
    units: &[UnitId],
    variations: i32,
) -> Result<Vec<UnitId>, sqlx::Error> {
    let units: Vec<_> = units.iter().map(|unit| unit.0).collect();
    sqlx::query!(
        "insert into calendar.model_missions (model_id, unit_id, variation)
         select $1, u.id, (u.position - 1) % $3
         from unnest($2::uuid[]) with ordinality u(id, position)
         on conflict do nothing",
        model.0,
        &units,
        i64::from(variations.max(1)),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        r#"select unit_id as "unit: UnitId" from calendar.model_missions where model_id = $1 order by unit_id"#,
        model.0
    )
    .fetch_all(conn)
    .await
}

/// What arrived at a mission just now.
#[derive(Debug, Clone, Copy)]
pub struct Arrived {
    /// Where.
    pub unit: UnitId,
    /// The item that the mission made of an earlier version, and its state.
    pub item: Option<(ItemId, State)>,
}

/// Puts `version` into the lists of those of `units` that do not have it, or a later one, yet. Doing it again does nothing.
///
/// # Errors
/// The database fails.
pub async fn deliver(
    conn: &mut PgConnection,
    model: ModelId,
    version: i32,
    units: &[UnitId],
    at: DateTime<Utc>,
) -> Result<Vec<Arrived>, sqlx::Error> {
    let units: Vec<_> = units.iter().map(|unit| unit.0).collect();
    let rows = sqlx::query!(
        r#"with arrived as (
               update calendar.model_missions set version = $2, received_at = coalesce(received_at, $4)
               where model_id = $1 and unit_id = any($3) and (version is null or version < $2)
               returning unit_id, item_id)
           select a.unit_id as "unit: UnitId", a.item_id as "item: ItemId", i.state as "state?"
           from arrived a left join calendar.items i on i.id = a.item_id"#,
        model.0,
        version,
        &units,
        at,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = row
                .state
                .as_deref()
                .map(|state| word("state", state))
                .transpose()?;
            Ok(Arrived {
                unit: row.unit,
                item: row.item.zip(state),
            })
        })
        .collect()
}

/// Those who have not answered and were not reminded since `before`; they are marked as reminded now.
///
/// # Errors
/// The database fails.
pub async fn remind(
    conn: &mut PgConnection,
    model: ModelId,
    before: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<Vec<UnitId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"update calendar.model_missions set reminded_at = $3
           where model_id = $1 and received_at is not null and answer is null
             and (reminded_at is null or reminded_at < $2)
           returning unit_id as "unit: UnitId""#,
        model.0,
        before,
        at
    )
    .fetch_all(conn)
    .await
}

/// A cell of headquarters' grid: one model at one mission.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Cell {
    /// Which model.
    pub model: ModelId,
    /// Which mission.
    pub unit: UnitId,
    /// The mission's names.
    pub unit_names: Value,
    /// Its part of the world.
    pub region: Option<String>,
    /// How far it has come.
    pub progress: Progress,
    /// Which variation of the texts it got, from 1.
    pub variation: i32,
    /// Why it declined; empty if it did not.
    pub reason: String,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// The item made from it.
    pub item: Option<ItemId>,
    /// When that goes out, or went.
    pub publish_at: Option<DateTime<Utc>>,
    /// Where it can be seen.
    pub permalink: Option<String>,
    /// Whether the mission has not yet dealt with the latest version of what it adopted.
    pub behind: bool,
    /// When it was last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
}

/// The grid of these models: a cell for each mission that one was sent to, in the order of parts of the world. One query,
/// however many models and missions.
///
/// # Errors
/// The database fails.
pub async fn grid(conn: &mut PgConnection, models: &[ModelId]) -> Result<Vec<Cell>, sqlx::Error> {
    let models: Vec<_> = models.iter().map(|model| model.0).collect();
    let rows = sqlx::query!(
        r#"select m.model_id as "model: ModelId", m.unit_id as "unit: UnitId", u.names as "unit_names!", u.region,
                  m.variation + 1 as "variation!", m.received_at is not null as "received!", m.seen_at is not null as "seen!",
                  m.answer, m.reason, p.name as "answered_by?", m.answered_at, m.item_id as "item: ItemId", m.reminded_at,
                  coalesce(m.settled_version < m.version, false) as "behind!",
                  i.state as "state?", i.publish_at as "publish_at?",
                  case when i.id is not null then calendar.item_texts(i.id) = m.adopted end as faithful,
                  (select d.permalink from calendar.deliveries d
                   where d.item_id = i.id and d.permalink is not null order by d.changed_at limit 1) as permalink
           from calendar.model_missions m
           join identity.published_units u on u.id = m.unit_id
           left join calendar.items i on i.id = m.item_id
           left join identity.published_people p on p.id = m.answered_by
           where m.model_id = any($1)
           order by u.region nulls last, u.slug, m.model_id"#,
        &models
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state: Option<State> = row
                .state
                .as_deref()
                .map(|state| word("state", state))
                .transpose()?;
            let facts = Facts {
                received: row.received,
                seen: row.seen,
                declined: row.answer.as_deref() == Some("declined"),
                item: state.map(|state| (state, row.faithful.unwrap_or(false))),
            };
            Ok(Cell {
                model: row.model,
                unit: row.unit,
                unit_names: row.unit_names,
                region: row.region,
                progress: Progress::of(facts),
                variation: row.variation,
                reason: row.reason,
                answered_by: row.answered_by,
                answered_at: row.answered_at,
                item: row.item,
                publish_at: row.publish_at,
                permalink: row.permalink,
                behind: row.behind,
                reminded_at: row.reminded_at,
            })
        })
        .collect()
}

/// A model in a mission's list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Waiting {
    /// Which model.
    pub model: ModelId,
    /// At which mission.
    pub unit: UnitId,
    /// The mission's names.
    pub unit_names: Value,
    /// The mission's clock.
    pub zone: String,
    /// The mission's city.
    pub city: Option<Value>,
    /// What was sent there last.
    #[serde(skip)]
    pub content: sqlx::types::Json<crate::model::models::Content>,
    /// `withdrawn`, or not.
    pub state: String,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// Whether somebody there has opened it.
    pub seen: bool,
    /// `adopted` or `declined`, once answered.
    pub answer: Option<String>,
    /// The item made from it.
    pub item: Option<ItemId>,
    /// Whether a later version waits to be looked at.
    pub behind: bool,
}

/// What missions at or below `roots` have received, what waits for an answer or a look first, then the newest. With
/// `open_only`, nothing else.
///
/// # Errors
/// The database fails.
pub async fn waiting(
    conn: &mut PgConnection,
    roots: &[UnitId],
    open_only: bool,
    limit: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Waiting,
        r#"select m.model_id as "model: ModelId", m.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!",
                  u.city as "city?", v.content as "content: _", h.state, m.received_at as "received_at!",
                  m.seen_at is not null as "seen!", m.answer, m.item_id as "item: ItemId",
                  coalesce(m.answer = 'adopted' and m.settled_version < m.version, false) as "behind!"
           from calendar.model_missions m
           join calendar.models h on h.id = m.model_id
           join calendar.model_versions v on v.model_id = m.model_id and v.version = m.version
           join identity.published_units u on u.id = m.unit_id
           where u.path && $1 and m.received_at is not null
             and (not $2 or (h.state = 'sent' and (m.answer is null or (m.answer = 'adopted' and m.settled_version < m.version))))
           order by h.state <> 'sent', m.answer is not null and not coalesce(m.answer = 'adopted' and m.settled_version < m.version, false),
                    m.model_id desc, u.slug
           limit $3"#,
        &roots,
        open_only,
        limit
    )
    .fetch_all(conn)
    .await
}
