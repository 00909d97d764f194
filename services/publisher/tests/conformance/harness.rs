//! What the suite needs of a platform, and what every platform's module needs.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use chancery_clock::{Clock as _, SystemClock, TestClock};
use chancery_contracts::{EditionImage, EditionVariant};
use chancery_media::{ImageLimits, Images};
use chancery_publisher::connectors::{
    Connector, Context, KeeperError, Outcome, Prepared, Receipt, Secret, SessionKeeper,
};
use chancery_storage::Store;
use image::{ImageFormat, RgbImage};
use serde_json::Value;

use crate::proxy::Proxy;

/// A platform's server with an account on it, behind a [`Proxy`].
#[async_trait]
pub trait Harness: Send + Sync {
    fn connector(&self) -> &dyn Connector;
    fn context(&self) -> &Context;
    fn clock(&self) -> &TestClock;
    fn proxy(&self) -> &Proxy;
    /// How the path of the one irreversible request ends, and that of looking it up.
    fn paths(&self) -> (&'static str, &'static str);
    /// How the path of the request that takes a post down ends.
    fn removal_path(&self) -> &'static str;
    /// What goes out for this text and these pictures.
    fn variant(&self, text: &str, images: Vec<EditionImage>) -> EditionVariant;
    /// A text that the platform does not take for its length.
    fn too_long(&self) -> String;
    /// Everything that the public sees of the account, asked of the server without the connector.
    async fn posts(&self) -> Vec<Post>;
    /// Makes the platform refuse this account's credentials, and lets kept tokens run out.
    async fn revoke(&self);
}

/// A post as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub remote_id: String,
    pub text: String,
    /// Alternative text and file of each picture.
    pub images: Vec<(String, Bytes)>,
    /// The id of the post that it answers.
    pub reply_to: Option<String>,
}

/// Keeps a session in memory; can be told to fail.
#[derive(Default)]
pub struct Memory {
    pub kept: Mutex<Option<Secret>>,
    pub broken: Mutex<bool>,
}

#[async_trait]
impl SessionKeeper for Memory {
    async fn load(&self) -> Result<Option<Secret>, KeeperError> {
        Ok(self.kept.lock().unwrap().clone())
    }

    async fn save(&self, session: &Secret) -> Result<(), KeeperError> {
        if *self.broken.lock().unwrap() {
            return Err(KeeperError("the disk is full".to_owned()));
        }
        *self.kept.lock().unwrap() = Some(session.clone());
        Ok(())
    }
}

/// A clock that shows the present, since servers judge tokens by theirs.
pub fn present() -> TestClock {
    TestClock::at(SystemClock::new().now())
}

/// A store in a folder that lasts as long as the test.
pub fn store(clock: &TestClock) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::local(folder.path(), clock.shared()).unwrap();
    (folder, store)
}

/// A picture, taken in as an upload would be.
pub async fn picture(store: &Store, alt: &str) -> EditionImage {
    let mut png = std::io::Cursor::new(Vec::new());
    RgbImage::from_fn(320, 200, |x, y| {
        image::Rgb([218, u8::try_from(x % 256).unwrap(), u8::try_from(y).unwrap()])
    })
    .write_to(&mut png, ImageFormat::Png)
    .unwrap();
    let images = Images::new(store.clone(), ImageLimits::default());
    let web = images.take_in(png.into_inner().into()).await.unwrap().web;
    EditionImage {
        sha256: web.sha256.to_string(),
        mime: web.mime,
        width: web.width,
        height: web.height,
        alt: alt.to_owned(),
        asset: None,
    }
}

pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

pub async fn prepare(h: &dyn Harness, variant: &EditionVariant) -> Value {
    match h.connector().prepare(h.context(), variant, None).await {
        Prepared::Ready { state } => state,
        other => panic!("{other:?}"),
    }
}

pub fn published(outcome: Outcome) -> Receipt {
    match outcome {
        Outcome::Published(receipt) => receipt,
        other => panic!("{other:?}"),
    }
}
