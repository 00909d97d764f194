//! The log of what was done off-line or elsewhere.

use chancery_calendar::model::activity::Activity;
use chancery_calendar::{Actor, CalendarError};
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::json;

use crate::pages::Site;
use crate::rig::Rig;

fn interview() -> Activity {
    serde_json::from_value(json!({
        "kind": "interview", "title": "=Phỏng vấn Đại sứ", "starts_on": "2026-08-30", "audience": "press", "language": "lo",
        "partner": "Báo Pasaxon", "link": "https://example.test/1", "reach": 12000,
    }))
    .unwrap()
}

#[tokio::test]
async fn a_mission_logs_for_itself_and_two_who_change_at_once_find_out() {
    let rig = Rig::new().await;
    let lan = Actor::new(&rig.lan);
    let id = rig
        .calendar
        .log_activity(lan, rig.mission, interview())
        .await
        .unwrap();
    let foreign = rig
        .calendar
        .log_activity(Actor::new(&rig.paul), rig.mission, interview())
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
    let foreign = rig
        .calendar
        .change_activity(Actor::new(&rig.paul), id, 1, interview())
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
    let nobody = Activity {
        audience: "nobody".into(),
        ..interview()
    };
    let refused = rig.calendar.change_activity(lan, id, 1, nobody).await;
    assert!(matches!(
        refused,
        Err(CalendarError::Field {
            field: "audience",
            ..
        })
    ));
    rig.calendar
        .change_activity(
            lan,
            id,
            1,
            Activity {
                pieces: Some(2),
                ..interview()
            },
        )
        .await
        .unwrap();
    let stale = rig
        .calendar
        .change_activity(Actor::new(&rig.minh), id, 1, interview())
        .await;
    assert!(matches!(stale, Err(CalendarError::Stale)));
}

#[tokio::test]
async fn the_form_loses_nothing_and_the_list_filters_and_is_taken_away() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let unit = rig.mission.to_string();
    let form = [
        ("unit", unit.as_str()),
        ("version", "0"),
        ("kind", "exhibition"),
        ("title", "Triển lãm sách"),
        ("summary", "Khai mạc <tại> Thư viện"),
        ("starts_on", "2026-08-20"),
        ("audience", "host_public"),
        ("language", "vi"),
        ("present", "nhiều"),
        ("do", "done"),
    ];
    let refused = site.post("/log", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Khai mạc &lt;tại&gt;") && refused.body.contains("Enter a whole number"),
        "{}",
        refused.body
    );
    let mut right = form;
    right[8].1 = "250";
    assert_eq!(site.post("/log", &right).await.location, "/log");
    rig.calendar
        .log_activity(Actor::new(&rig.lan), rig.mission, interview())
        .await
        .unwrap();
    let list = site.get("/log?kind=exhibition").await;
    assert!(
        list.body.contains("Triển lãm sách")
            && list.body.contains("250 present")
            && !list.body.contains("Pasaxon"),
        "{}",
        list.body
    );
    let dated = site.get("/log?from=2026-08-25&to=2026-08-31").await;
    assert!(
        dated.body.contains("Pasaxon") && !dated.body.contains("Triển lãm sách"),
        "{}",
        dated.body
    );
    let csv = site.get("/log.csv").await;
    assert!(
        csv.body.contains("'=Phỏng vấn Đại sứ") && csv.body.contains("12000"),
        "{}",
        csv.body
    );
    assert!(
        !Site::of(&rig, &rig.paul, Language::En)
            .get("/log")
            .await
            .body
            .contains("Pasaxon"),
        "another mission's log"
    );
}

#[tokio::test]
async fn pages_and_programs_answer_in_both_languages() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let body = json!({ "unit": rig.mission, "activity": interview() });
    let made = site.json(Method::POST, "/api/v1/activities", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = serde_json::from_str::<serde_json::Value>(&made.body).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for language in [Language::Vi, Language::En] {
        let site = Site::of(&rig, &rig.lan, language);
        for path in [
            "/log".to_owned(),
            "/log/new".into(),
            format!("/log/{id}"),
            "/log.csv".into(),
            "/api/v1/activities".into(),
        ] {
            let page = site.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
            let mut shown = page.body.split('>').filter_map(|part| part.split('<').next());
            assert!(
                shown.all(|text| !text.trim_start().starts_with("log-")),
                "a raw key in {path}"
            );
        }
    }
}
