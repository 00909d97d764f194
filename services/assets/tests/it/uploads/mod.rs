//! Files on their way in, over HTTP and through the jobs.

mod archives;
mod checksums;
mod client;
mod form;
mod full_disk;
mod lines;
mod lists;
mod parts;
mod refusals;
mod removing;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_access::Principal;
use chancery_assets::uploads::Uploads;
use chancery_assets::{Deps, Parts, service};
use chancery_contracts::ids::UnitId;
use chancery_media::{Limits, Media};
use chancery_queue::{Drained, Worker};
use chancery_storage::ContentHash;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use tokio::sync::Semaphore;
use tower::ServiceExt;
use uuid::Uuid;

use crate::rig::Rig;

pub const PATH: &str = "/api/v1/assets/uploads";
const STREAM: &str = "application/offset+octet-stream";

/// The library's pages as Minh, who contributes for the agency, sees them.
pub struct Site {
    pub rig: Rig,
    pub router: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where the upload is that was made.
    pub fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.body);
        self.header("location").to_owned()
    }
}

pub fn http() -> chancery_http::Client {
    let settings = chancery_http::Settings {
        allow: vec!["127.0.0.1".to_owned()],
        ..chancery_http::Settings::default()
    };
    chancery_http::Client::new(settings).unwrap()
}

fn parts(rig: &Rig, shell: &Shell) -> Parts {
    service(Deps {
        pool: rig.library.pool.clone(),
        clock: rig.library.clock.clone(),
        shell: shell.clone(),
        store: rig.library.store.clone(),
        media: Media::new(
            Limits::default(),
            std::env::temp_dir(),
            Arc::new(Semaphore::new(2)),
        ),
        scratch: std::env::temp_dir(),
        http: http(),
    })
}

impl Site {
    pub async fn new() -> Self {
        let rig = Rig::new().await;
        let minh = rig.minh.clone();
        Self::of(rig, &minh)
    }

    pub fn of(rig: Rig, who: &Principal) -> Self {
        let router = Self::router_for(&rig, who);
        Self { rig, router }
    }

    pub fn router_for(rig: &Rig, who: &Principal) -> Router {
        let shell = shell(rig);
        let routes = parts(rig, &shell).routes;
        let viewer = Viewer::signed_in(who.clone(), Language::En);
        shell.app_for(viewer, vec![routes]).router
    }

    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        ask(&self.router, method, path, headers, body).await
    }

    /// Makes an upload of Minh's for the agency.
    pub async fn create(&self, name: &str, length: usize) -> Answer {
        let metadata = metadata(&[("filename", name), ("unit", &self.rig.agency.to_string())]);
        let length = length.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-length", length.as_str()),
            ("upload-metadata", metadata.as_str()),
        ];
        self.ask(Method::POST, PATH, &headers, Body::empty()).await
    }

    pub async fn patch(&self, path: &str, offset: usize, bytes: impl Into<Body>) -> Answer {
        let offset = offset.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-offset", offset.as_str()),
            ("content-type", STREAM),
        ];
        self.ask(Method::PATCH, path, &headers, bytes).await
    }

    pub async fn head(&self, path: &str) -> Answer {
        self.ask(Method::HEAD, path, &[("tus-resumable", "1.0.0")], Body::empty())
            .await
    }

    pub async fn status(&self, path: &str) -> serde_json::Value {
        let answer = self.ask(Method::GET, path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Puts a whole file in; gives the upload's address.
    pub async fn put(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.create(name, bytes.len()).await.location();
        let answer = self.patch(&path, 0, bytes.to_vec()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
        path
    }

    /// Does the work that waits.
    pub async fn work(&self) -> Drained {
        let handlers = parts(&self.rig, &shell(&self.rig)).handlers;
        let pool = self.rig.library.pool.clone();
        let worker = Worker::new(pool, handlers, self.rig.library.clock.clone());
        worker.drain().await.unwrap()
    }

    pub fn uploads(&self) -> Uploads {
        Uploads::new(self.rig.library.clone(), http(), std::env::temp_dir())
    }

    /// The names and hashes of the original files in the library, by name.
    pub async fn originals(&self) -> Vec<(String, String)> {
        sqlx::query_as(
            "select name, sha256 from assets.files where role = 'original' order by name, added_at",
        )
        .fetch_all(self.rig.db.owner())
        .await
        .unwrap()
    }

    /// What became of the entries of an archive or a list: name, state, why.
    pub async fn entries(&self) -> Vec<(String, String, Option<String>)> {
        sqlx::query_as("select name, state, refusal from assets.upload_entries order by upload_id, position")
            .fetch_all(self.rig.db.owner())
            .await
            .unwrap()
    }
}

fn shell(rig: &Rig) -> Shell {
    Shell::new(
        ShellConfig::default(),
        rig.library.pool.clone(),
        rig.library.clock.clone(),
    )
    .unwrap()
}

pub async fn ask(
    router: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router
        .clone()
        .oneshot(request.body(body.into()).unwrap())
        .await
        .unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Answer {
        status,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A page as a browser asks for it.
pub async fn page(rig: &Rig, who: &Principal, path: &str) -> Answer {
    let router = Site::router_for(rig, who);
    ask(
        &router,
        Method::GET,
        path,
        &[("accept", "text/html")],
        Body::empty(),
    )
    .await
}

pub fn metadata(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
    pairs.collect::<Vec<_>>().join(",")
}

/// Bytes that differ from place to place.
pub fn pattern(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect()
}

pub fn hash(bytes: &[u8]) -> String {
    ContentHash::of(bytes).to_string()
}

/// The id at the end of an upload's address.
pub fn id_of(path: &str) -> Uuid {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// A unit's id as metadata names it.
pub fn named(unit: UnitId) -> String {
    unit.to_string()
}
