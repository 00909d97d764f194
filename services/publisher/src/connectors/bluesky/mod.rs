//! Bluesky, and every other Personal Data Server of the AT Protocol.
//!
//! Exactly once: the post's own id (a TID) is chosen and stored before the first attempt, and the one commit is
//! `putRecord` with `swapRecord: null`, which creates and never replaces. A second commit with the same key finds the
//! record there (`InvalidSwap`) and says so; after an unknown outcome `getRecord` tells. Observed on the reference
//! server (`@atproto/pds` 0.4.217), against which the conformance suite runs.
//!
//! Credentials: `{"app_password": "…"}`. The person signs in with their handle or DID.

mod afterwards;
mod session;
mod text;
mod tid;
mod xrpc;

use std::collections::BTreeMap;
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use chancery_clock::Clock;
use chancery_contracts::{EditionImage, EditionVariant, Platform};
use chancery_http::{Call, Url};
use chancery_storage::{ContentHash, StorageError};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::session::{Session, Sessions};
use self::tid::Tids;
use self::xrpc::{Answer, endpoint};
use super::{
    Capabilities, Connector, Context, Idempotency, Located, Outcome, Prepared, Profile, Receipt, Rejection,
    Scope, Setback, Taken,
};

pub use self::text::{Span, Target, is_handle, spans};
pub use self::tid::is_tid;

/// The collection that posts are in.
const POSTS: &str = "app.bsky.feed.post";
/// Servers drop a blob that no record refers to "within a time window (eg, minutes)" (`com.atproto.repo.uploadBlob`):
/// one that was uploaded longer ago is uploaded again. Longer than between preparing and the minute, so seldom.
const BLOB_LIFE: TimeDelta = TimeDelta::minutes(15);
/// The media types that every client shows.
const IMAGES: [(&str, &[u8]); 3] = [
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/webp", b"RIFF"),
];

/// What Bluesky takes.
pub use chancery_preflight::BLUESKY as CAPABILITIES;

/// The connector.
#[derive(Default)]
pub struct Bluesky {
    tids: Tids,
    sessions: Sessions,
}

/// What `prepare` leaves for `commit`.
#[derive(Serialize, Deserialize)]
struct State {
    did: String,
    handle: String,
    server: Url,
    /// By the picture's SHA-256.
    blobs: BTreeMap<String, Uploaded>,
    /// DIDs of the mentioned, by handle.
    mentions: BTreeMap<String, String>,
    /// `app.bsky.feed.post#replyRef`, of a correction.
    #[serde(default)]
    reply: Option<Value>,
    /// `app.bsky.feed.post` without `createdAt`; null until everything is there.
    record: Value,
}

#[derive(Serialize, Deserialize)]
struct Uploaded {
    at: DateTime<Utc>,
    blob: Value,
}

#[async_trait]
impl Connector for Bluesky {
    fn platform(&self) -> Platform {
        Platform::Bluesky
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::OwnId
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn credentials(&self) -> &'static [&'static str] {
        &["app_password"]
    }

    fn new_key(&self, clock: &dyn Clock) -> String {
        self.tids.next(clock)
    }

