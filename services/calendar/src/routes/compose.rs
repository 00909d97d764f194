//! The composer: one form that saves itself, with what is missing and what it will look like beside it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::Platform;
use chancery_contracts::ids::ItemId;
use chancery_directory::Unit;
use chancery_web::{Form, Json, Path, Problem, Query, Redirect, Require, Viewer};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::editor::{checked, editor};
use super::form::{self, Fields};
use super::{App, actor, view};
use crate::error::CalendarError;
use crate::model::{Account, Appointment, ClockChoice, Draft, DraftVariant, State as ItemState};
use crate::store::accounts;
use crate::store::editing;
use crate::store::items::Item;
use crate::workflow::{Kept, Saved};

/// An item that the viewer may write in, with its unit and the accounts of that.
async fn opened(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    id: ItemId,
) -> Result<(Item, Unit, Vec<Account>), Problem> {
    let (item, unit) = app.workflow.open(&mut *conn, actor(viewer)?, id).await?;
    viewer.principal()?.require(Action::ItemWrite, &unit.place())?;
    let accounts = accounts::of_unit(conn, unit.id).await?;
    Ok((item, unit, accounts))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit, accounts) = opened(&app, &mut conn, &viewer, id).await?;
    if !item.state.is_open() {
        // Writing would void an approval; the item's page has the button that says so.
        return Ok(Redirect::to(format!("/items/{id}"))
            .flash("items-frozen")
            .into_response());
    }
    let data = editor(&app, &mut conn, &viewer, &item, &unit, &accounts).await?;
    Ok(app.shell.page(&viewer, "calendar/items/edit", &data))
}

/// The contract of `autosave.ts`: 200 with the new version, or 409 with whose it is now.
pub(super) async fn autosave(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let base = form::version(&fields)?;
    match save_fields(&app, &viewer, id, base, &fields).await? {
        Saved::Now { revision } | Saved::Unchanged { revision } => {
            let saved_at = app.workflow.clock.now();
            Ok(Json(json!({ "version": revision, "saved_at": saved_at })).into_response())
        }
        Saved::Kept(kept) => kept_answer(&app, &viewer, id, &kept).await,
    }
}

/// 409: whose it is now, and that what was sent is kept as a copy.
pub(super) async fn kept_answer(
    app: &App,
    viewer: &Viewer,
    id: ItemId,
    kept: &Kept,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let present = crate::store::items::load(&mut conn, id, crate::store::items::Lock::None).await?;
    let detail = kept_sentence(app, &mut conn, viewer, kept).await?;
    // Only an open item takes "save mine": the version invites to it.
    let arguments = if kept.state.is_open() {
        json!({ "version": present.revision })
    } else {
        json!({})
    };
    let body = json!({
        "type": "urn:chancery:problem:items-kept", "status": 409, "detail": detail, "arguments": arguments,
    });
    let headers = [(http::header::CONTENT_TYPE, "application/problem+json")];
    Ok((StatusCode::CONFLICT, headers, body.to_string()).into_response())
}

async fn save_fields(
    app: &App,
    viewer: &Viewer,
    id: ItemId,
    base: i64,
    fields: &Fields,
) -> Result<Saved, Problem> {
    let mut conn = app.connection().await?;
    let (item, ..) = opened(app, &mut conn, viewer, id).await?;
    drop(conn);
    let mut draft = form::draft(fields, &item.draft)?;
    apply(app, form::first(fields, "do").unwrap_or_default(), &mut draft);
    Ok(app.workflow.save(actor(viewer)?, id, base, draft).await?)
}

/// What a button of the form asks for besides saving: a channel more or less, or the public scope.
fn apply(app: &App, what: &str, draft: &mut Draft) {
    match what.split_once(':') {
        Some(("add", place)) => {
            let Some((account, language)) = place.split_once(':') else {
                return;
            };
            let Ok(account) = account.parse() else { return };
            draft.variants.push(DraftVariant {
                id: app.workflow.clock.new_id(),
                account,
                language: language.to_owned(),
                title: None,
                body: None,
                images: true,
            });
        }
        Some(("remove", id)) => draft.variants.retain(|variant| variant.id.to_string() != id),
        Some(("scope", "public")) => draft.scope = crate::model::Scope::Public,
        _ => {}
    }
}

async fn kept_sentence(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    kept: &Kept,
) -> Result<String, Problem> {
    let names = chancery_directory::people(conn, [kept.by]).await?;
    let name = names.get(&kept.by).cloned().unwrap_or_default();
    let key = if kept.state.is_open() {
        "items-kept-changed"
    } else {
        "items-kept-frozen"
    };
    let args = [
        ("person".into(), name.into()),
        ("state".into(), kept.state.as_str().into()),
    ];
    Ok(app.shell.message(viewer.language, key, &args.into()))
}

