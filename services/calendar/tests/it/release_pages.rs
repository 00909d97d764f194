//! Release on command and break-glass in pages and the API.

use chancery_access::Principal;
use chancery_calendar::model::State;
use chancery_contracts::Release;
use chancery_contracts::ids::ItemId;
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

fn site(rig: &Rig, who: &Principal) -> Site {
    Site::of(rig, who, Language::En)
}

fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn the_composer_chooses_how_it_goes_out() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let lan = site(&rig, &rig.lan);
    let edit = format!("/items/{id}/edit");
    let page = lan.get(&edit).await;
    assert!(
        page.body.contains("<option value=\"at_time\" selected>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("On command, within 3 days"));
    let save = async |release: &str, window: &str| {
        let revision = rig.item(id).await.revision.to_string();
        let fields = [
            ("version", revision.as_str()),
            ("release", release),
            ("window_minutes", window),
        ];
        lan.post(&edit, &fields).await
    };
    save("on_command.480", "60").await;
    let draft = rig.item(id).await.draft;
    assert_eq!((draft.release, draft.window_minutes), (Release::OnCommand, 480));
    let page = lan.get(&edit).await;
    assert!(
        page.body.contains("<option value=\"on_command.480\" selected>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("max=\"1440\" value=\"60\""), "{}", page.body);
    let meaning = lan
        .get(&format!(
            "/items/{id}/fragments/time?wall=2026-09-02T09:00&clock=host&release=on_command.60"
        ))
        .await;
    assert!(meaning.body.contains("10:00"), "{}", meaning.body);
    for release in ["on_command.5", "on_command.9999", "whenever"] {
        let refused = save(release, "60").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{release}");
    }
    save("at_time", "45").await;
    let draft = rig.item(id).await.draft;
    assert_eq!((draft.release, draft.window_minutes), (Release::AtTime, 45));
}

#[tokio::test]
async fn approving_and_releasing_in_pages() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.on_command()).await;
    let head = site(&rig, &rig.ambassador);
    let page = head.get(&format!("/approvals/{id}")).await;
    assert!(
        page.body.contains("You approve it for release on command"),
        "{}",
        page.body
    );
    let queue = head.get("/approvals").await;
    assert!(queue.body.contains("On command"), "{}", queue.body);
    let hash = rig.hash(id).await.to_string();
    let done = head
        .post(&format!("/items/{id}/approve"), &[("hash", &hash)])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(rig.state(id).await, State::Ready);

    let item = format!("/items/{id}");
    let release = format!("/items/{id}/release");
    let before = head.get(&item).await;
    assert!(
        before.body.contains("Its window has not opened yet"),
        "{}",
        before.body
    );
    let early = head.post(&release, &[("hash", &hash)]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(
        early.body.contains("Its window has not opened yet"),
        "{}",
        early.body
    );
    rig.within_window(id, 10).await;
    let now = head.get(&item).await;
    assert!(now.body.contains("Release…"), "{}", now.body);
    let question = head.get(&release).await;
    for part in [
        "Release it now?",
        "Press room",
        "09:00",
        "13:00",
        hash.as_str(),
        "<!doctype html>",
    ] {
        assert!(question.body.contains(part), "{part} {}", question.body);
    }
    // In a dialogue it is a part of the page, not a page.
    let vietnamese = Site::of(&rig, &rig.ambassador, Language::Vi);
    let dialogue = vietnamese.part(&release).await;
    assert!(dialogue.body.contains("Ra lệnh đăng ngay?"), "{}", dialogue.body);
    assert!(!dialogue.body.contains("<!doctype html>"));
    let stranger = site(&rig, &rig.minh).post(&release, &[("hash", &hash)]).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    let done = head.post(&release, &[("hash", &hash)]).await;
    assert_eq!(
        (done.status, done.location.as_str()),
        (StatusCode::SEE_OTHER, item.as_str())
    );
    assert_eq!(rig.state(id).await, State::Approved);
    let after = head.get(&item).await;
    assert!(after.body.contains("gave the word"), "{}", after.body);
    let again = head.get(&release).await;
    assert_eq!(again.location, item);
    let again = head.post(&release, &[("hash", &hash)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_hinders_the_word_is_listed_before_it_is_given() {
    let rig = Rig::new().await;
    let id = rig.ready(rig.on_command()).await;
    rig.within_window(id, 10).await;
    sqlx::query("update publisher.accounts set state = 'disabled' where id = $1")
        .bind(rig.room.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    sqlx::query("insert into publisher.stops (id, scope, reason, placed_at) values (gen_random_uuid(), 'ministry', 'Rehearsal', now())")
        .execute(rig.db.owner())
        .await
        .unwrap();
    let head = site(&rig, &rig.ambassador);
    let release = format!("/items/{id}/release");
    let question = head.get(&release).await;
    assert!(
        question.body.contains("One thing stands in its way"),
        "{}",
        question.body
    );
    assert!(question.body.contains("is switched off"), "{}", question.body);
    assert!(question.body.contains("Rehearsal"), "{}", question.body);
    assert!(!question.body.contains("Release now"), "{}", question.body);
    let hash = rig.hash(id).await.to_string();
    let refused = head.post(&release, &[("hash", &hash)]).await;
    assert_eq!(refused.location, release);
    assert_eq!(rig.state(id).await, State::Ready);
}

async fn broken(rig: &Rig) -> ItemId {
    let id = rig.submitted(rig.complete()).await;
    let hash = rig.hash(id).await.to_string();
    let reason = "The ambassador cannot be reached; the flood is coming.";
    let desk = site(rig, &rig.desk);
    let page = desk.get(&format!("/approvals/{id}")).await;
    assert!(page.body.contains("Order it without them…"), "{}", page.body);
    let order = format!("/approvals/{id}/break-glass");
    let short = desk.post(&order, &[("hash", &hash), ("reason", "Flood")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("at least 20 characters"), "{}", short.body);
    let unread = desk.post(&order, &[("hash", "x"), ("reason", reason)]).await;
    assert_eq!(unread.status, StatusCode::CONFLICT);
    let done = desk.post(&order, &[("hash", &hash), ("reason", reason)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let own = desk.get(&format!("/approvals/{id}")).await;
    assert!(own.body.contains("somebody else has to confirm"), "{}", own.body);

    let headquarters = site(rig, &rig.headquarters);
    let seen = headquarters.get(&format!("/items/{id}")).await;
    assert!(
        seen.body.contains("wants it out without the rest"),
        "{}",
        seen.body
    );
    let page = headquarters.get(&format!("/approvals/{id}")).await;
    assert!(
        page.body.contains("Confirm as the second person"),
        "{}",
        page.body
    );
    assert!(page.body.contains(reason), "{}", page.body);
    let form = page.body.split(&format!("{order}/")).nth(1).unwrap();
    let order_id = form.split('/').next().unwrap().to_owned();
    let confirm = format!("{order}/{order_id}/confirm");
    let same = desk.post(&confirm, &[("hash", &hash)]).await;
    assert_eq!(same.status, StatusCode::FORBIDDEN);
    let done = headquarters.post(&confirm, &[("hash", &hash)]).await;
    assert_eq!(done.location, format!("/items/{id}"), "{}", done.body);
    assert_eq!(rig.state(id).await, State::Approved);
    id
}

#[tokio::test]
async fn breaking_the_glass_in_pages_stays_in_sight() {
    let rig = Rig::new().await;
    let id = broken(&rig).await;
    let banner = "was let out without the rest of its chain";
    let head = site(&rig, &rig.ambassador);
    let page = head.get(&format!("/items/{id}")).await;
    assert!(page.body.contains(banner), "{}", page.body);
    assert!(page.body.contains("Passed over"), "{}", page.body);
    let see = page
        .body
        .split("/break-glass/")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let seen = head
        .post(
            &format!("/items/{id}/break-glass/{see}/seen"),
            &[("comment", "I agree.")],
        )
        .await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    let lan = site(&rig, &rig.lan);
    let page = lan.get(&format!("/items/{id}")).await;
    assert!(page.body.contains("I agree."), "{}", page.body);
    assert!(!page.body.contains("I have seen it"), "{}", page.body);
    // For good.
    lan.post(&format!("/items/{id}/reopen"), &[]).await;
    assert!(lan.get(&format!("/items/{id}")).await.body.contains(banner));

    for who in [&rig.headquarters, &rig.administrator] {
        let list = site(&rig, who).get("/approvals/break-glass").await;
        assert_eq!(list.status, StatusCode::OK);
        for part in [
            "Desk",
            "Headquarters",
            "the flood is coming",
            "Passed over",
            "I agree.",
        ] {
            assert!(list.body.contains(part), "{part} {}", list.body);
        }
    }
    let waiting = site(&rig, &rig.headquarters).get("/approvals").await;
    assert!(waiting.body.contains("/approvals/break-glass"));
    for who in [&rig.lan, &rig.ambassador, &rig.desk] {
        let list = site(&rig, who).get("/approvals/break-glass").await;
        assert_eq!(list.status, StatusCode::FORBIDDEN, "{}", who.name);
    }
}

#[tokio::test]
async fn programs_do_the_same() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.on_command()).await;
    let hash = rig.hash(id).await.to_string();
    let path = format!("/api/v1/items/{id}");
    let (desk, headquarters, lan) = (
        site(&rig, &rig.desk),
        site(&rig, &rig.headquarters),
        site(&rig, &rig.lan),
    );
    let body = json!({ "hash": hash, "reason": "Không liên lạc được với Đại sứ." });
    let order = format!("{path}/break-glass");
    let done = desk.json(Method::POST, &order, body.clone()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.body);
    let order_id = json_of(&done.body)["id"].as_str().unwrap().to_owned();
    let again = headquarters.json(Method::POST, &order, body).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let confirm = format!("{order}/{order_id}/confirm");
    let same = desk.json(Method::POST, &confirm, json!({ "hash": hash })).await;
    assert_eq!(same.status, StatusCode::FORBIDDEN);
    let unread = headquarters
        .json(Method::POST, &confirm, json!({ "hash": "0" }))
        .await;
    assert_eq!(unread.status, StatusCode::CONFLICT);
    let done = headquarters
        .json(Method::POST, &confirm, json!({ "hash": hash }))
        .await;
    assert_eq!(json_of(&done.body)["state"], "ready", "{}", done.body);
    let transitions = lan.get(&format!("{path}/transitions")).await;
    let release = json_of(&transitions.body)
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["transition"] == "release")
        .cloned()
        .unwrap();
    assert_eq!(
        (&release["allowed"], &release["reason"]),
        (&json!(false), &json!("release-refused-early"))
    );
    let early = lan
        .json(Method::POST, &format!("{path}/release"), json!({ "hash": hash }))
        .await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    rig.within_window(id, 5).await;
    let done = lan
        .json(Method::POST, &format!("{path}/release"), json!({ "hash": hash }))
        .await;
    let document = json_of(&done.body);
    assert_eq!(document["state"], "approved", "{}", done.body);
    assert_eq!(document["draft"]["release"], "on_command");
    assert!(document["not_after"].is_string());
    let seen = site(&rig, &rig.ambassador)
        .json(
            Method::POST,
            &format!("{order}/{order_id}/seen"),
            json!({ "comment": "" }),
        )
        .await;
    assert_eq!(seen.status, StatusCode::NO_CONTENT, "{}", seen.body);
    let list = headquarters.get("/api/v1/break-glass").await;
    let uses = json_of(&list.body);
    assert_eq!(
        uses["items"][0]["bypassed"],
        json!(["head_of_mission"]),
        "{}",
        list.body
    );
    assert_eq!(uses["items"][0]["seen"][0]["person_name"], "Ambassador");
    assert_eq!(lan.get("/api/v1/break-glass").await.status, StatusCode::FORBIDDEN);
}
