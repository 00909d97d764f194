//! What programs do with a token: as much as its owner, and no more than its scopes.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use chancery_access::{Action, Principal, Via};
use chancery_contracts::ids::AssetId;
use chancery_web::Language;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::pages::{Answer, Site};
use crate::rig::{Rig, picture};
use crate::uploads::metadata;

/// A program with somebody's token.
struct Program(Router);

impl Program {
    fn of(site: &Site, who: &Principal, scopes: &[Action]) -> Self {
        let by_token = Principal {
            via: Via::Token {
                scopes: scopes.to_vec(),
            },
            ..who.clone()
        };
        Self(site.router(Some(&by_token), Language::En))
    }

    async fn send(&self, method: Method, path: &str, tag: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        if !tag.is_empty() {
            request = request.header(header::IF_MATCH, tag);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        Answer::of(self.0.clone().oneshot(request.body(body).unwrap()).await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "", None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, "", Some(body)).await
    }

    async fn delete(&self, path: &str) -> StatusCode {
        self.send(Method::DELETE, path, "", None).await.status
    }
}

fn json_of(answer: &Answer) -> Value {
    assert!(answer.status.is_success(), "{} {}", answer.status, answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

/// A problem's key, after looking whether it is one.
fn problem(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let body: Value = serde_json::from_slice(&answer.bytes).unwrap();
    let kind = body["type"].as_str().unwrap();
    kind.trim_start_matches("urn:chancery:problem:").to_owned()
}

fn tag(answer: &Answer) -> String {
    answer.headers[header::ETAG].to_str().unwrap().to_owned()
}

fn details(title: &str) -> Value {
    serde_json::to_value(Rig::details(title)).unwrap()
}

#[tokio::test]
async fn a_token_does_no_more_than_its_scopes() {
    let site = Site::new().await;
    let id = site.published("a.jpg", Rig::details("Hồ Gươm")).await;
    let path = format!("/api/v1/assets/{id}");
    let reads = Program::of(&site, &site.rig.steward, &[Action::AssetRead]);
    assert_eq!(
        json_of(&reads.get(&path).await)["details"]["texts"][0]["title"],
        "Hồ Gươm"
    );
    assert_eq!(reads.get(&format!("{path}/preview/240")).await.status, 200);
    let save = reads.send(Method::PUT, &path, "\"1\"", Some(details("X"))).await;
    problem(&save, 403);
    for path in [
        format!("{path}/file"),
        format!("{path}/uses"),
        "/api/v1/collections/00000000-0000-0000-0000-000000000000/zip".to_owned(),
    ] {
        problem(&reads.get(&path).await, 403);
    }
    problem(
        &reads
            .post("/api/v1/assets/bulk", json!({ "assets": [id], "patch": {} }))
            .await,
        403,
    );
    problem(
        &reads
            .post(
                "/api/v1/collections",
                json!({ "unit": site.rig.paris, "draft": {} }),
            )
            .await,
        403,
    );
    // Pages are for people.
    assert_eq!(reads.get(&format!("/assets/{id}")).await.status, 403);
}

#[tokio::test]
async fn an_asset_is_found_described_and_published() {
    let site = Site::new().await;
    let rig = &site.rig;
    let contributor = Program::of(&site, &rig.minh, &[Action::AssetRead, Action::AssetContribute]);
    let steward = Program::of(
        &site,
        &rig.steward,
        &[Action::AssetRead, Action::AssetContribute, Action::AssetSteward],
    );
    let id = rig.opened("a.jpg", &picture(64, 48), site.scratch.path()).await;
    let path = format!("/api/v1/assets/{id}");
    let first = contributor.get(&path).await;
    let (before, tag_before) = (json_of(&first), tag(&first));
    assert_eq!(before["state"], "draft");

    let put = async |tag: &str, body: Value| contributor.send(Method::PUT, &path, tag, Some(body)).await;
    assert_eq!(
        problem(&put("", details("Một")).await, 400),
        "items-if-match-missing"
    );
    let mut wrong = details("Một");
    wrong["rights"]["channels"] = json!(["carrier_pigeon"]);
    let refused = put(&tag_before, wrong).await;
    problem(&refused, 422);
    assert!(
        refused.text().contains("\"field\":\"channels\""),
        "{}",
        refused.text()
    );
    let saved = put(&tag_before, details("Hồ Gươm")).await;
    assert_eq!(json_of(&saved)["details"]["texts"][0]["title"], "Hồ Gươm");
    assert_ne!(tag(&saved), tag_before);
    assert_eq!(
        problem(&put(&tag_before, details("Hai")).await, 409),
        "assets-stale"
    );

    let actions = format!("{path}/actions");
    assert_eq!(
        json_of(&contributor.post(&actions, json!({ "action": "submit" })).await)["state"],
        "in_review"
    );
    problem(
        &contributor.post(&actions, json!({ "action": "publish" })).await,
        403,
    );
    assert_eq!(
        json_of(&steward.post(&actions, json!({ "action": "publish" })).await)["state"],
        "published"
    );
    problem(&steward.post(&actions, json!({ "action": "dance" })).await, 422);

    let found = json_of(
        &contributor
            .get("/api/v1/assets?text=ho%20guom&kind=picture&usable=here")
            .await,
    );
    assert_eq!(found["items"][0]["id"], json!(id));
    assert_eq!(
        (found["count"].clone(), found["next"].clone()),
        (json!(1), Value::Null)
    );
    let facets = found["facets"].as_array().unwrap();
    assert!(
        facets.contains(&json!({ "facet": "kind", "value": "picture", "count": 1 })),
        "{facets:?}"
    );

    let roles = |answer: &Answer| -> Vec<String> {
        let files = json_of(answer);
        let files = files.as_array().unwrap();
        files
            .iter()
            .map(|file| file["role"].as_str().unwrap().to_owned())
            .collect()
    };
    let attache = Program::of(&site, &rig.lan, &[Action::AssetRead, Action::AssetUse]);
    assert_eq!(roles(&attache.get(&format!("{path}/files")).await), ["clean"]);
    assert!(roles(&contributor.get(&format!("{path}/files")).await).contains(&"original".to_owned()));
    assert_eq!(
        attache
            .get(&format!("{path}/file?channel=press_room"))
            .await
            .status,
        200
    );
    let uses = json_of(&contributor.get(&format!("{path}/uses")).await);
    assert_eq!(uses["downloads"][0]["count"], 1);

    let draft = rig.draft("b.jpg").await;
    let discard = format!("/api/v1/assets/{draft}/actions");
    let gone = contributor.post(&discard, json!({ "action": "discard" })).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    problem(&contributor.get(&format!("/api/v1/assets/{draft}")).await, 404);
}

#[tokio::test]
async fn many_are_changed_at_once_and_changed_back() {
    let site = Site::new().await;
    let rig = &site.rig;
    let ids = [
        rig.published("a.jpg", Rig::details("Một")).await,
        rig.published("b.jpg", Rig::details("Hai")).await,
    ];
    let steward = Program::of(
        &site,
        &rig.steward,
        &[Action::AssetRead, Action::AssetContribute, Action::AssetSteward],
    );
    let edit = json!({ "assets": ids, "patch": { "credit": "TTXVN" } });
    let done = steward.post("/api/v1/assets/bulk", edit).await;
    assert_eq!(done.status, StatusCode::CREATED);
    let undo = format!(
        "/api/v1/assets/bulk/{}/undo",
        json_of(&done)["id"].as_str().unwrap()
    );
    assert_eq!(rig.asset(ids[0]).await.details.credit, "TTXVN");
    assert_eq!(
        json_of(&steward.post(&undo, json!({})).await),
        json!({ "restored": 2, "kept": 0 })
    );
    assert_eq!(rig.asset(ids[1]).await.details.credit, "VNA");
    problem(&steward.post(&undo, json!({})).await, 409);
    let nothing = steward
        .post("/api/v1/assets/bulk", json!({ "assets": [], "patch": {} }))
        .await;
    problem(&nothing, 422);
}

#[tokio::test]
async fn a_collection_is_made_ordered_and_given_out() {
    let site = Site::new().await;
    let rig = &site.rig;
    let ids = [
        site.published("a.jpg", Rig::details("Một")).await,
        site.published("b.jpg", Rig::details("Hai")).await,
    ];
    let attache = Program::of(&site, &rig.lan, &[Action::AssetRead, Action::AssetUse]);
    let draft = |name: &str| json!({ "kind": "kit", "names": { "vi": name }, "shared_kinds": ["embassy"] });
    let nameless = json!({ "unit": rig.vientiane, "draft": draft(" ") });
    problem(&attache.post("/api/v1/collections", nameless).await, 422);
    let elsewhere = json!({ "unit": rig.paris, "draft": draft("Tết") });
    problem(&attache.post("/api/v1/collections", elsewhere).await, 403);
    let made = attache
        .post(
            "/api/v1/collections",
            json!({ "unit": rig.vientiane, "draft": draft("Tết") }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let path = format!("/api/v1/collections/{}", json_of(&made)["id"].as_str().unwrap());

    let put = async |tag: &str, body: Value| attache.send(Method::PUT, &path, tag, Some(body)).await;
    json_of(&put(&tag(&made), draft("Tết Nguyên đán")).await);
    assert_eq!(
        problem(&put(&tag(&made), draft("Khác")).await, 409),
        "assets-stale"
    );

    let inside = format!("{path}/assets");
    let order = |answer: &Answer| -> Vec<AssetId> {
        let items = json_of(answer)["items"].clone();
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["asset"].as_str().unwrap().parse().unwrap())
            .collect()
    };
    assert_eq!(order(&attache.post(&inside, json!({ "assets": ids })).await), ids);
    let turned = json!([{ "asset": ids[1], "note": "Ảnh bìa" }, { "asset": ids[0] }]);
    let turned = attache.send(Method::PUT, &inside, "", Some(turned)).await;
    assert_eq!(order(&turned), [ids[1], ids[0]]);
    assert_eq!(json_of(&turned)["items"][0]["note"], "Ảnh bìa");
    assert_eq!(attache.get(&format!("{path}/zip")).await.status, 200);

    let paul = Program::of(&site, &rig.paul, &[Action::AssetRead, Action::AssetUse]);
    let listed = json_of(&paul.get("/api/v1/collections?limit=1").await);
    assert_eq!(listed["items"][0]["names"]["vi"], "Tết Nguyên đán");
    problem(
        &paul
            .send(Method::PUT, &path, "\"2\"", Some(draft("Của tôi")))
            .await,
        403,
    );
    problem(&paul.get(&format!("{path}/shares")).await, 403);

    let shares = format!("{path}/shares");
    let late = json!({ "ends_at": "2030-01-01T00:00:00Z" });
    problem(&attache.post(&shares, late).await, 422);
    let made = attache
        .post(
            &shares,
            json!({ "ends_at": "2026-09-10T00:00:00Z", "password": "mat khau dai", "max_downloads": 3 }),
        )
        .await;
    let made = json_of(&made);
    let address = made["address"].as_str().unwrap();
    let at = address.find("/shared/").unwrap();
    let link = address.get(at..).unwrap();
    let all = json_of(&attache.get(&shares).await);
    assert_eq!(
        (all[0]["password"].clone(), all[0]["max_downloads"].clone()),
        (json!(true), json!(3))
    );
    let outsider = Program(site.router(None, Language::En));
    assert_eq!(outsider.get(link).await.status, 200);
    let share = format!("{shares}/{}", made["id"].as_str().unwrap());
    assert_eq!(attache.delete(&share).await, StatusCode::NO_CONTENT);
    assert_eq!(attache.delete(&share).await, StatusCode::NOT_FOUND);
    assert_eq!(outsider.get(link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn collections_come_page_by_page() {
    let site = Site::new().await;
    let asset = site.rig.published("a.jpg", Rig::details("Một")).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(site.collection(&[asset]).await.to_string());
        // Ids of one instant have no order.
        site.rig.clock.advance(Duration::from_secs(1));
    }
    let attache = Program::of(&site, &site.rig.lan, &[Action::AssetRead, Action::AssetUse]);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = json_of(
            &attache
                .get(&format!("/api/v1/collections?limit=2&after={after}"))
                .await,
        );
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    made.reverse();
    assert_eq!(seen, made);
    problem(&attache.get("/api/v1/collections?after=nonsense").await, 400);
}

#[tokio::test]
async fn searches_are_kept_by_each_for_themselves() {
    let site = Site::new().await;
    let (lan, paul) = (&site.rig.lan, &site.rig.paul);
    let (lan, paul) = (
        Program::of(&site, lan, &[Action::AssetRead]),
        Program::of(&site, paul, &[Action::AssetRead]),
    );
    let path = "/api/v1/assets/searches";
    let kept = lan
        .post(path, json!({ "name": "Ảnh Tết", "query": "text=tet" }))
        .await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT);
    problem(&lan.post(path, json!({ "name": " ", "query": "" })).await, 422);
    let mine = json_of(&lan.get(path).await);
    assert_eq!(
        (mine[0]["name"].clone(), mine[0]["query"].clone()),
        (json!("Ảnh Tết"), json!("text=tet"))
    );
    assert_eq!(json_of(&paul.get(path).await), json!([]));
    let one = format!("{path}/{}", mine[0]["id"].as_str().unwrap());
    paul.delete(&one).await;
    assert_eq!(json_of(&lan.get(path).await).as_array().unwrap().len(), 1);
    assert_eq!(lan.delete(&one).await, StatusCode::NO_CONTENT);
    assert_eq!(json_of(&lan.get(path).await), json!([]));
}

#[tokio::test]
async fn a_file_comes_in_by_tus() {
    let site = Site::new().await;
    let rig = &site.rig;
    let program = Program::of(&site, &rig.minh, &[Action::AssetContribute]);
    let bytes = picture(64, 48);
    let creation = Request::post("/api/v1/assets/uploads")
        .header("tus-resumable", "1.0.0")
        .header("upload-length", bytes.len())
        .header(
            "upload-metadata",
            metadata(&[("filename", "ảnh.jpg"), ("unit", &rig.agency.to_string())]),
        )
        .body(Body::empty())
        .unwrap();
    let created = Answer::of(program.0.clone().oneshot(creation).await.unwrap()).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
    let piece = Request::patch(created.location())
        .header("tus-resumable", "1.0.0")
        .header("upload-offset", 0)
        .header(header::CONTENT_TYPE, "application/offset+octet-stream")
        .body(Body::from(bytes.clone()))
        .unwrap();
    let sent = Answer::of(program.0.clone().oneshot(piece).await.unwrap()).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.text());
    assert_eq!(sent.headers["upload-offset"], bytes.len().to_string().as_str());
    let reads = Program::of(&site, &rig.minh, &[Action::AssetRead]);
    problem(&reads.post("/api/v1/assets/uploads", json!({})).await, 403);
}
