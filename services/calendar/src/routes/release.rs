//! Giving the word for what goes out on command: what it is, where it goes and when, before it is confirmed.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::EditionHash;
use chancery_contracts::ids::ItemId;
use chancery_directory::Unit;
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::{App, actor, editor, view};
use crate::error::CalendarError;
use crate::model::{State as ItemState, Unreleased};
use crate::store::accounts;
use crate::store::approvals::{self, Version};
use crate::store::items::Item;

/// The question before the word is given: a dialogue, or a page of its own.
pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let version = approvals::version(&mut conn, id, item.version).await?;
    let (Some(version), ItemState::Ready) = (version, item.state) else {
        return Ok(Redirect::to(format!("/items/{id}"))
            .flash("release-not-waiting")
            .into_response());
    };
    let now = app.workflow.clock.now();
    let speaking = app
        .workflow
        .releasing(&mut conn, actor(&viewer)?, &item, &unit, &version)
        .await?;
    let hindrances = hindrances(&app, &mut conn, &viewer, &item, &unit, &version).await?;
    let names = chancery_directory::people(&mut conn, speaking.behalf).await?;
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    let previews = view::submitted(&app, &mut conn, &item, &version.edition, &accounts).await?;
    let data = json!({
        "item": view::item(&item, &unit, now),
        "hash": version.hash,
        "previews": previews,
        "time": item.appointment.map(|time| view::time(time, &unit, now)),
        "refusal": speaking.releasing.release().err().map(Unreleased::key),
        "behalf": names.into_values().next(),
        "hindrances": hindrances,
        "paused": app.workflow.pause(&mut conn, &item).await?.map(|reason| json!({ "reason": reason })),
    });
    Ok(if viewer.htmx {
        app.shell.fragment(&viewer, "calendar/items/release", &data)
    } else {
        app.shell.page(&viewer, "calendar/items/release_page", &data)
    })
}

/// What stands in the way of letting a version out, in the viewer's language.
pub(super) async fn hindrances(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
    version: &Version,
) -> Result<Vec<String>, Problem> {
    let submitter = (version.submitted_by, viewer.principal()?.today);
    let found = app.workflow.hindrances(conn, item, unit, submitter).await?;
    Ok(found
        .iter()
        .map(|finding| editor::sentence(app, viewer, finding))
        .collect())
}

/// The word, with the hash of what was on the screen.
#[derive(Debug, Deserialize)]
pub(super) struct Word {
    hash: String,
}

pub(super) async fn release(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(word): Form<Word>,
) -> Result<Redirect, Problem> {
    let seen: EditionHash = word
        .hash
        .parse()
        .map_err(|_| Problem::conflict(Unreleased::Changed.key()))?;
    match app.workflow.release(actor(&viewer)?, id, seen).await {
        Ok(done) => Ok(
            Redirect::to(format!("/items/{id}")).flash(if done.paused.is_some() {
                "release-done-paused"
            } else {
                "release-done"
            }),
        ),
        // The page lists them.
        Err(CalendarError::Hindered(found)) => Ok(Redirect::to(format!("/items/{id}/release"))
            .flash("release-hindered")
            .arg("count", found.len())),
        Err(error) => Err(error.into()),
    }
}
