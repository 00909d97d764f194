//! Bytes: previews for the eye, files for use. Every one asks the rule.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, UnitId};
use chancery_media::{Focus, Frame, PictureFormat, PictureWanted, Share};
use chancery_storage::ContentHash;
use chancery_web::{ETag, Path, Problem, Query, Viewer};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use uuid::Uuid;

use super::{App, actor, view};
use crate::AssetError;
use crate::library::keeps;
use crate::model::Refusal;
use crate::opening::given_name;
use crate::store::files::{self, File};
use crate::store::{downloads, rights};

/// The widths in which previews are made.
const WIDTHS: [u32; 3] = [240, 480, 1200];

/// A small picture of an asset, for whoever may see it.
pub(super) async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((id, width)): Path<(AssetId, u32)>,
) -> Result<Response, Problem> {
    if !WIDTHS.contains(&width) {
        return Err(Problem::not_found());
    }
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let file = files::to_give(&mut conn, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    drop(conn);
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

/// The preview of a file, made when first asked for.
pub(super) async fn send_preview(app: &App, file: &File, width: u32) -> Result<Response, Problem> {
    let is_picture = file
        .media_type
        .as_deref()
        .is_some_and(|mime| mime.starts_with("image/"));
    if !is_picture {
        return Err(Problem::not_found());
    }
    let rendered = app
        .opener
        .picture(file, &PictureWanted::within(width, width))
        .await?;
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
    Path(id): Path<AssetId>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let file = files::to_give(&mut conn, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    drop(conn);
    give(&app, &viewer, id, file, &meant).await
}

/// One certain file: what is given out to everybody who may use it; originals, sources, consents and what was replaced
/// to whoever looks after the asset.
pub(super) async fn one(
    State(app): State<App>,
    viewer: Viewer,
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
        return hand_over(&app, &viewer, id, file, None).await;
    }
    if !is_open(&file) {
        return Err(Problem::not_found());
    }
    give(&app, &viewer, id, file, &meant).await
}

/// Whether a file is one of those that are given out to everybody who may use its asset.
pub(super) fn is_open(file: &File) -> bool {
    matches!(file.role.as_str(), "clean" | "subtitled" | "captions" | "source")
        && file.state == "ready"
        && file.superseded_at.is_none()
}

async fn give(
    app: &App,
    viewer: &Viewer,
    id: AssetId,
    file: File,
    meant: &Meant,
) -> Result<Response, Problem> {
    let unit = permitted(app, viewer, id, meant).await?;
    hand_over(app, viewer, id, file, Some(unit)).await
}

/// The unit for which something is taken, if the rule allows it for what is meant.
async fn permitted(app: &App, viewer: &Viewer, id: AssetId, meant: &Meant) -> Result<UnitId, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, viewer, Some(&meant.unit)).await?;
    actor(viewer)?.require(Action::AssetUse, &unit)?;
    let now = app.library.clock.now();
    let refusal: Option<Refusal> = rights::may_use(&mut conn, id, unit.id, meant.channel(), now).await?;
    match refusal {
        Some(refusal) => Err(AssetError::Rights(refusal).into()),
        None => Ok(unit.id),
    }
}

async fn hand_over(
    app: &App,
    viewer: &Viewer,
    id: AssetId,
    file: File,
    unit: Option<UnitId>,
) -> Result<Response, Problem> {
    let hash = file.sha256.parse().map_err(Problem::internal)?;
    let mime = file.media_type.as_deref().unwrap_or("application/octet-stream");
    let response = send(app, hash, mime, Some(&file.name)).await?;
    let mut conn = app.connection().await?;
    let download = downloads::Download {
        asset: id,
        unit,
        person: Some(viewer.principal()?.person),
        share: None,
        what: &file.role,
    };
    downloads::count(&mut conn, &download, app.library.clock.now()).await?;
    Ok(response)
}

/// The shapes that are offered: name, width, height. The proportions are those of the platforms.
const SHAPES: [(&str, u32, u32); 6] = [
    ("web", 1600, 1600),
    ("card", 1200, 630),
    ("wide", 1600, 900),
    ("square", 1080, 1080),
    ("portrait", 1080, 1350),
    ("story", 1080, 1920),
];

/// The names of the shapes, for pages.
pub(super) fn shapes() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|shape| shape.0)
}

/// The picture of an asset in one of the shapes, cut around its focal point.
pub(super) async fn rendition(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, shape)): Path<(AssetId, String)>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let (name, width, height) = SHAPES
        .into_iter()
        .find(|(name, ..)| *name == shape)
        .ok_or_else(Problem::not_found)?;
    let mut conn = app.connection().await?;
    let (asset, _) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let file = files::to_show(&mut conn, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    drop(conn);
    permitted(&app, &viewer, id, &meant).await?;
    let frame = if name == "web" {
        Frame::Whole { width, height }
    } else {
        let focus = Focus {
            x: share(asset.details.focal_x),
            y: share(asset.details.focal_y),
        };
        Frame::Filled { width, height, focus }
    };
    let wanted = PictureWanted {
        frame,
        format: PictureFormat::Jpeg,
        ..PictureWanted::within(width, height)
    };
    let rendered = app.opener.picture(&file, &wanted).await?;
    let stem = given_name(&asset, "");
    let stem = stem.rsplit_once('.').map_or(stem.as_str(), |(stem, _)| stem);
    let file = File {
        sha256: rendered.sha256.to_string(),
        media_type: Some(rendered.media_type),
        name: format!("{stem} ({name}).jpg"),
        role: name.to_owned(),
        ..file
    };
    let unit = permitted(&app, &viewer, id, &meant).await?;
    hand_over(&app, &viewer, id, file, Some(unit)).await
}

/// A part of a side as the media crate counts it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 10,000 by the clamp"
)]
fn share(part: f32) -> Share {
    Share::new((part.clamp(0.0, 1.0) * 10_000.0).round() as u16)
}
