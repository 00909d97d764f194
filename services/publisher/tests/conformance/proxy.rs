//! A proxy between a connector and the real server: notes every exchange, and misbehaves when a test says so.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Response};
use chancery_http::{Call, Client, Method, Reply, Settings, Url};
use futures_util::stream;
use serde_json::Value;
use tokio::sync::watch;

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The server never sees it; this is the answer.
    Instead(Answer),
    /// The server never sees it, and nobody answers.
    Silence,
    /// The server does it; this is the answer.
    After(Answer),
    /// The server does it, and nobody answers.
    AfterSilence,
    /// The server does it; its answer breaks off in the middle.
    AfterCut,
}

/// An answer that is not the server's.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: &'static str,
}

impl Answer {
    pub fn new(status: u16, body: &'static str) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
        }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// One request and what the client was answered.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub method: Method,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// None when nobody answered or the answer is a fault's.
    pub reply: Option<(u16, Bytes)>,
}

impl Exchange {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A running proxy. Ends with the test's runtime.
pub struct Proxy {
    pub url: Url,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: Url,
    http: Client,
    faults: Mutex<VecDeque<(&'static str, Fault)>>,
    seen: Mutex<Vec<Exchange>>,
    /// How many requests the server is working on.
    at_work: watch::Sender<usize>,
}

/// A client that reaches this machine, and nothing else that is private.
pub fn http() -> Client {
    Client::new(Settings {
        allow: vec!["127.0.0.1".to_owned()],
        ..Settings::default()
    })
    .unwrap()
}

impl Proxy {
    pub async fn to(upstream: Url) -> Self {
        let shared = Arc::new(Shared {
            upstream,
            http: http(),
            faults: Mutex::default(),
            seen: Mutex::default(),
            at_work: watch::Sender::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let router = Router::new().fallback(forward).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// The next request whose path ends like this goes wrong; each call is for one request.
    pub fn fail(&self, path: &'static str, fault: Fault) {
        self.shared.faults.lock().unwrap().push_back((path, fault));
    }

    /// Waits until the server has done whatever it was sent, also what nobody waits for any more.
    pub async fn quiet(&self) {
        self.shared
            .at_work
            .subscribe()
            .wait_for(|at_work| *at_work == 0)
            .await
            .unwrap();
    }

    pub fn seen(&self) -> Vec<Exchange> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many requests to paths that end like this have come.
    pub fn count(&self, path: &str) -> usize {
        self.seen()
            .iter()
            .filter(|exchange| exchange.path.ends_with(path))
            .count()
    }
}

async fn forward(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 8 * 1024 * 1024).await.unwrap();
    let mut url = shared.upstream.clone();
    url.set_path(parts.uri.path());
    url.set_query(parts.uri.query());
    let number = {
        let mut seen = shared.seen.lock().unwrap();
        seen.push(Exchange {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: url.query_pairs().into_owned().collect(),
            headers: parts.headers.clone(),
            body: body.clone(),
            reply: None,
        });
        seen.len() - 1
    };
    let fault = {
        let mut faults = shared.faults.lock().unwrap();
        let position = faults
            .iter()
            .position(|(path, _)| parts.uri.path().ends_with(path));
        position
            .and_then(|position| faults.remove(position))
            .map(|(_, fault)| fault)
    };
    let upstream = async {
        let mut call = Call::new(parts.method, url).bytes("application/octet-stream", body);
        for name in ["authorization", "content-type", "accept"] {
            if let Some(value) = parts.headers.get(name) {
                call = call.header(name.parse::<HeaderName>().unwrap(), value.to_str().unwrap());
            }
        }
        // A task of its own: a client that goes away does not stop the server.
        let shared = Arc::clone(&shared);
        shared.at_work.send_modify(|at_work| *at_work += 1);
        let work = tokio::spawn(async move {
            let reply = shared.http.send(call).await;
            shared.at_work.send_modify(|at_work| *at_work -= 1);
            reply.expect("the server behind the proxy answers")
        });
        work.await.unwrap()
    };
    match fault {
        None => {
            let reply = upstream.await;
            shared.seen.lock().unwrap()[number].reply = Some((reply.status.as_u16(), reply.body.clone()));
            passed_on(reply)
        }
        Some(Fault::Instead(answer)) => answered(answer),
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::After(answer)) => {
            upstream.await;
            answered(answer)
        }
        Some(Fault::AfterSilence) => {
            upstream.await;
            std::future::pending().await
        }
        Some(Fault::AfterCut) => {
            upstream.await;
            let pieces = [Ok(Bytes::from_static(b"{\"uri\":")), Err(io::Error::other("cut"))];
            Response::new(Body::from_stream(stream::iter(pieces)))
        }
    }
}

fn passed_on(reply: Reply) -> Response<Body> {
    let mut response = Response::builder().status(reply.status);
    for name in ["content-type", "retry-after", "ratelimit-reset"] {
        if let Some(value) = reply.headers.get(name) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(reply.body)).unwrap()
}

fn answered(answer: Answer) -> Response<Body> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}
