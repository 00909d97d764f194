//! Reading is repeated where that is safe, and never without end or bound.

use std::io::Write as _;
use std::time::Duration;

use chancery_http::{Call, Client, Error};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt as _;
use tokio::io::AsyncWriteExt;

use crate::server::{Server, client, request, settings};

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
const FINE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

async fn failing(times: usize, failure: &'static str) -> Server {
    Server::on("127.0.0.1", move |mut stream, number| async move {
        request(&mut stream).await?;
        stream
            .write_all(if number < times { failure } else { FINE }.as_bytes())
            .await?;
        stream.shutdown().await
    })
    .await
}

#[tokio::test]
async fn a_fetch_is_tried_three_times() {
    for failure in [BUSY, "", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ncut"] {
        let server = failing(2, failure).await;
        assert_eq!(
            &client().fetch(Call::get(server.url("/"))).await.unwrap().body[..],
            b"ok"
        );
        assert_eq!(server.connections(), 3, "{failure:?}");
    }
    let server = failing(9, BUSY).await;
    assert_eq!(
        client().fetch(Call::get(server.url("/"))).await.unwrap().status,
        503
    );
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn answers_that_will_not_change_are_not_asked_for_again() {
    for status in ["404 Not Found", "400 Bad Request", "500 Internal Server Error"] {
        let server = Server::answering(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")).await;
        client().fetch(Call::get(server.url("/"))).await.unwrap();
        assert_eq!(server.connections(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_long_retry_after_is_the_callers_business() {
    let server =
        Server::answering("HTTP/1.1 429 Too Many Requests\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n")
            .await;
    let reply = client().fetch(Call::get(server.url("/"))).await.unwrap();
    assert_eq!(server.connections(), 1);
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    assert_eq!(
        reply.retry_after(now),
        Some("2026-11-22T00:02:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn retry_after_may_be_a_date_or_nonsense() {
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    for (value, expected) in [
        (
            "Sun, 22 Nov 2026 00:05:00 GMT",
            Some("2026-11-22T00:05:00Z".parse().unwrap()),
        ),
        ("soon", None),
        ("-5", None),
        ("99999999999999999999", None),
    ] {
        let answer = format!("HTTP/1.1 400 No\r\nretry-after: {value}\r\ncontent-length: 0\r\n\r\n");
        let reply = client()
            .send(Call::get(Server::answering(answer).await.url("/")))
            .await
            .unwrap();
        assert_eq!(reply.retry_after(now), expected, "{value}");
    }
}

#[tokio::test]
async fn a_send_is_not_repeated_and_a_fetch_only_reads() {
    let server = failing(9, "").await;
    let call = || Call::post(server.url("/")).json(&serde_json::json!({}));
    assert!(matches!(client().send(call()).await, Err(Error::Unknown(_))));
    assert_eq!(server.connections(), 1);
    assert!(client().fetch(call()).await.unwrap_err().is_unsent());
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_compressed_bomb_is_given_up_at_the_limit() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..256 {
        bomb.write_all(&vec![0; 65_536]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(
        bomb.len() < 64 * 1024,
        "it must pass for small: {} bytes",
        bomb.len()
    );
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        bomb.len()
    )
    .into_bytes();
    answer.extend(bomb);
    let server = Server::answering(answer).await;
    let answer = client().send(Call::get(server.url("/"))).await;
    assert!(
        matches!(answer, Err(Error::TooLarge { limit: 65_536 })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn an_endless_answer_is_given_up_at_the_limit() {
    let server = Server::on("127.0.0.1", |mut stream, _| async move {
        request(&mut stream).await?;
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
            .await?;
        loop {
            stream.write_all(&[b'x'; 8192]).await?;
        }
    })
    .await;
    let answer = client().send(Call::get(server.url("/")).max_body(10_000)).await;
    assert!(
        matches!(answer, Err(Error::TooLarge { limit: 10_000 })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn an_answer_that_drips_is_given_up_in_time() {
    for prefix in ["", "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"] {
        let server = Server::on("127.0.0.1", move |mut stream, _| async move {
            request(&mut stream).await?;
            stream.write_all(prefix.as_bytes()).await?;
            let mut drip = tokio::time::interval(Duration::from_millis(20));
            loop {
                drip.tick().await;
                stream
                    .write_all(if prefix.is_empty() { b"H" } else { b"x" })
                    .await?;
            }
        })
        .await;
        let call = Call::get(server.url("/")).timeout(Duration::from_millis(400));
        let answer = client().send(call).await;
        assert!(matches!(answer, Err(Error::Unknown(_))), "{prefix:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_client_survives_many_calls_at_once() {
    let server = Server::answering(FINE).await;
    let client = Client::new(settings()).unwrap();
    let calls = (0..50).map(|_| client.fetch(Call::get(server.url("/"))));
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!(answer.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_file_comes_in_pieces_and_within_its_limit() {
    let length = 3_000_000;
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into_bytes();
    answer.extend(vec![7; length]);
    let server = Server::answering(answer).await;
    let download = client()
        .download(Call::get(server.url("/film.mp4")), 3_000_000)
        .await
        .unwrap();
    assert_eq!(
        (download.status.as_u16(), download.url.path()),
        (200, "/film.mp4")
    );
    let pieces: Vec<_> = download.body.try_collect().await.unwrap();
    assert!(pieces.len() > 1);
    assert_eq!(pieces.concat().len(), length);
    let download = client()
        .download(Call::get(server.url("/film.mp4")), 2_999_999)
        .await
        .unwrap();
    let refused = download.body.try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(refused, Error::TooLarge { limit: 2_999_999 }));
}

#[tokio::test]
async fn a_file_is_not_fetched_from_where_nothing_is() {
    let refused = Client::new(chancery_http::Settings::default())
        .unwrap()
        .download(Call::get("http://127.0.0.1:9999/".parse().unwrap()), 10)
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Blocked(_)), "{refused:?}");
    let cut = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ncut").await;
    let download = client().download(Call::get(cut.url("/")), 10).await.unwrap();
    assert!(matches!(
        download.body.try_collect::<Vec<_>>().await,
        Err(Error::Unknown(_))
    ));
}
