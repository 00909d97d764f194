//! Models: headquarters' list, one model with its grid, sending; and what missions see.

mod edit;
mod form;
mod grid;
mod received;
mod send;

mod api;

pub(super) use grid::table;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::ModelId;
use chancery_web::{Access, Path, Problem, Redirect, Routes, Viewer};
use serde_json::{Value, json};

use super::App;
use crate::model::models::{Content, Missing, ModelState};
use crate::store::models::{self, Model};

/// As many models as a list shows.
const MANY: i64 = 200;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::May(Action::ItemRead);
    let answer = Access::May(Action::ItemWrite);
    let write = Access::May(Action::ModelWrite);
    let send = Access::May(Action::ModelSend);
    api::add(routes)
        .get(read, "/models", list)
        .post(write, "/models", edit::create)
        .get(read, "/models/received", received::list)
        .get(read, "/models/fragments/waiting", received::waiting)
        .get(write, "/models/campaign/{campaign}", grid::campaign)
        .get(write, "/models/{id}", grid::page)
        .get(write, "/models/{id}/fragments/grid", grid::fragment)
        .get(write, "/models/{id}/grid.csv", grid::csv)
        .get(write, "/models/{id}/edit", edit::page)
        .post(write, "/models/{id}/edit", edit::save)
        .post(write, "/models/{id}/offer", send::offer)
        .get(send, "/models/{id}/send", send::page)
        .post(send, "/models/{id}/send", send::send)
        .post(write, "/models/{id}/remind", send::remind)
        .post(send, "/models/{id}/withdraw", send::withdraw)
        .get(read, "/models/{id}/missions/{unit}", received::page)
        .post(answer, "/models/{id}/missions/{unit}/adopt", received::adopt)
        .post(answer, "/models/{id}/missions/{unit}/decline", received::decline)
        .post(answer, "/models/{id}/missions/{unit}/change", received::change)
}

/// Headquarters' models; whoever writes none sees what their mission has received.
async fn list(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let roots = viewer.principal()?.units_for(Action::ModelWrite);
    if roots.is_empty() {
        return Ok(Redirect::to("/models/received").into_response());
    }
    let mut conn = app.connection().await?;
    let rows = models::list(&mut conn, &roots, MANY).await?;
    Ok(app
        .shell
        .page(&viewer, "calendar/models/list", &json!({ "rows": rows })))
}

/// A model's facts.
fn facts(model: &Model) -> Value {
    json!({
        "id": model.id,
        "state": model.state,
        "version": model.version,
        "revision": model.revision,
        "title": model.content.title,
        "kind": model.content.kind,
        "topic": model.content.topic,
        "campaign": model.campaign,
        "offered_at": model.offered.map(|(at, _)| at),
        "updated_at": model.updated.1,
        "withdrawn": model.state == ModelState::Withdrawn,
        "sent": model.state == ModelState::Sent,
        "variations": model.content.variations.len(),
    })
}

/// What must be done before it can be sent, in words.
fn missing(app: &App, viewer: &Viewer, content: &Content) -> Vec<String> {
    let sentence = |missing: &Missing| {
        let (language, passage, variation) = missing.arguments();
        let language = app.shell.locales().language_name(viewer.language, language);
        let args = [
            ("language".into(), language.into()),
            ("passage".into(), passage.into()),
            ("variation".into(), variation.into()),
        ];
        app.shell.message(viewer.language, missing.key(), &args.into())
    };
    content.missing().iter().map(sentence).collect()
}

/// The address of a model at headquarters.
fn place(id: ModelId) -> String {
    format!("/models/{id}")
}

/// What a path of a mission's model names.
type AtMission = Path<(ModelId, chancery_contracts::ids::UnitId)>;
