//! `/api/v1/items/{id}/amendments`: approving with edits.

use axum::extract::State;
use axum::response::Response;
use chancery_contracts::ids::ItemId;
use chancery_web::{Json, Path, Problem, Viewer};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ItemDocument, answer};
use crate::routes::{App, actor};
use crate::workflow::Wording;

/// An approver's wording of the edition that has this hash.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Proposal {
    /// The `edition_hash` that was read.
    hash: String,
    /// The texts that differ.
    texts: Vec<Wording>,
    /// A word to the writers.
    #[serde(default)]
    comment: String,
}

/// Proposes a wording, and approves it in advance: it counts once a writer has taken it over.
#[utoipa::path(post, path = "/api/v1/items/{id}/amendments", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Proposal, responses((status = 204), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn propose(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(body): Json<Proposal>,
) -> Result<StatusCode, Problem> {
    let seen = body
        .hash
        .parse()
        .map_err(|_| Problem::conflict("approvals-objection-changed"))?;
    app.workflow
        .amend(actor(&viewer)?, id, seen, &body.texts, &body.comment)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a proposed wording over, in the caller's name.
#[utoipa::path(post, path = "/api/v1/items/{id}/amendments/{amendment}/accept", tag = "calendar",
    params(("id" = Uuid, Path), ("amendment" = Uuid, Path)),
    responses((status = 200, body = ItemDocument), (status = 403), (status = 409)))]
pub(super) async fn accept(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, amendment)): Path<(ItemId, Uuid)>,
) -> Result<Response, Problem> {
    app.workflow
        .accept_amendment(actor(&viewer)?, id, amendment)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}
