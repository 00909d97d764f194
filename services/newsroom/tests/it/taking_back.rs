//! What the public sees of what was taken back.

use chancery_contracts::Service;
use serde_json::Value;
use uuid::Uuid;

use crate::{Draft, House, draft};

impl House {
    async fn withdraw_because(&self, delivery: Uuid, cause: &str, note: &str) -> bool {
        sqlx::query_scalar("select newsroom.withdraw($1, $2, $3, $4)")
            .bind(delivery)
            .bind(cause)
            .bind(note)
            .bind(
                "2026-09-02T02:30:00Z"
                    .parse::<chrono::DateTime<chrono::Utc>>()
                    .unwrap(),
            )
            .fetch_one(&self.database.service(Service::Publisher))
            .await
            .unwrap()
    }

    /// Corrects as the publisher does; gives the address.
    async fn revise(&self, release: &Draft<'_>, correction: u128, note: &str) -> String {
        sqlx::query_scalar("select newsroom.revise($1, $2, $3, $4, $5, $6, $7)")
            .bind(release.delivery)
            .bind(Uuid::from_u128(correction))
            .bind(release.title)
            .bind(release.body)
            .bind(&release.images)
            .bind(note)
            .bind(release.at.parse::<chrono::DateTime<chrono::Utc>>().unwrap())
            .fetch_one(&self.database.service(Service::Publisher))
            .await
            .unwrap()
    }

    async fn corrections(&self) -> i64 {
        sqlx::query_scalar("select count(*) from newsroom.corrections")
            .fetch_one(self.database.owner())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn each_reason_has_its_sentence_and_the_note_stands_beside_it() {
    let house = House::new().await;
    let reasons = [
        ("published_in_error", "đăng do sơ suất"),
        ("superseded", "thông cáo mới thay thế"),
        ("rights_ended", "hết quyền sử dụng"),
        ("sensitive", "không còn được công bố"),
        ("wrong_facts", "thông tin chưa chính xác"),
        ("other", "đã gỡ nội dung này"),
    ];
    for (number, (reason, sentence)) in (1..).zip(reasons) {
        let release = draft(number, "Tiêu đề rất riêng");
        let path = house.publish(&release).await;
        assert!(
            house
                .withdraw_because(release.delivery, reason, "Xin xem <b>thông cáo</b> ngày mai.")
                .await
        );
        let page = house.get(&path).await;
        assert_eq!(
            (page.status.as_u16(), page.header("x-robots-tag")),
            (410, "noindex")
        );
        let text = page.text();
        assert!(text.contains(sentence), "{reason}: {text}");
        assert!(
            text.contains("Xin xem &lt;b&gt;thông cáo&lt;/b&gt; ngày mai."),
            "{reason}"
        );
        assert!(text.contains("name=\"robots\" content=\"noindex\""));
        assert!(!text.contains("Đoạn thứ nhất"));
        assert_eq!(
            text.contains("Tiêu đề rất riêng"),
            reason != "sensitive",
            "{reason}"
        );
        let api = house.get(&format!("/api/v1/releases/{}", release.delivery)).await;
        let json: Value = serde_json::from_str(api.text()).unwrap();
        assert_eq!(
            (api.status.as_u16(), &json["withdrawn_cause"]),
            (410, &reason.into())
        );
        assert_eq!(json["title"].as_str() == Some(""), reason == "sensitive");
        assert!(!house.withdraw_because(release.delivery, "other", "again").await);
    }
    let room = house.get("/press/vientiane/vi").await;
    let feed = house.get("/press/vientiane/vi/atom.xml").await;
    let map = house.get("/press/vientiane/sitemap.xml").await;
    for list in [&room, &feed, &map] {
        assert!(!list.text().contains("tieu-de-rat-rieng"));
    }
    assert_eq!(feed.text().matches("<at:deleted-entry").count(), 6);
}

#[tokio::test]
async fn a_correction_stands_above_the_new_text_on_both_clocks() {
    let house = House::new().await;
    let release = Draft {
        unit: Uuid::from_u128(3),
        ..draft(1, "Lễ kỷ niệm")
    };
    let path = house.publish(&release).await;
    let before = house.get(&path).await;
    assert!(!before.text().contains("class=\"correction\""));
    let corrected = Draft {
        title: "Lễ kỷ niệm 2/9",
        body: "Lễ bắt đầu lúc 18 giờ.",
        at: "2026-09-02T05:00:00Z",
        ..release.clone()
    };
    let note = "Giờ bắt đầu là 18 giờ, <i>không phải</i> 19 giờ.";
    assert_eq!(house.revise(&corrected, 77, note).await, path);
    assert_eq!(house.revise(&corrected, 77, note).await, path);
    assert_eq!(house.corrections().await, 1, "the same correction twice is one");
    let page = house.get(&path).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    // 05:00 UTC is 08:00 in Cairo and 12:00 at headquarters.
    assert!(
        text.contains("08:00") && text.contains("12:00 ngày 2.9 giờ thủ đô"),
        "{text}"
    );
    assert!(text.contains("Giờ bắt đầu là 18 giờ, &lt;i&gt;không phải&lt;/i&gt; 19 giờ."));
    assert!(text.contains("Lễ bắt đầu lúc 18 giờ.") && !text.contains("Đoạn thứ nhất"));
    assert!(
        text.contains("\"dateModified\":\"2026-09-02T08:00:00+03:00\""),
        "{text}"
    );
    assert!(text.contains("\"correction\":["));
    let feed = house.get("/press/cairo/vi/atom.xml").await;
    assert!(
        feed.text()
            .contains("<updated>2026-09-02T08:00:00+03:00</updated>")
    );
    assert!(feed.text().contains("18 giờ, &lt;i&gt;"));
    let api = house.get(&format!("/api/v1/releases/{}", release.delivery)).await;
    let json: Value = serde_json::from_str(api.text()).unwrap();
    assert_eq!(json["corrections"][0]["note"], note);
    assert!(
        !api.text().contains("Đoạn thứ nhất"),
        "what it said before is not published"
    );
}

#[tokio::test]
async fn a_correction_that_comes_late_does_not_bring_back_what_was_withdrawn() {
    let house = House::new().await;
    let release = draft(1, "Sai sót");
    let path = house.publish(&release).await;
    assert!(
        house
            .withdraw_because(release.delivery, "wrong_facts", "Sai ngày")
            .await
    );
    assert_eq!(house.revise(&release, 78, "Đúng ngày").await, path);
    assert_eq!(
        (house.get(&path).await.status.as_u16(), house.corrections().await),
        (410, 0)
    );
    // And one that came before goes with the text.
    let release = draft(2, "Sai sót nữa");
    let path = house.publish(&release).await;
    house.revise(&release, 79, "Một lời đính chính").await;
    house.withdraw_because(release.delivery, "sensitive", "").await;
    assert!(!house.get(&path).await.text().contains("Một lời đính chính"));
}

#[tokio::test]
async fn nobody_but_the_publisher_takes_back() {
    let house = House::new().await;
    for service in [Service::Newsroom, Service::Calendar, Service::Identity] {
        let pool = house.database.service(service);
        for statement in [
            "select newsroom.withdraw(gen_random_uuid(), 'other', 'n', now())",
            "select newsroom.revise(gen_random_uuid(), gen_random_uuid(), 't', 'b', '[]', 'n', now())",
            "delete from newsroom.corrections",
        ] {
            let error = sqlx::query(statement).execute(&pool).await.unwrap_err();
            assert_eq!(
                error.as_database_error().unwrap().code().unwrap(),
                "42501",
                "{service}: {statement}"
            );
        }
    }
}
