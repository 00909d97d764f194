//! Renditions ordered again, watched while they are made, and made by those who look after an asset.

use chancery_assets::AssetError;
use chancery_assets::store::renditions;
use chancery_contracts::assets::MakeRendition;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

/// A rendition whose every try ended badly, and its address.
async fn failed(site: &Site) -> (chancery_contracts::ids::AssetId, renditions::Asked) {
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let asked = site
        .ordered(&site.rig.lan, id, json!({ "purpose": "square" }))
        .await
        .unwrap();
    let mut conn = site.rig.library.pool.acquire().await.unwrap();
    for _ in 0..4 {
        let now = chancery_clock::Clock::now(&site.rig.clock);
        renditions::begin(&mut conn, asked.id, now).await.unwrap();
    }
    site.work().await;
    (id, asked)
}

#[tokio::test]
async fn what_failed_says_why_and_is_made_again_at_the_press_of_a_button() {
    let site = Site::new().await;
    let rig = &site.rig;
    let (id, asked) = failed(&site).await;
    let path = format!("/assets/{id}/renditions/{}/again", asked.id);
    let list = site
        .get(&rig.lan, &format!("/assets/{id}/fragments/renditions"))
        .await;
    assert!(
        list.text().contains("Máy chủ đã thử nhiều lần") && list.text().contains(&path),
        "{}",
        list.text()
    );
    // Nobody of another unit, and nobody who only reads.
    assert_eq!(site.post(Some(&rig.paul), &path, "").await.status, 404);
    assert_eq!(site.post(Some(&rig.reader), &path, "").await.status, 404);
    assert_eq!(site.state(id, asked.id).await.state, "failed");

    let done = site.post(Some(&rig.lan), &path, "").await;
    assert_eq!(
        done.location(),
        format!("/assets/{id}/adapt?for={}#made", rig.vientiane)
    );
    // Pressed twice is pressed once.
    site.post(Some(&rig.lan), &path, "").await;
    assert_eq!(rig.sent::<MakeRendition>().await.len(), 1);
    site.work().await;
    let ready = site.state(id, asked.id).await;
    assert_eq!((ready.state.as_str(), ready.failure), ("ready", None));
    // What is there is not made anew.
    site.post(Some(&rig.lan), &path, "").await;
    assert!(rig.sent::<MakeRendition>().await.is_empty());
    assert_eq!(site.state(id, asked.id).await.state, "ready");
}

#[tokio::test]
async fn the_rule_is_asked_before_something_is_made_again() {
    let site = Site::new().await;
    let (id, asked) = failed(&site).await;
    let steward = chancery_assets::Actor::new(&site.rig.steward);
    let library = &site.rig.library;
    let mut details = site.rig.asset(id).await.details;
    details.rights.ends = Some("2026-08-01T00:00:00".parse().unwrap());
    let revision = site.rig.asset(id).await.revision;
    library.save(steward, id, revision, details).await.unwrap();
    let units = site
        .ordered(&site.rig.steward, id, json!({ "purpose": "card" }))
        .await;
    assert!(matches!(units, Err(AssetError::Rights(_))), "{units:?}");
    let lan = chancery_assets::Actor::new(&site.rig.lan);
    assert!(library.order_again(lan, id, asked.id).await.is_err());
    assert_eq!(site.state(id, asked.id).await.state, "failed");
}

#[tokio::test]
async fn programs_have_it_made_again() {
    let site = Site::new().await;
    let rig = &site.rig;
    let (id, asked) = failed(&site).await;
    let path = format!("/api/v1/assets/{id}/renditions/{}/again", asked.id);
    let again = site.post(Some(&rig.lan), &path, "").await;
    let said: Value = serde_json::from_slice(&again.bytes).unwrap();
    assert_eq!((again.status.as_u16(), &said["state"]), (202, &json!("waiting")));
    assert_eq!(site.post(Some(&rig.lan), &path, "").await.status, 200);
    assert_eq!(site.post(Some(&rig.paul), &path, "").await.status, 404);
}

#[tokio::test]
async fn how_much_of_a_film_is_made_is_seen_and_told_to_programs() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.film(Rig::details("Phim")).await;
    let asked = site
        .ordered(&rig.lan, id, json!({ "purpose": "film_small" }))
        .await
        .unwrap();
    let mut conn = rig.library.pool.acquire().await.unwrap();
    let now = chancery_clock::Clock::now(&rig.clock);
    renditions::begin(&mut conn, asked.id, now).await.unwrap();
    renditions::progress(&mut conn, asked.id, 42).await.unwrap();
    let list = site
        .get(&rig.lan, &format!("/assets/{id}/fragments/renditions"))
        .await;
    assert!(
        list.text().contains(r#"max="100" value="42""#) && list.text().contains("42 %"),
        "{}",
        list.text()
    );
    let path = format!("/api/v1/assets/{id}/renditions/{}", asked.id);
    let said: Value = serde_json::from_slice(&site.get(&rig.lan, &path).await.bytes).unwrap();
    assert_eq!(said["percent"], 42);
    // The film is short, and the last word is always said.
    sqlx::query("create table public.told (percent smallint)")
        .execute(rig.db.owner())
        .await
        .unwrap();
    sqlx::query(
        "create function public.tell() returns trigger language plpgsql security definer as $$
         begin insert into public.told values (new.percent); return new; end $$",
    )
    .execute(rig.db.owner())
    .await
    .unwrap();
    sqlx::query(
        "create trigger told before update on assets.renditions for each row
         when (new.percent is not null) execute function public.tell()",
    )
    .execute(rig.db.owner())
    .await
    .unwrap();
    site.work().await;
    let ready = site.state(id, asked.id).await;
    assert_eq!((ready.state.as_str(), ready.percent), ("ready", None));
    let told = "select count(*) from public.told where percent > 90";
    assert!(site.count(told).await >= 1, "somebody is told while it is made");
}

