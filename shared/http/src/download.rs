//! Answers that are too long to be held: files.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use http::{HeaderMap, StatusCode};
use url::Url;

use crate::Error;

/// How long a server may be silent in the middle of a file.
const SILENCE: Duration = Duration::from_secs(30);

/// An answer whose body is still to come.
pub struct Download {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// Where the answer came from: after redirects, if any were followed.
    pub url: Url,
    /// The body, decompressed, as it comes: at most as many bytes as the caller allowed, then [`Error::TooLarge`].
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{} from {host}", self.status.as_u16())
    }
}

pub(crate) fn download(response: reqwest::Response, limit: u64) -> Download {
    let (status, headers, url) = (
        response.status(),
        response.headers().clone(),
        response.url().clone(),
    );
    let body = stream::unfold(Some((response, limit)), move |reading| async move {
        let (mut response, left) = reading?;
        let piece = match tokio::time::timeout(SILENCE, response.chunk()).await {
            Err(_) => Err(Error::Unknown(format!("silent for {} s", SILENCE.as_secs()))),
            Ok(Err(error)) => Err(Error::of(error, true)),
            Ok(Ok(None)) => return None,
            Ok(Ok(Some(piece))) => Ok(piece),
        };
        match piece {
            Err(error) => Some((Err(error), None)),
            Ok(piece) => {
                if let Some(left) = left.checked_sub(piece.len() as u64) {
                    return Some((Ok(piece), Some((response, left))));
                }
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                Some((Err(Error::TooLarge { limit }), None))
            }
        }
    });
    Download {
        status,
        headers,
        url,
        body: body.boxed(),
    }
}
