//! Pages and files as people and outsiders get them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use chancery_access::Principal;
use chancery_assets::library::{CollectionDraft, NewShare};
use chancery_assets::model::{Refusal, State};
use chancery_assets::{Actor, Deps, Parts, service};
use chancery_clock::Clock as _;
use chancery_contracts::Service;
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_media::{Limits, Media};
use chancery_queue::Worker;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use chrono::TimeDelta;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::rig::{Rig, picture};

pub struct Site {
    pub rig: Rig,
    pub scratch: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub async fn of(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes(),
        }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |to| to.to_str().unwrap())
    }
}

impl Site {
    pub async fn new() -> Self {
        Self {
            rig: Rig::new().await,
            scratch: tempfile::tempdir().unwrap(),
        }
    }

    pub fn router(&self, who: Option<&Principal>, language: Language) -> Router {
        let (shell, parts) = self.parts();
        let viewer = match who {
            Some(who) => Viewer::signed_in(who.clone(), language),
            None => Viewer::anonymous(language),
        };
        shell.app_for(viewer, vec![parts.routes]).router
    }

    /// Runs every job that is due.
    pub async fn work(&self) {
        let (_, parts) = self.parts();
        let clock = self.rig.clock.shared();
        let worker = Worker::new(self.rig.db.service(Service::Assets), parts.handlers, clock);
        worker.drain().await.unwrap();
    }

    fn parts(&self) -> (Shell, Parts) {
        let pool = self.rig.db.service(Service::Assets);
        let clock = self.rig.clock.shared();
        let shell = Shell::new(ShellConfig::default(), pool.clone(), Arc::clone(&clock)).unwrap();
        let scratch = self.scratch.path().to_owned();
        let parts = service(Deps {
            pool,
            clock,
            shell: shell.clone(),
            store: self.rig.library.store.clone(),
            http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
            media: Media::new(Limits::default(), scratch.clone(), Arc::new(Semaphore::new(2))),
            scratch,
        });
        (shell, parts)
    }

    pub async fn send(&self, who: Option<&Principal>, request: Request<Body>) -> Answer {
        Answer::of(self.router(who, Language::Vi).oneshot(request).await.unwrap()).await
    }

