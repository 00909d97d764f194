//! A real start: the printed code, the first administrator, and nobody after.

use http::StatusCode;

use crate::fixture::{PASSWORD, World};

fn form(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("code", code),
        ("ministry_vi", "Bộ Ngoại giao"),
        ("ministry_en", "Ministry of Foreign Affairs"),
        ("city_vi", "Hà Nội"),
        ("city_en", "Hanoi"),
        ("country", "VN"),
        ("zone", "Asia/Ho_Chi_Minh"),
        ("name", "Trần Thị Quản"),
        ("email", "admin@mofa.example"),
        ("password", PASSWORD),
        ("repeated", PASSWORD),
    ]
}

#[tokio::test]
async fn who_has_the_printed_code_becomes_administrator_once() {
    let world = World::empty().await;
    let browser = world.browser();
    assert_eq!(browser.get("/sign-in").await.location(), "/setup");
    let stale = world.identity.setup_code().await.unwrap().unwrap();
    let code = world.identity.setup_code().await.unwrap().unwrap();
    for wrong in ["", "guess", stale.reveal()] {
        let answer = browser.post_bare("/setup", &form(wrong)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("This code is not right") && answer.body.contains("Bộ Ngoại giao"));
        assert!(!answer.body.contains(PASSWORD));
    }
    let mut missing = form(code.reveal());
    missing.retain(|(name, _)| !["ministry_en", "email"].contains(name));
    let missing = browser.post_bare("/setup", &missing).await.body;
    assert!(
        missing.contains("A name of 1 to 200") && missing.contains("not an e-mail address"),
        "{missing}"
    );

    let done = browser.post_bare("/setup", &form(code.reveal())).await;
    assert_eq!(
        done.location(),
        "/sign-in/code",
        "an administrator sets up a second factor first: {}",
        done.body
    );
    assert!(world.identity.is_set_up().await.unwrap());
    assert!(world.identity.setup_code().await.unwrap().is_none());
    assert_eq!(world.browser().get("/setup").await.location(), "/");
    let again = world.browser().post_bare("/setup", &form(code.reveal())).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}
