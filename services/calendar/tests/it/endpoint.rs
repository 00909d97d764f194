//! A web server that hears webhooks, keeps what it heard, and answers as a test tells it to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use serde_json::Value;
use sha2::Sha256;

/// How to answer.
#[derive(Debug, Clone)]
pub enum Reply {
    /// With this status and these headers.
    Status(u16, Vec<(&'static str, String)>),
    /// Never.
    Hang,
    /// With more than anybody wants to read.
    Flood,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self::Status(status, Vec::new())
    }

    pub fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Status(status, mut headers) => {
                headers.push((name, value.to_owned()));
                Self::Status(status, headers)
            }
            other => other,
        }
    }
}

/// What arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    headers: HeaderMap,
    pub body: Bytes,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether one of its signatures is right for this secret, by a receiver's own reckoning.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(self.header("webhook-id").as_bytes());
        mac.update(b".");
        mac.update(self.header("webhook-timestamp").as_bytes());
        mac.update(b".");
        mac.update(&self.body);
        let right = STANDARD.encode(mac.finalize().into_bytes());
        self.header("webhook-signature")
            .split(' ')
            .any(|signature| signature.strip_prefix("v1,") == Some(&right))
    }

    /// As a receiver checks it: the signature holds and the timestamp is now.
    pub fn verify(&self, secret: &str, now: DateTime<Utc>) {
        assert!(self.is_signed_with(secret), "{:?}", self.headers);
        let timestamp: i64 = self.header("webhook-timestamp").parse().unwrap();
        assert_eq!(timestamp, now.timestamp());
    }
}

#[derive(Default)]
struct Memory {
    heard: Vec<Heard>,
    next: VecDeque<Reply>,
    always: Option<Reply>,
    open: usize,
    most: usize,
}

type Shared = Arc<Mutex<Memory>>;

/// The server. Ends with the test's runtime.
pub struct Endpoint {
    address: SocketAddr,
    memory: Shared,
}

impl Endpoint {
    /// On a free port of this machine; answers 204.
    pub async fn start() -> Self {
        let memory = Shared::default();
        let app = Router::new().fallback(hear).with_state(Arc::clone(&memory));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, memory }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers the next request so, before what it answers always.
    pub fn next(&self, reply: Reply) {
        self.memory.lock().unwrap().next.push_back(reply);
    }

    pub fn always(&self, reply: Reply) {
        self.memory.lock().unwrap().always = Some(reply);
    }

    pub fn requests(&self) -> Vec<Heard> {
        self.memory.lock().unwrap().heard.clone()
    }

    /// The most requests that were open at a time.
    pub fn most_at_once(&self) -> usize {
        self.memory.lock().unwrap().most
    }
}

async fn hear(State(memory): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let reply = {
        let mut memory = memory.lock().unwrap();
        memory.heard.push(Heard { headers, body });
        memory.open += 1;
        memory.most = memory.most.max(memory.open);
        let next = memory.next.pop_front();
        next.or_else(|| memory.always.clone())
            .unwrap_or(Reply::status(204))
    };
    // Others that are allowed to come at the same time get the chance to.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    memory.lock().unwrap().open -= 1;
    match reply {
        Reply::Hang => std::future::pending().await,
        Reply::Flood => Response::new(Body::from(vec![b'x'; 1024 * 1024])),
        Reply::Status(status, headers) => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::empty()).unwrap()
        }
    }
}
