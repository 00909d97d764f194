//! A ministry with two missions, its people and accounts, and a calendar over it.

use std::collections::BTreeMap;

use bytes::Bytes;
use chancery_access::Principal;
use chancery_calendar::model::{
    ClockChoice, Draft, DraftVariant, Kind, LinkStyle, Rule, Scope, State, StepRole,
};
use chancery_calendar::store::approvals;
use chancery_calendar::store::items::{self, Item, Lock};
use chancery_calendar::workflow::{Approval, Broken, Released, Saved};
use chancery_calendar::{Actor, CalendarError, Workflow};
use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::ids::{AccountId, DeliveryId, ItemId, PersonId, UnitId};
use chancery_contracts::publisher::{DeliveryChanged, DeliveryStatus, OrderCancelled};
use chancery_contracts::{EditionHash, Message, Origin, Release, Service, Topic};
use chancery_database::testing::TestDatabase;
use chancery_media::{ImageLimits, Images};
use chancery_storage::Store;
use chrono::NaiveDateTime;
use serde::de::DeserializeOwned;
use sqlx::PgPool;
use uuid::Uuid;

pub struct Rig {
    pub db: TestDatabase,
    pub clock: TestClock,
    pub calendar: Workflow,
    /// In Vientiane, which shares Hanoi's clock.
    pub mission: UnitId,
    pub paris: UnitId,
    pub room: AccountId,
    pub bluesky: AccountId,
    pub paris_room: AccountId,
    /// Two press attachés in Vientiane.
    pub lan: Principal,
    pub minh: Principal,
    pub ambassador: Principal,
    /// Heads the mission too, and approves at headquarters.
    pub both: Principal,
    pub headquarters: Principal,
    pub desk: Principal,
    /// A native reviewer in Vientiane. Which languages they pass is for each test to say.
    pub reviewer: Principal,
    pub administrator: Principal,
    pub paul: Principal,
    _objects: tempfile::TempDir,
}

/// 21:55 in Vientiane.
pub const NOW: &str = "2026-09-01T14:55:00Z";

pub async fn unit(
    owner: &PgPool,
    parent: Option<Uuid>,
    kind: &str,
    slug: &str,
    zone: &str,
    languages: &[&str],
) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into identity.units (id, parent_id, path, kind, slug, zone, languages, valid_from, created_at, updated_at)
         values ($1, $2, '{}', $3, $4, $5, $6, '2000-01-01', now(), now())",
    )
    .bind(id)
    .bind(parent)
    .bind(kind)
    .bind(slug)
    .bind(zone)
    .bind(languages.iter().map(ToString::to_string).collect::<Vec<_>>())
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
    id
}

async fn account(
    owner: &PgPool,
    unit: Uuid,
    platform: &str,
    languages: &[&str],
    graphemes: i32,
    bytes: Option<i32>,
) -> AccountId {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into publisher.accounts (id, unit_id, platform, handle, name, languages, max_graphemes, max_bytes, state, credentials, created_at, updated_at)
         values ($1, $2, $3, $4, $4, $5, $6, $7, 'enabled', case when $3 <> 'press_room' then 'x'::bytea end, now(), now())",
    )
    .bind(id)
    .bind(unit)
    .bind(platform)
    .bind(format!("{platform}-{}", languages.join("-")))
    .bind(languages.iter().map(ToString::to_string).collect::<Vec<_>>())
    .bind(graphemes)
    .bind(bytes)
    .execute(owner)
    .await
    .unwrap();
    id.into()
}

