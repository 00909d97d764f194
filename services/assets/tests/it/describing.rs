//! What stewards and contributors say of assets, and find again by what is still missing.

use std::process::Command;

use chancery_access::Principal;
use chancery_assets::Actor;
use chancery_assets::model::Text;
use chancery_assets::store::search::{self, Eyes, Filter, Found};
use chancery_clock::Clock as _;
use chancery_contracts::calendar::{AssetsChosen, UseStage};
use chancery_contracts::ids::{AssetId, ItemId};
use http::{Method, StatusCode};
use uuid::Uuid;

use crate::rig::{Rig, picture};
use crate::uploads::{self, Answer, Site, ask};

pub async fn post(rig: &Rig, who: &Principal, path: &str, form: &[(&str, &str)]) -> Answer {
    let router = Site::router_for(rig, who);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    ask(&router, Method::POST, path, &headers, body).await
}

/// As the steward of the whole library finds.
async fn find(rig: &Rig, filter: Filter) -> Found {
    let eyes = Eyes {
        keeps: vec![rig.agency.0],
        unit: rig.agency,
        country: Some("VN".into()),
        now: rig.clock.now(),
        language: "en".into(),
    };
    let mut conn = rig.library.pool.acquire().await.unwrap();
    search::find(&mut conn, &filter, &eyes, None, 50).await.unwrap()
}

#[tokio::test]
async fn countries_and_languages_are_chosen_by_name() {
    let rig = Rig::new().await;
    let id = rig.draft("a.jpg").await;
    let edit = format!("/assets/{id}/edit");
    let page = uploads::page(&rig, &rig.steward, &edit).await;
    assert!(
        page.body.contains(">Laos</option>") && page.body.contains("value=\"Lao\""),
        "{}",
        page.body
    );
    let revision = rig.asset(id).await.revision.to_string();
    let entered = [
        ("revision", revision.as_str()),
        ("tag", "vi"),
        ("title-vi", "Chợ sáng"),
        ("country", "LA"),
        ("licence", "owned"),
        ("territory", "TH"),
        ("new_language", "tiếng lào"),
        ("do", "save"),
    ];
    let unknown = [&entered[..], &[("territory_add", "Campuchia; Atlantis")]].concat();
    let refused = post(&rig, &rig.steward, &edit, &unknown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "There is no such country",
        "Campuchia; Atlantis",
        "Chợ sáng",
        "tiếng lào",
    ] {
        assert!(refused.body.contains(kept), "{kept}: {}", refused.body);
    }
    let known = [&entered[..], &[("territory_add", "Campuchia; Lào")]].concat();
    let saved = post(&rig, &rig.steward, &edit, &known).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(saved.header("location"), format!("{edit}?language=lo#text-lo"));
    let details = rig.asset(id).await.details;
    assert_eq!(details.country.as_deref(), Some("LA"));
    assert_eq!(details.rights.territory.unwrap(), ["KH", "LA", "TH"]);
    let again = uploads::page(&rig, &rig.steward, &format!("{edit}?language=lo")).await;
    assert!(again.body.contains("id=\"text-lo\""), "{}", again.body);
    let shown = uploads::page(&rig, &rig.steward, &format!("/assets/{id}")).await;
    assert!(shown.body.contains("Cambodia, Laos, Thailand"), "{}", shown.body);
}

#[tokio::test]
async fn what_is_missing_is_counted_and_found_by_language() {
    let rig = Rig::new().await;
    let bare = rig.published("a.jpg", Rig::details("Chợ nổi")).await;
    let mut details = Rig::details("Cầu Rồng");
    details.texts[0].caption = "Cầu Rồng về đêm".into();
    details.texts.push(Text {
        language: "en".into(),
        title: "Dragon Bridge".into(),
        caption: "By night".into(),
        alt: "A bridge".into(),
        ..Text::default()
    });
    let whole = rig.published("b.jpg", details.clone()).await;
    let lacking = || Filter {
        lacking: true,
        ..Filter::default()
    };
    let found = find(&rig, lacking()).await;
    assert_eq!(found.cards.iter().map(|card| card.id).collect::<Vec<_>>(), [bare]);
    let mut counts: Vec<_> = found
        .facets
        .iter()
        .filter(|count| count.facet == "lack")
        .map(|count| (count.value.as_str(), count.count))
        .collect();
    counts.sort_unstable();
    assert_eq!(
        counts,
        [
            ("alt:en", 1),
            ("caption:en", 1),
            ("caption:vi", 1),
            ("title-in:en", 1)
        ]
    );
    details.credit = String::new();
    rig.describe(&rig.steward, whole, details).await;
    let credit = Filter {
        lacks: vec!["credit".into()],
        ..Filter::default()
    };
    assert_eq!(find(&rig, credit).await.cards[0].id, whole);

    let page = uploads::page(&rig, &rig.steward, "/assets?lacking=on").await;
    assert!(page.body.contains("A caption in English"), "{}", page.body);
    // Whoever does not look after them is told nothing of it.
    let page = uploads::page(&rig, &rig.lan, "/assets?lacking=on&lack=credit").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(&whole.to_string()), "{}", page.body);
}

