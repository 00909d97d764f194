//! All SQL of the worker: one function of the schema `queue` each.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::QueueError;

/// A job that was taken: the table's row, more or less.
#[derive(Debug)]
pub struct Taken {
    pub id: i64,
    pub fence: i32,
    pub attempt: i32,
    pub priority: i16,
    pub run_at: Option<DateTime<Utc>>,
    pub message: Uuid,
    pub kind: String,
    pub version: i16,
    pub occurred_at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub unit: Option<Uuid>,
    pub causation: Option<Uuid>,
    pub trace: Option<String>,
    pub payload: String,
}

/// The end of a run that succeeded.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    pub id: i64,
    pub fence: i32,
    pub millis: i32,
}

/// The end of a run that did not.
#[derive(Debug, Clone)]
pub struct Unsuccessful {
    pub id: i64,
    pub fence: i32,
    pub outcome: &'static str,
    pub run_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub millis: i32,
}

pub async fn enlist(pool: &PgPool, worker: Uuid, host: &str) -> Result<(), QueueError> {
    sqlx::query!("select queue.enlist($1, $2)", worker, host)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn beat(pool: &PgPool, worker: Uuid) -> Result<bool, QueueError> {
    Ok(sqlx::query_scalar!(r#"select queue.beat($1) as "held!""#, worker)
        .fetch_one(pool)
        .await?)
}

pub async fn leave(pool: &PgPool, worker: Uuid) -> Result<(), QueueError> {
    sqlx::query!("select queue.leave($1)", worker)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn fetch(
    pool: &PgPool,
    worker: Uuid,
    kinds: &[&str],
    rooms: &[i32],
    now: DateTime<Utc>,
    floors: &[i64],
) -> Result<Vec<Taken>, QueueError> {
    Ok(sqlx::query_as!(
        Taken,
        r#"select id as "id!", fence as "fence!", attempt as "attempt!",
            priority as "priority!", run_at, message as "message!",
            kind as "kind!", version as "version!", occurred_at as "occurred_at!", actor, unit, causation, trace,
            payload as "payload!"
        from queue.fetch($1, $2, $3, $4, $5)"#,
        worker,
        kinds as &[&str],
        rooms,
        now,
        floors
    )
    .fetch_all(pool)
    .await?)
}

pub async fn next_due(
    pool: &PgPool,
    kinds: &[&str],
    now: DateTime<Utc>,
    floors: &[i64],
) -> Result<Option<DateTime<Utc>>, QueueError> {
    let next = sqlx::query_scalar!("select queue.next_due($1, $2, $3)", kinds as &[&str], now, floors);
    Ok(next.fetch_one(pool).await?)
}

pub async fn complete(pool: &PgPool, done: &[Done]) -> Result<i32, QueueError> {
    let ids: Vec<_> = done.iter().map(|d| d.id).collect();
    let fences: Vec<_> = done.iter().map(|d| d.fence).collect();
    let millis: Vec<_> = done.iter().map(|d| d.millis).collect();
    Ok(sqlx::query_scalar!(
        r#"select queue.complete($1, $2, $3) as "woken!""#,
        &ids,
        &fences,
        &millis
    )
    .fetch_one(pool)
    .await?)
}

pub async fn release(pool: &PgPool, ended: &[Unsuccessful]) -> Result<i32, QueueError> {
    let ids: Vec<_> = ended.iter().map(|e| e.id).collect();
    let fences: Vec<_> = ended.iter().map(|e| e.fence).collect();
    let outcomes: Vec<_> = ended.iter().map(|e| e.outcome).collect();
    let run_at: Vec<_> = ended.iter().map(|e| e.run_at).collect();
    // PostgreSQL's text holds everything but NUL; nobody reads more than a page.
    let legible = |reason: &str| {
        reason
            .chars()
            .filter(|c| *c != '\0')
            .take(4_000)
            .collect::<String>()
    };
    let reasons: Vec<_> = ended.iter().map(|e| legible(&e.reason)).collect();
    let millis: Vec<_> = ended.iter().map(|e| e.millis).collect();
    Ok(sqlx::query_scalar!(
        r#"select queue.release($1, $2, $3, $4, $5, $6) as "woken!""#,
        &ids,
        &fences,
        &outcomes as &[&str],
        &run_at as &[Option<DateTime<Utc>>],
        &reasons,
        &millis
    )
    .fetch_one(pool)
    .await?)
}

pub async fn rescue(pool: &PgPool) -> Result<i32, QueueError> {
    Ok(sqlx::query_scalar!(r#"select queue.rescue() as "rescued!""#)
        .fetch_one(pool)
        .await?)
}

pub async fn retire(pool: &PgPool, kinds: &[&str]) -> Result<i32, QueueError> {
    Ok(
        sqlx::query_scalar!(r#"select queue.retire($1) as "retired!""#, kinds as &[&str])
            .fetch_one(pool)
            .await?,
    )
}

pub async fn tidy(pool: &PgPool) -> Result<i32, QueueError> {
    Ok(sqlx::query_scalar!(r#"select queue.tidy() as "stuck!""#)
        .fetch_one(pool)
        .await?)
}

pub async fn plan(
    pool: &PgPool,
    name: &str,
    expression: &str,
    zone: &str,
    next: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, QueueError> {
    Ok(sqlx::query_scalar!(
        r#"select queue.plan($1, $2, $3, $4, $5) as "next!""#,
        name,
        expression,
        zone,
        next,
        now
    )
    .fetch_one(pool)
    .await?)
}

pub async fn tick(
    connection: &mut PgConnection,
    name: &str,
    expected: DateTime<Utc>,
    next: DateTime<Utc>,
) -> Result<(bool, DateTime<Utc>), QueueError> {
    let row = sqlx::query!(
        r#"select won as "won!", next_at as "next_at!" from queue.tick($1, $2, $3)"#,
        name,
        expected,
        next
    )
    .fetch_one(connection)
    .await?;
    Ok((row.won, row.next_at))
}
