//! Nothing is changed for a page of another site.

use http::StatusCode;

use crate::fixture::{Site, signed_in};

#[tokio::test]
async fn a_form_without_the_sessions_token_is_refused() {
    let site = Site::new().await;
    let cookie = ("cookie", signed_in());
    for form in ["text=a", "text=a&csrf=", "text=a&csrf=guessed"] {
        let answer = site.post("/notes", &[cookie], form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
        assert!(answer.body.contains("Trang đã quá cũ"), "{}", answer.body);
    }
    assert_eq!(
        site.post("/notes", &[cookie, ("x-csrf-token", "guessed")], "text=a")
            .await
            .status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_token_is_accepted_in_the_form_and_in_the_header() {
    let site = Site::new().await;
    let (cookie, token) = (("cookie", signed_in()), site.csrf().await);
    let form = format!("csrf={token}&text=a&tags=x&tags=y");
    let answer = site.post("/notes", &[cookie], form).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/notes")
    );
    let answer = site
        .post("/notes", &[cookie, ("x-csrf-token", &token)], "text=a")
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_of_another_session_is_refused() {
    let site = Site::new().await;
    let token = site.csrf().await;
    sqlx::query("update identity.sessions set csrf_secret = $1")
        .bind([8_u8; 32].as_slice())
        .execute(site.database.owner())
        .await
        .unwrap();
    let answer = site
        .post(
            "/notes",
            &[("cookie", signed_in()), ("x-csrf-token", &token)],
            "text=a",
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_site_is_refused_even_at_open_forms() {
    let site = Site::new().await;
    assert_eq!(site.post("/open", &[], "text=a").await.body, "a");
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        assert_eq!(
            site.post("/open", &[foreign], "text=a").await.status,
            StatusCode::FORBIDDEN,
            "{foreign:?}"
        );
    }
}

#[tokio::test]
async fn a_file_needs_the_header_since_its_body_is_not_searched() {
    let site = Site::new().await;
    let token = site.csrf().await;
    let cookie = ("cookie", signed_in());
    let kind = ("content-type", "application/octet-stream");
    let upload = |headers: Vec<(&'static str, String)>| {
        let site = &site;
        async move {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let mut request = http::Request::post("/upload");
            for (name, value) in headers {
                request = request.header(name, value);
            }
            site.send(
                request
                    .body(axum::body::Body::from(vec![0; 5 * 1024 * 1024]))
                    .unwrap(),
            )
            .await
        }
    };
    let base = vec![(cookie.0, cookie.1.to_owned()), (kind.0, kind.1.to_owned())];
    assert_eq!(upload(base.clone()).await.status, StatusCode::FORBIDDEN);
    let with_token = base.into_iter().chain([("x-csrf-token", token)]).collect();
    assert_eq!(upload(with_token).await.body, (5 * 1024 * 1024).to_string());
}
