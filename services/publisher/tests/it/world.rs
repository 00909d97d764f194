//! A ministry with one mission, a clock that stands still, a platform that is simulated, and the publisher.

use std::sync::Arc;

use chancery_clock::{Clock, TestClock, Tz};
use chancery_contracts::ids::{AccountId, AssetId, CampaignId, DeliveryId, ItemId, PersonId, UnitId};
use chancery_contracts::publisher::{CancelOrder, PublishOrder};
use chancery_contracts::{Edition, EditionImage, EditionVariant, Platform, Release, Service, Topic};
use chancery_database::testing::TestDatabase;
use chancery_publisher::Settings;
use chancery_publisher::connectors::{Connector, Idempotency, Registry, Secret};
use chancery_publisher::engine::{Actor, Faults, NewAccount, NoFaults, Parts, Publisher};
use chancery_publisher::vault::Vault;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::simulator::Simulator;

pub struct World {
    pub db: TestDatabase,
    pub clock: TestClock,
    pub sim: Simulator,
    pub publisher: Publisher,
    pub ministry: UnitId,
    pub mission: UnitId,
    pub account: AccountId,
    pub press_room: AccountId,
    pub author: PersonId,
    /// Of the mission; everything that is ordered belongs to it.
    pub campaign: CampaignId,
    folder: TempDir,
}

/// A delivery's row, as the owner of the database sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub state: String,
    pub reason_code: Option<String>,
    pub version: i32,
    pub newer_version: Option<i32>,
    pub key: String,
    pub intents: i32,
    pub permalink: Option<String>,
    pub wake_at: Option<DateTime<Utc>>,
    pub recheck_stop_id: Option<Uuid>,
}

pub fn noon() -> DateTime<Utc> {
    "2026-09-02T05:00:00Z".parse().unwrap()
}

impl World {
    /// A platform that knows a post by an id of ours, as Bluesky does.
    pub async fn new() -> Self {
        Self::on(Idempotency::OwnId).await
    }

    pub async fn on(idempotency: Idempotency) -> Self {
        Self::with(Simulator::new(idempotency)).await
    }

    pub async fn with(sim: Simulator) -> Self {
        let db = TestDatabase::new().await;
        let clock = TestClock::at(noon());
        let folder = tempfile::tempdir().unwrap();
        let [ministry, mission] = [(); 2].map(|()| UnitId(clock.new_id()));
        units(&db, ministry, mission).await;
        let publisher = publisher(&db, &clock, &sim, folder.path(), Arc::new(NoFaults));
        publisher.sweep().await.unwrap();
        let new = NewAccount {
            unit: mission,
            platform: Platform::Bluesky,
            handle: "vientiane.example".to_owned(),
            name: String::new(),
            service_url: "https://sim.invalid".parse().unwrap(),
            languages: vec!["en".to_owned()],
            credentials: Secret::new("{}"),
        };
        let account = publisher.add_account(new, &Actor::default()).await.unwrap();
        let press_room = sqlx::query_scalar(
            "select id from publisher.accounts where platform = 'press_room' and unit_id = $1",
        )
        .bind(mission.0)
        .fetch_one(db.owner())
        .await
        .unwrap();
        let author = PersonId(clock.new_id());
        let campaign = CampaignId(clock.new_id());
        sqlx::query(
            "insert into calendar.campaigns
                 (id, unit_id, name, starts_on, ends_on, owner_id, colour, created_by, created_at, updated_at)
             values ($1, $2, 'Culture week', '2026-09-01', '2026-09-07', $3, 'teal', $3, $4, $4)",
        )
        .bind(campaign.0)
        .bind(mission.0)
        .bind(author.0)
        .bind(noon())
        .execute(db.owner())
        .await
        .unwrap();
        Self {
            db,
            clock,
            sim,
            publisher,
            ministry,
            mission,
            account,
            press_room: AccountId(press_room),
            author,
            campaign,
            folder,
        }
    }

