//! The demonstration: one click, and only there.

use http::StatusCode;

use crate::fixture::{World, seeds};

#[tokio::test]
async fn one_click_signs_in_as_each_person_with_everything_they_hold() {
    let world = World::demo().await;
    let browser = world.browser();
    assert_eq!(
        browser.get("/sign-in?next=%2Funits").await.location(),
        "/demo?next=%2Funits"
    );
    let page = browser.get("/demo").await.body;
    for text in ["Person minh", "Head of mission", "What to try", "Unit vientiane"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let person = world.people["minh"].to_string();
    let answer = browser
        .post_bare("/demo", &[("person", &person), ("next", "/units")])
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/units")
    );
    let me = browser.get("/me").await.body;
    assert!(
        me.contains("Person minh") && !me.contains("needs two-step"),
        "{me}"
    );
    let other = world.people["lan"].to_string();
    assert_eq!(
        browser.post("/demo", &[("person", &other)]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(browser.get("/me").await.body.contains("Person lan"));
}

#[tokio::test]
async fn outside_the_demonstration_there_is_no_such_door() {
    let world = World::new().await;
    let person = world.people["admin"].to_string();
    assert_eq!(world.browser().get("/demo").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world
            .browser()
            .post_bare("/demo", &[("person", &person)])
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    let visitor = chancery_identity::Visitor::default();
    assert!(
        world
            .identity
            .sign_in_demo(world.people["admin"], &visitor)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn real_people_have_no_one_click_even_there() {
    let world = World::demo().await;
    world
        .sql("update identity.people set demo = false where email like 'admin@%'")
        .await;
    let person = world.people["admin"].to_string();
    assert_eq!(
        world
            .browser()
            .post_bare("/demo", &[("person", &person)])
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn loading_twice_adds_nothing() {
    let world = World::demo().await;
    let again = chancery_identity::demo::load(&world.identity, &seeds())
        .await
        .unwrap();
    assert_eq!(again.people.len(), 6);
    assert_eq!(again.people["lan"], world.people["lan"]);
    assert_eq!(world.count("select count(*) from identity.people").await, 6);
    assert_eq!(world.count("select count(*) from identity.units").await, 4);
}
