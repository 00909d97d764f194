//! Forms: forged ones are refused, hostile ones do no harm.

use axum::body::Body;
use http::{Method, StatusCode};

use crate::fixture::World;

#[tokio::test]
async fn a_form_without_the_sessions_token_is_refused() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let form = [("language", "vi"), ("theme", "dark")];
    assert_eq!(
        lan.post_bare("/me/preferences", &form).await.status,
        StatusCode::FORBIDDEN
    );
    let mut forged = form.to_vec();
    forged.push(("csrf", "AAAA"));
    assert_eq!(
        lan.post_bare("/me/preferences", &forged).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        lan.post("/me/preferences", &form).await.status,
        StatusCode::SEE_OTHER
    );
    let saved: (String, String) =
        sqlx::query_as("select language, theme from identity.people where email like 'lan@%'")
            .fetch_one(world.database.owner())
            .await
            .unwrap();
    assert_eq!(saved, ("vi".to_owned(), "dark".to_owned()));
}

#[tokio::test]
async fn another_site_can_not_sign_anybody_in() {
    let world = World::new().await;
    world.give_password("lan").await;
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "cross-site"),
    ];
    let body = Body::from("email=lan%40mofa.example&password=Hoa+sen+n%E1%BB%9F+s%E1%BB%9Bm+mai");
    let answer = world
        .browser()
        .send(Method::POST, "/sign-in", &headers, body)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_page_of_an_administrator_opens_in_both_languages() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let (unit, person) = (world.units["vientiane"], world.people["lan"]);
    let pages = [
        "/me".to_owned(),
        "/me/second-factor".to_owned(),
        "/units".to_owned(),
        "/units/new".to_owned(),
        format!("/units/{unit}"),
        format!("/units/{unit}/edit"),
        "/people".to_owned(),
        "/people/new".to_owned(),
        format!("/people/{person}"),
        format!("/people/{person}/edit"),
        "/notifications".to_owned(),
        "/audit".to_owned(),
        "/queue".to_owned(),
        "/setup/guide".to_owned(),
    ];
    for page in &pages {
        for language in ["vi", "en"] {
            let answer = admin.get(&format!("{page}?lang={language}")).await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{page} {language}: {}",
                answer.body
            );
            assert!(
                answer.body.contains(&format!("<html lang=\"{language}\"")),
                "{page}"
            );
        }
    }
}

#[tokio::test]
async fn nonsense_is_answered_kindly() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    for path in [
        "/units/x",
        "/people/x",
        "/people/01990000-0000-7000-8000-00000000ffff",
        "/queue/jobs/x",
    ] {
        assert_eq!(admin.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let long = "ấ".repeat(50_000);
    let person = [
        ("name", long.as_str()),
        ("email", long.as_str()),
        ("unit_id", "x"),
        ("role", ""),
        ("valid_from", ""),
    ];
    let answer = admin.post("/people", &person).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let latin = [("content-type", "application/x-www-form-urlencoded")];
    let answer = world
        .browser()
        .send(
            Method::POST,
            "/sign-in",
            &latin,
            Body::from("email=%ff%fe&password=x"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
