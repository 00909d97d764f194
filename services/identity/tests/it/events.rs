//! Live updates: what a page hears, and what it does not.

use std::time::Duration;

use axum::body::Body;
use chancery_clock::Clock as _;
use chancery_contracts::Service;
use chancery_contracts::ids::PersonId;
use http::{Method, StatusCode};
use http_body_util::BodyExt;

use crate::fixture::World;

async fn touch(world: &World, service: Service, topic: &str, id: uuid::Uuid) {
    sqlx::query("select identity.touch($1, $2)")
        .bind(topic)
        .bind(id)
        .execute(&world.database.service(service))
        .await
        .unwrap();
}

/// The next event's data, after its name if it has one; heartbeats are passed over.
async fn next(body: &mut Body) -> Option<String> {
    loop {
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame())
            .await
            .unwrap()?;
        let text = String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap();
        if let Some(data) = text
            .strip_prefix("data: ")
            .or_else(|| text.strip_prefix("event: "))
        {
            return Some(data.trim().to_owned());
        }
    }
}

#[tokio::test]
async fn a_page_hears_of_items_and_of_its_own_notifications_only() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let response = lan.open(Method::GET, "/events", &[], Body::empty()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let PersonId(own) = world.people["lan"];
    let PersonId(other) = world.people["minh"];
    touch(&world, Service::Calendar, "notification", other).await;
    touch(&world, Service::Publisher, "item", other).await;
    touch(&world, Service::Identity, "notification", own).await;
    assert_eq!(
        next(&mut body).await.unwrap(),
        format!(r#"{{"topic":"item","id":"{other}"}}"#)
    );
    assert_eq!(
        next(&mut body).await.unwrap(),
        format!(r#"{{"topic":"notification","id":"{own}"}}"#)
    );
}

#[tokio::test]
async fn a_lost_connection_ends_streams_so_that_pages_fetch_anew() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let mut body = lan
        .open(Method::GET, "/events", &[], Body::empty())
        .await
        .into_body();
    world
        .sql(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query like 'LISTEN%'",
        )
        .await;
    assert_eq!(
        next(&mut body).await,
        None,
        "the browser connects again by itself"
    );
    let mut again = lan
        .open(Method::GET, "/events", &[], Body::empty())
        .await
        .into_body();
    let id = uuid::Uuid::from_u128(1);
    touch(&world, Service::Calendar, "item", id).await;
    assert!(next(&mut again).await.unwrap().contains("item"));
}

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let world = World::new().await;
    let response = world
        .browser()
        .open(
            Method::GET,
            "/events",
            &[("accept", "text/event-stream")],
            Body::empty(),
        )
        .await;
    assert_ne!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_topic_is_a_word_and_carries_no_content() {
    let world = World::new().await;
    for topic in ["item x", "Item", "", "'; drop table"] {
        let touched = sqlx::query("select identity.touch($1, null)").bind(topic);
        assert!(
            touched
                .execute(&world.database.service(Service::Calendar))
                .await
                .is_err(),
            "{topic:?}"
        );
    }
}

#[tokio::test]
async fn a_page_hears_what_happened_while_it_was_on_its_way() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let open = async |path: &str| lan.open(Method::GET, path, &[], Body::empty()).await.into_body();
    let since = |asked: chrono::DateTime<chrono::Utc>| format!("/events?since={}", asked.timestamp_millis());
    let before = world.clock.now();
    world.clock.advance(Duration::from_secs(1));
    let mut first = open("/events").await;
    world.clock.advance(Duration::from_secs(1));
    let asked = world.clock.now();
    let PersonId(other) = world.people["minh"];
    let id = uuid::Uuid::from_u128(1);
    touch(&world, Service::Calendar, "notification", other).await;
    touch(&world, Service::Publisher, "item", id).await;
    touch(&world, Service::Publisher, "item", id).await;
    touch(&world, Service::Publisher, "stops", id).await;
    // By then this process has heard all four.
    while !next(&mut first).await.unwrap().contains("stops") {}
    let mut late = open(&since(asked)).await;
    assert!(next(&mut late).await.unwrap().contains("item"));
    assert!(
        next(&mut late).await.unwrap().contains("stops"),
        "each once, and nothing for others"
    );
    assert_eq!(
        next(&mut open(&since(before)).await).await.unwrap(),
        "missed
data: -",
        "nobody listened yet"
    );
    world.clock.advance(Duration::from_secs(1));
    let mut later = open(&since(world.clock.now())).await;
    touch(&world, Service::Calendar, "asset", id).await;
    assert!(
        next(&mut later).await.unwrap().contains("asset"),
        "nothing from before"
    );
    assert_eq!(
        lan.open(Method::GET, "/events?since=x", &[], Body::empty())
            .await
            .status(),
        StatusCode::BAD_REQUEST
    );
}
