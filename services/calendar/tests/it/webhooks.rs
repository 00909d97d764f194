//! Webhooks against a real HTTP server: what is told exactly when, signed, again and again, and never to somewhere else.

use std::time::Duration;

use chancery_calendar::{Deps, service};
use chancery_contracts::identity::Notify;
use chancery_contracts::ids::UnitId;
use chancery_contracts::publisher::DeliveryStatus as D;
use chancery_queue::Worker;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::endpoint::{Endpoint, Heard, Reply};
use crate::pages::Site;
use crate::rig::Rig;

const ALL: [&str; 9] = [
    "item.submitted",
    "item.approved",
    "item.scheduled",
    "item.published",
    "item.partly",
    "item.failed",
    "item.needs_person",
    "item.cancelled",
    "item.held",
];

/// A ministry and an endpoint on this machine, which the operator has allowed.
struct Stage {
    rig: Rig,
    endpoint: Endpoint,
}

/// A webhook and its secret.
struct Hook {
    id: Uuid,
    secret: String,
}

impl Stage {
    async fn new() -> Self {
        Self {
            rig: Rig::new().await,
            endpoint: Endpoint::start().await,
        }
    }

    fn http() -> chancery_http::Client {
        let settings = chancery_http::Settings {
            allow: vec!["127.0.0.1".to_owned()],
            timeout: Duration::from_millis(400),
            ..chancery_http::Settings::default()
        };
        chancery_http::Client::new(settings).unwrap()
    }

    fn worker_with(&self, http: chancery_http::Client) -> Worker {
        let calendar = &self.rig.calendar;
        let config = ShellConfig::default();
        let parts = service(Deps {
            pool: calendar.pool.clone(),
            clock: calendar.clock.clone(),
            shell: Shell::new(config, calendar.pool.clone(), calendar.clock.clone()).unwrap(),
            images: calendar.images.clone(),
            http,
            vault: chancery_vault::Vault::new(&[7; 32]),
        });
        Worker::new(calendar.pool.clone(), parts.handlers, calendar.clock.clone())
    }

    async fn work(&self) {
        self.worker_with(Self::http()).drain().await.unwrap();
    }

    async fn after(&self, wait: Duration) {
        self.rig.clock.advance(wait);
        self.work().await;
    }

    fn site(&self, who: &chancery_access::Principal) -> Site {
        Site::through(
            &self.rig,
            Viewer::signed_in(who.clone(), Language::En),
            Self::http(),
        )
    }

    fn wanted(&self, unit: UnitId, below: bool, events: &[&str]) -> Value {
        json!({ "unit": unit, "below": below, "name": "Cổng thông tin", "url": self.endpoint.url("/hook"), "events": events })
    }

    async fn register(&self, unit: UnitId, below: bool, events: &[&str]) -> Hook {
        let wanted = self.wanted(unit, below, events);
        let made = self
            .site(&self.rig.administrator)
            .json(Method::POST, "/api/v1/webhooks", wanted)
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let made: Value = serde_json::from_str(&made.body).unwrap();
        Hook {
            id: made["id"].as_str().unwrap().parse().unwrap(),
            secret: made["secret"].as_str().unwrap().to_owned(),
        }
    }

    async fn state(&self, hook: &Hook) -> String {
        sqlx::query_scalar("select state from calendar.hooks where id = $1")
            .bind(hook.id)
            .fetch_one(self.rig.db.owner())
            .await
            .unwrap()
    }

    async fn messages(&self) -> Vec<(String, String, i32)> {
        sqlx::query_as("select event, state, attempts from calendar.hook_messages order by created_at, ctid")
            .fetch_all(self.rig.db.owner())
            .await
            .unwrap()
    }

    async fn events(&self) -> Vec<String> {
        self.messages()
            .await
            .into_iter()
            .map(|message| message.0)
            .collect()
    }

