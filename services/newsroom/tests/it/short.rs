//! Short addresses: they lead where the calendar said, count readers and know nothing of them.

use chancery_contracts::Service;
use http::StatusCode;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{House, VIENTIANE};

const CODE: &str = "3xAmp1eCd9";
const TARGET: &str = "https://mofa.example/tin?id=1&utm_source=bluesky";

async fn make(calendar: &PgPool, item: u128, code: &str, target: &str) -> Result<(), sqlx::Error> {
    sqlx::query("select newsroom.short($1, $2, $3, 'vi', $4)")
        .bind(code)
        .bind(Uuid::from_u128(item))
        .bind(VIENTIANE)
        .bind(target)
        .execute(calendar)
        .await
        .map(drop)
}

async fn counted(house: &House) -> Vec<(String, i64)> {
    sqlx::query_as("select day::text, clicks from newsroom.published_clicks where code = $1 order by day")
        .bind(CODE)
        .fetch_all(&house.database.service(Service::Calendar))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_reader_is_sent_on_and_counted_by_the_day_without_a_cookie() {
    let house = House::new().await;
    let calendar = house.database.service(Service::Calendar);
    make(&calendar, 1, CODE, TARGET).await.unwrap();
    make(&calendar, 1, CODE, TARGET).await.unwrap();
    for _ in 0..2 {
        let answer = house.get(&format!("/s/{CODE}")).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(answer.header("location"), TARGET);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("set-cookie"), "");
    }
    house.clock.advance(std::time::Duration::from_hours(24));
    house.get(&format!("/s/{CODE}")).await;
    assert_eq!(
        counted(&house).await,
        [("2026-09-02".to_owned(), 2), ("2026-09-03".to_owned(), 1)]
    );
}

#[tokio::test]
async fn only_what_was_made_leads_anywhere() {
    let house = House::new().await;
    for path in [
        "/s/3xAmp1eCd9",
        "/s/..%2f..",
        "/s/https:%2f%2fevil.example",
        "/s/%00",
    ] {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("location"), "", "{path}");
    }
    let calendar = house.database.service(Service::Calendar);
    for target in ["http://mofa.example", "javascript:alert(1)", "//evil.example"] {
        assert!(make(&calendar, 1, CODE, target).await.is_err(), "{target}");
    }
    make(&calendar, 1, CODE, TARGET).await.unwrap();
    // The same code is never another address, nor another item's.
    assert!(make(&calendar, 1, CODE, "https://evil.example").await.is_err());
    assert!(make(&calendar, 2, CODE, TARGET).await.is_err());
    assert_eq!(house.get(&format!("/s/{CODE}")).await.header("location"), TARGET);
}

#[tokio::test]
async fn what_was_withdrawn_is_gone_and_is_not_counted() {
    let house = House::new().await;
    let calendar = house.database.service(Service::Calendar);
    make(&calendar, 1, CODE, TARGET).await.unwrap();
    sqlx::query("select newsroom.short_gone($1)")
        .bind(Uuid::from_u128(1))
        .execute(&calendar)
        .await
        .unwrap();
    let answer = house.get(&format!("/s/{CODE}")).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert_eq!(answer.header("location"), "");
    assert!(!answer.text().contains(TARGET) && !answer.text().contains("press-short-gone"));
    assert!(counted(&house).await.is_empty());
    // Ordered again: it stays gone.
    make(&calendar, 1, CODE, TARGET).await.unwrap();
    assert_eq!(house.get(&format!("/s/{CODE}")).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn nobody_else_makes_addresses_and_the_press_room_itself_cannot() {
    let house = House::new().await;
    for service in [Service::Newsroom, Service::Publisher, Service::Assets] {
        let pool = house.database.service(service);
        assert!(make(&pool, 1, CODE, TARGET).await.is_err(), "{service}");
    }
    let own = house.database.service(Service::Newsroom);
    let forged = sqlx::query(
        "insert into newsroom.short_links (code, item_id, account_id, language, target)
         values ($1, gen_random_uuid(), gen_random_uuid(), 'vi', $2)",
    )
    .bind(CODE)
    .bind(TARGET)
    .execute(&own)
    .await;
    assert!(forged.is_err());
    let calendar = house.database.service(Service::Calendar);
    let read = sqlx::query("select target from newsroom.short_links")
        .execute(&calendar)
        .await;
    assert!(read.is_err());
}
