//! A commit says truly whether it can have had an effect.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chancery_http::{Call, Client, Error, Reply, Url};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Scripted, Server, client, request, reset, settings};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn at_once() -> Instant {
    Instant::now() + Duration::from_millis(300)
}

async fn commit(client: &Client, url: Url, deadline: Instant) -> Result<Reply, Error> {
    client
        .commit(Call::post(url).json(&json!({"text": "Thông cáo"})), deadline)
        .await
}

fn is_not_sent(answer: &Result<Reply, Error>) -> bool {
    matches!(answer, Err(error) if error.is_unsent())
}

fn is_unknown(answer: &Result<Reply, Error>) -> bool {
    matches!(answer, Err(Error::Unknown(_) | Error::TooLarge { .. }))
}

#[tokio::test]
async fn an_answer_is_given_back_whole() {
    let server = Server::answering("HTTP/1.1 201 Created\r\ncontent-length: 2\r\nx-id: 7\r\n\r\n{}").await;
    let reply = commit(&client(), server.url("/posts"), soon()).await.unwrap();
    assert_eq!((reply.status.as_u16(), &reply.body[..]), (201, &b"{}"[..]));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_refused_connection_was_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    assert!(is_not_sent(&commit(&client(), url, soon()).await));
}

#[tokio::test]
async fn an_unknown_name_was_not_sent() {
    let answer = commit(
        &Scripted::client(&[]),
        "http://gone.example/".parse().unwrap(),
        soon(),
    )
    .await;
    assert!(matches!(answer, Err(Error::NotSent(_))), "{answer:?}");
}

#[tokio::test]
async fn a_failed_tls_handshake_was_not_sent() {
    let server = Server::on("127.0.0.1", |mut stream, _| async move {
        stream.read_exact(&mut [0; 16]).await?;
        stream.write_all(b"HTTP/1.1 400 this is not TLS\r\n\r\n").await
    })
    .await;
    let url = server
        .url("/")
        .as_str()
        .replace("http:", "https:")
        .parse()
        .unwrap();
    let answer = commit(&client(), url, soon()).await;
    assert!(matches!(answer, Err(Error::NotSent(_))), "{answer:?}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_tls_handshake_that_never_ends_was_not_sent() {
    let server = Server::on("127.0.0.1", |stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
        Ok(())
    })
    .await;
    let url: Url = server
        .url("/")
        .as_str()
        .replace("http:", "https:")
        .parse()
        .unwrap();
    // Once the deadline ends it, once the limit for connecting does.
    assert!(is_not_sent(&commit(&client(), url.clone(), at_once()).await));
    let mut settings = settings();
    settings.connect_timeout = Duration::from_millis(200);
    assert!(is_not_sent(
        &commit(&Client::new(settings).unwrap(), url, soon()).await
    ));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let answer = commit(&client(), server.url("/"), Instant::now()).await;
    assert!(is_not_sent(&answer));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_reset_after_the_first_byte_is_unknown() {
    let server = Server::on("127.0.0.1", |mut stream, _| async move {
        stream.read_exact(&mut [0; 1]).await?;
        reset(stream)
    })
    .await;
    assert!(is_unknown(&commit(&client(), server.url("/"), soon()).await));
    assert_eq!(server.connections(), 1, "not repeated");
}

#[tokio::test]
async fn a_connection_closed_after_the_request_is_unknown_and_not_repeated() {
    let server = Server::on("127.0.0.1", |mut stream, _| async move {
        request(&mut stream).await?;
        stream.shutdown().await
    })
    .await;
    assert!(is_unknown(&commit(&client(), server.url("/"), soon()).await));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn silence_after_accepting_is_unknown() {
    let server = Server::on("127.0.0.1", |mut stream, _| async move {
        request(&mut stream).await?;
        std::future::pending().await
    })
    .await;
    let answer = commit(&client(), server.url("/"), at_once()).await;
    assert!(is_unknown(&answer), "{answer:?}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn garbage_is_unknown() {
    for garbage in [
        "SMTP ready\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"uri\":",
        "\0\0\0\0\0\0\0\0",
    ] {
        let server = Server::answering(garbage).await;
        let answer = commit(&client(), server.url("/"), soon()).await;
        assert!(is_unknown(&answer), "{garbage:?}: {answer:?}");
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn too_long_an_answer_is_unknown() {
    let body = "x".repeat(65 * 1024);
    let server = Server::answering(format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
    .await;
    let answer = commit(&client(), server.url("/"), soon()).await;
    assert!(
        matches!(answer, Err(Error::TooLarge { limit: 65_536 })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn server_errors_and_redirects_are_answers_and_are_not_repeated() {
    for status in [
        "500 Internal Server Error",
        "503 Service Unavailable",
        "429 Too Many Requests",
        "307 Go",
    ] {
        let answer =
            format!("HTTP/1.1 {status}\r\nlocation: /again\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n");
        let server = Server::answering(answer).await;
        let reply = commit(&client(), server.url("/"), soon()).await.unwrap();
        assert!(status.starts_with(reply.status.as_str()));
        assert_eq!(server.connections(), 1, "{status}");
    }
}

#[tokio::test]
async fn each_commit_has_a_connection_of_its_own() {
    // On a kept connection the second request could meet its end, and nobody could tell whether it was read.
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let server = Server::on("127.0.0.1", move |mut stream, number| {
        let log = Arc::clone(&log);
        async move {
            while request(&mut stream).await.is_ok() {
                log.lock().unwrap().push(number);
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .await?;
            }
            Ok(())
        }
    })
    .await;
    let client = client();
    for _ in 0..3 {
        commit(&client, server.url("/"), soon()).await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), [0, 1, 2]);
}

#[tokio::test]
async fn a_blocked_address_was_not_sent() {
    let answer = commit(&client(), "http://10.0.0.1/".parse().unwrap(), soon()).await;
    assert!(
        matches!(&answer, Err(Error::Blocked(_))) && is_not_sent(&answer),
        "{answer:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_a_header_was_not_sent() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let call = Call::post(server.url("/"))
        .json(&json!({}))
        .bearer("token\r\nx-injected: 1");
    let answer = client().commit(call, soon()).await;
    assert!(is_not_sent(&answer), "{answer:?}");
    assert_eq!(server.connections(), 0);
}