    async fn test(&self, hook: &Hook) {
        let path = format!("/webhooks/{}/test", hook.id);
        let sent = self.site(&self.rig.ambassador).post(&path, &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
}

#[tokio::test]
async fn an_items_way_is_told_step_by_step_with_a_signature_that_holds() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    assert!(hook.secret.starts_with("whsec_"));
    let id = stage.rig.approved(stage.rig.complete()).await;
    for (sequence, state) in [(1, D::Waiting), (2, D::Publishing), (3, D::Published)] {
        stage.rig.report(id, 0, sequence, state).await;
    }
    // A report that comes again is no news.
    stage.rig.report(id, 0, 3, D::Published).await;
    let told = [
        "item.submitted",
        "item.approved",
        "item.scheduled",
        "item.published",
    ];
    assert_eq!(stage.events().await, told);
    assert!(
        stage.endpoint.requests().is_empty(),
        "nothing leaves before the job"
    );
    stage.work().await;
    let requests = stage.endpoint.requests();
    assert_eq!(requests.len(), 4);
    for request in &requests {
        request.verify(&hook.secret, stage.rig.clock_now());
        assert_eq!(request.header("content-type"), "application/json");
    }
    let published = requests
        .iter()
        .map(Heard::json)
        .find(|body| body["type"] == "item.published")
        .unwrap();
    assert_eq!(published["format"], 1);
    let data = &published["data"];
    assert_eq!(data["item"], json!(id));
    assert_eq!(data["state"], "published");
    assert_eq!(data["title"], "Chúc mừng Quốc khánh");
    assert_eq!(data["unit"]["id"], json!(stage.rig.mission));
    assert_eq!(data["permalinks"][0]["url"], "https://example.test/0");
    assert!(published.get("timestamp").is_some());
    assert!(
        stage
            .messages()
            .await
            .iter()
            .all(|(_, state, attempts)| state == "delivered" && *attempts == 1)
    );
}

#[tokio::test]
async fn what_does_not_happen_is_not_told() {
    let stage = Stage::new().await;
    stage.register(stage.rig.mission, false, &ALL).await;
    let rig = &stage.rig;
    let id = rig.written(rig.complete()).await;
    // Refused: the second time it is not open any more, and the ambassador approved it once.
    rig.submit(&rig.lan, id).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap_err();
    rig.approve(&rig.lan, id).await.unwrap_err();
    assert_eq!(stage.events().await, ["item.submitted"]);
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap_err();
    assert_eq!(stage.events().await, ["item.submitted", "item.approved"]);
    // Each message has a job, and each job a message.
    let jobs: i64 = sqlx::query_scalar("select count(*) from queue.jobs where kind = 'calendar.send_hook'")
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(jobs, 2);
}

#[tokio::test]
async fn only_who_asked_hears_of_it_and_of_units_below_only_if_they_asked() {
    let stage = Stage::new().await;
    let ministry: Uuid = sqlx::query_scalar("select id from identity.units where parent_id is null")
        .fetch_one(stage.rig.db.owner())
        .await
        .unwrap();
    stage.register(stage.rig.paris, true, &ALL).await;
    stage.register(ministry.into(), false, &ALL).await;
    stage
        .register(stage.rig.mission, false, &["item.published"])
        .await;
    let above = stage.register(ministry.into(), true, &["item.submitted"]).await;
    stage.rig.approved(stage.rig.complete()).await;
    let told: Vec<(Uuid, String)> = sqlx::query_as("select hook_id, event from calendar.hook_messages")
        .fetch_all(stage.rig.db.owner())
        .await
        .unwrap();
    assert_eq!(told, [(above.id, "item.submitted".to_owned())]);
}

#[tokio::test]
async fn of_an_internal_item_only_its_number_and_state_leave() {
    let stage = Stage::new().await;
    stage
        .register(stage.rig.mission, false, &["item.cancelled"])
        .await;
    let mut draft = stage.rig.complete();
    draft.scope = chancery_calendar::model::Scope::Internal;
    draft.title = "Điều động cán bộ".into();
    let id = stage.rig.written(draft).await;
    let lan = chancery_calendar::Actor::new(&stage.rig.lan);
    stage.rig.calendar.cancel(lan, id, "").await.unwrap();
    stage.work().await;
    let body = stage.endpoint.requests()[0].json();
    assert_eq!(body["data"], json!({ "item": id, "state": "cancelled" }));
}

#[tokio::test]
async fn it_is_tried_again_with_growing_waits_and_then_given_up() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.endpoint.always(Reply::status(500));
    stage.test(&hook).await;
    stage.work().await;
    let waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (number, wait) in waits.into_iter().enumerate() {
        let before = stage.endpoint.requests().len();
        assert_eq!(before, number + 1);
        stage.after(Duration::from_secs(wait - 1)).await;
        assert_eq!(stage.endpoint.requests().len(), before, "not a second early");
        stage.after(Duration::from_secs(1)).await;
    }
    let requests = stage.endpoint.requests();
    assert_eq!(requests.len(), 10);
    let id = requests[0].header("webhook-id");
    assert!(requests.iter().all(|request| request.header("webhook-id") == id));
    assert!(requests.iter().all(|request| request.body == requests[0].body));
    assert_ne!(
        requests[0].header("webhook-timestamp"),
        requests[9].header("webhook-timestamp")
    );
    assert_eq!(
        stage.messages().await,
        [("webhook.test".to_owned(), "given_up".to_owned(), 10)]
    );
    assert_eq!(stage.state(&hook).await, "failing");
    let notices: Vec<Notify> = stage.rig.sent().await;
    let told: Vec<_> = notices
        .iter()
        .filter(|notice| notice.key == "notice-webhook-failing")
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].link, format!("/webhooks/{}", hook.id));
    stage.after(Duration::from_hours(100)).await;
    assert_eq!(stage.endpoint.requests().len(), 10);
    // It recovers as soon as it takes one.
    stage.endpoint.always(Reply::status(204));
    stage.test(&hook).await;
    stage.work().await;
    assert_eq!(stage.state(&hook).await, "active");
}

