//! What belongs to one asset besides its description, and the description of many.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_web::{Access, Json, Path, Problem, Query, Routes, Viewer};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, actor, files as bytes};
use crate::library::keeps;
use crate::model::Patch;
use crate::store::{downloads, files as store};

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::AssetRead);
    let contribute = Access::Api(Action::AssetContribute);
    routes
        .get(read, "/api/v1/assets/{id}/files", files)
        .get(read, "/api/v1/assets/{id}/files/{file}", file)
        .post(contribute, "/api/v1/assets/{id}/files/{file}/remove", remove_file)
        .post(
            contribute,
            "/api/v1/assets/{id}/files/{file}/bring-back",
            bring_back_file,
        )
        .get(read, "/api/v1/assets/{id}/preview/{width}", preview)
        .get(contribute, "/api/v1/assets/{id}/uses", uses)
        .post(contribute, "/api/v1/assets/bulk", bulk)
        .post(contribute, "/api/v1/assets/bulk/{id}/undo", undo)
}

/// A file of an asset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssetFile)]
pub(super) struct FileDocument {
    /// Its id.
    id: Uuid,
    /// `original`, `clean`, `subtitled`, `captions`, `source` or `consent`.
    role: String,
    /// Of captions and subtitled versions: BCP 47.
    language: Option<String>,
    /// Counts what was put in in this role.
    version: i32,
    /// As it is called.
    name: String,
    /// What it is, once somebody has looked.
    media_type: Option<String>,
    /// Its length.
    bytes: i64,
    /// Of its content, in hexadecimal digits.
    sha256: String,
    /// `waiting`, `ready` or `refused`.
    state: String,
    /// In pixels.
    width: Option<i32>,
    /// In pixels.
    height: Option<i32>,
    /// How long it lasts.
    duration_ms: Option<i64>,
    /// How many pages it has.
    pages: Option<i32>,
    /// Since when another stands in its place.
    superseded_at: Option<DateTime<Utc>>,
    /// Since when it is taken away.
    removed_at: Option<DateTime<Utc>>,
    /// Why it was taken away.
    removed_why: Option<String>,
}

impl From<store::File> for FileDocument {
    fn from(file: store::File) -> Self {
        Self {
            id: file.id,
            role: file.role,
            language: file.language,
            version: file.version,
            name: file.name,
            media_type: file.media_type,
            bytes: file.bytes,
            sha256: file.sha256,
            state: file.state,
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
            pages: file.pages,
            superseded_at: file.superseded_at,
            removed_at: file.removed_at,
            removed_why: file.removed_why,
        }
    }
}

/// The files of an asset: what is given out; originals, consents and what was replaced to whoever looks after it.
#[utoipa::path(get, path = "/api/v1/assets/{id}/files", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<FileDocument>), (status = 404)))]
async fn files(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Json<Vec<FileDocument>>, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(&viewer)?;
    let (_, unit) = app.library.open(&mut conn, actor, id).await?;
    let keeper = keeps(actor, &unit);
    let all = store::of_asset(&mut conn, id).await?;
    let shown = all
        .into_iter()
        .filter(|file| keeper || (file.is_open() && file.is_current()));
    Ok(Json(shown.map(FileDocument::from).collect()))
}

/// One file, if the caller's unit may use it in the house or on `?channel=`.
#[utoipa::path(get, path = "/api/v1/assets/{id}/files/{file}", tag = "assets",
    params(("id" = Uuid, Path), ("file" = Uuid, Path), ("for" = Option<Uuid>, Query),
           ("channel" = Option<String>, Query)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 403), (status = 404)))]
async fn file(
    state: State<App>,
    viewer: Viewer,
    method: Method,
    path: Path<(AssetId, Uuid)>,
    query: Query<bytes::Meant>,
) -> Result<Response, Problem> {
    bytes::one(state, viewer, method, path, query).await
}

/// Why a file is taken away.
#[derive(Debug, Deserialize, ToSchema)]
struct Removal {
    /// For all who look after the asset.
    reason: String,
}

