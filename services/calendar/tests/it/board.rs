//! The board: who sees what on which day, and filters that stay.

use chancery_access::Principal;
use chancery_calendar::Actor;
use chancery_calendar::model::{ClockChoice, Kind, Range};
use chancery_calendar::workflow::{Asked, Board, Breadth};
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_web::Language;
use chrono::NaiveDate;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::{Rig, wall};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn seen(
    rig: &Rig,
    who: &Principal,
    breadth: Breadth,
    clock: ClockChoice,
    from: &str,
    to: &str,
) -> Board {
    let asked = Asked {
        breadth,
        range: Range::bounded(day(from), day(to)),
        clock,
        filter: chancery_calendar::store::board::Filter::default(),
        few: 50,
    };
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    rig.calendar.board(&mut conn, who, &asked).await.unwrap()
}

/// On which day of the board each of these items stands, from 1.
fn days(board: &Board, ids: &[ItemId]) -> Vec<Option<i32>> {
    let of = |id: &ItemId| {
        board
            .items
            .iter()
            .find(|item| item.id == *id)
            .map(|item| item.day)
    };
    ids.iter().map(of).collect()
}

async fn in_paris(rig: &Rig, at: &str) -> ItemId {
    let actor = Actor::new(&rig.paul);
    let id = rig
        .calendar
        .create(actor, rig.paris, Kind::News, "vi")
        .await
        .unwrap();
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.paris_room, "vi", None)];
    draft.wall = Some(wall(at));
    rig.save(&rig.paul, id, draft).await.unwrap();
    id
}

