use chancery_web::ShellConfig;
use uuid::Uuid;

use crate::{Draft, House, draft};

#[tokio::test]
async fn the_list_of_rooms_leads_to_every_mission_in_both_languages() {
    let house = House::new().await;
    let vietnamese = house.get("/press/vi").await;
    assert!(vietnamese.text().contains("Đại sứ quán Việt Nam tại Lào"));
    assert!(vietnamese.text().contains(r#"href="/press/vientiane/vi""#));
    let english = house.get("/press/en").await;
    assert!(english.text().contains("Embassy of Viet Nam in Egypt"));
    assert!(
        !english.text().contains("/press/ministry/"),
        "headquarters has not published anything"
    );

    let answer = house
        .get_with("/press", &[("accept-language", "en-GB,en;q=0.9")])
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (302, "/press/en")
    );
    let answer = house
        .get_with("/press/vientiane", &[("accept-language", "vi")])
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (302, "/press/vientiane/vi")
    );
    assert!(
        answer.header("cache-control").contains("private"),
        "another reader may have another language"
    );
}

#[tokio::test]
async fn an_empty_room_says_so() {
    let house = House::new().await;
    let page = house.get("/press/vientiane/en").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text()
            .contains("Nothing has been published in this language yet.")
    );
}

#[tokio::test]
async fn older_releases_follow_page_by_page_without_gap_or_repetition() {
    let house = House::new().await;
    let titles: Vec<String> = (0..25).map(|number| format!("Bài {number:02}")).collect();
    for (number, title) in titles.iter().enumerate() {
        // Pairs share their instant, so that the id must decide between them.
        let at = format!("2026-09-02T02:{:02}:00Z", number / 2);
        house
            .publish(&Draft {
                at: &at,
                ..draft(number as u128, title)
            })
            .await;
    }
    let mut path = "/press/vientiane/vi".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = house.get(&path).await;
        let html = page.text();
        seen.extend(html.split("class=\"headline\">").skip(1).map(|part| {
            part.split('>')
                .nth(1)
                .unwrap()
                .split('<')
                .next()
                .unwrap()
                .to_owned()
        }));
        // A newer release arrives while somebody reads on: it shifts nothing.
        house
            .publish(&Draft {
                at: "2026-09-02T02:59:00Z",
                ..draft(100, "Tin mới")
            })
            .await;
        let Some(next) = html.split(r#"rel="next" href=""#).nth(1) else {
            break;
        };
        path = next
            .split('"')
            .next()
            .unwrap()
            .replace("&#x3D;", "=")
            .replace("&amp;", "&");
    }
    let expected: Vec<String> = titles.iter().rev().cloned().collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_room_shows_its_own_releases_in_one_language() {
    let house = House::new().await;
    house.publish(&draft(1, "Bằng tiếng Việt")).await;
    house
        .publish(&Draft {
            language: "en",
            ..draft(2, "In English")
        })
        .await;
    house
        .publish(&Draft {
            unit: Uuid::from_u128(3),
            ..draft(3, "Từ Cai-rô")
        })
        .await;
    let page = house.get("/press/vientiane/vi").await;
    assert!(page.text().contains("Bằng tiếng Việt"));
    assert!(!page.text().contains("In English") && !page.text().contains("Từ Cai-rô"));
    // A language of which nothing is out has no page; once something is out it has.
    assert_eq!(house.get("/press/vientiane/lo").await.status, 404);
    house
        .publish(&Draft {
            language: "lo",
            ..draft(4, "ແຖລງການ")
        })
        .await;
    let lao = house.get("/press/vientiane/lo").await;
    assert_eq!(lao.status, 200);
    assert!(lao.text().contains("Latest information"), "framed in English");
    assert!(
        house.get("/press/vientiane/vi").await.text().contains("ລາວ"),
        "offered on the other pages"
    );
}

