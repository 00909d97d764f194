//! API tokens: shown once, no more than their scopes, until they end.

use std::time::Duration;

use axum::body::Body;
use http::{Method, StatusCode};

use crate::fixture::{Answer, Browser, World};

async fn call(browser: &Browser, token: &str, path: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    browser
        .send(Method::GET, path, &[("authorization", &bearer)], Body::empty())
        .await
}

async fn make(browser: &Browser, scopes: &[&str], days: &str) -> Answer {
    let mut form = vec![("name", "Monthly report"), ("days", days)];
    form.extend(scopes.iter().map(|scope| ("scopes", *scope)));
    browser.post("/me/tokens", &form).await
}

fn shown(answer: &Answer) -> String {
    let token = answer
        .body
        .split("Authorization: Bearer ")
        .nth(1)
        .unwrap_or_else(|| panic!("{}", answer.body));
    token
        .split('&')
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_no_more() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let token = shown(&make(&lan, &["unit.read"], "30").await);
    assert!(token.starts_with("chancery_"));
    let program = world.browser();
    assert_eq!(call(&program, &token, "/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(
        call(&program, &token, "/api/v1/audit").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        call(&program, &token, "/me").await.status,
        StatusCode::FORBIDDEN,
        "pages are for people"
    );
    assert!(!lan.get("/me").await.body.contains(&token), "shown once");
    assert_eq!(
        call(&program, "chancery_wrong", "/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_token_makes_no_tokens() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let bearer = format!("Bearer {}", shown(&make(&lan, &["unit.read"], "30").await));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let body = r#"{"name":"x","scopes":["unit.read"],"days":30}"#;
    let answer = lan
        .send(Method::POST, "/api/v1/tokens", &headers, Body::from(body))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_ends_when_it_expires_is_revoked_or_its_person_leaves() {
    for end in ["expiry", "revocation", "leaving"] {
        let world = World::new().await;
        // Made in the past: the database judges by its own clock.
        let lan = world.signed_in("lan").await;
        if end == "expiry" {
            let now = chancery_clock::Clock::now(&world.clock);
            world.clock.set(now - chrono::TimeDelta::days(31));
        }
        let token = shown(&make(&lan, &["unit.read"], "30").await);
        match end {
            "revocation" => {
                let page = lan.get("/me").await.body;
                let id = page
                    .split("/me/tokens/")
                    .nth(1)
                    .unwrap()
                    .split('/')
                    .next()
                    .unwrap()
                    .to_owned();
                let revoked = lan.post(&format!("/me/tokens/{id}/revoke"), &[]).await;
                assert_eq!(revoked.status, StatusCode::SEE_OTHER);
            }
            "leaving" => {
                let by = chancery_identity::By::default();
                world
                    .identity
                    .set_active(by, world.people["lan"], false)
                    .await
                    .unwrap();
            }
            _ => world.clock.advance(Duration::from_secs(1)),
        }
        assert_eq!(
            call(&world.browser(), &token, "/api/v1/me").await.status,
            StatusCode::UNAUTHORIZED,
            "{end}"
        );
    }
}

#[tokio::test]
async fn a_token_form_that_is_wrong_says_why() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    for (scopes, days, why) in [
        (vec![], "30", "at least one thing"),
        (vec!["everything"], "30", "at least one thing"),
        (vec!["unit.read"], "4000", "between one day and a year"),
        (vec!["unit.read"], "soon", "between one day and a year"),
    ] {
        let answer = make(&lan, &scopes, days).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.to_lowercase().contains(why), "{why}: {}", answer.body);
    }
}
