//! What the command line and the administrator's page do with the queue. For connections of the owner or of identity;
//! every other role is refused by the database.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::QueueError;

/// Which jobs to list. Everything that is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The receiving service's name.
    pub service: Option<String>,
    /// The message's kind.
    pub kind: Option<String>,
    /// `ready`, `parked`, `paused`, `running`, `needs_person` or `dead`.
    pub state: Option<String>,
    /// The unit that the message concerns.
    pub unit: Option<UnitId>,
    /// The lane.
    pub lane: Option<String>,
}

/// A job in a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The job's number; also the cursor of the list.
    pub id: i64,
    /// Who receives it.
    pub service: String,
    /// What it is.
    pub kind: String,
    /// See [`Filter::state`].
    pub state: String,
    /// 0 urgent, 1 normal, 2 low.
    pub priority: i16,
    /// Not before; none: as early as can be.
    pub run_at: Option<DateTime<Utc>>,
    /// When it was put on the queue.
    pub occurred_at: DateTime<Utc>,
    /// When it last began to run.
    pub started_at: Option<DateTime<Utc>>,
    /// How many runs count so far.
    pub attempt: i32,
    /// Its key, if any.
    pub key: Option<String>,
    /// Its lane, if any.
    pub lane: Option<String>,
    /// The unit that it concerns.
    pub unit: Option<UnitId>,
    /// Who caused it.
    pub actor: Option<PersonId>,
    /// Why it did not succeed when it last ran.
    pub reason: Option<String>,
}

/// Everything about one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// What the list shows.
    #[serde(flatten)]
    pub entry: Entry,
    /// The message's id, the same for all its receivers.
    pub message: Uuid,
    /// The version of the message's kind.
    pub version: i16,
    /// The message that caused it.
    pub causation: Option<Uuid>,
    /// W3C `traceparent`.
    pub trace: Option<String>,
    /// Who runs it.
    pub worker: Option<Uuid>,
    /// How many workers died while running it.
    pub rescues: i16,
    /// The message as it was written; JSON unless something is very wrong.
    pub payload: String,
}

/// A stop of jobs by kind, by unit, or by kind in a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// Its number, for [`resume`].
    pub id: i64,
    /// Jobs of this kind.
    pub kind: Option<String>,
    /// Jobs that concern this unit (itself, not those below it).
    pub unit: Option<UnitId>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub placed_at: DateTime<Utc>,
}

/// The figures of one kind in one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Who receives it.
    pub service: String,
    /// What it is.
    pub kind: String,
    /// Due and waiting.
    pub ready: i64,
    /// Waiting for their time.
    pub scheduled: i64,
    /// Waiting for their lane.
    pub parked: i64,
    /// Held by a pause.
    pub paused: i64,
    /// Taken by a worker.
    pub running: i64,
    /// Waiting for a person's decision.
    pub needs_person: i64,
    /// Dead letters.
    pub dead: i64,
    /// Since when the latest of those due has been waiting.
    pub oldest_due: Option<DateTime<Utc>>,
    /// Runs that succeeded in the period.
    pub done: i64,
    /// Runs that failed and were tried again.
    pub retried: i64,
    /// Runs whose worker died.
    pub rescued: i64,
    /// Time spent running, in milliseconds.
    pub millis: i64,
}

/// Jobs that match, newest first: at most `limit` (1,000 at most) below the job number `before`. The last entry's
/// number is the cursor of the next page.
///
/// # Errors
/// When the role is refused or the database fails.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    before: Option<i64>,
    limit: i32,
) -> Result<Vec<Entry>, QueueError> {
    Ok(sqlx::query_as!(
        Entry,
        r#"select id as "id!", service as "service!", kind as "kind!", state as "state!", priority as "priority!",
            run_at, occurred_at as "occurred_at!", started_at, attempt as "attempt!", key, lane,
            unit as "unit: UnitId", actor as "actor: PersonId", reason
        from queue.admin_list($1, $2, $3, $4, $5, $6, $7)"#,
        filter.service.as_deref(),
        filter.kind.as_deref(),
        filter.state.as_deref(),
        filter.unit.map(|unit| unit.0),
        filter.lane.as_deref(),
        before,
        limit,
    )
    .fetch_all(connection)
    .await?)
}

