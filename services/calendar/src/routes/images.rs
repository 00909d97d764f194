//! Pictures of an item: in by upload, out for those who may see the item.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::{AssetId, ItemId};
use chancery_storage::{ContentHash, StorageError};
use chancery_web::{Form, Kind, Path, Problem, Query, Viewer};
use http::header;
use serde_json::json;
use uuid::Uuid;

use super::{App, actor};
use crate::store::accounts;

/// The form field of a file.
const FIELD: &str = "image";

/// `multipart/form-data` with one file; what it claims to be is not looked at, its name only for a mark of secrecy.
pub(super) async fn add(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    request: Request,
) -> Result<Response, Problem> {
    let file = received(request).await?;
    if file.is_empty() {
        return Err(Problem::invalid("items-image-missing"));
    }
    let Some(image) = app.workflow.add_image(actor(&viewer)?, id, file).await? else {
        return Err(Problem::conflict("items-image-twice"));
    };
    row(&app, &viewer, id, image.id).await
}

/// A picture of the asset library, by its id there.
#[derive(serde::Deserialize)]
pub(super) struct Chosen {
    asset: AssetId,
}

pub(super) async fn choose(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let Some(image) = app
        .workflow
        .choose_asset(actor(&viewer)?, id, chosen.asset)
        .await?
    else {
        return Err(Problem::conflict("items-image-twice"));
    };
    row(&app, &viewer, id, image.id).await
}

/// One picture as the composer lists it.
async fn row(app: &App, viewer: &Viewer, id: ItemId, image: Uuid) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, _) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    let accounts = accounts::of_unit(&mut conn, item.unit).await?;
    let row = super::editor::pictures(&item, &accounts)
        .into_iter()
        .find(|row| row.get("id") == Some(&json!(image)));
    Ok(app.shell.fragment(
        viewer,
        "calendar/items/image",
        &json!({ "image": row, "item": { "id": id } }),
    ))
}

async fn received(request: Request) -> Result<Bytes, Problem> {
    let unreadable = |_| Problem::bad_request("items-image-unreadable");
    let mut form = Multipart::from_request(request, &()).await.map_err(unreadable)?;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| Problem::of(Kind::of(error.status())))?
    {
        if field.name() == Some(FIELD) {
            if let Some(level) = field.file_name().and_then(chancery_preflight::marked_name) {
                return Err(Problem::invalid("items-marked-file").arg("level", level.as_str()));
            }
            return field
                .bytes()
                .await
                .map_err(|error| Problem::of(Kind::of(error.status())));
        }
    }
    Err(Problem::invalid("items-image-missing"))
}

/// Which file of a picture.
#[derive(serde::Deserialize)]
pub(super) struct Which {
    /// The part that was cut out, by its hash; none: all of the picture.
    cut: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, image)): Path<(ItemId, Uuid)>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, _) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let shown = item
        .images
        .iter()
        .find(|shown| shown.id == image)
        .ok_or_else(Problem::not_found)?;
    let (sha256, mime) = match which.cut {
        None => (&shown.sha256, &shown.mime),
        Some(hash) => {
            let cut = shown.cuts.iter().find(|cut| cut.sha256 == hash);
            cut.map(|cut| (&cut.sha256, &cut.mime))
                .ok_or_else(Problem::not_found)?
        }
    };
    let hash: ContentHash = sha256.parse().map_err(Problem::internal)?;
    let object = app
        .workflow
        .images
        .store()
        .get(hash)
        .await
        .map_err(|error| match error {
            StorageError::NotFound(_) => Problem::not_found(),
            error => Problem::internal(error),
        })?;
    let headers = [
        (header::CONTENT_TYPE, mime.clone()),
        (header::CONTENT_LENGTH, object.size.to_string()),
        // An id, or a hash, never shows another picture.
        (
            header::CACHE_CONTROL,
            "private, max-age=86400, immutable".to_owned(),
        ),
    ];
    Ok((headers, Body::from_stream(object.bytes)).into_response())
}

pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, image)): Path<(ItemId, Uuid)>,
) -> Result<Response, Problem> {
    app.workflow.remove_image(actor(&viewer)?, id, image).await?;
    // Nothing takes the row's place.
    Ok(app.shell.fragment(&viewer, "calendar/items/nothing", &json!({})))
}
