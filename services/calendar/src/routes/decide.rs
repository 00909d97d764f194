//! What waits for a person's decision, and deciding: on a phone, in a minute.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::EditionHash;
use chancery_contracts::ids::ItemId;
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::{App, actor, form, view};
use crate::model::{ClockChoice, Objection, State as ItemState};
use crate::store::lists::Row;
use crate::store::{accounts, approvals, lists};
use crate::workflow::{Approval, NewTime};

/// As many as one person can be asked to look at on a page; the most urgent come first.
const MANY: i64 = 100;
/// How many the home page shows.
const FEW: i64 = 5;

async fn waiting_for(app: &App, viewer: &Viewer, limit: i64) -> Result<Vec<serde_json::Value>, Problem> {
    let principal = viewer.principal()?;
    let mut conn = app.connection().await?;
    let rows = lists::waiting(
        &mut conn,
        principal.person,
        &principal.units_for(Action::ItemApprove),
        &principal.units_for(Action::ItemApproveHeadquarters),
        limit,
    )
    .await?;
    let now = app.workflow.clock.now();
    // Within two hours of its minute, an item is marked as urgent.
    let urgent = |row: &Row| {
        row.publish_at
            .is_some_and(|at| at > now && at - now < TimeDelta::hours(2))
    };
    let late = |row: &Row| row.publish_at.is_some_and(|at| at <= now);
    Ok(rows
        .iter()
        .map(|row| json!({ "row": row, "urgent": urgent(row), "late": late(row) }))
        .collect())
}

pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let waiting = waiting_for(&app, &viewer, MANY).await?;
    Ok(app
        .shell
        .page(&viewer, "calendar/approvals/list", &json!({ "waiting": waiting })))
}

pub(super) async fn waiting(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let approver = viewer.can(Action::ItemApprove) || viewer.can(Action::ItemApproveHeadquarters);
    let waiting = if approver {
        waiting_for(&app, &viewer, FEW).await?
    } else {
        Vec::new()
    };
    Ok(app.shell.fragment(
        &viewer,
        "calendar/approvals/waiting",
        &json!({ "waiting": waiting, "approver": approver }),
    ))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let version = approvals::version(&mut conn, id, item.version).await?;
    let (Some(version), ItemState::Submitted) = (version, item.state) else {
        // Decided meanwhile, or taken back: the item's page says which.
        return Ok(Redirect::to(format!("/items/{id}"))
            .flash("approvals-not-waiting")
            .into_response());
    };
    let now = app.workflow.clock.now();
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    let decisions = approvals::decisions(&mut conn, id, item.version).await?;
    let deciding = app
        .workflow
        .deciding(&mut conn, actor(&viewer)?, &item, &unit, &version)
        .await?;
    let asker = chancery_directory::people(&mut conn, [version.submitted_by])
        .await?
        .into_values()
        .next();
    let message = submission_message(&mut conn, id).await?;
    let suggestion = (now + TimeDelta::minutes(30))
        .with_timezone(&unit.zone)
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    let data = json!({
        "item": view::item(&item, &unit, now),
        "hash": version.hash,
        "previews": view::submitted(&item, &version.edition, &accounts),
        "chain": view::chain(&version, &decisions, item.state),
        "time": item.appointment.map(|time| view::time(time, &unit, now)),
        "objection": deciding.approve_at_new_time().err().map(Objection::key),
        "may_ask": deciding.ask_for_changes().is_ok(),
        "late": deciding.late,
        "first_step": item.steps_done == 0,
        "suggestion": suggestion,
        "submitted": { "person": asker, "at": version.submitted_at, "message": message },
        "role": deciding.step,
    });
    Ok(app.shell.page(&viewer, "calendar/approvals/page", &data))
}

async fn submission_message(conn: &mut sqlx::PgConnection, id: ItemId) -> Result<Option<String>, Problem> {
    let entries = crate::store::timeline::of_item(conn, id).await?;
    Ok(entries
        .into_iter()
        .find(|entry| entry.action == "submitted")
        .map(|entry| entry.text)
        .filter(|t| !t.is_empty()))
}

/// A decision, with the hash of what was on the screen.
#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    hash: String,
    #[serde(default)]
    comment: String,
    /// Only when the time has passed.
    #[serde(default)]
    wall: String,
    #[serde(default)]
    clock: String,
}

impl Decided {
    fn seen(&self) -> Result<EditionHash, Problem> {
        self.hash
            .parse()
            .map_err(|_| Problem::conflict("approvals-objection-changed"))
    }

    fn new_time(&self) -> Result<Option<NewTime>, Problem> {
        let clock = self.clock.parse().unwrap_or(ClockChoice::Host);
        Ok(form::wall(&self.wall)?.map(|wall| NewTime { wall, clock }))
    }
}

pub(super) async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(decided): Form<Decided>,
) -> Result<Redirect, Problem> {
    let new_time = decided.new_time()?;
    let done = app
        .workflow
        .approve(actor(&viewer)?, id, decided.seen()?, &decided.comment, new_time)
        .await?;
    let said = match done {
        Approval::Complete => "approvals-approved",
        Approval::Next(_) => "approvals-approved-next",
        Approval::Restarted(_) => "approvals-restarted",
    };
    Ok(Redirect::to(format!("/items/{id}")).flash(said))
}

pub(super) async fn request_changes(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(decided): Form<Decided>,
) -> Result<Redirect, Problem> {
    app.workflow
        .ask_for_changes(actor(&viewer)?, id, decided.seen()?, &decided.comment)
        .await?;
    Ok(Redirect::to("/approvals").flash("approvals-changes-requested"))
}

pub(super) async fn reopen(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Redirect, Problem> {
    app.workflow.reopen(actor(&viewer)?, id).await?;
    Ok(Redirect::to(format!("/items/{id}/edit")).flash("items-reopened"))
}

/// Why an item is cancelled.
#[derive(Debug, Deserialize)]
pub(super) struct Cancelling {
    #[serde(default)]
    reason: String,
}

pub(super) async fn cancel(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(cancelling): Form<Cancelling>,
) -> Result<Redirect, Problem> {
    let state = app
        .workflow
        .cancel(actor(&viewer)?, id, &cancelling.reason)
        .await?;
    let said = if state == ItemState::Stopping {
        "items-stopping"
    } else {
        "items-cancelled"
    };
    Ok(Redirect::to(format!("/items/{id}")).flash(said))
}
