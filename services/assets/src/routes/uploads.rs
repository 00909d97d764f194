//! Resumable upload over HTTP: tus 1.0, for browsers and programs alike.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_storage::StorageError;
use chancery_web::{Access, Kind, Path, Problem, Routes, Viewer};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::{App, actor, upload_page};
use crate::AssetError;
use crate::uploads::protocol::{self, Refused};
use crate::uploads::{MOST_BYTES, Upload, UploadError, UploadState};

/// Where uploads are made; each is below it.
const PATH: &str = "/api/v1/assets/uploads";

/// One upload.
const ONE: &str = "/api/v1/assets/uploads/{id}";

/// Adds the routes of uploads to the library's.
pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let contribute = Access::Api(Action::AssetContribute);
    let open = Access::Public("what a program may speak is no secret");
    let routes = routes
        .options(open, PATH, protocol)
        .stream(contribute, Method::POST, PATH, create)
        .options(open, ONE, protocol)
        .get(contribute, ONE, status)
        .stream(contribute, Method::PATCH, ONE, append)
        .delete(contribute, ONE, remove);
    upload_page::add(routes.openapi(Description::openapi()))
}

#[derive(OpenApi)]
#[openapi(
    paths(protocol, create, status, append, remove),
    components(schemas(UploadStatus)),
    tags((name = "assets", description = "The asset library"))
)]
struct Description;

/// What is spoken here.
#[utoipa::path(
    options, path = "/api/v1/assets/uploads", tag = "assets", operation_id = "upload_protocol",
    responses((status = 204, description = "tus 1.0: the version, extensions and the longest file, in headers"))
)]
pub(super) async fn protocol() -> Response {
    let most = HeaderValue::from(MOST_BYTES);
    with_version((
        StatusCode::NO_CONTENT,
        [
            (
                HeaderName::from_static("tus-version"),
                HeaderValue::from_static(protocol::VERSION),
            ),
            (
                HeaderName::from_static("tus-extension"),
                HeaderValue::from_static(protocol::EXTENSIONS),
            ),
            (
                HeaderName::from_static("tus-checksum-algorithm"),
                HeaderValue::from_static(protocol::ALGORITHMS),
            ),
            (HeaderName::from_static("tus-max-size"), most),
        ],
    ))
}

/// Begins an upload, and takes its first bytes if there are any in the body.
#[utoipa::path(
    post, path = "/api/v1/assets/uploads", tag = "assets", operation_id = "create_upload",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "the file's length in bytes"),
        ("Upload-Metadata" = String, Header, description = "`filename`, `unit` (required), `relativePath`, `batch`, \
            `batchName`, `asset`, `role`, `language`, `content` (`file` or `addresses`), each in base64")
    ),
    responses(
        (status = 201, description = "made; where it is, in `Location`"),
        (status = 400, description = "a header is missing or wrong"),
        (status = 403, description = "not allowed for this unit"),
        (status = 412, description = "another version of tus"),
        (status = 413, description = "too long"),
        (status = 507, description = "no room")
    )
)]
pub(super) async fn create(State(app): State<App>, viewer: Viewer, request: Request) -> Response {
    with_version(created(&app, &viewer, request).await)
}

async fn created(app: &App, viewer: &Viewer, request: Request) -> Result<Response, Failed> {
    protocol::check_version(request.headers())?;
    let actor = actor(viewer)?;
    let wanted = protocol::creation(request.headers())?;
    let checksum = protocol::checksum(request.headers())?;
    let upload = app.uploads.create(actor, wanted).await?;
    let mut headers = HeaderMap::new();
    if protocol::brings_bytes(request.headers()) {
        let announced = protocol::body_length(request.headers());
        let appended = app
            .uploads
            .append(
                actor.person(),
                upload.id,
                0,
                announced,
                checksum,
                request.into_body(),
            )
            .await;
        match appended {
            Ok(offset) => headers.insert(protocol::OFFSET, HeaderValue::from(offset)),
            Err(error) => {
                // Its sender does not know its address, so nobody could go on with it.
                app.uploads.remove(actor.person(), upload.id).await?;
                return Err(error.into());
            }
        };
    }
    let location = HeaderValue::from_str(&format!("{PATH}/{}", upload.id)).map_err(Problem::internal)?;
    headers.insert(header::LOCATION, location);
    expires(&mut headers, &upload);
    Ok((StatusCode::CREATED, headers).into_response())
}

