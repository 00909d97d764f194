//! `chancery queue`: what waits, what failed, and what to do with it.

use chancery_clock::{Clock as _, SystemClock};
use chancery_identity::Identity;
use chancery_queue::QueueError;
use chancery_queue::admin::{self, Filter};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::table::{self, or_dash, short};
use crate::cli::Queue;
use crate::compose::identity;
use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;

/// Runs one of the queue's commands. What changes anything is written to the audit trail.
pub async fn run(config: Config, command: Queue) -> Result<(), Failure> {
    let ground = Ground::join(config).await?;
    let done = act(&ground, command).await;
    ground.leave().await?;
    done
}

async fn act(ground: &Ground, command: Queue) -> Result<(), Failure> {
    let owner = ground.owner().await?;
    let mut connection = owner.acquire().await?;
    let clock = SystemClock::shared();
    let identity = identity(ground, &clock, false);
    match command {
        Queue::List { state, kind, limit } => {
            let filter = Filter {
                state,
                kind,
                ..Filter::default()
            };
            list(&mut connection, &filter, limit).await?;
        }
        Queue::Show { id } => show(&mut connection, id).await?,
        Queue::Stats => stats(&mut connection).await?,
        Queue::Retry { ids } => {
            let count = admin::retry(&mut connection, &ids).await.map_err(refused)?;
            note(&identity, "queue.retried", json!({ "jobs": ids, "count": count })).await?;
            println!("{count} of {} jobs run again.", ids.len());
        }
        Queue::Discard { ids } => {
            let count = admin::discard(&mut connection, &ids).await.map_err(refused)?;
            note(
                &identity,
                "queue.discarded",
                json!({ "jobs": ids, "count": count }),
            )
            .await?;
            println!("{count} of {} jobs are given up.", ids.len());
        }
        Queue::Pause { kind, reason } => {
            let paused = admin::pause(&mut connection, Some(&kind), None, &reason).await;
            let (pause, running) = paused.map_err(refused)?;
            note(
                &identity,
                "queue.paused",
                json!({ "pause": pause, "kind": kind, "reason": reason }),
            )
            .await?;
            println!(
                "No job of {kind} starts any more; {running} go on that had started. To lift it: queue resume {pause}"
            );
        }
        Queue::Pauses => {
            let pauses = admin::pauses(&mut connection).await.map_err(refused)?;
            table::print(
                ["PAUSE", "KIND", "UNIT", "SINCE", "REASON"],
                pauses.into_iter().map(|pause| {
                    let unit = or_dash(pause.unit.map(|unit| unit.0));
                    [
                        pause.id.to_string(),
                        or_dash(pause.kind),
                        unit,
                        when(pause.placed_at),
                        pause.reason,
                    ]
                }),
            );
        }
        Queue::Resume { pause } => {
            if !admin::resume(&mut connection, pause).await.map_err(refused)? {
                return Err(Failure::said(format!(
                    "there is no pause {pause}; `chancery queue pauses` lists them"
                )));
            }
            note(&identity, "queue.resumed", json!({ "pause": pause })).await?;
            println!("Jobs start again.");
        }
    }
    Ok(())
}

async fn list(connection: &mut PgConnection, filter: &Filter, limit: i32) -> Result<(), Failure> {
    let jobs = admin::list(connection, filter, None, limit)
        .await
        .map_err(refused)?;
    table::print(
        ["JOB", "STATE", "KIND", "FOR", "RUN AT", "ATTEMPT", "LAST REASON"],
        jobs.into_iter().map(|job| {
            let reason = job
                .reason
                .map_or_else(|| "–".to_owned(), |reason| short(&reason, 60));
            let run_at = job.run_at.map_or_else(|| "now".to_owned(), when);
            [
                job.id.to_string(),
                job.state,
                job.kind,
                job.service,
                run_at,
                job.attempt.to_string(),
                reason,
            ]
        }),
    );
    Ok(())
}

async fn show(connection: &mut PgConnection, id: i64) -> Result<(), Failure> {
    let job = admin::show(connection, id).await.map_err(refused)?;
    let job =
        job.ok_or_else(|| Failure::said(format!("there is no job {id}: it is done, or was given up")))?;
    let mut shown = serde_json::to_value(&job).map_err(|error| Failure::said(error.to_string()))?;
    // The message is JSON inside JSON; shown as what it is.
    if let (Some(message), Ok(payload)) = (
        shown.get_mut("payload"),
        serde_json::from_str::<Value>(&job.payload),
    ) {
        *message = payload;
    }
    println!("{shown:#}");
    Ok(())
}

async fn stats(connection: &mut PgConnection) -> Result<(), Failure> {
    let since = SystemClock::new().now() - TimeDelta::days(1);
    let stats = admin::stats(connection, since).await.map_err(refused)?;
    table::print(
        [
            "FOR",
            "KIND",
            "READY",
            "LATER",
            "PARKED",
            "PAUSED",
            "RUNNING",
            "PERSON",
            "DEAD",
            "DONE (24 H)",
            "RETRIED",
        ],
        stats.into_iter().map(|kind| {
            let counts = [
                kind.ready,
                kind.scheduled,
                kind.parked,
                kind.paused,
                kind.running,
                kind.needs_person,
                kind.dead,
            ];
            let [ready, later, parked, paused, running, person, dead] = counts.map(|count| count.to_string());
            let (done, retried) = (kind.done.to_string(), kind.retried.to_string());
            [
                kind.service,
                kind.kind,
                ready,
                later,
                parked,
                paused,
                running,
                person,
                dead,
                done,
                retried,
            ]
        }),
    );
    Ok(())
}

async fn note(identity: &Identity, action: &'static str, detail: Value) -> Result<(), Failure> {
    let noted = identity.note_operation(action, "queue", detail).await;
    noted.map_err(|error| Failure::said(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: QueueError) -> Failure {
    Failure::said(error.to_string())
}

fn when(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
