//! `make bench`: the calendar of a ministry with a million items, as its pages and programs ask for it, from the request to
//! the last byte of JSON.
//!
//! Figure of design: a month of all missions within 80 ms for 95 of 100. `ITEMS=1000000` sets the size, `LOOKS=200` how many
//! looks of each sort. The items lie over five years, at a hundred missions on forty clocks.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

use std::time::{Duration, Instant};

use axum::body::Body;
use chancery_calendar::{Deps, service};
use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::Service;
use chancery_contracts::ids::PersonId;
use chancery_database::testing::TestDatabase;
use chancery_media::{ImageLimits, Images};
use chancery_storage::Store;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use chrono::{Days, NaiveDate};
use http::Request;
use http_body_util::BodyExt as _;
use sqlx::PgPool;
use tower::ServiceExt as _;
use uuid::Uuid;

/// So many missions.
const MISSIONS: i32 = 100;

fn setting(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn id(group: u128, number: i32) -> Uuid {
    Uuid::from_u128((group << 64) + u128::from(number.unsigned_abs()))
}

async fn fill(owner: &PgPool, items: i32) {
    let zones = [
        "Asia/Ho_Chi_Minh",
        "Asia/Vientiane",
        "Asia/Tokyo",
        "Asia/Seoul",
        "Asia/Shanghai",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Asia/Tehran",
        "Asia/Dubai",
        "Asia/Riyadh",
        "Europe/Moscow",
        "Europe/Kyiv",
        "Europe/Paris",
        "Europe/Berlin",
        "Europe/London",
        "Europe/Lisbon",
        "Africa/Cairo",
        "Africa/Johannesburg",
        "Africa/Lagos",
        "Africa/Algiers",
        "America/Sao_Paulo",
        "America/Argentina/Buenos_Aires",
        "America/Santiago",
        "America/Caracas",
        "America/Havana",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "Pacific/Honolulu",
        "Pacific/Auckland",
        "Australia/Sydney",
        "Australia/Perth",
        "Asia/Jakarta",
        "Asia/Manila",
        "Asia/Singapore",
        "Asia/Yangon",
        "Asia/Almaty",
        "Asia/Tashkent",
        "Asia/Ulaanbaatar",
    ];
    for number in 0..=MISSIONS {
        let zone = usize::try_from(number).unwrap() % zones.len();
        let parent = (number > 0).then(|| id(1, 0));
        sqlx::query(
            "insert into identity.units (id, parent_id, path, kind, slug, zone, languages, region, valid_from, created_at, updated_at)
             values ($1, $2, '{}', $3, $4, $5, '{vi,en}', $6, '2000-01-01', now(), now())",
        )
        .bind(id(1, number))
        .bind(parent)
        .bind(if number == 0 { "ministry" } else { "embassy" })
        .bind(format!("unit-{number}"))
        .bind(zones.get(zone).unwrap())
        .bind((number > 0).then_some(if number % 5 == 0 { "europe" } else { "africa" }))
        .execute(owner)
        .await
        .unwrap();
        sqlx::query("insert into identity.unit_names (unit_id, valid_from, names) values ($1, '2000-01-01', jsonb_build_object('vi', $2::text, 'en', $2::text))")
            .bind(id(1, number))
            .bind(format!("Cơ quan {number}"))
            .execute(owner)
            .await
            .unwrap();
        sqlx::query(
            "insert into publisher.accounts (id, unit_id, platform, handle, name, languages, max_graphemes, state, created_at, updated_at)
             values ($1, $2, 'press_room', $3, $3, '{vi,en}', 50000, 'enabled', now(), now())",
        )
        .bind(id(2, number))
        .bind(id(1, number))
        .bind(format!("room-{number}"))
        .execute(owner)
        .await
        .unwrap();
    }
    let person = id(3, 0);
    sqlx::query("insert into identity.people (id, name, email, created_at, updated_at) values ($1, 'Desk', 'desk@example.test', now(), now())")
        .bind(person)
        .execute(owner)
        .await
        .unwrap();
    sqlx::query("insert into identity.grants (id, person_id, unit_id, role, valid_from, created_at) values ($1, $1, $2, 'desk_officer', '2020-01-01', now())")
        .bind(person)
        .bind(id(1, 0))
        .execute(owner)
        .await
        .unwrap();
    let mut conn = owner.acquire().await.unwrap();
    // Neither triggers nor foreign keys: a million rows are written once and right.
    sqlx::raw_sql("set session_replication_role = replica")
        .execute(&mut *conn)
        .await
        .unwrap();
    for statement in [
        "insert into calendar.items (id, unit_id, kind, state, language, title, body, topic, wall, zone, publish_at,
             created_by, created_at, updated_by, updated_at)
         select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                ('00000000-0000-0001-0000-' || lpad(to_hex(1 + n % 100), 12, '0'))::uuid,
                (array['statement','press_release','news','greeting','notice'])[1 + n % 5],
                (array['draft','submitted','scheduled','published','published','published','cancelled'])[1 + n % 7],
                (array['vi','en'])[1 + n % 2], 'Tin số ' || n, repeat('Nội dung của tin. ', 40),
                (array['general','bilateral','economy','culture'])[1 + n % 4],
                timestamp '2023-06-01' + (n::bigint * 7919 % 157680000) * interval '1 second', 'UTC',
                timestamptz '2023-06-01Z' + (n::bigint * 7919 % 157680000) * interval '1 second', $2, now(), $2, now()
         from generate_series(1, $1) n",
        "insert into calendar.variants (item_id, id, account_id, language, position)
         select i.id, i.id, ('00000000-0000-0002-0000-' || right(i.unit_id::text, 12))::uuid, 'vi', 1
         from calendar.items i where $1 > 0 and $2::uuid is not null",
    ] {
        let began = Instant::now();
        sqlx::query(statement).bind(items).bind(person).execute(&mut *conn).await.unwrap();
        println!("  filled in {:.0} s", began.elapsed().as_secs_f64());
    }
    for table in ["items", "variants"] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("vacuum analyze calendar.{table}")))
            .execute(&mut *conn)
            .await
            .unwrap();
    }
}