    /// Another process with the same database, that dies or stalls as `faults` says.
    pub fn another(&self, faults: Arc<dyn Faults>) -> Publisher {
        publisher(&self.db, &self.clock, &self.sim, self.folder.path(), faults)
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by.to_std().unwrap());
    }

    /// Another account of the mission on the same platform.
    pub async fn another_account(&self, handle: &str) -> AccountId {
        let new = NewAccount {
            unit: self.mission,
            platform: Platform::Bluesky,
            handle: handle.to_owned(),
            name: String::new(),
            service_url: "https://sim.invalid".parse().unwrap(),
            languages: vec![],
            credentials: Secret::new("{}"),
        };
        self.publisher.add_account(new, &Actor::default()).await.unwrap()
    }

    pub fn variant(&self, account: AccountId, body: &str) -> EditionVariant {
        let platform = if account == self.press_room {
            Platform::PressRoom
        } else {
            Platform::Bluesky
        };
        EditionVariant {
            account,
            platform,
            language: "en".to_owned(),
            title: "Statement".to_owned(),
            body: body.to_owned(),
            images: vec![],
            correction: None,
        }
    }

    /// An item that the calendar has approved, to go out in ten minutes on these accounts; may still go an hour later.
    pub async fn approved(&self, accounts: &[AccountId]) -> PublishOrder {
        let item = ItemId(self.clock.new_id());
        self.approved_as(item, 1, accounts, "Hello from Vientiane").await
    }

    pub async fn approved_as(
        &self,
        item: ItemId,
        version: i32,
        accounts: &[AccountId],
        body: &str,
    ) -> PublishOrder {
        let variants = accounts
            .iter()
            .map(|account| self.variant(*account, body))
            .collect();
        self.approved_edition(item, version, variants).await
    }

    pub async fn approved_edition(
        &self,
        item: ItemId,
        version: i32,
        variants: Vec<EditionVariant>,
    ) -> PublishOrder {
        let due = self.clock.now() + TimeDelta::minutes(10);
        let edition = Edition {
            item,
            version,
            wall: due.naive_utc(),
            zone: Tz::UTC,
            window_minutes: 60,
            release: Release::AtTime,
            variants,
        }
        .canonical();
        let order = PublishOrder {
            item,
            version,
            unit: self.mission,
            topic: Topic::General,
            campaign: Some(self.campaign),
            title: "Statement".to_owned(),
            edition_hash: edition.hash().unwrap(),
            edition,
            due,
            not_after: due + TimeDelta::minutes(60),
        };
        self.calendar_approves(&order).await;
        order
    }

    /// Approved on command with an hour's window from `opens` on; somebody gives the word at `word`.
    pub async fn released(&self, opens: DateTime<Utc>, word: DateTime<Utc>) -> PublishOrder {
        let edition = Edition {
            item: ItemId(self.clock.new_id()),
            version: 1,
            wall: opens.naive_utc(),
            zone: Tz::UTC,
            window_minutes: 60,
            release: Release::OnCommand,
            variants: vec![self.variant(self.account, "On command.")],
        }
        .canonical();
        let order = PublishOrder {
            item: edition.item,
            version: 1,
            unit: self.mission,
            topic: Topic::General,
            campaign: Some(self.campaign),
            title: "Statement".to_owned(),
            edition_hash: edition.hash().unwrap(),
            edition,
            due: word,
            not_after: opens + TimeDelta::minutes(60),
        };
        self.calendar_approves(&order).await;
        order
    }

    /// What the calendar writes when the head of mission approves, and on command somebody gives the word.
    async fn calendar_approves(&self, order: &PublishOrder) {
        let now = self.clock.now();
        let hash = order.edition_hash.to_string();
        let mut tx = self.db.owner().begin().await.unwrap();
        sqlx::query(
            "insert into calendar.items (id, unit_id, kind, state, version, language, wall, zone, publish_at,
                 created_by, created_at, updated_by, updated_at)
             values ($1, $2, 'statement', 'submitted', $3, 'en', $4, 'UTC', $5, $6, $7, $6, $7)
             on conflict (id) do update set version = excluded.version, state = 'submitted'",
        )
        .bind(order.item.0)
        .bind(order.unit.0)
        .bind(order.version)
        .bind(order.edition.wall)
        .bind(order.due)
        .bind(self.author.0)
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into calendar.versions (item_id, version, edition, edition_hash, chain, submitted_by, submitted_at)
             values ($1, $2, $3, $4, '{head_of_mission}', $5, $6)",
        )
        .bind(order.item.0)
        .bind(order.version)
        .bind(Json(&order.edition))
        .bind(&hash)
        .bind(self.author.0)
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into calendar.decisions (id, item_id, version, edition_hash, step, role, decision, person_id, decided_at)
             values ($1, $2, $3, $4, 1, 'head_of_mission', 'approved', $5, $6)",
        )
        .bind(self.clock.new_id())
        .bind(order.item.0)
        .bind(order.version)
        .bind(&hash)
        .bind(self.clock.new_id())
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        if order.edition.release == Release::OnCommand {
            sqlx::query("update calendar.items set state = 'ready' where id = $1")
                .bind(order.item.0)
                .execute(&mut *tx)
                .await
                .unwrap();
            sqlx::query(
                "insert into calendar.releases (item_id, version, edition_hash, person_id, opens_at, closes_at, released_at)
                 values ($1, $2, $3, $4, $5 - interval '60 minutes', $5, $5 - interval '60 minutes')",
            )
            .bind(order.item.0)
            .bind(order.version)
            .bind(&hash)
            .bind(self.author.0)
            .bind(order.not_after)
            .execute(&mut *tx)
            .await
            .unwrap();
        }
        sqlx::query(
            "insert into calendar.orders (item_id, version, edition_hash, not_after, ordered_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(order.item.0)
        .bind(order.version)
        .bind(&hash)
        .bind(order.not_after)
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// An approved item whose deliveries the publisher has made.
    pub async fn ordered(&self, accounts: &[AccountId]) -> (PublishOrder, Vec<DeliveryId>) {
        let order = self.approved(accounts).await;
        self.publisher.take_order(&order).await.unwrap().unwrap();
        let ids = self
            .of(order.item)
            .await
            .iter()
            .map(|row| DeliveryId(row.id))
            .collect();
        (order, ids)
    }

    /// One delivery on the simulated platform, prepared, at its minute: only the commit remains.
    pub async fn ready(&self) -> (PublishOrder, DeliveryId) {
        self.ready_on(self.account).await
    }

    pub async fn ready_on(&self, account: AccountId) -> (PublishOrder, DeliveryId) {
        let (order, ids) = self.ordered(&[account]).await;
        self.publisher.prepare(ids[0]).await.unwrap();
        assert_eq!(self.row(ids[0]).await.state, "ready");
        self.clock.set(order.due);
        (order, ids[0])
    }

    /// A published picture of the library, owned by the mission.
    pub async fn asset(&self) -> AssetId {
        let id = AssetId(self.clock.new_id());
        sqlx::query(
            "insert into assets.assets (id, unit_id, kind, state, file_name, licence, published_at, created_by, created_at,
                 updated_by, updated_at)
             values ($1, $2, 'picture', 'published', 'a.jpg', 'owned', $3, $2, $3, $2, $3)",
        )
        .bind(id.0)
        .bind(self.mission.0)
        .bind(noon())
        .execute(self.db.owner())
        .await
        .unwrap();
        id
    }

    /// Ready on the account, with a picture made of `asset`.
    pub async fn ready_with(&self, asset: AssetId) -> DeliveryId {
        let mut variant = self.variant(self.account, "Hello");
        variant.images.push(EditionImage {
            sha256: "0".repeat(64),
            mime: "image/jpeg".to_owned(),
            width: 8,
            height: 6,
            alt: "A gate".to_owned(),
            asset: Some(asset),
        });
        let item = ItemId(self.clock.new_id());
        let order = self.approved_edition(item, 1, vec![variant]).await;
        self.publisher.take_order(&order).await.unwrap().unwrap();
        let id = DeliveryId(self.of(item).await[0].id);
        self.publisher.prepare(id).await.unwrap();
        self.clock.set(order.due);
        id
    }

    pub async fn commit(&self, id: DeliveryId) {
        self.publisher.commit(id, || true).await.unwrap();
    }

    pub async fn cancel(&self, item: ItemId, version: i32) {
        self.publisher
            .cancel_order(&CancelOrder { item, version })
            .await
            .unwrap();
    }

    /// Lets so much time pass that what is unknown may be looked up.
    pub fn let_locate_begin(&self) {
        self.advance(Settings::default().locate_after());
    }

    pub async fn row(&self, id: DeliveryId) -> Row {
        sqlx::query_as(&*format!("{ROW} where id = $1").leak())
            .bind(id.0)
            .fetch_one(self.db.owner())
            .await
            .unwrap()
    }

    pub async fn of(&self, item: ItemId) -> Vec<Row> {
        sqlx::query_as(&*format!("{ROW} where item_id = $1 order by id").leak())
            .bind(item.0)
            .fetch_all(self.db.owner())
            .await
            .unwrap()
    }

    /// The ledger of a delivery: its steps in order.
    pub async fn steps(&self, id: DeliveryId) -> Vec<String> {
        sqlx::query_scalar("select step from publisher.delivery_steps where delivery_id = $1 order by id")
            .bind(id.0)
            .fetch_all(self.db.owner())
            .await
            .unwrap()
    }

    /// Behind everybody's back.
    pub async fn tamper(&self, statement: &'static str) {
        sqlx::query(statement).execute(self.db.owner()).await.unwrap();
    }
}

