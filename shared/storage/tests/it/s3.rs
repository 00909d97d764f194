//! The store in a bucket of a real S3 server, and without one.

use std::time::Duration;

use chancery_clock::TestClock;
use chancery_storage::testing::S3Server;
use chancery_storage::{S3Settings, StorageError, Store};
use futures_util::StreamExt;
use uuid::Uuid;

use crate::scenarios;

fn clock() -> TestClock {
    TestClock::at("2026-09-02T02:00:00Z".parse().unwrap())
}

async fn server() -> S3Server {
    tokio::task::spawn_blocking(S3Server::start).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_does_what_a_folder_does_until_its_server_is_gone() {
    let mut server = server().await;
    let clock = clock();
    let store = Store::s3(&server.settings(), clock.shared()).unwrap();
    scenarios::all(&store).await;

    // Pieces that nobody continues are swept when their time is over, by the server's clock.
    let staging = store.staging(Uuid::now_v7());
    let half = futures_util::stream::iter([Ok::<_, String>("half".into())]);
    staging.append(half, 0, 100).await.unwrap();
    assert_eq!(store.sweep().await.unwrap(), 0, "it may still be under way");
    clock.set("2120-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(store.sweep().await.unwrap(), 1);
    assert_eq!(staging.size().await.unwrap(), 0);

    let hash = store.put("what was there".into()).await.unwrap();
    let wrong = S3Settings {
        secret_key: "guessed".to_owned(),
        ..server.settings()
    };
    let stranger = Store::s3(&wrong, clock.shared()).unwrap();
    assert!(
        stranger.read(hash, 100).await.is_err(),
        "a wrong key opens nothing"
    );
    let elsewhere = S3Settings {
        bucket: "nobody-made-it".to_owned(),
        ..server.settings()
    };
    let nowhere = Store::s3(&elsewhere, clock.shared()).unwrap();
    assert!(matches!(nowhere.get(hash).await, Err(StorageError::NotFound(_))));

    server.kill();
    let began = std::time::Instant::now();
    let failures = [
        store.read(hash, 100).await.err(),
        store.put("something new".into()).await.err(),
        store.probe().await.err(),
        store.list().next().await.and_then(Result::err),
        store.staging(Uuid::now_v7()).size().await.err(),
    ];
    for failure in failures {
        let failure = failure.unwrap();
        assert!(failure.passes(), "it may be back later: {failure:?}");
    }
    assert!(
        began.elapsed() < Duration::from_mins(1),
        "nobody is kept waiting for long"
    );
}

#[tokio::test]
async fn plain_http_is_spoken_only_where_it_is_allowed() {
    let settings = S3Settings {
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        region: "us-east-1".to_owned(),
        bucket: "chancery".to_owned(),
        access_key: "key".to_owned(),
        secret_key: "a secret".to_owned(),
        path_style: true,
        allow_http: false,
    };
    assert!(!format!("{settings:?}").contains("a secret"));
    let store = Store::s3(&settings, clock().shared()).unwrap();
    let refused = store.probe().await.unwrap_err().to_string();
    assert!(!refused.contains("a secret"), "{refused}");
}
