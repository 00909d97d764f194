//! Knowing whether a request can have left.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

const WAITING: u8 = 0;
const ASKED: u8 = 1;
const WITHDRAWN: u8 = 2;

/// A request body that notes when the connection asks for it.
///
/// hyper's HTTP/1 client writes a request's head into its buffer, asks the body for its first bytes, and only then
/// flushes. So as long as nobody has asked, not one byte has reached a socket, whatever the error looks like.
pub(crate) struct Witnessed {
    bytes: Option<Bytes>,
    state: Arc<AtomicU8>,
}

/// What is known of a [`Witnessed`] body.
pub(crate) struct Witness(Arc<AtomicU8>);

impl Witness {
    /// Whether nothing has left. If so nothing will: a connection that asks from now on is given an error, and ends
    /// without having flushed.
    pub(crate) fn withdraw(&self) -> bool {
        let before = self
            .0
            .compare_exchange(WAITING, WITHDRAWN, Ordering::SeqCst, Ordering::SeqCst);
        matches!(before, Ok(WAITING) | Err(WITHDRAWN))
    }
}

impl Witnessed {
    /// The body and its witness. `bytes` must not be empty: an empty body is never asked for.
    pub(crate) fn new(bytes: Bytes) -> (Self, Witness) {
        let state = Arc::new(AtomicU8::new(WAITING));
        (
            Self {
                bytes: Some(bytes),
                state: Arc::clone(&state),
            },
            Witness(state),
        )
    }
}

impl Body for Witnessed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self
            .state
            .compare_exchange(WAITING, ASKED, Ordering::SeqCst, Ordering::SeqCst)
        {
            Err(WITHDRAWN) => Poll::Ready(Some(Err(io::Error::other("withdrawn before it was sent")))),
            _ => Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
#[expect(
    clippy::disallowed_methods,
    reason = "the body is tried without the guarded client around it"
)]
mod tests {
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_withdrawn_request_does_not_send_even_its_head() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let mut received = Vec::new();
            listener
                .accept()
                .await
                .unwrap()
                .0
                .read_to_end(&mut received)
                .await
                .unwrap();
            received
        });
        let (body, witness) = Witnessed::new(Bytes::from_static(b"statement"));
        assert!(witness.withdraw());
        let client = reqwest::Client::builder()
            .http1_only()
            .no_proxy()
            .build()
            .unwrap();
        let answer = client.post(url).body(reqwest::Body::wrap(body)).send().await;
        assert!(answer.is_err());
        assert_eq!(server.await.unwrap(), b"");
        assert!(witness.withdraw(), "still certain when asked again");
    }
}
