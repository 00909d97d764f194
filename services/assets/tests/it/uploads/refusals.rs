//! Every refusal, with its status and its sentence.

use axum::body::Body;
use http::{Method, StatusCode};

use super::{PATH, Site, ask, id_of, metadata, named};

/// A request's headers.
type Sent<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn the_protocol_says_what_it_can() {
    let site = Site::new().await;
    for path in [
        PATH.to_owned(),
        format!("{PATH}/0198f2b0-0000-7000-8000-000000000001"),
    ] {
        let answer = site.ask(Method::OPTIONS, &path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("tus-version"), "1.0.0");
        assert_eq!(answer.header("tus-max-size"), "5000000000");
        assert_eq!(
            answer.header("tus-extension"),
            "creation,creation-with-upload,termination,expiration,checksum"
        );
        assert_eq!(answer.header("tus-checksum-algorithm"), "sha1,sha256");
    }
}

#[tokio::test]
async fn what_cannot_begin_is_refused_with_a_reason() {
    let site = Site::new().await;
    let agency = named(site.rig.agency);
    let good = metadata(&[("filename", "a.jpg"), ("unit", &agency)]);
    let nowhere = metadata(&[
        ("filename", "a.jpg"),
        ("unit", "0198f2b0-0000-7000-8000-000000000001"),
    ]);
    let foreign = metadata(&[("filename", "a.jpg"), ("unit", &named(site.rig.paris))]);
    let gone = metadata(&[
        ("filename", "a.jpg"),
        ("unit", &agency),
        ("asset", "0198f2b0-0000-7000-8000-000000000001"),
    ]);
    let version = ("tus-resumable", "1.0.0");
    let cases: [(Sent<'_>, StatusCode, &str); 8] = [
        (
            &[("upload-length", "1"), ("upload-metadata", &good)],
            StatusCode::PRECONDITION_FAILED,
            "version",
        ),
        (
            &[("tus-resumable", "0.2.2"), ("upload-length", "1")],
            StatusCode::PRECONDITION_FAILED,
            "version",
        ),
        (
            &[version, ("upload-metadata", &good)],
            StatusCode::BAD_REQUEST,
            "Upload-Length",
        ),
        (
            &[version, ("upload-length", "1")],
            StatusCode::BAD_REQUEST,
            "unit",
        ),
        (
            &[
                version,
                ("upload-length", "5000000001"),
                ("upload-metadata", &good),
            ],
            StatusCode::PAYLOAD_TOO_LARGE,
            "5000 MB",
        ),
        (
            &[version, ("upload-length", "1"), ("upload-metadata", &foreign)],
            StatusCode::FORBIDDEN,
            "",
        ),
        (
            &[version, ("upload-length", "1"), ("upload-metadata", &nowhere)],
            StatusCode::NOT_FOUND,
            "",
        ),
        (
            &[version, ("upload-length", "1"), ("upload-metadata", &gone)],
            StatusCode::NOT_FOUND,
            "",
        ),
    ];
    for (headers, status, sentence) in cases {
        let answer = site.ask(Method::POST, PATH, headers, Body::empty()).await;
        assert_eq!(answer.status, status, "{headers:?} {}", answer.body);
        assert!(
            answer.body.replace(',', "").contains(sentence),
            "{headers:?} {}",
            answer.body
        );
        assert_eq!(answer.header("tus-resumable"), "1.0.0");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let told = answer.header("tus-version");
        assert_eq!(told == "1.0.0", status == StatusCode::PRECONDITION_FAILED);
    }
    let none: i64 = sqlx::query_scalar("select count(*) from assets.uploads")
        .fetch_one(site.rig.db.owner())
        .await
        .unwrap();
    assert_eq!(none, 0);
}

#[tokio::test]
async fn bytes_that_do_not_belong_there_are_refused() {
    let site = Site::new().await;
    let path = site.create("a.bin", 10).await.location();
    site.patch(&path, 0, "01234").await;
    for wrong in [0, 4, 6, 10] {
        let answer = site.patch(&path, wrong, "x").await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{wrong}");
        assert_eq!(answer.header("upload-offset"), "5");
    }
    let announced = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "5"),
        ("content-type", "application/offset+octet-stream"),
        ("content-length", "6"),
    ];
    let answer = site.ask(Method::PATCH, &path, &announced, "567890").await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    let answer = site.patch(&path, 5, "567890").await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    // The same without saying beforehand how much comes.
    let chunks = ["567", "890"].map(Ok::<_, std::io::Error>);
    let unannounced = Body::from_stream(futures_util::stream::iter(chunks));
    assert_eq!(
        site.patch(&path, 5, unannounced).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let plain = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "5"),
        ("content-type", "text/plain"),
    ];
    let answer = site.ask(Method::PATCH, &path, &plain, "56789").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let offset: usize = site.head(&path).await.header("upload-offset").parse().unwrap();
    assert_eq!(
        site.patch(&path, offset, "0123456789".get(offset..).unwrap())
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    // It is whole: nothing more belongs to it.
    assert_eq!(
        site.patch(&path, 0, "0123456789").await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn another_persons_upload_is_not_there() {
    let site = Site::new().await;
    let path = site.create("a.bin", 10).await.location();
    let thu = Site::router_for(&site.rig, &site.rig.thu);
    let version = [("tus-resumable", "1.0.0")];
    for method in [Method::HEAD, Method::GET, Method::DELETE] {
        let answer = ask(&thu, method.clone(), &path, &version, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
    }
    let append = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "0"),
        ("content-type", "application/offset+octet-stream"),
    ];
    assert_eq!(
        ask(&thu, Method::PATCH, &path, &append, "x").await.status,
        StatusCode::NOT_FOUND
    );
    // Who may only read puts nothing in.
    let reader = Site::router_for(&site.rig, &site.rig.reader);
    assert_eq!(
        ask(&reader, Method::POST, PATH, &version, Body::empty())
            .await
            .status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let site = Site::new().await;
    let path = site.create("a.bin", 10).await.location();
    site.patch(&path, 0, "01234").await;
    let version = [("tus-resumable", "1.0.0")];
    let answer = site.ask(Method::DELETE, &path, &version, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(site.head(&path).await.status, StatusCode::NOT_FOUND);
    let staging = site.rig.library.store.staging(id_of(&path));
    assert_eq!(staging.size().await.unwrap(), 0);
}

#[tokio::test]
async fn an_empty_file_is_told_and_is_no_asset() {
    let site = Site::new().await;
    let path = site.create("nothing.jpg", 0).await.location();
    site.work().await;
    let status = site.status(&path).await;
    assert_eq!(
        (&status["state"], &status["refusal"]),
        (&"refused".into(), &"media-refused-empty".into())
    );
    assert!(site.originals().await.is_empty());
}
