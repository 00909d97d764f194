//! Two who edit at once, bulk edits and their way back, files that arrive twice.

use chancery_assets::intake::{Batch, Purpose};
use chancery_assets::library::Undone;
use chancery_assets::model::{FileRole, Licence, Patch, State};
use chancery_assets::store::files;
use chancery_assets::{Actor, AssetError};
use chancery_contracts::assets::{Analyse, AssetChanged, Change};
use uuid::Uuid;

use crate::rig::Rig;

#[tokio::test]
async fn the_second_of_two_stewards_is_told_and_nothing_is_lost() {
    let rig = Rig::new().await;
    let id = rig.draft("a.jpg").await;
    let seen = rig.asset(id).await.revision;
    let first = Rig::details("Của người thứ nhất");
    rig.library
        .save(Actor::new(&rig.steward), id, seen, first.clone())
        .await
        .unwrap();
    let second = rig
        .library
        .save(
            Actor::new(&rig.second_steward),
            id,
            seen,
            Rig::details("Của người thứ hai"),
        )
        .await;
    assert!(matches!(second, Err(AssetError::Stale)));
    assert_eq!(rig.asset(id).await.details, first.checked().unwrap());
}

#[tokio::test]
async fn a_contributor_edits_their_own_units_drafts_and_nothing_else() {
    let rig = Rig::new().await;
    let id = rig.draft("a.jpg").await;
    rig.describe(&rig.thu, id, Rig::details("Cùng đơn vị")).await;
    let revision = rig.asset(id).await.revision;
    let foreign = rig
        .library
        .save(Actor::new(&rig.lan), id, revision, Rig::details("x"))
        .await;
    assert!(matches!(foreign, Err(AssetError::Access(_))));
    rig.library
        .publish(Actor::new(&rig.steward), &[id])
        .await
        .unwrap();
    let revision = rig.asset(id).await.revision;
    let late = rig
        .library
        .save(Actor::new(&rig.minh), id, revision, Rig::details("x"))
        .await;
    assert!(matches!(late, Err(AssetError::State("assets-not-yours-now"))));
}

#[tokio::test]
async fn a_bulk_edit_is_all_or_nothing_and_can_be_taken_back() {
    let rig = Rig::new().await;
    let mut ids = Vec::new();
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        let id = rig.draft(name).await;
        rig.describe(&rig.minh, id, Rig::details(name)).await;
        ids.push(id);
    }
    let patch = Patch {
        credit: Some("TTXVN".into()),
        add_topics: vec!["11000000".into()],
        licence: Some(Licence::Agency),
        ..Patch::default()
    };
    let not_theirs = rig.library.bulk(Actor::new(&rig.minh), &ids, &patch).await;
    assert!(not_theirs.is_err(), "a licence is a steward's to set");
    assert_eq!(rig.asset(ids[0]).await.details.credit, "VNA");

    let steward = Actor::new(&rig.steward);
    let bulk = rig.library.bulk(steward, &ids, &patch).await.unwrap();
    for id in &ids {
        let details = rig.asset(*id).await.details;
        assert_eq!((details.credit.as_str(), details.topics.len()), ("TTXVN", 2));
    }
    // Somebody edits one of them since: that one stays as it is.
    rig.describe(&rig.second_steward, ids[1], Rig::details("Sửa sau"))
        .await;
    let undone = rig.library.undo(steward, bulk).await.unwrap();
    assert_eq!(undone, Undone { restored: 2, kept: 1 });
    assert_eq!(
        rig.asset(ids[0]).await.details,
        Rig::details("a.jpg").checked().unwrap()
    );
    assert_eq!(rig.asset(ids[1]).await.details.texts[0].title, "Sửa sau");
    assert!(rig.library.undo(steward, bulk).await.is_err(), "only once");
    let other = rig.library.bulk(steward, &ids, &patch).await.unwrap();
    assert!(
        rig.library
            .undo(Actor::new(&rig.second_steward), other)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_same_bytes_twice_at_once_in_one_batch_are_one_asset() {
    let rig = Rig::new().await;
    let batch = Batch {
        id: Uuid::now_v7(),
        name: "Thẻ nhớ 1".into(),
    };
    let arrive = || rig.arrive("same.jpg", b"same", Some(batch.clone()), Purpose::New);
    let (one, two) = tokio::join!(arrive(), arrive());
    assert_eq!(one.asset, two.asset);
    assert!(one.is_new != two.is_new);
    assert_eq!(rig.sent::<Analyse>().await.len(), 1);
}

#[tokio::test]
async fn copies_and_lookalikes_are_told_apart() {
    let rig = Rig::new().await;
    let id = rig.draft("one.jpg").await;
    let copy = rig.arrive("copy.jpg", b"one.jpg", None, Purpose::New).await;
    rig.look(copy).await;
    let near = rig.draft("near.jpg").await;
    let far = rig.draft("far.jpg").await;
    // Two bits away, and far away.
    let look = "update assets.files set look = (select look from assets.files where asset_id = $1 and role = 'original') # $3
                where asset_id = $2 and role = 'original'";
    for (other, bits) in [(near, 0b101_i64), (far, 0x7fff_0000_7fff_0000)] {
        sqlx::query(look)
            .bind(id.0)
            .bind(other.0)
            .bind(bits)
            .execute(rig.db.owner())
            .await
            .unwrap();
    }
    let mut conn = rig.library.pool.acquire().await.unwrap();
    let twins = files::twins(&mut conn, id).await.unwrap();
    let found: Vec<_> = twins
        .iter()
        .map(|twin| (twin.asset, twin.same_bytes, twin.distance))
        .collect();
    assert_eq!(found, [(copy.asset, true, 0), (near, false, 2)]);
}

#[tokio::test]
async fn replacing_a_file_keeps_the_old_one_and_tells_its_users() {
    let rig = Rig::new().await;
    let id = rig.published("a.jpg", Rig::details("Ảnh")).await;
    let part = Purpose::Part {
        asset: id,
        role: FileRole::Original,
        language: None,
    };
    let better = rig.arrive("better.jpg", b"better", None, part.clone()).await;
    let mut conn = rig.library.pool.acquire().await.unwrap();
    let given = files::to_give(&mut conn, id).await.unwrap().unwrap();
    assert_eq!(
        given.version, 1,
        "until somebody has looked inside, the old one stands"
    );
    // A broken one changes nothing.
    let broken = rig.arrive("broken.jpg", b"broken", None, part).await;
    let file = files::load(&mut conn, broken.file).await.unwrap();
    rig.library
        .refuse_file(&file, "media-refused-damaged", &serde_json::json!({}))
        .await
        .unwrap();
    assert!(rig.sent::<AssetChanged>().await.is_empty());

    rig.look(better).await;
    let all = files::of_asset(&mut conn, id).await.unwrap();
    let originals: Vec<_> = all
        .iter()
        .filter(|file| file.role == "original")
        .map(|file| (file.version, file.state.as_str(), file.superseded_at.is_some()))
        .collect();
    assert_eq!(
        originals,
        [(3, "refused", false), (2, "ready", false), (1, "ready", true)]
    );
    let told = rig.sent::<AssetChanged>().await;
    assert_eq!((told.len(), told[0].asset, told[0].change), (1, id, Change::File));
    // Handled twice, it is done once.
    rig.look(better).await;
    assert_eq!(rig.sent::<AssetChanged>().await.len(), 1);
    assert_eq!(rig.asset(id).await.state, State::Published);
}
