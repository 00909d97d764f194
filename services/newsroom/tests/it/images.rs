use bytes::Bytes;
use image::{DynamicImage, ImageFormat, RgbImage};

use crate::{Draft, House, draft};

/// A picture in the store, as the calendar keeps it, and its entry in an edition.
async fn picture(house: &House) -> (String, serde_json::Value) {
    let pixels = DynamicImage::ImageRgb8(RgbImage::from_pixel(1200, 800, image::Rgb([10, 90, 60])));
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, ImageFormat::Png).unwrap();
    let web = house
        .images
        .take_in(Bytes::from(file.into_inner()))
        .await
        .unwrap()
        .web;
    let entry = serde_json::json!([{ "sha256": web.sha256, "mime": web.mime, "width": web.width, "height": web.height, "alt": "Xanh" }]);
    (web.sha256.to_string(), entry)
}

#[tokio::test]
async fn a_published_picture_is_served_in_three_sizes() {
    let house = House::new().await;
    let (hash, images) = picture(&house).await;
    let path = house
        .publish(&Draft {
            images,
            ..draft(1, "Có ảnh")
        })
        .await;
    let page = house.get(&path).await;
    assert!(
        page.text()
            .contains(&format!("/press/images/{hash}-480.jpg 480w"))
    );
    assert!(page.text().contains(&format!(
        r#"<meta property="og:image" content="https://chancery.example/press/images/{hash}.jpg">"#
    )));
    assert!(
        page.text()
            .contains(r#"width="1200" height="800" alt="Xanh" loading="lazy""#)
    );

    for (file, width) in [
        (format!("{hash}.jpg"), 1200),
        (format!("{hash}-960.jpg"), 960),
        (format!("{hash}-240.jpg"), 240),
    ] {
        for _ in 0..2 {
            let answer = house.get(&format!("/press/images/{file}")).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("content-type")),
                (200, "image/jpeg"),
                "{file}"
            );
            assert_eq!(image::load_from_memory(&answer.bytes).unwrap().width(), width);
            assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
        }
    }
    let known = house.get(&format!("/press/images/{hash}.jpg")).await;
    let again = house
        .get_with(
            &format!("/press/images/{hash}.jpg"),
            &[("if-none-match", known.header("etag"))],
        )
        .await;
    assert_eq!(again.status, 304);
    let thumbnails: i64 = sqlx::query_scalar("select count(*) from newsroom.thumbnails")
        .fetch_one(house.database.owner())
        .await
        .unwrap();
    assert_eq!(thumbnails, 2, "made once each");
}

#[tokio::test]
async fn a_picture_of_the_library_is_shown_as_long_as_the_library_allows_it() {
    let house = House::new().await;
    let (hash, mut images) = picture(&house).await;
    let asset = uuid::Uuid::from_u128(77);
    images[0]["asset"] = serde_json::json!(asset);
    sqlx::query(
        "insert into assets.assets (id, unit_id, kind, state, file_name, licence, published_at, created_by, created_at,
             updated_by, updated_at, ends_wall, ends_at)
         values ($1, $1, 'picture', 'published', 'a.jpg', 'owned', now(), $1, now(), $1, now(),
             '2026-09-02 04:00', '2026-09-02T04:00:00Z')",
    )
    .bind(asset)
    .execute(house.database.owner())
    .await
    .unwrap();
    let path = house
        .publish(&Draft {
            images,
            ..draft(1, "Có ảnh của kho")
        })
        .await;
    let address = format!("/press/images/{hash}.jpg");
    assert_eq!(house.get(&address).await.status, 200);
    assert!(house.get(&path).await.text().contains(&hash));

    house.clock.advance(std::time::Duration::from_hours(1));
    for gone in [address.clone(), format!("/press/images/{hash}-480.jpg")] {
        assert_eq!(house.get(&gone).await.status, 404, "{gone}");
    }
    let page = house.get(&path).await;
    assert_eq!(page.status, 200, "the text stands");
    assert!(!page.text().contains(&hash));
    assert!(!house.get("/press/vientiane/vi").await.text().contains(&hash));
}

#[tokio::test]
async fn what_no_standing_release_shows_is_not_served() {
    let house = House::new().await;
    let (hash, images) = picture(&house).await;
    let address = format!("/press/images/{hash}.jpg");
    assert_eq!(
        house.get(&address).await.status,
        404,
        "a draft's picture, whoever knows its hash"
    );
    let release = Draft {
        images,
        ..draft(1, "Có ảnh")
    };
    house.publish(&release).await;
    assert_eq!(house.get(&address).await.status, 200);
    house.withdraw(release.delivery, "Nhầm ảnh").await;
    assert_eq!(house.get(&address).await.status, 404);
    assert_eq!(
        house.get(&format!("/press/images/{hash}-480.jpg")).await.status,
        404,
        "nor its smaller copies"
    );
}

#[tokio::test]
async fn path_tricks_lead_nowhere() {
    let house = House::new().await;
    let (hash, images) = picture(&house).await;
    house
        .publish(&Draft {
            images,
            ..draft(1, "Có ảnh")
        })
        .await;
    for file in [
        "..%2f..%2f..%2fetc%2fpasswd".to_owned(),
        format!("{hash}-4800.jpg"),
        format!("{hash}-480.png"),
        format!("{}.jpg", hash.to_uppercase()),
        format!("{hash}.jpg%00.html"),
        format!("{hash}.html"),
    ] {
        assert_eq!(
            house.get(&format!("/press/images/{file}")).await.status,
            404,
            "{file}"
        );
    }
}

#[tokio::test]
async fn a_picture_that_the_store_has_lost_is_not_found_and_the_page_stands() {
    let house = House::new().await;
    let lost = serde_json::json!([{ "sha256": "b".repeat(64), "mime": "image/jpeg", "width": 8, "height": 6, "alt": "" }]);
    let path = house
        .publish(&Draft {
            images: lost,
            ..draft(1, "Mất ảnh")
        })
        .await;
    assert_eq!(house.get(&path).await.status, 200);
    assert_eq!(
        house
            .get(&format!("/press/images/{}.jpg", "b".repeat(64)))
            .await
            .status,
        404
    );
    assert_eq!(
        house
            .get(&format!("/press/images/{}-480.jpg", "b".repeat(64)))
            .await
            .status,
        404
    );
}
