//! Sessions: how they end, and that an old one is worth nothing.

use std::time::Duration;

use chancery_clock::Clock;
use chrono::TimeDelta;
use http::StatusCode;

use crate::fixture::{Browser, PASSWORD, World, email};

async fn is_in(browser: &Browser) -> bool {
    browser.get("/me").await.status == StatusCode::OK
}

/// Signs in as if it had been `ago`; the database judges by its own clock.
async fn signed_in_ago(world: &World, ago: TimeDelta) -> Browser {
    world.give_password("lan").await;
    world.clock.set(world.clock.now() - ago);
    let browser = world.browser();
    browser.sign_in(&email("lan"), PASSWORD).await;
    browser
}

#[tokio::test]
async fn a_session_ends_after_an_hour_of_rest() {
    let world = World::new().await;
    assert!(is_in(&signed_in_ago(&world, TimeDelta::minutes(55)).await).await);
    let world = World::new().await;
    assert!(!is_in(&signed_in_ago(&world, TimeDelta::minutes(61)).await).await);
}

#[tokio::test]
async fn a_session_in_use_ends_after_a_working_day() {
    for (ago, stands) in [(TimeDelta::hours(11), true), (TimeDelta::hours(12), false)] {
        let world = World::new().await;
        let browser = signed_in_ago(&world, ago).await;
        world.sql("update identity.sessions set last_seen = now()").await;
        assert_eq!(is_in(&browser).await, stands, "{ago}");
    }
}

#[tokio::test]
async fn a_request_keeps_a_session_awake_and_writes_at_most_once_a_minute() {
    let world = World::new().await;
    let browser = signed_in_ago(&world, TimeDelta::minutes(50)).await;
    assert!(is_in(&browser).await);
    assert_eq!(
        world
            .count("select count(*) from identity.sessions where last_seen > now() - interval '1 minute'")
            .await,
        1
    );
    world
        .sql("update identity.sessions set last_seen = now() - interval '30 seconds'")
        .await;
    assert!(is_in(&browser).await);
    assert_eq!(
        world
            .count("select count(*) from identity.sessions where last_seen < now() - interval '29 seconds'")
            .await,
        1
    );
}

#[tokio::test]
async fn signing_in_again_makes_a_new_session_and_ends_the_old_one() {
    let world = World::new().await;
    let browser = world.signed_in("lan").await;
    let old = browser.cookie("chancery").unwrap();
    let token: serde_json::Value = serde_json::from_str(&browser.get("/session").await.body).unwrap();
    let csrf = token["csrf"].as_str().unwrap();
    let email = email("lan");
    let again = browser
        .post_bare(
            "/sign-in",
            &[("email", &email), ("password", PASSWORD), ("csrf", csrf)],
        )
        .await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookie("chancery").unwrap(), old);
    assert!(is_in(&browser).await);
    let thief = world.browser();
    thief.set_cookie("chancery", &old);
    assert!(!is_in(&thief).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_not_only_the_cookie() {
    let world = World::new().await;
    let browser = world.signed_in("lan").await;
    let token = browser.cookie("chancery").unwrap();
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/sign-in");
    assert_eq!(browser.cookie("chancery"), None);
    browser.set_cookie("chancery", &token);
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_one_or_all() {
    let world = World::new().await;
    let here = world.signed_in("lan").await;
    let (there, elsewhere) = (world.browser(), world.browser());
    for other in [&there, &elsewhere] {
        other.sign_in(&email("lan"), PASSWORD).await;
    }
    let page = here.get("/me").await.body;
    assert_eq!(page.matches("this device").count(), 1);
    assert_eq!(page.matches("192.0.2.7").count(), 3);
    let path = page
        .split("/me/sessions/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        here.post(&format!("/me/sessions/{path}"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        u8::from(is_in(&there).await) + u8::from(is_in(&elsewhere).await),
        1
    );
    here.post("/me/sign-out-everywhere", &[]).await;
    for browser in [&here, &there, &elsewhere] {
        assert!(!is_in(browser).await);
    }
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let world = World::new().await;
    let paul = world.signed_in("paul").await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from identity.sessions")
        .fetch_one(world.database.owner())
        .await
        .unwrap();
    let lan = world.signed_in("lan").await;
    assert_eq!(
        lan.post(&format!("/me/sessions/{id}/end"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(is_in(&paul).await);
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let world = World::new().await;
    let here = world.signed_in("lan").await;
    let there = world.browser();
    there.sign_in(&email("lan"), PASSWORD).await;
    let new = "Một câu khác hẳn trước";
    let form = [("present", "wrong"), ("password", new), ("repeated", new)];
    let wrong = here.post("/me/password", &form).await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("not your present password")
    );
    let before = here.cookie("chancery");
    let form = [("present", PASSWORD), ("password", new), ("repeated", new)];
    assert_eq!(here.post("/me/password", &form).await.location(), "/me");
    assert_ne!(here.cookie("chancery"), before);
    assert!(is_in(&here).await && !is_in(&there).await);
    assert_eq!(
        world.browser().sign_in(&email("lan"), new).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn housekeeping_removes_what_has_expired_and_nothing_else() {
    let world = World::new().await;
    world.signed_in("lan").await;
    world.clock.advance(Duration::from_mins(30));
    world.worker.drain().await.unwrap();
    assert_eq!(world.count("select count(*) from identity.sessions").await, 1);
    world.clock.advance(Duration::from_hours(2));
    world.worker.drain().await.unwrap();
    assert_eq!(world.count("select count(*) from identity.sessions").await, 0);
    assert_eq!(world.count("select count(*) from identity.throttle").await, 0);
}
