//! All accounts at a glance: what needs somebody first, parts of the world, and a field that finds.

use chancery_access::Role;
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::Value;

use crate::world::World;

#[tokio::test]
async fn what_needs_somebody_comes_first_with_why_and_a_field_finds_without_diacritics() {
    let world = World::new().await;
    let who = world.somebody(Role::Administrator, world.ministry);
    let (dead, ending) = (
        world.another_account("dead.example").await,
        world.another_account("ending.example").await,
    );
    for (statement, account) in [
        (
            "update publisher.accounts set state = 'needs_reauth', state_reason = 'ExpiredToken' where id = $1",
            dead,
        ),
        (
            "update publisher.accounts set token_ends_at = timestamptz '2026-09-04T05:00:00Z' where id = $1",
            ending,
        ),
    ] {
        sqlx::query(statement)
            .bind(account.0)
            .execute(world.db.owner())
            .await
            .unwrap();
    }
    sqlx::query("update identity.units set region = 'southeast_asia' where id = $1")
        .bind(world.mission.0)
        .execute(world.db.owner())
        .await
        .unwrap();
    let page = world.get(&who, "/accounts").await.body;
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} in {page}"));
    let order = [
        "2 need attention",
        "no longer accepts",
        "access ends at",
        "<details class=\"card",
        "Southeast Asia",
    ];
    assert!(order.map(at).is_sorted(), "{page}");

    let why = async |path: &str| -> Vec<Option<String>> {
        let body = world.get(&who, path).await.body;
        let accounts: Value = serde_json::from_str(&body).unwrap();
        let accounts = accounts.as_array().unwrap().iter();
        accounts
            .map(|account| account["attention"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(
        why("/api/v1/accounts?text=DEAD.example").await,
        [Some("reconnect".to_owned())]
    );
    assert_eq!(
        why("/api/v1/accounts?text=ending").await,
        [Some("ends_soon".to_owned())]
    );
    assert!(why("/api/v1/accounts?text=nowhere").await.is_empty());
    let none = world.get(&who, "/accounts?text=nowhere").await;
    assert_eq!(none.status, StatusCode::OK);
    assert!(none.body.contains("No account matches") && none.body.contains("value=\"nowhere\""));
    let hostile = world.get(&who, "/accounts?text=%3Cscript%3E&unit=x").await;
    assert!(!hostile.body.contains("<script>alert") && !hostile.body.contains("value=\"<script"));
    let vietnamese = world
        .ask_for(&who, Language::Vi, Method::GET, "/accounts", "")
        .await;
    assert!(!vietnamese.body.contains("account-attention-"));
}

#[tokio::test]
async fn an_account_whose_posts_go_wrong_calls_until_a_week_has_passed() {
    let world = World::new().await;
    let who = world.somebody(Role::Administrator, world.ministry);
    let (_, id) = world.ready().await;
    world
        .tamper("update publisher.deliveries set state = 'missed', wake_at = null, sequence = sequence + 1")
        .await;
    assert_eq!(world.row(id).await.state, "missed");
    let failing = async || {
        let body = world.get(&who, "/api/v1/accounts").await.body;
        let accounts: Value = serde_json::from_str(&body).unwrap();
        let accounts = accounts.as_array().unwrap().iter();
        accounts
            .filter(|account| account["attention"] == "failing")
            .count()
    };
    assert_eq!(failing().await, 1);
    world.advance(chrono::TimeDelta::days(8));
    assert_eq!(failing().await, 0);
}
