//! The few cookies there are: the session, the language and the look of this browser, and a flash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::Flash;

pub(crate) const LANGUAGE: &str = "language";
pub(crate) const THEME: &str = "theme";
const FLASH: &str = "flash";
/// The longest flash that is sent along; a longer one is dropped rather than refused by the browser.
const FLASH_LIMIT: usize = 2000;

/// The session cookie's name. Over TLS the prefix makes browsers refuse one set by another host or path.
pub(crate) const fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-chancery" } else { "chancery" }
}

/// The digest under which sessions and tokens are stored: SHA-256 of the secret's characters. The secret has 256 bits
/// of randomness, so no slow hash is needed.
#[must_use]
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The value of a cookie that came with a request.
pub(crate) fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

pub(crate) fn session(secure: bool, token: &str) -> HeaderValue {
    header(
        Cookie::build((session_name(secure), token))
            .http_only(true)
            .secure(secure),
    )
}

pub(crate) fn no_session(secure: bool) -> HeaderValue {
    let empty = Cookie::build((session_name(secure), ""))
        .http_only(true)
        .secure(secure);
    header(empty.max_age(Duration::ZERO))
}

/// A choice of this browser, kept for a year; readable by scripts, since it is no secret.
pub(crate) fn preference(name: &'static str, value: &'static str) -> HeaderValue {
    header(Cookie::build((name, value)).max_age(Duration::days(365)))
}

pub(crate) fn flash(flash: &Flash) -> Option<HeaderValue> {
    let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(flash).ok()?);
    let cookie = Cookie::build((FLASH, value))
        .http_only(true)
        .max_age(Duration::minutes(2));
    (cookie.inner().value().len() <= FLASH_LIMIT).then(|| header(cookie))
}

pub(crate) fn no_flash() -> HeaderValue {
    header(Cookie::build((FLASH, "")).http_only(true).max_age(Duration::ZERO))
}

pub(crate) fn read_flash(headers: &HeaderMap) -> Option<Flash> {
    let value = get(headers, FLASH).filter(|value| value.len() <= FLASH_LIMIT)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

fn header(cookie: CookieBuilder<'_>) -> HeaderValue {
    let text = cookie.path("/").same_site(SameSite::Lax).build().to_string();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("flash=; Max-Age=0; Path=/"))
}
