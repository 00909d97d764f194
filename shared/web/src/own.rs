//! The shell's own routes, which every process has: the home page, files, the API's description, and the renewal of a
//! page whose session had ended.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use serde_json::json;
use utoipa::openapi::{Info, OpenApi};

use crate::routes::{Access, Routes, ServiceRoutes};
use crate::{ETag, Json, Path, Shell, Viewer};

#[derive(Clone)]
struct Own {
    shell: Shell,
    openapi: std::sync::Arc<str>,
}

/// The description that services' parts are merged into.
pub(crate) fn openapi(shell: &Shell) -> OpenApi {
    let mut openapi = OpenApi::default();
    openapi.info = Info::new("Chancery", env!("CARGO_PKG_VERSION"));
    openapi.servers = Some(vec![utoipa::openapi::Server::new(
        shell.config().base_url.clone(),
    )]);
    openapi
}

pub(crate) fn routes(shell: &Shell, openapi: &OpenApi) -> ServiceRoutes {
    let description = openapi.to_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the API's description can't be written");
        "{}".to_owned()
    });
    Routes::unowned()
        .get(Access::SignedIn, "/", home)
        .get(
            Access::Public("style, scripts and fonts hold nothing secret"),
            "/static/{*path}",
            file,
        )
        .get(
            Access::Public("browsers ask for it before anybody signs in"),
            "/favicon.ico",
            favicon,
        )
        .get(
            Access::Public("the API's shape is documentation"),
            "/api/openapi.json",
            describe,
        )
        .get(Access::SignedIn, "/session", renewed)
        .get(Access::SignedIn, "/session/renewed", renewed_page)
        .finish(Own {
            shell: shell.clone(),
            openapi: description.into(),
        })
}

async fn home(State(own): State<Own>, viewer: Viewer) -> Response {
    own.shell.page(
        &viewer,
        "home/index",
        &json!({ "now": own.shell.inner().clock.now() }),
    )
}

async fn file(State(own): State<Own>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    own.shell.inner().statics.serve(&path, &headers)
}

async fn favicon(State(own): State<Own>, headers: HeaderMap) -> Response {
    own.shell.inner().statics.serve("icon.svg", &headers)
}

async fn describe(State(own): State<Own>, headers: HeaderMap) -> Response {
    let tag = ETag::of_bytes(own.openapi.as_bytes());
    if tag.is_held_by(&headers) {
        return tag.not_modified();
    }
    (
        [(header::ETAG, tag.header())],
        [(header::CONTENT_TYPE, "application/json")],
        own.openapi.to_string(),
    )
        .into_response()
}

/// The token that a page needs to go on after its session had ended and somebody has signed in again elsewhere.
async fn renewed(viewer: Viewer) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "no-store")],
        Json(json!({ "csrf": viewer.csrf })),
    )
}

/// Where the second tab ends up: it says that the first can go on.
async fn renewed_page(State(own): State<Own>, viewer: Viewer) -> Response {
    own.shell.page(&viewer, "home/renewed", &json!({}))
}
