//! Bad input: refused with a reason, before any handler sees it.

use http::StatusCode;

use crate::fixture::{API_TOKEN, Site, signed_in};

async fn posted(site: &Site, form: String) -> crate::fixture::Answer {
    let token = site.csrf().await;
    site.post(
        "/notes",
        &[("cookie", signed_in()), ("x-csrf-token", &token)],
        form,
    )
    .await
}

#[tokio::test]
async fn fifty_thousand_characters_in_four_languages_fit_in_a_form() {
    let site = Site::new().await;
    // Nine bytes for one letter, as forms encode it.
    let text = "%E1%BA%BF".repeat(50_000);
    let answer = posted(
        &site,
        format!("text=x&tags={text}&tags={text}&tags={text}&tags={text}"),
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_oversized_form_is_refused_with_a_reason() {
    let site = Site::new().await;
    let answer = posted(&site, format!("text={}", "a".repeat(chancery_web::FORM_LIMIT))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        answer.body.contains("Dung lượng vượt mức cho phép."),
        "{}",
        answer.body
    );
    // Without the header the form itself is searched for the token, within the same bound.
    let form = format!("text={}&csrf=x", "a".repeat(chancery_web::FORM_LIMIT));
    let answer = site.post("/notes", &[("cookie", signed_in())], form).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn text_that_is_not_utf8_or_holds_nul_is_refused() {
    let site = Site::new().await;
    for form in ["text=%ff%fe", "text=%C3%28", "text=a%00b", "%ff=a&text=b"] {
        let answer = posted(&site, form.to_owned()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(
            answer.body.contains("Nội dung có ký tự không đọc được."),
            "{form}"
        );
    }
    assert_eq!(
        site.get_as_lan("/find?text=%ff", &[]).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn json_is_held_to_the_same() {
    let site = Site::new().await;
    sqlx::query("update identity.tokens set scopes = array['item.write']")
        .execute(site.database.owner())
        .await
        .unwrap();
    let bearer = format!("Bearer {API_TOKEN}");
    let send = |kind: &'static str, body: &'static [u8]| {
        let (site, bearer) = (&site, bearer.as_str());
        async move {
            let request = http::Request::post("/api/v1/notes")
                .header("authorization", bearer)
                .header("content-type", kind);
            site.send(request.body(axum::body::Body::from(body)).unwrap())
                .await
        }
    };
    assert_eq!(send("application/json", br#"{"text":"ok"}"#).await.body, "ok");
    for body in [
        &b"{\"text\":\"\xff\"}"[..],
        b"{",
        br#"{"text":1}"#,
        br#"{"text":"\u0000"}"#,
        b"{}",
    ] {
        let answer = send("application/json", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert_eq!(
        send("text/plain", b"{}").await.json()["type"],
        "urn:chancery:problem:problem-not-json"
    );
}

#[tokio::test]
async fn a_missing_field_is_a_bad_request_that_can_be_read() {
    let site = Site::new().await;
    let answer = posted(&site, "other=1".to_owned()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("<html"));
}

#[tokio::test]
async fn tricks_with_paths_find_nothing() {
    let site = Site::new().await;
    for path in [
        "/static/../Cargo.toml",
        "/static/%2e%2e/%2e%2e/Cargo.toml",
        "/static//etc/passwd",
        "/static/manifest.json/..",
    ] {
        assert_eq!(site.get(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
