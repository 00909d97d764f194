//! A collection as one zip, of any size.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_web::{Path, Problem, Query, Viewer};
use http::{HeaderValue, header};

use super::files::{Meant, attachment};
use super::{App, actor, view};
use crate::store::{bundle, collections, rights};
use crate::zip::{Member, stream_of};

/// Of a collection, what may be used for the unit and the channel meant.
pub(super) async fn download(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (collection, _) = app
        .library
        .open_collection(&mut conn, actor(&viewer)?, id)
        .await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&meant.unit)).await?;
    actor(&viewer)?.require(Action::AssetUse, &unit)?;
    let members = collections::members(&mut conn, id).await?;
    let ids: Vec<AssetId> = members.iter().map(|member| member.id).collect();
    let now = app.library.clock.now();
    let usable = rights::usable(&mut conn, &ids, unit.id, meant.channel(), now).await?;
    let mut files = Vec::new();
    for given in bundle::files(&mut conn, &usable).await? {
        files.push(Member {
            name: given.name,
            sha256: given.sha256.parse().map_err(Problem::internal)?,
        });
    }
    if files.is_empty() {
        return Err(Problem::conflict("collections-zip-nothing"));
    }
    bundle::count(&mut conn, &usable, unit.id, viewer.principal()?.person, now).await?;
    drop(conn);
    let names = &collection.names;
    let name = names
        .get(viewer.language.tag())
        .or_else(|| names.values().next())
        .map_or("collection", String::as_str);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, attachment(&format!("{name}.zip"))?),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
        // What streams is pressed already.
        (header::CONTENT_ENCODING, HeaderValue::from_static("identity")),
    ];
    Ok((headers, stream_of(app.library.store.clone(), files)).into_response())
}
