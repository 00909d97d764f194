//! Without scripts: a plain form brings the files.

use axum::Router;
use http::{Method, StatusCode};

use super::{Site, hash, named};

const BOUNDARY: &str = "----chancery";

pub fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn send(site: &Site, body: Vec<u8>) -> super::Answer {
    send_to(&site.router, "/assets/uploads", body).await
}

pub async fn send_to(router: &Router, path: &str, body: Vec<u8>) -> super::Answer {
    let mime = format!("multipart/form-data; boundary={BOUNDARY}");
    super::ask(router, Method::POST, path, &[("content-type", &mime)], body).await
}

#[tokio::test]
async fn several_files_arrive_with_one_press_of_a_button() {
    let site = Site::new().await;
    let unit = named(site.rig.agency);
    let fields = [("csrf", "x"), ("unit", unit.as_str()), ("batch", "Chiêu đãi")];
    let large = super::pattern(9_000_000);
    let answer = send(&site, form(&fields, &[("1.jpg", b"one"), ("2.mp4", &large)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header("location").starts_with("/assets/uploads?batch="));
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(
        site.originals().await,
        [
            ("1.jpg".to_owned(), hash(b"one")),
            ("2.mp4".to_owned(), hash(&large))
        ]
    );
    let page = site
        .ask(
            Method::GET,
            answer.header("location"),
            &[("accept", "text/html")],
            "",
        )
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("2.mp4"), "{}", page.body);
}

#[tokio::test]
async fn a_form_without_files_or_for_another_unit_is_refused() {
    let site = Site::new().await;
    let own = named(site.rig.agency);
    let none = send(&site, form(&[("unit", own.as_str())], &[])).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = named(site.rig.paris);
    let refused = send(&site, form(&[("unit", foreign.as_str())], &[("1.jpg", b"one")])).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut cut = form(&[("unit", own.as_str())], &[("1.jpg", b"one")]);
    cut.truncate(cut.len() - 30);
    assert!(send(&site, cut).await.status.is_client_error() || site.originals().await.is_empty());
    site.work().await;
    assert!(site.originals().await.is_empty());
    let left: i64 = sqlx::query_scalar("select count(*) from assets.uploads")
        .fetch_one(site.rig.db.owner())
        .await
        .unwrap();
    assert_eq!(left, 0);
}
