//! `/healthz`, `/readyz` and `/metrics`, which every process serves.

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use std::net::SocketAddr;
use subtle::ConstantTimeEq as _;

use crate::{Health, Metrics};

#[derive(Clone)]
struct Telemetry {
    health: Health,
    metrics: Metrics,
    token: Option<std::sync::Arc<str>>,
}

/// The three routes. They carry no personal data and need no session.
///
/// `/metrics` shows how busy a ministry is, so it is not for everyone: with a `token` it wants `Authorization: Bearer
/// TOKEN`; without one it answers only a direct caller on this machine, never a request that a proxy passed on.
pub fn routes<S: Clone + Send + Sync + 'static>(
    health: Health,
    metrics: Metrics,
    token: Option<String>,
) -> Router<S> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(scrape))
        .with_state(Telemetry {
            health,
            metrics,
            token: token.map(Into::into),
        })
}

async fn alive() -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "no-store")],
        concat!("alive ", env!("CARGO_PKG_VERSION"), "\n"),
    )
}

async fn ready(State(telemetry): State<Telemetry>) -> impl IntoResponse {
    let report = telemetry.health.report().await;
    let status = if report.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let text = serde_json::to_string(&report).unwrap_or_default();
    (
        status,
        [
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_TYPE, "application/json"),
        ],
        text,
    )
}

async fn scrape(
    State(telemetry): State<Telemetry>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let peer = peer.map(|axum::Extension(ConnectInfo(peer))| peer);
    if !may_scrape(telemetry.token.as_deref(), peer, &headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let format = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, format)], telemetry.metrics.render()).into_response()
}

fn may_scrape(token: Option<&str>, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    if let Some(token) = token {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        return given
            .and_then(|value| value.strip_prefix("Bearer "))
            .is_some_and(|given| given.as_bytes().ct_eq(token.as_bytes()).into());
    }
    let passed_on = headers.contains_key("forwarded") || headers.contains_key("x-forwarded-for");
    !passed_on && peer.is_some_and(|peer| peer.ip().is_loopback())
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::may_scrape;
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::SocketAddr;

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            name.parse().expect("a header name"),
            HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn metrics_are_for_this_machine_or_for_who_knows_the_token() {
        let near: SocketAddr = ([127, 0, 0, 1], 4000).into();
        let far: SocketAddr = ([203, 0, 113, 9], 4000).into();
        let none = HeaderMap::new();
        assert!(may_scrape(None, Some(near), &none));
        assert!(!may_scrape(None, Some(far), &none));
        assert!(!may_scrape(None, None, &none));
        assert!(!may_scrape(
            None,
            Some(near),
            &with("x-forwarded-for", "203.0.113.9")
        ));
        assert!(may_scrape(
            Some("s3cret"),
            Some(far),
            &with("authorization", "Bearer s3cret")
        ));
        assert!(!may_scrape(Some("s3cret"), Some(near), &none));
        assert!(!may_scrape(
            Some("s3cret"),
            Some(far),
            &with("authorization", "Bearer s3crets")
        ));
    }
}
