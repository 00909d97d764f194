//! axum's extractors with bounded bodies and refusals that people can read. Text that PostgreSQL can't hold, or that
//! isn't UTF-8, is refused here, before any handler sees it.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use http::{StatusCode, header};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::Problem;
use crate::problem::Kind;

/// A submitted form (`application/x-www-form-urlencoded`); a repeated name fills a `Vec`.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

/// The parameters after the `?`; a repeated name fills a `Vec`.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

/// A JSON document, in and out.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

/// The variable parts of the path. One that doesn't parse is an address that doesn't exist.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is(&request, "application/x-www-form-urlencoded") {
            return Err(Problem::bad_request("problem-not-a-form"));
        }
        parse_form(&body(request, state).await?).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse_form(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is(&request, "application/json") {
            return Err(Problem::bad_request("problem-not-json"));
        }
        let bytes = body(request, state).await?;
        let text =
            std::str::from_utf8(&bytes).map_err(|_| Problem::bad_request("problem-unreadable-text"))?;
        if text.contains("\\u0000") {
            return Err(Problem::bad_request("problem-unreadable-text"));
        }
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| refused_value(&error))
    }
}

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

#[expect(clippy::disallowed_types, reason = "this is what the ban points to")]
impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                Err(Problem::internal(rejection))
            }
            Err(_) => Err(Problem::not_found()),
        }
    }
}

/// Reads a form; the parser itself replaces what isn't UTF-8, so its replacement character is refused.
fn parse_form<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let unreadable = |text: &str| text.contains(['\u{fffd}', '\0']);
    if form_urlencoded::parse(bytes).any(|(name, value)| unreadable(&name) || unreadable(&value)) {
        return Err(Problem::bad_request("problem-unreadable-text"));
    }
    serde_html_form::from_bytes(bytes).map_err(|error| refused_value(&error))
}

fn refused_value(error: &dyn std::fmt::Display) -> Problem {
    // The reason is in English and names fields; it helps whoever writes a client, under "reason".
    Problem::bad_request("problem-unexpected-value").arg("reason", error.to_string())
}

fn is(request: &Request, wanted: &str) -> bool {
    let value = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mime = value.and_then(|value| value.parse::<mime::Mime>().ok());
    mime.is_some_and(|mime| mime.essence_str() == wanted)
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| Problem::of(Kind::of(rejection.status())))
}
