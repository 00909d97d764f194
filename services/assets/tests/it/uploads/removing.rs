//! Parts taken away that were put in by mistake.

use chancery_access::Principal;
use chancery_assets::Actor;
use chancery_assets::intake::Purpose;
use chancery_assets::model::{Consent, FileRole};
use chancery_assets::store::files::{self, File};
use chancery_contracts::ids::AssetId;
use http::StatusCode;

use crate::describing::post;
use crate::rig::Rig;
use crate::uploads::{Site, page};

/// A part of a draft of Minh's that somebody has looked into.
async fn part(site: &Site, asset: AssetId, role: FileRole, language: Option<&str>, text: &str) -> File {
    let purpose = Purpose::Part {
        asset,
        role,
        language: language.map(str::to_owned),
    };
    let arrival = site.rig.arrive("tệp.bin", text.as_bytes(), None, purpose).await;
    sqlx::query("update assets.files set state = 'ready', media_type = 'application/pdf' where id = $1")
        .bind(arrival.file)
        .execute(site.rig.db.owner())
        .await
        .unwrap();
    load(site, arrival.file).await
}

async fn load(site: &Site, id: uuid::Uuid) -> File {
    let mut conn = site.rig.library.pool.acquire().await.unwrap();
    files::load(&mut conn, id).await.unwrap()
}

async fn act(site: &Site, who: &Principal, file: &File, what: &str, reason: &str) -> StatusCode {
    let path = format!("/assets/{}/files/{}/{what}", file.asset, file.id);
    post(&site.rig, who, &path, &[("reason", reason)]).await.status
}

#[tokio::test]
async fn a_wrong_part_is_removed_with_a_reason_and_brought_back() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = rig.draft("a.jpg").await;
    let source = part(&site, id, FileRole::Source, None, "nguồn").await;

    assert_eq!(act(&site, &rig.minh, &source, "remove", "  ").await, 422);
    assert_eq!(act(&site, &rig.lan, &source, "remove", "Nhầm").await, 403);
    assert!(load(&site, source.id).await.is_current());
    assert_eq!(act(&site, &rig.minh, &source, "remove", "Nhầm <tệp>").await, 303);
    let removed = load(&site, source.id).await;
    assert!(!removed.is_current() && removed.removed_by == Some(rig.minh.person));
    let shown = page(rig, &rig.minh, &format!("/assets/{id}")).await;
    assert!(
        shown.body.contains("Nhầm &lt;tệp&gt;") && shown.body.contains("/bring-back"),
        "{}",
        shown.body
    );
    // Not a second time, and put back as a new version neither.
    assert_eq!(act(&site, &rig.minh, &source, "remove", "Nhầm").await, 404);
    let steward = Actor::new(&rig.steward);
    assert!(rig.library.put_back(steward, id, source.id).await.is_err());

    assert_eq!(act(&site, &rig.minh, &source, "bring-back", "").await, 303);
    assert!(load(&site, source.id).await.is_current());
    assert_eq!(act(&site, &rig.minh, &source, "bring-back", "").await, 404);
    let trail = rig.trail(id).await;
    assert!(trail.contains(&"asset.file_removed".to_owned()));
    assert!(trail.contains(&"asset.file_brought_back".to_owned()));
}

#[tokio::test]
async fn what_an_asset_consists_of_is_not_removed() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = rig.draft("a.jpg").await;
    let mut conn = rig.library.pool.acquire().await.unwrap();
    for file in files::of_asset(&mut conn, id).await.unwrap() {
        let status = act(&site, &rig.steward, &file, "remove", "Nhầm").await;
        let wanted = if file.role == "original" { 409 } else { 404 };
        assert_eq!(status, wanted, "{}", file.role);
        assert!(load(&site, file.id).await.is_current());
    }
    let shown = page(rig, &rig.steward, &format!("/assets/{id}")).await;
    assert!(
        !shown.body.contains("/remove\""),
        "nothing is offered that would be refused"
    );
    // What is being read is nobody's to remove yet.
    let purpose = Purpose::Part {
        asset: id,
        role: FileRole::Source,
        language: None,
    };
    let waiting = rig.arrive("b.zip", b"zip", None, purpose).await;
    let waiting = load(&site, waiting.file).await;
    assert_eq!(act(&site, &rig.steward, &waiting, "remove", "Nhầm").await, 409);
}

#[tokio::test]
async fn a_contributor_removes_nothing_of_what_is_published() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = rig.published("a.jpg", Rig::details("Ảnh")).await;
    let source = part(&site, id, FileRole::Source, None, "nguồn").await;
    assert_eq!(act(&site, &rig.minh, &source, "remove", "Nhầm").await, 409);
    assert_eq!(act(&site, &rig.steward, &source, "remove", "Nhầm").await, 303);
    assert_eq!(act(&site, &rig.minh, &source, "bring-back", "").await, 409);
}

#[tokio::test]
async fn a_consent_that_is_removed_is_given_no_longer() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = rig.draft("a.jpg").await;
    let consent = part(&site, id, FileRole::Consent, None, "đồng ý").await;
    let mut details = Rig::details("Ảnh");
    details.rights.consent = Consent::Given;
    rig.describe(&rig.steward, id, details).await;
    rig.library
        .publish(Actor::new(&rig.steward), &[id])
        .await
        .unwrap();
    assert_eq!(rig.may_use(id, rig.vientiane, Some("press_room")).await, None);
    assert_eq!(
        act(&site, &rig.steward, &consent, "remove", "Của người khác").await,
        303
    );
    assert_eq!(rig.asset(id).await.details.rights.consent, Consent::Missing);
    assert!(
        rig.may_use(id, rig.vientiane, Some("press_room")).await.is_some(),
        "it no longer leaves the house"
    );
}

#[tokio::test]
async fn a_part_comes_back_only_where_nothing_else_stands_and_while_it_is_kept() {
    let site = Site::new().await;
    let rig = &site.rig;
    let id = rig.draft("a.jpg").await;
    let first = part(&site, id, FileRole::Source, None, "một").await;
    act(&site, &rig.minh, &first, "remove", "Nhầm").await;
    let second = part(&site, id, FileRole::Source, None, "hai").await;
    assert_eq!(act(&site, &rig.minh, &first, "bring-back", "").await, 409);
    act(&site, &rig.minh, &second, "remove", "Cũng nhầm").await;
    assert_eq!(act(&site, &rig.minh, &first, "bring-back", "").await, 303);
    // Its content is gone.
    act(&site, &rig.minh, &first, "remove", "Nhầm").await;
    sqlx::query("update assets.files set sha256 = repeat('0', 64) where id = $1")
        .bind(first.id)
        .execute(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(act(&site, &rig.minh, &first, "bring-back", "").await, 409);
    assert!(!load(&site, first.id).await.is_current());
}