/// The whole form, by one of its buttons: saves first, whatever else was asked.
pub(super) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let base = form::version(&fields)?;
    let edit = format!("/items/{id}/edit");
    let what = form::first(&fields, "do").unwrap_or_default();
    let revision = match save_fields(&app, &viewer, id, base, &fields).await {
        Ok(Saved::Now { revision } | Saved::Unchanged { revision }) => revision,
        Ok(Saved::Kept(kept)) if kept.state.is_open() => {
            return Ok(Redirect::to(format!("{edit}#copy"))
                .flash("items-kept")
                .into_response());
        }
        Ok(Saved::Kept(_)) => {
            return Ok(Redirect::to(format!("/items/{id}"))
                .flash("items-kept")
                .into_response());
        }
        Err(problem) if problem.has_fields() => return refused(&app, &viewer, id, &fields, &problem).await,
        Err(problem) => return Err(problem),
    };
    if let Some((image, platform)) = what.strip_prefix("cut:").and_then(|rest| rest.split_once(':'))
        && let (Ok(image), Ok(platform)) = (image.parse::<uuid::Uuid>(), platform.parse::<Platform>())
    {
        return Ok(
            Redirect::to(format!("/items/{id}/images/{image}/cut?platform={platform}")).into_response(),
        );
    }
    if what != "submit" {
        let place = if what.starts_with("add:") || what.starts_with("remove:") {
            "#channels"
        } else {
            ""
        };
        return Ok(Redirect::to(format!("{edit}{place}"))
            .flash("items-saved")
            .into_response());
    }
    let message = form::first(&fields, "message").unwrap_or_default();
    match app.workflow.submit(actor(&viewer)?, id, revision, message).await {
        Ok(()) => {
            let mut conn = app.connection().await?;
            editing::leave(&mut conn, id, viewer.principal()?.person).await?;
            Ok(Redirect::to(format!("/items/{id}"))
                .flash("items-submitted")
                .into_response())
        }
        Err(CalendarError::Blocked(findings)) => {
            let count = findings.len();
            Ok(Redirect::to(format!("{edit}#checklist"))
                .flash("items-not-submitted")
                .arg("count", count)
                .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The form as it was sent, with what is wrong in it: nothing was saved, and nothing is lost.
async fn refused(
    app: &App,
    viewer: &Viewer,
    id: ItemId,
    fields: &Fields,
    problem: &Problem,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (mut item, unit, accounts) = opened(app, &mut conn, viewer, id).await?;
    item.draft = form::draft(fields, &item.draft).unwrap_or(item.draft);
    let data = editor(app, &mut conn, viewer, &item, &unit, &accounts).await?;
    Ok(app.shell.refused(viewer, "calendar/items/edit", &data, problem))
}

pub(super) async fn checklist(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit, accounts) = opened(&app, &mut conn, &viewer, id).await?;
    let mut data = checked(&app, &mut conn, &viewer, &item, &unit, &accounts).await?;
    if let Some(data) = data.as_object_mut() {
        data.insert(
            "item".to_owned(),
            view::item(&item, &unit, app.workflow.clock.now()),
        );
    }
    Ok(app.shell.fragment(&viewer, "calendar/items/checklist", &data))
}

pub(super) async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, _, accounts) = opened(&app, &mut conn, &viewer, id).await?;
    let previews = view::drafted(&app, &mut conn, &item, &accounts).await?;
    let data = json!({ "previews": previews });
    Ok(app.shell.fragment(&viewer, "calendar/items/previews", &data))
}

/// Where somebody writes.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Where {
    /// The language of the translation that is open; empty: the whole item.
    #[serde(default)]
    language: String,
}

/// A sign of life from an open editor; says who else has one.
pub(super) async fn presence(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Query(place): Query<Where>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, ..) = opened(&app, &mut conn, &viewer, id).await?;
    let language = Some(place.language.as_str()).filter(|tag| crate::model::is_tag(tag));
    let editors = if item.state.is_open() {
        let (me, now) = (viewer.principal()?.person, app.workflow.clock.now());
        editing::appear_in(&mut conn, id, me, language, now).await?
    } else {
        Vec::new()
    };
    let data = json!({ "editors": editors, "frozen": !item.state.is_open(), "item": { "id": id } });
    Ok(app.shell.fragment(&viewer, "calendar/items/presence", &data))
}

/// A time that is being chosen.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    wall: String,
    #[serde(default)]
    clock: String,
    #[serde(default)]
    release: String,
}

/// What a chosen time means on both clocks.
pub(super) async fn time(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit, _) = opened(&app, &mut conn, &viewer, id).await?;
    let clock = chosen.clock.parse().unwrap_or(ClockChoice::Host);
    let release = form::release(&chosen.release);
    let (release, window) = release.unwrap_or((item.draft.release, None));
    let window = window.unwrap_or(item.draft.window_minutes);
    let time = form::wall(&chosen.wall)?.map(|at| {
        view::time(
            Appointment::new(at, clock, unit.zone, unit.headquarters, window).released(release),
            &unit,
            app.workflow.clock.now(),
        )
    });
    Ok(app
        .shell
        .fragment(&viewer, "calendar/items/time", &json!({ "time": time })))
}

pub(super) async fn take_copy(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Redirect, Problem> {
    app.workflow.take_copy(actor(&viewer)?, id).await?;
    Ok(Redirect::to(format!("/items/{id}/edit")).flash("items-copy-taken"))
}

pub(super) async fn discard_copy(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Redirect, Problem> {
    app.workflow.discard_copy(actor(&viewer)?, id).await?;
    let mut conn = app.connection().await?;
    let (item, ..) = opened(&app, &mut conn, &viewer, id).await?;
    let to = if matches!(item.state, ItemState::Draft | ItemState::ChangesRequested) {
        "/edit"
    } else {
        ""
    };
    Ok(Redirect::to(format!("/items/{id}{to}")).flash("items-copy-discarded"))
}
