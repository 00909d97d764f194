//! Mail on one's own page, on the administrator's, and by the API; and the way from a mail to its page.

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::fixture::{Browser, PASSWORD, World, email};
use crate::smtp::SmtpServer;

async fn json(browser: &Browser, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let session: Value = serde_json::from_str(&browser.get("/session").await.body).unwrap();
    let csrf = session["csrf"].as_str().unwrap_or_default().to_owned();
    let headers = [
        ("content-type", "application/json"),
        ("x-csrf-token", csrf.as_str()),
    ];
    let answer = browser
        .send(method, path, &headers, Body::from(body.to_string()))
        .await;
    (
        answer.status,
        serde_json::from_str(&answer.body).unwrap_or_default(),
    )
}

#[tokio::test]
async fn everybody_chooses_on_their_own_page() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let page = lan.get("/me").await.body;
    assert!(page.contains("value=\"approval\" checked"), "{page}");
    assert!(!page.contains("value=\"weekly\" checked"), "{page}");
    assert!(page.contains("Mail is not set up in this installation"), "{page}");
    let fields = [("mail_language", "vi"), ("kind", "weekly"), ("kind", "changes")];
    let saved = lan.post("/me/mail", &fields).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/me"));
    let page = lan.get("/me").await.body;
    assert!(page.contains("value=\"weekly\" checked") && !page.contains("value=\"approval\" checked"));
    assert!(page.contains("value=\"vi\" selected"), "{page}");
    for wrong in [
        [("mail_language", "vi"), ("kind", "everything")],
        [("mail_language", "fr"), ("kind", "weekly")],
    ] {
        assert_eq!(
            lan.post("/me/mail", &wrong).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    // Without any kind nothing comes.
    lan.post("/me/mail", &[("mail_language", "en")]).await;
    let (status, choice) = json(&lan, Method::GET, "/api/v1/me/mail", &Value::Null).await;
    assert_eq!(
        (status, choice),
        (StatusCode::OK, json!({ "language": "en", "kinds": [] }))
    );
    let wanted = json!({ "language": "en", "kinds": ["mentions"] });
    let (status, choice) = json(&lan, Method::PUT, "/api/v1/me/mail", &wanted).await;
    assert_eq!((status, choice), (StatusCode::OK, wanted));
}

#[tokio::test]
async fn the_administrator_sees_whether_mail_works_and_nobody_else_does() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let page = admin.get("/mail").await;
    assert!(
        page.status == StatusCode::OK && page.body.contains("No mail is sent"),
        "{}",
        page.body
    );
    assert_eq!(admin.post("/mail/test", &[]).await.status, StatusCode::CONFLICT);
    let lan = world.signed_in("lan").await;
    assert_eq!(lan.get("/mail").await.status, StatusCode::FORBIDDEN);
    assert_eq!(lan.post("/mail/test", &[]).await.status, StatusCode::FORBIDDEN);
    let (status, _) = json(&lan, Method::GET, "/api/v1/mail", &Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_failure_is_shown_and_sent_again() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    let admin = world.administrator("admin").await;
    server.answer(&email("admin"), "550 5.1.1 mailbox unavailable");
    for _ in 0..3 {
        admin.post("/mail/test", &[]).await;
        world.worker.drain().await.unwrap();
    }
    let page = admin.get("/mail").await.body;
    assert!(
        page.contains("mailbox unavailable") && page.contains("localhost:"),
        "{page}"
    );
    let (_, status) = json(&admin, Method::GET, "/api/v1/mail", &Value::Null).await;
    assert_eq!(status["counts"]["failed"], 3, "{status}");
    assert_eq!(status["bouncing"][0]["email"], "admin@mofa.example", "{status}");
    let failed = status["failed"][0]["id"].as_str().unwrap().to_owned();
    server.answer(&email("admin"), "");
    assert_eq!(
        admin.post(&format!("/mail/{failed}/again"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
    world.worker.drain().await.unwrap();
    assert_eq!(server.received().len(), 1);
    assert_eq!(server.received()[0].header("Subject"), "A test mail of Chancery");
    // It was taken, so the address no longer bounces; and a mail that was sent is not sent again.
    let (_, status) = json(&admin, Method::GET, "/api/v1/mail", &Value::Null).await;
    assert_eq!(status["bouncing"], json!([]));
    let again = admin.post(&format!("/mail/{failed}/again"), &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_bouncing_address_is_let_go_by_its_owner_or_an_administrator() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    let bounce = "insert into identity.mail_refusals (person_id, email, refusals, reason, last_at, bouncing_since)
         select id, email, 3, 'no such user', now(), now() from identity.people where name in ('Person lan', 'Person minh')";
    world.sql(bounce).await;
    let lan = world.signed_in("lan").await;
    assert!(
        lan.get("/me")
            .await
            .body
            .contains("Your address refuses our mails")
    );
    lan.post("/me/mail/address", &[]).await;
    assert!(
        !lan.get("/me")
            .await
            .body
            .contains("Your address refuses our mails")
    );
    let admin = world.administrator("admin").await;
    let minh = world.people["minh"];
    assert!(admin.get("/mail").await.body.contains("Person minh"));
    admin.post(&format!("/mail/bouncing/{minh}/clear"), &[]).await;
    assert!(!admin.get("/mail").await.body.contains("Person minh"));
    let (status, _) = json(
        &admin,
        Method::DELETE,
        &format!("/api/v1/mail/bouncing/{minh}"),
        &Value::Null,
    )
    .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// The link of a mail asks to sign in and then goes straight to the page; nobody can make it lead elsewhere.
#[tokio::test]
async fn a_link_asks_to_sign_in_and_leads_on() {
    let world = World::new().await;
    world.give_password("lan").await;
    let page = format!("/units/{}", world.units["vientiane"]);
    let browser = world.browser();
    let asked = browser.get(&page).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let sign_in = asked.location().to_owned();
    assert!(sign_in.starts_with("/sign-in?next=%2Funits%2F"), "{sign_in}");
    let form = browser.get(&sign_in).await.body;
    assert!(form.contains(&format!("value=\"{page}\"")), "{form}");
    let email = email("lan");
    let fields = |next| [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
    let led = browser.post_bare("/sign-in", &fields(&page)).await;
    assert_eq!(led.location(), page);
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
    for foreign in ["https://example.org/", "//example.org", "/\\example.org"] {
        let led = world.browser().post_bare("/sign-in", &fields(foreign)).await;
        assert_eq!(led.location(), "/", "{foreign}");
    }
}

/// With a second factor it is the same.
#[tokio::test]
async fn the_code_of_the_device_does_not_forget_where_to() {
    let world = World::new().await;
    world.give_password("minh").await;
    world.sql("delete from identity.sign_in_challenges").await;
    let fields = [
        ("email", "minh@mofa.example"),
        ("password", PASSWORD),
        ("next", "/approvals/7"),
    ];
    let asked = world.browser().post_bare("/sign-in", &fields).await;
    assert_eq!(asked.location(), "/sign-in/code");
    let kept: String = sqlx::query_scalar("select return_to from identity.sign_in_challenges")
        .fetch_one(world.database.owner())
        .await
        .unwrap();
    assert_eq!(kept, "/approvals/7");
}