#[tokio::test]
async fn three_given_up_in_a_row_disable_it_and_nothing_more_is_written() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.endpoint.always(Reply::status(404));
    for _ in 0..3 {
        stage.test(&hook).await;
    }
    for _ in 0..12 {
        stage.after(Duration::from_hours(25)).await;
    }
    assert_eq!(stage.state(&hook).await, "disabled");
    stage.rig.submitted(on_a_later_day(&stage)).await;
    assert_eq!(stage.messages().await.len(), 3);
    let path = format!("/webhooks/{}", hook.id);
    let site = stage.site(&stage.rig.ambassador);
    assert_eq!(
        site.post(&format!("{path}/test"), &[]).await.status,
        StatusCode::CONFLICT
    );
    assert!(
        site.get(&path)
            .await
            .body
            .contains("refused messages again and again")
    );
    site.post(&format!("{path}/resume"), &[]).await;
    assert_eq!(stage.state(&hook).await, "active");
}

/// The clock has gone on: what was complete then is too late now.
fn on_a_later_day(stage: &Stage) -> chancery_calendar::model::Draft {
    let mut draft = stage.rig.complete();
    let later = stage.rig.clock_now() + chrono::TimeDelta::days(3);
    draft.wall = Some(later.naive_utc());
    draft
}

#[tokio::test]
async fn gone_means_gone() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.endpoint.always(Reply::status(410));
    stage.rig.approved(stage.rig.complete()).await;
    stage.work().await;
    stage.after(Duration::from_hours(100)).await;
    assert_eq!(stage.endpoint.requests().len(), 1);
    assert_eq!(stage.state(&hook).await, "disabled");
    assert!(
        stage
            .messages()
            .await
            .iter()
            .all(|(_, state, _)| state == "given_up")
    );
    let notices: Vec<Notify> = stage.rig.sent().await;
    assert!(
        notices
            .iter()
            .any(|notice| notice.key == "notice-webhook-disabled")
    );
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.endpoint.next(Reply::status(429).with("retry-after", "600"));
    stage.test(&hook).await;
    stage.work().await;
    stage.after(Duration::from_secs(599)).await;
    assert_eq!(stage.endpoint.requests().len(), 1);
    stage.after(Duration::from_secs(1)).await;
    assert_eq!(stage.endpoint.requests().len(), 2);
    assert_eq!(stage.messages().await[0].1, "delivered");
}

