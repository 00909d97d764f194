//! What people outside take by a link, and colleagues as a whole.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use axum::body::Body;
use chancery_assets::Actor;
use chancery_assets::library::NewShare;
use chancery_clock::Clock as _;
use chancery_contracts::ids::CollectionId;
use chrono::TimeDelta;
use http::{Request, StatusCode, header};

use crate::pages::{Answer, Site};
use crate::rig::Rig;

async fn outside(site: &Site, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path)
        .header(header::COOKIE, cookie)
        .body(Body::empty())
        .unwrap();
    site.send(None, request).await
}

async fn link(site: &Site, collection: CollectionId, password: Option<&str>, most: Option<i32>) -> String {
    let share = NewShare {
        ends_at: site.rig.clock.now() + TimeDelta::days(1),
        password: password.map(str::to_owned),
        max_downloads: most,
    };
    let lan = Actor::new(&site.rig.lan);
    let (_, token) = site.rig.library.share(lan, collection, share).await.unwrap();
    format!("/shared/{token}")
}

/// Every file's name in a zip, and the text beside them.
fn opened(answer: &Answer) -> (Vec<String>, String) {
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.bytes)).unwrap();
    let mut names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let notes = names.pop().unwrap();
    let mut text = String::new();
    archive
        .by_name(&notes)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    (names, text)
}

#[tokio::test]
async fn a_link_gives_everything_at_once_and_says_what_it_left_out() {
    let site = Site::new().await;
    let rig = &site.rig;
    let mut open = Rig::details("Chùa Một Cột");
    open.rights.licence_note = "Không dùng cho quảng cáo".into();
    open.rights.ends = Some("2026-12-31T00:00:00".parse().unwrap());
    let open = site.published("chua.jpg", open).await;
    let mut inside = Rig::details("Kín");
    inside.rights.internal_only = true;
    let inside = site.published("kin.jpg", inside).await;
    let mut later = Rig::details("Chưa công bố");
    later.rights.embargo = Some("2026-09-05T00:00:00".parse().unwrap());
    let later = site.published("sau.jpg", later).await;
    let collection = site.collection(&[open, inside]).await;
    rig.library
        .collect(Actor::new(&rig.steward), collection, &[later])
        .await
        .unwrap();
    let link = link(&site, collection, None, None).await;

    let page = outside(&site, &link, "").await;
    assert!(page.text().contains(&format!("{link}/zip")) && page.text().contains("Tải tất cả"));
    let zip = outside(&site, &format!("{link}/zip"), "").await;
    assert_eq!(zip.status, 200);
    assert_eq!(zip.headers[header::CACHE_CONTROL], "private, no-store");
    let (names, notes) = opened(&zip);
    assert_eq!(names, ["chua.jpg"]);
    for line in [
        "Quốc khánh\n",
        "chua.jpg\nGhi công: VNA\nQuyền sử dụng: Thuộc sở hữu Nhà nước\nKhông dùng cho quảng cáo\n",
        "Được sử dụng đến 00:00, 31/12/2026\n",
        "– 1 tư liệu. Tư liệu này chỉ dùng trong nội bộ.\n",
        "– 1 tư liệu. Tư liệu này chưa đến thời điểm được công bố.\n",
    ] {
        assert!(notes.contains(line), "{line:?} in {notes}");
    }
    assert!(
        !notes.contains("Kín") && !notes.contains("Chưa công bố"),
        "{notes}"
    );

    // Colleagues know by name what they see in the house.
    let path = format!("/collections/{collection}/zip?channel=press_room");
    let (names, notes) = opened(&site.get(&rig.lan, &path).await);
    assert_eq!(names, ["chua.jpg"]);
    assert!(
        notes.contains("– Kín: Tư liệu này chỉ dùng trong nội bộ.\n"),
        "{notes}"
    );
    assert!(!notes.contains("Chưa công bố"), "{notes}");
    let in_house = site
        .get(&rig.lan, &format!("/collections/{collection}/zip"))
        .await;
    assert_eq!(opened(&in_house).0, ["chua.jpg", "kin.jpg"]);

    let taken: Vec<(bool, bool)> = sqlx::query_as(
        "select share_id is not null, person_id is not null from assets.downloads where asset_id = $1 order by seq",
    )
    .bind(open.0)
    .fetch_all(rig.db.owner())
    .await
    .unwrap();
    assert_eq!(taken, [(true, false), (false, true), (false, true)]);

    let steward = Actor::new(&rig.steward);
    rig.library.withdraw(steward, open, "Sai").await.unwrap();
    assert!(!outside(&site, &link, "").await.text().contains("Chùa Một Cột"));
    let nothing = outside(&site, &format!("{link}/zip"), "").await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn everything_at_once_is_one_download_of_those_that_are_left() {
    let site = Site::new().await;
    let assets = [
        site.published("a.jpg", Rig::details("Một")).await,
        site.published("b.jpg", Rig::details("Hai")).await,
    ];
    let collection = site.collection(&assets).await;
    let link = link(&site, collection, Some("mat khau dai"), Some(2)).await;
    let zip = format!("{link}/zip");
    assert_eq!(outside(&site, &zip, "").await.status, 404);
    assert_eq!(outside(&site, &zip, "share=x").await.status, 404);
    let right = site.post(None, &link, "password=mat+khau+dai").await;
    let cookie = right.headers[header::SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();

    let one = format!("{link}/{}/download", assets[0]);
    assert_eq!(outside(&site, &one, &cookie).await.status, 200);
    let (first, second, third) = tokio::join!(
        outside(&site, &zip, &cookie),
        outside(&site, &zip, &cookie),
        outside(&site, &one, &cookie)
    );
    let mut statuses = [
        first.status.as_u16(),
        second.status.as_u16(),
        third.status.as_u16(),
    ];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410, 410], "one was left");
    let page = outside(&site, &link, &cookie).await;
    assert!(page.text().contains("Liên kết đã hết lượt tải") && !page.text().contains("/zip"));

    site.rig.clock.advance(Duration::from_hours(24));
    for path in [&link, &zip, &one] {
        let over = outside(&site, path, &cookie).await;
        assert_eq!(over.status, StatusCode::GONE);
        assert!(
            over.text().contains("Liên kết này đã hết hiệu lực"),
            "{}",
            over.text()
        );
    }
}

