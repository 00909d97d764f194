//! Who may come in, and where the others are sent.

use chancery_web::Access;
use http::StatusCode;

use crate::fixture::{API_TOKEN, Site, signed_in};

#[tokio::test]
async fn a_page_sends_strangers_to_the_sign_in_page_and_back() {
    let site = Site::new().await;
    let answer = site.get("/notes?after=1", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?next=%2Fnotes%3Fafter%3D1");
    assert_eq!(site.get("/", &[]).await.header("location"), "/sign-in");
}

#[tokio::test]
async fn a_fragment_says_401_so_that_the_page_can_stay() {
    let site = Site::new().await;
    let answer = site.get("/notes", &[("hx-request", "true")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.body.contains("<html"));
}

#[tokio::test]
async fn a_session_opens_what_its_roles_may_and_nothing_else() {
    let site = Site::new().await;
    assert_eq!(site.get_as_lan("/notes", &[]).await.status, StatusCode::OK);
    let refused = site.get_as_lan("/machine", &[("cookie", "language=en")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused
            .body
            .contains("None of your roles may manage background work."),
        "{}",
        refused.body
    );
    assert_eq!(
        site.get("/notes", &[("cookie", "chancery=guessed")]).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn an_ended_session_opens_nothing() {
    let site = Site::new().await;
    sqlx::query("update identity.sessions set expires_at = now()")
        .execute(site.database.owner())
        .await
        .unwrap();
    assert_eq!(site.get_as_lan("/notes", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_works_for_its_scopes_under_the_api_only() {
    let site = Site::new().await;
    let bearer = format!("Bearer {API_TOKEN}");
    let with_token = [("authorization", bearer.as_str())];
    assert_eq!(
        site.get("/api/v1/notes", &with_token).await.json(),
        serde_json::json!(["one"])
    );
    assert_eq!(
        site.get("/notes", &with_token).await.status,
        StatusCode::FORBIDDEN
    );

    let headers = [with_token[0], ("content-type", "application/json")];
    let refused = site.post("/api/v1/notes", &headers[..1], "text=a").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(
        refused.json()["type"],
        "urn:chancery:problem:refused-out-of-scope"
    );

    let stranger = site
        .get("/api/v1/notes", &[("authorization", "Bearer guessed")])
        .await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stranger.header("content-type"), "application/problem+json");
    assert!(stranger.header("www-authenticate").starts_with("Bearer"));
}

#[tokio::test]
async fn a_session_may_read_the_api_too() {
    let site = Site::new().await;
    assert_eq!(site.get_as_lan("/api/v1/notes", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_language_is_what_was_said_last_then_the_persons_then_the_browsers() {
    let site = Site::new().await;
    let lang_of = |body: String| {
        body.split("lang=\"")
            .nth(1)
            .unwrap()
            .chars()
            .take(2)
            .collect::<String>()
    };
    let english = ("accept-language", "en-GB,en;q=0.9");
    assert_eq!(lang_of(site.get("/nowhere", &[]).await.body), "vi");
    assert_eq!(lang_of(site.get("/nowhere", &[english]).await.body), "en");
    assert_eq!(lang_of(site.get_as_lan("/notes", &[english]).await.body), "vi");
    let cookie = format!("{}; language=en", signed_in());
    assert_eq!(
        lang_of(site.get("/notes", &[("cookie", &cookie)]).await.body),
        "en"
    );
    let asked = site.get("/notes?lang=vi", &[("cookie", &cookie)]).await;
    assert!(
        asked
            .cookies()
            .iter()
            .any(|cookie| cookie.starts_with("language=vi; "))
    );
    assert_eq!(lang_of(asked.body), "vi");
}

#[tokio::test]
async fn headquarters_clock_is_the_root_units() {
    let site = Site::new().await;
    let page = site.get_as_lan("/notes", &[]).await;
    assert!(page.body.contains("02/09/2026"));
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn when_the_database_is_gone_a_page_says_so() {
    let site = Site::new().await;
    let pool = site.database.service(chancery_contracts::Service::Calendar);
    pool.close().await;
    let config = chancery_web::ShellConfig::default();
    let clock = chancery_clock::SystemClock::shared();
    let shell = chancery_web::Shell::new(config, pool, clock).unwrap();
    let site = Site {
        app: shell.app(vec![]),
        shell,
        ..site
    };
    let answer = site.get_as_lan("/", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "10");
    assert!(answer.body.contains("Cơ sở dữ liệu tạm thời không phản hồi."));
}

#[tokio::test]
async fn every_route_states_who_may_use_it_and_openness_has_a_reason() {
    let site = Site::new().await;
    let open: Vec<_> = site
        .app
        .routes
        .iter()
        .filter(|route| route.service.is_none())
        .filter_map(|route| match route.access {
            Access::Public(reason) => {
                assert!(reason.len() > 15, "{} gives no reason", route.path);
                Some(route.path.as_str())
            }
            _ => None,
        })
        .collect();
    assert_eq!(open, ["/static/{*path}", "/favicon.ico", "/api/openapi.json"]);
}
