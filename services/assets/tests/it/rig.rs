//! A ministry with a news agency and two missions, its people, and a library over it.

use std::path::Path;
use std::sync::Arc;

use chancery_access::Principal;
use chancery_access::{Grant, Role, Via};
use chancery_assets::intake::{self, Arrival, Batch, Purpose, Received};
use chancery_assets::library::{Embedded, Looked};
use chancery_assets::model::{Details, Kind, Licence, Refusal, Text};
use chancery_assets::opening::Opener;
use chancery_assets::store::assets::{self, Asset, Lock};
use chancery_assets::store::files::{self, Found};
use chancery_assets::{Actor, Library};
use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chancery_contracts::{Message, Service};
use chancery_database::testing::TestDatabase;
use chancery_media::{Limits, Media};
use chancery_storage::Store;
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use uuid::Uuid;

pub struct Rig {
    pub db: TestDatabase,
    pub clock: TestClock,
    pub library: Library,
    /// A news agency, in Viet Nam.
    pub agency: UnitId,
    /// In Laos.
    pub vientiane: UnitId,
    /// In France.
    pub paris: UnitId,
    /// Contributes for the agency.
    pub minh: Principal,
    /// Another contributor of the agency.
    pub thu: Principal,
    /// Stewards of the whole library.
    pub steward: Principal,
    pub second_steward: Principal,
    /// Press attachés.
    pub lan: Principal,
    pub paul: Principal,
    /// Reads, uses nothing.
    pub reader: Principal,
    _objects: tempfile::TempDir,
}

/// 10:00 in Hanoi.
pub const NOW: &str = "2026-09-01T03:00:00Z";

async fn unit(
    owner: &PgPool,
    parent: Option<UnitId>,
    kind: &str,
    slug: &str,
    country: Option<&str>,
    zone: &str,
) -> UnitId {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into identity.units (id, parent_id, path, kind, slug, country, zone, languages, valid_from, created_at, updated_at)
         values ($1, $2, '{}', $3, $4, $5, $6, '{vi}', '2000-01-01', now(), now())",
    )
    .bind(id)
    .bind(parent.map(|parent| parent.0))
    .bind(kind)
    .bind(slug)
    .bind(country)
    .bind(zone)
    .execute(owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into identity.unit_names (unit_id, valid_from, names) values ($1, '2000-01-01', jsonb_build_object('vi', $2::text, 'en', $2::text))",
    )
    .bind(id)
    .bind(slug)
    .execute(owner)
    .await
    .unwrap();
    UnitId(id)
}

async fn person(db: &TestDatabase, name: &str, role: Role, unit: UnitId) -> Principal {
    let id = Uuid::now_v7();
    sqlx::query("insert into identity.people (id, name, email, created_at, updated_at) values ($1, $2, $3, now(), now())")
        .bind(id)
        .bind(name)
        .bind(format!("{id}@example.test"))
        .execute(db.owner())
        .await
        .unwrap();
    let from = "2020-01-01".parse().unwrap();
    sqlx::query(
        "insert into identity.grants (id, person_id, unit_id, role, valid_from, created_at) values ($1, $2, $3, $4, $5, now())",
    )
    .bind(Uuid::now_v7())
    .bind(id)
    .bind(unit.0)
    .bind(role.as_str())
    .bind::<chrono::NaiveDate>(from)
    .execute(db.owner())
    .await
    .unwrap();
    Principal {
        person: PersonId(id),
        name: name.to_owned(),
        grants: vec![Grant {
            role,
            unit,
            from,
            to: None,
        }],
        via: Via::Session,
        today: "2026-09-01".parse().unwrap(),
    }
}

impl Rig {
    pub async fn new() -> Self {
        let db = TestDatabase::new().await;
        let owner = db.owner();
        let hanoi = "Asia/Ho_Chi_Minh";
        let ministry = unit(owner, None, "ministry", "mofa", Some("VN"), hanoi).await;
        let agency = unit(owner, Some(ministry), "agency", "agency", Some("VN"), hanoi).await;
        let vientiane = unit(
            owner,
            Some(ministry),
            "embassy",
            "vientiane",
            Some("LA"),
            "Asia/Vientiane",
        )
        .await;
        let paris = unit(
            owner,
            Some(ministry),
            "embassy",
            "paris",
            Some("FR"),
            "Europe/Paris",
        )
        .await;
        let clock = TestClock::at(NOW.parse().unwrap());
        let objects = tempfile::tempdir().unwrap();
        let library = Library {
            pool: db.service(Service::Assets),
            clock: clock.shared(),
            store: Store::local(objects.path(), clock.shared()).unwrap(),
        };
        Self {
            minh: person(&db, "Minh", Role::Contributor, agency).await,
            thu: person(&db, "Thu", Role::Contributor, agency).await,
            steward: person(&db, "Steward", Role::Steward, ministry).await,
            second_steward: person(&db, "Second", Role::Steward, ministry).await,
            lan: person(&db, "Lan", Role::PressAttache, vientiane).await,
            paul: person(&db, "Paul", Role::PressAttache, paris).await,
            reader: person(&db, "Reader", Role::RemoteReader, vientiane).await,
            agency,
            vientiane,
            paris,
            clock,
            library,
            db,
            _objects: objects,
        }
    }

