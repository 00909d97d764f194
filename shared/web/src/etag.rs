//! Entity tags (RFC 9110, 8.8.3): a page that has not changed is not sent again, and an edit of something that has
//! changed meanwhile is refused.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

/// An entity tag, in its form on the wire, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of these very bytes. Weak, since compression may change what travels.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        Self(format!(
            "W/\"{}\"",
            hex::encode(digest.get(..12).unwrap_or_default())
        ))
    }

    /// The strong tag of a numbered version, for `If-Match` on edits.
    #[must_use]
    pub fn of_version(version: impl std::fmt::Display) -> Self {
        Self(format!("\"{version}\""))
    }

    /// As a header's value.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static("\"\""))
    }

    /// Whether the client already holds this (`If-None-Match`, weak comparison): answer with
    /// [`ETag::not_modified`].
    #[must_use]
    pub fn is_held_by(&self, headers: &HeaderMap) -> bool {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        listed(headers, header::IF_NONE_MATCH)
            .iter()
            .any(|tag| tag == "*" || opaque(tag) == opaque(&self.0))
    }

    /// Whether the client's precondition holds: no `If-Match`, or one that lists this tag.
    #[must_use]
    pub fn satisfies(&self, headers: &HeaderMap) -> bool {
        let tags = listed(headers, header::IF_MATCH);
        tags.is_empty() || tags.iter().any(|tag| tag == "*" || *tag == self.0)
    }

    /// The answer to a client that holds the present version.
    #[must_use]
    pub fn not_modified(&self) -> Response {
        (StatusCode::NOT_MODIFIED, [(header::ETAG, self.header())]).into_response()
    }
}

fn listed(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_held_page_is_recognised_weakly() {
        let tag = ETag::of_bytes(b"page");
        let held = tag.header().to_str().unwrap().to_owned();
        assert!(tag.is_held_by(&with(header::IF_NONE_MATCH, &format!("\"x\", {held}"))));
        assert!(tag.is_held_by(&with(header::IF_NONE_MATCH, held.trim_start_matches("W/"))));
        assert!(!ETag::of_bytes(b"other").is_held_by(&with(header::IF_NONE_MATCH, &held)));
    }

    #[test]
    fn an_edit_of_an_older_version_is_refused() {
        let now = ETag::of_version(4);
        assert!(now.satisfies(&HeaderMap::new()));
        assert!(now.satisfies(&with(header::IF_MATCH, "\"3\", \"4\"")));
        assert!(!now.satisfies(&with(header::IF_MATCH, "\"3\"")));
        assert!(!now.satisfies(&with(header::IF_MATCH, "W/\"4\"")));
    }
}
