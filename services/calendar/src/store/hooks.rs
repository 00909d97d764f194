//! Endpoints of webhooks.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::hooks::{HookEvent, HookState};

/// An endpoint.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Its id.
    pub id: Uuid,
    /// Whose items it hears of.
    pub unit: UnitId,
    /// With those of the units below.
    pub below: bool,
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Of what it hears.
    pub events: Vec<HookEvent>,
    /// How it does.
    pub state: HookState,
    /// Messages in a row that were given up.
    pub given_up: i32,
    /// Who registered it: told when it fails.
    pub owner: PersonId,
    /// The secret, sealed.
    pub secret: Vec<u8>,
    /// The secret before, sealed, and until when it is signed with.
    pub old: Option<(Vec<u8>, DateTime<Utc>)>,
}

/// Keeps a new endpoint.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(conn: &mut PgConnection, hook: &Hook, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let events: Vec<String> = hook.events.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into calendar.hooks (id, unit_id, below, name, url, events, secret, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        hook.id,
        hook.unit.0,
        hook.below,
        hook.name,
        hook.url,
        &events,
        hook.secret,
        hook.owner.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An endpoint; locked until the transaction ends.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> Result<Hook, sqlx::Error> {
    let row = sqlx::query!("select * from calendar.hooks where id = $1 for update", id)
        .fetch_one(conn)
        .await?;
    Ok(Hook {
        id,
        unit: row.unit_id.into(),
        below: row.below,
        name: row.name,
        url: row.url,
        events: row
            .events
            .iter()
            .map(|event| word("events", event))
            .collect::<Result<_, _>>()?,
        state: word("state", &row.state)?,
        given_up: row.given_up,
        owner: row.created_by.into(),
        secret: row.secret,
        old: row.old_secret.zip(row.old_until),
    })
}

/// Changes how an endpoint does.
///
/// # Errors
/// The database fails.
pub async fn set_state(
    conn: &mut PgConnection,
    id: Uuid,
    (state, given_up): (HookState, i32),
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.hooks set state = $2, given_up = $3, updated_at = $4 where id = $1",
        id,
        state.as_str(),
        given_up,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an endpoint a new secret; the one before holds until then.
///
/// # Errors
/// The database fails.
pub async fn rotate(
    conn: &mut PgConnection,
    id: Uuid,
    secret: &[u8],
    until: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.hooks set old_secret = secret, old_until = $3, secret = $2, updated_at = $4 where id = $1",
        id,
        secret,
        until,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an endpoint with its messages.
///
/// # Errors
/// The database fails.
pub async fn remove(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from calendar.hooks where id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// An endpoint as it is shown.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Webhook {
    /// Its id.
    pub id: Uuid,
    /// Whose items it hears of.
    pub unit_id: UnitId,
    /// The unit's names: `{"vi": …, "en": …}`.
    pub unit: Value,
    /// With those of the units below.
    pub below: bool,
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Of what it hears.
    pub events: Vec<String>,
    /// `active`, `paused`, `failing` or `disabled`.
    pub state: String,
    /// Who registered it.
    pub owner: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when the secret before the present one is signed with, too.
    pub old_until: Option<DateTime<Utc>>,
    /// How many messages wait.
    pub waiting: i64,
}

/// The endpoints of units at or below `roots`, or only this one, at most 200.
///
/// # Errors
/// The database fails.
pub async fn list(
    conn: &mut PgConnection,
    roots: &[UnitId],
    only: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Webhook>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    sqlx::query_as!(
        Webhook,
        r#"select h.id, h.unit_id as "unit_id: UnitId", u.names as "unit!", h.below, h.name, h.url, h.events, h.state,
                  p.name as "owner?", h.created_at, case when h.old_until > $3 then h.old_until end as old_until,
                  (select count(*) from calendar.hook_messages m where m.hook_id = h.id and m.state = 'waiting') as "waiting!"
           from calendar.hooks h
           join identity.published_units u on u.id = h.unit_id and u.path && $1
           left join identity.published_people p on p.id = h.created_by
           where $2::uuid is null or h.id = $2
           order by h.created_at desc, h.id limit 200"#,
        &roots,
        only,
        now
    )
    .fetch_all(conn)
    .await
}

/// The endpoints that hear of this about an item of the unit whose path this is. What is disabled hears nothing.
///
/// # Errors
/// The database fails.
pub async fn hearing(
    conn: &mut PgConnection,
    path: &[UnitId],
    event: HookEvent,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let path: Vec<_> = path.iter().map(|unit| unit.0).collect();
    let own = path.last().copied();
    sqlx::query_scalar!(
        "select id from calendar.hooks
         where (unit_id = $1 or below and unit_id = any($2)) and $3 = any(events) and state <> 'disabled'
         order by id",
        own,
        &path,
        event.as_str()
    )
    .fetch_all(conn)
    .await
}

/// Whether there is any endpoint at all that hears of this: mostly there is none, and nothing more is asked.
///
/// # Errors
/// The database fails.
pub async fn anybody(conn: &mut PgConnection, event: HookEvent) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from calendar.hooks where $1 = any(events) and state <> 'disabled') as "any!""#,
        event.as_str()
    )
    .fetch_one(conn)
    .await
}
