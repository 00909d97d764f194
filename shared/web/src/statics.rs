//! The browser bundle: `/static/NAME-HASH.EXT`, kept by browsers for ever, sent precompressed.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{Problem, files};

/// Which name stands for which file: `app.css` → `app-K3V5.css`. Written by the bundler.
#[derive(Debug, Default)]
pub(crate) struct Statics(BTreeMap<String, String>);

impl Statics {
    pub fn load() -> Self {
        let manifest = files::dist("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
        if manifest.is_none() {
            tracing::warn!("the browser sources are not bundled; run: make browser");
        }
        Self(manifest.unwrap_or_default())
    }

    /// The address of a file, by its plain name.
    pub fn href(&self, name: &str) -> String {
        format!("/static/{}", self.0.get(name).map_or(name, String::as_str))
    }

    /// The file of an address under `/static/`.
    pub fn serve(&self, path: &str, headers: &HeaderMap) -> Response {
        let hashed = self.0.get(path).map_or(path, String::as_str);
        let accepts = |coding: &str| {
            let value = headers
                .get(header::ACCEPT_ENCODING)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            value.split(',').any(|offer| {
                let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
                name.trim() == coding && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.000")
            })
        };
        let variants = [("br", ".br"), ("gzip", ".gz"), ("", "")];
        let found = variants
            .into_iter()
            .filter(|(coding, _)| coding.is_empty() || accepts(coding))
            .find_map(|(coding, suffix)| Some((coding, files::dist(&format!("{hashed}{suffix}"))?)));
        let Some((coding, file)) = found else {
            return Problem::not_found().into_response();
        };
        let mime = mime_of(hashed);
        let mut response = (
            StatusCode::OK,
            [(header::CONTENT_TYPE, mime)],
            Body::from(file.data),
        )
            .into_response();
        let headers = response.headers_mut();
        // What a plain name stands for changes, so it may be kept only briefly.
        let is_hashed = self.0.values().any(|name| name == path);
        let keep = if is_hashed {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=300"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !coding.is_empty() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// The types of the files that the bundler writes.
fn mime_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}
