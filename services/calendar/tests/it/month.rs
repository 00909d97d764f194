//! A month of the board as PDF, as other programs read it.

use std::process::Command;

use chancery_calendar::model::{ClockChoice, Draft};
use chancery_web::Language;
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;

use crate::pages::Site;
use crate::rig::{Rig, wall};

/// What one of poppler's programs says of a PDF.
fn said(program: &str, pdf: &[u8], options: &[&str], output: Option<&str>) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let out = Command::new(program)
        .args(options)
        .arg(file.path())
        .args(output)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

async fn pdf(site: &Site, path: &str) -> Vec<u8> {
    let response = site.response(Method::GET, path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(response.headers()["content-type"], "application/pdf");
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

#[tokio::test]
async fn a_month_is_read_aloud_in_order_with_both_clocks_and_the_filters_of_the_board() {
    let rig = Rig::new().await;
    rig.written(rig.complete()).await;
    rig.written(Draft {
        title: "Tuần phim ở Luông Pha-băng".into(),
        wall: Some(wall("2026-09-20T18:30:00")),
        kind: chancery_calendar::model::Kind::News,
        ..rig.complete()
    })
    .await;
    rig.written(Draft {
        title: "Tháng sau".into(),
        wall: Some(wall("2026-10-05T18:30:00")),
        ..rig.complete()
    })
    .await;
    let site = Site::of(&rig, &rig.lan, Language::Vi);
    let month = pdf(&site, "/calendar/month.pdf?date=2026-09-10").await;
    assert!(said("pdfinfo", &month, &[], None).contains("Tagged:          yes"));
    let read = said("pdfinfo", &month, &["-struct-text"], None);
    let at = |words: &str| read.find(words).unwrap_or_else(|| panic!("{words} in {read}"));
    let order = [
        "H1",
        "09:00",
        "Chúc mừng Quốc khánh",
        "18:30",
        "Tuần phim ở Luông Pha-băng",
    ];
    assert!(order.map(at).is_sorted(), "{read}");
    assert!(!read.contains("Tháng sau"), "{read}");

    let only = pdf(&site, "/api/v1/calendar/month.pdf?date=2026-09-10&kind=news").await;
    let text = said("pdftotext", &only, &["-layout"], Some("-"));
    assert!(
        text.contains("Tuần phim") && !text.contains("Chúc mừng"),
        "{text}"
    );
}

#[tokio::test]
async fn another_clock_shows_another_day_and_foreign_items_stay_away() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.title = "Au revoir".into();
    draft.wall = Some(wall("2026-09-02T21:00:00"));
    draft.clock = ClockChoice::Host;
    draft.variants = vec![rig.variant(rig.paris_room, "vi", None)];
    let paul = chancery_calendar::Actor::new(&rig.paul);
    let kind = chancery_calendar::model::Kind::News;
    let id = rig.calendar.create(paul, rig.paris, kind, "vi").await.unwrap();
    rig.save(&rig.paul, id, draft).await.unwrap();
    let site = Site::of(&rig, &rig.paul, Language::En);
    let month = pdf(&site, "/calendar/month.pdf?date=2026-09-10").await;
    let text = said("pdftotext", &month, &["-layout"], Some("-"));
    assert!(
        text.contains("21:00") && text.contains("02:00, 3 September 2026"),
        "{text}"
    );
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let month = pdf(&lan, "/calendar/month.pdf?date=2026-09-10").await;
    let text = said("pdftotext", &month, &["-layout"], Some("-"));
    assert!(!text.contains("Au revoir"), "{text}");
}

#[tokio::test]
async fn a_month_that_is_too_full_says_how_many_it_leaves_out() {
    let rig = Rig::new().await;
    sqlx::query(
        "insert into calendar.items (id, unit_id, kind, language, title, wall, zone, publish_at, created_by, created_at,
             updated_by, updated_at)
         select gen_random_uuid(), $1, 'news', 'vi', 'Tin ' || n, timestamp '2026-09-01 08:00' + n * interval '70 minutes',
             'Asia/Vientiane', timestamptz '2026-09-01 01:00Z' + n * interval '70 minutes', $2, now(), $2, now()
         from generate_series(1, 560) n",
    )
    .bind(rig.mission.0)
    .bind(rig.lan.person.0)
    .execute(rig.db.owner())
    .await
    .unwrap();
    let site = Site::of(&rig, &rig.lan, Language::En);
    let month = pdf(&site, "/calendar/month.pdf?date=2026-09-10").await;
    let text = said("pdftotext", &month, &["-layout"], Some("-"));
    assert!(text.contains("500 items are shown, 60 are left out"), "{text}");
}