#[tokio::test]
async fn an_attache_sees_no_other_missions_drafts_and_headquarters_sees_all() {
    let rig = Rig::new().await;
    let here = rig.written(rig.complete()).await;
    let there = in_paris(&rig, "2026-09-02T10:00:00").await;
    let all = async |who| {
        let board = seen(
            &rig,
            who,
            Breadth::All,
            ClockChoice::Host,
            "2026-09-01",
            "2026-09-03",
        )
        .await;
        days(&board, &[here, there])
    };
    assert_eq!(all(&rig.lan).await, [Some(2), None]);
    assert_eq!(all(&rig.paul).await, [None, Some(2)]);
    assert_eq!(all(&rig.headquarters).await, [Some(2), Some(2)]);
    // Nor by naming the other mission.
    let named = Breadth::Unit(rig.paris);
    let board = seen(
        &rig,
        &rig.lan,
        named,
        ClockChoice::Host,
        "2026-09-01",
        "2026-09-03",
    )
    .await;
    assert!(board.items.is_empty() && board.undated.is_empty());
    let site = Site::of(&rig, &rig.lan, Language::En);
    let body = site
        .get(&format!(
            "/api/v1/calendar?view=day&date=2026-09-02&scope=unit:{}",
            rig.paris
        ))
        .await
        .body;
    assert!(!body.contains(&there.to_string()), "{body}");
    let card = site.get(&format!("/calendar/items/{there}/move")).await;
    assert_eq!(card.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn drafts_without_a_day_wait_beside_the_board() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.wall = None;
    let id = rig.written(draft).await;
    let board = seen(
        &rig,
        &rig.lan,
        Breadth::All,
        ClockChoice::Host,
        "2026-09-01",
        "2026-09-30",
    )
    .await;
    assert!(board.items.is_empty());
    assert_eq!(board.undated.iter().map(|item| item.id).collect::<Vec<_>>(), [id]);
    let theirs = seen(
        &rig,
        &rig.paul,
        Breadth::All,
        ClockChoice::Host,
        "2026-09-01",
        "2026-09-30",
    )
    .await;
    assert!(theirs.undated.is_empty());
}

#[tokio::test]
async fn the_first_and_last_minute_of_a_month_are_in_it() {
    let rig = Rig::new().await;
    let mut ids = Vec::new();
    for at in [
        "2026-09-30T23:59:00",
        "2026-10-01T00:00:00",
        "2026-10-31T23:59:00",
        "2026-11-01T00:00:00",
    ] {
        let mut draft = rig.complete();
        draft.wall = Some(wall(at));
        ids.push(rig.written(draft).await);
    }
    let board = seen(
        &rig,
        &rig.lan,
        Breadth::All,
        ClockChoice::Host,
        "2026-10-01",
        "2026-10-31",
    )
    .await;
    assert_eq!(days(&board, &ids), [None, Some(1), Some(31), None]);
}

#[tokio::test]
async fn missions_at_both_ends_of_the_date_line_share_a_month_in_hanoi() {
    let rig = Rig::new().await;
    // Nukuʻalofa is at UTC+13, Honolulu at UTC-10.
    let (tonga, hawaii) = (
        rig.unit("nukualofa", "Pacific/Tongatapu").await,
        rig.unit("honolulu", "Pacific/Honolulu").await,
    );
    let ids = [
        rig.dated(tonga, "2026-10-01T03:00:00").await,
        rig.dated(hawaii, "2026-09-30T23:30:00").await,
        rig.dated(hawaii, "2026-10-31T20:00:00").await,
    ];
    let month = async |clock| {
        let board = seen(
            &rig,
            &rig.headquarters,
            Breadth::All,
            clock,
            "2026-10-01",
            "2026-10-31",
        )
        .await;
        days(&board, &ids)
    };
    // In Hanoi: 21:00 on 30 September, 16:30 on 1 October, 13:00 on 1 November.
    assert_eq!(month(ClockChoice::Headquarters).await, [None, Some(1), None]);
    assert_eq!(month(ClockChoice::Host).await, [Some(1), None, Some(31)]);
}

#[tokio::test]
async fn a_day_of_25_hours_holds_all_of_them() {
    let rig = Rig::new().await;
    let early = in_paris(&rig, "2026-10-25T00:10:00").await;
    let late = in_paris(&rig, "2026-10-25T23:50:00").await;
    let board = seen(
        &rig,
        &rig.paul,
        Breadth::All,
        ClockChoice::Host,
        "2026-10-24",
        "2026-10-26",
    )
    .await;
    assert_eq!(days(&board, &[early, late]), [Some(2), Some(2)]);
}

#[tokio::test]
async fn a_crowded_day_shows_a_few_and_counts_all() {
    let rig = Rig::new().await;
    for minute in 0..12 {
        let mut draft = rig.complete();
        draft.wall = Some(wall(&format!("2026-09-02T09:{minute:02}:00")));
        rig.written(draft).await;
    }
    let site = Site::of(&rig, &rig.lan, Language::En);
    let of = async |view: &str| -> Value {
        let answer = site
            .get(&format!("/api/v1/calendar?view={view}&date=2026-09-02"))
            .await;
        serde_json::from_str(&answer.body).unwrap()
    };
    let month = of("month").await;
    let of_day = month["days"]
        .as_array()
        .unwrap()
        .iter()
        .find(|day| day["date"] == "2026-09-02")
        .unwrap();
    assert_eq!(
        (of_day["total"].as_i64(), of_day["more"].as_i64()),
        (Some(12), Some(4))
    );
    assert_eq!(month["items"].as_array().unwrap().len(), 8);
    assert_eq!(of("day").await["items"].as_array().unwrap().len(), 12);
}

#[tokio::test]
async fn filters_narrow_and_stay() {
    let rig = Rig::new().await;
    let draft = rig.written(rig.complete()).await;
    let submitted = rig.submitted(rig.complete()).await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let address = "/calendar?view=week&state=submitted&channel=press_room&date=2026-09-02";
    let page = site.get(address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&submitted.to_string()) && !page.body.contains(&draft.to_string()));
    let elsewhere = site
        .get("/calendar?view=week&channel=bluesky&date=2026-09-02")
        .await;
    assert!(!elsewhere.body.contains(&submitted.to_string()));
    site.get(address).await;
    let again = site.get("/calendar").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(
        again.location,
        "/calendar?view=week&state=submitted&channel=press_room"
    );
    // Whoever else works there keeps their own.
    let other = Site::of(&rig, &rig.minh, Language::En).get("/calendar").await;
    assert_eq!(other.status, StatusCode::OK);
    site.get("/calendar?reset=1").await;
    assert_eq!(site.get("/calendar").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_page_speaks_both_languages_without_a_missing_word() {
    let rig = Rig::new().await;
    let open = rig.written(rig.complete()).await;
    let submitted = rig.submitted(rig.complete()).await;
    let mut undated = rig.complete();
    undated.wall = None;
    rig.written(undated).await;
    for language in [Language::Vi, Language::En] {
        for who in [&rig.lan, &rig.headquarters, &rig.administrator] {
            let site = Site::of(&rig, who, language);
            let mut paths: Vec<String> = ["month", "week", "day", "agenda", "lanes"]
                .iter()
                .flat_map(|view| {
                    ["host", "headquarters"]
                        .map(|clock| format!("/calendar?view={view}&clock={clock}&date=2026-09-02"))
                })
                .collect();
            paths.extend(["/calendar/days".to_owned(), "/calendar/feeds".into()]);
            paths.extend([open, submitted].map(|id| format!("/calendar/items/{id}/move")));
            if who == &rig.lan {
                paths.push("/calendar/import".into());
            }
            for path in paths {
                let page = site.get(&path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
                for raw in [
                    "board-",
                    "bulk-",
                    "days-",
                    "day-kind-",
                    "feeds-",
                    "import-",
                    "items-",
                    "weekday-",
                    "region-",
                    "nav-",
                ] {
                    let mut shown = page.body.split('>').filter_map(|part| part.split('<').next());
                    assert!(
                        shown.all(|text| !text.trim_start().starts_with(raw)),
                        "{raw} is shown in {path}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn nonsense_in_the_address_still_shows_a_board() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    for query in [
        "view=decade&date=yesterday&scope=unit:x&state=x&kind=x&topic=x&channel=x&campaign=x&clock=x",
        "view=month&date=9999-12-31",
        "view=month&date=0000-01-01",
        "from=2026-09-30&to=1999-01-01",
        "from=2026-09-01&to=2199-01-01&language=xx",
    ] {
        for path in ["/calendar", "/api/v1/calendar"] {
            let answer = site.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}?{query}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn several_are_shifted_with_a_way_back_and_reasons() {
    let rig = Rig::new().await;
    let open = rig.written(rig.complete()).await;
    let waiting = rig.submitted(rig.complete()).await;
    let theirs = in_paris(&rig, "2026-09-02T10:00:00").await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let order = |id: ItemId| json!({ "item": id, "do": "shift", "days": 7 });
    let body = json!({ "orders": [order(open), order(waiting), order(theirs)] });
    let answer = site.json(Method::POST, "/api/v1/items/bulk", body).await;
    let done: Vec<Value> = serde_json::from_str(&answer.body).unwrap();
    assert!(done[0]["refused"].is_null(), "{}", answer.body);
    assert_eq!(done[1]["code"], "board-move-again");
    assert!(done[2]["refused"].is_string() && done[2]["headline"] == "");
    let at = async |id| rig.item(id).await.draft.wall.unwrap().to_string();
    assert_eq!(at(open).await, "2026-09-09 09:00:00");
    assert_eq!(at(waiting).await, "2026-09-02 09:00:00");
    let undo = json!({ "orders": [done[0]["undo"]] });
    site.json(Method::POST, "/api/v1/items/bulk", undo.clone()).await;
    assert_eq!(at(open).await, "2026-09-02 09:00:00");
    // Twice is once too often: somebody may have gone on from there.
    let twice = site.json(Method::POST, "/api/v1/items/bulk", undo).await;
    assert!(twice.body.contains("items-stale"), "{}", twice.body);
}

#[tokio::test]
async fn copies_have_no_day_and_labels_come_back() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let site = Site::of(&rig, &rig.lan, Language::Vi);
    let page = site
        .post(
            "/calendar/bulk",
            &[("item", &id.to_string()), ("what", "duplicate")],
        )
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let board = seen(
        &rig,
        &rig.lan,
        Breadth::All,
        ClockChoice::Host,
        "2026-09-01",
        "2026-09-30",
    )
    .await;
    let copy = board.undated.first().unwrap().id;
    assert_ne!(copy, id);
    assert_eq!(rig.item(copy).await.draft.title, rig.item(id).await.draft.title);
    let label = json!({ "orders": [{ "item": id, "do": "label", "audience": "press", "topic": "culture" }] });
    let answer = site.json(Method::POST, "/api/v1/items/bulk", label).await;
    let done: Vec<Value> = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(rig.item(id).await.draft.audience, "press");
    site.json(
        Method::POST,
        "/api/v1/items/bulk",
        json!({ "orders": [done[0]["undo"]] }),
    )
    .await;
    let item = rig.item(id).await;
    assert_eq!(
        (item.draft.audience.as_str(), item.draft.topic.as_str()),
        ("host_public", "general")
    );
    let nothing = site
        .post("/calendar/bulk", &[("what", "shift"), ("days", "7")])
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

impl Rig {
    /// A mission on this clock.
    async fn unit(&self, slug: &str, zone: &str) -> UnitId {
        let root: uuid::Uuid = sqlx::query_scalar("select id from identity.units where parent_id is null")
            .fetch_one(self.db.owner())
            .await
            .unwrap();
        crate::rig::unit(self.db.owner(), Some(root), "embassy", slug, zone, &["vi", "en"])
            .await
            .into()
    }

    /// A draft there at this time of its own wall, made as the owner of the database.
    async fn dated(&self, unit: UnitId, at: &str) -> ItemId {
        let id = self.written(self.complete()).await;
        let zone: String = sqlx::query_scalar("select zone from identity.units where id = $1")
            .bind(unit.0)
            .fetch_one(self.db.owner())
            .await
            .unwrap();
        let time = chancery_clock::WallTime {
            at: wall(at),
            zone: zone.parse().unwrap(),
        };
        sqlx::query(
            "update calendar.items set unit_id = $2, wall = $3, zone = $4, publish_at = $5 where id = $1",
        )
        .bind(id.0)
        .bind(unit.0)
        .bind(time.at)
        .bind(zone)
        .bind(time.resolve().instant())
        .execute(self.db.owner())
        .await
        .unwrap();
        id
    }
}

#[tokio::test]
async fn the_list_of_this_month_begins_at_today_and_folds_what_is_over() {
    let rig = Rig::new().await;
    rig.clock.set("2026-09-10T03:00:00Z".parse().unwrap());
    let mut draft = rig.complete();
    draft.title = "Đã qua".into();
    rig.written(draft).await;
    let mut draft = rig.complete();
    draft.title = "Sắp tới".into();
    draft.wall = Some("2026-09-20T09:00:00".parse().unwrap());
    rig.written(draft).await;
    let lan = rig.on(&rig.lan, "2026-09-10".parse().unwrap()).await;
    let site = Site::of(&rig, &lan, Language::Vi);
    let page = site.get("/calendar?view=month&date=2026-09-10").await.body;
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} in {page}"));
    let folded = at("board-past")..at("day-2026-09-10");
    assert!(folded.contains(&at("<bdi>Đã qua</bdi>")), "{page}");
    assert!(at("<bdi>Sắp tới</bdi>") > folded.end, "{page}");
    let other = site.get("/calendar?view=month&date=2026-08-10").await.body;
    assert!(!other.contains("board-past"), "{other}");
    // A name that only English has says that it is English.
    assert!(page.contains("Quốc khánh"), "{page}");
}