/// One job; none when it is done, discarded or never was.
///
/// # Errors
/// As [`list`].
pub async fn show(connection: &mut PgConnection, id: i64) -> Result<Option<Detail>, QueueError> {
    let row = sqlx::query!(
        r#"select id as "id!", service as "service!", kind as "kind!", state as "state!", priority as "priority!",
            run_at, occurred_at as "occurred_at!", started_at, attempt as "attempt!", key, lane,
            unit as "unit: UnitId", actor as "actor: PersonId", reason, message as "message!", version as "version!",
            causation, trace, worker, rescues as "rescues!", payload as "payload!"
        from queue.admin_show($1)"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Detail {
        entry: Entry {
            id: row.id,
            service: row.service,
            kind: row.kind,
            state: row.state,
            priority: row.priority,
            run_at: row.run_at,
            occurred_at: row.occurred_at,
            started_at: row.started_at,
            attempt: row.attempt,
            key: row.key,
            lane: row.lane,
            unit: row.unit,
            actor: row.actor,
            reason: row.reason,
        },
        message: row.message,
        version: row.version,
        causation: row.causation,
        trace: row.trace,
        worker: row.worker,
        rescues: row.rescues,
        payload: row.payload,
    }))
}

/// Runs jobs again with fresh attempts: dead letters and those that need a person; those that wait for their time run
/// at once. Returns how many there were.
///
/// # Errors
/// As [`list`].
pub async fn retry(connection: &mut PgConnection, ids: &[i64]) -> Result<i32, QueueError> {
    Ok(
        sqlx::query_scalar!(r#"select queue.admin_retry($1) as "retried!""#, ids)
            .fetch_one(connection)
            .await?,
    )
}

/// Removes jobs for good, unless they are running. Returns how many there were.
///
/// # Errors
/// As [`list`].
pub async fn discard(connection: &mut PgConnection, ids: &[i64]) -> Result<i32, QueueError> {
    Ok(
        sqlx::query_scalar!(r#"select queue.admin_discard($1) as "discarded!""#, ids)
            .fetch_one(connection)
            .await?,
    )
}

/// Stops the start of jobs of a kind, of a unit, or of a kind in a unit (one must be given). When the transaction has
/// committed no worker takes such a job; what they have taken already goes on. Returns the pause's number and how many
/// those are.
///
/// # Errors
/// As [`list`].
pub async fn pause(
    connection: &mut PgConnection,
    kind: Option<&str>,
    unit: Option<UnitId>,
    reason: &str,
) -> Result<(i64, i32), QueueError> {
    let row = sqlx::query!(
        r#"select pause as "pause!", running as "running!" from queue.admin_pause($1, $2, $3)"#,
        kind,
        unit.map(|unit| unit.0),
        reason
    )
    .fetch_one(connection)
    .await?;
    Ok((row.pause, row.running))
}

/// Lifts a pause. Says whether there was one.
///
/// # Errors
/// As [`list`].
pub async fn resume(connection: &mut PgConnection, pause: i64) -> Result<bool, QueueError> {
    Ok(
        sqlx::query_scalar!(r#"select queue.admin_resume($1) as "lifted!""#, pause)
            .fetch_one(connection)
            .await?,
    )
}

/// The pauses in force, oldest first.
///
/// # Errors
/// As [`list`].
pub async fn pauses(connection: &mut PgConnection) -> Result<Vec<Pause>, QueueError> {
    Ok(sqlx::query_as!(
        Pause,
        r#"select id as "id!", kind, unit as "unit: UnitId", reason as "reason!", placed_at as "placed_at!"
        from queue.admin_pauses()"#
    )
    .fetch_all(connection)
    .await?)
}

/// The figures of every kind in every service; what came of jobs since `since`.
///
/// # Errors
/// As [`list`].
pub async fn stats(connection: &mut PgConnection, since: DateTime<Utc>) -> Result<Vec<Stats>, QueueError> {
    Ok(sqlx::query_as!(
        Stats,
        r#"select service as "service!", kind as "kind!", ready as "ready!", scheduled as "scheduled!",
            parked as "parked!", paused as "paused!", running as "running!", needs_person as "needs_person!",
            dead as "dead!", oldest_due, done as "done!", retried as "retried!", rescued as "rescued!",
            millis as "millis!"
        from queue.admin_stats($1)"#,
        since
    )
    .fetch_all(connection)
    .await?)
}
