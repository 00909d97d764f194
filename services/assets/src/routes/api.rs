//! `/api/v1/assets` and `/api/v1/collections`: what the pages do, for programs. Files come in by
//! `/api/v1/assets/uploads`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId, UnitId};
use chancery_web::{Access, ETag, Json, Path, Problem, Query, Routes, Viewer};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::grid::Wanted;
use super::{App, actor, files, uploads, view};
use crate::library::{CollectionDraft, NewShare};
use crate::model::{Details, Refusal};
use crate::store::collections::{self, For, Listed};
use crate::store::search::{self, Card, Count};
use crate::store::{published, rights};

/// Cards of one answer.
const PAGE: i64 = 100;

#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        find_assets,
        show_asset,
        save_asset,
        act_on_asset,
        may_use_asset,
        asset_file,
        list_collections,
        create_collection,
        show_collection,
        change_collection,
        fill_collection,
        share_collection,
        uploads::protocol,
        uploads::create,
        uploads::status,
        uploads::append,
        uploads::remove
    ),
    components(schemas(
        AssetDocument,
        AssetPage,
        Verdict,
        CollectionDocument,
        ShareDocument,
        Details,
        CollectionDraft,
        NewShare,
        Card,
        Count,
        Listed
    ))
)]
pub(super) struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::AssetRead);
    let contribute = Access::Api(Action::AssetContribute);
    let take = Access::Api(Action::AssetUse);
    routes
        .get(read, "/api/v1/assets", find_assets)
        .get(read, "/api/v1/assets/{id}", show_asset)
        .put(contribute, "/api/v1/assets/{id}", save_asset)
        .post(contribute, "/api/v1/assets/{id}/actions", act_on_asset)
        .get(read, "/api/v1/assets/{id}/verdict", may_use_asset)
        .get(take, "/api/v1/assets/{id}/file", asset_file)
        .get(read, "/api/v1/collections", list_collections)
        .post(take, "/api/v1/collections", create_collection)
        .get(read, "/api/v1/collections/{id}", show_collection)
        .put(take, "/api/v1/collections/{id}", change_collection)
        .post(take, "/api/v1/collections/{id}/assets", fill_collection)
        .post(take, "/api/v1/collections/{id}/shares", share_collection)
}

/// An asset, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Asset)]
struct AssetDocument {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    unit: Uuid,
    /// `picture`, `film`, `audio`, `document`, `captions`; `unknown` while its file is being read.
    kind: String,
    /// `draft`, `in_review`, `returned`, `published` or `withdrawn`.
    state: String,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// As its file was called.
    file_name: String,
    /// Why it was returned or withdrawn.
    reason: String,
    /// Everything that is said of it.
    details: Details,
}

/// A page of assets.
#[derive(Debug, Serialize, ToSchema)]
struct AssetPage {
    /// The latest first.
    items: Vec<Card>,
    /// Of the first page: what the found assets have in common.
    facets: Vec<Count>,
    /// How many were found, up to 5,000; of the first page.
    count: i64,
    /// The value of `?after=` for the next page. None: this is the last.
    next: Option<Uuid>,
}

/// A page of what the caller may see: `?text=`, `?kind=`, `?topic=`, `?priority=`, `?country=`, `?language=`, `?shape=`,
/// `?length=` (each repeatable), `?state=`, `?usable=here|press_room|bluesky|share_link`, `?for=UNIT`, `?after=`.
#[utoipa::path(get, path = "/api/v1/assets", tag = "assets",
    params(("text" = Option<String>, Query), ("kind" = Vec<String>, Query), ("usable" = Option<String>, Query),
           ("for" = Option<Uuid>, Query), ("state" = Option<String>, Query), ("after" = Option<Uuid>, Query)),
    responses((status = 200, body = AssetPage)))]
async fn find_assets(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<AssetPage>, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&wanted.unit)).await?;
    let eyes = view::eyes(&app, &mut conn, &viewer, &unit).await?;
    let mut found = search::find(&mut conn, &wanted.filter(), &eyes, wanted.after(), PAGE + 1).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.cards.len() > shown;
    found.cards.truncate(shown);
    let next = found.cards.last().filter(|_| more).map(|card| card.id.0);
    Ok(Json(AssetPage {
        items: found.cards,
        facets: found.facets,
        count: found.count,
        next,
    }))
}