/// Where an upload stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UploadStatus {
    /// Its id.
    id: Uuid,
    /// The file's name, as its sender calls it.
    name: String,
    /// `receiving`, `received`, `expanding`, `done` or `refused`.
    #[schema(value_type = String)]
    state: &'static str,
    /// How many bytes had arrived when it was last heard of.
    received: u64,
    /// The file's length in bytes.
    length: Option<u64>,
    /// Why it was not taken: a stable word.
    refusal: Option<String>,
    /// The asset that it became.
    asset: Option<Uuid>,
}

/// Where an upload stands. `HEAD` is tus's question how far it is, asked by who is about to go on: it ends a
/// connection on which the upload may still hang.
#[utoipa::path(
    get, path = "/api/v1/assets/uploads/{id}", tag = "assets", operation_id = "upload_status",
    params(("id" = Uuid, Path, description = "the upload")),
    responses((status = 200, body = UploadStatus), (status = 404, description = "none, or expired"))
)]
pub(super) async fn status(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Response {
    if method == Method::HEAD {
        return with_version(resumed(&app, &viewer, id, &headers).await);
    }
    with_version(told(&app, &viewer, id).await)
}

async fn told(app: &App, viewer: &Viewer, id: Uuid) -> Result<Response, Failed> {
    let upload = app.uploads.find(actor(viewer)?.person(), id).await?;
    let status = UploadStatus {
        id: upload.id,
        name: upload.wanted.name,
        state: upload.state.as_str(),
        received: upload.received,
        length: upload.wanted.length,
        refusal: upload.refusal,
        asset: upload.arrived,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(status)).into_response())
}

async fn resumed(app: &App, viewer: &Viewer, id: Uuid, asked: &HeaderMap) -> Result<Response, Failed> {
    protocol::check_version(asked)?;
    let (upload, offset) = app.uploads.resume(actor(viewer)?.person(), id).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(protocol::OFFSET, HeaderValue::from(offset));
    match upload.wanted.length {
        Some(length) => headers.insert(protocol::LENGTH, HeaderValue::from(length)),
        None => headers.insert(
            HeaderName::from_static("upload-defer-length"),
            HeaderValue::from_static("1"),
        ),
    };
    if let Ok(metadata) = HeaderValue::from_str(&upload.wanted.metadata)
        && !metadata.is_empty()
    {
        headers.insert(protocol::METADATA, metadata);
    }
    if upload.state == UploadState::Receiving {
        expires(&mut headers, &upload);
    }
    Ok((StatusCode::OK, headers).into_response())
}

