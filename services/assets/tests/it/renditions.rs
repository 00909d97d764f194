//! What missions make of assets: ordered by several at once, made by jobs that may die, taken as far as the rule allows.

use std::future::Future as _;
use std::io::Read as _;
use std::path::Path;
use std::pin::pin;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Waker};

use axum::body::Body;
use chancery_access::Principal;
use chancery_assets::intake::Purpose as Arriving;
use chancery_assets::model::{Details, FileRole, Order, Text};
use chancery_assets::opening::Opener;
use chancery_assets::store::renditions::{self, Asked};
use chancery_assets::{Actor, AssetError};
use chancery_contracts::Service;
use chancery_contracts::assets::MakeRendition;
use chancery_contracts::ids::{AssetId, UnitId};
use chancery_directory::Unit;
use chancery_media::{Limits, Media};
use http::{Request, header};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::pages::{Answer, Site};
use crate::rig::Rig;

const SRT: &str = "1\n00:00:00,000 --> 00:00:01,500\nXin chào quý vị\n";

fn order(order: Value) -> Order {
    serde_json::from_value(order).unwrap()
}

/// A film of a test card and a tone.
fn film(folder: &Path, seconds: u32) -> Vec<u8> {
    let file = folder.join("card.mp4");
    let card = format!("testsrc2=size=320x180:rate=25:duration={seconds}");
    let tone = format!("sine=frequency=440:duration={seconds}");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &card]);
    ffmpeg.args([
        "-f",
        "lavfi",
        "-i",
        &tone,
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
    ]);
    ffmpeg.args(["-pix_fmt", "yuv420p", "-c:a", "aac"]).arg(&file);
    assert!(ffmpeg.status().unwrap().success());
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(file).unwrap();
    bytes
}

impl Site {
    pub fn opener(&self) -> Opener {
        let scratch = self.scratch.path().to_owned();
        let media = Media::new(Limits::default(), scratch.clone(), Arc::new(Semaphore::new(2)));
        Opener::new(self.rig.library.clone(), media, scratch)
    }

    pub async fn unit(&self, unit: UnitId) -> Unit {
        let mut conn = self.rig.library.pool.acquire().await.unwrap();
        chancery_directory::unit(&mut conn, unit).await.unwrap()
    }

    pub async fn ordered(&self, who: &Principal, id: AssetId, what: Value) -> Result<Asked, AssetError> {
        let unit = self.unit(who.grants[0].unit).await;
        self.rig
            .library
            .order(Actor::new(who), id, &unit, &order(what))
            .await
    }

    /// As it is now, for Lan's unit.
    pub async fn state(&self, id: AssetId, rendition: Uuid) -> Asked {
        let mut conn = self.rig.library.pool.acquire().await.unwrap();
        let units = [self.rig.vientiane.0];
        let mut found = renditions::asked(&mut conn, id, &units, Some(rendition))
            .await
            .unwrap();
        found.pop().unwrap()
    }

    /// A film that was really looked into, with captions in Vietnamese.
    pub async fn film(&self, details: Details) -> AssetId {
        let bytes = film(self.scratch.path(), 2);
        let id = self.rig.opened("Thẻ màu.mp4", &bytes, self.scratch.path()).await;
        let part = Arriving::Part {
            asset: id,
            role: FileRole::Captions,
            language: Some("vi".into()),
        };
        let captions = self.rig.arrive("vi.srt", SRT.as_bytes(), None, part).await;
        self.opener().analyse(captions.file).await.unwrap();
        self.rig.describe(&self.rig.steward, id, details).await;
        let steward = Actor::new(&self.rig.steward);
        self.rig.library.publish(steward, &[id]).await.unwrap();
        id
    }

    pub async fn fetch(&self, id: AssetId, path: &str, name: header::HeaderName, value: &str) -> Answer {
        let request = Request::get(format!("/assets/{id}/{path}")).header(name, value);
        self.send(Some(&self.rig.lan), request.body(Body::empty()).unwrap())
            .await
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.rig.db.owner())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn what_every_page_shows_is_made_when_a_file_arrives() {
    let site = Site::new().await;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let film = site.film(Rig::details("Phim")).await;
    // Three previews and the picture for the web, of each.
    let made = "select count(*) from assets.renditions where state = 'ready'";
    assert_eq!(site.count(made).await, 8);
    for id in [id, film] {
        for width in [240, 480, 1200] {
            let preview = site
                .get(&site.rig.lan, &format!("/assets/{id}/preview/{width}"))
                .await;
            assert_eq!(
                (preview.status.as_u16(), &preview.headers[header::CONTENT_TYPE]),
                (200, &"image/jpeg".parse().unwrap())
            );
        }
    }
    assert_eq!(site.count(made).await, 8, "no page makes any");
}

#[tokio::test]
async fn two_who_want_the_same_share_one() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let square = json!({ "purpose": "square" });
    let (lan, paul) = tokio::join!(
        site.ordered(&rig.lan, id, square.clone()),
        site.ordered(&rig.paul, id, square.clone())
    );
    let (lan, paul) = (lan.unwrap(), paul.unwrap());
    assert_eq!((lan.id, lan.state.as_str()), (paul.id, "waiting"));
    assert_eq!(rig.sent::<MakeRendition>().await.len(), 1);
    let path = format!("/assets/{id}/renditions/{}", lan.id);
    assert_eq!(site.get(&rig.lan, &path).await.status, 409);