async fn answer(app: &App, viewer: &Viewer, id: AssetId, status: StatusCode) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (asset, _) = app.library.open(&mut conn, actor(viewer)?, id).await?;
    let tag = ETag::of_version(asset.revision);
    let document = AssetDocument {
        id: asset.id.0,
        unit: asset.unit.0,
        kind: asset.kind.to_string(),
        state: asset.state.to_string(),
        revision: asset.revision,
        file_name: asset.file_name,
        reason: asset.reason,
        details: asset.details,
    };
    Ok((status, [(header::ETAG, tag.header())], Json(document)).into_response())
}

/// One asset.
#[utoipa::path(get, path = "/api/v1/assets/{id}", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 200, body = AssetDocument), (status = 404)))]
async fn show_asset(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// The revision that `If-Match` names.
fn revision(headers: &HeaderMap) -> Result<i64, Problem> {
    let tag = headers.get(header::IF_MATCH).and_then(|tag| tag.to_str().ok());
    let revision = tag.and_then(|tag| tag.trim().trim_matches('"').parse().ok());
    revision.ok_or_else(|| Problem::bad_request("items-if-match-missing"))
}

/// Saves everything that is said of an asset. `If-Match` must name the revision that it is based on; 409 otherwise.
#[utoipa::path(put, path = "/api/v1/assets/{id}", tag = "assets", params(("id" = Uuid, Path)), request_body = Details,
    responses((status = 200, body = AssetDocument), (status = 409), (status = 422)))]
async fn save_asset(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<AssetId>,
    Json(details): Json<Details>,
) -> Result<Response, Problem> {
    app.library
        .save(actor(&viewer)?, id, revision(&headers)?, details)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// What is to be done with an asset.
#[derive(Debug, Deserialize, ToSchema)]
struct AssetAction {
    /// `submit`, `publish`, `return` or `withdraw`.
    action: String,
    /// Why; needed to return and to withdraw.
    #[serde(default)]
    reason: String,
}

/// Sends an asset to review, publishes it, returns it, or withdraws it.
#[utoipa::path(post, path = "/api/v1/assets/{id}/actions", tag = "assets", params(("id" = Uuid, Path)),
    request_body = AssetAction,
    responses((status = 200, body = AssetDocument), (status = 403), (status = 409), (status = 422)))]
async fn act_on_asset(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Json(body): Json<AssetAction>,
) -> Result<Response, Problem> {
    let actor = actor(&viewer)?;
    match body.action.as_str() {
        "submit" => app.library.submit(actor, &[id]).await.map(|_| ())?,
        "publish" => app.library.publish(actor, &[id]).await.map(|_| ())?,
        "return" => app
            .library
            .give_back(actor, &[id], &body.reason)
            .await
            .map(|_| ())?,
        "withdraw" => app.library.withdraw(actor, id, &body.reason).await?,
        _ => return Err(Problem::invalid("assets-not-saved").field("action", "problem-unexpected-value")),
    }
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Whether an asset may be used.
#[derive(Debug, Serialize, ToSchema)]
struct Verdict {
    /// It may.
    may_use: bool,
    /// Why not: `withdrawn`, `not_published`, `embargo`, `not_started`, `ended`, `territory`, `internal_only`, `licence`,
    /// `consent` or `channel`.
    reason: Option<String>,
}

/// Whether a unit may use an asset now: in the house, or on `?channel=`.
#[utoipa::path(get, path = "/api/v1/assets/{id}/verdict", tag = "assets",
    params(("id" = Uuid, Path), ("for" = Option<Uuid>, Query), ("channel" = Option<String>, Query)),
    responses((status = 200, body = Verdict), (status = 404)))]
async fn may_use_asset(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(meant): Query<files::Meant>,
) -> Result<Json<Verdict>, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&meant.unit)).await?;
    let now = app.library.clock.now();
    let refusal: Option<Refusal> = rights::may_use(&mut conn, id, unit.id, meant.channel(), now).await?;
    Ok(Json(Verdict {
        may_use: refusal.is_none(),
        reason: refusal.map(|refusal| refusal.to_string()),
    }))
}

/// The file that is given out, if the caller's unit may use it in the house or on `?channel=`.
#[utoipa::path(get, path = "/api/v1/assets/{id}/file", tag = "assets",
    params(("id" = Uuid, Path), ("for" = Option<Uuid>, Query), ("channel" = Option<String>, Query)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 403), (status = 404)))]
async fn asset_file(
    state: State<App>,
    viewer: Viewer,
    path: Path<AssetId>,
    query: Query<files::Meant>,
) -> Result<Response, Problem> {
    files::download(state, viewer, path, query).await
}

