//! What the clock and the calendar bring.

use chancery_assets::store::downloads;
use chancery_clock::Clock as _;
use chancery_contracts::assets::AssetRightsEnded;
use chancery_contracts::calendar::{AssetsChosen, UseStage};
use chancery_contracts::identity::Notify;
use chancery_contracts::ids::{AssetId, ItemId};
use uuid::Uuid;

use crate::rig::Rig;

#[tokio::test]
async fn an_end_is_told_once_and_warned_of_before() {
    let rig = Rig::new().await;
    let mut details = Rig::details("Ảnh");
    details.rights.ends = Some("2026-09-11T10:00:00".parse().unwrap());
    let id = rig.published("a.jpg", details.clone()).await;
    rig.library.watch_rights().await.unwrap();
    rig.library.watch_rights().await.unwrap();
    let warnings = |all: Vec<Notify>| {
        all.into_iter()
            .filter(|one| one.key == "notice-assets-ending")
            .count()
    };
    assert_eq!(warnings(rig.sent::<Notify>().await), 1);
    assert!(rig.sent::<AssetRightsEnded>().await.is_empty());

    rig.clock.advance(std::time::Duration::from_hours(240));
    rig.library.watch_rights().await.unwrap();
    rig.library.watch_rights().await.unwrap();
    let told = rig.sent::<AssetRightsEnded>().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].asset, told[0].ended_at), (id, rig.clock.now()));
    // Extended, it ends anew.
    details.rights.ends = Some("2026-09-12T10:00:00".parse().unwrap());
    rig.describe(&rig.steward, id, details).await;
    rig.clock.advance(std::time::Duration::from_hours(48));
    rig.library.watch_rights().await.unwrap();
    assert_eq!(rig.sent::<AssetRightsEnded>().await.len(), 2);
}

#[tokio::test]
async fn reports_of_use_may_come_late_and_twice() {
    let rig = Rig::new().await;
    let id = rig.published("a.jpg", Rig::details("Ảnh")).await;
    let item = ItemId(Uuid::now_v7());
    let report = |sequence, stage, assets: &[AssetId]| AssetsChosen {
        item,
        unit: rig.vientiane,
        sequence,
        title: "Thông cáo".into(),
        stage,
        assets: assets.to_vec(),
    };
    let uses = async || {
        let mut conn = rig.library.pool.acquire().await.unwrap();
        let uses = downloads::uses(&mut conn, id).await.unwrap();
        uses.into_iter().map(|one| one.stage).collect::<Vec<_>>()
    };
    let live = report(3, UseStage::Live, &[id, AssetId(Uuid::now_v7())]);
    rig.library.used(&live).await.unwrap();
    rig.library
        .used(&report(2, UseStage::Chosen, &[id]))
        .await
        .unwrap();
    rig.library.used(&live).await.unwrap();
    assert_eq!(uses().await, ["live"]);
    rig.library.used(&report(4, UseStage::Chosen, &[])).await.unwrap();
    assert!(uses().await.is_empty());
}
