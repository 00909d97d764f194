use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

/// One request, described. Nothing happens until a [`Client`](crate::Client) is given it.
#[derive(Clone)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) timeout: Option<Duration>,
    pub(crate) max_body: Option<usize>,
    /// Holds a credential, so it follows no redirect.
    pub(crate) secret: bool,
    /// A value that can't be put into a header.
    pub(crate) invalid: bool,
}

impl Call {
    /// A request with any method.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: None,
            max_body: None,
            secret: false,
            invalid: false,
        }
    }

    /// GET.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// POST, still without a body.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Adds pairs to the query.
    #[must_use]
    pub fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        self.url.query_pairs_mut().extend_pairs(pairs);
        self
    }

    /// Adds a header that is no secret.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => self.invalid = true,
        }
        self
    }

    /// Adds a header that must not be seen: no redirect is followed then.
    #[must_use]
    pub fn secret_header(mut self, name: HeaderName, value: &str) -> Self {
        self.secret = true;
        match HeaderValue::from_str(value) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            Err(_) => self.invalid = true,
        }
        self
    }

    /// `Authorization: Bearer …` (RFC 6750).
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.secret_header(AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// A JSON body, and JSON wanted in return.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Bytes::from(body.to_string());
        self.header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
    }

    /// A body of any type.
    #[must_use]
    pub fn bytes(mut self, mime: &str, body: Bytes) -> Self {
        self.body = body;
        self.header(CONTENT_TYPE, mime)
    }

    /// Limits the whole exchange, instead of [`Settings::timeout`](crate::Settings::timeout).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits the answer, in bytes after decompression, instead of [`Settings::max_body`](crate::Settings::max_body).
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = Some(bytes);
        self
    }
}

/// Method and host. Paths may hold tokens (some platforms put them there), and so may everything else.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}://{}/…",
            self.method,
            self.url.scheme(),
            self.url.host_str().unwrap_or_default()
        )
    }
}
