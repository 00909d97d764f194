use axum::response::{IntoResponse, Response};
use chancery_web::ETag;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// HTML pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";
/// Atom feeds (RFC 4287).
pub(super) const ATOM: &str = "application/atom+xml; charset=utf-8";
/// Sitemaps.
pub(super) const XML: &str = "application/xml; charset=utf-8";

/// Browsers ask each time and are told "not modified" (a statement must be seen, and a withdrawal must hold, at
/// once); caches in front of us may answer for half a minute.
const FRESH: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=30, must-revalidate");

/// A public document with its validators; without its body for a client that holds it already.
pub(super) fn document(
    asked: &HeaderMap,
    content_type: &'static str,
    body: String,
    changed: Option<DateTime<Utc>>,
) -> Response {
    let tag = ETag::of_bytes(body.as_bytes());
    let mut response = if tag.is_held_by(asked) || is_current(asked, changed) {
        tag.not_modified()
    } else {
        ([(header::CONTENT_TYPE, content_type)], body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag.header());
    headers.insert(header::CACHE_CONTROL, FRESH);
    if let Some(value) = changed.and_then(|changed| HeaderValue::from_str(&http_date(changed)).ok()) {
        headers.insert(header::LAST_MODIFIED, value);
    }
    response
}

/// The page that stands where a release was taken down.
pub(super) fn gone(body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(HTML)),
        (header::CACHE_CONTROL, FRESH),
        (
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex"),
        ),
    ];
    (StatusCode::GONE, headers, body).into_response()
}

/// Sends the reader to a page in their language. Not for caches: it depends on who asks.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/press"));
    let headers = [
        (header::LOCATION, location),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        ),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// `If-Modified-Since` (RFC 9110, 13.1.3); counts only without `If-None-Match`.
fn is_current(asked: &HeaderMap, changed: Option<DateTime<Utc>>) -> bool {
    if asked.contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    let since = asked
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| DateTime::parse_from_rfc2822(value).ok());
    // The header has whole seconds only.
    matches!((since, changed), (Some(since), Some(changed)) if changed.timestamp() <= since.timestamp())
}

/// IMF-fixdate (RFC 9110, 5.6.7).
fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
