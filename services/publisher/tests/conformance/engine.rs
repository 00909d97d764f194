//! The whole way of a post, from the approved order to the real server, with the publisher's own database.

use std::path::Path;
use std::sync::Arc;

use chancery_clock::Clock as _;
use chancery_contracts::ids::AccountId;
use chancery_contracts::{Platform, Service};
use chancery_publisher::Settings;
use chancery_publisher::connectors::{Registry, Secret};
use chancery_publisher::engine::{Actor, AddError, NewAccount, NoFaults, Parts, Publisher};
use chancery_publisher::vault::Vault;
use chrono::TimeDelta;
use serde_json::json;

use crate::pds::{Account, Pds};
use crate::proxy::{Fault, Proxy, http};
use crate::world::World;

const PUT: &str = "com.atproto.repo.putRecord";

struct Embassy {
    world: World,
    pds: Pds,
    proxy: Proxy,
    account: Account,
    files: tempfile::TempDir,
}

impl Embassy {
    async fn open() -> Self {
        let world = World::new().await;
        let pds = Pds::shared().await;
        let proxy = Proxy::to(pds.url.clone()).await;
        let id = world.clock.new_id().simple().to_string();
        let account = pds.account(&format!("e{}.test", id.get(18..).unwrap())).await;
        Self {
            world,
            pds,
            proxy,
            account,
            files: tempfile::tempdir().unwrap(),
        }
    }

    /// One process; each has its own connector and shares the database.
    fn publisher(&self) -> Publisher {
        let files: &Path = self.files.path();
        Publisher::new(Parts {
            pool: self.world.db.service(Service::Publisher),
            clock: self.world.clock.shared(),
            connectors: Registry::all(),
            vault: Vault::new(&[7; 32]),
            http: http(),
            store: chancery_storage::Store::local(files, self.world.clock.shared()).unwrap(),
            settings: Settings {
                commit_window: TimeDelta::seconds(3),
                ..Settings::default()
            },
            base_url: "https://chancery.example".to_owned(),
            faults: Arc::new(NoFaults),
        })
    }

    async fn connect(&self, publisher: &Publisher, app_password: &str) -> Result<AccountId, AddError> {
        let new = NewAccount {
            unit: self.world.mission,
            platform: Platform::Bluesky,
            handle: self.account.handle.clone(),
            name: "Đại sứ quán tại Viêng Chăn".to_owned(),
            service_url: self.proxy.url.clone(),
            languages: vec!["vi".to_owned()],
            credentials: Secret::new(json!({ "app_password": app_password }).to_string()),
        };
        publisher.add_account(new, &Actor::default()).await
    }
}

#[tokio::test]
async fn an_approved_order_goes_out_once_and_its_receipt_is_the_servers() {
    let embassy = Embassy::open().await;
    let (one, two) = (embassy.publisher(), embassy.publisher());
    assert!(matches!(
        embassy.connect(&one, "wrong").await,
        Err(AddError::Credentials(_))
    ));
    let account = embassy
        .connect(&one, &embassy.account.app_password)
        .await
        .unwrap();
    let order = embassy.world.approved(&[account]).await;
    one.take_order(&order).await.unwrap().unwrap();
    let id = embassy.world.of(order.item).await[0].id.into();
    one.prepare(id).await.unwrap();
    let sign_ins = embassy.proxy.count("createSession");
    embassy.world.clock.set(order.due);
    // Both processes are woken; the second signs in with nothing but the session that the first has stored.
    let (first, second) = tokio::join!(one.commit(id, || true), two.commit(id, || true));
    first.unwrap();
    second.unwrap();
    assert_eq!(
        (embassy.proxy.count(PUT), embassy.proxy.count("createSession")),
        (1, sign_ins)
    );
    let row = embassy.world.row(id).await;
    assert_eq!(row.state, "published");
    let (uri, record) = embassy.pds.records(&embassy.account).await.pop().unwrap();
    assert!(uri.ends_with(&row.key));
    assert_eq!(record["text"], order.edition.variants[0].body);
    let handle = &embassy.account.handle;
    assert_eq!(
        row.permalink,
        Some(format!("https://bsky.app/profile/{handle}/post/{}", row.key))
    );
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up_and_never_sent_again() {
    let embassy = Embassy::open().await;
    let publisher = embassy.publisher();
    let account = embassy
        .connect(&publisher, &embassy.account.app_password)
        .await
        .unwrap();
    for fault in [Fault::AfterSilence, Fault::AfterCut] {
        let before = embassy.proxy.count(PUT);
        let order = embassy.world.approved(&[account]).await;
        publisher.take_order(&order).await.unwrap().unwrap();
        let id = embassy.world.of(order.item).await[0].id.into();
        publisher.prepare(id).await.unwrap();
        embassy.world.clock.set(order.due);
        embassy.proxy.fail(PUT, fault);
        publisher.commit(id, || true).await.unwrap();
        embassy.proxy.quiet().await;
        assert_eq!(embassy.world.row(id).await.state, "unknown");
        publisher.commit(id, || true).await.unwrap();
        embassy.world.let_locate_begin();
        publisher.locate(id).await.unwrap();
        assert_eq!(embassy.world.row(id).await.state, "published");
        assert_eq!(embassy.proxy.count(PUT), before + 1);
    }
    assert_eq!(embassy.pds.records(&embassy.account).await.len(), 2);
}

#[tokio::test]
async fn what_did_not_arrive_goes_out_once_with_the_same_key() {
    let embassy = Embassy::open().await;
    let publisher = embassy.publisher();
    let account = embassy
        .connect(&publisher, &embassy.account.app_password)
        .await
        .unwrap();
    let order = embassy.world.approved(&[account]).await;
    publisher.take_order(&order).await.unwrap().unwrap();
    let id = embassy.world.of(order.item).await[0].id.into();
    publisher.prepare(id).await.unwrap();
    embassy.world.clock.set(order.due);
    embassy.proxy.fail(PUT, Fault::Silence);
    publisher.commit(id, || true).await.unwrap();
    let key = embassy.world.row(id).await.key;
    embassy.world.let_locate_begin();
    publisher.locate(id).await.unwrap();
    assert!(embassy.pds.records(&embassy.account).await.is_empty());
    publisher.prepare(id).await.unwrap();
    publisher.commit(id, || true).await.unwrap();
    let row = embassy.world.row(id).await;
    assert_eq!((row.state.as_str(), &row.key), ("published", &key));
    assert_eq!(embassy.pds.records(&embassy.account).await.len(), 1);
}
