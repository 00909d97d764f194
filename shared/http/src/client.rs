use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{Method, StatusCode};
use reqwest::redirect::Policy;
use url::Url;

use crate::commit::Witnessed;
use crate::download::{self, Download};
use crate::guard::{Guard, Names, SystemNames};
use crate::{Blocked, BuildError, Call, Error, Reply};

/// How many redirects a fetch follows.
const REDIRECTS: usize = 5;
/// How often a fetch is tried in all.
const ATTEMPTS: u32 = 3;
/// A fetch waits for `Retry-After` only when it asks for no more than this.
const PATIENCE: Duration = Duration::from_secs(5);

/// What can be set about outbound HTTP.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Host names, addresses or networks that may be reached although they are private: servers on the premises, and
    /// tests.
    pub allow: Vec<String>,
    /// `User-Agent`.
    pub user_agent: String,
    /// For name, connection and TLS together.
    pub connect_timeout: Duration,
    /// For a whole exchange, reading of the answer included.
    pub timeout: Duration,
    /// Largest answer, in bytes after decompression.
    pub max_body: usize,
    /// How long a fetch waits before its second attempt; four times as long before its third.
    pub backoff: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            user_agent: concat!("Chancery/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            max_body: 4 * 1024 * 1024,
            backoff: Duration::from_millis(250),
        }
    }
}

/// The guarded client. Cheap to clone; make one per process.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    /// Follows guarded redirects.
    following: reqwest::Client,
    /// Follows none.
    direct: reqwest::Client,
    /// Follows none, repeats nothing, HTTP/1.1 only, a connection for each request.
    once: reqwest::Client,
    guard: Guard,
    settings: Settings,
}

impl Client {
    /// A client with these settings.
    ///
    /// # Errors
    /// When the allow-list can't be read, or TLS can't be set up on this machine.
    pub fn new(settings: Settings) -> Result<Self, BuildError> {
        Self::with_names(settings, Arc::new(SystemNames))
    }