    site.work().await;
    let ready = site.state(id, lan.id).await;
    assert_eq!(
        (ready.state.as_str(), ready.width, ready.height),
        ("ready", Some(480), Some(480))
    );
    // Who comes later has it at once.
    assert_eq!(site.ordered(&rig.lan, id, square).await.unwrap().state, "ready");
    assert!(rig.sent::<MakeRendition>().await.is_empty());
    let taken = site.get(&rig.lan, &path).await;
    assert_eq!(taken.status, 200);
    let name = taken.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.contains("%28square%29.jpg"), "{name}");
    let counted = "select count(*) from assets.downloads where what = 'square' and unit_id is not null";
    assert_eq!(site.count(counted).await, 1);
    let list = site
        .get(&rig.lan, &format!("/assets/{id}/fragments/renditions"))
        .await;
    assert!(list.text().contains("480 × 480"), "{}", list.text());
}

#[tokio::test]
async fn what_one_unit_ordered_is_not_shown_to_another() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let words = json!({ "purpose": "web", "words": "Đại sứ quán tại Viêng Chăn" });
    let asked = site.ordered(&rig.lan, id, words).await.unwrap();
    site.work().await;
    for rest in ["", "/look"] {
        let path = format!("/assets/{id}/renditions/{}{rest}", asked.id);
        assert_eq!(site.get(&rig.lan, &path).await.status, 200);
        assert_eq!(site.get(&rig.paul, &path).await.status, 404);
        assert_eq!(site.get(&rig.reader, &path).await.status, 403);
    }
    // Other services go on showing the picture without the words.
    let shown: String = sqlx::query_scalar("select sha256 from assets.picture($1, $2, $3)")
        .bind(id.0)
        .bind(rig.vientiane.0)
        .bind(chancery_clock::Clock::now(&rig.clock))
        .fetch_one(&rig.db.service(Service::Calendar))
        .await
        .unwrap();
    assert_ne!(Some(shown), site.state(id, asked.id).await.sha256);
}

