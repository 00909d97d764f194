//! Lines that hold, break, hang and come back.

use axum::body::{Body, Bytes};
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{PATH, Site, hash, id_of, metadata, pattern};

#[tokio::test]
async fn a_file_arrives_in_one_go_and_becomes_a_draft() {
    let site = Site::new().await;
    let bytes = pattern(200_000);
    let path = site.put("Quốc khánh/ảnh 1.jpg", &bytes).await;
    assert_eq!(site.status(&path).await["state"], "received");
    assert_eq!(site.work().await.dead, 0);
    let status = site.status(&path).await;
    assert_eq!(
        (&status["state"], &status["received"]),
        (&"done".into(), &200_000.into())
    );
    assert!(status["asset"].is_string());
    assert_eq!(site.originals().await, [("ảnh 1.jpg".to_owned(), hash(&bytes))]);
    let staging = site.rig.library.store.staging(id_of(&path));
    assert_eq!(staging.size().await.unwrap(), 0, "the pieces are gone");
}

#[tokio::test]
async fn a_small_file_needs_one_request() {
    let site = Site::new().await;
    let metadata = metadata(&[("filename", "a.txt"), ("unit", &site.rig.agency.to_string())]);
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", "5"),
        ("upload-metadata", metadata.as_str()),
        ("content-type", "application/offset+octet-stream"),
    ];
    let answer = site.ask(Method::POST, PATH, &headers, "12345").await;
    let path = answer.location();
    assert_eq!(answer.header("upload-offset"), "5");
    assert_eq!(site.status(&path).await["state"], "received");
}

#[tokio::test]
async fn what_arrives_is_kept_piece_by_piece() {
    let site = Site::new().await;
    let bytes = pattern(100_000);
    let created = site.create("film.mp4", bytes.len()).await;
    assert_eq!(created.header("upload-expires"), "Tue, 08 Sep 2026 03:00:00 GMT");
    let path = created.location();
    for (from, to) in [(0, 1), (1, 70_000), (70_000, 100_000)] {
        let head = site.head(&path).await;
        assert_eq!(
            (head.header("upload-offset"), head.header("upload-length")),
            (from.to_string().as_str(), "100000")
        );
        assert_eq!(head.header("cache-control"), "no-store");
        assert!(head.header("upload-metadata").starts_with("filename "));
        let answer = site.patch(&path, from, bytes[from..to].to_vec()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("upload-offset"), to.to_string());
    }
    // Whoever did not hear the last answer asks, and hears that it is whole.
    assert_eq!(site.head(&path).await.header("upload-offset"), "100000");
    site.work().await;
    assert_eq!(site.originals().await[0].1, hash(&bytes));
}

#[tokio::test]
async fn a_broken_line_loses_nothing() {
    let site = Site::new().await;
    let bytes = pattern(300_000);
    let path = site.create("film.mp4", bytes.len()).await.location();
    let address = serve(&site).await;
    let mut line = begin(address, &path, 0, bytes.len()).await;
    line.write_all(&bytes[..123_456]).await.unwrap();
    line.flush().await.unwrap();
    claimed(&site, &path, true).await;
    drop(line);
    claimed(&site, &path, false).await;
    let offset: usize = site.head(&path).await.header("upload-offset").parse().unwrap();
    assert_eq!(offset, 123_456);
    let answer = site.patch(&path, offset, bytes[offset..].to_vec()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    site.work().await;
    assert_eq!(site.originals().await[0].1, hash(&bytes));
}

#[tokio::test]
async fn who_asks_how_far_it_is_ends_a_connection_that_hangs() {
    let site = Site::new().await;
    let bytes = pattern(50_000);
    let path = site.create("film.mp4", bytes.len()).await.location();
    let address = serve(&site).await;
    // The line is dead and nobody has noticed: nothing comes, nothing closes.
    let mut dead = begin(address, &path, 0, bytes.len()).await;
    dead.write_all(&bytes[..10_000]).await.unwrap();
    claimed(&site, &path, true).await;
    assert_eq!(
        site.patch(&path, 0, bytes.clone()).await.status,
        StatusCode::LOCKED,
        "two cannot write at once"
    );
    // As much of it as had been read from the line.
    let offset: usize = site.head(&path).await.header("upload-offset").parse().unwrap();
    assert!(offset <= 10_000);
    let answer = site.patch(&path, offset, bytes[offset..].to_vec()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    // The one who was ended was told how far it had come.
    let mut told = Vec::new();
    // The connection may be reset behind the answer, since not all of the body was read.
    drop(dead.read_to_end(&mut told).await);
    let told = String::from_utf8(told).unwrap();
    assert!(told.starts_with("HTTP/1.1 204"), "{told}");
    assert!(told.contains(&format!("upload-offset: {offset}\r\n")), "{told}");
    site.work().await;
    assert_eq!(site.originals().await[0].1, hash(&bytes));
}

#[tokio::test]
async fn of_two_who_write_at_once_one_waits() {
    let site = Site::new().await;
    let path = site.create("a.bin", 10).await.location();
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
    let body = Body::from_stream(futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|bytes| (bytes, receiver))
    }));
    let first = site.patch(&path, 0, body);
    let second = async {
        sender.send(Ok(Bytes::from_static(b"01234"))).await.unwrap();
        claimed(&site, &path, true).await;
        let second = site.patch(&path, 0, "0123456789").await;
        assert_eq!(second.status, StatusCode::LOCKED);
        assert!(second.body.contains("another connection"), "{}", second.body);
        assert_eq!(second.header("retry-after"), "2");
        sender.send(Ok(Bytes::from_static(b"56789"))).await.unwrap();
        drop(sender);
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(
        (first.status, first.header("upload-offset")),
        (StatusCode::NO_CONTENT, "10")
    );
}

