//! Searches that somebody keeps.

use axum::extract::State;
use chancery_access::Action;
use chancery_web::{Access, Json, Path, Problem, Routes, Viewer};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::App;
use crate::store::saved;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::AssetRead);
    routes
        .get(read, "/api/v1/assets/searches", list)
        .post(read, "/api/v1/assets/searches", keep)
        .delete(read, "/api/v1/assets/searches/{id}", forget)
}

/// A search that is kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Search)]
pub(super) struct SearchDocument {
    /// Its id.
    id: Uuid,
    /// As its owner calls it.
    name: String,
    /// The parameters of `/api/v1/assets`.
    query: String,
}

/// The caller's searches, by name.
#[utoipa::path(get, path = "/api/v1/assets/searches", tag = "assets",
    responses((status = 200, body = Vec<SearchDocument>)))]
async fn list(State(app): State<App>, viewer: Viewer) -> Result<Json<Vec<SearchDocument>>, Problem> {
    let mut conn = app.connection().await?;
    let all = saved::of_person(&mut conn, viewer.principal()?.person).await?;
    let documents = all.into_iter().map(|one| SearchDocument {
        id: one.id,
        name: one.name,
        query: one.query,
    });
    Ok(Json(documents.collect()))
}

/// A search to keep.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewSearch {
    /// What to call it, at most 100 characters; the same name again replaces it.
    name: String,
    /// The parameters of `/api/v1/assets`, at most 2,000 characters.
    query: String,
}

/// Keeps a search.
#[utoipa::path(post, path = "/api/v1/assets/searches", tag = "assets", request_body = NewSearch,
    responses((status = 204), (status = 422)))]
async fn keep(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewSearch>,
) -> Result<StatusCode, Problem> {
    let name = new.name.trim();
    if !(1..=100).contains(&name.chars().count()) {
        return Err(Problem::invalid("assets-not-saved").field("name", "assets-search-unnamed"));
    }
    if new.query.chars().count() > 2_000 {
        return Err(Problem::invalid("assets-not-saved").field("query", "assets-too-long"));
    }
    let mut conn = app.connection().await?;
    let (id, person) = (app.library.clock.new_id(), viewer.principal()?.person);
    saved::keep(&mut conn, id, person, name, &new.query, app.library.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a search.
#[utoipa::path(delete, path = "/api/v1/assets/searches/{id}", tag = "assets", params(("id" = Uuid, Path)),
    responses((status = 204)))]
async fn forget(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let mut conn = app.connection().await?;
    saved::forget(&mut conn, id, viewer.principal()?.person).await?;
    Ok(StatusCode::NO_CONTENT)
}
