use atom_syndication::Feed;

use crate::{Draft, House, draft};

#[tokio::test]
async fn the_feed_is_atom_and_carries_the_whole_text() {
    let house = House::new().await;
    let image = serde_json::json!([{ "sha256": "a".repeat(64), "mime": "image/jpeg", "width": 800, "height": 600, "alt": "Ảnh & chữ" }]);
    let release = Draft {
        body: "Xem <đây> & https://example.org/?a=1&b=2\n\nHai",
        images: image,
        ..draft(1, "Một & “hai”")
    };
    let path = house.publish(&release).await;
    house
        .publish(&Draft {
            at: "2026-09-02T01:00:00Z",
            ..draft(2, "Cũ hơn")
        })
        .await;

    let answer = house.get("/press/vientiane/vi/atom.xml").await;
    assert_eq!(
        answer.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let feed = Feed::read_from(answer.text().as_bytes()).unwrap();
    assert_eq!(feed.title().as_str(), "Đại sứ quán Việt Nam tại Lào");
    assert_eq!(feed.lang(), Some("vi"));
    assert_eq!(feed.updated().to_rfc3339(), "2026-09-02T02:00:00+00:00");
    let entry = &feed.entries()[0];
    assert_eq!(entry.title().as_str(), "Một & “hai”");
    assert_eq!(entry.id(), format!("urn:uuid:{}", release.delivery));
    assert_eq!(entry.links()[0].href(), format!("https://chancery.example{path}"));
    assert_eq!(
        entry.published().unwrap().to_rfc3339(),
        "2026-09-02T09:00:00+07:00"
    );
    let content = entry.content().unwrap();
    assert_eq!(content.content_type(), Some("xhtml"));
    assert!(content.value().unwrap().contains("https://example.org/"));
    assert_eq!(feed.entries()[1].title().as_str(), "Cũ hơn");
}

#[tokio::test]
async fn feed_readers_are_told_of_a_withdrawal() {
    let house = House::new().await;
    let release = draft(1, "Sai sót");
    house.publish(&release).await;
    house.withdraw(release.delivery, "Sai ngày").await;
    let answer = house.get("/press/vientiane/vi/atom.xml").await;
    let feed = Feed::read_from(answer.text().as_bytes()).unwrap();
    assert!(feed.entries().is_empty());
    assert!(answer.text().contains(&format!(
        r#"<at:deleted-entry ref="urn:uuid:{}""#,
        release.delivery
    )));
}

#[tokio::test]
async fn an_empty_feed_is_a_feed() {
    let house = House::new().await;
    let feed = Feed::read_from(house.get("/press/vientiane/en/atom.xml").await.text().as_bytes()).unwrap();
    assert_eq!(
        (feed.entries().len(), feed.title().as_str()),
        (0, "Embassy of Viet Nam in Laos")
    );
}

#[tokio::test]
async fn control_characters_do_not_break_the_feed() {
    let house = House::new().await;
    house
        .publish(&Draft {
            body: "a\u{b}b\u{1}c",
            title: "t\u{2}u",
            ..draft(1, "")
        })
        .await;
    let answer = house.get("/press/vientiane/vi/atom.xml").await;
    let feed = Feed::read_from(answer.text().as_bytes()).unwrap();
    assert_eq!(feed.entries()[0].title().as_str(), "tu");
    assert!(
        !answer
            .text()
            .chars()
            .any(|character| character.is_control() && character != '\n')
    );
}

#[tokio::test]
async fn sitemaps_list_what_stands() {
    let house = House::new().await;
    let path = house.publish(&draft(1, "Một")).await;
    let withdrawn = draft(2, "Hai");
    house.publish(&withdrawn).await;
    house.withdraw(withdrawn.delivery, "r").await;
    let index = house.get("/press/sitemap.xml").await;
    assert!(
        index
            .text()
            .contains("<loc>https://chancery.example/press/vientiane/sitemap.xml</loc>")
    );
    assert!(!index.text().contains("cairo"), "nothing is out there");
    let map = house.get("/press/vientiane/sitemap.xml").await;
    assert_eq!(map.header("content-type"), "application/xml; charset=utf-8");
    assert!(map.text().contains(&format!(
        "<loc>https://chancery.example{path}</loc><lastmod>2026-09-02T02:00:00Z</lastmod>"
    )));
    assert!(
        map.text()
            .contains("<loc>https://chancery.example/press/vientiane/en</loc>")
    );
    assert!(!map.text().contains("/hai"));
}
