//! A second of a film, or a page of a document, to draw a frame on before it is ordered.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chancery_contracts::ids::AssetId;
use chancery_web::{Path, Problem, Query, Viewer};
use http::header;
use serde::Deserialize;
use tokio_util::io::ReaderStream;

use super::{App, actor};
use crate::library::adapts;
use crate::routes::view;
use crate::store::files;

/// Which.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    /// Of a document, counted from 1.
    page: Option<u32>,
    /// Of a film.
    second: Option<u32>,
}

/// Made each time it is looked at, and kept by nobody: what is ordered is made of the file itself.
pub(super) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (_, keeper) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let (own, _) = view::stand(&mut conn, &viewer, None).await?;
    adapts(actor(&viewer)?, &keeper, &own)?;
    let file = files::to_give(&mut conn, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    drop(conn);
    let made = app.opener.still(&file, which.page, which.second).await?;
    let bytes = tokio::fs::File::from_std(made.file.reopen().map_err(Problem::internal)?);
    let headers = [
        (header::CONTENT_TYPE, made.media_type.mime().to_owned()),
        (header::CONTENT_LENGTH, made.bytes.to_string()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(bytes))).into_response())
}