    /// A file of Minh's arrives.
    pub async fn arrive(&self, name: &str, bytes: &[u8], batch: Option<Batch>, purpose: Purpose) -> Arrival {
        let sha256 = self.library.store.put(bytes.to_vec().into()).await.unwrap();
        let received = Received {
            person: self.minh.person,
            unit: self.agency,
            name: name.to_owned(),
            sha256,
            bytes: bytes.len() as u64,
            batch,
            purpose,
        };
        let mut tx = self.library.pool.begin().await.unwrap();
        let arrival = intake::received(&mut tx, &self.library.clock, received)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        arrival
    }

    /// Somebody has looked inside: a picture of 1200 by 800.
    pub async fn look(&self, arrival: Arrival) {
        let mut conn = self.library.pool.acquire().await.unwrap();
        let file = files::load(&mut conn, arrival.file).await.unwrap();
        let clean = format!("clean {}", file.sha256);
        let sha256 = self.library.store.put(clean.clone().into()).await.unwrap();
        let looked = Looked {
            kind: Kind::Picture,
            found: Found {
                media_type: "image/jpeg".into(),
                width: Some(1200),
                height: Some(800),
                look: Some(i64::from_str_radix(file.sha256.get(..15).unwrap(), 16).unwrap()),
                facts: json!({}),
                ..Found::default()
            },
            embedded: Embedded::default(),
            clean: Some((sha256, clean.len() as u64, "image/jpeg".into())),
        };
        drop(conn);
        self.library.looked_into(&file, &looked).await.unwrap();
    }

    /// A picture of Minh's that somebody has looked into: a draft.
    pub async fn draft(&self, name: &str) -> AssetId {
        let arrival = self.arrive(name, name.as_bytes(), None, Purpose::New).await;
        self.look(arrival).await;
        arrival.asset
    }

    /// A file of Minh's that was really opened.
    pub async fn opened(&self, name: &str, bytes: &[u8], scratch: &Path) -> AssetId {
        let arrival = self.arrive(name, bytes, None, Purpose::New).await;
        let media = Media::new(Limits::default(), scratch.to_owned(), Arc::new(Semaphore::new(2)));
        Opener::new(self.library.clone(), media, scratch.to_owned())
            .analyse(arrival.file)
            .await
            .unwrap();
        arrival.asset
    }

    pub async fn asset(&self, id: AssetId) -> Asset {
        let mut conn = self.library.pool.acquire().await.unwrap();
        assets::load(&mut conn, id, Lock::None).await.unwrap()
    }

    /// What is enough to publish it.
    pub fn details(title: &str) -> Details {
        let mut details = Details {
            texts: vec![Text {
                language: "vi".into(),
                title: title.into(),
                alt: "Mô tả".into(),
                ..Text::default()
            }],
            credit: "VNA".into(),
            topics: vec!["01000000".into()],
            ..Details::default()
        };
        details.rights.licence = Licence::Owned;
        details
    }

    pub async fn describe(&self, who: &Principal, id: AssetId, details: Details) -> i64 {
        let revision = self.asset(id).await.revision;
        self.library
            .save(Actor::new(who), id, revision, details)
            .await
            .unwrap()
    }

    /// Published by the steward with these details.
    pub async fn published(&self, name: &str, details: Details) -> AssetId {
        let id = self.draft(name).await;
        self.describe(&self.steward, id, details).await;
        self.library
            .publish(Actor::new(&self.steward), &[id])
            .await
            .unwrap();
        id
    }

    pub async fn may_use(&self, id: AssetId, unit: UnitId, channel: Option<&str>) -> Option<Refusal> {
        // As the publisher asks, in its own role.
        let refusal: Option<String> = sqlx::query_scalar("select assets.may_use($1, $2, $3, $4)")
            .bind(id.0)
            .bind(unit.0)
            .bind(channel)
            .bind(self.clock.now())
            .fetch_one(&self.db.service(Service::Publisher))
            .await
            .unwrap();
        refusal.map(|refusal| refusal.parse().unwrap())
    }

    /// The messages of a kind that wait on the queue, in the order in which they were sent.
    pub async fn sent<M: Message>(&self) -> Vec<M> {
        let payloads: Vec<String> =
            sqlx::query_scalar("select payload from queue.jobs where kind = $1 order by id")
                .bind(M::KIND)
                .fetch_all(self.db.owner())
                .await
                .unwrap();
        payloads
            .iter()
            .map(|payload| serde_json::from_str(payload).unwrap())
            .collect()
    }

    /// What the audit trail has of a thing, in order.
    pub async fn trail(&self, id: AssetId) -> Vec<String> {
        sqlx::query_scalar("select action from audit.entries where subject = $1 order by seq")
            .bind(id.0)
            .fetch_all(self.db.owner())
            .await
            .unwrap()
    }
}

/// A JPEG of so many pixels, whose colours run from corner to corner.
pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, |x, y| {
        let shade = |part: u32, whole: u32| u8::try_from(part * 255 / whole).unwrap();
        image::Rgb([shade(x, width), shade(y, height), 120])
    })
    .write_to(&mut bytes, image::ImageFormat::Jpeg)
    .unwrap();
    bytes.into_inner()
}
