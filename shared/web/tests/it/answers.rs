//! Problems, redirects and flashes in the form that fits who asked.

use http::StatusCode;
use serde_json::json;

use crate::fixture::{Answer, Site, signed_in};

const ENGLISH: (&str, &str) = ("accept-language", "en");

#[tokio::test]
async fn a_problem_is_a_page_a_fragment_or_problem_json_in_both_languages() {
    let site = Site::new().await;
    let page = site.get("/nowhere", &[ENGLISH]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.body.contains("<h1>Not found</h1>") && page.body.contains("There is nothing at this address")
    );
    assert!(
        site.get("/nowhere", &[])
            .await
            .body
            .contains("<h1>Không tìm thấy</h1>")
    );

    let fragment = site.get("/nowhere", &[ENGLISH, ("hx-request", "true")]).await;
    assert!(
        fragment.body.starts_with("<div class=\"alert alert-danger"),
        "{}",
        fragment.body
    );
    assert!(fragment.body.contains("There is nothing at this address"));

    for (language, title) in [
        (ENGLISH, "Not found"),
        (("accept-language", "vi"), "Không tìm thấy"),
    ] {
        let problem = site.get("/api/v1/nowhere", &[language]).await;
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.json()["title"], title);
        assert_eq!(problem.json()["status"], 404);
        assert_eq!(problem.json()["request_id"], problem.header("x-request-id"));
    }
}

#[tokio::test]
async fn a_page_says_what_happened_what_was_kept_and_what_to_do() {
    let site = Site::new().await;
    let cookie = format!("{}; language=en", signed_in());
    let page = site.get("/broken", &[("cookie", &cookie)]).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    for part in [
        "Something went wrong on our side.",
        "What was saved before is safe.",
        "tell the administrator",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(page.body.contains(page.header("x-request-id")));
    assert!(!page.body.contains("secret detail"));
}

#[tokio::test]
async fn a_panic_is_an_error_page_and_the_server_goes_on() {
    let site = Site::new().await;
    let page = site.get_as_lan("/panic", &[]).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.body.contains("Hệ thống gặp lỗi khi xử lý."));
    assert_eq!(site.get_as_lan("/notes", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn problem_json_names_fields_and_carries_arguments() {
    let site = Site::new().await;
    let answer = site
        .get_as_lan("/conflict", &[("accept", "application/json"), ENGLISH])
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let problem = answer.json();
    assert_eq!(problem["errors"][0]["field"], "a/b");
    assert_eq!(problem["errors"][0]["code"], "problem-csrf");
    assert_eq!(problem["arguments"], json!({ "id": "<script>alert(1)</script>" }));
}

#[tokio::test]
async fn a_refused_form_shows_the_problem_with_its_status() {
    let site = Site::new().await;
    let answer = site.get_as_lan("/refused", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Những gì đã nhập vẫn còn trong biểu mẫu."));
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let site = Site::new().await;
    let answer = site.post("/session", &[], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert!(answer.body.contains("<html"));
}

async fn saved(site: &Site, extra: &[(&str, &str)]) -> Answer {
    let token = site.csrf().await;
    let mut headers = vec![("cookie", signed_in()), ("x-csrf-token", token.as_str())];
    headers.extend_from_slice(extra);
    site.post("/notes", &headers, "text=done").await
}

#[tokio::test]
async fn a_flash_is_shown_once_on_the_next_page() {
    let site = Site::new().await;
    let answer = saved(&site, &[]).await;
    let flash = answer
        .cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("flash="))
        .unwrap()
        .to_owned();
    assert!(flash.contains("HttpOnly") && flash.contains("SameSite=Lax"));
    let cookie = format!("{}; {}", signed_in(), flash.split(';').next().unwrap());
    let page = site.get("/notes", &[("cookie", &cookie)]).await;
    assert!(page.body.contains("Mã yêu cầu done0"), "{}", page.body);
    assert!(page.cookies().iter().any(|cookie| cookie.starts_with("flash=; ")));
    // A fragment that loads meanwhile neither shows nor takes it.
    let fragment = site
        .get("/notes", &[("cookie", &cookie), ("hx-request", "true")])
        .await;
    assert!(fragment.cookies().is_empty());
}

#[tokio::test]
async fn a_redirect_moves_the_whole_page_of_htmx() {
    let site = Site::new().await;
    let answer = saved(&site, &[("hx-request", "true")]).await;
    assert_eq!(
        (answer.status, answer.header("hx-redirect")),
        (StatusCode::OK, "/notes")
    );
    assert!(answer.cookies().iter().any(|cookie| cookie.starts_with("flash=")));
}

#[tokio::test]
async fn a_failed_button_leaves_its_surroundings_alone() {
    let site = Site::new().await;
    let answer = site
        .post(
            "/notes",
            &[("cookie", signed_in()), ("hx-request", "true")],
            "text=a",
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("hx-retarget"), "#problems");
}

#[tokio::test]
async fn every_answer_carries_strict_headers() {
    let site = Site::new().await;
    for path in [
        "/notes",
        "/nowhere",
        "/static/app.css",
        "/api/openapi.json",
        "/broken",
    ] {
        let answer = site.get_as_lan(path, &[]).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("style-src 'self'"),
            "{path}: {policy}"
        );
        assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"));
        assert!(
            !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn the_apis_description_is_one_document() {
    let site = Site::new().await;
    let answer = site.get("/api/openapi.json", &[]).await;
    assert_eq!(answer.json()["info"]["title"], "Chancery");
    let again = site
        .get("/api/openapi.json", &[("if-none-match", answer.header("etag"))])
        .await;
    assert_eq!(
        (again.status, again.body.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
}