    async fn verify_account(&self, context: &Context) -> Result<Profile, Setback> {
        let answer = self
            .signed_in(context, |session| {
                Call::get(endpoint(&session.server, "com.atproto.server.getSession")).bearer(&session.access)
            })
            .await?;
        let text = |name| {
            answer
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        if answer.get("active").and_then(Value::as_bool) == Some(false) {
            return Err(Setback::NeedsReauth {
                reason: format!("the account is not active: {}", text("status")),
            });
        }
        let (remote_id, handle) = (text("did"), text("handle"));
        if remote_id.is_empty() || handle.is_empty() {
            return Err(Setback::TryAgain {
                reason: "the answer names no account".to_owned(),
            });
        }
        let url = format!("https://bsky.app/profile/{handle}");
        Ok(Profile {
            remote_id,
            handle,
            url,
        })
    }

    async fn prepare(&self, context: &Context, variant: &EditionVariant, state: Option<Value>) -> Prepared {
        self.make_ready(context, variant, None, state).await
    }

    async fn prepare_revision(
        &self,
        context: &Context,
        variant: &EditionVariant,
        remote_id: &str,
        state: Option<Value>,
    ) -> Prepared {
        match self.answered(context, remote_id).await {
            Ok(reply) => self.make_ready(context, variant, Some(reply), state).await,
            Err(why) => Prepared::Stopped { state, why },
        }
    }

    async fn commit(
        &self,
        context: &Context,
        variant: &EditionVariant,
        key: &str,
        prepared: &Value,
        deadline: Instant,
    ) -> Outcome {
        let not_sent = |reason: &str| Outcome::NotSent {
            reason: reason.to_owned(),
        };
        let Ok(mut state) = serde_json::from_value::<State>(prepared.clone()) else {
            return not_sent("it is not prepared");
        };
        // Renewing is not the commit: a failure here has sent nothing of the post.
        let session = match self.sessions.get(context).await {
            Ok(session) => session,
            Err(why) => return unsent(why),
        };
        if session.did != state.did {
            return not_sent("the account has changed since it was prepared");
        }
        let now = context.clock.now();
        if !state.blobs.values().all(|uploaded| uploaded.is_safe(now)) {
            state.blobs.clear();
            if let Err(why) = self.complete(context, variant, &mut state).await {
                return unsent(why);
            }
        }
        let mut record = state.record.clone();
        let Some(fields) = record.as_object_mut() else {
            return not_sent("it is not prepared");
        };
        fields.insert(
            "createdAt".to_owned(),
            now.to_rfc3339_opts(SecondsFormat::Millis, true).into(),
        );
        let call = Call::post(endpoint(&session.server, "com.atproto.repo.putRecord")).bearer(&session.access).json(
            &json!({"repo": state.did, "collection": POSTS, "rkey": key, "swapRecord": null, "record": record}),
        );
        match Answer::of(context.http.commit(call, deadline).await, now) {
            Answer::Fine(answer) => {
                let receipt = state.receipt(key);
                if answer.get("uri").and_then(Value::as_str) == Some(&receipt.remote_id) {
                    Outcome::Published(receipt)
                } else {
                    Outcome::Unknown {
                        reason: "the server names another record".to_owned(),
                    }
                }
            }
            Answer::Refused(refusal) if refusal.name == "InvalidSwap" => {
                match self.locate(context, variant, key, prepared).await {
                    Located::Found(receipt) => Outcome::Published(receipt),
                    Located::Other(_) => Outcome::Unknown {
                        reason: "another post has this key".to_owned(),
                    },
                    Located::Absent => Outcome::Unknown {
                        reason: "the server contradicts itself".to_owned(),
                    },
                    Located::Stopped(why) => Outcome::Unknown {
                        reason: format!("it is there already; {why}"),
                    },
                }
            }
            // Dropped sooner than we thought; a later attempt uploads it again.
            Answer::Refused(refusal) if refusal.name == "BlobNotFound" => Outcome::NotSent {
                reason: refusal.reason(),
            },
            Answer::Refused(refusal) => Outcome::Rejected(refusal.rejection()),
            Answer::Token(refusal) => {
                if let Err(why) = self.sessions.distrust(context, &session.access).await {
                    tracing::warn!(account = %context.account, %why, "a refused token is still kept");
                }
                Outcome::NotSent {
                    reason: refusal.reason(),
                }
            }
            Answer::Account(refusal) => Outcome::NeedsReauth {
                reason: refusal.reason(),
            },
            Answer::Limited(until) => Outcome::RateLimited {
                until,
                scope: Scope::Account,
            },
            Answer::NotSent(reason) => Outcome::NotSent { reason },
            Answer::Odd(reason) => Outcome::Unknown { reason },
        }
    }

    async fn locate(&self, context: &Context, _: &EditionVariant, key: &str, prepared: &Value) -> Located {
        let Ok(state) = serde_json::from_value::<State>(prepared.clone()) else {
            return Located::Stopped(Setback::Rejected(Rejection::new(
                "not-prepared",
                "there is nothing to look for",
            )));
        };
        let call = Call::get(endpoint(&state.server, "com.atproto.repo.getRecord")).query(&[
            ("repo", &state.did),
            ("collection", POSTS),
            ("rkey", key),
        ]);
        match Answer::of(context.http.fetch(call).await, context.clock.now()) {
            Answer::Fine(answer) => match answer.get("value") {
                Some(record) if same_post(record, &state.record) => Located::Found(state.receipt(key)),
                Some(_) => Located::Other(state.receipt(key)),
                None => Located::Stopped(Setback::TryAgain {
                    reason: "the answer has no record".to_owned(),
                }),
            },
            Answer::Refused(refusal) if refusal.name == "RecordNotFound" => Located::Absent,
            // No other refusal says that the record is not there.
            Answer::Refused(refusal) => Located::Stopped(Setback::TryAgain {
                reason: refusal.reason(),
            }),
            other => Located::Stopped(other.setback()),
        }
    }

    async fn withdraw(&self, context: &Context, remote_id: &str) -> Taken {
        match self.delete(context, remote_id).await {
            Ok(()) => Taken::Gone,
            Err(why) => Taken::Stopped(why),
        }
    }
}

impl Bluesky {
    async fn make_ready(
        &self,
        context: &Context,
        variant: &EditionVariant,
        reply: Option<Value>,
        state: Option<Value>,
    ) -> Prepared {
        let kept = state
            .clone()
            .and_then(|state| serde_json::from_value::<State>(state).ok());
        let session = match CAPABILITIES.check(variant) {
            Err(breach) => Err(Setback::Rejected(breach.into())),
            Ok(()) => self.sessions.get(context).await,
        };
        let session = match session {
            Ok(session) => session,
            Err(why) => return Prepared::Stopped { state, why },
        };
        let mut state = State {
            did: session.did,
            handle: session.handle,
            server: session.server,
            blobs: BTreeMap::new(),
            mentions: BTreeMap::new(),
            reply,
            record: Value::Null,
        };
        // What was uploaded to another account, or is about to be dropped, is of no use.
        if let Some(kept) = kept.filter(|kept| kept.did == state.did) {
            let oldest = context.clock.now() - BLOB_LIFE;
            state.blobs = kept
                .blobs
                .into_iter()
                .filter(|(_, uploaded)| uploaded.at > oldest)
                .collect();
            state.mentions = kept.mentions;
        }
        let done = self.complete(context, variant, &mut state).await;
        match (serde_json::to_value(&state), done) {
            (Ok(state), Ok(())) => Prepared::Ready { state },
            (state, Err(why)) => Prepared::Stopped {
                state: state.ok(),
                why,
            },
            (Err(error), Ok(())) => {
                let why = Setback::Rejected(Rejection::new("state-unwritable", error.to_string()));
                Prepared::Stopped { state: None, why }
            }
        }
    }

