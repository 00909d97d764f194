//! The administrator's page of the job queue.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_queue::admin::{self, Detail};
use chancery_web::{Caller, Form, Page, Pagination, Path, Problem, Query, Redirect, Viewer};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::App;
use crate::store::audit::{self, Record};

const STATES: [&str; 6] = ["dead", "needs_person", "running", "ready", "parked", "paused"];

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    state: String,
    kind: String,
    #[serde(flatten)]
    #[serde(skip_serializing)]
    pagination: Pagination,
}

pub(crate) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let data = app.queue(&filter).await?;
    Ok(app.shell.page(&viewer, "identity/queue/index", &data))
}

impl App {
    async fn queue(&self, filter: &Filter) -> Result<Value, Problem> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let wanted = admin::Filter {
            state: some(&filter.state),
            kind: some(&filter.kind),
            ..admin::Filter::default()
        };
        let before = filter.pagination.after::<i64>()?;
        let fetch = i32::try_from(filter.pagination.fetch()).unwrap_or(i32::MAX);
        let mut conn = self.pool.acquire().await?;
        let jobs = admin::list(&mut conn, &wanted, before, fetch)
            .await
            .map_err(Problem::internal)?;
        let since = self.identity.clock.now() - TimeDelta::days(1);
        let stats = admin::stats(&mut conn, since).await.map_err(Problem::internal)?;
        let pauses = admin::pauses(&mut conn).await.map_err(Problem::internal)?;
        let kinds: Vec<_> = chancery_contracts::catalogue()
            .iter()
            .map(|message| json!({ "value": message.kind, "selected": message.kind == filter.kind }))
            .collect();
        let choices: Vec<_> = STATES
            .into_iter()
            .map(|state| json!({ "value": state, "selected": state == filter.state }))
            .collect();
        let waiting: i64 = stats
            .iter()
            .map(|kind| kind.ready + kind.scheduled + kind.parked + kind.paused)
            .sum();
        Ok(json!({
            "page": Page::new(jobs, &filter.pagination, |job| job.id),
            "first": filter.pagination.after.is_none(),
            "filter": filter,
            "stats": stats,
            "totals": {
                "waiting": waiting,
                "running": stats.iter().map(|kind| kind.running).sum::<i64>(),
                "needs_person": stats.iter().map(|kind| kind.needs_person).sum::<i64>(),
                "dead": stats.iter().map(|kind| kind.dead).sum::<i64>(),
            },
            "pauses": pauses,
            "kinds": kinds,
            "states": choices,
        }))
    }

    /// Writes down what was done to the queue, in the same transaction.
    async fn note_queue(
        conn: &mut PgConnection,
        viewer: &Viewer,
        action: &'static str,
        detail: Value,
    ) -> Result<(), Problem> {
        let by = Self::by(viewer);
        let record = Record {
            actor: by.actor,
            unit: None,
            action,
            subject_kind: "queue",
            subject: None,
            detail,
            request_id: by.request_id,
        };
        audit::append(conn, record).await?;
        sqlx::query!("select identity.touch('queue', null)")
            .fetch_one(conn)
            .await?;
        Ok(())
    }
}

pub(crate) async fn job(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let mut conn = app.pool.acquire().await?;
    let found = admin::show(&mut conn, id).await.map_err(Problem::internal)?;
    let Detail { payload, .. } = found.as_ref().ok_or_else(Problem::not_found)?;
    let data = json!({ "job": found, "payload": readable(payload) });
    Ok(app.shell.page(&viewer, "identity/queue/job", &data))
}

/// The message, indented, without values whose names promise a secret. Messages carry none by design; this is for the
/// day on which somebody forgets.
fn readable(payload: &str) -> String {
    match serde_json::from_str::<Value>(payload) {
        Ok(mut message) => {
            redact(&mut message);
            serde_json::to_string_pretty(&message).unwrap_or_default()
        }
        Err(_) => payload.chars().take(4_000).collect(),
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_lowercase();
                if ["password", "secret", "token", "credential", "authorization"]
                    .iter()
                    .any(|word| name.contains(word))
                {
                    *value = Value::String("…".to_owned());
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(redact),
        _ => {}
    }
}

pub(crate) async fn retry(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let mut tx = app.pool.begin().await?;
    if admin::retry(&mut tx, &[id]).await.map_err(Problem::internal)? == 0 {
        return Err(Problem::conflict("queue-job-gone"));
    }
    App::note_queue(&mut tx, &viewer, "queue.retried", json!({ "job": id })).await?;
    tx.commit().await?;
    Ok(Redirect::to("/queue").flash("queue-retried").into_response())
}

pub(crate) async fn discard(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let mut tx = app.pool.begin().await?;
    let job = admin::show(&mut tx, id).await.map_err(Problem::internal)?;
    if admin::discard(&mut tx, &[id]).await.map_err(Problem::internal)? == 0 {
        return Err(Problem::conflict("queue-job-gone"));
    }
    // What was thrown away can still be looked up.
    let kept = job.map(|job| json!({ "job": id, "kind": job.entry.kind, "payload": readable(&job.payload) }));
    App::note_queue(&mut tx, &viewer, "queue.discarded", kept.unwrap_or_default()).await?;
    tx.commit().await?;
    Ok(Redirect::to("/queue").flash("queue-discarded").into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PauseForm {
    kind: String,
    reason: String,
}

pub(crate) async fn pause(
    State(app): State<App>,
    viewer: Viewer,
    Caller(_): Caller,
    Form(form): Form<PauseForm>,
) -> Result<Response, Problem> {
    let known = chancery_contracts::catalogue()
        .iter()
        .any(|message| message.kind == form.kind);
    let mut problem = Problem::invalid("problem-invalid");
    if !known {
        problem = problem.field("kind", "queue-error-kind");
    }
    if !crate::model::is_plain_line(form.reason.trim(), 300) {
        problem = problem.field("reason", "queue-error-reason");
    }
    if problem.has_fields() {
        let mut data = app.queue(&Filter::default()).await?;
        if let Some(data) = data.as_object_mut() {
            data.insert(
                "pause".to_owned(),
                json!({ "kind": form.kind, "reason": form.reason }),
            );
        }
        return Ok(app
            .shell
            .refused(&viewer, "identity/queue/index", &data, &problem));
    }
    let mut tx = app.pool.begin().await?;
    let (pause, running) = admin::pause(&mut tx, Some(&form.kind), None, form.reason.trim())
        .await
        .map_err(Problem::internal)?;
    let detail = json!({ "pause": pause, "kind": form.kind, "reason": form.reason, "running": running });
    App::note_queue(&mut tx, &viewer, "queue.paused", detail).await?;
    tx.commit().await?;
    Ok(Redirect::to("/queue")
        .flash("queue-paused")
        .arg("running", running)
        .into_response())
}

pub(crate) async fn resume(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let mut tx = app.pool.begin().await?;
    if !admin::resume(&mut tx, id).await.map_err(Problem::internal)? {
        return Err(Problem::not_found());
    }
    App::note_queue(&mut tx, &viewer, "queue.resumed", json!({ "pause": id })).await?;
    tx.commit().await?;
    Ok(Redirect::to("/queue").flash("queue-resumed").into_response())
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn what_is_named_like_a_secret_is_not_shown() {
        let shown = readable(r#"{"to":[{"access_token":"abc","name":"Lan"}],"Password":"x"}"#);
        assert!(
            shown.contains("Lan") && !shown.contains("abc") && !shown.contains("\"x\""),
            "{shown}"
        );
        assert_eq!(readable("not json"), "not json");
    }
}
