use crate::{Draft, House, draft};

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{viewer}}";

#[tokio::test]
async fn a_release_is_read_at_its_address_in_its_language() {
    let house = House::new().await;
    let vietnamese = Draft {
        body: "Kính mời https://example.org/thu-moi\n\n- một\n- hai",
        ..draft(1, "Thư mời")
    };
    let english = Draft {
        item: vietnamese.item,
        language: "en",
        title: "Invitation",
        ..draft(2, "")
    };
    let path = house.publish(&vietnamese).await;
    let other = house.publish(&english).await;

    let page = house.get(&path).await;
    assert_eq!(page.status, 200);
    let html = page.text();
    assert!(html.contains(r#"<html lang="vi" dir="ltr">"#));
    assert!(html.contains("<h1>Thư mời</h1>"));
    assert!(html.contains(r#"<a href="https://example.org/thu-moi" rel="nofollow noopener">"#));
    assert!(html.contains("<ul><li>một</li><li>hai</li></ul>"));
    assert!(
        html.contains(
            "Nơi</span>, <time datetime=\"2026-09-02T09:00:00+07:00\">ngày 2 tháng 9 năm 2026, 09:00"
        )
    );
    assert!(html.contains(&format!(
        r#"<link rel="canonical" href="https://chancery.example{path}">"#
    )));
    assert!(html.contains(&format!(
        r#"hreflang="en" href="https://chancery.example{other}""#
    )));
    assert!(html.contains(r#"<meta property="og:type" content="article">"#));
    assert!(html.contains("Đại sứ quán Việt Nam tại Lào"));

    let english = house.get(&other).await;
    assert!(english.text().contains("2 September 2026, 09:00"));
    assert!(english.text().contains("Embassy of Viet Nam in Laos"));
    assert!(
        english
            .text()
            .contains(&format!(r#"hreflang="vi" href="https://chancery.example{path}""#))
    );
}

#[tokio::test]
async fn structured_data_says_who_speaks_and_when() {
    let house = House::new().await;
    let path = house.publish(&draft(1, "Thư mời")).await;
    let page = house.get(&path).await;
    let block = page
        .text()
        .split(r#"<script type="application/ld+json">"#)
        .nth(1)
        .unwrap();
    let json: serde_json::Value = serde_json::from_str(block.split("</script>").next().unwrap()).unwrap();
    assert_eq!(json["@type"], "NewsArticle");
    assert_eq!(json["headline"], "Thư mời");
    assert_eq!(json["datePublished"], "2026-09-02T09:00:00+07:00");
    assert_eq!(json["publisher"]["name"], "Đại sứ quán Việt Nam tại Lào");
    assert_eq!(json["inLanguage"], "vi");
    assert_eq!(
        json["mainEntityOfPage"],
        format!("https://chancery.example{path}")
    );
}

#[tokio::test]
async fn script_in_every_field_is_text() {
    let house = House::new().await;
    let release = Draft {
        title: HOSTILE,
        body: HOSTILE,
        ..draft(1, "")
    };
    let path = house.publish(&release).await;
    for address in [
        path.as_str(),
        "/press/vientiane/vi",
        "/press/vientiane/vi/atom.xml",
    ] {
        let page = house.get(address).await;
        assert_eq!(page.status, 200, "{address}");
        let html = page.text();
        assert!(!html.contains("<script>alert"), "{address}");
        assert!(!html.contains("<img src=x"), "{address}");
        assert_eq!(
            html.matches("<script").count(),
            html.matches(r#"<script type="application/ld+json">"#).count()
        );
    }
    house.withdraw(release.delivery, HOSTILE).await;
    let page = house.get(&path).await;
    assert!(!page.text().contains("<script") && !page.text().contains("<img"));
}

#[tokio::test]
async fn a_withdrawn_page_is_gone_and_says_why_and_nothing_of_it_is_left() {
    let house = House::new().await;
    let release = Draft {
        body: "Bí mật của bài viết",
        ..draft(1, "Sai sót")
    };
    let path = house.publish(&release).await;
    house.withdraw(release.delivery, "Sai ngày tháng").await;
    let page = house.get(&path).await;
    assert_eq!(page.status, 410);
    assert!(page.text().contains("Sai ngày tháng"));
    for address in [
        path.as_str(),
        "/press/vientiane/vi",
        "/press/vientiane/vi/atom.xml",
        "/press/vientiane/sitemap.xml",
        "/api/v1/releases",
    ] {
        assert!(!house.get(address).await.text().contains("Bí mật"), "{address}");
    }
    assert!(!house.get("/press/vientiane/vi").await.text().contains("Sai sót"));
    let api = house.get(&format!("/api/v1/releases/{}", release.delivery)).await;
    assert_eq!(api.status, 410);
    let json: serde_json::Value = serde_json::from_slice(&api.bytes).unwrap();
    assert_eq!(
        (&json["body"], &json["withdrawn_reason"]),
        (&serde_json::Value::Null, &"Sai ngày tháng".into())
    );
}

#[tokio::test]
async fn right_to_left_text_is_set_right_to_left() {
    let house = House::new().await;
    let path = house
        .publish(&Draft {
            language: "ar",
            title: "تهنئة 2026",
            ..draft(1, "")
        })
        .await;
    let page = house.get(&path).await;
    assert!(page.text().contains(r#"<html lang="ar" dir="rtl">"#));
    assert!(page.text().contains("العربية"));
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let house = House::new().await;
    let path = house.publish(&draft(1, "Một")).await;
    for address in [
        path.as_str(),
        "/press/vientiane/vi",
        "/press/vi",
        "/press/vientiane/vi/atom.xml",
        "/press/sitemap.xml",
    ] {
        let first = house.get(address).await;
        assert_eq!(first.status, 200, "{address}");
        assert!(first.header("cache-control").contains("must-revalidate"));
        let again = house
            .get_with(address, &[("if-none-match", first.header("etag"))])
            .await;
        assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0), "{address}");
    }
    let room = house.get("/press/vientiane/vi").await;
    assert_eq!(room.header("last-modified"), "Wed, 02 Sep 2026 02:00:00 GMT");
    let since = async |value| {
        house
            .get_with("/press/vientiane/vi", &[("if-modified-since", value)])
            .await
    };
    assert_eq!(since("Wed, 02 Sep 2026 02:00:00 GMT").await.status, 304);
    assert_eq!(since("Wed, 02 Sep 2026 01:59:59 GMT").await.status, 200);

    house
        .publish(&Draft {
            at: "2026-09-02T02:30:00Z",
            ..draft(2, "Hai")
        })
        .await;
    let changed = house
        .get_with("/press/vientiane/vi", &[("if-none-match", room.header("etag"))])
        .await;
    assert_eq!(changed.status, 200);
}

#[tokio::test]
async fn addresses_of_nothing_are_not_found() {
    let house = House::new().await;
    house.publish(&draft(1, "Một")).await;
    for address in [
        "/press/atlantis",
        "/press/atlantis/vi",
        "/press/vientiane/xx",
        "/press/vientiane/vi/2026/09/02/hai",
        "/press/vientiane/vi/2026/09/02/..%2f..%2fetc",
        "/press/vientiane/vi/2026/9/2/mot",
        "/press/vientiane/xx/atom.xml",
        "/press/atlantis/sitemap.xml",
        "/api/v1/releases/00000000-0000-0000-0000-000000000404",
        "/api/v1/releases/nonsense",
        "/api/v1/releases?mission=atlantis",
    ] {
        assert_eq!(house.get(address).await.status, 404, "{address}");
    }
    assert_eq!(house.get("/press/vientiane/vi?after=nonsense").await.status, 400);
}

#[tokio::test]
async fn the_first_page_is_light() {
    let house = House::new().await;
    let body = "Một đoạn văn dài vừa phải về một hoạt động của Đại sứ quán, viết bằng tiếng Việt có dấu. "
        .repeat(20);
    for number in 0..12 {
        let title = format!("Thông cáo số {number} về một hoạt động hữu nghị giữa hai nước");
        let image = serde_json::json!([{ "sha256": format!("{number:064x}"), "mime": "image/jpeg", "width": 1600,
            "height": 1067, "alt": "Một bức ảnh" }]);
        house
            .publish(&Draft {
                body: &body,
                images: image,
                ..draft(number, &title)
            })
            .await;
    }
    let page = house
        .get_with("/press/vientiane/vi", &[("accept-encoding", "br")])
        .await;
    assert_eq!(page.header("content-encoding"), "br");
    assert!(page.bytes.len() < 12_000, "{} bytes", page.bytes.len());
    let plain = house.get("/press/vientiane/vi").await;
    assert_eq!(
        plain.text().matches("<img ").count(),
        plain.text().matches(r#"loading="lazy""#).count()
    );
    assert!(!plain.text().contains("<script src"), "works without JavaScript");
    let css = include_bytes!("../../../../shared/web/browser/press/press.css");
    assert!(
        css.len() < 12_000,
        "{} bytes of styles before compression",
        css.len()
    );
}

#[tokio::test]
async fn fifty_thousand_characters_are_a_page_like_any_other() {
    let house = House::new().await;
    let body = "Ngoại giao ".repeat(5000);
    let path = house
        .publish(&Draft {
            body: &body,
            ..draft(1, "Dài")
        })
        .await;
    assert_eq!(house.get(&path).await.status, 200);
    assert!(
        house.get("/press/vientiane/vi").await.bytes.len() < 10_000,
        "lists show a summary only"
    );
}