#[tokio::test]
async fn what_was_never_read_is_read_by_and_by() {
    let rig = Rig::new().await;
    let id = rig.published("a.jpg", Rig::details("Chợ nổi")).await;
    sqlx::query("update assets.search set lacks = null")
        .execute(rig.db.owner())
        .await
        .unwrap();
    rig.library.read_unread().await.unwrap();
    let lacks: Vec<String> = sqlx::query_scalar("select lacks from assets.search where asset_id = $1")
        .bind(id.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    assert!(lacks.contains(&"alt:en".to_owned()), "{lacks:?}");
}

/// What exiftool reads of the file that is given out.
async fn given_out(rig: &Rig, id: AssetId, tags: &[&str]) -> String {
    let sha256: String = sqlx::query_scalar(
        "select sha256 from assets.files where asset_id = $1 and role = 'clean' and superseded_at is null",
    )
    .bind(id.0)
    .fetch_one(rig.db.owner())
    .await
    .unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let bytes = rig
        .library
        .store
        .read(sha256.parse().unwrap(), 10_000_000)
        .await
        .unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let said = Command::new("exiftool")
        .args(["-s3", "-n"])
        .args(tags)
        .arg(file.path())
        .output()
        .unwrap();
    String::from_utf8(said.stdout).unwrap()
}

#[tokio::test]
async fn the_place_stays_in_the_file_only_while_a_steward_wants_it_and_the_device_never() {
    let site = Site::new().await;
    let rig = &site.rig;
    let file = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    std::fs::write(file.path(), picture(320, 240)).unwrap();
    let written = Command::new("exiftool")
        .args([
            "-q",
            "-overwrite_original",
            "-EXIF:Make=Maker",
            "-EXIF:GPSLatitude=17.9757",
            "-EXIF:GPSLatitudeRef=N",
        ])
        .args(["-EXIF:GPSLongitude=102.6331", "-EXIF:GPSLongitudeRef=E"])
        .arg(file.path())
        .status()
        .unwrap();
    assert!(written.success());
    let path = site
        .put("Viêng Chăn.jpg", &std::fs::read(file.path()).unwrap())
        .await;
    assert_eq!(site.work().await.dead, 0);
    let id: AssetId = site.status(&path).await["asset"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let tags = ["-GPSLatitude", "-GPSLongitude", "-Make"];
    assert_eq!(given_out(rig, id, &tags).await, "");

    let mut details = Rig::details("Viêng Chăn");
    details.keep_location = true;
    rig.describe(&rig.steward, id, details.clone()).await;
    assert_eq!(site.work().await.dead, 0);
    let kept = given_out(rig, id, &tags).await;
    assert_eq!(kept.lines().count(), 2, "{kept}");
    assert!(kept.starts_with("17.975") && kept.contains("102.633"), "{kept}");

    details.keep_location = false;
    rig.describe(&rig.steward, id, details).await;
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(given_out(rig, id, &tags).await, "");
    let trail = rig.trail(id).await;
    assert_eq!(
        trail
            .iter()
            .filter(|action| *action == "asset.copy_renewed")
            .count(),
        2,
        "{trail:?}"
    );
    // Who only contributes does not have the switch.
    let edit = format!("/assets/{id}/edit");
    let revision = rig.asset(id).await.revision.to_string();
    let form = [
        ("revision", revision.as_str()),
        ("tag", "vi"),
        ("title-vi", "x"),
        ("keep_location", "on"),
    ];
    post(rig, &rig.minh, &edit, &form).await;
    assert!(!rig.asset(id).await.details.keep_location);
}

#[tokio::test]
async fn a_kept_search_is_its_owners_alone() {
    let rig = Rig::new().await;
    rig.published("a.jpg", Rig::details("Chợ nổi")).await;
    let form = [
        ("name", "Chợ của tôi"),
        ("query", "text=ch%E1%BB%A3&kind=picture"),
    ];
    let kept = post(&rig, &rig.lan, "/assets/searches", &form).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let mine = uploads::page(&rig, &rig.lan, "/assets").await.body;
    assert!(
        mine.contains("Chợ của tôi") && mine.contains("ch%E1%BB%A3"),
        "{mine}"
    );
    let ran = uploads::page(&rig, &rig.lan, "/assets?text=ch%E1%BB%A3&kind=picture")
        .await
        .body;
    assert!(ran.contains("Chợ nổi"), "{ran}");
    assert!(
        !uploads::page(&rig, &rig.paul, "/assets")
            .await
            .body
            .contains("Chợ của tôi")
    );
    let id: Uuid = sqlx::query_scalar("select id from assets.saved_searches")
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    let forget = format!("/assets/searches/{id}/forget");
    post(&rig, &rig.paul, &forget, &[]).await;
    assert!(
        uploads::page(&rig, &rig.lan, "/assets")
            .await
            .body
            .contains("Chợ của tôi")
    );
    // The same name again is the same search.
    let form = [("name", "Chợ của tôi"), ("query", "text=c%E1%BA%A7u")];
    post(&rig, &rig.lan, "/assets/searches", &form).await;
    assert_eq!(
        uploads::page(&rig, &rig.lan, "/assets")
            .await
            .body
            .matches("Chợ của tôi</bdi>")
            .count(),
        1
    );
    post(&rig, &rig.lan, &forget, &[]).await;
    assert!(
        !uploads::page(&rig, &rig.lan, "/assets")
            .await
            .body
            .contains("Chợ của tôi")
    );
}

#[tokio::test]
async fn more_like_this_has_its_topics_and_may_be_used() {
    let rig = Rig::new().await;
    let id = rig.published("a.jpg", Rig::details("Chợ nổi")).await;
    let near = rig.published("b.jpg", Rig::details("Chợ đêm")).await;
    let mut details = Rig::details("Bóng đá");
    details.topics = vec!["15000000".into()];
    let far = rig.published("c.jpg", details).await;
    let mut details = Rig::details("Chợ ở Pháp");
    details.rights.territory = Some(vec!["FR".into()]);
    let elsewhere = rig.published("d.jpg", details).await;
    let shown = uploads::page(&rig, &rig.lan, &format!("/assets/{id}/fragments/alike"))
        .await
        .body;
    assert!(
        shown.contains(&near.to_string()) && shown.contains("Chợ đêm"),
        "{shown}"
    );
    for other in [id, far, elsewhere] {
        assert!(!shown.contains(&other.to_string()), "{shown}");
    }
}

#[tokio::test]
async fn the_steward_sees_what_ends_soon_and_what_has_ended_and_is_still_used() {
    let rig = Rig::new().await;
    let ends = async |name: &str, at: &str| {
        let mut details = Rig::details(name);
        details.rights.ends = Some(at.parse().unwrap());
        rig.published(&format!("{name}.jpg"), details).await
    };
    let soon = ends("Sắp hết", "2026-09-11T10:00:00").await;
    let late = ends("Còn lâu", "2026-12-11T10:00:00").await;
    let over = ends("Đã hết, không dùng", "2026-09-02T10:00:00").await;
    let used = ends("Đã hết, còn dùng", "2026-09-02T11:00:00").await;
    let report = AssetsChosen {
        item: ItemId(Uuid::now_v7()),
        unit: rig.vientiane,
        sequence: 1,
        title: "Thông cáo".into(),
        stage: UseStage::Live,
        assets: vec![used],
    };
    rig.library.used(&report).await.unwrap();
    rig.clock.advance(std::time::Duration::from_hours(48));
    let page = uploads::page(&rig, &rig.steward, "/assets/ending").await.body;
    assert!(
        page.contains(&soon.to_string()) && page.contains(&used.to_string()),
        "{page}"
    );
    assert!(page.contains("used by one item"), "{page}");
    assert!(
        !page.contains(&late.to_string()) && !page.contains(&over.to_string()),
        "{page}"
    );
    let place = |id: AssetId| page.find(&id.to_string()).unwrap();
    assert!(place(used) < place(soon), "the soonest first");
    assert_eq!(
        uploads::page(&rig, &rig.minh, "/assets/ending").await.status,
        StatusCode::FORBIDDEN
    );

    // What nobody uses: not what an item uses, and not what was taken.
    let unused = || Filter {
        unused: true,
        ..Filter::default()
    };
    let found: Vec<_> = find(&rig, unused())
        .await
        .cards
        .iter()
        .map(|card| card.id)
        .collect();
    assert!(found.contains(&soon) && !found.contains(&used), "{found:?}");
}

#[tokio::test]
async fn a_bulk_edit_and_its_undoing_are_on_pages() {
    let rig = Rig::new().await;
    let ids = [rig.draft("a.jpg").await, rig.draft("b.jpg").await];
    let (a, b) = (ids[0].to_string(), ids[1].to_string());
    let chosen = [
        ("asset", a.as_str()),
        ("asset", b.as_str()),
        ("do", "bulk"),
        ("country", "LA"),
        ("credit", "TTXVN"),
    ];
    let done = post(&rig, &rig.minh, "/assets/many", &chosen).await;
    let page = done.header("location").to_owned();
    assert!(page.starts_with("/assets/bulk/"), "{}", done.body);
    assert_eq!(rig.asset(ids[1]).await.details.country.as_deref(), Some("LA"));
    assert_eq!(
        uploads::page(&rig, &rig.steward, &page).await.status,
        StatusCode::NOT_FOUND,
        "it is Minh's"
    );
    let undone = post(&rig, &rig.minh, &format!("{page}/undo"), &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    assert_eq!(rig.asset(ids[1]).await.details.country, None);
    let again = post(&rig, &rig.minh, &format!("{page}/undo"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let steward = Actor::new(&rig.steward);
    assert!(
        rig.library
            .undo(steward, page.rsplit('/').next().unwrap().parse().unwrap())
            .await
            .is_err()
    );
}
