//! Calendars to subscribe to: what a programme gets, and when it gets nothing any more.

use chancery_web::{Language, Viewer};
use http::{Method, StatusCode};
use icalendar::{Calendar, CalendarDateTime, Component as _, DatePerhapsTime};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

/// Makes a feed and gives the path of its address.
async fn made(site: &Site, subject: &str) -> String {
    let page = site.post("/calendar/feeds", &[("subject", subject)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let after = page.body.split("/calendar/ical/").nth(1).unwrap();
    format!("/calendar/ical/{}", after.split('"').next().unwrap())
}

#[tokio::test]
async fn a_programme_gets_what_its_owner_may_see_until_the_address_is_revoked() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let path = made(&lan, &format!("unit:{}", rig.mission)).await;
    let anybody = Site::seen_by(&rig, Viewer::anonymous(Language::En));
    let got = anybody.get(&path).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    let calendar: Calendar = got.body.parse().unwrap();
    let event = calendar.events().next().unwrap();
    assert_eq!(event.get_uid(), Some(format!("{id}@chancery").as_str()));
    assert_eq!(event.get_summary(), Some("Chúc mừng Quốc khánh"));
    let start = DatePerhapsTime::DateTime(CalendarDateTime::Utc("2026-09-02T02:00:00Z".parse().unwrap()));
    assert_eq!(event.get_start(), Some(start));
    assert!(
        event.get_last_modified().is_some() && event.get_status() == Some(icalendar::EventStatus::Confirmed)
    );
    // The secret itself is nowhere in the database.
    let secret = path.rsplit('/').next().unwrap();
    let kept: i64 =
        sqlx::query_scalar("select count(*) from calendar.feeds where position($1 in feeds::text) > 0")
            .bind(secret)
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(kept, 0);
    let feed: uuid::Uuid = sqlx::query_scalar("select id from calendar.feeds")
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    let others = Site::of(&rig, &rig.minh, Language::En)
        .post(&format!("/calendar/feeds/{feed}/revoke"), &[])
        .await;
    assert_eq!(others.status, StatusCode::NOT_FOUND);
    lan.post(&format!("/calendar/feeds/{feed}/revoke"), &[]).await;
    assert_eq!(anybody.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_feed_ends_with_its_owners_posting() {
    let rig = Rig::new().await;
    rig.approved(rig.complete()).await;
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let paths = [
        made(&lan, "person").await,
        made(&lan, &format!("unit:{}", rig.mission)).await,
    ];
    let anybody = Site::seen_by(&rig, Viewer::anonymous(Language::Vi));
    for path in &paths {
        let got = anybody.get(path).await;
        assert_eq!(got.status, StatusCode::OK);
        assert!(got.body.contains("BEGIN:VEVENT"), "{}", got.body);
    }
    sqlx::query("update identity.grants set valid_to = '2026-08-31' where person_id = $1")
        .bind(rig.lan.person.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    for path in &paths {
        assert_eq!(anybody.get(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn nobody_subscribes_to_what_they_may_not_see() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let refused = site
        .post("/calendar/feeds", &[("subject", &format!("unit:{}", rig.paris))])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let nonsense = site.post("/calendar/feeds", &[("subject", "everything")]).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    let anybody = Site::seen_by(&rig, Viewer::anonymous(Language::En));
    assert_eq!(
        anybody.get("/calendar/ical/guess").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn programs_list_make_and_end_feeds_of_their_own() {
    let rig = Rig::new().await;
    rig.approved(rig.complete()).await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let path = "/api/v1/calendar/feeds";
    for (subject, status) in [
        (format!("unit:{}", rig.paris), StatusCode::FORBIDDEN),
        ("everything".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let refused = lan.json(Method::POST, path, json!({ "subject": subject })).await;
        assert_eq!(refused.status, status, "{}", refused.body);
    }
    let made = lan.json(Method::POST, path, json!({ "subject": "person" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made: Value = serde_json::from_str(&made.body).unwrap();
    let address = made["address"].as_str().unwrap();
    let address = address.strip_prefix("http://localhost:8080").unwrap();
    let anybody = Site::seen_by(&rig, Viewer::anonymous(Language::En));
    assert_eq!(anybody.get(address).await.status, StatusCode::OK);
    let listed = lan.get(path).await.body;
    assert!(!listed.contains(address.rsplit('/').next().unwrap()), "{listed}");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let one = format!("{path}/{}", listed[0]["id"].as_str().unwrap());
    let minh = Site::of(&rig, &rig.minh, Language::En);
    assert_eq!(minh.get(path).await.body, "[]");
    assert_eq!(
        minh.json(Method::DELETE, &one, json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        lan.json(Method::DELETE, &one, json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(anybody.get(address).await.status, StatusCode::NOT_FOUND);
}
