//! Taking back what is out: withdrawing it, or opening a correction. The form says what the public will see where.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::WithdrawalReason;
use chancery_contracts::ids::ItemId;
use chancery_directory::Unit;
use chancery_preflight::Revision;
use chancery_web::{Access, Form, Path, Problem, Query, Redirect, Require, Routes, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::form::{Fields, first};
use super::{App, actor, view};
use crate::CalendarError;
use crate::model::{Change, removed, revision};
use crate::store::deliveries::Reported;
use crate::store::items::Item;
use crate::store::{approvals, corrections, deliveries, withdrawals};
use crate::workflow::{Takedown, TakenBack};

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::May(Action::ItemRead);
    let write = Access::May(Action::ItemWrite);
    routes
        .get(read, "/items/{id}/withdraw", withdraw_form)
        .post(read, "/items/{id}/withdraw", withdraw)
        .post(read, "/items/{id}/withdrawals/{withdrawal}", settle)
        .get(write, "/items/{id}/correct", correct_form)
        .post(write, "/items/{id}/correct", correct)
        .post(write, "/items/{id}/correction", change_notes)
}

/// What the form begins with.
#[derive(Debug, Deserialize)]
pub(super) struct Beginning {
    #[serde(default)]
    reason: String,
}

async fn withdraw_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Query(beginning): Query<Beginning>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let entered = [("reason".to_owned(), beginning.reason)];
    let data = withdraw_data(&app, &mut conn, &viewer, &item, &unit, &entered).await?;
    Ok(app.shell.page(&viewer, "calendar/items/withdraw", &data))
}

async fn withdraw_data(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
    entered: &[(String, String)],
) -> Result<Value, Problem> {
    let at_once = app.workflow.takes_down(&mut *conn, actor(viewer)?, unit).await?;
    if !at_once {
        viewer.principal()?.require(Action::ItemWrite, &unit.place())?;
    }
    let known = deliveries::of_item(&mut *conn, item.id).await?;
    let named = |name: &'static str| entered.iter().filter(move |(field, _)| field == name);
    let ticked: Vec<&str> = named("delivery").map(|(_, value)| value.as_str()).collect();
    let out: Vec<&Reported> = known.iter().filter(|one| one.may_be_taken_down()).collect();
    let lines: Vec<Value> = out
        .chunk_by(|one, next| one.belongs_to(next))
        .filter_map(|together| {
            let one = together.first()?;
            Some(json!({
                "id": one.id, "account": one.account, "platform": one.platform, "language": one.language,
                "permalink": one.permalink, "status": one.status,
                "public": one.platform.map(|platform| removed(platform).as_str()),
                "corrected": together.len() > 1,
                "chosen": ticked.is_empty() || ticked.contains(&one.id.to_string().as_str()),
            }))
        })
        .collect();
    let reason = named("reason").next().map(|(_, value)| value.as_str());
    let reasons: Vec<Value> = WithdrawalReason::ALL
        .iter()
        .map(|one| json!({ "value": one, "chosen": Some(one.as_str()) == reason }))
        .collect();
    let languages = languages(&known_languages(&mut *conn, item, &out).await?, entered);
    Ok(json!({
        "item": view::item(item, unit, app.workflow.clock.now()),
        "lines": lines,
        "reasons": reasons,
        "languages": languages,
        "internal": named("internal").next().map(|(_, value)| value),
        "at_once": at_once,
    }))
}

/// The languages of what is out; where a report did not say, those of what was ordered.
async fn known_languages(
    conn: &mut PgConnection,
    item: &Item,
    out: &[&Reported],
) -> Result<Vec<String>, Problem> {
    let mut languages: Vec<String> = out.iter().filter_map(|one| one.language.clone()).collect();
    if out.iter().any(|one| one.language.is_none())
        && let Some(order) = approvals::latest_order(&mut *conn, item.id).await?
        && let Some(version) = approvals::version(&mut *conn, item.id, order.version).await?
    {
        languages.extend(
            version
                .edition
                .variants
                .into_iter()
                .map(|variant| variant.language),
        );
    }
    languages.sort_unstable();
    languages.dedup();
    Ok(languages)
}

/// A field for the note of each language, as it was filled in.
fn languages(tags: &[String], entered: &[(String, String)]) -> Vec<Value> {
    let note = |tag: &String| {
        let field = format!("note.{tag}");
        entered
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value.clone())
    };
    tags.iter()
        .map(|tag| json!({ "language": tag, "note": note(tag) }))
        .collect()
}

/// The notes of a form: `note.LANGUAGE`.
fn notes(fields: &Fields) -> BTreeMap<String, String> {
    let one = |(name, note): &(String, String)| Some((name.strip_prefix("note.")?.to_owned(), note.clone()));
    fields.iter().filter_map(one).collect()
}

fn wanted(fields: &Fields) -> Result<TakenBack, CalendarError> {
    let chosen = fields.iter().filter(|(name, _)| name == "delivery");
    let deliveries: Result<Vec<_>, _> = chosen.map(|(_, value)| value.parse()).collect();
    let deliveries = deliveries.map_err(|_| CalendarError::field("delivery", "withdraw-delivery-not-out"))?;
    if deliveries.is_empty() {
        return Err(CalendarError::field("delivery", "withdraw-delivery-missing"));
    }
    let reason = first(fields, "reason").unwrap_or_default();
    Ok(TakenBack {
        deliveries,
        reason: reason
            .parse()
            .map_err(|_| CalendarError::field("reason", "withdraw-reason-missing"))?,
        notes: notes(fields),
        internal: first(fields, "internal").unwrap_or_default().to_owned(),
    })
}

