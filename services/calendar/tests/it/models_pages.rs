//! The pages and the API of models, as headquarters and missions see them.

use chancery_calendar::Actor;
use chancery_calendar::model::State;
use chancery_contracts::ids::ModelId;
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::models::{arrived, content, officer, send, work, written};
use crate::pages::Site;
use crate::rig::Rig;

#[tokio::test]
async fn the_form_keeps_every_word_and_its_buttons_shape_it() {
    let rig = Rig::new().await;
    let officer = officer(&rig).await;
    let site = Site::of(&rig, &officer, Language::En);
    let made = site.post("/models", &[]).await;
    let edit = made.location.clone();
    assert!(edit.ends_with("/edit"), "{}", made.body);
    let id: ModelId = edit.split('/').nth(2).unwrap().parse().unwrap();
    let form = [
        ("version", "1"),
        ("title", "National Day"),
        ("t.0.0.language", "vi"),
        ("t.0.0.title", "Quốc khánh"),
        ("t.0.0.body", "Chúc mừng <b>"),
        ("guidance", "Line to take"),
        ("wall", "2026-09-02T09:00"),
        ("do", "add-language"),
        ("add_language", "lo"),
    ];
    let saved = site.post(&edit, &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = site.get(&edit).await;
    for shown in [
        "Chúc mừng &lt;b&gt;",
        "Line to take",
        "name=\"t.0.1.language\" value=\"lo\"",
        "Lao",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    // A stale save and an unreadable value lose nothing.
    let mut stale = form;
    stale[1].1 = "Another name";
    let answer = site.post(&edit, &stale).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Another name") && answer.body.contains("Somebody else saved"),
        "{}",
        answer.body
    );
    let head = Site::of(&rig, &rig.headquarters, Language::En);
    let refused = head
        .post(&format!("/models/{id}/send"), &[("version", "2"), ("to", "some")])
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn headquarters_sends_a_mission_answers_and_the_grid_shows_it() {
    let rig = Rig::new().await;
    let officer = officer(&rig).await;
    let id = written(&rig, &officer, content()).await;
    let head = Site::of(&rig, &rig.headquarters, Language::En);
    assert_eq!(
        head.get(&format!("/models/{id}/send")).await.status,
        StatusCode::OK
    );
    let nobody = head
        .post(&format!("/models/{id}/send"), &[("version", "2"), ("to", "some")])
        .await;
    assert!(
        nobody.body.contains("Choose at least one mission"),
        "{}",
        nobody.body
    );
    let sent = head
        .post(&format!("/models/{id}/send"), &[("version", "2"), ("to", "all")])
        .await;
    assert_eq!(sent.location, format!("/models/{id}"));
    let page = head.get(&format!("/models/{id}")).await;
    assert!(
        page.body.contains("0 of 2 missions have received it"),
        "{}",
        page.body
    );
    work(&rig).await;

    let lan = Site::of(&rig, &rig.lan, Language::En);
    let mission = format!("/models/{id}/missions/{}", rig.mission);
    for path in ["/models/received", "/models/fragments/waiting"] {
        assert!(lan.get(path).await.body.contains(&mission), "{path}");
    }
    assert_eq!(lan.get("/models").await.location, "/models/received");
    let seen = lan.get(&mission).await;
    assert!(seen.body.contains("<mark class=\"locked\""), "{}", seen.body);
    assert!(
        !seen.body.contains("value=\"approve\""),
        "an attaché approves nothing"
    );
    let silent = lan.post(&format!("{mission}/decline"), &[("reason", " ")]).await;
    assert!(silent.body.contains("Please give a reason"), "{}", silent.body);
    assert_eq!(
        Site::of(&rig, &rig.paul, Language::En).get(&mission).await.status,
        StatusCode::FORBIDDEN
    );

    let ambassador = Site::of(&rig, &rig.ambassador, Language::Vi);
    let page = ambassador.get(&mission).await;
    assert!(page.body.contains("value=\"approve\""), "{}", page.body);
    let tapped = ambassador
        .post(
            &format!("{mission}/adopt"),
            &[("do", "approve"), ("version", "1")],
        )
        .await;
    let item = tapped.location.strip_prefix("/items/").unwrap().parse().unwrap();
    assert_eq!(rig.state(item).await, State::Approved);
    let grid = head
        .get(&format!("/models/{id}/fragments/grid?show=approved"))
        .await;
    assert!(
        grid.body.contains("data-progress=\"approved\"") && grid.body.contains("1 of 2"),
        "{}",
        grid.body
    );
    assert!(
        !grid.body.contains("data-progress=\"unseen\""),
        "the filter hides the others"
    );
    let csv = head.get(&format!("/models/{id}/grid.csv")).await;
    assert!(
        csv.body.contains("vientiane") && csv.body.contains("Approved"),
        "{}",
        csv.body
    );
    assert_eq!(
        lan.get(&format!("/models/{id}/grid.csv")).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn every_page_of_models_answers_in_both_languages_without_a_missing_word() {
    let rig = Rig::new().await;
    let (officer, id) = arrived(&rig, content()).await;
    rig.calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let mut changed = content();
    changed.variations[0][0].title = "Mừng Quốc khánh".into();
    rig.calendar
        .save_model(Actor::new(&officer), id, 2, changed, None)
        .await
        .unwrap();
    send(&rig, id, &[]).await.unwrap();
    work(&rig).await;
    rig.calendar
        .decline_model(Actor::new(&rig.paul), id, rig.paris, "Không phù hợp")
        .await
        .unwrap();
    let draft = rig.calendar.create_model(Actor::new(&officer)).await.unwrap();
    for language in [Language::Vi, Language::En] {
        let mission = |unit| format!("/models/{id}/missions/{unit}");
        for (who, paths) in [
            (
                &officer,
                vec![
                    "/models".to_owned(),
                    format!("/models/{id}"),
                    format!("/models/{id}/edit"),
                    format!("/models/{draft}"),
                    format!("/models/{draft}/edit"),
                    mission(rig.mission),
                ],
            ),
            (
                &rig.headquarters,
                vec![
                    format!("/models/{id}"),
                    format!("/models/{id}/send"),
                    format!("/models/{draft}/send"),
                ],
            ),
            (
                &rig.lan,
                vec![
                    "/models/received".into(),
                    "/models/fragments/waiting".into(),
                    mission(rig.mission),
                ],
            ),
            (&rig.ambassador, vec![mission(rig.mission)]),
            (&rig.paul, vec![mission(rig.paris)]),
        ] {
            let site = Site::of(&rig, who, language);
            for path in paths {
                let page = site.get(&path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
                for raw in [
                    "models-",
                    "items-",
                    "item-state-",
                    "topic-",
                    "region-",
                    "unit-kind-",
                ] {
                    let mut shown = page.body.split('>').filter_map(|part| part.split('<').next());
                    assert!(
                        shown.all(|text| !text.trim_start().starts_with(raw)),
                        "{raw} is shown in {path}"
                    );
                }
            }
        }
        let page = Site::of(&rig, &rig.lan, language)
            .get(&format!("/models/{id}/missions/{}", rig.mission))
            .await;
        assert!(page.body.contains("<ins>Mừng "), "{}", page.body);
    }
}

#[tokio::test]
async fn programs_do_what_the_pages_do() {
    let rig = Rig::new().await;
    let officer = officer(&rig).await;
    let site = Site::of(&rig, &officer, Language::En);
    let made = site
        .json(Method::POST, "/api/v1/models", json!({ "content": content() }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let document: Value = serde_json::from_str(&made.body).unwrap();
    let id = document["id"].as_str().unwrap();
    assert_eq!(document["missing"], json!([]));
    let head = Site::of(&rig, &rig.headquarters, Language::En);
    let body = json!({ "revision": document["revision"], "units": [rig.mission] });
    let sent = head
        .json(Method::POST, &format!("/api/v1/models/{id}/send"), body)
        .await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
    work(&rig).await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let received = lan.get("/api/v1/models/received").await;
    assert!(received.body.contains("Quốc khánh 2/9"), "{}", received.body);
    let path = format!("/api/v1/models/{id}/missions/{}", rig.mission);
    let odd = lan
        .json(Method::POST, &path, json!({ "answer": "perhaps" }))
        .await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let adopted = lan.json(Method::POST, &path, json!({ "answer": "submit" })).await;
    assert_eq!(adopted.status, StatusCode::OK, "{}", adopted.body);
    let shown = site.get(&format!("/api/v1/models/{id}")).await;
    let document: Value = serde_json::from_str(&shown.body).unwrap();
    assert_eq!(document["missions"][0]["progress"], "submitted");
}
