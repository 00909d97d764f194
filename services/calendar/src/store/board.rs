//! The board's rows: a stretch of time, bounded whatever it holds.

use chancery_contracts::ids::{CampaignId, ItemId, UnitId};
use chancery_contracts::{Platform, Topic};
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{Acquire as _, PgConnection};
use uuid::Uuid;

use super::lists::Translated;
use super::word;
use crate::model::{ClockChoice, Kind, State};

/// The most undated drafts that are shown beside the board.
pub const UNDATED: i64 = 40;

/// What to show of the items; an empty list leaves everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In one of these states; none: in any but cancelled.
    pub states: Vec<State>,
    /// Of one of these kinds.
    pub kinds: Vec<Kind>,
    /// About one of these.
    pub topics: Vec<Topic>,
    /// Meant for one of these platforms.
    pub platforms: Vec<Platform>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// Written in this language.
    pub language: Option<String>,
}

/// Where the days of a board begin and end, for units on one clock or several.
#[derive(Debug)]
pub struct Days {
    /// The units.
    pub units: Vec<Uuid>,
    /// For each of them, which of `midnights` is its clock's, from 1.
    pub zone: Vec<i32>,
    /// For each clock, the instants at which its days begin, and the end of the last.
    pub midnights: Vec<Vec<DateTime<Utc>>>,
    /// The earliest and the latest of all of them.
    pub span: (DateTime<Utc>, DateTime<Utc>),
    /// How many days.
    pub count: i32,
}

/// An item on a day.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Its id.
    pub id: ItemId,
    /// Whose it is.
    pub unit: UnitId,
    /// Its name; may be empty.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// What sort.
    pub kind: String,
    /// What it is about.
    pub topic: String,
    /// Its main language.
    pub language: String,
    /// When it goes out; none of one without a day.
    pub publish_at: Option<DateTime<Utc>>,
    /// On whose clock its time was chosen.
    pub clock: ClockChoice,
    /// Counts saves: a move names the one it is based on.
    pub revision: i64,
    /// Its campaign's name.
    pub campaign: Option<String>,
    /// The palette's word.
    pub colour: Option<String>,
    /// The platforms it is meant for.
    pub platforms: Vec<String>,
    /// The accounts it is meant for.
    pub accounts: Vec<Uuid>,
    /// Which day of the board, from 1.
    pub day: i32,
    /// How many items that day has, shown or not.
    pub total: i64,
    /// Which translations it lacks, or has from an older text, while it is written.
    pub lacking: Vec<Translated>,
    /// The name of the model that it was adopted from.
    pub model: Option<String>,
}

/// The first `few` items of each day, with how many each day has: where they stand is found in indexes alone, then those
/// few are read.
///
/// # Errors
/// The database fails.
pub async fn placed(
    conn: &mut PgConnection,
    days: &Days,
    filter: &Filter,
    few: i64,
) -> Result<Vec<Placed>, sqlx::Error> {
    let mut tx = conn.begin().await?;
    // One plan for every stretch and filter would be the worst of all of them.
    sqlx::raw_sql("set local plan_cache_mode = force_custom_plan")
        .execute(&mut *tx)
        .await?;
    let words = Words::of(filter);
    let spots = match days.midnights.as_slice() {
        [midnights] => on_one_clock(&mut tx, days, midnights, filter, &words, few).await?,
        _ => on_own_clocks(&mut tx, days, filter, &words, few).await?,
    };
    let placed = details(&mut tx, &spots).await?;
    tx.commit().await?;
    Ok(placed)
}

/// Where an item stands: its id, its day from 1, and how many that day has.
type Spot = (Uuid, i32, i64);

