//! Pages, fragments and the API, as somebody sees them.

use axum::Router;
use axum::body::Body;
use chancery_access::Principal;
use chancery_calendar::model::State;
use chancery_calendar::{Deps, service};
use chancery_contracts::ids::ItemId;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::rig::{Rig, picture};

pub struct Site(Router);

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Site {
    pub fn of(rig: &Rig, who: &Principal, language: Language) -> Self {
        Self::seen_by(rig, Viewer::signed_in(who.clone(), language))
    }

    pub fn seen_by(rig: &Rig, viewer: Viewer) -> Self {
        let http = chancery_http::Client::new(chancery_http::Settings::default()).unwrap();
        Self::through(rig, viewer, http)
    }

    /// The same with another way out.
    pub fn through(rig: &Rig, viewer: Viewer, http: chancery_http::Client) -> Self {
        let shell = Shell::new(
            ShellConfig::default(),
            rig.calendar.pool.clone(),
            rig.calendar.clock.clone(),
        )
        .unwrap();
        let parts = service(Deps {
            pool: rig.calendar.pool.clone(),
            clock: rig.calendar.clock.clone(),
            shell: shell.clone(),
            images: rig.calendar.images.clone(),
            http,
            vault: chancery_vault::Vault::new(&[7; 32]),
        });
        Self(shell.app_for(viewer, vec![parts.routes]).router)
    }

    /// The answer as it came.
    pub async fn response(&self, method: Method, path: &str) -> axum::response::Response {
        let request = Request::builder().method(method).uri(path);
        self.0
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    pub async fn ask(&self, method: Method, path: &str, mime: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, mime);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A part of a page, as htmx asks for it.
    pub async fn part(&self, path: &str) -> Answer {
        let request = Request::builder().uri(path).header("hx-request", "true");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let header = |name| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let location = header(header::LOCATION).unwrap_or_default();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            location,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, "text/plain", Body::empty()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.ask(Method::POST, path, "application/x-www-form-urlencoded", body)
            .await
    }

    pub async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        self.ask(method, path, "application/json", body.to_string()).await
    }
}