    /// Uploads what is missing, looks names up, and puts the record together.
    async fn complete(
        &self,
        context: &Context,
        variant: &EditionVariant,
        state: &mut State,
    ) -> Result<(), Setback> {
        for image in &variant.images {
            if !state.blobs.contains_key(&image.sha256) {
                let blob = self.upload(context, image).await?;
                state.blobs.insert(
                    image.sha256.clone(),
                    Uploaded {
                        at: context.clock.now(),
                        blob,
                    },
                );
            }
        }
        let spans = spans(&variant.body);
        for span in &spans {
            if let Target::Mention(handle) = &span.to
                && !state.mentions.contains_key(handle)
            {
                match resolve(context, &state.server, handle).await {
                    Ok(Some(did)) => {
                        state.mentions.insert(handle.clone(), did);
                    }
                    Ok(None) => {}
                    // A mention is not worth holding a statement for.
                    Err(why) => {
                        tracing::warn!(account = %context.account, %why, "mentions stay plain text");
                        break;
                    }
                }
            }
        }
        let did = |span: &Span| match &span.to {
            Target::Mention(handle) => state.mentions.get(handle).map(String::as_str),
            _ => None,
        };
        let facets: Vec<Value> = spans
            .iter()
            .filter_map(|span| text::facet(span, did(span)))
            .collect();
        let mut record = json!({"$type": POSTS, "text": variant.body, "langs": [variant.language]});
        if let Some(fields) = record.as_object_mut() {
            if !facets.is_empty() {
                fields.insert("facets".to_owned(), facets.into());
            }
            if !variant.images.is_empty() {
                fields.insert("embed".to_owned(), embed(&variant.images, &state.blobs));
            }
            if let Some(reply) = &state.reply {
                fields.insert("reply".to_owned(), reply.clone());
            }
        }
        state.record = record;
        Ok(())
    }

    /// A call as the account. A token that is refused is replaced once.
    async fn signed_in(
        &self,
        context: &Context,
        call: impl Fn(&Session) -> Call + Send,
    ) -> Result<Value, Setback> {
        for _ in 0..2 {
            let session = self.sessions.get(context).await?;
            match Answer::of(context.http.send(call(&session)).await, context.clock.now()) {
                Answer::Fine(value) => return Ok(value),
                Answer::Token(_) => self.sessions.distrust(context, &session.access).await?,
                other => return Err(other.setback()),
            }
        }
        Err(Setback::NeedsReauth {
            reason: "the server refuses a token that it has just given".to_owned(),
        })
    }

