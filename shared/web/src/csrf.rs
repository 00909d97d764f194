//! Cross-site request forgery: nothing that changes anything is done for a page of another site.
//!
//! Two checks. *Origin*: browsers say where an unsafe request comes from (`Sec-Fetch-Site`, else `Origin`); another
//! site's is refused, signed in or not. *Token*: a request with a session must carry that session's token, in the
//! header `X-CSRF-Token` (htmx) or the form field `csrf`, which in a form with files must be the first. The token is masked anew in every page, so that compressing
//! pages tells nothing about it (BREACH).

use axum::body::Body;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::BytesMut;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::Problem;
use crate::problem::Kind;
use crate::routes::FORM_LIMIT;

const HEADER: &str = "x-csrf-token";
const FIELD: &str = "csrf";
const LENGTH: usize = 32;
/// Within so many bytes a form with files must have named its token.
const FIRST_FIELD: usize = 1024;

/// The session's token for one page; `salt` differs from page to page.
pub(crate) fn token(secret: &[u8], salt: &str) -> String {
    let mask = Sha256::new()
        .chain_update(b"mask")
        .chain_update(secret)
        .chain_update(salt)
        .finalize();
    let masked = mask.iter().zip(key(secret)).map(|(mask, key)| mask ^ key);
    URL_SAFE_NO_PAD.encode(mask.iter().copied().chain(masked).collect::<Vec<u8>>())
}

/// Whether a token belongs to the session.
fn is_valid(token: &str, secret: &[u8]) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
        return false;
    };
    if bytes.len() != 2 * LENGTH {
        return false;
    }
    let (mask, masked) = bytes.split_at(LENGTH);
    let unmasked: Vec<u8> = mask.iter().zip(masked).map(|(mask, byte)| mask ^ byte).collect();
    unmasked.ct_eq(&key(secret)).into()
}

fn key(secret: &[u8]) -> [u8; LENGTH] {
    Sha256::new()
        .chain_update(b"csrf")
        .chain_update(secret)
        .finalize()
        .into()
}

/// Refuses an unsafe request that another site made. Browsers tell; programs that tell nothing have no cookies.
pub(crate) fn check_origin(headers: &HeaderMap, base_url: &str) -> Result<(), Problem> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let fetch_site = text(header::HeaderName::from_static("sec-fetch-site"));
    let own = match (fetch_site, text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_own(origin, base_url, text(header::HOST)),
        (None, None) => true,
    };
    if own {
        Ok(())
    } else {
        Err(Problem::forbidden("problem-foreign-origin"))
    }
}

fn is_own(origin: &str, base_url: &str, host: Option<&str>) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == base_url || (authority.is_some() && authority == host)
}

/// Refuses an unsafe request without its session's token. Reads a form to find it, and puts it back.
pub(crate) async fn check_token(request: Request, secret: &[u8]) -> Result<Request, Problem> {
    let refused = || Problem::forbidden("problem-csrf");
    if let Some(token) = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
    {
        return if is_valid(token, secret) {
            Ok(request)
        } else {
            Err(refused())
        };
    }
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(|value| multer::parse_boundary(value).ok());
    if let Some(boundary) = boundary {
        let (token, request) = first_field(request, boundary).await?;
        return if token.is_some_and(|token| is_valid(&token, secret)) {
            Ok(request)
        } else {
            Err(refused())
        };
    }
    if !content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded")) {
        return Err(refused());
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, FORM_LIMIT)
        .await
        .map_err(|_| Problem::of(Kind::TooLarge))?;
    let token = form_urlencoded::parse(&bytes)
        .find(|(name, _)| name == FIELD)
        .map(|(_, value)| value.into_owned());
    if token.is_some_and(|token| is_valid(&token, secret)) {
        Ok(Request::from_parts(parts, Body::from(bytes)))
    } else {
        Err(refused())
    }
}

/// The token in the first field of a form with files, and the request as it was. Only the beginning is read for it.
async fn first_field(request: Request, boundary: String) -> Result<(Option<String>, Request), Problem> {
    let (parts, body) = request.into_parts();
    let mut rest = body.into_data_stream();
    let mut beginning = BytesMut::new();
    while beginning.len() < FIRST_FIELD {
        match rest.next().await {
            Some(Ok(chunk)) => beginning.extend_from_slice(&chunk),
            Some(Err(_)) => return Err(Problem::of(Kind::BadRequest)),
            None => break,
        }
    }
    let beginning = beginning.freeze();
    let first = stream::iter([Ok::<_, std::io::Error>(beginning.clone())]);
    let mut form = multer::Multipart::new(first, boundary);
    let token = match form.next_field().await {
        Ok(Some(field)) if field.name() == Some(FIELD) => field.text().await.ok(),
        _ => None,
    };
    let body = Body::from_stream(stream::iter([Ok(beginning)]).chain(rest));
    Ok((token, Request::from_parts(parts, body)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_valid_for_its_session_only_and_differs_from_page_to_page() {
        let one = token(b"secret", "page 1");
        assert_ne!(one, token(b"secret", "page 2"));
        assert!(is_valid(&one, b"secret"));
        assert!(is_valid(&token(b"secret", "page 2"), b"secret"));
        assert!(!is_valid(&one, b"other"));
        assert!(!is_valid("", b"secret"));
        assert!(!is_valid(&URL_SAFE_NO_PAD.encode([0; 64]), b"secret"));
    }

    #[test]
    fn other_sites_are_refused_by_what_the_browser_says() {
        let check = |pairs: &[(&'static str, &str)]| {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            check_origin(&headers, "https://chancery.example").is_ok()
        };
        assert!(check(&[]));
        assert!(check(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(check(&[("origin", "https://chancery.example")]));
        assert!(check(&[
            ("origin", "http://localhost:8080"),
            ("host", "localhost:8080")
        ]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(!check(&[
            ("origin", "https://evil.example"),
            ("host", "chancery.example")
        ]));
        assert!(!check(&[("origin", "null"), ("host", "chancery.example")]));
    }
}
