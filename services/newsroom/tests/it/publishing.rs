//! The two functions that the publisher calls, and who may not.

use chancery_contracts::Service;
use sqlx::Row;
use uuid::Uuid;

use crate::{Draft, House, draft};

#[tokio::test]
async fn publishing_twice_is_publishing_once() {
    let house = House::new().await;
    let release = draft(1, "Thông cáo báo chí");
    let first = house.publish(&release).await;
    let again = Draft {
        title: "Another title",
        at: "2026-09-03T02:00:00Z",
        ..release
    };
    assert_eq!(house.publish(&again).await, first);
    let count: i64 = sqlx::query_scalar("select count(*) from newsroom.releases")
        .fetch_one(house.database.owner())
        .await
        .unwrap();
    assert_eq!(count, 1);
    assert!(
        house.get(&first).await.text().contains("Thông cáo báo chí"),
        "what stands is what was published first"
    );
}

#[tokio::test]
async fn two_workers_that_publish_one_delivery_at_once_agree() {
    let house = House::new().await;
    let release = draft(1, "Cùng một lúc");
    let (a, b, c) = tokio::join!(
        house.publish(&release),
        house.publish(&release),
        house.publish(&release)
    );
    assert_eq!((&a, &b), (&b, &c));
}

#[tokio::test]
async fn equal_titles_on_one_day_get_addresses_of_their_own() {
    let house = House::new().await;
    let (one, two) = (draft(1, "Thông báo"), draft(2, "Thông báo!"));
    let (first, second) = tokio::join!(house.publish(&one), house.publish(&two));
    let mut paths = [first, second];
    paths.sort();
    assert_eq!(
        paths,
        [
            "/press/vientiane/vi/2026/09/02/thong-bao",
            "/press/vientiane/vi/2026/09/02/thong-bao-2"
        ]
    );
}

#[tokio::test]
async fn the_folder_is_the_missions_own_day() {
    let house = House::new().await;
    // 18:30 UTC is 01:30 of the next day in Vientiane, and still the same day in Cairo.
    let late = Draft {
        at: "2026-09-01T18:30:00Z",
        ..draft(1, "Đêm")
    };
    assert!(
        house
            .publish(&late)
            .await
            .starts_with("/press/vientiane/vi/2026/09/02/")
    );
    let cairo = Draft {
        unit: Uuid::from_u128(3),
        ..Draft {
            at: "2026-09-01T18:30:00Z",
            ..draft(2, "Đêm")
        }
    };
    assert!(
        house
            .publish(&cairo)
            .await
            .starts_with("/press/cairo/vi/2026/09/01/")
    );
}

#[tokio::test]
async fn titles_become_addresses() {
    let house = House::new().await;
    let slug = async |title: &str| -> String {
        sqlx::query_scalar("select newsroom.slug($1)")
            .bind(title)
            .fetch_one(house.database.owner())
            .await
            .unwrap()
    };
    assert_eq!(
        slug("Đại sứ quán tiếp Đoàn “Ưu tú” — ĐỢT 2").await,
        "dai-su-quan-tiep-doan-uu-tu-dot-2"
    );
    // The same word with combining marks, as some keyboards send it.
    assert_eq!(slug("Tie\u{302}\u{301}ng Vie\u{323}\u{302}t").await, "tieng-viet");
    assert_eq!(slug("Été à Genève / ../../etc").await, "ete-a-geneve-etc");
    assert_eq!(slug("ສະຖານທູດ 中文").await, "");
    let long = slug(&"nghị định thư ".repeat(20)).await;
    assert!(
        long.len() <= 80 && !long.ends_with('-') && long.ends_with("-dinh"),
        "{long}"
    );
    assert_eq!(slug(&"x".repeat(300)).await.len(), 80);
}

#[tokio::test]
async fn a_title_without_latin_letters_has_an_address_all_the_same() {
    let house = House::new().await;
    let release = Draft {
        language: "lo",
        ..draft(1, "ແຖລງການ")
    };
    let path = house.publish(&release).await;
    assert_eq!(path, "/press/vientiane/lo/2026/09/02/r-000000001001");
    assert_eq!(house.get(&path).await.status, 200);
}

#[tokio::test]
async fn a_withdrawn_release_stays_withdrawn() {
    let house = House::new().await;
    let release = draft(1, "Sai sót");
    let path = house.publish(&release).await;
    assert!(house.withdraw(release.delivery, "Sai ngày tháng").await);
    assert!(
        !house.withdraw(release.delivery, "another reason").await,
        "the first reason is kept"
    );
    assert!(!house.withdraw(Uuid::from_u128(99), "unknown").await);
    assert_eq!(
        house.publish(&release).await,
        path,
        "a late second job gets the address"
    );
    assert_eq!(house.get(&path).await.status, 410, "and brings nothing back");
}

#[tokio::test]
async fn a_unit_that_does_not_exist_cannot_speak() {
    let house = House::new().await;
    let pool = house.database.service(Service::Publisher);
    let error = sqlx::query("select newsroom.publish($1, $1, $1, 'vi', 't', 'b', '[]', now(), null)")
        .bind(Uuid::from_u128(404))
        .execute(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().unwrap(), "23503");
}

#[tokio::test]
async fn nobody_but_the_publisher_publishes_and_the_room_itself_only_reads() {
    let house = House::new().await;
    for service in [Service::Newsroom, Service::Calendar, Service::Identity] {
        let pool = house.database.service(service);
        for statement in [
            "select newsroom.publish(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'vi', 't', 'b', '[]', now(), null)",
            "select newsroom.withdraw(gen_random_uuid(), 'r')",
            "update newsroom.releases set body = 'x'",
            "delete from newsroom.releases",
            "insert into newsroom.release_images values (gen_random_uuid(), 0, repeat('a', 64), 'image/png', 1, 1, '')",
        ] {
            let error = sqlx::query(statement).execute(&pool).await.unwrap_err();
            assert_eq!(
                error.as_database_error().unwrap().code().unwrap(),
                "42501",
                "{service}: {statement}"
            );
        }
    }
    let publisher = house.database.service(Service::Publisher);
    assert!(
        sqlx::query("select body from newsroom.releases")
            .execute(&publisher)
            .await
            .is_err()
    );
    let row = sqlx::query("select count(*) from newsroom.releases")
        .fetch_one(&house.database.service(Service::Newsroom))
        .await
        .unwrap();
    assert_eq!(row.get::<i64, _>(0), 0);
}
