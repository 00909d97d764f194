//! Bytes for which their sender vouches.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use super::{Answer, PATH, STREAM, Site, hash, metadata, pattern};

async fn vouched(site: &Site, path: &str, offset: usize, sum: &str, bytes: &[u8]) -> Answer {
    let offset = offset.to_string();
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", offset.as_str()),
        ("content-type", STREAM),
        ("upload-checksum", sum),
    ];
    site.ask(Method::PATCH, path, &headers, Body::from(bytes.to_vec()))
        .await
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)))
}

#[tokio::test]
async fn a_part_that_was_spoilt_on_the_way_is_dropped_and_sent_again() {
    let site = Site::new().await;
    // Longer than a piece of the store: the first of it is written before the last has come.
    let bytes = pattern(9_000_000);
    let path = site.create("film.mp4", bytes.len()).await.location();
    let (first, rest) = bytes.split_at(1_000);
    let answer = vouched(&site, &path, 0, &sha256(first), first).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);

    let mut spoilt = rest.to_vec();
    spoilt[8_500_000] ^= 1;
    let answer = vouched(&site, &path, 1_000, &sha256(rest), &spoilt).await;
    assert_eq!(answer.status.as_u16(), 460);
    assert!(answer.body.contains("not what was sent"), "{}", answer.body);
    assert_eq!(site.head(&path).await.header("upload-offset"), "1000");
    assert_eq!(site.status(&path).await["state"], "receiving");

    // At another place nothing is dropped.
    let answer = vouched(&site, &path, 0, &sha256(rest), rest).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(site.head(&path).await.header("upload-offset"), "1000");

    let answer = vouched(&site, &path, 1_000, &sha256(rest), rest).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    site.work().await;
    assert_eq!(site.originals().await[0].1, hash(&bytes));
}

#[tokio::test]
async fn the_older_sum_is_understood_and_no_other() {
    let site = Site::new().await;
    let path = site.create("a.txt", 11).await.location();
    // printf 'hello world' | openssl sha1 -binary | base64
    let answer = vouched(
        &site,
        &path,
        0,
        "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
        b"hello world",
    )
    .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    let path = site.create("a.txt", 11).await.location();
    let answer = vouched(&site, &path, 0, "md5 XrY7u+Ae7tCTyyK7j1rNww==", b"hello world").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("Upload-Checksum"), "{}", answer.body);
    assert_eq!(site.head(&path).await.header("upload-offset"), "0");
}

#[tokio::test]
async fn a_first_request_with_spoilt_bytes_makes_nothing() {
    let site = Site::new().await;
    let metadata = metadata(&[("filename", "a.txt"), ("unit", &site.rig.agency.to_string())]);
    let sum = sha256(b"12345");
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", "5"),
        ("upload-metadata", metadata.as_str()),
        ("content-type", STREAM),
        ("upload-checksum", sum.as_str()),
    ];
    let answer = site.ask(Method::POST, PATH, &headers, "12346").await;
    assert_eq!(answer.status.as_u16(), 460);
    let uploads: i64 = sqlx::query_scalar("select count(*) from assets.uploads")
        .fetch_one(site.rig.db.owner())
        .await
        .unwrap();
    assert_eq!(uploads, 0);
}