#[tokio::test]
async fn who_put_something_in_makes_renditions_of_it_and_of_nothing_else() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let page = site.get(&rig.minh, &format!("/assets/{id}")).await;
    assert!(page.text().contains(&format!("/assets/{id}/adapt")));
    assert_eq!(
        site.get(&rig.minh, &format!("/assets/{id}/adapt")).await.status,
        200
    );
    let asked = site
        .ordered(&rig.minh, id, json!({ "purpose": "square" }))
        .await
        .unwrap();
    site.work().await;
    let path = format!("/assets/{id}/renditions/{}", asked.id);
    assert_eq!(site.get(&rig.minh, &path).await.status, 200);
    assert_eq!(
        site.get(&rig.lan, &path).await.status,
        404,
        "ordered by another unit"
    );
    // A draft is nobody's to use yet: the rule is the same for whoever put it in.
    let draft = rig.draft("b.jpg").await;
    let refused = site
        .ordered(&rig.minh, draft, json!({ "purpose": "square" }))
        .await;
    assert!(matches!(refused, Err(AssetError::Rights(_))), "{refused:?}");
    // Another unit's material is not theirs to make something of.
    sqlx::query("update assets.assets set unit_id = $2 where id = $1")
        .bind(id.0)
        .bind(rig.paris.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let foreign = site.ordered(&rig.minh, id, json!({ "purpose": "card" })).await;
    assert!(matches!(foreign, Err(AssetError::Access(_))), "{foreign:?}");
    assert_eq!(
        site.get(&rig.minh, &format!("/assets/{id}/adapt")).await.status,
        403
    );
    assert_eq!(site.get(&rig.minh, &path).await.status, 403);
    assert_eq!(
        site.get(&rig.reader, &format!("/assets/{id}/adapt")).await.status,
        403
    );
}

#[tokio::test]
async fn a_frame_is_drawn_on_the_second_of_a_film() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.film(Rig::details("Phim")).await;
    let page = site.get(&rig.lan, &format!("/assets/{id}/adapt")).await;
    assert!(
        page.text()
            .contains(&format!(r#"data-still="/assets/{id}/still""#)),
        "{}",
        page.text()
    );
    let still = site.get(&rig.lan, &format!("/assets/{id}/still?second=1")).await;
    assert_eq!(
        (still.status.as_u16(), &still.headers[header::CONTENT_TYPE]),
        (200, &"image/jpeg".parse().unwrap())
    );
    for nothing in ["second=2", "page=1", ""] {
        let path = format!("/assets/{id}/still?{nothing}");
        assert_eq!(site.get(&rig.lan, &path).await.status, 404, "{nothing}");
    }
    assert_eq!(
        site.get(&rig.reader, &format!("/assets/{id}/still?second=1"))
            .await
            .status,
        403
    );
    let form = "purpose=wide&second=1&frame=drawn&left=0&top=0&width=50&height=50";
    let done = site
        .post(Some(&rig.lan), &format!("/assets/{id}/adapt"), form)
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
    site.work().await;
    let list = site
        .get(&rig.lan, &format!("/assets/{id}/fragments/renditions"))
        .await;
    assert!(list.text().contains("160 × 90"), "{}", list.text());
}

#[tokio::test]
async fn who_only_asks_what_there_is_has_taken_nothing() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let asked = site
        .ordered(&rig.lan, id, json!({ "purpose": "square" }))
        .await
        .unwrap();
    let collection = site.collection(&[id]).await;
    site.work().await;
    for path in [
        format!("/assets/{id}/download"),
        format!("/assets/{id}/renditions/{}", asked.id),
        format!("/collections/{collection}/zip"),
        format!("/api/v1/assets/{id}/file"),
    ] {
        let request = Request::builder().method(Method::HEAD).uri(&path);
        let request = request.body(axum::body::Body::empty()).unwrap();
        assert_eq!(site.send(Some(&rig.lan), request).await.status, 200, "{path}");
    }
    assert_eq!(site.count("select count(*) from assets.downloads").await, 0);
}

#[tokio::test]
async fn a_preview_comes_anew_when_another_file_stands_there_and_not_before() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = site.published("a.jpg", Rig::details("Ảnh")).await;
    let page = site.get(&rig.lan, &format!("/assets/{id}")).await;
    let asks = format!("/assets/{id}/fragments/preview?seen=");
    let (_, rest) = page.text().split_once(&asks).unwrap();
    let seen = rest.split('"').next().unwrap();
    assert!(!seen.is_empty());
    let same = site.get(&rig.lan, &format!("{asks}{seen}")).await;
    assert_eq!(same.status, 204, "a film that plays would start again");

    let part = chancery_assets::intake::Purpose::Part {
        asset: id,
        role: chancery_assets::model::FileRole::Original,
        language: None,
    };
    let better = crate::rig::picture(800, 600);
    let arrival = rig.arrive("rõ hơn.jpg", &better, None, part).await;
    site.opener().analyse(arrival.file).await.unwrap();
    let other = site.get(&rig.lan, &format!("{asks}{seen}")).await;
    assert!(
        other.status == 200 && other.text().contains(&format!("/assets/{id}/preview/1200?of=")),
        "{}",
        other.text()
    );
    assert!(
        !other.text().contains(seen),
        "under another address, so that no browser shows the old one"
    );
}
