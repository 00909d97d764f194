//! `make bench`: searches over a million assets, every facet counted, with the rights of a mission abroad asked of each.
//!
//! Figure of design: 95 of 100 searches answered within 100 ms. `ASSETS=1000000` sets the size, `SEARCHES=400` how many
//! of each sort. Words follow Zipf's law, as those of real captions do.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

use std::time::{Duration, Instant};

use chancery_assets::store::search::{self, Eyes, Filter};
use chancery_contracts::Service;
use chancery_contracts::ids::UnitId;
use chancery_database::testing::TestDatabase;
use chancery_words::{Index, Weight};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::PgPool;
use uuid::Uuid;

/// So many different texts; the assets share them.
const TEXTS: usize = 20_000;
/// So many different words.
const WORDS: f64 = 60_000.0;
/// Cards of a page, and one to see whether there is another.
const PAGE: i64 = 49;

fn setting(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// A word by Zipf's law: the tenth is met a tenth as often as the first.
fn word(random: &mut StdRng) -> String {
    let rank = WORDS.powf(random.random::<f64>());
    format!("từ{rank:.0}")
}

fn text(random: &mut StdRng, words: usize) -> String {
    let words: Vec<_> = (0..words).map(|_| word(random)).collect();
    words.join(" ")
}

async fn fill(owner: &PgPool, assets: i32) {
    let mut conn = owner.acquire().await.unwrap();
    // Neither the search's own trigger nor foreign keys: a million rows are written once and right.
    sqlx::raw_sql("set session_replication_role = replica")
        .execute(&mut *conn)
        .await
        .unwrap();
    let mut random = StdRng::seed_from_u64(1);
    let texts: Vec<String> = (0..TEXTS)
        .map(|_| {
            Index::new()
                .with(Weight::A, &text(&mut random, 8))
                .with(Weight::B, &text(&mut random, 40))
                .tsvector()
        })
        .collect();
    sqlx::query("create table texts as select ordinality - 1 as n, words from unnest($1::text[]) with ordinality as t (words)")
        .bind(&texts)
        .execute(&mut *conn)
        .await
        .unwrap();
    for statement in [
        // Half of everything is Vietnam's, one of fifty is in review, some rights are narrow, some have ended.
        "insert into assets.assets (id, unit_id, kind, state, file_name, country, topics, priorities, official, internal_only,
             licence, territory, channels, ends_wall, ends_at, submitted_at, published_at, created_by, created_at, updated_by, updated_at)
         select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $2,
                (array['picture','picture','picture','film','audio','document'])[1 + n % 6],
                case when n % 50 = 0 then 'in_review' else 'published' end, 'DSC_' || n || '.jpg',
                case when n % 2 = 0 then 'VN' else (array['LA','FR','US','JP','KR','DE','TH','KH','CN','IN'])[1 + n / 2 % 10] end,
                array['medtop:' || n % 17, 'medtop:' || n % 40], array[(array['tourism','culture_heritage','green_growth'])[1 + n % 3]],
                n % 100 = 0, n % 30 = 0, 'owned',
                case when n % 20 = 0 then array['FR','DE'] end, case when n % 25 = 0 then array['press_room'] end,
                case when n % 10 = 0 then timestamp '2026-01-01' + n % 700 * interval '1 day' end,
                case when n % 10 = 0 then timestamptz '2026-01-01Z' + n % 700 * interval '1 day' end,
                now(), case when n % 50 <> 0 then now() end, $2, now(), $2, now()
         from generate_series(1, $1) n",
        "insert into assets.texts (asset_id, language, title, alt)
         select id, language, 'Ảnh ' || id, 'Một bức ảnh' from assets.assets, unnest(array['vi','en']) language where $1 > 0 and $2::uuid is not null",
        "insert into assets.files (id, asset_id, role, sha256, bytes, name, media_type, state, width, height, added_by, added_at)
         select gen_random_uuid(), id, 'original', md5(id::text) || md5(id::text), 200000, file_name, 'image/jpeg', 'ready', 3000, 2000, $2, now()
         from assets.assets where $1 > 0",
        "insert into assets.search (asset_id, unit_id, kind, state, country, topics, priorities, official, internal_only, licence,
             consent, territory, channels, starts_at, ends_at, embargo_at, words, languages, alts, shape)
         select a.id, a.unit_id, kind, state, country, topics, priorities, official, internal_only, licence, consent, territory,
                channels, starts_at, ends_at, embargo_at, t.words::tsvector, array['vi','en'], array['vi'],
                (array['landscape','portrait','square','panorama'])[1 + t.n % 4]
         from assets.assets a join texts t on t.n = ('x' || right(a.id::text, 8))::bit(32)::int % 20000
         where $1 > 0 and $2::uuid is not null",
    ] {
        let began = Instant::now();
        sqlx::query(statement)
            .bind(assets)
            .bind(Uuid::from_u128(7))
            .execute(&mut *conn)
            .await
            .unwrap();
        println!("  filled in {:.0} s", began.elapsed().as_secs_f64());
    }
    for table in ["search", "assets", "texts", "files"] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("vacuum analyze assets.{table}")))
            .execute(&mut *conn)
            .await
            .unwrap();
    }
    sqlx::raw_sql("set session_replication_role = origin")
        .execute(&mut *conn)
        .await
        .unwrap();
}