#[tokio::test]
async fn whoever_finishes_second_changes_nothing() {
    let site = Site::new().await;
    let path = site.put("a.jpg", b"the same").await;
    let uploads = site.uploads();
    let (one, two) = tokio::join!(uploads.finish(id_of(&path)), uploads.finish(id_of(&path)));
    // One may find the pieces gone that the other has finished with; the job tries again.
    assert!(one.is_ok() || two.is_ok());
    site.work().await;
    uploads.finish(id_of(&path)).await.unwrap();
    assert_eq!(site.originals().await.len(), 1);
}

#[tokio::test]
async fn an_upload_whose_last_answer_was_lost_in_a_crash_is_taken_further() {
    let site = Site::new().await;
    let path = site.create("a.jpg", 4).await.location();
    // The bytes lie in the store, and the process died before it wrote that down.
    let staging = site.rig.library.store.staging(id_of(&path));
    let bytes = futures_util::stream::iter([Ok::<_, String>(Bytes::from_static(b"jpeg"))]);
    staging.append(bytes, 0, 4).await.unwrap();
    assert_eq!(site.status(&path).await["state"], "receiving");
    assert_eq!(site.head(&path).await.header("upload-offset"), "4");
    assert_eq!(site.status(&path).await["state"], "received");
    site.work().await;
    assert_eq!(site.originals().await.len(), 1);
}

#[tokio::test]
async fn what_nobody_goes_on_with_is_removed_after_a_week() {
    let site = Site::new().await;
    let path = site.create("a.bin", 10).await.location();
    site.patch(&path, 0, "01234").await;
    let day = std::time::Duration::from_hours(24);
    site.rig.clock.advance(day * 6);
    assert_eq!(site.uploads().sweep().await.unwrap(), 0);
    assert_eq!(site.head(&path).await.header("upload-offset"), "5");
    site.rig.clock.advance(day * 2);
    assert_eq!(site.head(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.uploads().sweep().await.unwrap(), 1);
    let staging = site.rig.library.store.staging(id_of(&path));
    assert_eq!(staging.size().await.unwrap(), 0);
}

/// Serves the site on a port of its own, until the test ends.
async fn serve(site: &Site) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = site.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Begins a `PATCH` whose body is still to be sent.
async fn begin(address: std::net::SocketAddr, path: &str, offset: usize, length: usize) -> TcpStream {
    let mut line = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {address}\r\ntus-resumable: 1.0.0\r\nupload-offset: {offset}\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        length - offset
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line
}

/// Waits until somebody writes to the upload, or nobody any more.
async fn claimed(site: &Site, path: &str, wanted: bool) {
    loop {
        let claimed: bool = sqlx::query_scalar("select writer is not null from assets.uploads where id = $1")
            .bind(id_of(path))
            .fetch_one(site.rig.db.owner())
            .await
            .unwrap();
        if claimed == wanted {
            return;
        }
        tokio::task::yield_now().await;
    }
}
