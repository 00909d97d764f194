//! Remarks about an item: threads with replies, people named, resolved and opened again.

use axum::extract::State;
use axum::response::Response;
use chancery_contracts::ids::ItemId;
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{App, actor, view};
use crate::store::remarks::{self, Remark};
use crate::workflow::Remarked;

/// The threads of an item, each with what began it and its replies.
pub(super) async fn threads(conn: &mut PgConnection, id: ItemId) -> Result<Vec<Value>, sqlx::Error> {
    let all = remarks::of_item(conn, id).await?;
    let one = |first: &Remark| {
        let replies: Vec<_> = all
            .iter()
            .filter(|reply| reply.thread == first.id && reply.id != first.id)
            .collect();
        json!({ "first": first, "replies": replies, "resolved": first.resolved_at.is_some() })
    };
    Ok(all
        .iter()
        .filter(|remark| remark.id == remark.thread)
        .map(one)
        .collect())
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let data = json!({
        "item": view::item(&item, &unit, app.workflow.clock.now()),
        "threads": threads(&mut conn, id).await?,
    });
    Ok(app.shell.fragment(&viewer, "calendar/items/remarks", &data))
}

/// Names of those who may be named: the unit's own people first.
pub(super) async fn people(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let principal = viewer.principal()?;
    let (_, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let people = remarks::people(&mut conn, &unit.path, principal.today).await?;
    let names: Vec<_> = people
        .iter()
        .filter(|known| known.may_see && known.person != principal.person)
        .take(30)
        .map(|known| &known.name)
        .collect();
    Ok(app
        .shell
        .fragment(&viewer, "calendar/items/people", &json!({ "names": names })))
}

/// Something said.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    text: String,
}

pub(super) async fn begin(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(said): Form<Said>,
) -> Result<Redirect, Problem> {
    let done = app.workflow.remark(actor(&viewer)?, id, None, &said.text).await?;
    Ok(told(id, &done))
}

pub(super) async fn reply(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, thread)): Path<(ItemId, Uuid)>,
    Form(said): Form<Said>,
) -> Result<Redirect, Problem> {
    let done = app
        .workflow
        .remark(actor(&viewer)?, id, Some(thread), &said.text)
        .await?;
    Ok(told(id, &done))
}

/// Says who was told, and who was named and could not be.
fn told(id: ItemId, done: &Remarked) -> Redirect {
    let back = Redirect::to(format!("/items/{id}#remarks"));
    if !done.not_told.is_empty() {
        back.flash("remarks-not-told")
            .arg("people", done.not_told.join(", "))
    } else if !done.told.is_empty() {
        back.flash("remarks-told").arg("people", done.told.join(", "))
    } else {
        back.flash("items-commented")
    }
}

/// Whether the thread is to be resolved.
#[derive(Debug, Deserialize)]
pub(super) struct Resolve {
    resolved: bool,
}

pub(super) async fn resolve(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, thread)): Path<(ItemId, Uuid)>,
    Form(resolve): Form<Resolve>,
) -> Result<Redirect, Problem> {
    app.workflow
        .resolve_remark(actor(&viewer)?, id, thread, resolve.resolved)
        .await?;
    let said = if resolve.resolved {
        "remarks-resolved"
    } else {
        "remarks-reopened"
    };
    Ok(Redirect::to(format!("/items/{id}#remarks")).flash(said))
}