/// One sort of search, drawn at random each time.
fn sort(name: &str, random: &mut StdRng) -> Filter {
    let published = Filter {
        states: vec!["published".to_owned()],
        ..Filter::default()
    };
    let words = |text: String| Filter {
        text,
        ..published.clone()
    };
    match name {
        "nothing typed" => published,
        "one word" => words(word(random)),
        "two words" => words(text(random, 2)),
        "a frequent word" => words(format!("từ{}", random.random_range(1..20))),
        "a rare word" => words(format!("từ{}", random.random_range(20_000..60_000))),
        "usable on a channel" => Filter {
            usable: Some(Some("bluesky".to_owned())),
            ..words(word(random))
        },
        _ => Filter {
            usable: Some(Some("bluesky".to_owned())),
            kinds: vec!["film".to_owned()],
            countries: vec!["LA".to_owned()],
            topics: vec![format!("medtop:{}", random.random_range(0..17))],
            shapes: vec!["portrait".to_owned()],
            ..words(format!("từ{}", random.random_range(1..50)))
        },
    }
}

fn row(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let part = |of_hundred: usize| {
        let millis = took
            .get((took.len() - 1) * of_hundred / 100)
            .unwrap()
            .as_secs_f64()
            * 1e3;
        format!("{millis:>8.1}")
    };
    println!("{name:<24} {} {} {}", part(50), part(95), part(100));
}

#[tokio::main]
async fn main() {
    let assets = i32::try_from(setting("ASSETS", 1_000_000)).unwrap();
    let searches = setting("SEARCHES", 400);
    let db = TestDatabase::new().await;
    println!("{assets} assets");
    fill(db.owner(), assets).await;
    let pool = db.service(Service::Assets);
    let eyes = Eyes {
        keeps: Vec::new(),
        unit: UnitId(Uuid::from_u128(9)),
        country: Some("LA".to_owned()),
        now: "2026-11-01T00:00:00Z".parse().unwrap(),
        language: "vi".to_owned(),
    };
    println!(
        "{:<24} {:>8} {:>8} {:>8}  (ms, facets counted)",
        "", "p50", "p95", "max"
    );
    let mut all = Vec::new();
    for name in [
        "nothing typed",
        "one word",
        "two words",
        "a frequent word",
        "a rare word",
        "usable on a channel",
        "everything narrowed",
    ] {
        let mut random = StdRng::seed_from_u64(2);
        let mut took = Vec::new();
        for _ in 0..searches {
            let filter = sort(name, &mut random);
            let mut conn = pool.acquire().await.unwrap();
            let began = Instant::now();
            search::find(&mut conn, &filter, &eyes, None, PAGE).await.unwrap();
            took.push(began.elapsed());
        }
        all.extend_from_slice(&took);
        row(name, took);
    }
    row("all", all);
}