impl Rig {
    pub async fn new() -> Self {
        let db = TestDatabase::new().await;
        let owner = db.owner();
        let ministry = unit(owner, None, "ministry", "mofa", "Asia/Ho_Chi_Minh", &["vi"]).await;
        let mission = unit(
            owner,
            Some(ministry),
            "embassy",
            "vientiane",
            "Asia/Vientiane",
            &["lo", "vi", "en"],
        )
        .await;
        let paris = unit(
            owner,
            Some(ministry),
            "embassy",
            "paris",
            "Europe/Paris",
            &["fr", "vi", "en"],
        )
        .await;
        let room = account(owner, mission, "press_room", &["vi", "en"], 50_000, None).await;
        let bluesky = account(owner, mission, "bluesky", &["en", "vi"], 300, Some(3_000)).await;
        let paris_room = account(owner, paris, "press_room", &["vi", "fr"], 50_000, None).await;
        let pool = db.service(Service::Calendar);
        let clock = TestClock::at(NOW.parse().unwrap());
        let objects = tempfile::tempdir().unwrap();
        let store = Store::local(objects.path(), clock.shared()).unwrap();
        let images = Images::new(store, ImageLimits::default());
        let calendar = Workflow {
            pool,
            clock: clock.shared(),
            images,
            site: "http://localhost:8080".into(),
        };
        let person = async |name: &str, roles: &[(&str, Uuid)]| person(&db, &clock, name, roles).await;
        let lan = person("Lan", &[("press_attache", mission)]).await;
        let minh = person("Minh", &[("press_attache", mission)]).await;
        let ambassador = person("Ambassador", &[("head_of_mission", mission)]).await;
        let both = person(
            "Both",
            &[("head_of_mission", mission), ("headquarters_approver", ministry)],
        )
        .await;
        let headquarters = person("Headquarters", &[("headquarters_approver", ministry)]).await;
        let desk = person("Desk", &[("desk_officer", ministry)]).await;
        let reviewer = person("Khamla", &[("native_reviewer", mission)]).await;
        let administrator = person("Administrator", &[("administrator", ministry)]).await;
        let paul = person("Paul", &[("press_attache", paris), ("head_of_mission", paris)]).await;
        Self {
            mission: mission.into(),
            paris: paris.into(),
            room,
            bluesky,
            paris_room,
            lan,
            minh,
            ambassador,
            both,
            headquarters,
            desk,
            reviewer,
            administrator,
            paul,
            clock,
            calendar,
            db,
            _objects: objects,
        }
    }

    /// An empty draft of Lan's.
    pub async fn draft(&self) -> ItemId {
        self.calendar
            .create(Actor::new(&self.lan), self.mission, Kind::Statement, "vi")
            .await
            .unwrap()
    }

    pub async fn item(&self, id: ItemId) -> Item {
        let mut conn = self.calendar.pool.acquire().await.unwrap();
        items::load(&mut conn, id, Lock::None).await.unwrap()
    }

    pub async fn state(&self, id: ItemId) -> State {
        self.item(id).await.state
    }

    /// What Lan needs to submit: a statement for the press room, tomorrow at nine.
    pub fn complete(&self) -> Draft {
        Draft {
            kind: Kind::Statement,
            title: "Chúc mừng Quốc khánh".into(),
            body: "Đại sứ quán trân trọng kính mời.\n\nHẹn gặp lại.".into(),
            language: "vi".into(),
            topic: Topic::General,
            audience: "host_public".into(),
            programme: None,
            campaign: None,
            scope: Scope::Public,
            clock: ClockChoice::Host,
            wall: Some("2026-09-02T09:00:00".parse().unwrap()),
            window_minutes: 60,
            links: LinkStyle::AsWritten,
            release: Release::AtTime,
            variants: vec![self.variant(self.room, "vi", None)],
            alts: BTreeMap::new(),
        }
    }

    pub fn variant(&self, account: AccountId, language: &str, body: Option<&str>) -> DraftVariant {
        DraftVariant {
            id: self.clock.new_id(),
            account,
            language: language.into(),
            title: body.map(|_| "Tiêu đề".into()),
            body: body.map(Into::into),
            images: true,
        }
    }

    pub async fn save(&self, who: &Principal, id: ItemId, draft: Draft) -> Result<Saved, CalendarError> {
        let revision = self.item(id).await.revision;
        self.calendar.save(Actor::new(who), id, revision, draft).await
    }

    /// A draft of Lan's with this in it.
    pub async fn written(&self, draft: Draft) -> ItemId {
        let id = self.draft().await;
        assert!(matches!(
            self.save(&self.lan, id, draft).await.unwrap(),
            Saved::Now { .. }
        ));
        id
    }

