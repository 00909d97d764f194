//! A person with a session in a database of their own, and an application with a few routes to knock at.

use axum::Router;
use axum::body::Body;
use chancery_access::Action;
use chancery_clock::{Clock as _, SystemClock};
use chancery_contracts::Service;
use chancery_database::testing::TestDatabase;
use chancery_web::{
    Access, App, Form, Json, Problem, Query, Redirect, Routes, ServiceRoutes, Shell, ShellConfig, Viewer,
    token_hash,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

pub const TOKEN: &str = "a-session-secret-of-a-test";
pub const API_TOKEN: &str = "an-api-token-of-a-test";

/// The site under test.
pub struct Site {
    pub database: TestDatabase,
    pub app: App,
    pub shell: Shell,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub fn cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }
}

impl Site {
    /// A site where Lan, press attaché of the only unit, is signed in with [`TOKEN`].
    pub async fn new() -> Self {
        let database = TestDatabase::new().await;
        seed(&database).await;
        Self::with_config(database, ShellConfig::default())
    }

    pub fn with_config(database: TestDatabase, config: ShellConfig) -> Self {
        let shell = Shell::new(config, database.service(Service::Calendar), SystemClock::shared()).unwrap();
        let app = shell.app(vec![routes(&shell)]);
        Self { database, app, shell }
    }

    pub fn router(&self) -> Router {
        self.app.router.clone()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers, Body::empty()))
            .await
    }

    /// As Lan.
    pub async fn get_as_lan(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("cookie", signed_in())];
        all.extend_from_slice(headers);
        self.get(path, &all).await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], form: impl Into<Body>) -> Answer {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.send(request(Method::POST, path, &all, form.into())).await
    }

    /// The token in a page that Lan loaded.
    pub async fn csrf(&self) -> String {
        let token = self.get_as_lan("/session", &[]).await.json();
        token["csrf"].as_str().unwrap().to_owned()
    }
}

pub fn signed_in() -> &'static str {
    "chancery=a-session-secret-of-a-test"
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

#[derive(Debug, serde::Deserialize)]
struct Note {
    text: String,
    #[serde(default)]
    tags: Vec<String>,
}

async fn panics() -> &'static str {
    panic!("on purpose")
}

fn routes(shell: &Shell) -> ServiceRoutes {
    let may_read = Access::May(Action::ItemRead);
    Routes::new(Service::Calendar)
        .get(
            may_read,
            "/notes",
            |shell: axum::extract::State<Shell>, viewer: Viewer| async move {
                shell.page(&viewer, "home/index", &json!({ "now": "2026-09-02T02:00:00Z" }))
            },
        )
        .post(may_read, "/notes", |Form(note): Form<Note>| async move {
            Redirect::to("/notes")
                .flash("problem-number")
                .arg("id", format!("{}{}", note.text, note.tags.len()))
        })
        .get(Access::May(Action::QueueManage), "/machine", || async { "gears" })
        .get(may_read, "/broken", || async {
            Err::<(), _>(Problem::internal("secret detail of the fault"))
        })
        .get(may_read, "/panic", panics)
        .get(
            may_read,
            "/refused",
            |shell: axum::extract::State<Shell>, viewer: Viewer| async move {
                let problem = Problem::invalid("problem-invalid").field("title", "problem-unreadable-text");
                shell.refused(&viewer, "layout/problem", &json!({}), &problem)
            },
        )
        .get(may_read, "/conflict", || async {
            Err::<(), _>(
                Problem::conflict("problem-number")
                    .arg("id", "<script>alert(1)</script>")
                    .field("a/b", "problem-csrf"),
            )
        })
        .get(
            may_read,
            "/find",
            |Query(note): Query<Note>| async move { note.text },
        )
        .post(
            Access::Public("tests an open form"),
            "/open",
            |Form(note): Form<Note>| async move { note.text },
        )
        .upload(
            may_read,
            "/upload",
            8 * 1024 * 1024,
            |bytes: axum::body::Bytes| async move { bytes.len().to_string() },
        )
        .get(Access::Api(Action::ItemRead), "/api/v1/notes", || async {
            Json(json!(["one"]))
        })
        .post(
            Access::Api(Action::ItemWrite),
            "/api/v1/notes",
            |Json(note): Json<Note>| async move { note.text },
        )
        .finish(shell.clone())
}

async fn seed(database: &TestDatabase) {
    let clock = SystemClock::new();
    let (now, person) = (clock.now(), clock.new_id());
    let unit: Uuid = sqlx::query_scalar(
        "insert into identity.units (id, kind, slug, zone, valid_from, created_at, updated_at)
         values ($1, 'ministry', 'mofa', 'Asia/Ho_Chi_Minh', '2000-01-01', $2, $2) returning id",
    )
    .bind(clock.new_id())
    .bind(now)
    .fetch_one(database.owner())
    .await
    .unwrap();
    sqlx::query(
        r#"with named as (
             insert into identity.unit_names (unit_id, valid_from, names, city)
             values ($1, '2000-01-01', '{"vi":"Bộ Ngoại giao","en":"Ministry"}', '{"vi":"Hà Nội","en":"Hanoi"}')),
           person as (
             insert into identity.people (id, name, email, language, created_at, updated_at)
             values ($2, 'Lan <script>alert(1)</script>', 'lan@example.org', 'vi', $3, $3) returning id),
           held as (
             insert into identity.grants (id, person_id, unit_id, role, valid_from, created_at)
             select $4, id, $1, 'press_attache', '2020-01-01', $3 from person),
           keyed as (
             insert into identity.tokens (id, person_id, name, token_hash, scopes, strong, created_at, expires_at)
             select $5, id, 'test', $6, array['item.read'], true, $3, $3 + interval '1 day' from person)
           insert into identity.sessions (id, token_hash, person_id, csrf_secret, demo, strong, created_at, last_seen,
                                          idle_limit, expires_at)
           select $7, $8, id, $9, false, true, $3, $3, interval '1 hour', $3 + interval '1 day' from person"#,
    )
    .bind(unit)
    .bind(person)
    .bind(now)
    .bind(clock.new_id())
    .bind(clock.new_id())
    .bind(token_hash(API_TOKEN).as_slice())
    .bind(clock.new_id())
    .bind(token_hash(TOKEN).as_slice())
    .bind([7_u8; 32].as_slice())
    .execute(database.owner())
    .await
    .unwrap();
}
