//! From draft to published, and back.

use chancery_assets::intake::Purpose;
use chancery_assets::model::State;
use chancery_assets::{Actor, AssetError};
use chancery_contracts::assets::AssetWithdrawn;
use chancery_contracts::identity::Notify;

use crate::rig::Rig;

#[tokio::test]
async fn the_way_of_a_batch() {
    let rig = Rig::new().await;
    let (minh, steward) = (Actor::new(&rig.minh), Actor::new(&rig.steward));
    let (a, b) = (rig.draft("a.jpg").await, rig.draft("b.jpg").await);
    rig.library.submit(minh, &[a, b]).await.unwrap();
    assert_eq!(rig.sent::<Notify>().await[0].key, "notice-assets-submitted");

    let returned = rig.library.give_back(steward, &[b], " ").await;
    assert!(
        matches!(returned, Err(AssetError::Fields(_))),
        "a reason is needed"
    );
    rig.library
        .give_back(steward, &[b], "Thiếu tên tác giả")
        .await
        .unwrap();
    assert_eq!(rig.asset(b).await.reason, "Thiếu tên tác giả");

    let unnamed = rig.library.publish(steward, &[a]).await;
    assert!(matches!(unnamed, Err(AssetError::State("assets-lack-title"))));
    rig.describe(&rig.steward, a, Rig::details("Chợ nổi")).await;
    rig.library.publish(steward, &[a]).await.unwrap();
    assert_eq!(rig.asset(a).await.state, State::Published);

    rig.library.submit(minh, &[b]).await.unwrap();
    assert_eq!(
        rig.trail(b).await,
        [
            "asset.file_added",
            "asset.submitted",
            "asset.returned",
            "asset.submitted"
        ]
    );
}

#[tokio::test]
async fn only_stewards_publish_and_only_what_somebody_has_looked_into() {
    let rig = Rig::new().await;
    let id = rig.draft("a.jpg").await;
    rig.describe(&rig.minh, id, Rig::details("Ảnh")).await;
    for person in [&rig.minh, &rig.lan, &rig.reader] {
        let refused = rig.library.publish(Actor::new(person), &[id]).await;
        assert!(matches!(refused, Err(AssetError::Access(_))));
    }
    let unseen = rig.arrive("new.jpg", b"new", None, Purpose::New).await.asset;
    let early = rig.library.submit(Actor::new(&rig.minh), &[unseen]).await;
    assert!(matches!(early, Err(AssetError::State("assets-file-not-ready"))));
    // One that cannot be holds all of them.
    let both = rig.library.publish(Actor::new(&rig.steward), &[id, unseen]).await;
    assert!(both.is_err());
    assert_eq!(rig.asset(id).await.state, State::Draft);
}

#[tokio::test]
async fn a_withdrawal_tells_why() {
    let rig = Rig::new().await;
    let id = rig.published("a.jpg", Rig::details("Ảnh")).await;
    rig.library
        .withdraw(Actor::new(&rig.steward), id, "Nhầm người trong ảnh")
        .await
        .unwrap();
    let told = rig.sent::<AssetWithdrawn>().await;
    assert_eq!(
        (told[0].asset, told[0].reason.as_str()),
        (id, "Nhầm người trong ảnh")
    );
    let again = rig.library.withdraw(Actor::new(&rig.steward), id, "x").await;
    assert!(matches!(again, Err(AssetError::State("assets-not-published"))));
    let mut conn = rig.library.pool.acquire().await.unwrap();
    let seen = rig.library.open(&mut conn, Actor::new(&rig.lan), id).await;
    assert!(
        matches!(seen, Err(AssetError::NotFound)),
        "gone for whoever only uses"
    );
    assert!(
        rig.library
            .open(&mut conn, Actor::new(&rig.minh), id)
            .await
            .is_ok()
    );
}
