//! Pages, fragments and API: who may, who may not, what bad input says.

use std::sync::Arc;

use axum::body::Body;
use chancery_access::{Grant, Principal, Role, Via};
use chancery_clock::Clock;
use chancery_contracts::ids::{CampaignId, DeliveryId, PersonId, UnitId};
use chancery_contracts::{Platform, Service};
use chancery_publisher::Settings;
use chancery_publisher::connectors::{Connector, Registry};
use chancery_publisher::engine::Actor;
use chancery_publisher::model::{DeliveryState, StopScope};
use chancery_publisher::vault::Vault;
use chancery_web::{Args, Language, Shell, ShellConfig, Viewer};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::simulator::Act;
use crate::world::World;

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl World {
    pub fn somebody(&self, role: Role, unit: UnitId) -> Principal {
        let from = "2026-01-01".parse().unwrap();
        Principal {
            person: PersonId(self.clock.new_id()),
            name: "Lan".to_owned(),
            grants: vec![Grant {
                role,
                unit,
                from,
                to: None,
            }],
            via: Via::Session,
            today: "2026-09-02".parse().unwrap(),
        }
    }

    fn shell(&self) -> Shell {
        let config = ShellConfig {
            base_url: "https://chancery.example".to_owned(),
            ..ShellConfig::default()
        };
        Shell::new(config, self.db.service(Service::Publisher), self.clock.shared()).unwrap()
    }

    pub async fn ask_for(
        &self,
        who: &Principal,
        language: Language,
        method: Method,
        path: &str,
        form: &str,
    ) -> Answer {
        let connector: Arc<dyn Connector> = Arc::new(self.sim.clone());
        let folder = tempfile::tempdir().unwrap();
        let shell = self.shell();
        let parts = chancery_publisher::service(chancery_publisher::Deps {
            pool: self.db.service(Service::Publisher),
            clock: self.clock.shared(),
            shell: shell.clone(),
            connectors: Registry::of(vec![connector]),
            vault: Vault::new(&[7; 32]),
            http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
            store: chancery_storage::Store::local(folder.path(), self.clock.shared()).unwrap(),
            settings: Settings::default(),
        });
        let router = shell
            .app_for(Viewer::signed_in(who.clone(), language), vec![parts.routes])
            .router;
        let kind = if path.starts_with("/api/") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, kind);
        let response = router
            .oneshot(request.body(Body::from(form.to_owned())).unwrap())
            .await
            .unwrap();
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|to| to.to_str().unwrap().to_owned());
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            location: location.unwrap_or_default(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub async fn get(&self, who: &Principal, path: &str) -> Answer {
        self.ask_for(who, Language::En, Method::GET, path, "").await
    }

    pub async fn post(&self, who: &Principal, path: &str, form: &str) -> Answer {
        self.ask_for(who, Language::En, Method::POST, path, form).await
    }
}

