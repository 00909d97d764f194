//! `/api/v1/names`, `/api/v1/words` and the versions of an item.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_preflight::Name;
use chancery_web::{Json, Path, Problem, Query, Require, Viewer};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{answer, revision};
use crate::routes::{App, actor, names};
use crate::store::names::{Listed, MindedWord, NewWord};
use crate::store::snapshots;

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WrittenName {
    /// Its id.
    id: Uuid,
}

/// Names and titles as headquarters approved them: `?text=` in any form, `?language=`.
#[utoipa::path(get, path = "/api/v1/names", tag = "calendar",
    params(("text" = Option<String>, Query), ("language" = Option<String>, Query)),
    responses((status = 200, body = Vec<Listed>)))]
pub(super) async fn list_names(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<names::Wanted>,
) -> Result<Json<Vec<Listed>>, Problem> {
    viewer.principal()?;
    let mut conn = app.connection().await?;
    Ok(Json(wanted.of(crate::store::names::all(&mut conn).await?)))
}

/// Writes an entry: in the place of the one with its term and language, or anew.
#[utoipa::path(put, path = "/api/v1/names", tag = "calendar", request_body = Name,
    responses((status = 200, body = WrittenName), (status = 403), (status = 422)))]
pub(super) async fn put_name(
    State(app): State<App>,
    viewer: Viewer,
    Json(name): Json<Name>,
) -> Result<Json<WrittenName>, Problem> {
    let id = app.workflow.put_name(actor(&viewer)?, None, name).await?;
    Ok(Json(WrittenName { id }))
}

/// Takes an entry out.
#[utoipa::path(delete, path = "/api/v1/names/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub(super) async fn remove_name(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.workflow.remove_name(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose list of words.
#[derive(Debug, Deserialize)]
pub(super) struct Whose {
    unit: UnitId,
}

/// The words that a unit minds, with those of the units above it.
#[utoipa::path(get, path = "/api/v1/words", tag = "calendar", params(("unit" = Uuid, Query)),
    responses((status = 200, body = Vec<MindedWord>), (status = 403)))]
pub(super) async fn list_words(
    State(app): State<App>,
    viewer: Viewer,
    Query(whose): Query<Whose>,
) -> Result<Json<Vec<MindedWord>>, Problem> {
    let mut conn = app.connection().await?;
    let unit = chancery_directory::unit(&mut conn, whose.unit).await?;
    viewer.principal()?.require(Action::ItemRead, &unit.place())?;
    Ok(Json(crate::store::names::words(&mut conn, &unit.path).await?))
}

/// Adds a word, or changes what is said about it.
#[utoipa::path(post, path = "/api/v1/words", tag = "calendar", request_body = NewWord,
    responses((status = 200, body = WrittenName), (status = 403), (status = 422)))]
pub(super) async fn put_word(
    State(app): State<App>,
    viewer: Viewer,
    Json(word): Json<NewWord>,
) -> Result<Json<WrittenName>, Problem> {
    let id = app.workflow.put_word(actor(&viewer)?, word).await?;
    Ok(Json(WrittenName { id }))
}

/// Takes a word off its list.
#[utoipa::path(delete, path = "/api/v1/words/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub(super) async fn remove_word(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.workflow.remove_word(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is kept of an item's writing, the newest first.
#[utoipa::path(get, path = "/api/v1/items/{id}/versions", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<snapshots::Line>), (status = 404)))]
pub(super) async fn list_versions(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Json<Vec<snapshots::Line>>, Problem> {
    let mut conn = app.connection().await?;
    app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    Ok(Json(snapshots::of_item(&mut conn, id).await?))
}

/// Puts an earlier version in the place of what stands there. `If-Match` must name the revision that it replaces.
#[utoipa::path(post, path = "/api/v1/items/{id}/versions/{version}/restore", tag = "calendar",
    params(("id" = Uuid, Path), ("version" = Uuid, Path)), responses((status = 200), (status = 409)))]
pub(super) async fn restore_version(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((id, version)): Path<(ItemId, Uuid)>,
) -> Result<Response, Problem> {
    let seen = revision(&headers)?;
    app.workflow
        .restore_version(actor(&viewer)?, id, seen, version)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}
