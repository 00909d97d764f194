//! Plans that are kept elsewhere: what is understood, what is refused and in which words.

use std::io::Write as _;

use chancery_calendar::import::{Unreadable, fold};
use chancery_calendar::workflow::known_words;
use chancery_calendar::{Actor, CalendarError};
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::pages::Site;
use crate::rig::Rig;

async fn read(rig: &Rig, file: &[u8]) -> Result<chancery_calendar::store::imports::Import, CalendarError> {
    let known = known_words(|key| match key {
        "item-kind-press_release" => vec!["Thông cáo báo chí".into(), "Press release".into()],
        _ => vec![],
    });
    rig.calendar
        .read_in(Actor::new(&rig.lan), rig.mission, "plan", file, known)
        .await
}

async fn drafts(rig: &Rig) -> i64 {
    sqlx::query_scalar("select count(*) from calendar.items")
        .fetch_one(rig.db.owner())
        .await
        .unwrap()
}

#[tokio::test]
async fn two_thousand_rows_with_37_bad_ones_make_1963_drafts() {
    let rig = Rig::new().await;
    let mut lines = vec!["Tiêu đề;Nội dung;Ngày;Giờ;Thể loại".to_owned()];
    for row in 0..2_000 {
        let (title, day) = match row {
            100..120 => (String::new(), "5/9/2026"),
            700..710 => (format!("Tin {row}"), "31/2/2026"),
            1990..1997 => (format!("Tin {row}"), "1/1/2020"),
            _ => (format!("Tin {row}"), "5/9/2026"),
        };
        lines.push(format!("{title};Nội dung {row};{day};8h30;Thông cáo báo chí"));
    }
    let file = lines.join("\n");
    let import = read(&rig, file.as_bytes()).await.unwrap();
    assert_eq!(import.rows.len(), 2_000);
    let bad: Vec<_> = import.rows.iter().filter(|row| !row.faults.is_empty()).collect();
    assert_eq!(bad.len(), 37);
    assert_eq!(
        (bad[0].line, bad[0].faults[0].key.as_str()),
        (102, "import-title-missing")
    );
    assert_eq!(bad[20].faults[0].key, "campaigns-day-unreadable");
    assert_eq!(bad[30].faults[0].key, "board-move-past");
    // Nothing is made before somebody says yes, and then once.
    assert_eq!(drafts(&rig).await, 0);
    assert!(
        rig.calendar
            .take_in(Actor::new(&rig.minh), import.id)
            .await
            .is_err()
    );
    assert_eq!(
        rig.calendar
            .take_in(Actor::new(&rig.lan), import.id)
            .await
            .unwrap(),
        1_963
    );
    assert_eq!(drafts(&rig).await, 1_963);
    assert!(
        rig.calendar
            .take_in(Actor::new(&rig.lan), import.id)
            .await
            .is_err()
    );
    let first: Uuid = sqlx::query_scalar("select id from calendar.items where title = 'Tin 0'")
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    let item = rig.item(first.into()).await;
    assert_eq!(item.draft.kind.as_str(), "press_release");
    assert_eq!(
        item.appointment.unwrap().instant().to_rfc3339(),
        "2026-09-05T01:30:00+00:00"
    );
    // It is an ordinary draft: who took it in is its writer, and may submit it.
    assert!(
        rig.submit(&rig.lan, first.into()).await.is_err(),
        "it is not public yet"
    );
    let approver = rig
        .calendar
        .open(
            &mut rig.calendar.pool.acquire().await.unwrap(),
            Actor::new(&rig.ambassador),
            first.into(),
        )
        .await;
    assert!(approver.is_ok());
}