#[tokio::test]
async fn every_page_renders_in_both_languages() {
    let world = World::new().await;
    let who = world.somebody(Role::Administrator, world.ministry);
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    let (order, id) = world.ready().await;
    world.sim.will([Act::FallSilent]);
    world.commit(id).await;
    let stop = world
        .publisher
        .place_stop(StopScope::Unit(world.mission), "a reason", &Actor::default())
        .await
        .unwrap()
        .stop;
    let paths = [
        "/deliveries".to_owned(),
        "/deliveries?show=held".to_owned(),
        "/deliveries?show=attention".to_owned(),
        format!("/deliveries?account={}", world.account),
        format!("/deliveries/{id}"),
        format!("/deliveries/{id}/fragments/state"),
        "/deliveries/fragments/recent".to_owned(),
        "/deliveries/fragments/attention".to_owned(),
        format!("/deliveries/fragments/item/{}", order.item),
        "/accounts".to_owned(),
        format!("/accounts/{}", world.account),
        format!("/accounts/{}", world.press_room),
        "/stops".to_owned(),
        format!("/stops/{stop}"),
        "/stops/fragments/banner".to_owned(),
        "/stops/fragments/button".to_owned(),
        "/api/v1/accounts".to_owned(),
        "/api/v1/deliveries".to_owned(),
        format!("/api/v1/deliveries/{id}"),
        "/api/v1/stops".to_owned(),
    ];
    for language in Language::ALL {
        for path in &paths {
            let answer = world.ask_for(&approver, language, Method::GET, path, "").await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        }
        let answer = world
            .ask_for(&who, language, Method::GET, "/accounts/new", "")
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let page = world
        .ask_for(
            &approver,
            Language::Vi,
            Method::GET,
            &format!("/deliveries/{id}"),
            "",
        )
        .await
        .body;
    assert!(page.contains("Chưa rõ kết quả"), "{page}");
}

#[tokio::test]
async fn every_word_that_comes_from_data_has_its_sentence() {
    let world = World::new().await;
    let shell = world.shell();
    let mut keys: Vec<String> = Platform::ALL
        .iter()
        .map(|platform| format!("platform-{platform}"))
        .collect();
    for state in DeliveryState::ALL {
        keys.push(format!("delivery-says-{state}"));
    }
    let steps = [
        "ordered",
        "withdrawn",
        "prepared",
        "not_prepared",
        "permit_refused",
        "permitted",
        "answered",
        "published",
        "went_silent",
        "located",
        "doubted",
        "held",
        "time_passed",
        "marked_published",
        "marked_not_published",
        "look_again",
        "released",
        "dropped",
        "retimed",
    ];
    keys.extend(steps.map(|step| format!("delivery-step-{step}")));
    let answers = [
        "published",
        "pending",
        "rate_limited",
        "needs_reauth",
        "rejected",
        "not_sent",
        "unknown",
    ];
    keys.extend(answers.map(|answer| format!("delivery-answer-{answer}")));
    keys.extend(["found", "absent", "other", "cannot_tell"].map(|found| format!("delivery-found-{found}")));
    for decision in ["published", "not_published", "look_again", "release", "drop"] {
        keys.push(format!("delivery-decided-{decision}"));
    }
    for key in chancery_publisher::model::REASONS {
        keys.push(format!("delivery-reason-{key}"));
    }
    for name in ["all", "upcoming", "attention", "held", "published"] {
        keys.push(format!("deliveries-show-{name}"));
        keys.push(format!("deliveries-none-{name}"));
    }
    keys.push("notice-account-reauth".to_owned());
    for language in Language::ALL {
        for key in &keys {
            assert!(
                shell.locales().find(language, key, &Args::new()).is_some(),
                "{key} in {}",
                language.tag()
            );
        }
    }
}

#[tokio::test]
async fn another_mission_sees_and_decides_nothing_here() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let elsewhere = world.somebody(Role::HeadOfMission, UnitId(world.clock.new_id()));
    let (page, decide) = (format!("/deliveries/{id}"), format!("/deliveries/{id}/decide"));
    assert_eq!(world.get(&elsewhere, &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.post(&elsewhere, &decide, "decision=release").await.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        !world
            .get(&elsewhere, "/deliveries")
            .await
            .body
            .contains("Statement")
    );
    let auditor = world.somebody(Role::Auditor, world.ministry);
    assert_eq!(world.get(&auditor, &page).await.status, StatusCode::OK);
    assert_eq!(
        world.post(&auditor, &decide, "decision=release").await.status,
        StatusCode::FORBIDDEN
    );
    let contributor = world.somebody(Role::Contributor, world.mission);
    assert_eq!(
        world.get(&contributor, "/deliveries").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_ministry_is_stopped_in_two_taps_and_the_page_lists_what_was_in_flight() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    let button = world.get(&approver, "/stops/fragments/button").await.body;
    assert!(
        button.contains("data-open-dialog=\"pause-dialog\"") && button.contains("value=\"ministry\""),
        "{button}"
    );
    let placed = world
        .post(&approver, "/stops", "what=ministry&reason=%3Cscript%3E")
        .await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER);
    let page = world.get(&approver, &placed.location).await.body;
    assert!(page.contains(&format!("/deliveries/{id}")), "{page}");
    assert!(
        page.contains("&lt;script&gt;") && !page.contains("<script>"),
        "what people type is text"
    );
    let banner = world
        .get(
            &world.somebody(Role::Analyst, world.mission),
            "/stops/fragments/banner",
        )
        .await
        .body;
    assert!(banner.contains("The whole ministry"), "{banner}");
    assert_eq!(
        world
            .post(&approver, &format!("{}/lift", placed.location), "")
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert!(
        !world
            .get(&approver, "/stops/fragments/banner")
            .await
            .body
            .contains("alert")
    );
}

#[tokio::test]
async fn a_mission_stops_itself_and_not_the_ministry_and_does_not_lift_what_headquarters_placed() {
    let world = World::new().await;
    let attache = world.somebody(Role::PressAttache, world.mission);
    assert_eq!(
        world.post(&attache, "/stops", "what=ministry").await.status,
        StatusCode::FORBIDDEN
    );
    let ministry = format!("what=unit:{}", world.ministry);
    assert_eq!(
        world.post(&attache, "/stops", &ministry).await.status,
        StatusCode::FORBIDDEN
    );
    let own = format!("what=unit:{}", world.mission);
    let placed = world.post(&attache, "/stops", &own).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER);
    assert_eq!(
        world
            .post(&attache, &format!("{}/lift", placed.location), "")
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    let placed = world.post(&approver, "/stops", &own).await;
    assert_eq!(
        world
            .post(&attache, &format!("{}/lift", placed.location), "")
            .await
            .status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn whom_headquarters_stops_is_told_and_nobody_else() {
    let world = World::new().await;
    let campaign = CampaignId(world.clock.new_id());
    sqlx::query(
        "insert into calendar.campaigns
             (id, unit_id, name, starts_on, ends_on, owner_id, colour, created_by, created_at, updated_at)
         select $1, $2, 'Film week', starts_on, ends_on, owner_id, colour, created_by, created_at, updated_at
         from calendar.campaigns where id = $3",
    )
    .bind(campaign.0)
    .bind(world.ministry.0)
    .bind(world.campaign.0)
    .execute(world.db.owner())
    .await
    .unwrap();
    let attache = world.somebody(Role::PressAttache, world.mission);
    let elsewhere = world.somebody(Role::PressAttache, UnitId(world.clock.new_id()));
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    for what in [format!("campaign:{campaign}"), format!("unit:{}", world.ministry)] {
        let placed = world.post(&approver, "/stops", &format!("what={what}")).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{what}");
        for (who, told) in [(&attache, true), (&elsewhere, false)] {
            let banner = world.get(who, "/stops/fragments/banner").await.body;
            assert_eq!(banner.contains(&placed.location), told, "{what}: {banner}");
            let status = if told { 200 } else { 404 };
            assert_eq!(world.get(who, &placed.location).await.status, status, "{what}");
        }
        let lifted = world
            .post(&attache, &format!("{}/lift", placed.location), "")
            .await;
        assert_eq!(lifted.status, StatusCode::FORBIDDEN, "{what}");
    }
}

#[tokio::test]
async fn a_stop_of_nothing_is_refused_with_the_form_as_it_was() {
    let world = World::new().await;
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    for what in ["", "unit:", "unit:everything", "planet:earth", "ministry:x"] {
        let answer = world
            .post(&approver, "/stops", &format!("what={what}&reason=storm"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(answer.body.contains("value=\"storm\""));
    }
    let long = format!("what=ministry&reason={}", "a".repeat(501));
    assert_eq!(
        world.post(&approver, "/stops", &long).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_person_says_what_they_found() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    world.sim.will([Act::AcceptAndFallSilent]);
    world.commit(id).await;
    let attache = world.somebody(Role::PressAttache, world.mission);
    let decide = format!("/deliveries/{id}/decide");
    for link in ["", "there", "javascript:alert(1)", "ftp://example.org/x"] {
        let answer = world
            .post(&attache, &decide, &format!("decision=published&permalink={link}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{link}");
        assert!(answer.body.contains("aria-invalid=\"true\""));
    }
    assert_eq!(
        world.post(&attache, &decide, "decision=explode").await.status,
        StatusCode::BAD_REQUEST
    );
    let early = world.post(&attache, &decide, "decision=not_published").await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let link = "decision=published&permalink=https://bsky.app/profile/x/post/1";
    assert_eq!(
        world.post(&attache, &decide, link).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(
        world
            .get(&attache, &format!("/deliveries/{id}"))
            .await
            .body
            .contains("https://bsky.app/profile/x/post/1")
    );
    assert_eq!(
        world.post(&attache, &decide, link).await.status,
        StatusCode::CONFLICT,
        "twice is once"
    );
}

#[tokio::test]
async fn held_deliveries_are_released_from_the_list() {
    let world = World::new().await;
    let (_, id) = world.ready().await;
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    let placed = world.post(&approver, "/stops", "what=ministry").await.location;
    world.commit(id).await;
    let lifted = world.post(&approver, &format!("{placed}/lift"), "").await;
    assert_eq!(
        lifted.location, "/deliveries?show=held",
        "resuming leads to triage"
    );
    let list = world.get(&approver, &lifted.location).await.body;
    assert!(
        list.contains(&format!("name=\"delivery\" value=\"{id}\"")),
        "{list}"
    );
    let nobody = DeliveryId(world.clock.new_id());
    let answer = world
        .post(
            &approver,
            "/deliveries/release",
            &format!("delivery={id}&delivery={nobody}"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(world.row(id).await.state, "waiting");
}

#[tokio::test]
async fn an_account_is_connected_and_its_secret_never_comes_back() {
    let world = World::new().await;
    let admin = world.somebody(Role::Administrator, world.ministry);
    let form = |secret: &str| {
        format!(
            "unit={}&handle=%40hanoi.example&name=Hanoi&service_url=https://sim.invalid&languages=vi,+EN&secret={secret}",
            world.mission
        )
    };
    let attache = world.somebody(Role::PressAttache, world.mission);
    assert_eq!(
        world.post(&attache, "/accounts", &form("x")).await.status,
        StatusCode::FORBIDDEN
    );
    let empty = world.post(&admin, "/accounts", &form("")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        empty.body.contains("value=\"@hanoi.example\""),
        "what was typed is kept"
    );
    let wrong = world.post(&admin, "/accounts", &form("wrong-hunter2")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("no such password") && !wrong.body.contains("hunter2"),
        "{}",
        wrong.body
    );
    let made = world.post(&admin, "/accounts", &form("hunter2")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = world.get(&admin, &made.location).await.body;
    assert!(page.contains("hanoi.example") && !page.contains("hunter2"));
    assert!(
        !world
            .get(&admin, "/api/v1/accounts")
            .await
            .body
            .contains("hunter2")
    );
    assert_eq!(
        world.post(&admin, "/accounts", &form("hunter2")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "taken"
    );
    let nonsense = world
        .post(
            &admin,
            "/accounts",
            "unit=x&handle=a+b&service_url=file:///etc&secret=y&languages=%3Cx%3E",
        )
        .await;
    assert_eq!(
        nonsense.body.matches("aria-invalid=\"true\"").count(),
        4,
        "{}",
        nonsense.body
    );
    let switch = format!("{}/switch", made.location);
    assert_eq!(
        world.post(&admin, &switch, "on=false").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(world.get(&admin, &made.location).await.body.contains("Switch on"));
}

#[tokio::test]
async fn the_api_stops_and_resumes() {
    let world = World::new().await;
    let approver = world.somebody(Role::HeadquartersApprover, world.ministry);
    let made = world
        .post(
            &approver,
            "/api/v1/stops",
            r#"{"scope":"topic","scope_id":"general","reason":"x"}"#,
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = serde_json::from_str::<serde_json::Value>(&made.body).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/stops/{id}");
    assert_eq!(
        world
            .ask_for(&approver, Language::En, Method::DELETE, &path, "")
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    let bad = world
        .post(&approver, "/api/v1/stops", r#"{"scope":"planet"}"#)
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let attache = world.somebody(Role::PressAttache, world.mission);
    let ministry = world
        .post(&attache, "/api/v1/stops", r#"{"scope":"ministry"}"#)
        .await;
    assert_eq!(ministry.status, StatusCode::FORBIDDEN);
}
