//! `/api/v1/assets/{id}/renditions`: ordered, looked after, and taken by programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_web::{Access, Json, Path, Problem, Query, Routes, Viewer};
use chrono::{DateTime, Utc};
use http::{Method, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, actor, files, renditions, view};
use crate::model::Order;
use crate::store::renditions::Asked;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    // Narrowed down to whoever uses assets, and whoever looks after this one.
    let read = Access::Api(Action::AssetRead);
    routes
        .get(read, "/api/v1/assets/{id}/renditions", list)
        .post(read, "/api/v1/assets/{id}/renditions", order)
        .get(read, "/api/v1/assets/{id}/renditions/{rendition}", show)
        .post(read, "/api/v1/assets/{id}/renditions/{rendition}/again", again)
        .get(read, "/api/v1/assets/{id}/renditions/{rendition}/file", file)
}

/// Something that was ordered of an asset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rendition)]
pub(super) struct RenditionDocument {
    /// Its id.
    id: Uuid,
    /// For what.
    purpose: String,
    /// Of captions.
    language: Option<String>,
    /// `waiting`, `ready` or `failed`.
    state: String,
    /// Why it failed, in the caller's language.
    failure: Option<String>,
    /// What it is, once it is ready.
    media_type: Option<String>,
    /// Its length.
    bytes: Option<i64>,
    /// In pixels.
    width: Option<i32>,
    /// In pixels.
    height: Option<i32>,
    /// How long it plays.
    duration_ms: Option<i64>,
    /// When it was ordered last.
    asked_at: DateTime<Utc>,
    /// Since when it is being made.
    begun_at: Option<DateTime<Utc>>,
    /// How much of it is made, in hundredths; none: nobody knows.
    percent: Option<i16>,
}

fn document(app: &App, viewer: &Viewer, asked: Asked) -> RenditionDocument {
    RenditionDocument {
        failure: renditions::failure(app, viewer, &asked),
        id: asked.id,
        purpose: asked.purpose,
        language: asked.language,
        state: asked.state,
        media_type: asked.media_type,
        bytes: asked.bytes,
        width: asked.width,
        height: asked.height,
        duration_ms: asked.duration_ms,
        asked_at: asked.asked_at,
        begun_at: asked.begun_at,
        percent: asked.percent,
    }
}

/// What the caller's units have ordered of an asset's present files, the latest first, at most 50.
#[utoipa::path(get, path = "/api/v1/assets/{id}/renditions", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<RenditionDocument>), (status = 404)))]
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Json<Vec<RenditionDocument>>, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let asked = renditions::asked(&app, &mut conn, &viewer, id, None).await?;
    Ok(Json(
        asked
            .into_iter()
            .map(|asked| document(&app, &viewer, asked))
            .collect(),
    ))
}

/// Orders a rendition for the caller's unit, or for `?for=UNIT`. 201: it is there already; 202: it is being made, ask
/// again at `Location`.
#[utoipa::path(post, path = "/api/v1/assets/{id}/renditions", tag = "assets",
    params(("id" = Uuid, Path), ("for" = Option<Uuid>, Query)), request_body = Order,
    responses((status = 201, body = RenditionDocument), (status = 202, body = RenditionDocument), (status = 403),
              (status = 404), (status = 422)))]
pub(super) async fn order(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(meant): Query<files::Meant>,
    Json(wanted): Json<Order>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&meant.unit)).await?;
    drop(conn);
    let asked = app.library.order(actor(&viewer)?, id, &unit, &wanted).await?;
    let status = if asked.state == "ready" {
        StatusCode::CREATED
    } else {
        StatusCode::ACCEPTED
    };
    let location = format!("/api/v1/assets/{id}/renditions/{}", asked.id);
    let document = Json(document(&app, &viewer, asked));
    Ok((status, [(header::LOCATION, location)], document).into_response())
}

/// One rendition and how far it is.
#[utoipa::path(get, path = "/api/v1/assets/{id}/renditions/{rendition}", tag = "assets",
    params(("id" = Uuid, Path), ("rendition" = Uuid, Path)),
    responses((status = 200, body = RenditionDocument), (status = 404)))]
pub(super) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, rendition)): Path<(AssetId, Uuid)>,
) -> Result<Json<RenditionDocument>, Problem> {
    let (.., asked) = renditions::find(&app, &viewer, id, rendition).await?;
    Ok(Json(document(&app, &viewer, asked)))
}

/// Has one that failed made once more: 202. What waits or is there stays as it is: 200.
#[utoipa::path(post, path = "/api/v1/assets/{id}/renditions/{rendition}/again", tag = "assets",
    params(("id" = Uuid, Path), ("rendition" = Uuid, Path)),
    responses((status = 200, body = RenditionDocument), (status = 202, body = RenditionDocument), (status = 403),
              (status = 404)))]
pub(super) async fn again(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, rendition)): Path<(AssetId, Uuid)>,
) -> Result<Response, Problem> {
    let (.., before) = renditions::find(&app, &viewer, id, rendition).await?;
    let asked = app.library.order_again(actor(&viewer)?, id, rendition).await?;
    let status = if before.state == "failed" {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(document(&app, &viewer, asked))).into_response())
}

/// Its bytes, if the caller's unit may use the asset in the house or on `?channel=` at this moment. 409: not made yet.
#[utoipa::path(get, path = "/api/v1/assets/{id}/renditions/{rendition}/file", tag = "assets",
    params(("id" = Uuid, Path), ("rendition" = Uuid, Path), ("for" = Option<Uuid>, Query),
           ("channel" = Option<String>, Query)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 403), (status = 404),
              (status = 409)))]
pub(super) async fn file(
    state: State<App>,
    viewer: Viewer,
    method: Method,
    path: Path<(AssetId, Uuid)>,
    query: Query<files::Meant>,
) -> Result<Response, Problem> {
    renditions::download(state, viewer, method, path, query).await
}