const ROW: &str = "select id, state, reason_code, version, newer_version, key, intents, permalink, wake_at, recheck_stop_id \
                   from publisher.deliveries";

fn publisher(
    db: &TestDatabase,
    clock: &TestClock,
    sim: &Simulator,
    folder: &std::path::Path,
    faults: Arc<dyn Faults>,
) -> Publisher {
    let connector: Arc<dyn Connector> = Arc::new(sim.clone());
    Publisher::new(Parts {
        pool: db.service(Service::Publisher),
        clock: clock.shared(),
        connectors: Registry::of(vec![connector]),
        vault: Vault::new(&[7; 32]),
        http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
        store: chancery_storage::Store::local(folder, clock.shared()).unwrap(),
        settings: Settings::default(),
        base_url: "https://chancery.example".to_owned(),
        faults,
    })
}

async fn units(db: &TestDatabase, ministry: UnitId, mission: UnitId) {
    let units = [
        (
            ministry,
            None,
            "ministry",
            "bo-ngoai-giao",
            "Asia/Ho_Chi_Minh",
            None,
        ),
        (
            mission,
            Some(ministry),
            "embassy",
            "vientiane",
            "Asia/Vientiane",
            Some("asean"),
        ),
    ];
    for (id, parent, kind, slug, zone, region) in units {
        sqlx::query(
            "insert into identity.units (id, parent_id, path, kind, slug, zone, region, languages, valid_from, created_at, updated_at)
             values ($1, $2, '{}', $3, $4, $5, $6, '{vi,en,lo}', '2020-01-01', $7, $7)",
        )
        .bind(id.0)
        .bind(parent.map(|unit| unit.0))
        .bind(kind)
        .bind(slug)
        .bind(zone)
        .bind(region)
        .bind(noon())
        .execute(db.owner())
        .await
        .unwrap();
        sqlx::query("insert into identity.unit_names (unit_id, valid_from, names, city) values ($1, '2020-01-01', $2, $3)")
            .bind(id.0)
            .bind(serde_json::json!({ "vi": slug, "en": slug }))
            .bind(serde_json::json!({ "vi": "Viêng Chăn", "en": "Vientiane" }))
            .execute(db.owner())
            .await
            .unwrap();
    }
}