/// Days that begin at the same instants for all: they are counted, and the first of each are looked up.
async fn on_one_clock(
    conn: &mut PgConnection,
    days: &Days,
    midnights: &[DateTime<Utc>],
    filter: &Filter,
    words: &Words,
    few: i64,
) -> Result<Vec<Spot>, sqlx::Error> {
    let campaign = filter.campaign.map(|campaign| campaign.0);
    let counts = sqlx::query!(
        r#"select width_bucket(i.publish_at, $2::timestamptz[]) as "day!", count(*) as "total!"
           from calendar.items i
           where i.publish_at >= $9 and i.publish_at < $10 and i.unit_id = any($1)
             and (case when cardinality($3::text[]) = 0 then i.state <> 'cancelled' else i.state = any($3) end)
             and (cardinality($4::text[]) = 0 or i.kind = any($4))
             and (cardinality($5::text[]) = 0 or i.topic = any($5))
             and ($6::uuid is null or i.campaign_id = $6)
             and ($7::text is null or i.language = $7)
             and (cardinality($8::text[]) = 0 or exists (
                 select from calendar.variants v join publisher.published_accounts a on a.id = v.account_id
                 where v.item_id = i.id and a.platform = any($8)))
           group by 1"#,
        &days.units,
        midnights,
        &words.states,
        &words.kinds,
        &words.topics,
        campaign,
        filter.language,
        &words.platforms,
        days.span.0,
        days.span.1,
    )
    .fetch_all(&mut *conn)
    .await?;
    let totals: std::collections::HashMap<i32, i64> =
        counts.into_iter().map(|row| (row.day, row.total)).collect();
    let rows = sqlx::query!(
        r#"select d.day as "day!", f.id as "id!"
           from generate_series(1, $9::int) d(day)
           cross join lateral (
               select i.id from calendar.items i
               where i.publish_at >= ($2::timestamptz[])[d.day] and i.publish_at < ($2::timestamptz[])[d.day + 1]
                 and i.unit_id = any($1)
                 and (case when cardinality($3::text[]) = 0 then i.state <> 'cancelled' else i.state = any($3) end)
                 and (cardinality($4::text[]) = 0 or i.kind = any($4))
                 and (cardinality($5::text[]) = 0 or i.topic = any($5))
                 and ($6::uuid is null or i.campaign_id = $6)
                 and ($7::text is null or i.language = $7)
                 and (cardinality($8::text[]) = 0 or exists (
                     select from calendar.variants v join publisher.published_accounts a on a.id = v.account_id
                     where v.item_id = i.id and a.platform = any($8)))
               order by i.publish_at, i.id limit $10) f"#,
        &days.units,
        midnights,
        &words.states,
        &words.kinds,
        &words.topics,
        campaign,
        filter.language,
        &words.platforms,
        days.count,
        few,
    )
    .fetch_all(conn)
    .await?;
    let spot = |day: i32, id: Uuid| (id, day, totals.get(&day).copied().unwrap_or_default());
    Ok(rows.into_iter().map(|row| spot(row.day, row.id)).collect())
}

/// Days that begin at another instant for each unit's clock.
async fn on_own_clocks(
    conn: &mut PgConnection,
    days: &Days,
    filter: &Filter,
    words: &Words,
    few: i64,
) -> Result<Vec<Spot>, sqlx::Error> {
    // An array of arrays would have to be a matrix: each is sent as PostgreSQL writes an array.
    let midnights: Vec<String> = days.midnights.iter().map(|instants| array(instants)).collect();
    let rows = sqlx::query!(
        r#"with zones as materialized (
               select n, midnights::timestamptz[] as midnights from unnest($3::text[]) with ordinality z(midnights, n)),
           hits as (
               select i.id, i.publish_at, width_bucket(i.publish_at, z.midnights) as day
               from calendar.items i
               join unnest($1::uuid[], $2::int[]) as u(id, zone) on u.id = i.unit_id
               join zones z on z.n = u.zone
               where i.publish_at >= $4 and i.publish_at < $5
                 and (case when cardinality($8::text[]) = 0 then i.state <> 'cancelled' else i.state = any($8) end)
                 and (cardinality($9::text[]) = 0 or i.kind = any($9))
                 and (cardinality($10::text[]) = 0 or i.topic = any($10))
                 and ($11::uuid is null or i.campaign_id = $11)
                 and ($12::text is null or i.language = $12)
                 and (cardinality($13::text[]) = 0 or exists (
                     select from calendar.variants v join publisher.published_accounts a on a.id = v.account_id
                     where v.item_id = i.id and a.platform = any($13)))),
           counted as (
               select id, day, count(*) over (partition by day) as total,
                      row_number() over (partition by day order by publish_at, id) as place
               from hits where day between 1 and $6)
           select id as "id!", day as "day!", total as "total!" from counted where place <= $7"#,
        &days.units,
        &days.zone,
        &midnights,
        days.span.0,
        days.span.1,
        days.count,
        few,
        &words.states,
        &words.kinds,
        &words.topics,
        filter.campaign.map(|campaign| campaign.0),
        filter.language,
        &words.platforms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.day, row.total)).collect())
}

/// An array as PostgreSQL writes it.
fn array(instants: &[DateTime<Utc>]) -> String {
    let texts: Vec<String> = instants
        .iter()
        .map(|at| format!("\"{}\"", at.format("%Y-%m-%d %H:%M:%S+00")))
        .collect();
    format!("{{{}}}", texts.join(","))
}

