//! The order of a collection, when two arrange it.

use chancery_contracts::ids::{AssetId, CollectionId};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

async fn order(site: &Site, id: CollectionId) -> Vec<AssetId> {
    let mut conn = site.rig.library.pool.acquire().await.unwrap();
    let members = chancery_assets::store::collections::members(&mut conn, id).await;
    members.unwrap().into_iter().map(|member| member.id).collect()
}

async fn revision(site: &Site, id: CollectionId) -> i64 {
    let mut conn = site.rig.library.pool.acquire().await.unwrap();
    let found = chancery_assets::store::collections::load(&mut conn, id, false).await;
    found.unwrap().revision
}

async fn kit(site: &Site) -> (CollectionId, Vec<AssetId>) {
    let mut assets = Vec::new();
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        assets.push(site.published(name, Rig::details(name)).await);
    }
    (site.collection(&assets).await, assets)
}

fn form(revision: i64, assets: &[AssetId], more: &str) -> String {
    let places = assets.iter().enumerate();
    let places: Vec<_> = places
        .map(|(index, asset)| format!("place-{asset}={}&note-{asset}=ghi+ch%C3%BA+{index}", index + 1))
        .collect();
    format!("revision={revision}&{}{more}", places.join("&"))
}

#[tokio::test]
async fn a_button_moves_a_card_without_scripts_and_keeps_what_was_written() {
    let site = Site::new().await;
    let (id, assets) = kit(&site).await;
    let path = format!("/collections/{id}/arrange");
    let more = format!("&move=earlier+{}", assets[2]);
    let sent = form(revision(&site, id).await, &assets, &more);
    let done = site.post(Some(&site.rig.lan), &path, &sent).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(order(&site, id).await, [assets[0], assets[2], assets[1]]);
    let page = site.get(&site.rig.lan, &format!("/collections/{id}")).await;
    assert!(page.text().contains("ghi chú 2"), "{}", page.text());
}

#[tokio::test]
async fn who_arranges_second_is_told_and_loses_nothing() {
    let site = Site::new().await;
    let (id, assets) = kit(&site).await;
    let rig = &site.rig;
    let path = format!("/collections/{id}/arrange");
    let seen = revision(&site, id).await;
    // Somebody else puts another in meanwhile: the first form knows nothing of it.
    let late = site.published("d.jpg", Rig::details("Đến sau")).await;
    let steward = chancery_assets::Actor::new(&rig.steward);
    rig.library.collect(steward, id, &[late]).await.unwrap();
    let mut turned = assets.clone();
    turned.reverse();
    let sent = form(seen, &turned, "");
    let told = site.post(Some(&rig.lan), &path, &sent).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(
        told.text().contains("Steward vừa thay đổi") && told.text().contains("ghi chú 2"),
        "{}",
        told.text()
    );
    assert!(told.text().contains("Vừa được thêm"), "what came is shown");
    let place = |asset: AssetId| told.text().find(&format!("place-{asset}")).unwrap();
    assert!(place(assets[2]) < place(assets[0]) && place(assets[0]) < place(late));
    assert_eq!(
        order(&site, id).await,
        [assets[0], assets[1], assets[2], late],
        "nothing is changed yet"
    );
    // Saved once more, knowing it.
    turned.push(late);
    let now = revision(&site, id).await;
    assert!(told.text().contains(&format!(r#"name="revision" value="{now}""#)));
    let done = site.post(Some(&rig.lan), &path, &form(now, &turned, "")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(order(&site, id).await, turned);
}

#[tokio::test]
async fn two_who_save_at_once_do_not_overwrite_each_other() {
    let site = Site::new().await;
    let (id, assets) = kit(&site).await;
    let path = format!("/collections/{id}/arrange");
    let seen = revision(&site, id).await;
    let mut turned = assets.clone();
    turned.reverse();
    let (first, second) = (form(seen, &turned, ""), form(seen, &assets, ""));
    let (one, two) = tokio::join!(
        site.post(Some(&site.rig.lan), &path, &first),
        site.post(Some(&site.rig.steward), &path, &second)
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

#[tokio::test]
async fn programs_name_the_revision_that_they_know() {
    let site = Site::new().await;
    let (id, assets) = kit(&site).await;
    let path = format!("/api/v1/collections/{id}/assets");
    let put = async |tag: Option<i64>, items: Value| {
        let mut request = Request::put(&path).header(header::CONTENT_TYPE, "application/json");
        if let Some(tag) = tag {
            request = request.header(header::IF_MATCH, format!("\"{tag}\""));
        }
        let request = request.body(axum::body::Body::from(items.to_string())).unwrap();
        site.send(Some(&site.rig.lan), request).await.status.as_u16()
    };
    let items = json!([{ "asset": assets[1] }, { "asset": assets[0] }, { "asset": assets[2] }]);
    let seen = revision(&site, id).await;
    assert_eq!(put(Some(seen - 1), items.clone()).await, 409);
    assert_eq!(order(&site, id).await, assets);
    assert_eq!(put(Some(seen), items.clone()).await, 200);
    assert_eq!(order(&site, id).await, [assets[1], assets[0], assets[2]]);
    assert_eq!(put(None, items).await, 200);
}