#[tokio::test]
async fn silence_and_floods_are_no_answer() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.endpoint.next(Reply::Hang);
    stage.endpoint.next(Reply::Flood);
    stage.test(&hook).await;
    stage.work().await;
    stage.after(Duration::from_secs(5)).await;
    assert_eq!(
        stage.messages().await,
        [("webhook.test".to_owned(), "waiting".to_owned(), 2)]
    );
    let path = format!("/api/v1/webhooks/{}", hook.id);
    let shown: Value = serde_json::from_str(&stage.site(&stage.rig.lan).get(&path).await.body).unwrap();
    let reasons: Vec<&str> = shown["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["reason"].as_str().unwrap())
        .collect();
    assert!(reasons[0].contains("larger than"), "{reasons:?}");
    assert!(reasons[1].contains("gave up after"), "{reasons:?}");
    assert!(shown["attempts"][1]["status"].is_null());
    stage.after(Duration::from_mins(5)).await;
    assert_eq!(stage.messages().await[0].1, "delivered");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stage = Stage::new().await;
    let other = Endpoint::start().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage
        .endpoint
        .next(Reply::status(307).with("location", &other.url("/metadata")));
    stage.test(&hook).await;
    stage.work().await;
    assert!(other.requests().is_empty());
    assert_eq!(stage.messages().await[0].1, "waiting");
}

#[tokio::test]
async fn a_private_address_is_refused_when_it_is_registered_and_when_it_is_called() {
    let stage = Stage::new().await;
    let rig = &stage.rig;
    let guarded = chancery_http::Client::new(chancery_http::Settings::default()).unwrap();
    let site = Site::through(
        rig,
        Viewer::signed_in(rig.ambassador.clone(), Language::En),
        guarded.clone(),
    );
    for (url, field) in [
        ("https://127.0.0.1/hook", "not a public one"),
        ("https://169.254.169.254/latest", "not a public one"),
        ("https://[::1]/", "not a public one"),
        ("https://10.1.2.3:8443/", "not a public one"),
        ("https://localhost/", "not a public one"),
        ("https://user:pw@example.org/", "not a public one"),
        ("https://example.org:25/", "not a public one"),
        ("http://example.org/", "must begin with https"),
        ("ftp://example.org/", "must begin with https"),
        ("somewhere", "not an address"),
    ] {
        let mut wanted = stage.wanted(rig.mission, false, &ALL);
        wanted["url"] = url.into();
        let refused = site.json(Method::POST, "/api/v1/webhooks", wanted).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{url}: {}",
            refused.body
        );
        assert!(refused.body.contains(field), "{url}: {}", refused.body);
    }
    // Allowed once, forbidden later: the guard is asked at every call.
    let hook = stage.register(rig.mission, false, &ALL).await;
    stage.test(&hook).await;
    stage.worker_with(guarded).drain().await.unwrap();
    assert!(stage.endpoint.requests().is_empty());
    let shown: Value = {
        let path = format!("/api/v1/webhooks/{}", hook.id);
        serde_json::from_str(&stage.site(&rig.lan).get(&path).await.body).unwrap()
    };
    let reason = shown["attempts"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("is not reached from here"), "{reason}");
}

