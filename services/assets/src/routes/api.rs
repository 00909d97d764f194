//! `/api/v1/assets` and `/api/v1/collections`: what the pages do, for programs. Files come in by
//! `/api/v1/assets/uploads`.

mod assets;
mod collections;
mod embargoes;
mod renditions;
mod searches;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_web::{Access, ETag, Json, Path, Problem, Query, Routes, Viewer};
use http::{HeaderMap, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::grid::Wanted;
use super::{App, actor, files, uploads, view};
use crate::library::{CollectionDraft, NewShare};
use crate::model::{Details, Order, Patch, Refusal};
use crate::store::collections::Listed;
use crate::store::rights;
use crate::store::search::{self, Card, Count};

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
        assets::files,
        assets::file,
        assets::remove_file,
        assets::bring_back_file,
        assets::preview,
        assets::uses,
        assets::bulk,
        assets::undo,
        embargoes::list_embargoes,
        searches::list,
        searches::keep,
        searches::forget,
        collections::list,
        collections::create,
        collections::show,
        collections::change,
        collections::fill,
        collections::arrange,
        collections::zip,
        collections::shares,
        collections::share,
        collections::end_share,
        renditions::list,
        renditions::order,
        renditions::show,
        renditions::again,
        renditions::file,
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
        assets::FileDocument,
        assets::UsesDocument,
        assets::BulkEdit,
        assets::BulkDone,
        assets::BulkUndone,
        searches::SearchDocument,
        searches::NewSearch,
        collections::CollectionPage,
        collections::CollectionDocument,
        collections::Item,
        collections::ShareDocument,
        collections::MadeShare,
        renditions::RenditionDocument,
        Order,
        Details,
        Patch,
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
    let routes = routes
        .get(read, "/api/v1/assets", find_assets)
        .get(read, "/api/v1/assets/{id}", show_asset)
        .put(contribute, "/api/v1/assets/{id}", save_asset)
        .post(contribute, "/api/v1/assets/{id}/actions", act_on_asset)
        .get(read, "/api/v1/assets/{id}/verdict", may_use_asset)
        .get(take, "/api/v1/assets/{id}/file", asset_file);
    embargoes::add(renditions::add(collections::add(searches::add(assets::add(
        routes,
    )))))
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
    params(("text" = Option<String>, Query), ("state" = Option<String>, Query), ("kind" = Vec<String>, Query),
           ("topic" = Vec<String>, Query), ("priority" = Vec<String>, Query), ("country" = Vec<String>, Query),
           ("language" = Vec<String>, Query), ("shape" = Vec<String>, Query), ("length" = Vec<String>, Query),
           ("owner" = Vec<Uuid>, Query), ("official" = Option<String>, Query), ("unused" = Option<String>, Query),
           ("usable" = Option<String>, Query), ("for" = Option<Uuid>, Query), ("after" = Option<Uuid>, Query)),
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
    /// `submit`, `publish`, `return`, `withdraw`, or `discard` for a draft that nobody has published.
    action: String,
    /// Why; needed to return and to withdraw.
    #[serde(default)]
    reason: String,
}

/// Sends an asset to review, publishes it, returns it, withdraws it, or throws a draft away.
#[utoipa::path(post, path = "/api/v1/assets/{id}/actions", tag = "assets", params(("id" = Uuid, Path)),
    request_body = AssetAction,
    responses((status = 200, body = AssetDocument), (status = 204, description = "Thrown away"), (status = 403),
              (status = 409), (status = 422)))]
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
        "discard" => {
            app.library.discard(actor, id).await?;
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
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
    method: Method,
    path: Path<AssetId>,
    query: Query<files::Meant>,
) -> Result<Response, Problem> {
    files::download(state, viewer, method, path, query).await
}
