use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

/// A whole answer, whatever its status.
#[derive(Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed, within the caller's limit.
    pub body: Bytes,
    /// Where the answer came from: after redirects, if any were followed.
    pub url: Url,
}

impl Reply {
    /// The body as JSON of this shape; none when it is anything else.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header as text; none when it is missing or not ASCII.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Retry-After` (RFC 9110 § 10.2.3), seconds or a date, as an instant in UTC.
    #[must_use]
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let value = self.header(&RETRY_AFTER)?.trim();
        if let Ok(seconds) = value.parse::<u32>() {
            return now.checked_add_signed(TimeDelta::seconds(seconds.into()));
        }
        DateTime::parse_from_rfc2822(value)
            .ok()
            .map(|at| at.with_timezone(&Utc))
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(
            f,
            "{} from {host}, {} bytes",
            self.status.as_u16(),
            self.body.len()
        )
    }
}
