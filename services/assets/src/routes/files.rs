//! Bytes: previews for the eye, files for use. Every one asks the rule.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, UnitId};
use chancery_directory::Unit;
use chancery_storage::ContentHash;
use chancery_web::{ETag, Path, Problem, Query, Viewer};
use http::{HeaderMap, HeaderValue, Method, header};
use serde::Deserialize;
use uuid::Uuid;

use super::{App, actor, view};
use crate::AssetError;
use crate::library::{adapts, keeps};
use crate::model::{PREVIEWS, Refusal};
use crate::store::files::{self, File};
use crate::store::{downloads, rights};

/// A small picture of an asset, for whoever may see it.
pub(super) async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((id, width)): Path<(AssetId, u32)>,
) -> Result<Response, Problem> {
    if !PREVIEWS.contains(&width) {
        return Err(Problem::not_found());
    }
    let file = given_out(&app, &viewer, id).await?;
    let tag = ETag::of_version(format!("{}-{width}", file.sha256));
    let mut response = if tag.is_held_by(&headers) {
        tag.not_modified()
    } else {
        send_preview(&app, &file, width).await?
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag.header());
    // Asked again each time: rights end.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    Ok(response)
}

/// The file that is given out of an asset that the viewer may see.
async fn given_out(app: &App, viewer: &Viewer, id: AssetId) -> Result<File, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(viewer)?, id).await?;
    files::to_give(&mut conn, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// The preview of a file, of whatever kind.
pub(super) async fn send_preview(app: &App, file: &File, width: u32) -> Result<Response, Problem> {
    let rendered = app.opener.preview(file, width).await?;
    send(app, rendered.sha256, &rendered.media_type, None).await
}

/// An object as a body; `name` makes a download of it.
pub(super) async fn send(
    app: &App,
    hash: ContentHash,
    mime: &str,
    name: Option<&str>,
) -> Result<Response, Problem> {
    let object = app
        .library
        .store
        .get(hash)
        .await
        .map_err(|error| Problem::from(AssetError::Storage(error)))?;
    let mut response = (
        [
            (header::CONTENT_TYPE, mime.to_owned()),
            (header::CONTENT_LENGTH, object.size.to_string()),
            // Pictures and films are pressed already, and who waits for a long one wants to know how long.
            (header::CONTENT_ENCODING, "identity".to_owned()),
        ],
        Body::from_stream(object.bytes),
    )
        .into_response();
    if let Some(name) = name {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_DISPOSITION, attachment(name)?);
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        );
        // Whatever is inside, it is nobody's page.
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        );
    }
    Ok(response)
}

/// A file to keep.
pub(super) fn attachment(name: &str) -> Result<HeaderValue, Problem> {
    disposition("attachment", name)
}

/// RFC 6266: the name in UTF-8, and in ASCII for who cannot read that.
pub(super) fn disposition(kind: &str, name: &str) -> Result<HeaderValue, Problem> {
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ".-_ ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    HeaderValue::from_str(&format!(
        "{kind}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}"
    ))
    .map_err(Problem::internal)
}

/// Where a download is meant to go.
#[derive(Debug, Deserialize)]
pub(super) struct Meant {
    /// For which unit.
    #[serde(default, rename = "for")]
    pub unit: String,
    /// A channel; none: for use in the house.
    #[serde(default)]
    channel: String,
}

impl Meant {
    /// The channel, if one is named.
    pub(super) fn channel(&self) -> Option<&str> {
        Some(self.channel.as_str()).filter(|channel| !channel.is_empty())
    }
}

/// The file that is given out.
pub(super) async fn download(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    Path(id): Path<AssetId>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let file = given_out(&app, &viewer, id).await?;
    give(&app, &viewer, &method, (id, file), &meant).await
}

/// One certain file: what is given out to everybody who may use it; originals, sources, consents and what was replaced
/// to whoever looks after the asset.
pub(super) async fn one(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    Path((id, file)): Path<(AssetId, Uuid)>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (_, unit) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let file = files::load(&mut conn, file).await?;
    if file.asset != id {
        return Err(Problem::not_found());
    }
    drop(conn);
    let keeper = keeps(actor(&viewer)?, &unit);
    if keeper {
        return hand_over(&app, &viewer, &method, (id, None), &file.into()).await;
    }
    if !file.is_open() || !file.is_current() {
        return Err(Problem::not_found());
    }
    give(&app, &viewer, &method, (id, file), &meant).await
}

async fn give(
    app: &App,
    viewer: &Viewer,
    method: &Method,
    (id, file): (AssetId, File),
    meant: &Meant,
) -> Result<Response, Problem> {
    let unit = permitted(app, viewer, (id, None), meant).await?;
    hand_over(app, viewer, method, (id, Some(unit)), &file.into()).await
}

/// The unit for which something is taken, if the rule allows it for what is meant. Of what was made of an asset, those who
/// look after it for `keeper` may take too.
pub(super) async fn permitted(
    app: &App,
    viewer: &Viewer,
    (id, keeper): (AssetId, Option<&Unit>),
    meant: &Meant,
) -> Result<UnitId, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, viewer, Some(&meant.unit)).await?;
    match keeper {
        Some(keeper) => adapts(actor(viewer)?, keeper, &unit)?,
        None => actor(viewer)?.require(Action::AssetUse, &unit)?,
    }
    let now = app.library.clock.now();
    let refusal: Option<Refusal> = rights::may_use(&mut conn, id, unit.id, meant.channel(), now).await?;
    match refusal {
        Some(refusal) => Err(AssetError::Rights(refusal).into()),
        None => Ok(unit.id),
    }
}

/// What is handed over.
#[derive(Debug)]
pub(super) struct Handed {
    /// Where it lies.
    pub sha256: String,
    /// What it is.
    pub media_type: Option<String>,
    /// What it is called.
    pub name: String,
    /// What it is counted as.
    pub what: String,
}

impl From<File> for Handed {
    fn from(file: File) -> Self {
        Self {
            sha256: file.sha256,
            media_type: file.media_type,
            name: file.name,
            what: file.role,
        }
    }
}

/// Sends it as a download, and counts that; who only asks what there is (`HEAD`) has taken nothing.
pub(super) async fn hand_over(
    app: &App,
    viewer: &Viewer,
    method: &Method,
    (id, unit): (AssetId, Option<UnitId>),
    handed: &Handed,
) -> Result<Response, Problem> {
    let hash = handed.sha256.parse().map_err(Problem::internal)?;
    let mime = handed.media_type.as_deref().unwrap_or("application/octet-stream");
    let response = send(app, hash, mime, Some(&handed.name)).await?;
    if method == Method::HEAD {
        return Ok(response);
    }
    let mut conn = app.connection().await?;
    let download = downloads::Download {
        asset: id,
        unit,
        person: Some(viewer.principal()?.person),
        share: None,
        what: &handed.what,
    };
    downloads::count(&mut conn, &download, app.library.clock.now()).await?;
    Ok(response)
}
