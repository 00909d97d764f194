//! The demonstration's past, replayed: the publisher and the calendar work through it on a clock that was turned back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chancery_clock::{Clock, SharedClock, TestClock};
use chancery_contracts::ids::{AccountId, ItemId};
use chancery_contracts::{EditionVariant, Platform, Service};
use chancery_identity::demo::Loaded;
use chancery_media::Images;
use chancery_publisher::Publisher;
use chancery_publisher::connectors::{
    Capabilities, Connector, Context, Idempotency, Located, Outcome, Prepared, Profile, Receipt, Registry,
    Rejection, Secret, Setback, Taken,
};
use chancery_publisher::engine::{Actor, NewAccount};
use chancery_queue::Worker;
use chancery_web::{Shell, ShellConfig};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::content::{Content, Item, State};
use super::said;
use crate::compose;
use crate::error::Failure;
use crate::ground::Ground;

/// The mission that has an account beside its press room.
const MISSION: &str = "vientiane";
const HANDLE: &str = "vientiane.demo.example";

/// Services that run in the past.
pub struct Replay<'a> {
    ground: &'a Ground,
    now: DateTime<Utc>,
    clock: TestClock,
    publisher: Publisher,
    workers: [Worker; 3],
    account: Mutex<Option<AccountId>>,
}

impl<'a> Replay<'a> {
    /// Sets the services up, a month ago.
    pub fn new(
        ground: &'a Ground,
        clock: &SharedClock,
        images: &Images,
        content: &Content,
    ) -> Result<Self, Failure> {
        let now = clock.now();
        let past = TestClock::at(now - TimeDelta::days(30));
        let pool = |service| ground.logins.pool(service, 4);
        let base_url = ground
            .config
            .base_url()?
            .as_str()
            .trim_end_matches('/')
            .to_owned();
        let config = ShellConfig {
            base_url,
            demo: true,
            ..ShellConfig::default()
        };
        let shell = Shell::new(config, pool(Service::Identity), past.shared()).map_err(said)?;
        let stage = Stage::of(content)?;
        let publisher = chancery_publisher::service(chancery_publisher::Deps {
            pool: pool(Service::Publisher),
            clock: past.shared(),
            shell: shell.clone(),
            connectors: Registry::of(vec![Arc::new(stage)]),
            vault: compose::vault(ground),
            http: chancery_http::Client::new(chancery_http::Settings::default()).map_err(said)?,
            store: images.store().clone(),
            settings: chancery_publisher::Settings::default(),
        });
        let calendar = chancery_calendar::service(chancery_calendar::Deps {
            pool: pool(Service::Calendar),
            clock: past.shared(),
            shell: shell.clone(),
            images: images.clone(),
            http: chancery_http::Client::new(chancery_http::Settings::default()).map_err(said)?,
            vault: compose::webhook_vault(ground),
        });
        let identity = chancery_identity::service(chancery_identity::Deps {
            pool: pool(Service::Identity),
            clock: past.shared(),
            shell,
            secret_key: *ground.key.bytes(),
            // What happened in a demonstration's past is told to nobody.
            mailer: None,
            trust_proxy: false,
            shutdown: CancellationToken::new(),
        });
        let workers = [
            Worker::new(pool(Service::Publisher), publisher.handlers, past.shared()),
            Worker::new(pool(Service::Calendar), calendar.handlers, past.shared()),
            Worker::new(pool(Service::Identity), identity.handlers, past.shared()),
        ];
        Ok(Self {
            ground,
            now,
            clock: past,
            publisher: publisher.publisher,
            workers,
            account: Mutex::new(None),
        })
    }

    /// Opens every mission's press room, and connects one account on the stand-in for Bluesky.
    pub async fn open_accounts(&self, loaded: &Loaded) -> Result<(), Failure> {
        self.publisher.sweep().await.map_err(said)?;
        let Some(unit) = loaded.units.get(MISSION).copied() else {
            return Ok(());
        };
        let account = NewAccount {
            unit,
            platform: Platform::Bluesky,
            handle: HANDLE.to_owned(),
            name: "Embassy of Viet Nam in Laos".to_owned(),
            service_url: "https://bluesky.demo.example".parse().map_err(said)?,
            languages: vec!["en".to_owned(), "vi".to_owned(), "lo".to_owned()],
            credentials: Secret::new(json!({ "password": "demonstration" }).to_string()),
        };
        let id = self
            .publisher
            .add_account(account, &Actor::default())
            .await
            .map_err(said)?;
        *self.account.lock().await = Some(id);
        Ok(())
    }