fn row(name: &str, mut took: Vec<Duration>, bytes: usize) {
    took.sort_unstable();
    let part = |of_hundred: usize| {
        took.get((took.len() - 1) * of_hundred / 100)
            .unwrap()
            .as_secs_f64()
            * 1e3
    };
    println!(
        "{name:<36} {:>8.1} {:>8.1} {:>8.1} {:>8}",
        part(50),
        part(95),
        part(100),
        bytes / 1024
    );
}

#[tokio::main]
async fn main() {
    let items = i32::try_from(setting("ITEMS", 1_000_000)).unwrap();
    let looks = setting("LOOKS", 200);
    let db = TestDatabase::new().await;
    println!("{items} items");
    fill(db.owner(), items).await;
    let pool = db.service(Service::Calendar);
    let clock = TestClock::at("2026-11-22T05:00:00Z".parse().unwrap());
    let mut conn = pool.acquire().await.unwrap();
    let desk = chancery_directory::principal(&mut conn, PersonId(id(3, 0)), clock.now().date_naive())
        .await
        .unwrap();
    drop(conn);
    let folder = tempfile::tempdir().unwrap();
    let images = Images::new(
        Store::local(folder.path(), clock.shared()).unwrap(),
        ImageLimits::default(),
    );
    let shell = Shell::new(ShellConfig::default(), pool.clone(), clock.shared()).unwrap();
    let parts = service(Deps {
        pool,
        clock: clock.shared(),
        shell: shell.clone(),
        images,
        http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
        vault: chancery_vault::Vault::new(&[7; 32]),
    });
    let site = shell
        .app_for(Viewer::signed_in(desk, Language::Vi), vec![parts.routes])
        .router;
    println!(
        "{:<36} {:>8} {:>8} {:>8} {:>8}  (ms, kB)",
        "", "p50", "p95", "max", ""
    );
    let one = id(1, 17);
    for (name, query) in [
        (
            "a month of all missions, Hanoi",
            "view=month&clock=headquarters".to_owned(),
        ),
        (
            "a month of all missions, own clocks",
            "view=month&clock=host".into(),
        ),
        (
            "a month of all, drafts of one topic",
            "view=month&state=draft&topic=culture".into(),
        ),
        (
            "a month of a part of the world",
            "view=month&scope=region:europe".into(),
        ),
        ("a month of one mission", format!("view=month&scope=unit:{one}")),
        ("a week of all missions", "view=week".into()),
        ("a day of all missions", "view=day".into()),
    ] {
        let (mut took, mut bytes) = (Vec::new(), 0);
        for look in 0..looks {
            let date = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + Days::new(u64::from(look * 5 % 900));
            let request = Request::builder().uri(format!("/api/v1/calendar?{query}&date={date}"));
            let began = Instant::now();
            let answer = site
                .clone()
                .oneshot(request.body(Body::empty()).unwrap())
                .await
                .unwrap();
            assert!(answer.status().is_success());
            bytes = answer.into_body().collect().await.unwrap().to_bytes().len();
            took.push(began.elapsed());
        }
        row(name, took, bytes);
    }
}