    async fn upload(&self, context: &Context, image: &EditionImage) -> Result<Value, Setback> {
        let file = read(context, image).await?;
        let answer = self
            .signed_in(context, |session| {
                Call::post(endpoint(&session.server, "com.atproto.repo.uploadBlob"))
                    .bearer(&session.access)
                    .bytes(&image.mime, file.clone())
            })
            .await?;
        let blob = answer.get("blob").cloned().unwrap_or_default();
        // The reference server lets an embed claim any media type, so what it took is compared here.
        let same = blob.get("mimeType").and_then(Value::as_str) == Some(&image.mime)
            && blob.get("size").and_then(Value::as_u64) == Some(file.len() as u64)
            && blob.get("ref").is_some();
        if same {
            Ok(blob)
        } else {
            Err(Setback::TryAgain {
                reason: "the server stored another picture than was sent".to_owned(),
            })
        }
    }
}

impl Uploaded {
    /// Whether the server still has it for sure.
    fn is_safe(&self, now: DateTime<Utc>) -> bool {
        self.at + BLOB_LIFE > now
    }
}

impl State {
    fn receipt(&self, key: &str) -> Receipt {
        Receipt {
            remote_id: format!("at://{}/{POSTS}/{key}", self.did),
            url: format!("https://bsky.app/profile/{}/post/{key}", self.handle),
        }
    }
}

/// The approved file, byte for byte, if the platform takes it. It is not made smaller here: the approval is of these
/// bytes, and renditions for platforms are made to fit when a picture is taken in.
async fn read(context: &Context, image: &EditionImage) -> Result<Bytes, Setback> {
    let reject = |code: &str, message: String| Setback::Rejected(Rejection::new(code, message));
    let limit = CAPABILITIES
        .images
        .bytes
        .map_or(u64::MAX, |limit| limit.value.into());
    let hash: ContentHash = image
        .sha256
        .parse()
        .map_err(|_| reject("image-missing", format!("{} is no hash", image.sha256)))?;
    let file = context
        .store
        .read(hash, limit)
        .await
        .map_err(|error| match error {
            StorageError::TooLarge { max_bytes } => {
                reject("image-too-large", format!("larger than {max_bytes} bytes"))
            }
            StorageError::NotFound(_) | StorageError::Damaged(_) => {
                reject("image-missing", error.to_string())
            }
            other => Setback::TryAgain {
                reason: other.to_string(),
            },
        })?;
    let by_content = IMAGES
        .iter()
        .find(|(_, start)| file.starts_with(start))
        .map(|(mime, _)| *mime);
    if by_content != Some(image.mime.as_str()) {
        return Err(reject(
            "image-type",
            format!("is said to be {} and is not", image.mime),
        ));
    }
    Ok(file)
}

/// `app.bsky.embed.images`.
fn embed(images: &[EditionImage], blobs: &BTreeMap<String, Uploaded>) -> Value {
    let images: Vec<Value> = images
        .iter()
        .map(|image| {
            json!({
                "image": blobs.get(&image.sha256).map(|uploaded| &uploaded.blob),
                "alt": image.alt,
                "aspectRatio": {"width": image.width, "height": image.height},
            })
        })
        .collect();
    json!({"$type": "app.bsky.embed.images", "images": images})
}

/// The DID of a handle; none when nobody has it.
async fn resolve(context: &Context, server: &Url, handle: &str) -> Result<Option<String>, Setback> {
    let call = Call::get(endpoint(server, "com.atproto.identity.resolveHandle")).query(&[("handle", handle)]);
    match Answer::of(context.http.send(call).await, context.clock.now()) {
        Answer::Fine(answer) => Ok(answer.get("did").and_then(Value::as_str).map(str::to_owned)),
        Answer::Refused(_) => Ok(None),
        other => Err(other.setback()),
    }
}

/// The same words and the same pictures. Facets may differ: a mention may have been found only later.
fn same_post(one: &Value, other: &Value) -> bool {
    let pictures = |record: &Value| -> Vec<Value> {
        let images = record.pointer("/embed/images").and_then(Value::as_array);
        images
            .into_iter()
            .flatten()
            .filter_map(|image| image.pointer("/image/ref").cloned())
            .collect()
    };
    one.get("text") == other.get("text") && pictures(one) == pictures(other)
}

/// A commit that came to its end before anything of it was sent.
fn unsent(why: Setback) -> Outcome {
    match why {
        Setback::TryAgain { reason } => Outcome::NotSent { reason },
        Setback::RateLimited { until, scope } => Outcome::RateLimited { until, scope },
        Setback::NeedsReauth { reason } => Outcome::NeedsReauth { reason },
        Setback::Rejected(rejection) => Outcome::NotSent {
            reason: rejection.to_string(),
        },
    }
}