    /// The same, with names looked up by `names`.
    ///
    /// # Errors
    /// As [`Client::new`].
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that makes clients, with the guard"
    )]
    pub fn with_names(settings: Settings, names: Arc<dyn Names>) -> Result<Self, BuildError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Refused only when another thread was faster, and then there is a provider all the same.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let guard = Guard::new(&settings.allow, names)?;
        let base = || {
            reqwest::Client::builder()
                .user_agent(&settings.user_agent)
                .connect_timeout(settings.connect_timeout)
                .dns_resolver(guard.clone())
                .redirect(Policy::none())
                // A proxy of the environment would resolve names for us, unguarded.
                .no_proxy()
                .referer(false)
        };
        let build =
            |builder: reqwest::ClientBuilder| builder.build().map_err(|e| BuildError::Tls(e.to_string()));
        let following = build(base().redirect(guarded_redirects(guard.clone())))?;
        let direct = build(base())?;
        // The library repeats some HTTP/2 refusals, and requests that met a connection from the pool just as it
        // closed. Neither is possible here.
        let once = build(
            base()
                .http1_only()
                .pool_max_idle_per_host(0)
                .retry(reqwest::retry::never()),
        )?;
        Ok(Self {
            inner: Arc::new(Inner {
                following,
                direct,
                once,
                guard,
                settings,
            }),
        })
    }

    /// Whether a request would go there now: what can be told from the address, and, of a name, where it leads at present.
    /// Every request is checked again.
    ///
    /// # Errors
    /// [`Error::Blocked`], or [`Error::NotSent`] when nobody knows the name.
    pub async fn check(&self, url: &Url) -> Result<(), Error> {
        self.inner.guard.check(url)?;
        self.inner.guard.resolves(url).await
    }

    /// Whether the operator has named its host or address: the only places where plain HTTP may do.
    #[must_use]
    pub fn is_trusted(&self, url: &Url) -> bool {
        self.inner.guard.is_trusted(url)
    }

    /// Reads something: a GET that is tried up to three times when the network or a gateway fails. Follows up to five
    /// redirects, each checked like the first address, unless the call carries a secret.
    ///
    /// # Errors
    /// As of the last attempt. A call that is not a GET is [`Error::NotSent`].
    pub async fn fetch(&self, call: Call) -> Result<Reply, Error> {
        if call.method != Method::GET {
            return Err(Error::NotSent("only a GET may be repeated".to_owned()));
        }
        let client = if call.secret {
            &self.inner.direct
        } else {
            &self.inner.following
        };
        let mut wait = self.inner.settings.backoff;
        for _ in 1..ATTEMPTS {
            let pause = match self.exchange(client, call.clone()).await {
                Err(Error::NotSent(_) | Error::Unknown(_)) => wait,
                Ok(reply) if is_passing(reply.status) => match asked_pause(&reply, wait) {
                    Some(pause) => pause,
                    None => return Ok(reply),
                },
                answer => return answer,
            };
            tokio::time::sleep(pause).await;
            wait *= 4;
        }
        self.exchange(client, call).await
    }

    /// Sends once. Follows no redirect: a 3xx is the answer.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(&self, call: Call) -> Result<Reply, Error> {
        self.exchange(&self.inner.direct, call).await
    }

    /// Sends once what must not happen twice, on a connection of its own, and gives up at `deadline`: nothing of the
    /// request leaves later than that. Follows no redirect. The body must not be empty.
    ///
    /// # Errors
    /// [`Error::is_unsent`] when no byte has left; anything else means that it may have happened.
    pub async fn commit(&self, call: Call, deadline: Instant) -> Result<Reply, Error> {
        if call.body.is_empty() {
            return Err(Error::NotSent("a commit needs a body".to_owned()));
        }
        let Some(left) = deadline
            .checked_duration_since(Instant::now())
            .filter(|left| !left.is_zero())
        else {
            return Err(Error::NotSent("its time to be sent had passed".to_owned()));
        };
        self.exchange(&self.inner.once, call.timeout(left)).await
    }

    /// Begins to read a file of at most `max_bytes`. Asks once, follows redirects as [`Client::fetch`] does. The call's
    /// time limit is for the answer's beginning; the rest may take as long as it does not fall silent.
    ///
    /// # Errors
    /// See [`Error`]; the body's errors come where they happen.
    pub async fn download(&self, call: Call, max_bytes: u64) -> Result<Download, Error> {
        let Inner { guard, settings, .. } = &*self.inner;
        guard.check(&call.url)?;
        if call.invalid || call.method != Method::GET {
            return Err(Error::NotSent("only an ordinary GET reads a file".to_owned()));
        }
        let client = if call.secret {
            &self.inner.direct
        } else {
            &self.inner.following
        };
        let timeout = call.timeout.unwrap_or(settings.timeout);
        tracing::debug!(request = ?call, "outbound");
        let sending = client.get(call.url).headers(call.headers).send();
        match tokio::time::timeout(timeout, sending).await {
            Ok(Ok(response)) => Ok(download::download(response, max_bytes)),
            Ok(Err(error)) => {
                let connecting = error.is_connect() || error.is_builder();
                Err(Error::of(error, !connecting))
            }
            Err(_) => Err(Error::Unknown(format!(
                "no answer within {} ms",
                timeout.as_millis()
            ))),
        }
    }

    async fn exchange(&self, client: &reqwest::Client, call: Call) -> Result<Reply, Error> {
        let Inner { guard, settings, .. } = &*self.inner;
        guard.check(&call.url)?;
        if call.invalid {
            return Err(Error::NotSent(
                "a header holds a character that headers can't".to_owned(),
            ));
        }
        let started = Instant::now();
        let line = format!("{call:?}");
        let limit = call.max_body.unwrap_or(settings.max_body);
        let timeout = call.timeout.unwrap_or(settings.timeout);
        let empty = call.body.is_empty();
        let (body, witness) = Witnessed::new(call.body);
        let mut request = client.request(call.method, call.url).headers(call.headers);
        if !empty {
            request = request.body(reqwest::Body::wrap(body));
        }
        // An empty body is never asked for: then only a failure to connect is certain.
        let unsent = |connecting: bool| if empty { connecting } else { witness.withdraw() };
        let answer = async {
            let response = request.send().await.map_err(|error| {
                let unsent = unsent(error.is_connect() || error.is_builder());
                Error::of(error, !unsent)
            })?;
            read(response, limit).await
        };
        let answer = tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| {
            let reason = format!("gave up after {} ms", timeout.as_millis());
            Err(if unsent(false) {
                Error::NotSent(reason)
            } else {
                Error::Unknown(reason)
            })
        });
        let elapsed = started.elapsed().as_millis();
        match &answer {
            Ok(reply) => tracing::debug!(
                request = line,
                status = reply.status.as_u16(),
                elapsed,
                "outbound"
            ),
            Err(error) => tracing::debug!(request = line, %error, elapsed, "outbound"),
        }
        answer
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("allow", &self.inner.settings.allow)
            .finish_non_exhaustive()
    }
}

/// Reads the answer in pieces; the library decompresses, so what is counted is what would fill the memory.
async fn read(mut response: reqwest::Response, limit: usize) -> Result<Reply, Error> {
    let (status, headers, url) = (
        response.status(),
        response.headers().clone(),
        response.url().clone(),
    );
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(|e| Error::of(e, true))? {
        let piece: Bytes = piece;
        if body.len() + piece.len() > limit {
            return Err(Error::TooLarge { limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(Reply {
        status,
        headers,
        body: body.freeze(),
        url,
    })
}

fn guarded_redirects(guard: Guard) -> Policy {
    Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS {
            let host = attempt.url().host_str().unwrap_or_default().to_owned();
            return attempt.error(Blocked {
                host,
                reason: "there were too many redirects on the way",
            });
        }
        match guard.check(attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(blocked) => attempt.error(blocked),
        }
    })
}

/// Statuses that a second attempt may not meet.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// How long to wait before asking again; none when the server wants longer than we have patience for.
fn asked_pause(reply: &Reply, wait: Duration) -> Option<Duration> {
    match reply.header(&http::header::RETRY_AFTER) {
        None => Some(wait),
        Some(value) => value
            .trim()
            .parse()
            .ok()
            .map(Duration::from_secs)
            .filter(|pause| *pause <= PATIENCE),
    }
}