/// The collections that the caller sees, the latest first, at most 100: `?after=`.
#[utoipa::path(get, path = "/api/v1/collections", tag = "assets", params(("after" = Option<Uuid>, Query)),
    responses((status = 200, body = Vec<Listed>)))]
async fn list_collections(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Listed>>, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, &viewer, None).await?;
    let own = published::ids_below(&mut conn, &viewer.principal()?.units_for(Action::AssetUse)).await?;
    let whom = For {
        own: &own,
        path: &unit.path,
        unit: unit.id,
        kind: &unit.kind,
        now: app.library.clock.now(),
    };
    let after = wanted.after.parse().ok();
    Ok(Json(collections::list(&mut conn, &whom, after, PAGE).await?))
}

/// A collection, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Collection)]
struct CollectionDocument {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    unit: Uuid,
    /// Counts saves; the entity tag.
    revision: i64,
    /// What was entered.
    draft: CollectionDraft,
    /// Its assets, in order; those that the caller may not see are left out.
    assets: Vec<Uuid>,
}

async fn collection(
    app: &App,
    viewer: &Viewer,
    id: CollectionId,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(viewer)?;
    let (found, unit) = app.library.open_collection(&mut conn, actor, id).await?;
    let members = collections::members(&mut conn, id).await?;
    let mut ids: Vec<AssetId> = members.iter().map(|member| member.id).collect();
    if !actor.may(Action::AssetUse, &unit) {
        let (own, _) = view::stand(&mut conn, viewer, None).await?;
        ids = rights::usable(&mut conn, &ids, own.id, None, app.library.clock.now()).await?;
    }
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
        assets: ids.into_iter().map(|id| id.0).collect(),
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
#[utoipa::path(post, path = "/api/v1/collections", tag = "assets", request_body = NewCollection,
    responses((status = 201, body = CollectionDocument), (status = 403), (status = 422)))]
async fn create_collection(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewCollection>,
) -> Result<Response, Problem> {
    let id = app
        .library
        .save_collection(actor(&viewer)?, UnitId(new.unit), None, new.draft)
        .await?;
    collection(&app, &viewer, id, StatusCode::CREATED).await
}

/// One collection.
#[utoipa::path(get, path = "/api/v1/collections/{id}", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 200, body = CollectionDocument), (status = 404)))]
async fn show_collection(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
) -> Result<Response, Problem> {
    collection(&app, &viewer, id, StatusCode::OK).await
}

/// Changes a collection. `If-Match` must name the revision that it is based on.
#[utoipa::path(put, path = "/api/v1/collections/{id}", tag = "assets", params(("id" = Uuid, Path)),
    request_body = CollectionDraft, responses((status = 200, body = CollectionDocument), (status = 409)))]
async fn change_collection(
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
    collection(&app, &viewer, id, StatusCode::OK).await
}

/// Assets to put into a collection.
#[derive(Debug, Deserialize, ToSchema)]
struct Filling {
    /// Which.
    assets: Vec<Uuid>,
}

/// Puts assets at the end of a collection.
#[utoipa::path(post, path = "/api/v1/collections/{id}/assets", tag = "assets", params(("id" = Uuid, Path)),
    request_body = Filling, responses((status = 200, body = CollectionDocument), (status = 404)))]
async fn fill_collection(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Json(filling): Json<Filling>,
) -> Result<Response, Problem> {
    let ids: Vec<AssetId> = filling.assets.into_iter().map(AssetId).collect();
    app.library.collect(actor(&viewer)?, id, &ids).await?;
    collection(&app, &viewer, id, StatusCode::OK).await
}

/// A link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Share)]
struct ShareDocument {
    /// Its id.
    id: Uuid,
    /// Where it leads. Shown once.
    address: String,
}

/// Makes a link to a collection for people outside.
#[utoipa::path(post, path = "/api/v1/collections/{id}/shares", tag = "assets", params(("id" = Uuid, Path)),
    request_body = NewShare, responses((status = 201, body = ShareDocument), (status = 422)))]
async fn share_collection(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Json(new): Json<NewShare>,
) -> Result<Response, Problem> {
    let (share, token) = app.library.share(actor(&viewer)?, id, new).await?;
    let document = ShareDocument {
        id: share.0,
        address: format!("{}/shared/{token}", app.shell.config().base_url),
    };
    Ok((StatusCode::CREATED, Json(document)).into_response())
}
