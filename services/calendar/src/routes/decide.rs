//! What waits for a person's decision, and deciding: on a phone, in a minute.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::EditionHash;
use chancery_contracts::ids::ItemId;
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::{App, actor, break_glass, form, queue, release, view};
use crate::model::{ClockChoice, Objection, State as ItemState};
use crate::store::{accounts, approvals, passages, waiting};
use crate::workflow::{Approval, NewTime};

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let version = approvals::version(&mut conn, id, item.version).await?;
    let (Some(version), ItemState::Submitted) = (version, item.state) else {
        // It would have come next, and somebody else was quicker: what has just been done is said all the same.
        if let Some(said) = &viewer.flash {
            return Ok(Redirect::to("/approvals").saying(said.clone()).into_response());
        }
        // Decided meanwhile, or taken back: the item's page says which.
        return Ok(Redirect::to(format!("/items/{id}"))
            .flash("approvals-not-waiting")
            .into_response());
    };
    let now = app.workflow.clock.now();
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    let decisions = approvals::decisions(&mut conn, id, item.version).await?;
    let standing = app
        .workflow
        .deciding(&mut conn, actor(&viewer)?, &item, &unit, &version)
        .await?;
    let deciding = standing.deciding;
    let names = chancery_directory::people(
        &mut conn,
        [version.submitted_by].into_iter().chain(standing.behalf),
    )
    .await?;
    let asker = names.get(&version.submitted_by);
    let behalf = standing.behalf.and_then(|person| names.get(&person));
    let me = viewer.principal()?.person;
    let marks: Vec<_> = passages::of_item(&mut conn, id)
        .await?
        .into_iter()
        .filter(|mark| mark.version == item.version && mark.person == me)
        .collect();
    let deadline = match item.appointment {
        Some(time) => {
            Some(waiting::deadline(&mut conn, deciding.step, time.instant(), version.submitted_at).await?)
        }
        None => None,
    };
    let step = usize::try_from(item.steps_done)
        .ok()
        .and_then(|passed| version.chain.get(passed));
    let message = submission_message(&mut conn, id).await?;
    let suggestion = (now + TimeDelta::minutes(30))
        .with_timezone(&unit.zone)
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    let glass = break_glass::standing(&app, &mut conn, &viewer, &item, &unit).await?;
    let hindrances = match &glass {
        Some(_) => release::hindrances(&app, &mut conn, &viewer, &item, &unit, &version).await?,
        None => Vec::new(),
    };
    let previews = view::submitted(&app, &mut conn, &item, &version.edition, &accounts).await?;
    let data = json!({
        "item": view::item(&item, &unit, now),
        "hash": version.hash,
        "previews": previews,
        "chain": view::chain(&version, &decisions, item.state, false),
        "time": item.appointment.map(|time| view::time(time, &unit, now)),
        "objection": deciding.approve_at_new_time().err().map(Objection::key),
        "may_ask": deciding.ask_for_changes().is_ok(),
        "late": deciding.late,
        "first_step": item.steps_done == 0,
        "suggestion": suggestion,
        "submitted": { "person": asker, "at": version.submitted_at, "message": message },
        "role": deciding.step,
        "step_language": step.and_then(|step| step.language.as_ref()),
        "behalf": behalf,
        "marks": marks,
        "places": places(&version.edition, &accounts),
        "deadline": deadline,
        "glass": glass,
        "hindrances": hindrances,
        "overdue": !deciding.late && deadline.is_some_and(|at| at <= now),
    });
    Ok(app.shell.page(&viewer, "calendar/approvals/page", &data))
}

/// The texts with their sentences, for whoever marks a passage without a mouse.
fn places(
    edition: &chancery_contracts::Edition,
    accounts: &[crate::model::Account],
) -> Vec<serde_json::Value> {
    let text = |variant: &chancery_contracts::EditionVariant| {
        let account = accounts.iter().find(|account| account.id == variant.account);
        json!({
            "value": format!("{} {}", variant.account, variant.language),
            "name": account.map(|account| &account.name), "language": variant.language,
            "field": format!("text.{}.{}", variant.account, variant.language), "body": variant.body,
            "sentences": crate::model::sentences(&variant.body),
        })
    };
    edition.variants.iter().map(text).collect()
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
        Approval::Ready => "release-approved",
        Approval::Next(_) => "approvals-approved-next",
        Approval::Restarted(_) => "approvals-restarted",
    };
    // The next one follows; when none is left, what became of this one.
    let next = queue::next(&app, &viewer, id).await?;
    Ok(Redirect::to(next.unwrap_or_else(|| format!("/items/{id}"))).flash(said))
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
    let next = queue::next(&app, &viewer, id).await?;
    Ok(Redirect::to(next.unwrap_or_else(|| "/approvals".to_owned())).flash("approvals-changes-requested"))
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