#[tokio::test]
async fn a_worker_that_dies_is_followed_by_another() {
    let site = Site::new().await;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let asked = site
        .ordered(&site.rig.lan, id, json!({ "purpose": "card" }))
        .await
        .unwrap();
    let opener = site.opener();
    {
        // It gets as far as saying that it has begun.
        let mut making = pin!(opener.make(asked.id));
        while site.state(id, asked.id).await.begun_at.is_none() {
            let polled = making.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
        }
    }
    assert_eq!(site.state(id, asked.id).await.state, "waiting");
    site.work().await;
    assert_eq!(site.state(id, asked.id).await.state, "ready");
    // The job of the dead comes back: there is nothing left to do.
    opener.make(asked.id).await.unwrap();
    assert_eq!(std::fs::read_dir(site.scratch.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_that_kills_everybody_is_given_up_and_may_be_ordered_again() {
    let site = Site::new().await;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let what = json!({ "purpose": "story", "format": "webp" });
    let asked = site.ordered(&site.rig.lan, id, what.clone()).await.unwrap();
    let mut conn = site.rig.library.pool.acquire().await.unwrap();
    for _ in 0..4 {
        let now = chancery_clock::Clock::now(&site.rig.clock);
        assert!(
            renditions::begin(&mut conn, asked.id, now)
                .await
                .unwrap()
                .is_some()
        );
    }
    site.work().await;
    let failed = site.state(id, asked.id).await;
    assert_eq!(failed.failure.as_deref(), Some("rendition-failed-machine"));
    let list = site
        .get(&site.rig.lan, &format!("/assets/{id}/fragments/renditions"))
        .await;
    assert!(list.text().contains("Hãy yêu cầu lại"), "{}", list.text());
    assert_eq!(
        site.ordered(&site.rig.lan, id, what).await.unwrap().state,
        "waiting"
    );
    site.work().await;
    let ready = site.state(id, asked.id).await;
    assert_eq!(
        (ready.state.as_str(), ready.media_type.as_deref()),
        ("ready", Some("image/webp"))
    );
}

#[tokio::test]
async fn a_damaged_file_says_why() {
    let site = Site::new().await;
    let rig = &site.rig;
    // What is kept of it is no picture at all.
    let id = rig.published("hỏng.jpg", Rig::details("Hỏng")).await;
    let damaged = site
        .ordered(&rig.lan, id, json!({ "purpose": "web" }))
        .await
        .unwrap();
    site.work().await;
    let damaged = site.state(id, damaged.id).await;
    assert_eq!(
        (damaged.state.as_str(), damaged.failure.as_deref()),
        ("failed", Some("media-refused-unknown"))
    );
    let page = site.get(&rig.lan, &format!("/assets/{id}/adapt")).await;
    assert!(page.text().contains("Không tạo được"), "{}", page.text());
    // One whose content is gone.
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let gone = site
        .ordered(&rig.lan, id, json!({ "purpose": "square" }))
        .await
        .unwrap();
    sqlx::query("update assets.renditions set source = repeat('0', 64) where id = $1")
        .bind(gone.id)
        .execute(rig.db.owner())
        .await
        .unwrap();
    site.opener().make(gone.id).await.unwrap();
    let failed = "select count(*) from assets.renditions where failure = 'rendition-failed-gone'";
    assert_eq!(site.count(failed).await, 1);
}

#[tokio::test]
async fn the_rule_is_asked_when_a_rendition_is_taken() {
    let site = Site::new().await;
    let rig = &site.rig;
    let mut inside = Rig::details("Nội bộ");
    inside.rights.internal_only = true;
    let id = site.published("a.jpg", inside).await;
    let asked = site
        .ordered(&rig.lan, id, json!({ "purpose": "square" }))
        .await
        .unwrap();
    let stewards = site
        .ordered(&rig.steward, id, json!({ "purpose": "square" }))
        .await
        .unwrap();
    assert_eq!(asked.id, stewards.id);
    site.work().await;
    let path = format!("/assets/{id}/renditions/{}", asked.id);
    assert_eq!(site.get(&rig.lan, &path).await.status, 200);
    let outside = site.get(&rig.lan, &format!("{path}?channel=press_room")).await;
    assert_eq!(outside.status, 403);
    assert!(outside.text().contains("chỉ dùng trong nội bộ"));

    let steward = Actor::new(&rig.steward);
    rig.library.withdraw(steward, id, "Sai chú thích").await.unwrap();
    for rest in ["", "/look"] {
        assert_eq!(site.get(&rig.lan, &format!("{path}{rest}")).await.status, 404);
    }
    // Whoever looks after it still sees it, and takes nothing out.
    assert_eq!(site.get(&rig.steward, &path).await.status, 403);
    let refused = site.ordered(&rig.steward, id, json!({ "purpose": "card" })).await;
    assert!(matches!(refused, Err(AssetError::Rights(_))), "{refused:?}");
}

#[tokio::test]
async fn a_form_that_does_not_fit_comes_back_filled_in() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let path = format!("/assets/{id}/adapt");
    let form = "purpose=square&frame=drawn&left=60&top=10&width=50&height=40&mark=words&words=B%C3%A1o+ch%C3%AD&corner=top_left&format=png";
    let refused = site.post(Some(&rig.lan), &path, form).await;
    assert_eq!(refused.status, 422);
    for kept in [
        "Khung vượt ra ngoài ảnh",
        r#"value="60""#,
        r#"value="Báo chí""#,
        r#"value="png" selected"#,
        r#"value="drawn" checked"#,
    ] {
        assert!(refused.text().contains(kept), "{kept} in {}", refused.text());
    }
    let unreadable = site
        .post(Some(&rig.lan), &path, "purpose=square&frame=drawn&left=x")
        .await;
    assert!(unreadable.text().contains("không phải là số"));
    let done = site
        .post(Some(&rig.lan), &path, &form.replace("width=50", "width=40"))
        .await;
    assert_eq!(done.location(), format!("{path}#made"));
    site.work().await;
    let list = site
        .get(&rig.lan, &format!("/assets/{id}/fragments/renditions"))
        .await;
    // 40 of 100 of 640, and of 480.
    assert!(list.text().contains("256 × 192"), "{}", list.text());
    assert_eq!(site.post(Some(&rig.reader), &path, form).await.status, 403);
}

#[tokio::test]
async fn a_film_waits_for_its_turn_and_captions_are_named() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.film(Rig::details("Phim")).await;
    let path = format!("/assets/{id}/adapt");
    let lao = site
        .post(Some(&rig.lan), &path, "purpose=film_web&language=lo")
        .await;
    assert_eq!(lao.status, 422);
    assert!(lao.text().contains("Chưa có phụ đề bằng ngôn ngữ này"));
    let late = site.post(Some(&rig.lan), &path, "purpose=web&second=2").await;
    assert!(late.text().contains("Phim ngắn hơn"));

    let burnt = json!({ "purpose": "film_small", "language": "vi" });
    let burnt = site.ordered(&rig.lan, id, burnt).await.unwrap();
    let clean = site
        .ordered(&rig.lan, id, json!({ "purpose": "film_small" }))
        .await
        .unwrap();
    let poster = site
        .ordered(&rig.lan, id, json!({ "purpose": "card", "second": 1 }))
        .await
        .unwrap();
    let sound = site
        .ordered(&rig.lan, id, json!({ "purpose": "sound" }))
        .await
        .unwrap();
    let vtt = json!({ "purpose": "vtt", "language": "vi" });
    let vtt = site.ordered(&rig.lan, id, vtt).await.unwrap();
    // Films are made one at a time, whoever asks: the two, and what the page plays.
    let films = "select count(*) from queue.jobs where kind = 'assets.make_rendition' and lane = 'film'";
    assert_eq!(site.count(films).await, 3);
    site.work().await;
    let mime = async |asked: &Asked| site.state(id, asked.id).await.media_type.unwrap_or_default();
    assert_eq!(mime(&poster).await, "image/jpeg");
    assert_eq!(mime(&sound).await, "audio/mpeg");
    assert_eq!(mime(&vtt).await, "text/vtt");
    let (burnt, clean) = (site.state(id, burnt.id).await, site.state(id, clean.id).await);
    assert_eq!(
        (
            burnt.media_type.as_deref(),
            burnt.duration_ms.map(|length| length / 100)
        ),
        (Some("video/mp4"), Some(20))
    );
    assert_ne!(burnt.sha256, clean.sha256);
    let captions = site.get(&rig.lan, &format!("/assets/{id}/captions/vi")).await;
    assert!(captions.text().starts_with("WEBVTT"), "{}", captions.text());
    assert_eq!(
        site.get(&rig.lan, &format!("/assets/{id}/captions/lo"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_film_is_played_in_pieces() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.film(Rig::details("Phim")).await;
    assert_eq!(
        site.get(&rig.lan, &format!("/assets/{id}/play")).await.status,
        404
    );
    let page = site.get(&rig.lan, &format!("/assets/{id}")).await;
    assert!(page.text().contains("Phim đang được chuẩn bị"));
    site.work().await;
    let page = site
        .get(&rig.lan, &format!("/assets/{id}/fragments/player"))
        .await;
    assert!(
        page.text().contains("<video") && page.text().contains(r#"srclang="vi""#),
        "{}",
        page.text()
    );

    let whole = site.get(&rig.lan, &format!("/assets/{id}/play")).await;
    assert_eq!(
        (whole.status.as_u16(), &whole.headers[header::ACCEPT_RANGES]),
        (200, &"bytes".parse().unwrap())
    );
    let length = whole.bytes.len();
    let part = site.fetch(id, "play", header::RANGE, "bytes=100-199").await;
    assert_eq!(part.status, 206);
    assert_eq!(
        part.headers[header::CONTENT_RANGE],
        format!("bytes 100-199/{length}")
    );
    assert_eq!(part.bytes, whole.bytes.slice(100..200));
    let rest = site
        .fetch(id, "play", header::RANGE, &format!("bytes={}-", length - 5))
        .await;
    assert_eq!(rest.bytes, whole.bytes.slice(length - 5..));
    let beyond = site
        .fetch(id, "play", header::RANGE, &format!("bytes={length}-"))
        .await;
    assert_eq!(
        (beyond.status.as_u16(), &beyond.headers[header::CONTENT_RANGE]),
        (416, &format!("bytes */{length}").parse().unwrap())
    );
    let tag = whole.headers[header::ETAG].to_str().unwrap();
    assert_eq!(
        site.fetch(id, "play", header::IF_NONE_MATCH, tag).await.status,
        304
    );
}

#[tokio::test]
async fn a_logo_is_one_of_those_that_the_unit_is_offered() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    // A drawing, as logos are.
    let drawing = r#"<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><circle cx="50" cy="50" r="50" fill="red"/></svg>"#;
    let logo = rig
        .opened("logo.svg", drawing.as_bytes(), site.scratch.path())
        .await;
    rig.describe(&rig.steward, logo, Rig::details("Biểu trưng")).await;
    rig.library
        .publish(Actor::new(&rig.steward), &[logo])
        .await
        .unwrap();
    let what = json!({ "purpose": "square", "logo": logo });
    let agency = site.unit(rig.agency).await;
    let steward = Actor::new(&rig.steward);
    let as_agency = async || {
        rig.library
            .order(steward, id, &agency, &order(what.clone()))
            .await
    };
    assert!(matches!(as_agency().await, Err(AssetError::Fields(_))));

    let offer = format!("/assets/{logo}/logo");
    assert_eq!(
        site.post(Some(&rig.lan), &offer, "offered=true").await.status,
        403
    );
    assert_eq!(
        site.post(Some(&rig.steward), &offer, "offered=true").await.status,
        303
    );
    let marked = as_agency().await.unwrap();
    // A logo of the agency is none of an embassy's.
    let elsewhere = site.ordered(&rig.lan, id, what.clone()).await;
    assert!(matches!(elsewhere, Err(AssetError::Fields(fields)) if fields[0].1 == "rendition-logo-gone"));
    site.work().await;
    let made = "select count(*) from assets.renditions where state = 'ready' and spec like '%logo%'";
    assert_eq!(site.count(made).await, 1, "{marked:?}");
    assert!(rig.trail(logo).await.contains(&"asset.logo_offered".to_owned()));
    // Withdrawn, it is offered to nobody.
    rig.library.withdraw(steward, logo, "Đã thay").await.unwrap();
    assert!(as_agency().await.is_err());
}

#[tokio::test]
async fn programs_order_wait_and_take() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let path = format!("/api/v1/assets/{id}/renditions");
    let post = async |body: Value| {
        let request = Request::post(&path).header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        site.send(Some(&rig.lan), request).await
    };
    let outside = json!({ "purpose": "wide", "cut": { "left": 50, "top": 0, "width": 60, "height": 50 } });
    let refused = post(outside).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.headers[header::CONTENT_TYPE]),
        (422, &"application/problem+json".parse().unwrap())
    );
    assert!(refused.text().contains("cut"), "{}", refused.text());
    let wide = json!({ "purpose": "wide", "focus": { "x": 10, "y": 90 } });
    let asked = post(wide.clone()).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let one = asked.location().to_owned();
    site.work().await;
    let state: Value = serde_json::from_slice(&site.get(&rig.lan, &one).await.bytes).unwrap();
    assert_eq!((&state["state"], &state["width"]), (&json!("ready"), &json!(640)));
    assert_eq!(post(wide).await.status, 201);
    let file = site.get(&rig.lan, &format!("{one}/file")).await;
    assert_eq!(
        (file.status.as_u16(), &file.headers[header::CONTENT_TYPE]),
        (200, &"image/jpeg".parse().unwrap())
    );
    let list: Value = serde_json::from_slice(&site.get(&rig.lan, &path).await.bytes).unwrap();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!(site.get(&rig.paul, &one).await.status, 404);
}

#[tokio::test]
async fn a_translator_gets_everything_in_one_zip() {
    let site = Site::new().await;
    let rig = &site.rig;
    let mut details = Rig::details("Lễ hội & biển");
    details.texts.push(Text {
        language: "en".into(),
        title: "Festival and sea".into(),
        ..Text::default()
    });
    let id = site.film(details).await;
    let path = format!("/assets/{id}/translation");
    let pack = site.get(&rig.lan, &format!("{path}?into=LO")).await;
    assert_eq!(
        (pack.status.as_u16(), &pack.headers[header::CONTENT_TYPE]),
        (200, &"application/zip".parse().unwrap())
    );
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(pack.bytes)).unwrap();
    let mut names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["Thẻ màu.mp4", "vi-en.xlf", "vi-lo.xlf", "vi.srt"]);
    let mut english = String::new();
    zip.by_name("vi-en.xlf")
        .unwrap()
        .read_to_string(&mut english)
        .unwrap();
    assert!(
        english.contains("<source>Lễ hội &amp; biển</source>")
            && english.contains("<target>Festival and sea</target>")
    );
    let taken = "select count(*) from assets.downloads where what = 'translation'";
    assert_eq!(site.count(taken).await, 1);
    assert_eq!(site.get(&rig.lan, &format!("{path}?into=!")).await.status, 422);
    assert_eq!(site.get(&rig.reader, &path).await.status, 403);
}
