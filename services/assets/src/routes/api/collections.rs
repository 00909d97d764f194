//! Collections, kits, and links to them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId, ShareId, UnitId};
use chancery_web::{Access, ETag, Json, Pagination, Path, Problem, Query, Routes, Viewer};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::opened::{self, Opened};
use super::super::{App, actor, bundle, files};
use super::revision;
use crate::library::{CollectionDraft, NewShare};
use crate::store::collections::Listed;
use crate::store::shares as links;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::AssetRead);
    let take = Access::Api(Action::AssetUse);
    routes
        .get(read, "/api/v1/collections", list)
        .post(take, "/api/v1/collections", create)
        .get(read, "/api/v1/collections/{id}", show)
        .put(take, "/api/v1/collections/{id}", change)
        .post(take, "/api/v1/collections/{id}/assets", fill)
        .put(take, "/api/v1/collections/{id}/assets", arrange)
        .get(take, "/api/v1/collections/{id}/zip", zip)
        .get(take, "/api/v1/collections/{id}/shares", shares)
        .post(take, "/api/v1/collections/{id}/shares", share)
        .delete(take, "/api/v1/collections/{id}/shares/{share}", end_share)
}

/// A page of collections.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CollectionPage {
    /// The latest first.
    items: Vec<Listed>,
    /// The value of `?after=` for the next page. None: this is the last.
    next: Option<String>,
}

/// The collections that the caller sees, the latest first: `?after=`, and `?limit=` up to 100.
#[utoipa::path(get, path = "/api/v1/collections", tag = "collections",
    params(("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = CollectionPage)))]
async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(pagination): Query<Pagination>,
) -> Result<Json<CollectionPage>, Problem> {
    let page = opened::listed(&app, &viewer, &pagination).await?;
    Ok(Json(CollectionPage {
        items: page.items,
        next: page.next,
    }))
}

/// A collection, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Collection)]
pub(super) struct CollectionDocument {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    unit: Uuid,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// What was entered.
    draft: CollectionDraft,
    /// Its assets, in order; those that the caller may not see are left out.
    items: Vec<Item>,
}

/// An asset in a collection.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CollectionItem)]
pub(super) struct Item {
    /// Which.
    asset: Uuid,
    /// What is said of it there.
    #[serde(default)]
    note: String,
}

async fn answer(
    app: &App,
    viewer: &Viewer,
    id: CollectionId,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let opened = Opened::by(app, &mut conn, viewer, id).await?;
    let owner = actor(viewer)?.may(Action::AssetUse, &opened.unit);
    let found = opened.collection;
    let document = CollectionDocument {
        id: id.0,
        unit: found.unit.0,
        revision: found.revision,
        draft: CollectionDraft {
            kind: found.kind,
            names: found.names,
            guidance: found.guidance,
            shared_all: found.shared_all,
            shared_units: found.shared_units,
            shared_kinds: found.shared_kinds,
        },
        items: opened
            .members
            .into_iter()
            .filter(|member| owner || opened.usable.contains(&member.id))
            .map(|member| Item {
                asset: member.id.0,
                note: member.note,
            })
            .collect(),
    };
    let tag = ETag::of_version(document.revision);
    Ok((status, [(header::ETAG, tag.header())], Json(document)).into_response())
}

/// Whose collection to make, and what is in it.
#[derive(Debug, Deserialize, ToSchema)]
struct NewCollection {
    /// The unit.
    unit: Uuid,
    /// What is entered.
    draft: CollectionDraft,
}

/// Makes a collection.
#[utoipa::path(post, path = "/api/v1/collections", tag = "collections", request_body = NewCollection,
    responses((status = 201, body = CollectionDocument), (status = 403), (status = 422)))]
async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewCollection>,
) -> Result<Response, Problem> {
    let id = app
        .library
        .save_collection(actor(&viewer)?, UnitId(new.unit), None, new.draft)
        .await?;
    answer(&app, &viewer, id, StatusCode::CREATED).await
}

/// One collection.
#[utoipa::path(get, path = "/api/v1/collections/{id}", tag = "collections", params(("id" = Uuid, Path)),
    responses((status = 200, body = CollectionDocument), (status = 404)))]
async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
) -> Result<Response, Problem> {
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Changes a collection. `If-Match` must name the revision that it is based on; 409 otherwise.
#[utoipa::path(put, path = "/api/v1/collections/{id}", tag = "collections", params(("id" = Uuid, Path)),
    request_body = CollectionDraft,
    responses((status = 200, body = CollectionDocument), (status = 409), (status = 422)))]