/// Takes a file away that was put beside an asset by mistake: not its present original. It can be brought back.
#[utoipa::path(post, path = "/api/v1/assets/{id}/files/{file}/remove", tag = "assets",
    params(("id" = Uuid, Path), ("file" = Uuid, Path)), request_body = Removal,
    responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn remove_file(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(AssetId, Uuid)>,
    Json(removal): Json<Removal>,
) -> Result<StatusCode, Problem> {
    app.library
        .remove_part(actor(&viewer)?, id, file, &removal.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings back a file that was taken away, where it stood. 409: another stands there now, or its content is gone.
#[utoipa::path(post, path = "/api/v1/assets/{id}/files/{file}/bring-back", tag = "assets",
    params(("id" = Uuid, Path), ("file" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn bring_back_file(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(AssetId, Uuid)>,
) -> Result<StatusCode, Problem> {
    app.library.bring_back_part(actor(&viewer)?, id, file).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A small picture of an asset, 240, 480 or 1200 pixels wide, for whoever may see it.
#[utoipa::path(get, path = "/api/v1/assets/{id}/preview/{width}", tag = "assets",
    params(("id" = Uuid, Path), ("width" = u32, Path)),
    responses((status = 200, content_type = "image/jpeg"), (status = 304), (status = 404)))]
async fn preview(
    state: State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    path: Path<(AssetId, u32)>,
) -> Result<Response, Problem> {
    bytes::preview(state, viewer, headers, path).await
}

/// Where an asset is used, and who took it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssetUses)]
pub(super) struct UsesDocument {
    /// Items that use it, the latest first: `item`, `title`, `unit`, `stage` and `at`.
    items: Vec<Value>,
    /// Downloads by unit: `unit`, `count` and `last`.
    downloads: Vec<Value>,
}

/// Where an asset is used and who took it, for whoever looks after it.
#[utoipa::path(get, path = "/api/v1/assets/{id}/uses", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 200, body = UsesDocument), (status = 404)))]
async fn uses(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Json<UsesDocument>, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(&viewer)?;
    let (_, unit) = app.library.open(&mut conn, actor, id).await?;
    if !keeps(actor, &unit) {
        actor.require(Action::AssetContribute, &unit)?;
    }
    let json = |rows: Result<Vec<Value>, serde_json::Error>| rows.map_err(Problem::internal);
    let items = downloads::uses(&mut conn, id).await?;
    let taken = downloads::taken(&mut conn, id).await?;
    Ok(Json(UsesDocument {
        items: json(items.into_iter().map(serde_json::to_value).collect())?,
        downloads: json(taken.into_iter().map(serde_json::to_value).collect())?,
    }))
}

/// A change of many assets.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct BulkEdit {
    /// Which, at most 500.
    assets: Vec<Uuid>,
    /// What is changed in each.
    patch: Patch,
}

/// A change of many assets that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkDone {
    /// By which it is taken back.
    id: Uuid,
}

/// Changes many assets at once, all or none.
#[utoipa::path(post, path = "/api/v1/assets/bulk", tag = "assets", request_body = BulkEdit,
    responses((status = 201, body = BulkDone), (status = 403), (status = 422)))]
async fn bulk(
    State(app): State<App>,
    viewer: Viewer,
    Json(edit): Json<BulkEdit>,
) -> Result<(StatusCode, Json<BulkDone>), Problem> {
    let ids: Vec<AssetId> = edit.assets.into_iter().map(AssetId).collect();
    let id = app.library.bulk(actor(&viewer)?, &ids, &edit.patch).await?;
    Ok((StatusCode::CREATED, Json(BulkDone { id })))
}

/// What became of a change that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkUndone {
    /// How many are as they were.
    restored: usize,
    /// How many were edited since and stay as they are.
    kept: usize,
}

/// Takes a change of many assets back where nobody has edited since. Each only once.
#[utoipa::path(post, path = "/api/v1/assets/bulk/{id}/undo", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 200, body = BulkUndone), (status = 409)))]
async fn undo(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Json<BulkUndone>, Problem> {
    let undone = app.library.undo(actor(&viewer)?, id).await?;
    Ok(Json(BulkUndone {
        restored: undone.restored,
        kept: undone.kept,
    }))
}