    pub async fn get(&self, who: &Principal, path: &str) -> Answer {
        self.send(Some(who), Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, who: Option<&Principal>, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(who, request).await
    }

    /// A real picture that came in, was really looked into, and is published with these details.
    pub async fn published(&self, name: &str, details: chancery_assets::model::Details) -> AssetId {
        let id = self
            .rig
            .opened(name, &picture(640, 480), self.scratch.path())
            .await;
        self.rig.describe(&self.rig.steward, id, details).await;
        self.rig
            .library
            .publish(Actor::new(&self.rig.steward), &[id])
            .await
            .unwrap();
        id
    }

    pub async fn collection(&self, assets: &[AssetId]) -> CollectionId {
        let lan = Actor::new(&self.rig.lan);
        let draft = CollectionDraft {
            names: [("vi".to_owned(), "Quốc khánh".to_owned())].into(),
            ..CollectionDraft::default()
        };
        let library = &self.rig.library;
        let id = library
            .save_collection(lan, self.rig.vientiane, None, draft)
            .await
            .unwrap();
        library.collect(lan, id, assets).await.unwrap();
        id
    }
}

#[tokio::test]
async fn a_real_picture_is_looked_into_cleaned_and_shown() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("Hồ Gươm.jpg", Rig::details("Hồ Gươm")).await;
    assert_eq!(rig.asset(id).await.kind.as_str(), "picture");
    let preview = site.get(&rig.lan, &format!("/assets/{id}/preview/480")).await;
    assert_eq!(preview.status, 200);
    assert_eq!(preview.headers[header::CONTENT_TYPE], "image/jpeg");
    let download = site.get(&rig.lan, &format!("/assets/{id}/download")).await;
    assert_eq!(download.status, 200);
    let name = download.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        name.contains("filename*=UTF-8''H%E1%BB%93%20G%C6%B0%C6%A1m.jpg"),
        "{name}"
    );
    let counted: i64 = sqlx::query_scalar("select count(*) from assets.downloads where asset_id = $1")
        .bind(id.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(counted, 1);
    let page = site.get(&rig.lan, &format!("/assets/{id}")).await;
    assert!(page.text().contains("Hồ Gươm") && !page.text().contains("/edit"));
    assert_eq!(
        site.get(&rig.reader, &format!("/assets/{id}/download"))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_broken_file_says_why_and_nothing_is_published() {
    let site = Site::new().await;
    let mut broken = picture(640, 480);
    broken.truncate(400);
    let id = site.rig.opened("hỏng.jpg", &broken, site.scratch.path()).await;
    let page = site.get(&site.rig.minh, &format!("/assets/{id}")).await;
    assert!(
        page.text().contains("Tệp không được tiếp nhận"),
        "{}",
        page.text()
    );
    let published = site
        .rig
        .library
        .publish(Actor::new(&site.rig.steward), &[id])
        .await;
    assert!(published.is_err());
}

#[tokio::test]
async fn every_way_out_asks_the_rule() {
    let site = Site::new().await;
    let rig = &site.rig;
    let mut hidden = Rig::details("Chưa công bố");
    hidden.rights.embargo = Some("2026-09-05T00:00:00".parse().unwrap());
    let embargoed = site.published("a.jpg", hidden).await;
    let mut inside = Rig::details("Nội bộ");
    inside.rights.internal_only = true;
    let internal = site.published("b.jpg", inside).await;

    for path in [
        "",
        "/preview/480",
        "/download",
        "/adapt",
        "/translation",
        "/play",
        "/fragments/renditions",
        "/fragments/glance",
        "/fragments/alike",
    ] {
        let path = format!("/assets/{embargoed}{path}");
        assert_eq!(site.get(&rig.lan, &path).await.status, 404, "{path}");
    }
    let page = site.get(&rig.minh, &format!("/assets/{embargoed}")).await;
    assert!(page.text().contains("CHƯA ĐƯỢC CÔNG BỐ"));
    // Whoever looks after it sees it, and even they do not take it out for use.
    assert_eq!(
        site.get(&rig.steward, &format!("/assets/{embargoed}/download"))
            .await
            .status,
        403
    );

    let page = site.get(&rig.lan, &format!("/assets/{internal}")).await;
    assert!(page.text().contains("CHỈ DÙNG NỘI BỘ"));
    assert_eq!(
        site.get(&rig.lan, &format!("/assets/{internal}/download"))
            .await
            .status,
        200
    );
    let path = format!("/assets/{internal}/download?channel=press_room");
    let outside = site.get(&rig.lan, &path).await;
    assert_eq!(outside.status, 403);
    assert!(
        outside.text().contains("chỉ dùng trong nội bộ"),
        "{}",
        outside.text()
    );
    let pick = site.get(&rig.lan, "/assets/pick?usable=press_room").await;
    assert!(!pick.text().contains(&internal.to_string()) && !pick.text().contains(&embargoed.to_string()));
    let pick = site.get(&rig.lan, "/assets/pick").await;
    assert!(pick.text().contains(&internal.to_string()) && !pick.text().contains(&embargoed.to_string()));
    assert_eq!(
        rig.may_use(internal, rig.vientiane, Some("share_link")).await,
        Some(Refusal::InternalOnly)
    );
}

#[tokio::test]
async fn the_form_keeps_what_was_entered_when_somebody_else_was_faster() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = rig.draft("a.jpg").await;
    let page = site.get(&rig.steward, &format!("/assets/{id}/edit")).await;
    assert_eq!(page.status, 200);
    let seen = rig.asset(id).await.revision;
    rig.describe(&rig.second_steward, id, Rig::details("Của người khác"))
        .await;
    let form = format!(
        "revision={seen}&tag=vi&title-vi=C%E1%BB%A7a+t%C3%B4i&caption-vi=&alt-vi=&transcript-vi=&licence=owned&do=save"
    );
    let answer = site
        .post(Some(&rig.steward), &format!("/assets/{id}/edit"), &form)
        .await;
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("Của tôi") && answer.text().contains("Của người khác"));
    let now = rig.asset(id).await.revision;
    let again = form.replace(&format!("revision={seen}"), &format!("revision={now}"));
    let answer = site
        .post(Some(&rig.steward), &format!("/assets/{id}/edit"), &again)
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, &*format!("/assets/{id}"))
    );
    assert_eq!(rig.asset(id).await.details.texts[0].title, "Của tôi");
}

#[tokio::test]
async fn a_steward_reviews_a_batch_on_one_page() {
    let site = Site::new().await;
    let rig = &site.rig;
    let ids = [rig.draft("a.jpg").await, rig.draft("b.jpg").await];
    for id in ids {
        rig.describe(&rig.steward, id, Rig::details("Ảnh")).await;
    }
    rig.library.submit(Actor::new(&rig.minh), &ids).await.unwrap();
    let page = site.get(&rig.steward, "/assets/review").await;
    assert!(ids.iter().all(|id| page.text().contains(&id.to_string())));
    assert_eq!(site.get(&rig.lan, "/assets/review").await.status, 403);
    let form = format!("asset={}&asset={}&do=publish&back=/assets/review", ids[0], ids[1]);
    let refused = site.post(Some(&rig.minh), "/assets/many", &form).await;
    assert_eq!(refused.status, 403);
    let done = site.post(Some(&rig.steward), "/assets/many", &form).await;
    assert_eq!(done.location(), "/assets/review");
    assert_eq!(rig.asset(ids[1]).await.state, State::Published);
}

