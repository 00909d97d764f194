//! Links on their way out: marked or behind short addresses, approved as they leave, opened by the order alone.

use chancery_calendar::model::{Draft, LinkStyle, ShortLink, State};
use chancery_calendar::store::short_links;
use chancery_calendar::workflow::{Approval, Wording};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Service;
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::PublishOrder;
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

const WRITTEN: &str = "https://mofa.example/tin?id=1";

fn short(rig: &Rig, body: &str) -> Draft {
    Draft {
        body: body.into(),
        links: LinkStyle::Short,
        variants: vec![
            rig.variant(rig.room, "vi", None),
            rig.variant(rig.bluesky, "vi", None),
        ],
        ..rig.complete()
    }
}

async fn kept(rig: &Rig, id: ItemId) -> Vec<ShortLink> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    short_links::of_item(&mut conn, id).await.unwrap()
}

/// Codes that lead somewhere, as the press room sees them.
async fn open(rig: &Rig) -> Vec<(String, bool)> {
    sqlx::query_as("select code, gone_at is not null from newsroom.short_links order by code")
        .fetch_all(&rig.db.service(Service::Newsroom))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_approved_carries_the_short_address_and_only_the_order_opens_it() {
    let rig = Rig::new().await;
    let body = format!("Mời xem {WRITTEN}.");
    let id = rig.submitted(short(&rig, &body)).await;
    let links = kept(&rig, id).await;
    let [link] = links.as_slice() else {
        panic!("one link: {links:?}")
    };
    assert_eq!((link.written.as_str(), link.account), (WRITTEN, rig.bluesky));
    assert!(open(&rig).await.is_empty(), "nobody has approved it");
    assert_eq!(
        rig.item(id).await.draft.body,
        body,
        "its writers see what they wrote"
    );

    rig.approve(&rig.ambassador, id).await.unwrap();
    let order = rig.sent::<PublishOrder>().await.remove(0);
    let text = |account| {
        let mut variants = order.edition.variants.iter();
        variants
            .find(|variant| variant.account == account)
            .unwrap()
            .body
            .clone()
    };
    assert_eq!(text(rig.room), body);
    assert_eq!(
        text(rig.bluesky),
        format!("Mời xem http://localhost:8080/s/{}.", link.code)
    );
    assert_eq!(open(&rig).await, [(link.code.clone(), false)]);
    assert_eq!(rig.stands(id, 1, order.edition_hash).await, None);
}

#[tokio::test]
async fn an_order_that_fails_leaves_no_address_behind() {
    let rig = Rig::new().await;
    let id = rig.submitted(short(&rig, WRITTEN)).await;
    let code = kept(&rig, id).await.remove(0).code;
    // Somebody else's address has that code: then nothing is ordered at all.
    sqlx::query(
        "select newsroom.short($1, gen_random_uuid(), gen_random_uuid(), 'vi', 'https://other.example')",
    )
    .bind(&code)
    .execute(rig.db.owner())
    .await
    .unwrap();
    assert!(matches!(
        rig.approve(&rig.ambassador, id).await,
        Err(CalendarError::Database(_))
    ));
    assert_eq!(rig.state(id).await, State::Submitted);
    assert!(rig.sent::<PublishOrder>().await.is_empty());
}

#[tokio::test]
async fn a_new_version_keeps_its_addresses_and_a_cancelled_item_ends_them() {
    let rig = Rig::new().await;
    let id = rig.approved(short(&rig, WRITTEN)).await;
    let lan = Actor::new(&rig.lan);
    rig.calendar.reopen(lan, id).await.unwrap();
    let draft = rig.item(id).await.draft;
    rig.save(
        &rig.lan,
        id,
        Draft {
            body: format!("Mới: {WRITTEN}"),
            ..draft
        },
    )
    .await
    .unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
    let opened = open(&rig).await;
    assert_eq!(opened.len(), 1, "the same link has the same address");
    rig.calendar.cancel(lan, id, "").await.unwrap();
    assert_eq!(open(&rig).await, opened, "the publisher has not confirmed yet");
    rig.stopped(id, 2, Vec::new()).await;
    rig.stopped(id, 1, Vec::new()).await;
    assert_eq!(rig.state(id).await, State::Cancelled);
    assert!(open(&rig).await.iter().all(|(_, gone)| *gone));
}

#[tokio::test]
async fn an_approvers_wording_keeps_links_as_they_were_written() {
    let rig = Rig::new().await;
    let id = rig.submitted(short(&rig, &format!("Mời xem {WRITTEN}."))).await;
    let code = kept(&rig, id).await.remove(0).code;
    let seen = rig.hash(id).await;
    let wording = Wording {
        account: rig.bluesky,
        language: "vi".into(),
        body: format!("Kính mời xem http://localhost:8080/s/{code}."),
    };
    rig.calendar
        .amend(Actor::new(&rig.ambassador), id, seen, &[wording], "")
        .await
        .unwrap();
    let amendment = sqlx::query_scalar("select id from calendar.amendments where item_id = $1")
        .bind(id.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    let done = rig
        .calendar
        .accept_amendment(Actor::new(&rig.lan), id, amendment)
        .await
        .unwrap();
    assert_eq!(done, Approval::Complete);
    let draft = rig.item(id).await.draft;
    let own = draft.variants.iter().find(|v| v.account == rig.bluesky).unwrap();
    assert_eq!(draft.body_of(own), format!("Kính mời xem {WRITTEN}."));
    let order = rig.sent::<PublishOrder>().await.remove(0);
    assert!(
        order
            .edition
            .variants
            .iter()
            .any(|v| v.body.contains(&format!("/s/{code}")))
    );
    assert_eq!(open(&rig).await, [(code, false)]);
}

#[tokio::test]
async fn preflight_counts_what_leaves() {
    let rig = Rig::new().await;
    // 290 characters as written: a short address makes room, marks take it.
    let long = format!("{WRITTEN}?{} ", "a".repeat(220));
    let body = format!("{long}{}", "b".repeat(290 - long.chars().count()));
    let blocked = async |links: LinkStyle| {
        let id = rig
            .written(Draft {
                links,
                ..short(&rig, &body)
            })
            .await;
        let mut conn = rig.calendar.pool.acquire().await.unwrap();
        let (item, unit) = rig
            .calendar
            .open(&mut conn, Actor::new(&rig.lan), id)
            .await
            .unwrap();
        let accounts = chancery_calendar::store::accounts::of_unit(&mut conn, unit.id)
            .await
            .unwrap();
        let lan = Actor::new(&rig.lan);
        let (found, _) = rig
            .calendar
            .findings(&mut conn, &item, &unit, &accounts, lan)
            .await
            .unwrap();
        found.iter().any(|finding| finding.code == "text-too-long")
    };
    assert!(!blocked(LinkStyle::AsWritten).await);
    assert!(blocked(LinkStyle::Marked).await);
    assert!(!blocked(LinkStyle::Short).await);
}

#[tokio::test]
async fn a_unit_says_how_its_items_begin_and_only_policy_may_say_it() {
    let rig = Rig::new().await;
    let refused = rig
        .calendar
        .set_link_style(Actor::new(&rig.lan), rig.mission, LinkStyle::Short)
        .await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));
    let site = Site::of(&rig, &rig.administrator, Language::En);
    let unit = rig.mission.to_string();
    let path = format!("/api/v1/policy/links/{unit}");
    let wrong = site.json(Method::PUT, &path, json!({ "links": "tracked" })).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.body);
    let done = site.json(Method::PUT, &path, json!({ "links": "marked" })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    let id = rig.draft().await;
    assert_eq!(rig.item(id).await.draft.links, LinkStyle::Marked);
    let form = site
        .post("/policy/links", &[("unit", &unit), ("links", "as_written")])
        .await;
    assert_eq!(form.status, StatusCode::SEE_OTHER, "{}", form.body);
    let id = rig.draft().await;
    assert_eq!(rig.item(id).await.draft.links, LinkStyle::AsWritten);
    assert!(site.get("/policy").await.body.contains("links-unit"));
}

