//! A part of an object, as players ask for it (RFC 9110, 14): they jump about in a film instead of waiting for all of it.

use std::ops::Range;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use chancery_storage::ContentHash;
use chancery_web::{ETag, Problem};
use http::{HeaderMap, StatusCode, header};

use super::App;
use crate::AssetError;

/// What of it is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Of(Range<u64>),
    Nowhere,
}

/// The one range of a request. Several at once, an unreadable one, or one of another version are answered by the whole.
fn part(headers: &HeaderMap, size: u64, tag: &ETag) -> Part {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &http::HeaderValue| value.to_str().ok())
    };
    let Some(ranges) = text(header::RANGE) else {
        return Part::Whole;
    };
    let same = text(header::IF_RANGE).is_none_or(|known| tag.header().to_str().is_ok_and(|tag| tag == known));
    let Ok(parsed) = http_range_header::parse_range_header(ranges) else {
        return Part::Whole;
    };
    if !same {
        return Part::Whole;
    }
    let Ok(ranges) = parsed.validate(size) else {
        return Part::Nowhere;
    };
    match ranges.as_slice() {
        [range] => Part::Of(*range.start()..range.end().saturating_add(1)),
        _ => Part::Whole,
    }
}

/// An object, or the part of it that was asked for.
pub(super) async fn send(
    app: &App,
    headers: &HeaderMap,
    hash: ContentHash,
    mime: &str,
) -> Result<Response, Problem> {
    let store = &app.library.store;
    let broken = |error| Problem::from(AssetError::Storage(error));
    let size = store
        .size(hash)
        .await
        .map_err(broken)?
        .ok_or_else(Problem::not_found)?;
    let tag = ETag::of_version(hash);
    let whole = 0..size;
    let (status, range) = match part(headers, size, &tag) {
        Part::Whole if tag.is_held_by(headers) => return Ok(tag.not_modified()),
        Part::Whole => (StatusCode::OK, whole),
        Part::Of(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::Nowhere => {
            // With a type of its own it is an answer and not a bare status, which would become a page.
            let headers = [
                (header::CONTENT_TYPE, mime.to_owned()),
                (header::CONTENT_RANGE, format!("bytes */{size}")),
            ];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    let object = store.get_range(hash, range.clone()).await.map_err(broken)?;
    let fixed = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_LENGTH, (range.end - range.start).to_string()),
        // A part of a stream that was pressed would be a part of something else.
        (header::CONTENT_ENCODING, "identity".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    let mut response = (status, fixed, Body::from_stream(object.bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag.header());
    if status == StatusCode::PARTIAL_CONTENT {
        let said = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        headers.insert(header::CONTENT_RANGE, said.parse().map_err(Problem::internal)?);
    }
    Ok(response)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_a_part_and_everything_else_the_whole() {
        let tag = ETag::of_version("x");
        let asked = |range: &str, known: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, range.parse().unwrap());
            if let Some(known) = known {
                headers.insert(header::IF_RANGE, known.parse().unwrap());
            }
            part(&headers, 100, &tag)
        };
        let own = tag.header();
        assert_eq!(asked("bytes=0-9", None), Part::Of(0..10));
        assert_eq!(asked("bytes=90-", own.to_str().ok()), Part::Of(90..100));
        assert_eq!(asked("bytes=-5", None), Part::Of(95..100));
        assert_eq!(asked("bytes=0-9", Some("\"of another version\"")), Part::Whole);
        assert_eq!(asked("bytes=0-9, 20-29", None), Part::Whole);
        assert_eq!(asked("pages=1", None), Part::Whole);
        assert_eq!(asked("bytes=100-", None), Part::Nowhere);
        assert_eq!(part(&HeaderMap::new(), 100, &tag), Part::Whole);
    }
}