async fn change(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<CollectionId>,
    Json(draft): Json<CollectionDraft>,
) -> Result<Response, Problem> {
    let known = Some((id, revision(&headers)?));
    app.library
        .save_collection(actor(&viewer)?, UnitId(Uuid::nil()), known, draft)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Assets to put into a collection.
#[derive(Debug, Deserialize, ToSchema)]
struct Filling {
    /// Which.
    assets: Vec<Uuid>,
}

/// Puts assets at the end of a collection.
#[utoipa::path(post, path = "/api/v1/collections/{id}/assets", tag = "collections", params(("id" = Uuid, Path)),
    request_body = Filling, responses((status = 200, body = CollectionDocument), (status = 404)))]
async fn fill(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Json(filling): Json<Filling>,
) -> Result<Response, Problem> {
    let ids: Vec<AssetId> = filling.assets.into_iter().map(AssetId).collect();
    app.library.collect(actor(&viewer)?, id, &ids).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Writes the order and the notes anew. Who is not named goes; nobody new comes. `If-Match` names the revision that it is
/// based on, 409 if that is no longer the present one; without it, what others changed meanwhile is overwritten.
#[utoipa::path(put, path = "/api/v1/collections/{id}/assets", tag = "collections", params(("id" = Uuid, Path)),
    request_body = Vec<Item>, responses((status = 200, body = CollectionDocument), (status = 403), (status = 409)))]
async fn arrange(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<CollectionId>,
    Json(items): Json<Vec<Item>>,
) -> Result<Response, Problem> {
    let members: Vec<_> = items
        .into_iter()
        .map(|item| (AssetId(item.asset), item.note))
        .collect();
    let known = if headers.contains_key(header::IF_MATCH) {
        Some(revision(&headers)?)
    } else {
        None
    };
    app.library.arrange(actor(&viewer)?, id, known, &members).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// What the caller's unit may use of a collection in the house or on `?channel=`, as a zip, with a text that says the rest.
#[utoipa::path(get, path = "/api/v1/collections/{id}/zip", tag = "collections",
    params(("id" = Uuid, Path), ("for" = Option<Uuid>, Query), ("channel" = Option<String>, Query)),
    responses((status = 200, content_type = "application/zip"), (status = 404), (status = 409)))]
async fn zip(
    state: State<App>,
    viewer: Viewer,
    method: Method,
    path: Path<CollectionId>,
    query: Query<files::Meant>,
) -> Result<Response, Problem> {
    bundle::download(state, viewer, method, path, query).await
}

/// A link to a collection. Its address was shown once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Share)]
pub(super) struct ShareDocument {
    /// Its id.
    id: Uuid,
    /// Until when.
    ends_at: DateTime<Utc>,
    /// Whether a password is asked.
    password: bool,
    /// How many downloads at most.
    max_downloads: Option<i32>,
    /// How many there were.
    downloads: i32,
    /// Since when it is no longer good.
    revoked_at: Option<DateTime<Utc>>,
}

/// The links to a collection, the latest first, at most 50.
#[utoipa::path(get, path = "/api/v1/collections/{id}/shares", tag = "collections", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<ShareDocument>), (status = 403), (status = 404)))]
async fn shares(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
) -> Result<Json<Vec<ShareDocument>>, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(&viewer)?;
    let (_, unit) = app.library.open_collection(&mut conn, actor, id).await?;
    actor.require(Action::AssetUse, &unit)?;
    let all = links::of_collection(&mut conn, id).await?;
    let documents = all.into_iter().map(|share| ShareDocument {
        id: share.id.0,
        ends_at: share.ends_at,
        password: share.password_hash.is_some(),
        max_downloads: share.max_downloads,
        downloads: share.downloads,
        revoked_at: share.revoked_at,
    });
    Ok(Json(documents.collect()))
}

/// A link that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MadeShare {
    /// Its id.
    id: Uuid,
    /// Where it leads. Shown once.
    address: String,
}

/// Makes a link to a collection for people outside.
#[utoipa::path(post, path = "/api/v1/collections/{id}/shares", tag = "collections", params(("id" = Uuid, Path)),
    request_body = NewShare, responses((status = 201, body = MadeShare), (status = 403), (status = 422)))]
async fn share(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Json(new): Json<NewShare>,
) -> Result<(StatusCode, Json<MadeShare>), Problem> {
    let (share, token) = app.library.share(actor(&viewer)?, id, new).await?;
    let made = MadeShare {
        id: share.0,
        address: format!("{}/shared/{token}", app.shell.config().base_url),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Ends a link.
#[utoipa::path(delete, path = "/api/v1/collections/{id}/shares/{share}", tag = "collections",
    params(("id" = Uuid, Path), ("share" = Uuid, Path)), responses((status = 204), (status = 404)))]
async fn end_share(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, share)): Path<(CollectionId, ShareId)>,
) -> Result<StatusCode, Problem> {
    app.library.revoke(actor(&viewer)?, id, share).await?;
    Ok(StatusCode::NO_CONTENT)
}
