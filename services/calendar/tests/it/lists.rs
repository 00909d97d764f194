//! Lists: how far translations are, which model an item was adopted from, and what is done to several at once.

use chancery_calendar::Actor;
use chancery_calendar::model::{Draft, Stage, Standing, State, standing};
use chancery_calendar::store::translations;
use chancery_calendar::workflow::{Translated, own_text};
use chancery_contracts::ids::ItemId;
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::models::{content, ministry, officer, send, work, written};
use crate::pages::Site;
use crate::rig::Rig;

/// In Vietnamese with an English text, and what was recorded of that.
async fn translated(rig: &Rig, body: Option<&str>, stage: Option<Stage>) -> (ItemId, Uuid) {
    let mut draft = rig.complete();
    let english = rig.variant(rig.room, "en", body);
    let variant = english.id;
    draft.variants.push(english);
    let id = rig.written(draft).await;
    if let Some(stage) = stage {
        let item = rig.item(id).await;
        let found = item
            .draft
            .variants
            .iter()
            .find(|found| found.id == variant)
            .unwrap();
        let what = Translated {
            variant,
            base: item.revision,
            seen: own_text(found),
            title: Some("Invitation".into()),
            paragraphs: vec!["We invite you.".into(), "See you.".into()],
            stage,
        };
        rig.calendar
            .translate(Actor::new(&rig.lan), id, what)
            .await
            .unwrap();
    }
    (id, variant)
}

/// What the list's SQL says, and what the model says.
async fn both(rig: &Rig, id: ItemId, variant: Uuid) -> (Standing, Standing) {
    let item = rig.item(id).await;
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let recorded = translations::of_item(&mut conn, id).await.unwrap();
    let recorded = recorded.iter().find(|known| known.variant == variant);
    let found = item
        .draft
        .variants
        .iter()
        .find(|found| found.id == variant)
        .unwrap();
    let model = standing(&item.draft, found, recorded.map(|known| &known.translation));
    let listed = translations::standings(&mut conn, &[id]).await.unwrap();
    let listed = listed.get(&id).unwrap().first().unwrap();
    assert_eq!(listed.language, "en");
    (listed.standing, model)
}

#[tokio::test]
async fn lists_say_the_same_of_a_translation_as_its_own_page_and_find_what_lacks_one() {
    let rig = Rig::new().await;
    let cases = [
        (None, None, Standing::Missing),
        (Some(" \n\u{a0}"), None, Standing::Missing),
        (Some("We invite you."), None, Standing::InWork),
        (None, Some(Stage::InWork), Standing::InWork),
        (None, Some(Stage::Translated), Standing::Translated),
    ];
    for (body, stage, expected) in cases {
        let (id, variant) = translated(&rig, body, stage).await;
        assert_eq!(
            both(&rig, id, variant).await,
            (expected, expected),
            "{body:?} {stage:?}"
        );
    }
    let (id, variant) = translated(&rig, None, Some(Stage::Translated)).await;
    let passed = rig
        .calendar
        .pass_translation(Actor::new(&rig.minh), id, variant)
        .await;
    passed.unwrap();
    assert_eq!(
        both(&rig, id, variant).await,
        (Standing::Reviewed, Standing::Reviewed)
    );
    let draft = rig.item(id).await.draft;
    let title = "Đã sửa bản gốc".to_owned();
    rig.save(&rig.lan, id, Draft { title, ..draft }).await.unwrap();
    assert_eq!(
        both(&rig, id, variant).await,
        (Standing::Outdated, Standing::Outdated)
    );

    let site = Site::of(&rig, &rig.lan, Language::En);
    let listed = site.get("/api/v1/items?needs=translation&limit=50").await.body;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let mut standings: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["translations"][0]["standing"].as_str().unwrap())
        .collect();
    standings.sort_unstable();
    assert_eq!(
        standings,
        ["in_work", "in_work", "missing", "missing", "outdated"]
    );
    let page = site.get("/items?needs=translation").await.body;
    assert!(
        page.contains("Source changed since") && page.contains("value=\"translation\" checked"),
        "{page}"
    );
    let item = site.get(&format!("/api/v1/items/{id}")).await.body;
    let item: Value = serde_json::from_str(&item).unwrap();
    assert_eq!(
        item["translations"],
        json!([{ "language": "en", "standing": "outdated" }])
    );
    let board = site.get("/calendar?view=month&date=2026-09-02").await.body;
    assert!(board.contains("Source changed since"), "{board}");
}

#[tokio::test]
async fn an_item_leads_back_to_the_model_that_it_was_adopted_from() {
    let rig = Rig::new().await;
    let desk = officer(&rig).await;
    let model = written(&rig, &desk, content()).await;
    send(&rig, model, &[rig.mission]).await.unwrap();
    work(&rig).await;
    let adopted = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), model, rig.mission)
        .await
        .unwrap();
    let site = Site::of(&rig, &rig.lan, Language::En);
    let page = site.get(&format!("/items/{}", adopted.item)).await.body;
    let link = format!("/models/{model}/missions/{}", rig.mission);
    assert!(page.contains(&link) && page.contains("Quốc khánh 2/9"), "{page}");
    assert_eq!(site.get(&link).await.status, StatusCode::OK);
    let listed = site.get("/items").await.body;
    assert!(listed.contains("<bdi>Quốc khánh 2/9</bdi>"), "{listed}");
    // An item of one's own has none.
    let own = rig.written(rig.complete()).await;
    let page = site.get(&format!("/items/{own}")).await.body;
    assert!(!page.contains("Adopted from"), "{page}");
    assert_ne!(ministry(&rig).await, rig.mission);
}

#[tokio::test]
async fn several_of_a_list_are_cancelled_each_by_itself_and_in_words() {
    let rig = Rig::new().await;
    let (draft, ordered) = (
        rig.written(rig.complete()).await,
        rig.approved(rig.complete()).await,
    );
    let stale = rig.written(rig.complete()).await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let list = site.get("/items?group=open").await.body;
    let revision = async |id| rig.item(id).await.revision;
    for id in [draft, stale] {
        let value = format!("value=\"{id}:{}\"", revision(id).await);
        assert!(list.contains(&value), "{list}");
    }
    let chosen = [
        format!("{draft}:{}", revision(draft).await),
        format!("{ordered}:{}", revision(ordered).await),
        format!("{stale}:1"),
    ];
    let mut fields = vec![
        ("what", "cancel"),
        ("reason", "Hoãn lễ"),
        ("back", "/items?group=open"),
    ];
    fields.extend(chosen.iter().map(|one| ("item", one.as_str())));
    let done = site.post("/calendar/bulk", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    for words in [
        "Cancelled.",
        "Being stopped",
        "somebody else",
        "href=\"/items?group",
    ] {
        assert!(
            done.body.to_lowercase().contains(&words.to_lowercase()),
            "{words} in {}",
            done.body
        );
    }
    assert_eq!(rig.state(draft).await, State::Cancelled);
    assert_eq!(rig.state(ordered).await, State::Stopping);
    assert_eq!(rig.state(stale).await, State::Draft);
    // Who may not write there cancels nothing.
    let paul = Site::of(&rig, &rig.paul, Language::En);
    let order = json!({ "orders": [{ "item": stale, "do": "cancel" }] });
    let refused = paul.json(Method::POST, "/api/v1/items/bulk", order).await;
    let refused: Value = serde_json::from_str(&refused.body).unwrap();
    assert!(refused[0]["refused"].is_string() && refused[0]["said"].is_null());
    assert_eq!(rig.state(stale).await, State::Draft);
}
