//! Pages of names, words, versions, translations and remarks, as somebody sees them.

use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

#[tokio::test]
async fn names_are_read_by_everybody_and_kept_by_administrators() {
    let rig = Rig::new().await;
    let administrator = Site::of(&rig, &rig.administrator, Language::En);
    let entry = [
        ("term", "east_sea"),
        ("language", "vi"),
        ("approved", "Biển Đông"),
        (
            "avoid",
            "Nam Hải = không phải tên gọi của ta\n\nbiển Nam Trung Hoa",
        ),
        ("locked", "on"),
    ];
    let saved = administrator.post("/names", &entry).await;
    assert_eq!(
        (saved.status, saved.location.as_str()),
        (StatusCode::SEE_OTHER, "/names"),
        "{}",
        saved.body
    );
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let list = lan.get("/names?text=bien+dong").await;
    assert!(
        list.body.contains("Biển Đông") && list.body.contains("không phải tên gọi của ta"),
        "{}",
        list.body
    );
    assert!(!list.body.contains("/names/new"), "a reader gets no button");
    assert!(
        lan.get("/names?text=nam+h%E1%BA%A3i")
            .await
            .body
            .contains("Biển Đông"),
        "found by a form to avoid"
    );
    assert!(!lan.get("/names?text=xyz").await.body.contains("Biển Đông"));
    assert_eq!(lan.post("/names", &entry).await.status, StatusCode::FORBIDDEN);
    assert_eq!(lan.get("/names/new").await.status, StatusCode::FORBIDDEN);
    let found = lan.get("/names/fragments/find?text=bien&language=vi").await;
    assert!(found.body.contains("data-insert=\"Biển Đông\""), "{}", found.body);
    // A bad value keeps what was typed and says what is wrong.
    let bad = administrator
        .post(
            "/names",
            &[
                ("term", "x"),
                ("language", "Vietnamese"),
                ("approved", "<b>Giữ lại</b>"),
            ],
        )
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("&lt;b&gt;Giữ lại&lt;/b&gt;"), "{}", bad.body);
}

#[tokio::test]
async fn words_of_a_unit_show_those_of_the_units_above() {
    let rig = Rig::new().await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let unit = rig.mission.to_string();
    let word = [
        ("unit", unit.as_str()),
        ("word", "kiều bào"),
        ("language", ""),
        ("advice", "Viết “người Việt Nam ở nước ngoài”."),
        ("marks", "on"),
    ];
    let saved = lan.post("/words", &word).await;
    assert_eq!(saved.location, format!("/words?unit={unit}"), "{}", saved.body);
    assert!(lan.get("/words").await.body.contains("kiều bào"));
    let paul = Site::of(&rig, &rig.paul, Language::En);
    assert!(
        !paul
            .get(&format!("/words?unit={unit}"))
            .await
            .body
            .contains("kiều bào")
    );
    assert_eq!(paul.post("/words", &word).await.status, StatusCode::FORBIDDEN);
    let empty = lan
        .post("/words", &[("unit", unit.as_str()), ("word", " … ")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_autosave_of_a_marked_text_is_refused_with_the_reason() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let revision = rig.item(id).await.revision.to_string();
    let answer = lan
        .post(
            &format!("/items/{id}/draft"),
            &[("version", &revision), ("body", "Độ mật: TỐI MẬT\nxyz")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("TỐI MẬT"), "{}", answer.body);
}

#[tokio::test]
async fn versions_are_compared_and_restored_on_their_page() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let mut draft = rig.complete();
    rig.save(&rig.lan, id, draft.clone()).await.unwrap();
    draft.body = "Đại sứ quán <script> trân trọng kính mời.".into();
    rig.save(&rig.minh, id, draft).await.unwrap();
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let page = lan.get(&format!("/items/{id}/versions")).await;
    assert!(
        page.body.contains("<ins>") && page.body.contains("<del>"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script> trân"));
    let (before, _) = page.body.split_once("/restore").unwrap();
    let address = before.rsplit('"').next().unwrap();
    let revision = rig.item(id).await.revision.to_string();
    let stale = lan
        .post(&format!("{address}/restore"), &[("revision", "1")])
        .await;
    assert_eq!(stale.status, StatusCode::SEE_OTHER);
    assert!(
        rig.item(id).await.draft.body.contains("script"),
        "somebody saved meanwhile: nothing is restored"
    );
    lan.post(&format!("{address}/restore"), &[("revision", &revision)])
        .await;
    assert_eq!(rig.item(id).await.draft.body, rig.complete().body);
    let versions: Value =
        serde_json::from_str(&lan.get(&format!("/api/v1/items/{id}/versions")).await.body).unwrap();
    assert_eq!(versions[0]["reason"], json!("restored"));
}

#[tokio::test]
async fn a_translation_is_written_beside_its_source() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.body = "Một.\n\nHai.".into();
    let mut english = rig.variant(rig.room, "en", None);
    english.body = None;
    let variant = english.id;
    draft.variants.push(english);
    let id = rig.written(draft).await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let address = format!("/items/{id}/translate/{variant}");
    let page = lan.get(&address).await;
    assert!(
        page.body.contains("Một.") && page.body.matches("name=\"p\"").count() == 2,
        "{}",
        page.body
    );
    let revision = rig.item(id).await.revision.to_string();
    let form = [
        ("version", revision.as_str()),
        ("seen_title", ""),
        ("seen_body", ""),
        ("title", "Hi"),
        ("p", "One."),
        ("p", "Two."),
    ];
    let saved = lan.post(&format!("{address}/draft"), &form).await;
    let answer: Value = serde_json::from_str(&saved.body).unwrap();
    assert_eq!(
        answer["fields"]["seen_body"],
        json!("One.\n\nTwo."),
        "{}",
        saved.body
    );
    let mut done = form.to_vec();
    done[0].1 = "1";
    done[1].1 = "Hi";
    done[2].1 = "One.\n\nTwo.";
    done.push(("do", "translated"));
    lan.post(&address, &done).await;
    let list = lan.get(&format!("/items/{id}")).await;
    assert!(
        list.body.contains("data-standing=\"translated\""),
        "{}",
        list.body
    );
    assert!(
        lan.get(&address)
            .await
            .body
            .contains("data-standing=\"translated\"")
    );
    let paul = Site::of(&rig, &rig.paul, Language::En);
    assert_eq!(paul.get(&address).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn remarks_are_threads_on_the_items_page() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let said = lan
        .post(&format!("/items/{id}/comments"), &[("text", "@Minh <b>xem</b>")])
        .await;
    assert_eq!(said.location, format!("/items/{id}#remarks"));
    let page = lan.get(&format!("/items/{id}")).await;
    assert!(
        page.body.contains("@Minh &lt;b&gt;xem&lt;/b&gt;"),
        "{}",
        page.body
    );
    let people = lan.get(&format!("/items/{id}/fragments/people")).await;
    assert!(people.body.contains("data-insert=\"@Minh\""), "{}", people.body);
    assert!(!people.body.contains("@Paul"));
    let api = lan
        .json(
            Method::POST,
            &format!("/api/v1/items/{id}/comments"),
            json!({ "text": "Từ API" }),
        )
        .await;
    assert_eq!(api.status, StatusCode::NO_CONTENT);
    assert!(
        lan.get(&format!("/items/{id}/fragments/remarks"))
            .await
            .body
            .contains("Từ API")
    );
}
