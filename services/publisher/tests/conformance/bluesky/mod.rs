//! Bluesky's connector and a real Personal Data Server.

mod posts;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::ids::AccountId;
use chancery_contracts::{EditionImage, EditionVariant, Platform};
use chancery_publisher::connectors::bluesky::Bluesky;
use chancery_publisher::connectors::{Connector, Context, Outcome, Prepared, Secret, Setback};
use serde_json::{Value, json};

use crate::harness::{Harness, Memory, Post, prepare, present, soon, store};
use crate::pds::{Account, Pds};
use crate::proxy::{Proxy, http};

crate::conformance!(Bed::start);

const PUT: &str = "com.atproto.repo.putRecord";
const SIGN_IN: &str = "com.atproto.server.createSession";
const REFRESH: &str = "com.atproto.server.refreshSession";

/// An account on the real server, reached through the proxy.
struct Bed {
    connector: Bluesky,
    context: Context,
    clock: TestClock,
    proxy: Proxy,
    pds: Pds,
    account: Account,
    session: Arc<Memory>,
    _files: tempfile::TempDir,
}

impl Bed {
    async fn start() -> Self {
        let pds = Pds::shared().await;
        let proxy = Proxy::to(pds.url.clone()).await;
        let clock = present();
        let account = pds.account(&handle(&clock)).await;
        let session = Arc::new(Memory::default());
        let (files, store) = store(&clock);
        let context = Context {
            account: AccountId(clock.new_id()),
            handle: account.handle.clone(),
            service_url: proxy.url.clone(),
            credentials: Secret::new(json!({"app_password": account.app_password}).to_string()),
            session: Arc::clone(&session) as _,
            http: http(),
            store,
            clock: clock.shared(),
        };
        Self {
            connector: Bluesky::default(),
            context,
            clock,
            proxy,
            pds,
            account,
            session,
            _files: files,
        }
    }

    /// The kept session, to read or to spoil.
    fn kept(&self) -> Value {
        serde_json::from_str(self.session.kept.lock().unwrap().as_ref().unwrap().expose()).unwrap()
    }

    fn keep(&self, session: &Value) {
        *self.session.kept.lock().unwrap() = Some(Secret::new(session.to_string()));
    }

    /// What became of a post of this text.
    async fn post(&self, text: &str) -> Value {
        let variant = self.variant(text, vec![]);
        let state = prepare(self, &variant).await;
        self.commit(&variant, &state).await;
        self.pds.records(&self.account).await.pop().unwrap().1
    }

    async fn commit(&self, variant: &EditionVariant, state: &Value) -> Outcome {
        let key = self.connector.new_key(&self.clock);
        self.connector
            .commit(&self.context, variant, &key, state, soon())
            .await
    }

    async fn setback(&self) -> Setback {
        match self
            .connector
            .prepare(&self.context, &self.variant("Xin chào", vec![]), None)
            .await
        {
            Prepared::Stopped { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }
}

fn handle(clock: &TestClock) -> String {
    let id = clock.new_id().simple().to_string();
    format!("m{}.test", id.get(18..).unwrap())
}

#[async_trait]
impl Harness for Bed {
    fn connector(&self) -> &dyn Connector {
        &self.connector
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn clock(&self) -> &TestClock {
        &self.clock
    }

    fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    fn paths(&self) -> (&'static str, &'static str) {
        (PUT, "com.atproto.repo.getRecord")
    }

    fn removal_path(&self) -> &'static str {
        "com.atproto.repo.deleteRecord"
    }

    fn variant(&self, text: &str, images: Vec<EditionImage>) -> EditionVariant {
        EditionVariant {
            account: self.context.account,
            platform: Platform::Bluesky,
            language: "vi".to_owned(),
            title: String::new(),
            body: text.to_owned(),
            images,
            correction: None,
        }
    }

    fn too_long(&self) -> String {
        "ớ".repeat(301)
    }

    async fn posts(&self) -> Vec<Post> {
        let mut posts = Vec::new();
        for (remote_id, record) in self.pds.records(&self.account).await {
            let mut images = Vec::new();
            for image in record["embed"]["images"].as_array().into_iter().flatten() {
                let file = self
                    .pds
                    .blob(&self.account, image["image"]["ref"]["$link"].as_str().unwrap())
                    .await;
                images.push((image["alt"].as_str().unwrap().to_owned(), file));
            }
            posts.push(Post {
                remote_id,
                text: record["text"].as_str().unwrap().to_owned(),
                images,
                reply_to: record["reply"]["parent"]["uri"].as_str().map(str::to_owned),
            });
        }
        posts
    }

    async fn revoke(&self) {
        self.pds.revoke(&self.account).await;
        self.clock.advance(Duration::from_hours(3));
    }
}
