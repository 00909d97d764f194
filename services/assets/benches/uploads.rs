//! `make bench`: photographs of 200 kB from the first byte of their upload until a search finds them.
//!
//! Through the library's own routes and jobs, with the analysis that makes the clean copy and the previews, eight at a
//! time as a browser sends them. `PHOTOS=300` sets how many.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints and stops at the first failure"
)]

use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_access::{Grant, Principal, Role, Via};
use chancery_assets::{Deps, Parts, service};
use chancery_clock::SystemClock;
use chancery_contracts::Service;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_database::testing::TestDatabase;
use chancery_media::{Limits, Media};
use chancery_queue::Worker;
use chancery_storage::Store;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use futures_util::{StreamExt as _, stream};
use http::{Method, Request, StatusCode};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

const PATH: &str = "/api/v1/assets/uploads";
/// As many as a browser sends at once.
const AT_ONCE: usize = 8;

/// A photograph of about 200 kB: shades, and the grain of a sensor.
fn photograph(seed: u64) -> Vec<u8> {
    let mut random = StdRng::seed_from_u64(seed);
    let picture = RgbImage::from_fn(1600, 1067, |x, y| {
        let grain: u8 = random.random_range(0..7);
        let shade = |part: u32, whole: u32| u8::try_from(part * 240 / whole).unwrap() + grain;
        Rgb([shade(x, 1600), shade(y, 1067), shade(x + y, 2667)])
    });
    let mut file = Cursor::new(Vec::new());
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut file, 88))
        .unwrap();
    file.into_inner()
}

/// A ministry with an agency, and somebody who contributes for it.
async fn people(db: &TestDatabase) -> (UnitId, Principal) {
    let (ministry, agency, person) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    for (id, parent, kind) in [(ministry, None, "ministry"), (agency, Some(ministry), "agency")] {
        sqlx::query(
            "with one as (
                 insert into identity.units (id, parent_id, path, kind, slug, country, zone, languages, valid_from, created_at, updated_at)
                 values ($1, $2, '{}', $3, $3, 'VN', 'Asia/Ho_Chi_Minh', '{vi}', '2000-01-01', now(), now()))
             insert into identity.unit_names (unit_id, valid_from, names)
             values ($1, '2000-01-01', jsonb_build_object('vi', $3::text, 'en', $3::text))",
        )
        .bind(id)
        .bind(parent)
        .bind(kind)
        .execute(db.owner())
        .await
        .unwrap();
    }
    sqlx::query("insert into identity.people (id, name, email, created_at, updated_at) values ($1, 'Minh', 'minh@example.test', now(), now())")
        .bind(person)
        .execute(db.owner())
        .await
        .unwrap();
    let grant = Grant {
        role: Role::Contributor,
        unit: UnitId(agency),
        from: "2020-01-01".parse().unwrap(),
        to: None,
    };
    let principal = Principal {
        person: PersonId(person),
        name: "Minh".to_owned(),
        grants: vec![grant],
        via: Via::Session,
        today: "2026-09-01".parse().unwrap(),
    };
    (UnitId(agency), principal)
}

async fn ask(
    router: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, String)],
    body: Body,
) -> (StatusCode, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("tus-resumable", "1.0.0");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let location = response.headers().get("location");
    let location = location.map_or("", |value| value.to_str().unwrap()).to_owned();
    (response.status(), location)
}

async fn put(router: &Router, unit: UnitId, name: &str, bytes: Vec<u8>) {
    let metadata = format!(
        "filename {},unit {}",
        STANDARD.encode(name),
        STANDARD.encode(unit.to_string())
    );
    let headers = [
        ("upload-length", bytes.len().to_string()),
        ("upload-metadata", metadata),
    ];
    let (status, location) = ask(router, Method::POST, PATH, &headers, Body::empty()).await;
    assert_eq!(status, StatusCode::CREATED);
    let headers = [
        ("upload-offset", "0".to_owned()),
        ("content-type", "application/offset+octet-stream".to_owned()),
    ];
    let (status, _) = ask(router, Method::PATCH, &location, &headers, bytes.into()).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
}

#[tokio::main]
async fn main() {
    let count: u64 = std::env::var("PHOTOS").map_or(300, |text| text.parse().unwrap());
    let db = TestDatabase::new().await;
    let folder = tempfile::tempdir().unwrap();
    let clock = SystemClock::shared();
    let pool = db.service(Service::Assets);
    let shell = Shell::new(ShellConfig::default(), pool.clone(), Arc::clone(&clock)).unwrap();
    let Parts { routes, handlers } = service(Deps {
        pool: pool.clone(),
        clock: Arc::clone(&clock),
        shell: shell.clone(),
        store: Store::local(&folder.path().join("objects"), Arc::clone(&clock)).unwrap(),
        media: Media::new(
            Limits::default(),
            folder.path().to_owned(),
            Arc::new(Semaphore::new(2)),
        ),
        scratch: folder.path().to_owned(),
        http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
    });
    let (agency, minh) = people(&db).await;
    let router = shell
        .app_for(Viewer::signed_in(minh, Language::En), vec![routes])
        .router;
    let photographs: Vec<_> = (0..count).map(photograph).collect();
    let bytes: usize = photographs.iter().map(Vec::len).sum();
    println!(
        "{count} photographs of {} kB on average",
        bytes / 1000 / photographs.len()
    );

    let stop = CancellationToken::new();
    let worker = tokio::spawn(Worker::new(pool, handlers, clock).run(stop.clone()));
    let began = Instant::now();
    stream::iter(photographs.into_iter().enumerate())
        .for_each_concurrent(AT_ONCE, |(number, bytes)| {
            let router = &router;
            async move { put(router, agency, &format!("photo {number}.jpg"), bytes).await }
        })
        .await;
    let arrived = began.elapsed();
    let wanted = i64::try_from(count).unwrap();
    while sqlx::query_scalar::<_, i64>(
        "select count(*) from assets.search where kind = 'picture' and words <> ''",
    )
    .fetch_one(db.owner())
    .await
    .unwrap()
        < wanted
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let rate = |took: Duration| count as f64 / took.as_secs_f64();
    println!("arrived whole      {:>6.1}/s", rate(arrived));
    println!("found by a search  {:>6.1}/s", rate(began.elapsed()));
    stop.cancel();
    worker.await.unwrap().unwrap();
}
