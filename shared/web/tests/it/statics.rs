//! The browser bundle. `make browser` (or any `make` target that needs it) writes it.

use http::StatusCode;

use crate::fixture::Site;

#[tokio::test]
async fn files_have_hashed_names_are_kept_for_ever_and_travel_compressed() {
    let site = Site::new().await;
    let page = site.get("/nowhere", &[]).await;
    let css = page
        .body
        .split('"')
        .find(|part| part.starts_with("/static/app-") && part.contains(".css"));
    let css = css.expect("the browser sources are not bundled; run: make browser");
    let plain = site.get(css, &[]).await;
    assert_eq!(plain.status, StatusCode::OK);
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(plain.header("content-type"), "text/css; charset=utf-8");
    for (coding, offer) in [("br", "gzip, br"), ("gzip", "gzip;q=0.5, br;q=0")] {
        let answer = site.get(css, &[("accept-encoding", offer)]).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn a_plain_name_leads_to_the_present_file_for_a_short_while() {
    let site = Site::new().await;
    let answer = site.get("/static/app.js", &[]).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (StatusCode::OK, "public, max-age=300")
    );
    assert_eq!(
        site.get("/static/nothing.js", &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_first_page_stays_under_200_kilobytes() {
    let site = Site::new().await;
    let page = site.get_as_lan("/notes", &[("accept-encoding", "br")]).await;
    let mut bytes = page
        .headers
        .get("content-length")
        .map_or(page.body.len(), |_| page.body.len());
    let html = site.get_as_lan("/notes", &[]).await.body;
    let linked = html
        .split('"')
        .filter(|part| part.starts_with("/static/"))
        .map(|part| part.split('#').next().unwrap());
    let mut files: Vec<_> = linked.collect();
    files.sort_unstable();
    files.dedup();
    // The fonts that a Vietnamese page draws with, besides those that it preloads.
    files.extend([
        "/static/be-vietnam-pro-vietnamese-600.woff2",
        "/static/be-vietnam-pro-latin-600.woff2",
    ]);
    for file in files {
        let response = tower::ServiceExt::oneshot(
            site.router(),
            http::Request::get(file)
                .header("accept-encoding", "br")
                .body(axum::body::Body::empty())
                .unwrap(),
        );
        let body = response.await.unwrap().into_body();
        bytes += http_body_util::BodyExt::collect(body)
            .await
            .unwrap()
            .to_bytes()
            .len();
    }
    assert!(bytes < 200_000, "{bytes}");
}
