//! The press room over a real database, through the whole application, as a reader or a crawler sees it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at what it did not expect"
)]

mod feeds;
mod images;
mod pages;
mod publishing;
mod room;
mod short;
mod taking_back;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use chancery_clock::TestClock;
use chancery_contracts::Service;
use chancery_database::testing::TestDatabase;
use chancery_media::{ImageLimits, Images};
use chancery_newsroom::{Deps, service};
use chancery_storage::Store;
use chancery_web::{Shell, ShellConfig};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

const VIENTIANE: Uuid = Uuid::from_u128(2);
const NOW: &str = "2026-09-02T03:00:00Z";

/// An installation with a ministry, the embassy in Vientiane and one in Cairo.
struct House {
    database: TestDatabase,
    images: Arc<Images>,
    clock: TestClock,
    router: Router,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl House {
    async fn new() -> Self {
        Self::with(ShellConfig {
            base_url: "https://chancery.example".into(),
            ..ShellConfig::default()
        })
        .await
    }

    async fn with(config: ShellConfig) -> Self {
        let database = TestDatabase::new().await;
        let folder = tempfile::tempdir().unwrap();
        let moved = TestClock::at(NOW.parse().unwrap());
        let clock = moved.shared();
        let store = Store::local(folder.path(), Arc::clone(&clock)).unwrap();
        let images = Arc::new(Images::new(store, ImageLimits::default()));
        let pool = database.service(Service::Newsroom);
        let shell = Shell::new(config, pool.clone(), Arc::clone(&clock)).unwrap();
        let deps = Deps {
            pool,
            shell: shell.clone(),
            images: Arc::clone(&images),
            clock,
        };
        let router = shell.app(vec![service(deps).routes]).router;
        let house = Self {
            database,
            images,
            clock: moved,
            router,
            _folder: folder,
        };
        house
            .unit(
                1,
                None,
                "ministry",
                "ministry",
                "Bộ Ngoại giao",
                "Ministry",
                "Asia/Ho_Chi_Minh",
            )
            .await;
        let embassy = ("Đại sứ quán Việt Nam tại Lào", "Embassy of Viet Nam in Laos");
        house
            .unit(
                2,
                Some(1),
                "embassy",
                "vientiane",
                embassy.0,
                embassy.1,
                "Asia/Vientiane",
            )
            .await;
        let cairo = ("Đại sứ quán Việt Nam tại Ai Cập", "Embassy of Viet Nam in Egypt");
        house
            .unit(3, Some(1), "embassy", "cairo", cairo.0, cairo.1, "Africa/Cairo")
            .await;
        house
    }

    #[expect(clippy::too_many_arguments, reason = "a fixture in one line each")]
    async fn unit(
        &self,
        id: u128,
        parent: Option<u128>,
        kind: &str,
        slug: &str,
        vi: &str,
        en: &str,
        zone: &str,
    ) {
        let mut connection = self.database.owner().acquire().await.unwrap();
        sqlx::query(
            "insert into identity.units (id, parent_id, path, kind, slug, zone, valid_from, created_at, updated_at)
             values ($1, $2, '{}', $3, $4, $5, '1976-07-02', now(), now())",
        )
        .bind(Uuid::from_u128(id))
        .bind(parent.map(Uuid::from_u128))
        .bind(kind)
        .bind(slug)
        .bind(zone)
        .execute(&mut *connection)
        .await
        .unwrap();
        sqlx::query(
            "insert into identity.unit_names (unit_id, valid_from, names, city)
             values ($1, '1976-07-02', jsonb_build_object('vi', $2::text, 'en', $3::text), '{\"vi\": \"Nơi\", \"en\": \"Place\"}')",
        )
        .bind(Uuid::from_u128(id))
        .bind(vi)
        .bind(en)
        .execute(&mut *connection)
        .await
        .unwrap();
    }

    /// Publishes as the publisher does; gives the address.
    async fn publish(&self, release: &Draft<'_>) -> String {
        let pool = self.database.service(Service::Publisher);
        sqlx::query_scalar("select newsroom.publish($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(release.delivery)
            .bind(release.item)
            .bind(release.unit)
            .bind(release.language)
            .bind(release.title)
            .bind(release.body)
            .bind(&release.images)
            .bind(release.at.parse::<chrono::DateTime<chrono::Utc>>().unwrap())
            .bind("general")
            .fetch_one(&pool)
            .await
            .unwrap()
    }

    async fn withdraw(&self, delivery: Uuid, reason: &str) -> bool {
        let pool = self.database.service(Service::Publisher);
        sqlx::query_scalar("select newsroom.withdraw($1, $2)")
            .bind(delivery)
            .bind(reason)
            .fetch_one(&pool)
            .await
            .unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes(),
        }
    }
}

/// A release about to be published; the fields that a test does not care about have values.
#[derive(Clone)]
struct Draft<'a> {
    delivery: Uuid,
    item: Uuid,
    unit: Uuid,
    language: &'a str,
    title: &'a str,
    body: &'a str,
    images: serde_json::Value,
    at: &'a str,
}

fn draft(number: u128, title: &str) -> Draft<'_> {
    Draft {
        delivery: Uuid::from_u128(0x1000 + number),
        item: Uuid::from_u128(0x2000 + number),
        unit: VIENTIANE,
        language: "vi",
        title,
        body: "Đoạn thứ nhất.\n\nĐoạn thứ hai.",
        images: serde_json::json!([]),
        at: "2026-09-02T02:00:00Z",
    }
}
