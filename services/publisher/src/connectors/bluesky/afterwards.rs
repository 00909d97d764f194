//! What is done with a post that is out: it is deleted, or answered by a correction.

use chancery_http::Call;
use serde_json::{Value, json};

use super::xrpc::{Answer, endpoint};
use super::{Bluesky, POSTS, is_tid};
use crate::connectors::{Context, Rejection, Setback};

impl Bluesky {
    /// `app.bsky.feed.post#replyRef` to the post that a receipt names, as it stands now.
    pub(super) async fn answered(&self, context: &Context, remote_id: &str) -> Result<Value, Setback> {
        let (did, key) = Self::parts(remote_id)?;
        let session = self.sessions.get(context).await?;
        let call = Call::get(endpoint(&session.server, "com.atproto.repo.getRecord")).query(&[
            ("repo", did),
            ("collection", POSTS),
            ("rkey", key),
        ]);
        match Answer::of(context.http.fetch(call).await, context.clock.now()) {
            Answer::Fine(answer) => {
                let cid = answer.get("cid").filter(|cid| cid.is_string());
                let cid = cid.ok_or_else(|| Setback::TryAgain {
                    reason: "the answer has no cid".to_owned(),
                })?;
                let post = json!({"uri": remote_id, "cid": cid});
                Ok(json!({"root": post, "parent": post}))
            }
            Answer::Refused(refusal) if refusal.name == "RecordNotFound" => {
                Err(Setback::Rejected(refusal.rejection()))
            }
            Answer::Refused(refusal) => Err(Setback::TryAgain {
                reason: refusal.reason(),
            }),
            other => Err(other.setback()),
        }
    }

    /// `deleteRecord`, which does not mind what is gone already; then the server is asked whether it is.
    pub(super) async fn delete(&self, context: &Context, remote_id: &str) -> Result<(), Setback> {
        let (did, key) = Self::parts(remote_id)?;
        let session = self.sessions.get(context).await?;
        if session.did != did {
            return Err(Setback::Rejected(Rejection::new(
                "other-account",
                "it was posted by another account",
            )));
        }
        let record = json!({"repo": did, "collection": POSTS, "rkey": key});
        let deleted = self
            .signed_in(context, |session| {
                Call::post(endpoint(&session.server, "com.atproto.repo.deleteRecord"))
                    .bearer(&session.access)
                    .json(&record)
            })
            .await;
        // Whatever it answered, unless it will not listen: the record itself says whether it is gone.
        if let Err(why @ (Setback::NeedsReauth { .. } | Setback::RateLimited { .. })) = deleted {
            return Err(why);
        }
        let call = Call::get(endpoint(&session.server, "com.atproto.repo.getRecord")).query(&[
            ("repo", did),
            ("collection", POSTS),
            ("rkey", key),
        ]);
        match Answer::of(context.http.fetch(call).await, context.clock.now()) {
            Answer::Refused(refusal) if refusal.name == "RecordNotFound" => Ok(()),
            Answer::Fine(_) => Err(deleted.err().unwrap_or_else(|| Setback::TryAgain {
                reason: "the server says that it is still there".to_owned(),
            })),
            // No other refusal says that the record is not there.
            Answer::Refused(refusal) => Err(Setback::TryAgain {
                reason: refusal.reason(),
            }),
            other => Err(other.setback()),
        }
    }

    /// The account and the record's key of `at://DID/app.bsky.feed.post/KEY`.
    fn parts(remote_id: &str) -> Result<(&str, &str), Setback> {
        remote_id
            .strip_prefix("at://")
            .and_then(|rest| rest.split_once('/'))
            .and_then(|(did, rest)| Some((did, rest.strip_prefix(POSTS)?.strip_prefix('/')?)))
            .filter(|(_, key)| is_tid(key))
            .ok_or_else(|| {
                Setback::Rejected(Rejection::new(
                    "not-a-post",
                    format!("{remote_id} names no post of ours"),
                ))
            })
    }
}