async fn withdraw(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let done = match wanted(&fields) {
        Ok(wanted) => app.workflow.withdraw(actor(&viewer)?, id, wanted).await,
        Err(error) => Err(error),
    };
    match done.map_err(Problem::from) {
        Ok(done) => {
            let said = match done {
                Takedown::Ordered => "withdraw-ordered",
                Takedown::Asked => "withdraw-asked",
            };
            Ok(Redirect::to(format!("/items/{id}")).flash(said).into_response())
        }
        Err(problem) if problem.has_fields() => {
            let mut conn = app.connection().await?;
            let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
            let data = withdraw_data(&app, &mut conn, &viewer, &item, &unit, &fields).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/items/withdraw", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

/// Whether what was asked for is confirmed.
#[derive(Debug, Deserialize)]
pub(super) struct Settled {
    decision: String,
    #[serde(default)]
    comment: String,
}

async fn settle(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, withdrawal)): Path<(ItemId, Uuid)>,
    Form(form): Form<Settled>,
) -> Result<Redirect, Problem> {
    let confirmed = decided(&form.decision)?;
    app.workflow
        .settle_withdrawal(actor(&viewer)?, id, withdrawal, confirmed, &form.comment)
        .await?;
    let said = if confirmed {
        "withdraw-ordered"
    } else {
        "withdraw-declined"
    };
    Ok(Redirect::to(format!("/items/{id}")).flash(said))
}

/// `confirm` or `decline`.
pub(super) fn decided(word: &str) -> Result<bool, Problem> {
    match word {
        "confirm" => Ok(true),
        "decline" => Ok(false),
        _ => Err(Problem::bad_request("problem-unexpected-value")),
    }
}

async fn correct_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let data = correct_data(&app, &viewer, id, &[]).await?;
    Ok(app.shell.page(&viewer, "calendar/items/correct", &data))
}

async fn correct_data(
    app: &App,
    viewer: &Viewer,
    id: ItemId,
    entered: &[(String, String)],
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    viewer.principal()?.require(Action::ItemWrite, &unit.place())?;
    let known = deliveries::of_item(&mut conn, id).await?;
    let out: Vec<&Reported> = known.iter().filter(|one| one.may_be_corrected()).collect();
    let lines: Vec<Value> = out
        .chunk_by(|one, next| one.belongs_to(next))
        .filter_map(|together| {
            let one = together.first()?;
            let reply = one.platform.map(revision) == Some(Revision::Reply);
            Some(json!({
                "account": one.account, "platform": one.platform, "language": one.language,
                "permalink": one.permalink, "how": if reply { "reply" } else { "in_place" },
            }))
        })
        .collect();
    let languages = languages(&known_languages(&mut conn, &item, &out).await?, entered);
    Ok(json!({
        "item": view::item(&item, &unit, app.workflow.clock.now()),
        "lines": lines,
        "languages": languages,
        "possible": item.state.accepts(Change::Correct) && !out.is_empty(),
    }))
}

async fn correct(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let done = app.workflow.correct(actor(&viewer)?, id, notes(&fields)).await;
    match done.map_err(Problem::from) {
        Ok(()) => Ok(Redirect::to(format!("/items/{id}/edit"))
            .flash("correct-opened")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let data = correct_data(&app, &viewer, id, &fields).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/items/correct", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

async fn change_notes(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Redirect, Problem> {
    app.workflow
        .put_correction_notes(actor(&viewer)?, id, notes(&fields))
        .await?;
    Ok(Redirect::to(format!("/items/{id}")).flash("correct-noted"))
}

/// The part of the item's page about taking back: what waits for a confirmation, and what could be done.
pub(super) async fn shown(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
) -> Result<Value, Problem> {
    let known = deliveries::of_item(&mut *conn, item.id).await?;
    let at_once = app.workflow.takes_down(&mut *conn, actor(viewer)?, unit).await?;
    let writes = viewer
        .principal()?
        .decide(Action::ItemWrite, unit.place())
        .is_allowed();
    let asked = withdrawals::of_item(&mut *conn, item.id)
        .await?
        .into_iter()
        .find(withdrawals::Withdrawal::is_open);
    let corrections = if item.state.is_open() {
        corrections::of_item(&mut *conn, item.id).await?
    } else {
        Vec::new()
    };
    let mut notes: Vec<(String, String)> = corrections
        .into_iter()
        .map(|one| (one.language, one.note))
        .collect();
    notes.dedup();
    let people = chancery_directory::people(conn, asked.iter().map(|one| one.asked.0)).await?;
    let out = known.iter().any(Reported::may_be_taken_down);
    let correctable = item.state.accepts(Change::Correct) && known.iter().any(Reported::may_be_corrected);
    Ok(json!({
        "withdraw": out && (at_once || writes),
        "at_once": at_once,
        "correct": correctable && writes,
        "asked": asked.map(|one| json!({
            "id": one.id, "person": people.get(&one.asked.0), "at": one.asked.1, "reason": one.reason,
            "internal": one.internal, "count": one.deliveries.len(),
            "notes": one.notes.iter().map(|(language, note)| json!({ "language": language, "note": note })).collect::<Vec<_>>(),
        })),
        "notes": notes.iter().map(|(language, note)| json!({ "language": language, "note": note })).collect::<Vec<_>>(),
        "writes": writes,
    }))
}
