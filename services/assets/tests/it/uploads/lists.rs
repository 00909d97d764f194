//! Lists of addresses, fetched from a server of the test's own.

use axum::Router;
use axum::routing::get;
use http::{Method, StatusCode};

use super::{PATH, Site, hash, metadata, named, pattern};

async fn server() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/%E1%BA%A3nh.jpg", get(|| async { pattern(400_000) }))
        .route(
            "/moved",
            get(|| async { (StatusCode::FOUND, [("location", "/%E1%BA%A3nh.jpg")]) }),
        )
        .route("/secret", get(|| async { StatusCode::FORBIDDEN }))
        .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/empty", get(|| async { "" }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn every_line_is_fetched_or_told() {
    let site = Site::new().await;
    let address = server().await;
    let list = format!(
        "Tên;Địa chỉ\n1;http://{address}/%E1%BA%A3nh.jpg\n2;http://{address}/gone\n3;http://{address}/secret\n\
         4;http://10.0.0.1/x.jpg\n5;ftp://{address}/x\n6;http://{address}/empty\n7;http://{address}/broken\n"
    );
    let metadata = metadata(&[
        ("filename", "list.csv"),
        ("unit", &named(site.rig.agency)),
        ("content", "addresses"),
    ]);
    let length = list.len().to_string();
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", length.as_str()),
        ("upload-metadata", metadata.as_str()),
        ("content-type", "application/offset+octet-stream"),
    ];
    let path = site.ask(Method::POST, PATH, &headers, list).await.location();
    // Whatever answers with an error of its own is asked three times, later each time.
    for _ in 0..4 {
        assert_eq!(site.work().await.dead, 0);
        site.rig.clock.advance(std::time::Duration::from_hours(1));
    }
    assert_eq!(site.status(&path).await["state"], "done");
    let told = site
        .entries()
        .await
        .into_iter()
        .map(|entry| entry.2)
        .collect::<Vec<_>>();
    let reason = |key: &str| Some(key.to_owned());
    assert_eq!(
        told,
        [
            None,
            reason("uploads-address-gone"),
            reason("uploads-address-forbidden"),
            reason("uploads-address-private"),
            reason("uploads-address-unreadable"),
            reason("media-refused-empty"),
            reason("uploads-address-silent"),
        ]
    );
    assert_eq!(
        site.originals().await,
        [("ảnh.jpg".to_owned(), hash(&pattern(400_000)))]
    );
    // A message that comes twice changes nothing.
    site.uploads().finish(super::id_of(&path)).await.unwrap();
    assert_eq!(site.status(&path).await["state"], "done");
}