#[tokio::test]
async fn a_link_shows_what_may_go_outside_until_it_ends() {
    let site = Site::new().await;
    let rig = &site.rig;
    let open = site.published("open.jpg", Rig::details("Mở")).await;
    let mut inside = Rig::details("Kín");
    inside.rights.internal_only = true;
    let internal = site.published("inside.jpg", inside).await;
    let collection = site.collection(&[open, internal]).await;
    let new = NewShare {
        ends_at: rig.clock.now() + TimeDelta::days(1),
        password: Some("mật khẩu dài".into()),
        max_downloads: Some(1),
    };
    let lan = Actor::new(&rig.lan);
    let (_, token) = rig.library.share(lan, collection, new).await.unwrap();
    let anonymous = async |path: String, cookie: &str| {
        let request = Request::get(path)
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        site.send(None, request).await
    };
    let at = |rest: &str| format!("/shared/{token}{rest}");

    let locked = anonymous(at(""), "").await;
    assert!(locked.text().contains("type=\"password\"") && !locked.text().contains("Mở</bdi>"));
    assert_eq!(anonymous(at(&format!("/{open}/download")), "").await.status, 404);
    let wrong = site.post(None, &at(""), "password=sai+sai+sai").await;
    assert_eq!(wrong.status, 422);
    let right = site
        .post(None, &at(""), "password=m%E1%BA%ADt+kh%E1%BA%A9u+d%C3%A0i")
        .await;
    let cookie = right.headers[header::SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = anonymous(at(""), &cookie).await;
    assert!(page.text().contains(&open.to_string()) && !page.text().contains(&internal.to_string()));
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
    assert_eq!(
        anonymous(at(&format!("/{internal}/download")), &cookie)
            .await
            .status,
        404
    );
    assert_eq!(
        anonymous(at(&format!("/{internal}/preview")), &cookie)
            .await
            .status,
        404
    );
    assert_eq!(
        anonymous(at(&format!("/{open}/preview")), &cookie).await.status,
        200
    );
    // Two at once, one is left.
    let (one, two) = tokio::join!(
        anonymous(at(&format!("/{open}/download")), &cookie),
        anonymous(at(&format!("/{open}/download")), &cookie)
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    rig.clock.advance(std::time::Duration::from_hours(24));
    assert_eq!(anonymous(at(""), &cookie).await.status, 410);
    assert_eq!(anonymous("/shared/nothing".into(), "").await.status, 404);
}

#[tokio::test]
async fn collections_are_seen_by_those_they_are_shared_with() {
    let site = Site::new().await;
    let rig = &site.rig;
    let asset = site.published("a.jpg", Rig::details("Ảnh")).await;
    let id = site.collection(&[asset]).await;
    let path = format!("/collections/{id}");
    assert_eq!(site.get(&rig.lan, &path).await.status, 200);
    assert_eq!(site.get(&rig.paul, &path).await.status, 404);
    let shared = CollectionDraft {
        names: [("vi".to_owned(), "Quốc khánh".to_owned())].into(),
        shared_kinds: vec!["embassy".into()],
        ..CollectionDraft::default()
    };
    let lan = Actor::new(&rig.lan);
    rig.library
        .save_collection(lan, rig.vientiane, Some((id, 2)), shared.clone())
        .await
        .unwrap();
    assert_eq!(site.get(&rig.paul, &path).await.status, 200);
    assert!(site.get(&rig.paul, "/collections").await.text().contains(&path));
    assert_eq!(
        site.get(&rig.paul, &format!("{path}/sheet.pdf")).await.status,
        200
    );
    assert_eq!(site.get(&rig.paul, &format!("{path}/edit")).await.status, 403);
    assert_eq!(site.get(&rig.minh, &path).await.status, 404);
    let stale = rig
        .library
        .save_collection(lan, rig.vientiane, Some((id, 2)), shared)
        .await;
    assert!(stale.is_err());
    let taken_out = site
        .post(
            Some(&rig.lan),
            &format!("{path}/arrange"),
            &format!("revision=3&place-{asset}=0&remove={asset}"),
        )
        .await;
    assert_eq!(taken_out.status, StatusCode::SEE_OTHER);
    assert!(
        !site
            .get(&rig.lan, &path)
            .await
            .text()
            .contains(&asset.to_string())
    );
}

#[tokio::test]
async fn every_page_renders_in_both_languages() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let collection = site.collection(&[id]).await;
    let bulk = rig
        .library
        .bulk(
            Actor::new(&rig.steward),
            &[id],
            &chancery_assets::model::Patch {
                credit: Some("X".into()),
                ..Default::default()
            },
        )
        .await
        .unwrap();
    for language in [Language::Vi, Language::En] {
        for path in [
            "/assets".to_owned(),
            "/assets?text=anh&kind=picture&usable=press_room&state=".to_owned(),
            "/assets?state=draft".to_owned(),
            "/assets/review".to_owned(),
            "/assets/ending".to_owned(),
            "/assets/fragments/waiting".to_owned(),
            format!("/assets/{id}"),
            format!("/assets/{id}/edit"),
            format!("/assets/{id}/adapt"),
            format!("/assets/bulk/{bulk}"),
            "/collections".to_owned(),
            "/collections/new".to_owned(),
            format!("/collections/{collection}"),
        ] {
            let request = Request::get(&path).body(Body::empty()).unwrap();
            let response = site
                .router(Some(&rig.steward), language)
                .oneshot(request)
                .await
                .unwrap();
            let status = response.status();
            assert_eq!(status, 200, "{path}");
        }
    }
}