async fn details(conn: &mut PgConnection, spots: &[Spot]) -> Result<Vec<Placed>, sqlx::Error> {
    let ids: Vec<Uuid> = spots.iter().map(|spot| spot.0).collect();
    let days: Vec<i32> = spots.iter().map(|spot| spot.1).collect();
    let totals: Vec<i64> = spots.iter().map(|spot| spot.2).collect();
    let rows = sqlx::query!(
        r#"select i.id as "id: ItemId", i.unit_id as "unit: UnitId", i.title, i.state, i.kind, i.topic, i.language, i.publish_at,
                  i.clock, i.revision, c.name as "campaign?", c.colour as "colour?", s.day as "day!", s.total as "total!",
                  coalesce(v.platforms, '{}') as "platforms!", coalesce(v.accounts, '{}') as "accounts!",
                  mv.content ->> 'title' as "model?",
                  (select coalesce(jsonb_agg(jsonb_build_object('language', l.language, 'standing', l.standing) order by l.language), '[]')
                   from calendar.translation_standings l
                   where l.item_id = i.id and i.state in ('draft', 'changes_requested')
                     and l.standing in ('missing', 'in_work', 'outdated')) as "lacking!: Json<Vec<Translated>>"
           from unnest($1::uuid[], $2::int[], $3::bigint[]) as s(id, day, total)
           join calendar.items i on i.id = s.id
           left join calendar.campaigns c on c.id = i.campaign_id
           left join calendar.model_versions mv on mv.model_id = i.model_id and mv.version = i.model_version
           left join lateral (
               select array_agg(distinct a.platform) as platforms, array_agg(distinct a.id) as accounts
               from calendar.variants v join publisher.published_accounts a on a.id = v.account_id
               where v.item_id = i.id) v on true
           order by s.day, i.publish_at, i.id"#,
        &ids,
        &days,
        &totals,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Placed {
                id: row.id,
                unit: row.unit,
                title: row.title,
                state: word("state", &row.state)?,
                kind: row.kind,
                topic: row.topic,
                language: row.language,
                publish_at: row.publish_at,
                clock: word("clock", &row.clock)?,
                revision: row.revision,
                campaign: row.campaign,
                colour: row.colour,
                platforms: row.platforms,
                accounts: row.accounts,
                day: row.day,
                total: row.total,
                lacking: row.lacking.0,
                model: row.model,
            })
        })
        .collect()
}

/// Drafts that have no day yet, the latest change first, at most [`UNDATED`].
///
/// # Errors
/// The database fails.
pub async fn undated(
    conn: &mut PgConnection,
    units: &[Uuid],
    filter: &Filter,
) -> Result<Vec<Placed>, sqlx::Error> {
    let Words {
        states,
        kinds,
        topics,
        ..
    } = Words::of(filter);
    let rows = sqlx::query!(
        r#"select i.id as "id: ItemId", i.unit_id as "unit: UnitId", i.title, i.state, i.kind, i.topic, i.language, i.clock,
                  i.revision, c.name as "campaign?", c.colour as "colour?",
                  mv.content ->> 'title' as "model?",
                  (select coalesce(jsonb_agg(jsonb_build_object('language', l.language, 'standing', l.standing) order by l.language), '[]')
                   from calendar.translation_standings l
                   where l.item_id = i.id and i.state in ('draft', 'changes_requested')
                     and l.standing in ('missing', 'in_work', 'outdated')) as "lacking!: Json<Vec<Translated>>"
           from calendar.items i left join calendar.campaigns c on c.id = i.campaign_id
           left join calendar.model_versions mv on mv.model_id = i.model_id and mv.version = i.model_version
           where i.publish_at is null and i.state in ('draft', 'changes_requested') and i.unit_id = any($1)
             and (cardinality($2::text[]) = 0 or i.state = any($2))
             and (cardinality($3::text[]) = 0 or i.kind = any($3))
             and (cardinality($4::text[]) = 0 or i.topic = any($4))
             and ($5::uuid is null or i.campaign_id = $5)
             and ($6::text is null or i.language = $6)
           order by i.updated_at desc limit $7"#,
        units,
        &states,
        &kinds,
        &topics,
        filter.campaign.map(|campaign| campaign.0),
        filter.language,
        UNDATED,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Placed {
                id: row.id,
                unit: row.unit,
                title: row.title,
                state: word("state", &row.state)?,
                kind: row.kind,
                topic: row.topic,
                language: row.language,
                publish_at: None,
                clock: word("clock", &row.clock)?,
                revision: row.revision,
                campaign: row.campaign,
                colour: row.colour,
                platforms: Vec::new(),
                accounts: Vec::new(),
                day: 0,
                total: 0,
                lacking: row.lacking.0,
                model: row.model,
            })
        })
        .collect()
}

/// The filter as lists of the database's words.
struct Words {
    states: Vec<String>,
    kinds: Vec<String>,
    topics: Vec<String>,
    platforms: Vec<String>,
}

impl Words {
    fn of(filter: &Filter) -> Self {
        Self {
            states: filter.states.iter().map(ToString::to_string).collect(),
            kinds: filter.kinds.iter().map(ToString::to_string).collect(),
            topics: filter.topics.iter().map(ToString::to_string).collect(),
            platforms: filter.platforms.iter().map(ToString::to_string).collect(),
        }
    }
}
