//! What waits for somebody's decision.

use chancery_access::Principal;
use chancery_contracts::Edition;
use chancery_contracts::ids::{ItemId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::model::StepRole;

/// An item that waits for one person, with what they need to decide on it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Waiting {
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
    /// Its headline.
    pub title: String,
    /// What sort.
    pub kind: String,
    /// Where it stands: `submitted`.
    pub state: String,
    /// What it is about.
    pub topic: String,
    /// When it goes out.
    pub publish_at: Option<DateTime<Utc>>,
    /// Who submitted it.
    pub author: Option<String>,
    /// Its campaign's name and colour.
    pub campaign: Option<String>,
    /// The palette's word.
    pub colour: Option<String>,
    /// Since when it waits.
    pub submitted_at: DateTime<Utc>,
    /// Until when this step should be taken.
    pub deadline: DateTime<Utc>,
    /// The step: a [`StepRole`].
    pub role: String,
    /// The language of a native reviewer's step; else empty.
    pub language: String,
    /// What an approval would be bound to.
    pub hash: String,
    /// On whose behalf the person would decide; none: their own.
    pub behalf: Option<String>,
    /// Word for word what would be approved.
    #[serde(skip)]
    pub edition: Json<Edition>,
}

/// Where a page begins: after this deadline and item.
pub type After = (DateTime<Utc>, ItemId);

/// What waits for this person's decision, the most urgent first: they, or somebody for whom they stand in, may take its
/// step; neither wrote in it nor has decided on it yet. What they have proposed edits to waits for its writers.
///
/// # Errors
/// The database fails.
pub async fn waiting(
    conn: &mut PgConnection,
    principal: &Principal,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    let (mut roles, mut units) = (Vec::new(), Vec::new());
    for step in StepRole::ALL {
        for unit in principal.units_for(step.action()) {
            roles.push(step.as_str().to_owned());
            units.push(unit.0);
        }
    }
    let delegable: Vec<String> = StepRole::ALL
        .iter()
        .filter(|step| step.may_be_delegated() && in_scope(principal, **step))
        .map(ToString::to_string)
        .collect();
    sqlx::query_as!(
        Waiting,
        r#"with mine as (
               select g.role, g.unit_id, null::uuid as behalf from unnest($2::text[], $3::uuid[]) g(role, unit_id)
               union all
               select d.role, d.unit_id, d.from_person from calendar.delegations d
               where d.to_person = $1 and d.role = any($4) and d.revoked_at is null and $5 between d.valid_from and d.valid_to
                 and exists (select from identity.published_people p where p.id = $1 and p.second_factor)
                 and exists (select from identity.published_grants g
                             where g.person_id = d.from_person and g.role = d.role and g.unit_id = d.unit_id
                               and g.valid_from <= $5 and (g.valid_to is null or g.valid_to >= $5)))
           select i.id as "id: ItemId", i.unit_id as "unit: UnitId", u.names as "unit_names!", u.zone as "zone!", u.city as "city?",
                  i.title, i.kind, i.state, i.topic, i.publish_at, p.name as "author?",
                  c.name as "campaign?", c.colour as "colour?", v.submitted_at, d.deadline as "deadline!",
                  s.role as "role!", s.language as "language!", v.edition_hash as hash, b.name as "behalf?",
                  v.edition as "edition: Json<Edition>"
           from calendar.items i
           join calendar.versions v on v.item_id = i.id and v.version = i.version
           join identity.published_units u on u.id = i.unit_id
           cross join lateral (select split_part(v.chain[i.steps_done + 1], ':', 1) as role,
                                      split_part(v.chain[i.steps_done + 1], ':', 2) as language) s
           left join calendar.step_deadlines sd on sd.role = s.role
           cross join lateral (select calendar.deadline(i.publish_at, v.submitted_at, sd.minutes) as deadline) d
           cross join lateral (
               select m.behalf from mine m
               where m.role = s.role and m.unit_id = any(u.path)
                 and (s.role <> 'native_reviewer' or exists (
                     select from calendar.reviewer_languages l where l.person_id = $1 and l.language = s.language))
                 and (m.behalf is null or not exists (
                     select from calendar.contributors w where w.item_id = i.id and w.person_id = m.behalf))
                 and (m.behalf is null or not exists (
                     select from calendar.decisions x
                     where x.item_id = i.id and x.version = i.version and m.behalf in (x.person_id, x.on_behalf_of)))
               order by m.behalf nulls first limit 1) m
           left join identity.published_people b on b.id = m.behalf
           left join identity.published_people p on p.id = v.submitted_by
           left join calendar.campaigns c on c.id = i.campaign_id
           where i.state = 'submitted'
             and not exists (select from calendar.contributors w where w.item_id = i.id and w.person_id = $1)
             and not exists (select from calendar.decisions x
                             where x.item_id = i.id and x.version = i.version and $1 in (x.person_id, x.on_behalf_of))
             and not exists (select from calendar.amendments a
                             where a.item_id = i.id and a.version = i.version and a.person_id = $1 and a.accepted_at is null)
             and ($6::timestamptz is null or (d.deadline, i.id) > ($6, $7))
           order by d.deadline, i.id limit $8"#,
        principal.person.0,
        &roles,
        &units,
        &delegable,
        principal.today,
        after.map(|(deadline, _)| deadline),
        after.map(|(_, id)| id.0),
        limit
    )
    .fetch_all(conn)
    .await
}