/// A workbook of one sheet with these rows of XML.
fn workbook(rows: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut put = |name: &str, text: &str| {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    };
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    put(
        "[Content_Types].xml",
        &format!(
            r#"{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#
        ),
    );
    put(
        "_rels/.rels",
        &format!(
            r#"{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    put(
        "xl/workbook.xml",
        &format!(
            r#"{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
    );
    put(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#
        ),
    );
    put(
        "xl/styles.xml",
        &format!(
            r#"{head}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#
        ),
    );
    put(
        "xl/worksheets/sheet1.xml",
        &format!(
            r#"{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        ),
    );
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_workbook_is_read_and_its_formulas_are_not_computed() {
    let rig = Rig::new().await;
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    // 46270.375 is 09:00 on 5 September 2026.
    let rows = format!(
        r#"<row r="1">{}{}</row><row r="3">{}<c r="B3" s="1"><v>46270.375</v></c><c r="XFD3"><v>1</v></c></row><row r="4"><c r="A4" t="str"><f>CMD()</f><v>kept</v></c></row>"#,
        text("A1", "Headline"),
        text("B1", "When"),
        text("A3", "Khai mạc")
    );
    let import = read(&rig, &workbook(&rows)).await.unwrap();
    let read: Vec<_> = import
        .rows
        .iter()
        .map(|row| (row.line, row.headline.as_str(), row.wall.map(|at| at.to_string())))
        .collect();
    assert_eq!(
        read,
        [
            (3, "Khai mạc", Some("2026-09-05 09:00:00".to_owned())),
            (4, "kept", None)
        ]
    );
}

#[tokio::test]
async fn a_calendar_of_another_programme_is_read_on_the_missions_wall() {
    let rig = Rig::new().await;
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Họp báo\r\nDTSTART:20260905T020000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Triển lãm\r\nDTSTART;TZID=Europe/Paris:20260905T090000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:3\r\nDTSTART;VALUE=DATE:20260906\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let import = read(&rig, file.as_bytes()).await.unwrap();
    let at = |row: usize| import.rows[row].wall.unwrap().to_string();
    assert_eq!(
        (at(0), at(1)),
        ("2026-09-05 09:00:00".into(), "2026-09-05 14:00:00".into())
    );
    assert_eq!(import.rows[2].faults[0].key, "import-title-missing");
}

#[tokio::test]
async fn files_that_cannot_be_read_say_why() {
    let rig = Rig::new().await;
    let refused = async |file: &[u8]| match read(&rig, file).await {
        Err(CalendarError::Unreadable(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(b"").await, Unreadable::Empty);
    assert_eq!(refused(b"Title,Date\n").await, Unreadable::Empty);
    assert_eq!(refused(b"a,b\nc,d\n").await, Unreadable::NoTitle);
    assert_eq!(refused(b"\xff\xfe\x00T").await, Unreadable::NotRead);
    assert_eq!(refused(b"PK\x03\x04 is no archive").await, Unreadable::NotRead);
    let many = format!("Title\n{}", "x\n".repeat(5_001));
    assert_eq!(refused(many.as_bytes()).await, Unreadable::TooManyRows);
    assert_eq!(
        refused(&vec![b'a'; 4 * 1024 * 1024 + 1]).await,
        Unreadable::TooLarge
    );
    // A small file that unfolds to a large one.
    let bomb = workbook(&" ".repeat(65 * 1024 * 1024));
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(refused(&bomb).await, Unreadable::TooLarge);
    assert_eq!(fold(" Đợt  TRUYỀN thông"), "dot truyen thong");
}

#[tokio::test]
async fn the_page_shows_what_was_understood() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let file = "Headline,When\n<b>Bold</b>,2026-09-05 08:30\n,2026-09-05 08:30\n";
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"unit\"\r\n\r\n{}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--x--\r\n",
        rig.mission
    );
    let sent = site
        .ask(
            Method::POST,
            "/calendar/import",
            "multipart/form-data; boundary=x",
            body,
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = site.get(&sent.location).await;
    assert!(
        page.body.contains("&lt;b&gt;Bold&lt;/b&gt;") && page.body.contains("The headline is missing."),
        "{}",
        page.body
    );
    assert!(page.body.contains("08:30"));
    let other = Site::of(&rig, &rig.minh, Language::En).get(&sent.location).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    site.post(&format!("{}/take", sent.location), &[]).await;
    assert_eq!(drafts(&rig).await, 1);
    let template = site.get("/calendar/import/template").await;
    assert!(template.body.contains("Headline,Text,Date"), "{}", template.body);
    let api = site
        .ask(
            Method::POST,
            &format!("/api/v1/calendar/imports?unit={}", rig.paris),
            "application/octet-stream",
            file,
        )
        .await;
    assert_eq!(api.status, StatusCode::FORBIDDEN);
    let api = site
        .ask(
            Method::POST,
            &format!("/api/v1/calendar/imports?unit={}", rig.mission),
            "application/octet-stream",
            file,
        )
        .await;
    assert_eq!(api.status, StatusCode::CREATED, "{}", api.body);
    let read: Value = serde_json::from_str(&api.body).unwrap();
    assert_eq!(read["rows"].as_array().unwrap().len(), 2);
}