#[tokio::test]
async fn for_a_day_both_secrets_hold() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    let site = stage.site(&stage.rig.ambassador);
    let path = format!("/api/v1/webhooks/{}/rotate", hook.id);
    let rotated = site.json(Method::POST, &path, Value::Null).await;
    let rotated: Value = serde_json::from_str(&rotated.body).unwrap();
    let new = rotated["secret"].as_str().unwrap().to_owned();
    assert_ne!(new, hook.secret);
    stage.test(&hook).await;
    stage.work().await;
    let now = stage.rig.clock_now();
    let request = stage.endpoint.requests().pop().unwrap();
    request.verify(&new, now);
    request.verify(&hook.secret, now);
    stage.rig.clock.advance(Duration::from_hours(24));
    stage.test(&hook).await;
    stage.work().await;
    let request = stage.endpoint.requests().pop().unwrap();
    request.verify(&new, stage.rig.clock_now());
    assert!(!request.is_signed_with(&hook.secret));
    // Neither is in the database as it is.
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from calendar.hooks h where position(convert_to($1, 'utf8') in h.secret) > 0
             or position(convert_to($2, 'utf8') in h.old_secret) > 0",
    )
    .bind(&new)
    .bind(&hook.secret)
    .fetch_one(stage.rig.db.owner())
    .await
    .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn two_workers_deliver_each_message_once_and_one_at_a_time() {
    let stage = Stage::new().await;
    stage.register(stage.rig.mission, false, &ALL).await;
    for _ in 0..4 {
        stage.rig.approved(stage.rig.complete()).await;
    }
    let (one, two) = (stage.worker_with(Stage::http()), stage.worker_with(Stage::http()));
    let (one, two) = tokio::join!(one.drain(), two.drain());
    one.and(two).unwrap();
    stage.work().await;
    let mut ids: Vec<_> = stage
        .endpoint
        .requests()
        .iter()
        .map(|request| request.header("webhook-id").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), stage.endpoint.requests().len()), (8, 8));
    assert_eq!(stage.endpoint.most_at_once(), 1);
}

#[tokio::test]
async fn while_it_is_paused_messages_wait_and_old_ones_are_given_up() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    let site = stage.site(&stage.rig.lan);
    let path = format!("/webhooks/{}", hook.id);
    site.post(&format!("{path}/pause"), &[]).await;
    stage.rig.submitted(stage.rig.complete()).await;
    stage.work().await;
    assert!(stage.endpoint.requests().is_empty());
    assert_eq!(
        site.post(&format!("{path}/test"), &[]).await.status,
        StatusCode::CONFLICT
    );
    stage.rig.clock.advance(Duration::from_hours(73));
    stage.rig.submitted(on_a_later_day(&stage)).await;
    site.post(&format!("{path}/resume"), &[]).await;
    stage.work().await;
    assert_eq!(stage.endpoint.requests().len(), 1);
    let states: Vec<_> = stage
        .messages()
        .await
        .into_iter()
        .map(|message| message.1)
        .collect();
    assert_eq!(states, ["given_up", "delivered"]);
}

#[tokio::test]
async fn what_ended_is_sent_again_under_its_own_id() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.test(&hook).await;
    stage.work().await;
    let id = stage.endpoint.requests()[0].header("webhook-id").to_owned();
    let site = stage.site(&stage.rig.ambassador);
    let page = site.get(&format!("/webhooks/{}", hook.id)).await.body;
    assert!(page.contains("204") && page.contains("Send again"), "{page}");
    let path = format!("/webhooks/{}/messages/{id}/again", hook.id);
    assert_eq!(site.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    // It waits already.
    assert_eq!(site.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
    stage.work().await;
    let requests = stage.endpoint.requests();
    assert_eq!(
        (requests.len(), requests[1].header("webhook-id")),
        (2, id.as_str())
    );
}

#[tokio::test]
async fn a_crash_between_sending_and_noting_sends_again_and_ends_once() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.test(&hook).await;
    stage.work().await;
    // As if the worker had died before it wrote down what it had sent.
    sqlx::query("update calendar.hook_messages set state = 'waiting', attempts = 0, ended_at = null")
        .execute(stage.rig.db.owner())
        .await
        .unwrap();
    let message: Uuid = sqlx::query_scalar("select id from calendar.hook_messages")
        .fetch_one(stage.rig.db.owner())
        .await
        .unwrap();
    let mut conn = stage.rig.calendar.pool.acquire().await.unwrap();
    for _ in 0..2 {
        let job = chancery_contracts::calendar::SendHook { message };
        let job = chancery_queue::Outgoing::new(job, &chancery_contracts::Origin::default());
        chancery_queue::send(&mut conn, &job).await.unwrap();
    }
    drop(conn);
    stage.work().await;
    let ids: Vec<_> = stage
        .endpoint
        .requests()
        .iter()
        .map(|request| request.header("webhook-id").to_owned())
        .collect();
    assert!(
        (2..=3).contains(&ids.len()) && ids.iter().all(|id| *id == ids[0]),
        "{ids:?}"
    );
    assert_eq!(
        stage.messages().await,
        [("webhook.test".to_owned(), "delivered".to_owned(), 1)]
    );
}

