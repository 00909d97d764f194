//! Somebody's day: what goes out today on both clocks, and what they are asked.

use chancery_calendar::Actor;
use chancery_calendar::model::Draft;
use chancery_web::Language;
use serde_json::Value;

use crate::pages::Site;
use crate::rig::{Rig, wall};

async fn headlines(site: &Site) -> Vec<String> {
    let rows: Value = serde_json::from_str(&site.get("/api/v1/today").await.body).unwrap();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Approved by the ambassador, at this time of Vientiane's wall.
async fn ordered(rig: &Rig, title: &str, at: &str) {
    let title = title.to_owned();
    let wall = Some(wall(at));
    rig.approved(Draft {
        title,
        wall,
        ..rig.complete()
    })
    .await;
}

#[tokio::test]
async fn today_is_what_goes_out_on_the_missions_day_or_on_headquarters() {
    let rig = Rig::new().await;
    // It is 21:55 on 1 September in Vientiane and in Hanoi.
    ordered(&rig, "Tối nay", "2026-09-01T23:30:00").await;
    ordered(&rig, "Sáng mai", "2026-09-02T09:00:00").await;
    rig.written(rig.complete()).await;
    let site = Site::of(&rig, &rig.lan, Language::Vi);
    assert_eq!(headlines(&site).await, ["Tối nay"]);
    let part = site.get("/items/fragments/today").await.body;
    assert!(part.contains("Tối nay") && !part.contains("Sáng mai"), "{part}");
    // Nobody sees another mission's day.
    assert!(
        headlines(&Site::of(&rig, &rig.paul, Language::Vi))
            .await
            .is_empty()
    );
    // When nothing is left of a day, what comes next stands below.
    rig.clock.set("2026-09-01T16:45:00Z".parse().unwrap());
    let part = site.get("/items/fragments/today").await.body;
    assert!(
        part.contains("Tối nay") && part.contains("Sáng mai") && part.contains("Tiếp theo"),
        "{part}"
    );
}

#[tokio::test]
async fn changes_wanted_and_threads_that_name_somebody_wait_for_their_answer() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let seen = rig.hash(id).await;
    rig.calendar
        .ask_for_changes(Actor::new(&rig.ambassador), id, seen, "Ngắn hơn.")
        .await
        .unwrap();
    let other = rig.written(rig.complete()).await;
    rig.calendar
        .comment(Actor::new(&rig.minh), other, "@Lan xem giúp đoạn đầu.")
        .await
        .unwrap();
    let asked = async |who| {
        let body = Site::of(&rig, who, Language::En)
            .get("/api/v1/today/asked")
            .await
            .body;
        let asked: Value = serde_json::from_str(&body).unwrap();
        let asked = asked.as_array().unwrap().iter();
        let mut reasons: Vec<String> = asked
            .map(|one| one["reason"].as_str().unwrap().to_owned())
            .collect();
        reasons.sort();
        reasons
    };
    assert_eq!(asked(&rig.lan).await, ["changes", "named"]);
    assert!(asked(&rig.minh).await.is_empty(), "who said it is not asked");
    let part = Site::of(&rig, &rig.lan, Language::En)
        .get("/items/fragments/asked")
        .await
        .body;
    assert!(part.contains("Ngắn hơn.") && part.contains("xem giúp"), "{part}");
    let thread: uuid::Uuid = sqlx::query_scalar("select thread_id from calendar.remarks where item_id = $1")
        .bind(other.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    rig.clock.advance(std::time::Duration::from_mins(1));
    rig.calendar
        .remark(Actor::new(&rig.lan), other, Some(thread), "Đã sửa.")
        .await
        .unwrap();
    assert_eq!(asked(&rig.lan).await, ["changes"], "answered");
    rig.submit(&rig.lan, id).await.unwrap();
    assert!(asked(&rig.lan).await.is_empty());
}
