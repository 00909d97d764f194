//! Finding: words in every language, facets, pages.

use chancery_assets::model::Text;
use chancery_assets::store::search::{self, Eyes, Filter, Found};
use chancery_clock::Clock as _;
use chancery_contracts::ids::AssetId;

use crate::rig::Rig;

async fn find(rig: &Rig, filter: Filter, after: Option<AssetId>, limit: i64) -> Found {
    let eyes = Eyes {
        keeps: Vec::new(),
        unit: rig.vientiane,
        country: Some("LA".into()),
        now: rig.clock.now(),
        language: "en".into(),
    };
    let mut conn = rig.library.pool.acquire().await.unwrap();
    search::find(&mut conn, &filter, &eyes, after, limit)
        .await
        .unwrap()
}

async fn titles(rig: &Rig, text: &str) -> Vec<String> {
    let filter = Filter {
        text: text.into(),
        ..Filter::default()
    };
    let found = find(rig, filter, None, 50).await;
    found.cards.into_iter().filter_map(|card| card.title).collect()
}

#[tokio::test]
async fn words_are_found_with_and_without_their_marks() {
    let rig = Rig::new().await;
    let mut details = Rig::details("Chợ nổi Cái Răng");
    details.texts.push(Text {
        language: "lo".into(),
        title: "ຕະຫຼາດ ວຽງຈັນ".into(),
        ..Text::default()
    });
    rig.published("a.jpg", details).await;
    rig.published("b.jpg", Rig::details("Cho thuê xe")).await;
    assert_eq!(titles(&rig, "chợ nổi").await, ["Chợ nổi Cái Răng"]);
    assert_eq!(titles(&rig, "cho noi").await, ["Chợ nổi Cái Răng"]);
    assert_eq!(titles(&rig, "ວຽງຈັນ").await, ["Chợ nổi Cái Răng"]);
    assert_eq!(titles(&rig, "cho").await.len(), 2);
    assert_eq!(titles(&rig, "chợ").await, ["Chợ nổi Cái Răng"]);
    assert!(titles(&rig, "'; drop table assets.search; --").await.is_empty());
    assert!(
        titles(&rig, "!!!").await.is_empty(),
        "no word finds nothing, not everything"
    );
}

#[tokio::test]
async fn facets_count_what_was_found_and_pages_go_on_where_the_last_ended() {
    let rig = Rig::new().await;
    for n in 0..5 {
        let mut details = Rig::details(&format!("Lễ hội {n}"));
        details.country = Some(if n % 2 == 0 { "LA" } else { "VN" }.into());
        rig.published(&format!("{n}.jpg"), details).await;
        rig.clock.advance(std::time::Duration::from_millis(2));
    }
    let filter = || Filter {
        text: "lễ hội".into(),
        ..Filter::default()
    };
    let first = find(&rig, filter(), None, 3).await;
    assert_eq!((first.cards.len(), first.count), (3, 5));
    let country: Vec<_> = first
        .facets
        .iter()
        .filter(|count| count.facet == "country")
        .map(|count| (count.value.as_str(), count.count))
        .collect();
    assert_eq!(country, [("LA", 3), ("VN", 2)]);
    let shape = first.facets.iter().find(|count| count.facet == "shape").unwrap();
    assert_eq!((shape.value.as_str(), shape.count), ("landscape", 5));
    let second = find(&rig, filter(), Some(first.cards[2].id), 3).await;
    assert_eq!(second.cards.len(), 2);
    let all: Vec<_> = first
        .cards
        .iter()
        .chain(&second.cards)
        .filter_map(|card| card.title.as_deref())
        .collect();
    assert_eq!(all, ["Lễ hội 4", "Lễ hội 3", "Lễ hội 2", "Lễ hội 1", "Lễ hội 0"]);

    let chosen = Filter {
        countries: vec!["VN".into()],
        ..filter()
    };
    assert_eq!(find(&rig, chosen, None, 10).await.count, 2);
}

#[tokio::test]
async fn what_is_edited_is_found_as_it_is_now() {
    let rig = Rig::new().await;
    let id = rig.published("a.jpg", Rig::details("Cầu Rồng")).await;
    rig.describe(&rig.steward, id, Rig::details("Cầu Vàng")).await;
    assert!(titles(&rig, "rồng").await.is_empty());
    assert_eq!(titles(&rig, "vàng").await.len(), 1);
}