    /// Lets the clock strike each of `times`, in order, and the services do what is due then.
    pub async fn run(&self, times: &[DateTime<Utc>]) -> Result<(), Failure> {
        for time in times {
            let before = self.clock.now();
            self.clock.set((*time).max(before));
            // People are told once a day: nobody reads the demonstration's past minute by minute.
            self.work(before.date_naive() != time.date_naive()).await?;
        }
        // What nobody answered is looked up a little later.
        self.clock.advance(Duration::from_mins(3));
        self.work(false).await?;
        self.clock.set(self.now);
        self.work(true).await
    }

    /// The present again: what was taken down is taken down, and the account that only the stand-in knows is off, so that
    /// nothing is ever sent to its address.
    pub async fn close(&self, content: &Content, items: &[ItemId]) -> Result<(), Failure> {
        if let Some(account) = *self.account.lock().await {
            self.publisher
                .switch_account(account, false, &Actor::default())
                .await
                .map_err(said)?;
        }
        let owner = self.ground.owner().await?;
        let mut connection = owner.acquire().await?;
        for item in &content.items {
            let (Some(reason), Some(text)) = (&item.withdrawn, item.texts.get("vi")) else {
                continue;
            };
            let reasons = [("vi", reason.vi.as_str()), ("en", reason.en.as_str())];
            chancery_newsroom::demo::withdraw(&mut connection, items, &text.title, &reasons).await?;
        }
        drop(connection);
        owner.close().await;
        Ok(())
    }

    /// Whatever is due: orders and deliveries, what the calendar hears of them, and notices if wanted.
    async fn work(&self, notices: bool) -> Result<(), Failure> {
        let [publisher, calendar, identity] = &self.workers;
        publisher.drain().await.map_err(said)?;
        calendar.drain().await.map_err(said)?;
        if notices {
            identity.drain().await.map_err(said)?;
        }
        Ok(())
    }
}

/// Bluesky as the demonstration plays it: it answers each text as the data files say, and reaches no network.
struct Stage {
    capabilities: &'static Capabilities,
    answers: HashMap<String, State>,
}

impl Stage {
    fn of(content: &Content) -> Result<Self, Failure> {
        let capabilities = Registry::all()
            .capabilities(Platform::Bluesky)
            .ok_or_else(|| said("this build cannot speak to Bluesky"))?;
        let text = |item: &Item| Some((item.bluesky.clone()?, item.state));
        Ok(Self {
            capabilities,
            answers: content.items.iter().filter_map(text).collect(),
        })
    }

    fn receipt(key: &str) -> Receipt {
        Receipt {
            remote_id: format!("at://did:web:{HANDLE}/app.bsky.feed.post/{key}"),
            url: format!("https://bluesky.demo.example/profile/{HANDLE}/post/{key}"),
        }
    }
}

#[async_trait]
impl Connector for Stage {
    fn platform(&self) -> Platform {
        Platform::Bluesky
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::OwnId
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    fn credentials(&self) -> &'static [&'static str] {
        &["password"]
    }

    fn new_key(&self, clock: &dyn Clock) -> String {
        clock.new_id().simple().to_string()
    }

    async fn verify_account(&self, context: &Context) -> Result<Profile, Setback> {
        Ok(Profile {
            remote_id: format!("did:web:{HANDLE}"),
            handle: context.handle.clone(),
            url: format!("https://bluesky.demo.example/profile/{HANDLE}"),
        })
    }

    async fn prepare(&self, _: &Context, _: &EditionVariant, _: Option<Value>) -> Prepared {
        Prepared::Ready { state: Value::Null }
    }

    async fn prepare_revision(&self, _: &Context, _: &EditionVariant, _: &str, _: Option<Value>) -> Prepared {
        Prepared::Ready { state: Value::Null }
    }

    async fn commit(
        &self,
        _: &Context,
        variant: &EditionVariant,
        key: &str,
        _: &Value,
        _: Instant,
    ) -> Outcome {
        match self.answers.get(&variant.body) {
            Some(State::Partly | State::Failed) => Outcome::Rejected(Rejection::new(
                "InvalidRequest",
                "The account may not post at this time",
            )),
            Some(State::NeedsPerson) => Outcome::Unknown {
                reason: "the connection was cut before the answer".to_owned(),
            },
            _ => Outcome::Published(Self::receipt(key)),
        }
    }

    async fn locate(&self, _: &Context, _: &EditionVariant, key: &str, _: &Value) -> Located {
        Located::Other(Self::receipt(key))
    }

    async fn withdraw(&self, _: &Context, _: &str) -> Taken {
        Taken::Gone
    }
}
