//! A server that does with each connection exactly what a test tells it to.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chancery_http::{Client, Names, Settings, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running server. Ends with the test's runtime.
pub struct Server {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Serves on a free port of `host`. `script` gets the connection and its number, from 0.
    pub async fn on<F: Future<Output = io::Result<()>> + Send + 'static>(
        host: &str,
        script: impl Fn(TcpStream, usize) -> F + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(script(stream, number));
            }
        });
        Self { address, connections }
    }

    /// Answers every request with these bytes and closes.
    pub async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Arc::new(answer.into());
        Self::on("127.0.0.1", move |mut stream, _| {
            let answer = Arc::clone(&answer);
            async move {
                request(&mut stream).await?;
                stream.write_all(&answer).await?;
                stream.shutdown().await
            }
        })
        .await
    }

    pub fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Reads one whole request: head, and body by Content-Length. Gives its text.
pub async fn request(stream: &mut TcpStream) -> io::Result<String> {
    let mut received = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&received).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")?
                        .trim()
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                return Ok(text);
            }
        }
        let n = stream.read(&mut piece).await?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        received.extend_from_slice(&piece[..n]);
    }
}

/// Ends the connection with a TCP reset.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    stream.set_zero_linger()?;
    drop(stream);
    Ok(())
}

/// 127.0.0.1 is allowed, nothing else of this machine is. Short limits, 64 KiB answers.
pub fn settings() -> Settings {
    Settings {
        allow: vec!["127.0.0.1".to_owned()],
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(20),
        max_body: 64 * 1024,
        backoff: Duration::from_millis(1),
        ..Settings::default()
    }
}

pub fn client() -> Client {
    Client::new(settings()).unwrap()
}

/// Answers name look-ups with the next of these lists, the last one for ever.
pub struct Scripted(pub Vec<Vec<IpAddr>>, pub AtomicUsize);

impl Scripted {
    pub fn client(answers: &[&[&str]]) -> Client {
        let answers = answers
            .iter()
            .map(|list| list.iter().map(|a| a.parse().unwrap()).collect())
            .collect();
        Client::with_names(settings(), Arc::new(Self(answers, AtomicUsize::new(0)))).unwrap()
    }
}

#[async_trait]
impl Names for Scripted {
    async fn lookup(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let n = self.1.fetch_add(1, Ordering::SeqCst);
        self.0
            .get(n)
            .or(self.0.last())
            .cloned()
            .ok_or_else(|| io::Error::other("no such name"))
    }
}