    pub async fn submit(&self, who: &Principal, id: ItemId) -> Result<(), CalendarError> {
        let revision = self.item(id).await.revision;
        self.calendar.submit(Actor::new(who), id, revision, "").await
    }

    /// Submitted by Lan.
    pub async fn submitted(&self, draft: Draft) -> ItemId {
        let id = self.written(draft).await;
        self.submit(&self.lan, id).await.unwrap();
        id
    }

    pub async fn hash(&self, id: ItemId) -> EditionHash {
        let version = self.item(id).await.version;
        let mut conn = self.calendar.pool.acquire().await.unwrap();
        approvals::version(&mut conn, id, version)
            .await
            .unwrap()
            .unwrap()
            .hash
    }

    pub async fn approve(&self, who: &Principal, id: ItemId) -> Result<Approval, CalendarError> {
        let hash = self.hash(id).await;
        self.calendar.approve(Actor::new(who), id, hash, "", None).await
    }

    /// Approved by the ambassador: ordered.
    pub async fn approved(&self, draft: Draft) -> ItemId {
        let id = self.submitted(draft).await;
        assert_eq!(
            self.approve(&self.ambassador, id).await.unwrap(),
            Approval::Complete
        );
        id
    }

    /// On command, from tomorrow at nine for four hours.
    pub fn on_command(&self) -> Draft {
        Draft {
            release: Release::OnCommand,
            window_minutes: 240,
            ..self.complete()
        }
    }

    /// Approved by the ambassador on command: waits for a word.
    pub async fn ready(&self, draft: Draft) -> ItemId {
        let id = self.submitted(draft).await;
        assert_eq!(self.approve(&self.ambassador, id).await.unwrap(), Approval::Ready);
        id
    }

    pub async fn release(&self, who: &Principal, id: ItemId) -> Result<Released, CalendarError> {
        let hash = self.hash(id).await;
        self.calendar.release(Actor::new(who), id, hash).await
    }

    /// So many minutes into the item's window; before it when negative.
    pub async fn within_window(&self, id: ItemId, minutes: i64) {
        let opens = self.item(id).await.appointment.unwrap().instant();
        self.clock.set(opens + chrono::TimeDelta::minutes(minutes));
    }

    /// The first of two orders it without the rest of its chain.
    pub async fn break_glass(&self, who: &Principal, id: ItemId) -> Result<Uuid, CalendarError> {
        let hash = self.hash(id).await;
        let reason = "Không liên lạc được với Đại sứ, bão sắp vào.";
        self.calendar.break_glass(Actor::new(who), id, hash, reason).await
    }

    /// The second confirms it.
    pub async fn confirm(&self, who: &Principal, id: ItemId, order: Uuid) -> Result<Broken, CalendarError> {
        let hash = self.hash(id).await;
        self.calendar
            .confirm_break_glass(Actor::new(who), id, order, hash)
            .await
    }

    /// From now on Lao texts of Vientiane are passed by the reviewer first.
    pub async fn review_lao(&self) {
        let administrator = Actor::new(&self.administrator);
        let lao = ["lo".to_owned()];
        self.calendar
            .set_reviewer(administrator, self.reviewer.person, &lao)
            .await
            .unwrap();
        let rule = self.rule(None, Some("lo"), &[StepRole::NativeReviewer]);
        self.calendar.put_rule(administrator, rule).await.unwrap();
    }

    /// A rule of Vientiane's.
    pub fn rule(&self, topic: Option<Topic>, language: Option<&str>, steps: &[StepRole]) -> Rule {
        Rule {
            id: self.clock.new_id(),
            unit: Some(self.mission),
            kind: None,
            topic,
            language: language.map(Into::into),
            steps: steps.to_vec(),
        }
    }

    /// Lan's, in Vietnamese and Lao.
    pub fn in_lao(&self) -> Draft {
        let mut draft = self.complete();
        draft
            .variants
            .push(self.variant(self.room, "lo", Some("ສະບາຍດີ.")));
        draft
    }

