//! A path-routing proxy, as an operator would put before services that run apart: a prefix of the path decides.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::product::client;

/// Which paths go where: the longest prefix wins; the last entry is for everything else.
#[derive(Clone)]
struct Routing {
    ports: Arc<Vec<(&'static str, u16)>>,
    client: reqwest::Client,
}

/// Every service's paths; see the table in docs/running.md.
pub const PATHS: [(&str, &[&str]); 5] = [
    (
        "calendar",
        &[
            "/items",
            "/approvals",
            "/campaigns",
            "/policy",
            "/webhooks",
            "/api/v1/items",
            "/api/v1/approvals",
            "/api/v1/campaigns",
            "/api/v1/delegations",
            "/api/v1/policy",
            "/api/v1/webhooks",
        ],
    ),
    (
        "publisher",
        &[
            "/accounts",
            "/deliveries",
            "/stops",
            "/api/v1/accounts",
            "/api/v1/deliveries",
            "/api/v1/stops",
        ],
    ),
    (
        "assets",
        &[
            "/assets",
            "/collections",
            "/shared",
            "/api/v1/assets",
            "/api/v1/collections",
        ],
    ),
    ("newsroom", &["/press", "/s/", "/api/v1/releases"]),
    ("identity", &["/"]),
];

/// Serves on `port` for as long as the test runs.
pub async fn start(port: u16, services: &[(&str, u16)]) {
    let mut ports = Vec::new();
    for (service, prefixes) in PATHS {
        let to = services.iter().find(|(name, _)| *name == service).unwrap().1;
        ports.extend(prefixes.iter().map(|prefix| (*prefix, to)));
    }
    ports.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
    let app = Router::new().fallback(forward).with_state(Routing {
        ports: Arc::new(ports),
        client: client(),
    });
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
}

async fn forward(State(routing): State<Routing>, request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let Some((_, port)) = routing.ports.iter().find(|(prefix, _)| path.starts_with(prefix)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (parts, body) = request.into_parts();
    let mut onward = routing
        .client
        .request(parts.method, format!("http://127.0.0.1:{port}{path}"));
    for (name, value) in &parts.headers {
        if name != header::CONNECTION && name != header::TRANSFER_ENCODING {
            onward = onward.header(name, value);
        }
    }
    match onward
        .body(reqwest::Body::wrap_stream(body.into_data_stream()))
        .send()
        .await
    {
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
        Ok(answer) => {
            let mut response = Response::builder().status(answer.status());
            for (name, value) in answer.headers() {
                if name != header::TRANSFER_ENCODING && name != header::CONNECTION {
                    response = response.header(name, value);
                }
            }
            response.body(Body::from_stream(answer.bytes_stream())).unwrap()
        }
    }
}
