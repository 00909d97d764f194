//! Signing in by password: what a stranger learns (nothing), and how often they may try.

use std::time::Duration;

use chancery_identity::By;
use http::StatusCode;

use crate::fixture::{PASSWORD, World, email};

#[tokio::test]
async fn the_right_password_signs_in_and_goes_where_one_wanted() {
    let world = World::new().await;
    let browser = world.signed_in("lan").await;
    let page = browser.get("/me").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Person lan") && page.body.contains("Press attaché"),
        "{}",
        page.body
    );
    assert_eq!(browser.get("/sign-in?next=/units").await.location(), "/units");
}

#[tokio::test]
async fn every_refusal_is_the_same_whatever_is_wrong() {
    let world = World::new().await;
    for who in ["lan", "paul"] {
        world.give_password(who).await;
    }
    world
        .identity
        .set_active(By::default(), world.people["paul"], false)
        .await
        .unwrap();
    let tries = [
        (email("lan"), "wrong password 1234"),
        (email("paul"), PASSWORD),
        (email("auditor"), PASSWORD),
        (email("nobody"), PASSWORD),
    ];
    let mut answers = Vec::new();
    for (email, password) in &tries {
        let answer = world.browser().sign_in(email, password).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.headers.contains_key("set-cookie"));
        assert!(!answer.body.contains(password), "a password is never sent back");
        answers.push(answer.body.replace(email.as_str(), "EMAIL"));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn an_unknown_name_costs_the_same_work_as_a_known_one() {
    // The hash of a password takes far longer than anything else here; without the dummy an unknown name is answered
    // at once. Medians of a few tries, with a generous factor: this shows the missing hash, not microseconds.
    let world = World::new().await;
    world.give_password("lan").await;
    let mut medians = Vec::new();
    for name in [email("lan"), email("nobody")] {
        let mut times = Vec::new();
        for _ in 0..5 {
            let began = std::time::Instant::now();
            world.browser().sign_in(&name, "wrong password 1234").await;
            times.push(began.elapsed());
        }
        times.sort_unstable();
        medians.push(times[2]);
    }
    assert!(
        medians[1] * 3 > medians[0],
        "known {:?}, unknown {:?}",
        medians[0],
        medians[1]
    );
}

#[tokio::test]
async fn an_account_is_slowed_down_whether_or_not_it_exists_and_recovers() {
    let world = World::new().await;
    world.give_password("lan").await;
    for name in [email("lan"), email("nobody")] {
        for attempt in 0..9_u8 {
            let mut browser = world.browser();
            browser.address = [198, 51, 100, attempt].into();
            let answer = browser.sign_in(&name, "wrong password 1234").await;
            let expected = if attempt < 8 { 422 } else { 429 };
            assert_eq!(answer.status.as_u16(), expected, "{name}, try {attempt}");
        }
    }
    let answer = world.browser().sign_in(&email("lan"), PASSWORD).await;
    assert_eq!(
        answer.status,
        StatusCode::TOO_MANY_REQUESTS,
        "even the right password waits"
    );
    assert!(
        answer.headers.contains_key("retry-after") && answer.body.contains("wait"),
        "{}",
        answer.body
    );
    world.clock.advance(Duration::from_secs(121));
    assert_eq!(
        world.browser().sign_in(&email("lan"), PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn forty_tries_at_once_count_as_forty() {
    let world = World::new().await;
    let tries = (0..40).map(|_| async {
        world
            .browser()
            .sign_in(&email("lan"), "wrong password 1234")
            .await
            .status
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 422).count(), 8);
}

#[tokio::test]
async fn one_address_is_slowed_down_over_all_names() {
    let world = World::new().await;
    let mut refused = 0;
    for attempt in 0..42 {
        let answer = world
            .browser()
            .sign_in(&format!("nobody-{attempt}@mofa.example"), "x")
            .await;
        refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 2);
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let world = World::new().await;
    world.give_password("lan").await;
    for outside in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let browser = world.browser();
        let fields = [
            ("email", email("lan")),
            ("password", PASSWORD.to_owned()),
            ("next", outside.to_owned()),
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(browser.post_bare("/sign-in", &fields).await.location(), "/");
    }
}

#[tokio::test]
async fn an_invitation_works_once_within_its_week() {
    let world = World::new().await;
    let link = world
        .identity
        .invite(By::default(), world.people["lan"])
        .await
        .unwrap();
    let path = format!("/sign-in/invitation/{}", link.secret.reveal());
    let browser = world.browser();
    assert!(browser.get(&path).await.body.contains("lan@mofa.example"));
    let easy = browser
        .post_bare(&path, &[("password", "short"), ("repeated", "short")])
        .await;
    assert_eq!(easy.status, StatusCode::UNPROCESSABLE_ENTITY);
    let differs = browser
        .post_bare(&path, &[("password", PASSWORD), ("repeated", "other")])
        .await;
    assert!(differs.body.contains("not the same"));
    let accepted = browser
        .post_bare(&path, &[("password", PASSWORD), ("repeated", PASSWORD)])
        .await;
    assert_eq!(
        (accepted.status, accepted.location()),
        (StatusCode::SEE_OTHER, "/")
    );
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    assert_eq!(world.browser().get(&path).await.status, StatusCode::CONFLICT);

    let older = world
        .identity
        .invite(By::default(), world.people["paul"])
        .await
        .unwrap();
    let newer = world
        .identity
        .invite(By::default(), world.people["paul"])
        .await
        .unwrap();
    let world = &world;
    let status = |link: String| async move { world.browser().get(&link).await.status };
    assert_eq!(
        status(format!("/sign-in/invitation/{}", older.secret.reveal())).await,
        StatusCode::CONFLICT
    );
    world.clock.advance(Duration::from_hours(24 * 7 + 1));
    assert_eq!(
        status(format!("/sign-in/invitation/{}", newer.secret.reveal())).await,
        StatusCode::CONFLICT
    );
}