#[tokio::test]
async fn a_demonstration_says_so_and_stays_out_of_search_engines() {
    let house = House::with(ShellConfig {
        demo: true,
        ..ShellConfig::default()
    })
    .await;
    let path = house.publish(&draft(1, "Một")).await;
    for address in [path.as_str(), "/press/vientiane/vi", "/press/vi"] {
        let page = house.get(address).await;
        assert!(page.text().contains(r#"class="ribbon""#), "{address}");
        assert!(
            page.text()
                .contains(r#"<meta name="robots" content="noindex, nofollow">"#),
            "{address}"
        );
    }
    assert_eq!(
        house.get("/robots.txt").await.text(),
        "User-agent: *\nDisallow: /\n"
    );

    let real = House::new().await;
    assert!(!real.get("/press/vientiane/vi").await.text().contains("ribbon"));
    let robots = real.get("/robots.txt").await;
    assert!(robots.text().contains("Allow: /press\n"));
    assert!(
        robots
            .text()
            .contains("Sitemap: https://chancery.example/press/sitemap.xml")
    );
}

#[tokio::test]
async fn the_name_of_the_time_stays_below_old_releases() {
    let house = House::new().await;
    let path = house.publish(&draft(1, "Trước khi đổi tên")).await;
    sqlx::query(
        "insert into identity.unit_names (unit_id, valid_from, names)
         values ($1, '2026-10-01', '{\"vi\": \"Tên mới\", \"en\": \"New name\"}')",
    )
    .bind(crate::VIENTIANE)
    .execute(house.database.owner())
    .await
    .unwrap();
    let html = house.get(&path).await;
    assert!(
        html.text()
            .contains(r#"<p class="speaker">Đại sứ quán Việt Nam tại Lào</p>"#)
    );
}

#[tokio::test]
async fn programs_read_the_same_page_by_page() {
    let house = House::new().await;
    for number in 0..3 {
        let title = format!("Bài {number}");
        let at = format!("2026-09-02T02:0{number}:00Z");
        house
            .publish(&Draft {
                at: &at,
                ..draft(number, &title)
            })
            .await;
    }
    house
        .publish(&Draft {
            unit: Uuid::from_u128(3),
            at: "2026-09-01T00:00:00Z",
            ..draft(9, "Cai-rô")
        })
        .await;
    let json = async |path: &str| -> serde_json::Value {
        serde_json::from_slice(&house.get(path).await.bytes).unwrap()
    };
    let first = json("/api/v1/releases?mission=vientiane&limit=2").await;
    let titles = |page: &serde_json::Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles(&first), ["Bài 2", "Bài 1"]);
    let next = first["next"].as_str().unwrap();
    let second = json(&format!(
        "/api/v1/releases?mission=vientiane&limit=2&after={next}"
    ))
    .await;
    assert_eq!(
        (titles(&second), second["next"].is_null()),
        (vec!["Bài 0".to_owned()], true)
    );
    assert_eq!(titles(&json("/api/v1/releases").await).len(), 4, "all rooms");
    assert!(
        json("/api/v1/releases?language=en").await["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let one = json(&format!("/api/v1/releases/{}", draft(1, "").delivery)).await;
    assert_eq!(
        one["url"],
        "https://chancery.example/press/vientiane/vi/2026/09/02/bai-1"
    );
}

#[tokio::test]
async fn many_rooms_are_folded_by_part_of_the_world_and_found_without_diacritics() {
    let house = House::new().await;
    let few = house.get("/press/vi").await;
    assert!(
        few.text().contains("<details class=\"region\" open>") && !few.text().contains("type=\"search\"")
    );
    for number in 10..24_u128 {
        let slug = format!("mission-{number}");
        let name = format!("Đại sứ quán số {number}");
        house
            .unit(number, Some(1), "embassy", &slug, &name, "Embassy", "Asia/Tokyo")
            .await;
    }
    let many = house.get("/press/vi").await;
    assert!(many.text().contains("<details class=\"region\">") && many.text().contains("name=\"text\""));
    let found = house.get("/press/vi?text=dai+su+quan+SO+12").await;
    assert!(
        found.text().contains("Đại sứ quán số 12")
            && found.text().contains("<details class=\"region\" open>")
    );
    assert!(!found.text().contains("Đại sứ quán số 13"));
    let none = house.get("/press/vi?text=%3Cscript%3E").await;
    assert!(none.text().contains("Không có phòng báo chí nào phù hợp") && !none.text().contains("<script>"));
}