/// Fields of the composer as it is filled in for a complete statement.
async fn fields(rig: &Rig, id: ItemId, body: &str) -> Vec<(String, String)> {
    let item = rig.item(id).await;
    let variant = &item.draft.variants[0];
    let named = |part: &str| format!("v.{}.{part}", variant.id);
    [
        ("version".to_owned(), item.revision.to_string()),
        ("title".into(), "Thông cáo".into()),
        ("body".into(), body.into()),
        ("scope".into(), "public".into()),
        ("wall".into(), "2026-09-02T09:00".into()),
        (named("account"), variant.account.to_string()),
        (named("language"), variant.language.clone()),
    ]
    .into()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn the_whole_way_in_pages() {
    let rig = Rig::new().await;
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let new = lan.get("/items/new").await;
    assert!(new.body.contains("kind-card"), "{}", new.body);
    let made = lan
        .post(
            "/items",
            &[("unit", &rig.mission.to_string()), ("kind", "press_release")],
        )
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let id: ItemId = made.location.split('/').nth(2).unwrap().parse().unwrap();
    let edit = lan.get(&format!("/items/{id}/edit")).await;
    assert_eq!(edit.status, StatusCode::OK);
    assert!(edit.body.contains("data-autosave=\"/items/"), "{}", edit.body);

    let mut form = fields(&rig, id, "Xin chào.").await;
    form.push(("do".into(), "submit".into()));
    form.push(("message".into(), "Kính trình Đại sứ.".into()));
    let submitted = lan.post(&format!("/items/{id}/edit"), &borrowed(&form)).await;
    assert_eq!(submitted.location, format!("/items/{id}"), "{}", submitted.body);
    assert_eq!(rig.state(id).await, State::Submitted);

    let head = Site::of(&rig, &rig.ambassador, Language::En);
    assert!(
        head.get("/approvals")
            .await
            .body
            .contains(&format!("/approvals/{id}"))
    );
    assert!(
        head.get("/approvals/fragments/waiting")
            .await
            .body
            .contains(&format!("/approvals/{id}"))
    );
    let reading = head.get(&format!("/approvals/{id}")).await;
    assert!(
        reading.body.contains("Kính trình Đại sứ.") && reading.body.contains("Xin chào."),
        "{}",
        reading.body
    );
    assert!(
        reading
            .body
            .contains("<h3 class=\"preview-title\">Thông cáo</h3>"),
        "{}",
        reading.body
    );
    let hash = rig.hash(id).await.to_string();
    assert!(reading.body.contains(&format!("value=\"{hash}\"")));
    let stale = head
        .post(&format!("/items/{id}/approve"), &[("hash", &"0".repeat(64))])
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("changed after you opened"), "{}", stale.body);
    let approved = head
        .post(&format!("/items/{id}/approve"), &[("hash", &hash)])
        .await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
    assert_eq!(rig.state(id).await, State::Approved);
    for path in ["", "/fragments/state", "/fragments/timeline"] {
        let page = lan.get(&format!("/items/{id}{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            !page.body.contains("item-state-") && !page.body.contains("timeline-approved"),
            "a raw key in {path}"
        );
    }
    // The author sees no button to approve, and is told why by the server as well.
    let own = lan
        .post(&format!("/items/{id}/approve"), &[("hash", &hash)])
        .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_was_done_is_said_even_if_the_next_was_decided_by_somebody_else() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let head = Site::of(&rig, &rig.ambassador, Language::En);
    let path = format!("/approvals/{id}");
    let alone = head.response(Method::GET, &path).await;
    assert_eq!(alone.headers()[header::LOCATION], format!("/items/{id}").as_str());
    let said = alone.headers()[header::SET_COOKIE].clone();
    let request = Request::builder().uri(&path).header(header::COOKIE, &said);
    let after = head
        .0
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(after.headers()[header::LOCATION], "/approvals");
    assert_eq!(after.headers()[header::SET_COOKIE], said);
}

#[tokio::test]
async fn every_page_answers_in_both_languages_without_a_missing_word() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    rig.calendar
        .add_image(chancery_calendar::Actor::new(&rig.lan), id, picture())
        .await
        .unwrap();
    let submitted = rig.submitted(rig.complete()).await;
    for language in [Language::Vi, Language::En] {
        for (who, paths) in [
            (
                &rig.lan,
                vec![
                    "/items".to_owned(),
                    "/items?group=open&text=mừng".replace('ừ', "%E1%BB%AB"),
                    "/items?unit=nonsense&group=nonsense&campaign=x".into(),
                    "/items/new".into(),
                    "/items/fragments/mine".into(),
                    "/items/fragments/today".into(),
                    "/items/fragments/asked".into(),
                    format!("/items/{id}"),
                    format!("/items/{id}/edit"),
                    format!("/items/{id}/fragments/checklist"),
                    format!("/items/{id}/fragments/preview"),
                    format!("/items/{id}/fragments/presence"),
                    format!("/items/{id}/fragments/time?wall=2026-09-02T09:00&clock=headquarters"),
                    format!("/items/{submitted}"),
                    "/campaigns".into(),
                    "/campaigns/new".into(),
                ],
            ),
            (
                &rig.ambassador,
                vec![
                    "/approvals".into(),
                    format!("/approvals/{submitted}"),
                    "/approvals/delegations".into(),
                ],
            ),
            (
                &rig.administrator,
                vec![
                    "/policy".into(),
                    "/policy?ask=1&topic=sovereignty&step=native_reviewer&language=lo".into(),
                    "/approvals/delegations".into(),
                ],
            ),
        ] {
            let site = Site::of(&rig, who, language);
            for path in paths {
                let page = site.get(&path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
                for raw in [
                    "items-",
                    "approvals-",
                    "check-",
                    "campaigns-",
                    "policy-",
                    "topic-",
                    "channels-",
                    "approval-",
                    "transition",
                    "passages-",
                    "delegations-",
                ] {
                    let shown = page.body.split('>').filter_map(|part| part.split('<').next());
                    assert!(
                        shown.clone().all(|text| !text.trim_start().starts_with(raw)),
                        "{raw} is shown in {path}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn scripts_reach_no_page_as_markup() {
    let rig = Rig::new().await;
    let script = "<script>alert(1)</script>";
    let mut draft = rig.complete();
    draft.title = script.into();
    draft.body = script.into();
    let id = rig.written(draft).await;
    rig.calendar
        .comment(chancery_calendar::Actor::new(&rig.lan), id, script)
        .await
        .unwrap();
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    for path in [
        format!("/items/{id}"),
        format!("/items/{id}/edit"),
        "/items".into(),
        "/items/fragments/mine".into(),
    ] {
        let page = lan.get(&path).await;
        assert!(page.body.contains("&lt;script&gt;"), "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn autosave_keeps_its_contract_with_the_browser() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let form = fields(&rig, id, "Một").await;
    let saved = lan.post(&format!("/items/{id}/draft"), &borrowed(&form)).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let answer: Value = serde_json::from_str(&saved.body).unwrap();
    assert_eq!(answer["version"], json!(rig.item(id).await.revision));
    assert!(answer["saved_at"].is_string());

    // Minh saves on top of what Lan had read before.
    let minh = Site::of(&rig, &rig.minh, Language::En);
    let mut stale = fields(&rig, id, "Hai").await;
    stale[0].1 = form[0].1.clone();
    let kept = minh.post(&format!("/items/{id}/draft"), &borrowed(&stale)).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    let answer: Value = serde_json::from_str(&kept.body).unwrap();
    assert!(
        answer["detail"].as_str().unwrap().starts_with("Lan saved"),
        "{answer}"
    );
    assert_eq!(answer["arguments"]["version"], json!(rig.item(id).await.revision));
    assert!(
        minh.get(&format!("/items/{id}/edit"))
            .await
            .body
            .contains("/copy/take")
    );
    let taken = minh.post(&format!("/items/{id}/copy/take"), &[]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    assert_eq!(rig.item(id).await.draft.body, "Hai");
}

#[tokio::test]
async fn a_refused_form_comes_back_filled_in() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let mut form = fields(&rig, id, "Giữ lại đoạn này").await;
    form[1].1 = "x".repeat(301);
    let refused = lan.post(&format!("/items/{id}/edit"), &borrowed(&form)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Giữ lại đoạn này") && refused.body.contains("more than 300 characters"));

    let campaign = [
        ("unit", rig.mission.to_string()),
        ("name", "Năm hữu nghị".into()),
        ("starts_on", "2026-09-02".into()),
        ("ends_on", "2026-09-01".into()),
    ];
    let campaign: Vec<_> = campaign
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let refused = lan.post("/campaigns", &campaign).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Năm hữu nghị") && refused.body.contains("cannot end before"));
}

#[tokio::test]
async fn the_composer_shows_the_texts_that_are_there_and_no_others() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.variants.push(chancery_calendar::model::DraftVariant {
        title: None,
        ..rig.variant(rig.room, "en", Some("x"))
    });
    let id = rig.written(draft).await;
    let edit = Site::of(&rig, &rig.lan, Language::En)
        .get(&format!("/items/{id}/edit"))
        .await
        .body;
    let variants = rig.item(id).await.draft.variants;
    let headline = |n: usize, text: &str| format!("name=\"v.{}.title\" value=\"{text}\"", variants[n].id);
    assert!(edit.contains(&headline(0, "Chúc mừng Quốc khánh")), "{edit}");
    assert!(edit.contains(&headline(1, "")), "{edit}");
    assert!(edit.contains("<h3 class=\"preview-title\">Chúc mừng Quốc khánh</h3>"));
}

#[tokio::test]
async fn broken_requests_are_refused_in_words() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let form = "application/x-www-form-urlencoded";
    let invalid = lan
        .ask(
            Method::POST,
            &format!("/items/{id}/draft"),
            form,
            "version=2&title=%ff%fe",
        )
        .await;
    assert_eq!(invalid.status, StatusCode::BAD_REQUEST);
    let nul = lan
        .ask(
            Method::POST,
            &format!("/items/{id}/draft"),
            form,
            "version=2&title=a%00b",
        )
        .await;
    assert_eq!(nul.status, StatusCode::BAD_REQUEST);
    let huge = format!("version=2&body={}", "a".repeat(5 * 1024 * 1024));
    let huge = lan
        .ask(Method::POST, &format!("/items/{id}/draft"), form, huge)
        .await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    for path in [
        "/items/..%2f..%2fetc%2fpasswd",
        "/items/1",
        &format!("/items/{id}/images/..%2f..%2fx"),
        "/campaigns/%00",
    ] {
        assert_eq!(lan.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let boundary = "multipart/form-data; boundary=x";
    let no_picture = "--x\r\ncontent-disposition: form-data; name=\"image\"; filename=\"../../a.png\"\r\n\r\nhello\r\n--x--\r\n";
    let refused = lan
        .ask(Method::POST, &format!("/items/{id}/images"), boundary, no_picture)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let cut = lan
        .ask(
            Method::POST,
            &format!("/items/{id}/images"),
            boundary,
            "--x\r\ncontent",
        )
        .await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_picture_goes_in_is_shown_and_goes_out_again() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    let lan = Site::of(&rig, &rig.lan, Language::Vi);
    let mut body =
        b"--x\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend_from_slice(&picture());
    body.extend_from_slice(b"\r\n--x--\r\n");
    let added = lan
        .ask(
            Method::POST,
            &format!("/items/{id}/images"),
            "multipart/form-data; boundary=x",
            body,
        )
        .await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    let image = rig.item(id).await.images[0].id;
    assert!(added.body.contains(&format!("alt.{image}.vi")), "{}", added.body);
    let shown = lan.get(&format!("/items/{id}/images/{image}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(
        Site::of(&rig, &rig.paul, Language::Vi)
            .get(&format!("/items/{id}/images/{image}"))
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    lan.post(&format!("/items/{id}/images/{image}/remove"), &[]).await;
    assert!(rig.item(id).await.images.is_empty());
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    let rig = Rig::new().await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let made = lan
        .json(
            Method::POST,
            "/api/v1/items",
            json!({ "unit": rig.mission, "draft": rig.complete() }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let item: Value = serde_json::from_str(&made.body).unwrap();
    let (id, revision) = (item["id"].as_str().unwrap(), item["revision"].as_i64().unwrap());
    let findings: Vec<&Value> = item["findings"].as_array().unwrap().iter().collect();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (&findings[0]["code"], &findings[0]["blocking"]),
        (&json!("day-home"), &json!(false))
    );
    assert_eq!(item["chain"], json!(["head_of_mission"]));
    let unconditional = lan
        .json(Method::PUT, &format!("/api/v1/items/{id}"), json!(rig.complete()))
        .await;
    assert_eq!(unconditional.status, StatusCode::BAD_REQUEST);
    let submitted = lan
        .json(
            Method::POST,
            &format!("/api/v1/items/{id}/submit"),
            json!({ "revision": revision }),
        )
        .await;
    assert_eq!(submitted.status, StatusCode::OK, "{}", submitted.body);
    let hash = serde_json::from_str::<Value>(&submitted.body).unwrap()["edition_hash"].clone();

    let decision = json!({ "decision": "approve", "hash": hash });
    let own = lan
        .json(Method::POST, &format!("/api/v1/approvals/{id}"), decision.clone())
        .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(own.body.contains("You wrote in this item"), "{}", own.body);
    let head = Site::of(&rig, &rig.ambassador, Language::En);
    let waiting: Value = serde_json::from_str(&head.get("/api/v1/approvals").await.body).unwrap();
    assert_eq!(waiting["items"][0]["id"].as_str(), Some(id));
    let approved = head
        .json(Method::POST, &format!("/api/v1/approvals/{id}"), decision)
        .await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.body);
    let cancelled = lan
        .json(
            Method::POST,
            &format!("/api/v1/items/{id}/cancel"),
            json!({ "text": "Hoãn" }),
        )
        .await;
    assert_eq!(
        serde_json::from_str::<Value>(&cancelled.body).unwrap()["state"],
        "stopping"
    );

    let campaign = json!({ "unit": rig.mission, "name": "Tuần Việt Nam", "starts_on": "2026-09-01", "ends_on": "2026-09-30", "colour": "red" });
    let made = lan.json(Method::POST, "/api/v1/campaigns", campaign).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let listed: Value = serde_json::from_str(&lan.get("/api/v1/campaigns").await.body).unwrap();
    assert_eq!(listed["items"][0]["name"], "Tuần Việt Nam");
    let page = lan
        .get(&format!(
            "/campaigns/{}",
            listed["items"][0]["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let description: Value = serde_json::from_str(&lan.get("/api/openapi.json").await.body).unwrap();
    assert!(description["paths"]["/api/v1/items/{id}/submit"]["post"].is_object());
}

#[tokio::test]
async fn lists_go_on_where_they_stopped() {
    let rig = Rig::new().await;
    for _ in 0..5 {
        rig.clock.advance(std::time::Duration::from_secs(1));
        rig.draft().await;
    }
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let mut seen = std::collections::HashSet::new();
    let mut after = String::new();
    loop {
        let page: Value = serde_json::from_str(
            &lan.get(&format!("/api/v1/items?limit=2&after={after}"))
                .await
                .body,
        )
        .unwrap();
        for item in page["items"].as_array().unwrap() {
            assert!(seen.insert(item["id"].as_str().unwrap().to_owned()));
        }
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    // Paris sees none of them.
    let paul = Site::of(&rig, &rig.paul, Language::En);
    let page: Value = serde_json::from_str(&paul.get("/api/v1/items").await.body).unwrap();
    assert_eq!(page["items"], json!([]));
}

#[tokio::test]
async fn an_approver_decides_on_several_and_reads_what_became_of_each() {
    let rig = Rig::new().await;
    let head = Site::of(&rig, &rig.ambassador, Language::En);
    let (first, second) = (
        rig.submitted(rig.complete()).await,
        rig.submitted(rig.complete()).await,
    );
    let page = head.get("/approvals").await;
    assert!(page.body.contains("Approve what is ticked"), "{}", page.body);
    let good = format!("{first} {}", rig.hash(first).await);
    assert!(page.body.contains(&good));
    let stale = format!("{second} {}", "0".repeat(64));
    let done = head
        .post("/approvals", &[("chosen", &good), ("chosen", &stale)])
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(done.body.contains("It goes out at its time") && done.body.contains("changed after you opened"));
    assert_eq!(rig.state(first).await, State::Approved);
    assert_eq!(rig.state(second).await, State::Submitted);
    let nothing = head.post("/approvals", &[]).await;
    assert!(nothing.body.contains("Nothing was ticked"), "{}", nothing.body);
    let broken = head.post("/approvals", &[("chosen", "x")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The next one follows a decision; after the last, what became of it.
    let third = rig.submitted(rig.complete()).await;
    for (id, next) in [
        (second, format!("/approvals/{third}")),
        (third, format!("/items/{third}")),
    ] {
        let hash = rig.hash(id).await.to_string();
        let approved = head
            .post(&format!("/items/{id}/approve"), &[("hash", &hash)])
            .await;
        assert_eq!(approved.location, next, "{}", approved.body);
    }
}

#[tokio::test]
async fn an_administrator_sees_who_would_approve_before_saving_and_loses_nothing_when_refused() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.administrator, Language::En);
    let asked = site
        .get(&format!(
            "/policy?ask=1&unit={}&topic=culture&step=desk_officer",
            rig.mission
        ))
        .await;
    assert!(asked.body.contains("With this rule"), "{}", asked.body);
    assert!(asked.body.contains("Ambassador") && asked.body.contains("<bdi>Desk</bdi>"));
    let refused = site
        .post(
            "/policy/rules",
            &[("language", "lo"), ("step", "headquarters_approver")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("cannot be put in the way of everything"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("value=\"lo\""));
    let saved = site
        .post("/policy/rules", &[("topic", "culture"), ("step", "desk_officer")])
        .await;
    assert_eq!(saved.location, "/policy", "{}", saved.body);
    let chain: Value = serde_json::from_str(
        &site
            .get(&format!(
                "/api/v1/policy/chain?unit={}&topic=culture",
                rig.mission
            ))
            .await
            .body,
    )
    .unwrap();
    assert_eq!(chain, json!(["head_of_mission", "desk_officer"]));
    let mut form = vec![("native_reviewer", "1")];
    assert_eq!(
        site.post("/policy/deadlines", &form).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    form[0].1 = "300";
    assert_eq!(site.post("/policy/deadlines", &form).await.location, "/policy");
    let lan = Site::of(&rig, &rig.lan, Language::En);
    assert_eq!(lan.get("/policy").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_delegate_is_named_on_the_page_and_what_was_typed_comes_back_when_refused() {
    let rig = Rig::new().await;
    let head = Site::of(&rig, &rig.ambassador, Language::En);
    let who = format!("{} head_of_mission {}", rig.mission, rig.minh.person);
    let form = |reason| {
        [
            ("who", who.clone()),
            ("first", "2026-09-01".into()),
            ("last", "2026-09-03".into()),
            ("reason", reason),
        ]
    };
    let send = async |reason: String| {
        let form = form(reason);
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        head.post("/approvals/delegations", &form).await
    };
    let refused = send(String::new()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains(&format!("value=\"{who}\" selected")),
        "{}",
        refused.body
    );
    assert_eq!(send("Leave".into()).await.location, "/approvals/delegations");
    // The unit's people see it.
    let lan = Site::of(&rig, &rig.lan, Language::En);
    assert!(
        lan.get("/approvals/delegations")
            .await
            .body
            .contains("Minh decides for Ambassador")
    );
    let paul = Site::of(&rig, &rig.paul, Language::En);
    assert!(!paul.get("/approvals/delegations").await.body.contains("Minh"));
}

#[tokio::test]
async fn what_may_be_done_now_is_said_with_its_reasons() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let of = async |who: &Principal| -> Value {
        let site = Site::of(&rig, who, Language::En);
        serde_json::from_str(&site.get(&format!("/api/v1/items/{id}/transitions")).await.body).unwrap()
    };
    let find = |all: &Value, name: &str| -> Value {
        all.as_array()
            .unwrap()
            .iter()
            .find(|one| one["transition"] == name)
            .unwrap()
            .clone()
    };
    let head = of(&rig.ambassador).await;
    assert_eq!(find(&head, "approve")["allowed"], true);
    assert_eq!(find(&head, "submit")["reason"], "items-refused-submit");
    let own = find(&of(&rig.lan).await, "approve");
    assert_eq!(own["reason"], "approvals-objection-own");
    assert!(
        own["sentence"]
            .as_str()
            .unwrap()
            .starts_with("You wrote in this item")
    );
    let page = Site::of(&rig, &rig.lan, Language::En)
        .get(&format!("/items/{id}"))
        .await;
    assert!(page.body.contains("What can I do now?") && page.body.contains("You wrote in this item"));
}