/// Goes on with an upload.
#[utoipa::path(
    patch, path = "/api/v1/assets/uploads/{id}", tag = "assets", operation_id = "append_to_upload",
    params(
        ("id" = Uuid, Path, description = "the upload"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "where the body's first byte belongs"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1 BASE64` or `sha256 BASE64` of the body: then it is kept whole or not at all")
    ),
    responses(
        (status = 204, description = "where the upload continues, in `Upload-Offset`"),
        (status = 404, description = "none, or expired"),
        (status = 409, description = "it continues elsewhere"),
        (status = 413, description = "more than was announced"),
        (status = 415, description = "not `application/offset+octet-stream`"),
        (status = 423, description = "somebody else writes to it"),
        (status = 460, description = "the body has not the sum that was said, and was dropped"),
        (status = 507, description = "no room")
    )
)]
pub(super) async fn append(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    request: Request,
) -> Response {
    with_version(appended(&app, &viewer, id, request).await)
}

async fn appended(app: &App, viewer: &Viewer, id: Uuid, request: Request) -> Result<Response, Failed> {
    protocol::check_version(request.headers())?;
    let person = actor(viewer)?.person();
    let at = protocol::offset(request.headers())?;
    let announced = protocol::body_length(request.headers());
    let checksum = protocol::checksum(request.headers())?;
    let body: Body = request.into_body();
    let offset = app
        .uploads
        .append(person, id, at, announced, checksum, body)
        .await?;
    let mut headers = HeaderMap::new();
    headers.insert(protocol::OFFSET, HeaderValue::from(offset));
    let upload = app.uploads.find(person, id).await?;
    if upload.state == UploadState::Receiving {
        expires(&mut headers, &upload);
    }
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Ends an upload before its time.
#[utoipa::path(
    delete, path = "/api/v1/assets/uploads/{id}", tag = "assets", operation_id = "remove_upload",
    params(("id" = Uuid, Path, description = "the upload")),
    responses((status = 204, description = "gone"), (status = 404, description = "none, or expired"))
)]
pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Response {
    let removed = async {
        protocol::check_version(&headers)?;
        app.uploads.remove(actor(&viewer)?.person(), id).await?;
        Ok::<_, Failed>(StatusCode::NO_CONTENT)
    };
    with_version(removed.await)
}

fn expires(headers: &mut HeaderMap, upload: &Upload) {
    if let Some(at) = protocol::expires(upload.expires_at) {
        headers.insert(protocol::EXPIRES, at);
    }
}

/// Every answer names the version, the refusals too.
fn with_version(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let version = HeaderValue::from_static(protocol::VERSION);
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response
            .headers_mut()
            .insert(HeaderName::from_static("tus-version"), version.clone());
    }
    response.headers_mut().insert(protocol::RESUMABLE, version);
    response
}

/// A refusal on its way to the client.
struct Failed(Problem, HeaderMap);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.headers_mut().extend(self.1);
        response
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem, HeaderMap::new())
    }
}

impl From<AssetError> for Failed {
    fn from(error: AssetError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        let problem = match refused {
            Refused::Version => Problem::of(Kind::Precondition),
            Refused::Type => Problem::of(Kind::UnsupportedType),
            Refused::Header(_) => Problem::bad_request("uploads-refused-header"),
            Refused::TooLarge => too_large(MOST_BYTES),
            Refused::Metadata(_) => Problem::bad_request("uploads-refused-metadata"),
        };
        match refused {
            Refused::Header(word) | Refused::Metadata(word) => problem.arg("word", word).into(),
            _ => problem.into(),
        }
    }
}

impl From<UploadError> for Failed {
    fn from(error: UploadError) -> Self {
        let mut headers = HeaderMap::new();
        if let UploadError::Offset { at } = error {
            headers.insert(protocol::OFFSET, HeaderValue::from(at));
        }
        Self(problem(error), headers)
    }
}

/// What a person is told.
pub(super) fn problem(error: UploadError) -> Problem {
    match error {
        UploadError::NotFound => Problem::new(Kind::NotFound, "uploads-refused-gone"),
        UploadError::Locked => Problem::new(Kind::Locked, "uploads-refused-locked")
            .retry_after(std::time::Duration::from_secs(2)),
        UploadError::Offset { .. } => Problem::conflict("uploads-refused-offset"),
        UploadError::TooLarge { most } => too_large(most),
        UploadError::TooMany => {
            Problem::too_many("uploads-refused-too-many", std::time::Duration::from_mins(1))
        }
        UploadError::Mangled => Problem::of(Kind::Mangled),
        // 409 is tus's word for another place in the file.
        UploadError::Asset(AssetError::State(key)) => Problem::invalid(key),
        UploadError::Asset(AssetError::Storage(StorageError::Full)) => {
            Problem::new(Kind::Full, "uploads-refused-full")
        }
        UploadError::Asset(AssetError::Storage(StorageError::TooManyPieces(_))) => {
            Problem::bad_request("uploads-refused-pieces")
        }
        UploadError::Asset(error) => error.into(),
    }
}

fn too_large(most: u64) -> Problem {
    let megabytes = i64::try_from(most / 1_000_000).unwrap_or(i64::MAX);
    Problem::new(Kind::TooLarge, "uploads-refused-too-large").arg("megabytes", megabytes)
}