/// Whether the way in which the person is here lets them decide at all: a token does what its scopes say.
#[must_use]
pub fn in_scope(principal: &Principal, step: StepRole) -> bool {
    match &principal.via {
        chancery_access::Via::Session => true,
        chancery_access::Via::Token { scopes } => scopes.contains(&step.action()),
    }
}

/// A step that waits beyond its deadline.
#[derive(Debug, Clone, Copy)]
pub struct Overdue {
    /// Which item.
    pub item: ItemId,
    /// Which version of it.
    pub version: i32,
    /// Which step of its chain, from 1.
    pub step: i32,
    /// 1: past the deadline; 2: past half of what was left then.
    pub level: i32,
}

/// Steps that wait too long and of which nobody was told yet at their level, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn overdue(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Overdue>, sqlx::Error> {
    sqlx::query_as!(
        Overdue,
        r#"select i.id as "item: ItemId", i.version, i.steps_done + 1 as "step!", l.level as "level!"
           from calendar.items i
           join calendar.versions v on v.item_id = i.id and v.version = i.version
           left join calendar.step_deadlines sd on sd.role = split_part(v.chain[i.steps_done + 1], ':', 1)
           cross join lateral (select calendar.deadline(i.publish_at, v.submitted_at, sd.minutes) as at) d
           cross join lateral (values (1, d.at), (2, d.at + (i.publish_at - d.at) / 2)) l(level, since)
           where i.state = 'submitted' and l.since <= $1
             and not exists (select from calendar.escalations e
                             where e.item_id = i.id and e.version = i.version and e.step = i.steps_done + 1 and e.level = l.level)
           order by i.publish_at, i.id, l.level limit $2"#,
        now,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Notes that it was told. False: somebody else has done so.
///
/// # Errors
/// The database fails.
pub async fn told(conn: &mut PgConnection, of: Overdue, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.escalations (item_id, version, step, level, told_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        of.item.0,
        of.version,
        of.step,
        of.level,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Until when this step of an item should be taken that was submitted then and goes out at `due`.
///
/// # Errors
/// The database fails.
pub async fn deadline(
    conn: &mut PgConnection,
    step: StepRole,
    due: DateTime<Utc>,
    submitted: DateTime<Utc>,
) -> Result<DateTime<Utc>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select calendar.deadline($1, $2, (select minutes from calendar.step_deadlines where role = $3)) as "at!""#,
        due,
        submitted,
        step.as_str()
    )
    .fetch_one(conn)
    .await
}
