//! The second factor: who needs one, and that nothing counts twice.

use std::time::Duration;

use chancery_clock::Clock;
use chancery_identity::model::totp::{SecondFactor, SecretBox};
use chancery_identity::{By, Visitor};
use http::StatusCode;

use crate::fixture::{Browser, PASSWORD, World, email};

/// What the person's telephone shows.
async fn device(world: &World, who: &str) -> SecondFactor {
    let person = world.people[who];
    let sealed: Vec<u8> = sqlx::query_scalar("select secret from identity.totp where person_id = $1")
        .bind(person.0)
        .fetch_one(world.database.owner())
        .await
        .unwrap();
    SecondFactor::open(&SecretBox::new(&[7; 32]), person, &email(who), &sealed).unwrap()
}

/// Sets up a second factor at the first sign-in; gives the recovery codes.
async fn enrol(world: &World, who: &str) -> Vec<String> {
    world.give_password(who).await;
    let browser = world.browser();
    assert_eq!(
        browser.sign_in(&email(who), PASSWORD).await.location(),
        "/sign-in/code"
    );
    let page = browser.get("/sign-in/code").await;
    assert!(page.body.contains("data:image/svg+xml;base64,"), "{}", page.body);
    let again = browser.get("/sign-in/code").await;
    assert_eq!(page.body, again.body, "a reloaded page shows what was scanned");
    let wrong = browser.post_bare("/sign-in/enrol", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = device(world, who).await.code_at(world.clock.now());
    let done = browser.post_bare("/sign-in/enrol", &[("code", &code)]).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    let codes = done.body.split("user-select-all\">").skip(1);
    codes
        .filter_map(|rest| rest.split('<').next())
        .map(str::to_owned)
        .collect()
}

async fn until_the_code(world: &World, who: &str) -> Browser {
    let browser = world.browser();
    assert_eq!(
        browser.sign_in(&email(who), PASSWORD).await.location(),
        "/sign-in/code"
    );
    assert_eq!(
        browser.get("/me").await.location(),
        "/sign-in?next=%2Fme",
        "half a sign-in opens nothing"
    );
    browser
}

#[tokio::test]
async fn who_decides_in_the_states_name_needs_a_second_factor() {
    for who in ["minh", "admin"] {
        let world = World::new().await;
        enrol(&world, who).await;
        world.clock.advance(Duration::from_mins(1));
        let browser = until_the_code(&world, who).await;
        let wrong = browser.post_bare("/sign-in/code", &[("code", "123456")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code = device(&world, who).await.code_at(world.clock.now());
        let right = browser.post_bare("/sign-in/code", &[("code", &code)]).await;
        assert_eq!((right.status, right.location()), (StatusCode::SEE_OTHER, "/me"));
    }
}

#[tokio::test]
async fn a_code_counts_once_even_within_its_half_minute() {
    let world = World::new().await;
    enrol(&world, "minh").await;
    let used_at_enrolment = device(&world, "minh").await.code_at(world.clock.now());
    let browser = until_the_code(&world, "minh").await;
    let replayed = browser
        .post_bare("/sign-in/code", &[("code", &used_at_enrolment)])
        .await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);

    world.clock.advance(Duration::from_mins(1));
    let code = device(&world, "minh").await.code_at(world.clock.now());
    let two = [
        until_the_code(&world, "minh").await,
        until_the_code(&world, "minh").await,
    ];
    let form = [("code", code.as_str())];
    let (one, other) = tokio::join!(
        two[0].post_bare("/sign-in/code", &form),
        two[1].post_bare("/sign-in/code", &form)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422], "of two at once, one is in");
}

#[tokio::test]
async fn codes_can_not_be_guessed_by_trying() {
    let world = World::new().await;
    enrol(&world, "minh").await;
    let browser = until_the_code(&world, "minh").await;
    for attempt in 0..6 {
        let answer = browser.post_bare("/sign-in/code", &[("code", "123456")]).await;
        assert_eq!(answer.status.as_u16(), if attempt < 5 { 422 } else { 429 });
    }
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_however_it_is_typed() {
    let world = World::new().await;
    let codes = enrol(&world, "minh").await;
    assert_eq!(codes.len(), 10);
    let typed = codes[0].to_uppercase().replace('-', " ");
    let browser = until_the_code(&world, "minh").await;
    assert_eq!(
        browser
            .post_bare("/sign-in/code", &[("code", &typed)])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let browser = until_the_code(&world, "minh").await;
    let again = browser.post_bare("/sign-in/code", &[("code", &codes[0])]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn without_a_second_factor_the_database_withholds_the_roles_that_need_one() {
    let world = World::new().await;
    let browser = world.signed_in("lan").await;
    let grant = chancery_identity::PostingForm {
        unit_id: world.units["vientiane"].to_string(),
        role: "head_of_mission".into(),
        valid_from: "2020-01-01".into(),
        valid_to: String::new(),
    };
    // Given to herself as it were, so that her session lives on.
    let by = By {
        actor: Some(world.people["lan"]),
        request_id: None,
    };
    world
        .identity
        .grant(by, world.people["lan"], &grant.check().unwrap())
        .await
        .unwrap();
    let page = browser.get("/me").await;
    assert!(page.body.contains("needs two-step sign-in"), "{}", page.body);
    let token = browser.cookie("chancery").unwrap();
    let world = &world;
    let roles = |token: String| async move {
        let grants: serde_json::Value = sqlx::query_scalar("select grants from identity.session_lookup($1)")
            .bind(chancery_web::token_hash(&token).as_slice())
            .fetch_one(&world.database.service(chancery_contracts::Service::Calendar))
            .await
            .unwrap();
        grants.to_string()
    };
    assert!(!roles(token).await.contains("head_of_mission"));

    let page = browser.get("/me/second-factor").await;
    assert_eq!(page.status, StatusCode::OK);
    let before = browser.cookie("chancery");
    let code = device(world, "lan").await.code_at(world.clock.now());
    assert_eq!(
        browser.post("/me/second-factor", &[("code", &code)]).await.status,
        StatusCode::OK
    );
    let after = browser.cookie("chancery").unwrap();
    assert_ne!(before, Some(after.clone()), "more rights, a new session id");
    assert!(roles(after).await.contains("head_of_mission"));
}

#[tokio::test]
async fn a_lost_device_is_reset_by_an_administrator_and_set_up_anew() {
    let world = World::new().await;
    enrol(&world, "minh").await;
    world
        .identity
        .reset_second_factor(By::default(), world.people["minh"])
        .await
        .unwrap();
    let browser = world.browser();
    browser.sign_in(&email("minh"), PASSWORD).await;
    assert!(
        browser
            .get("/sign-in/code")
            .await
            .body
            .contains("data:image/svg+xml")
    );
}

#[tokio::test]
async fn secrets_are_not_in_the_database_in_the_clear() {
    let world = World::new().await;
    let codes = enrol(&world, "minh").await;
    let browser = until_the_code(&world, "minh").await;
    let challenge = browser.cookie("chancery_sign_in").unwrap();
    let link = world
        .identity
        .invite(By::default(), world.people["lan"])
        .await
        .unwrap();
    let outcome = world
        .identity
        .sign_in(&email("minh"), PASSWORD, "/", &Visitor::default())
        .await
        .unwrap();
    assert!(!format!("{outcome:?} {link:?}").contains(link.secret.reveal()));
    let secret = device(&world, "minh").await.secret_text().replace(' ', "");
    let everything: String = sqlx::query_scalar(
        "select concat(
             (select string_agg(t::text, ' ') from identity.totp t),
             (select string_agg(p::text, ' ') from identity.passwords p),
             (select string_agg(r::text, ' ') from identity.recovery_codes r),
             (select string_agg(l::text, ' ') from identity.one_time_links l),
             (select string_agg(c::text, ' ') from identity.sign_in_challenges c),
             (select string_agg(s::text, ' ') from identity.sessions s),
             (select string_agg(e::text, ' ') from audit.entries e))",
    )
    .fetch_one(world.database.owner())
    .await
    .unwrap();
    let recovery = codes[1].replace('-', "");
    for clear in [
        PASSWORD,
        &secret,
        &codes[1],
        &recovery,
        &challenge,
        link.secret.reveal(),
    ] {
        let hexed = hex::encode(clear);
        assert!(
            !everything.contains(clear) && !everything.contains(&hexed),
            "{clear} is stored in the clear"
        );
    }
}
