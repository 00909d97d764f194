//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use chancery_web::{Problem, RequestId};
use http::HeaderMap;
use http::request::Parts;

use super::App;
use crate::Visitor;

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let connected = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        let forwarded = app.trust_proxy.then(|| forwarded(&parts.headers)).flatten();
        let user_agent = parts
            .headers
            .get(http::header::USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Ok(Self {
            address: forwarded.or(connected),
            user_agent: user_agent.unwrap_or_default().chars().take(300).collect(),
            request_id: parts
                .extensions
                .get::<RequestId>()
                .map(|id| id.0.clone())
                .unwrap_or_default(),
        })
    }
}

/// The last address of `X-Forwarded-For`, which our own proxy wrote; those before it anybody can invent.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_proxy_added_is_believed() {
        let headers = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            "1.2.3.4, 203.0.113.9".parse().unwrap(),
        )]);
        assert_eq!(forwarded(&headers), Some("203.0.113.9".parse().unwrap()));
        let nonsense =
            HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), "somebody".parse().unwrap())]);
        assert_eq!(forwarded(&nonsense), None);
    }
}