#[tokio::test]
async fn who_may_and_who_may_not() {
    let stage = Stage::new().await;
    let rig = &stage.rig;
    let hook = stage.register(rig.mission, false, &ALL).await;
    let path = format!("/webhooks/{}", hook.id);
    // The native reviewer has nothing to do with it; Paris not with Vientiane's.
    assert_eq!(
        stage.site(&rig.reviewer).get("/webhooks").await.status,
        StatusCode::FORBIDDEN
    );
    let paul = stage.site(&rig.paul);
    assert!(!paul.get("/webhooks").await.body.contains("Cổng thông tin"));
    assert_eq!(paul.get(&path).await.status, StatusCode::NOT_FOUND);
    for deed in ["pause", "resume", "rotate", "test", "remove"] {
        let refused = paul.post(&format!("{path}/{deed}"), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{deed}");
    }
    let wanted = stage.wanted(rig.mission, false, &ALL);
    let refused = paul.json(Method::POST, "/api/v1/webhooks", wanted).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let lan = stage.site(&rig.lan);
    assert!(lan.get("/webhooks").await.body.contains("Cổng thông tin"));
    lan.post(&format!("{path}/remove"), &[]).await;
    assert_eq!(lan.get(&path).await.status, StatusCode::NOT_FOUND);
    let trail: Vec<String> =
        sqlx::query_scalar("select action from audit.entries where action like 'webhook.%' order by seq")
            .fetch_all(rig.db.owner())
            .await
            .unwrap();
    assert_eq!(trail, ["webhook.registered", "webhook.removed"]);
}

#[tokio::test]
async fn the_form_registers_shows_the_secret_once_and_keeps_what_was_refused() {
    let stage = Stage::new().await;
    let site = stage.site(&stage.rig.lan);
    let (unit, url) = (stage.rig.mission.to_string(), stage.endpoint.url("/hook"));
    let fields = [
        ("unit", unit.as_str()),
        ("name", "Cổng <b>"),
        ("url", &url),
        ("event", "item.published"),
    ];
    let made = site.post("/webhooks", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(
        made.body.contains("whsec_") && made.body.contains("Cổng &lt;b&gt;"),
        "{}",
        made.body
    );
    assert!(!site.get("/webhooks").await.body.contains("whsec_"));
    let refused = site
        .post(
            "/webhooks",
            &[("unit", unit.as_str()), ("name", "Tên"), ("url", &url)],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Choose at least one event") && refused.body.contains("value=\"Tên\""),
        "{}",
        refused.body
    );
    let nonsense = [
        ("unit", unit.as_str()),
        ("name", "Tên"),
        ("url", &url),
        ("event", "item.exploded"),
    ];
    assert_eq!(
        site.post("/webhooks", &nonsense).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn what_is_old_is_swept() {
    let stage = Stage::new().await;
    let hook = stage.register(stage.rig.mission, false, &ALL).await;
    stage.test(&hook).await;
    stage.work().await;
    stage.after(Duration::from_hours(24 * 29)).await;
    assert_eq!(stage.messages().await.len(), 1);
    stage.after(Duration::from_hours(24 * 2)).await;
    assert_eq!(stage.messages().await.len(), 0);
}