#[tokio::test]
async fn the_items_page_and_the_api_say_how_often_each_link_was_followed() {
    let rig = Rig::new().await;
    let id = rig.approved(short(&rig, WRITTEN)).await;
    let code = kept(&rig, id).await.remove(0).code;
    sqlx::query("insert into newsroom.short_clicks (code, day, clicks) values ($1, '2026-09-02', 41), ($1, '2026-09-03', 1)")
        .bind(&code)
        .execute(&rig.db.service(Service::Newsroom))
        .await
        .unwrap();
    let site = Site::of(&rig, &rig.lan, Language::En);
    let page = site.get(&format!("/items/{id}")).await.body;
    assert!(
        page.contains("followed 42 times") && page.contains(&WRITTEN.replace('=', "&#x3D;")),
        "{page}"
    );
    let listed = site.get(&format!("/api/v1/items/{id}/links")).await.body;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["clicks"], 42);
    assert_eq!(listed[0]["days"]["2026-09-02"], 41);
    let foreign = Site::of(&rig, &rig.paul, Language::En);
    let refused = foreign.get(&format!("/api/v1/items/{id}/links")).await;
    assert_ne!(refused.status, StatusCode::OK);
    // Whoever decides sees where a short address leads.
    let waiting = rig.submitted(short(&rig, WRITTEN)).await;
    let head = Site::of(&rig, &rig.ambassador, Language::En);
    let reading = head.get(&format!("/approvals/{waiting}")).await.body;
    assert!(
        reading.contains("utm_source") && reading.contains("/s/"),
        "{reading}"
    );
}