    /// Tomorrow and later, as somebody comes back with what they hold then.
    pub async fn on(&self, who: &Principal, day: chrono::NaiveDate) -> Principal {
        let mut conn = self.calendar.pool.acquire().await.unwrap();
        chancery_directory::principal(&mut conn, who.person, day)
            .await
            .unwrap()
    }

    /// The messages of a kind that wait on the queue, in the order in which they were sent.
    pub async fn sent<M: Message + DeserializeOwned>(&self) -> Vec<M> {
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

    /// What the publisher would be told at its last moment, asked as the publisher's own role.
    pub async fn stands(&self, id: ItemId, version: i32, hash: EditionHash) -> Option<String> {
        sqlx::query_scalar("select calendar.stands($1, $2, $3)")
            .bind(id.0)
            .bind(version)
            .bind(hash.to_string())
            .fetch_one(&self.db.service(Service::Publisher))
            .await
            .unwrap()
    }

    /// What the rig's clock shows.
    pub fn clock_now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    pub async fn report(&self, id: ItemId, n: u128, sequence: i64, state: DeliveryStatus) {
        let item = self.item(id).await;
        let version = sqlx::query_scalar("select max(version) from calendar.orders where item_id = $1")
            .bind(id.0)
            .fetch_one(self.db.owner())
            .await
            .unwrap();
        let variant = usize::try_from(n).unwrap().min(item.draft.variants.len() - 1);
        let permalink = (state == DeliveryStatus::Published).then(|| format!("https://example.test/{n}"));
        let changed = DeliveryChanged {
            delivery: self.delivery(id, n),
            item: id,
            version,
            account: item.draft.variants[variant].account,
            language: Some(item.draft.variants[variant].language.clone()),
            sequence,
            state,
            permalink,
            reason: None,
        };
        self.calendar
            .delivery_changed(&changed, &Origin::default())
            .await
            .unwrap();
    }

    pub fn delivery(&self, id: ItemId, n: u128) -> DeliveryId {
        Uuid::from_u128(id.0.as_u128().wrapping_add(n + 1)).into()
    }

    pub async fn stopped(&self, id: ItemId, version: i32, not_stopped: Vec<DeliveryId>) {
        let report = OrderCancelled {
            item: id,
            version,
            not_stopped,
        };
        self.calendar
            .order_cancelled(&report, &Origin::default())
            .await
            .unwrap();
    }
}

pub async fn person(db: &TestDatabase, clock: &TestClock, name: &str, roles: &[(&str, Uuid)]) -> Principal {
    let id = Uuid::now_v7();
    let insert = "insert into identity.people (id, name, email, created_at, updated_at) values ($1, $2, $3, now(), now())";
    sqlx::query(insert)
        .bind(id)
        .bind(name)
        .bind(format!("{id}@example.test"))
        .execute(db.owner())
        .await
        .unwrap();
    for (role, unit) in roles {
        sqlx::query(
            "insert into identity.grants (id, person_id, unit_id, role, valid_from, created_at)
             values ($1, $2, $3, $4, '2020-01-01', now())",
        )
        .bind(Uuid::now_v7())
        .bind(id)
        .bind(unit)
        .bind(role)
        .execute(db.owner())
        .await
        .unwrap();
    }
    sqlx::query("insert into identity.totp (person_id, secret, confirmed_at) values ($1, '', now())")
        .bind(id)
        .execute(db.owner())
        .await
        .unwrap();
    let mut conn = db.service(Service::Calendar).acquire().await.unwrap();
    chancery_directory::principal(&mut conn, PersonId(id), clock.now().date_naive())
        .await
        .unwrap()
}

pub fn wall(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// A picture of a few pixels.
pub fn picture() -> Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(8, 6, |x, y| {
        image::Rgb([x.to_le_bytes()[0] * 9, y.to_le_bytes()[0] * 9, 7])
    })
    .write_to(&mut bytes, image::ImageFormat::Png)
    .unwrap();
    bytes.into_inner().into()
}
