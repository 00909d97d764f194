//! Giving the word for what goes out on command, and letting something out without the rest of its chain, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::EditionHash;
use chancery_contracts::ids::ItemId;
use chancery_web::{Json, Page, Pagination, Path, Problem, Query, Viewer};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ItemDocument, answer};
use crate::model::{Unbroken, Unreleased};
use crate::routes::{App, actor, break_glass};
use crate::store::break_glass::Use;

/// What was read.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Read {
    /// The `edition_hash` that was read.
    hash: String,
}

impl Read {
    fn seen(&self, changed: &'static str) -> Result<EditionHash, Problem> {
        self.hash.parse().map_err(|_| Problem::conflict(changed))
    }
}

/// Gives the word for an item that is `ready`: it goes out now, if its window is open.
#[utoipa::path(post, path = "/api/v1/items/{id}/release", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Read, responses((status = 200, body = ItemDocument), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn release(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(read): Json<Read>,
) -> Result<Response, Problem> {
    let seen = read.seen(Unreleased::Changed.key())?;
    app.workflow.release(actor(&viewer)?, id, seen).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Why the rest of the chain is to be passed over.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Ordering {
    /// What was read.
    #[serde(flatten)]
    read: Read,
    /// Why, in 20 to 2,000 characters.
    reason: String,
}

/// Orders an item that is `submitted` without the rest of its chain. Another person has half an hour to confirm it.
#[utoipa::path(post, path = "/api/v1/items/{id}/break-glass", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Ordering, responses((status = 201), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn order(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(ordering): Json<Ordering>,
) -> Result<Response, Problem> {
    let seen = ordering.read.seen(Unbroken::Changed.key())?;
    let order = app
        .workflow
        .break_glass(actor(&viewer)?, id, seen, &ordering.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": order }))).into_response())
}

/// Confirms somebody else's order: the item is let out as if its last step had approved it.
#[utoipa::path(post, path = "/api/v1/items/{id}/break-glass/{order}/confirm", tag = "calendar",
    params(("id" = Uuid, Path), ("order" = Uuid, Path)), request_body = Read,
    responses((status = 200, body = ItemDocument), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn confirm(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, order)): Path<(ItemId, Uuid)>,
    Json(read): Json<Read>,
) -> Result<Response, Problem> {
    let seen = read.seen(Unbroken::Changed.key())?;
    app.workflow
        .confirm_break_glass(actor(&viewer)?, id, order, seen)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// What whoever was passed over says about it.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Noted {
    /// At most 2,000 characters; may be empty.
    #[serde(default)]
    comment: String,
}

/// Notes that the caller, whose step was passed over, has seen it.
#[utoipa::path(post, path = "/api/v1/items/{id}/break-glass/{order}/seen", tag = "calendar",
    params(("id" = Uuid, Path), ("order" = Uuid, Path)), request_body = Noted,
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn see(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, order)): Path<(ItemId, Uuid)>,
    Json(noted): Json<Noted>,
) -> Result<StatusCode, Problem> {
    app.workflow
        .see_break_glass(actor(&viewer)?, id, order, &noted.comment)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every use of break-glass below the caller's units, and every order for it that nobody confirmed, the latest first:
/// `?after=`, `?limit=`. For approvers at headquarters, administrators and auditors.
#[utoipa::path(get, path = "/api/v1/break-glass", tag = "calendar",
    params(("after" = Option<String>, Query), ("limit" = Option<u32>, Query)), responses((status = 200), (status = 403)))]
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(pagination): Query<Pagination>,
) -> Result<Json<Page<Use>>, Problem> {
    let page = break_glass::uses(&app, viewer.principal()?, &pagination).await?;
    Ok(Json(page))
}
