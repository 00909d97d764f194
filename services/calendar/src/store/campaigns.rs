//! Campaigns, and the lists that items refer to.

use chancery_clock::Tz;
use chancery_contracts::ids::{CampaignId, PersonId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::CampaignState;

/// A named group of items.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Campaign {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: CampaignId,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// What it is to achieve.
    pub goal: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Who answers for it.
    #[schema(value_type = Uuid)]
    pub owner: PersonId,
    /// One of the palette.
    pub colour: String,
    /// Where it stands.
    pub state: CampaignState,
    /// Counts changes.
    pub revision: i64,
}

/// One campaign.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: CampaignId) -> Result<Campaign, sqlx::Error> {
    let row = sqlx::query!(
        r#"select unit_id as "unit: UnitId", name, goal, starts_on, ends_on, owner_id as "owner: PersonId", colour, state,
                  revision
           from calendar.campaigns where id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Campaign {
        id,
        unit: row.unit,
        name: row.name,
        goal: row.goal,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        owner: row.owner,
        colour: row.colour,
        state: word("state", &row.state)?,
        revision: row.revision,
    })
}

/// Makes a campaign, or changes it when its revision is still the one given. False: somebody else changed it.
///
/// # Errors
/// The database fails or refuses.
pub async fn save(
    conn: &mut PgConnection,
    campaign: &Campaign,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.campaigns as c
             (id, unit_id, name, goal, starts_on, ends_on, owner_id, colour, created_by, created_at, updated_at, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $12)
         on conflict (id) do update
         set name = excluded.name, goal = excluded.goal, starts_on = excluded.starts_on, ends_on = excluded.ends_on,
             owner_id = excluded.owner_id, colour = excluded.colour, updated_at = excluded.updated_at,
             revision = c.revision + 1
         where c.revision = $11 and c.unit_id = excluded.unit_id",
        campaign.id.0,
        campaign.unit.0,
        campaign.name,
        campaign.goal,
        campaign.starts_on,
        campaign.ends_on,
        campaign.owner.0,
        campaign.colour,
        by.0,
        at,
        campaign.revision,
        campaign.state.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Moves a campaign that still stands at `from` and, if it is given, has this revision. False: somebody was faster.
///
/// # Errors
/// The database fails or refuses.
pub async fn stand(
    conn: &mut PgConnection,
    id: CampaignId,
    (from, to): (CampaignState, CampaignState),
    revision: Option<i64>,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update calendar.campaigns set state = $3, updated_at = $5, revision = revision + 1
         where id = $1 and state = $2 and ($4::bigint is null or revision = $4)",
        id.0,
        from.as_str(),
        to.as_str(),
        revision,
        at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A campaign that a day may begin or end.
#[derive(Debug, Clone)]
pub struct Turning {
    /// Which.
    pub id: CampaignId,
    /// Where it stands.
    pub state: CampaignState,
    /// First day, in the unit's country.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// The unit's clock.
    pub zone: Tz,
}

/// Those that are planned or running.
///
/// # Errors
/// The database fails.
pub async fn turning(conn: &mut PgConnection) -> Result<Vec<Turning>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CampaignId", c.state, c.starts_on, c.ends_on, u.zone as "zone!"
           from calendar.campaigns c join identity.published_units u on u.id = c.unit_id
           where c.state in ('planned', 'running') order by c.starts_on, c.id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Turning {
                id: row.id,
                state: word("state", &row.state)?,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                zone: word("zone", &row.zone)?,
            })
        })
        .collect()
}

/// A campaign in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Listed {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// What it is to achieve.
    pub goal: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// One of the palette.
    pub colour: String,
    /// Whose it is.
    pub unit: Value,
    /// Who answers for it.
    pub owner: Option<String>,
    /// How many items it has that were not cancelled, and how many of them are out.
    pub items: i64,
    /// How many of them are out.
    pub out: i64,
    /// `planned`, `running`, `ended` or `put_away`.
    pub state: String,
}

/// Campaigns of the units at or below `roots`, the latest first, after the key of the row before: in this state, or in any
/// but put away.
///
/// # Errors
/// The database fails.
pub async fn list(
    conn: &mut PgConnection,
    roots: &[UnitId],
    state: Option<CampaignState>,
    after: Option<(NaiveDate, CampaignId)>,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Listed,
        r#"select c.id as "id: CampaignId", c.name, c.goal, c.starts_on, c.ends_on, c.colour, u.names as "unit!",
                  p.name as "owner?", n.items as "items!", n.out as "out!", c.state
           from calendar.campaigns c
           join identity.published_units u on u.id = c.unit_id
           left join identity.published_people p on p.id = c.owner_id
           cross join lateral (
               select count(*) filter (where state <> 'cancelled') as items,
                      count(*) filter (where state = 'published') as out
               from calendar.items where campaign_id = c.id) n
           where u.path && $1 and ($2::date is null or (c.starts_on, c.id) < ($2, $3))
             and (case when $5::text is null then c.state <> 'put_away' else c.state = $5 end)
           order by c.starts_on desc, c.id desc limit $4"#,
        &roots,
        after.map(|key| key.0),
        after.map(|key| key.1.0),
        limit,
        state.map(CampaignState::as_str),
    )
    .fetch_all(conn)
    .await
}

/// Something to choose: an audience or a programme.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// `{"vi": …, "en": …}`, or a bare name.
    pub names: Value,
}

/// Every audience.
///
/// # Errors
/// The database fails.
pub async fn audiences(conn: &mut PgConnection) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "select code as value, names from calendar.audiences order by position, code"
    )
    .fetch_all(conn)
    .await
}

/// Every programme.
///
/// # Errors
/// The database fails.
pub async fn programmes(conn: &mut PgConnection) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        r#"select id::text as "value!", names from calendar.programmes order by starts_on desc nulls last, id"#
    )
    .fetch_all(conn)
    .await
}

/// Makes a programme.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert_programme(
    conn: &mut PgConnection,
    id: Uuid,
    names: &Value,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.programmes (id, names, created_at) values ($1, $2, $3)",
        id,
        names,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The campaigns of a unit and of those above it that are planned or running, to choose from.
///
/// # Errors
/// The database fails.
pub async fn open_for(
    conn: &mut PgConnection,
    path: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<Choice>, sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Choice,
        r#"select id::text as "value!", to_jsonb(name) as "names!" from calendar.campaigns
           where unit_id = any($1) and ends_on >= $2 and state in ('planned', 'running') order by starts_on desc, id desc limit 200"#,
        &path,
        today
    )
    .fetch_all(conn)
    .await
}

/// Whether a campaign is of one of these units, and an audience and a programme exist: what a draft refers to.
///
/// # Errors
/// The database fails.
pub async fn exist(
    conn: &mut PgConnection,
    audience: &str,
    programme: Option<Uuid>,
    campaign: Option<CampaignId>,
    path: &[UnitId],
) -> Result<(bool, bool, bool), sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    let row = sqlx::query!(
        r#"select exists (select from calendar.audiences where code = $1) as "audience!",
                  $2::uuid is null or exists (select from calendar.programmes where id = $2) as "programme!",
                  $3::uuid is null or exists (select from calendar.campaigns where id = $3 and unit_id = any($4)) as "campaign!""#,
        audience,
        programme,
        campaign.map(|campaign| campaign.0),
        &path
    )
    .fetch_one(conn)
    .await?;
    Ok((row.audience, row.programme, row.campaign))
}