#[tokio::test]
async fn who_only_asks_what_there_is_behind_a_link_takes_nothing() {
    let site = Site::new().await;
    let asset = site.published("a.jpg", Rig::details("Một")).await;
    let collection = site.collection(&[asset]).await;
    let link = link(&site, collection, None, Some(1)).await;
    let (one, zip) = (format!("{link}/{asset}/download"), format!("{link}/zip"));
    let head = async |path: &str| {
        let request = Request::head(path).body(Body::empty()).unwrap();
        site.send(None, request).await.status.as_u16()
    };
    // As a messenger's preview and a virus scanner ask before a person does.
    for _ in 0..3 {
        assert_eq!((head(&one).await, head(&zip).await), (200, 200));
    }
    let counted = "select count(*) from assets.downloads";
    assert_eq!(site.count(counted).await, 0);
    assert_eq!(outside(&site, &one, "").await.status, 200);
    assert_eq!(site.count(counted).await, 1);
    assert_eq!((head(&one).await, head(&zip).await), (410, 410));
}

#[tokio::test]
async fn a_film_behind_a_link_is_watched_for_as_long_as_it_may_be_taken() {
    let site = Site::new().await;
    let rig = &site.rig;
    let film = site.film(Rig::details("Phim")).await;
    let collection = site.collection(&[film]).await;
    let link = link(&site, collection, None, Some(1)).await;
    let play = format!("{link}/{film}/play");
    // Nothing plays yet: a picture stands in its place.
    let page = outside(&site, &link, "").await;
    assert!(
        page.text().contains(&format!("{link}/{film}/preview")) && !page.text().contains("<video"),
        "{}",
        page.text()
    );
    assert_eq!(outside(&site, &play, "").await.status, 404);
    site.work().await;
    let page = outside(&site, &link, "").await;
    assert!(
        page.text().contains("<video") && page.text().contains(&format!("{link}/{film}/captions/vi")),
        "{}",
        page.text()
    );
    let played = outside(&site, &play, "").await;
    assert_eq!(
        (played.status.as_u16(), &played.headers[header::CONTENT_TYPE]),
        (200, &"video/mp4".parse().unwrap())
    );
    let captions = outside(&site, &format!("{link}/{film}/captions/vi"), "").await;
    assert!(captions.text().starts_with("WEBVTT"), "{}", captions.text());
    let counted = "select count(*) from assets.downloads";
    assert_eq!(site.count(counted).await, 0, "watching is no download");

    let one = format!("{link}/{film}/download");
    assert_eq!(outside(&site, &one, "").await.status, 200);
    assert_eq!(outside(&site, &play, "").await.status, 410);
    let steward = Actor::new(&rig.steward);
    rig.library.withdraw(steward, film, "Sai").await.unwrap();
    for path in [&play, &format!("{link}/{film}/captions/vi")] {
        assert_eq!(outside(&site, path, "").await.status, 404);
    }
}
