//! Identity's jobs: telling people things, and tidying up.

use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::Tz;
use chancery_contracts::identity::{Housekeeping, Notify};
use chancery_contracts::{Origin, Service};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Outgoing, Schedule};

use crate::Identity;
use crate::mail::{self, OnLetter, OnSendMail, Post, TRIES};
use crate::model::mail::MailKind;
use crate::store::mails::New;
use crate::store::{grants, mails, notifications, sessions};

pub(crate) fn handlers(identity: &Identity, post: Option<Post>) -> Handlers {
    let once = Options {
        concurrency: 1,
        timeout: Duration::from_mins(1),
        ..Options::default()
    };
    // A few at a time: mail servers count the connections of a client.
    let mail = Options {
        concurrency: 3,
        max_attempts: TRIES + 1,
        ..Options::default()
    };
    let sends = post.is_some();
    let notifier = Notifier {
        identity: identity.clone(),
        sends,
    };
    let letter = OnLetter {
        identity: identity.clone(),
        sends,
    };
    let send = OnSendMail {
        identity: identity.clone(),
        post,
    };
    Handlers::new(Service::Identity)
        .on(notifier, Options::default())
        .on(letter, Options::default())
        .on(send, mail)
        .on(Housekeeper(identity.clone()), once)
        .schedule(Schedule {
            name: "identity.housekeeping",
            cron: "0 */10 * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(Housekeeping {}, &Origin::default()).key("housekeeping"),
        })
}

/// Finds out who is meant, today, and tells each once; their open pages hear of it, and whoever wants it by mail gets
/// exactly one, made in the same transaction.
struct Notifier {
    identity: Identity,
    /// Whether mails can be sent at all.
    sends: bool,
}

#[async_trait]
impl Handler for Notifier {
    type Message = Notify;

    async fn handle(&self, job: &Job<Notify>) -> Result<(), JobError> {
        let Self { identity, sends } = self;
        let now = identity.clock.now();
        let mut tx = identity.pool.begin().await?;
        let today = grants::today(&mut tx, now).await?;
        let people = grants::resolve(&mut tx, &job.message.to, job.envelope.origin.actor, today).await?;
        let kind = MailKind::of_notice(&job.message.key).filter(|_| *sends);
        let by_mail = match kind {
            Some(kind) => mails::wanting(&mut tx, &people, kind).await?,
            None => Vec::new(),
        };
        for person in people {
            let id = identity.clock.new_id();
            if !notifications::insert(&mut tx, id, person, job.envelope.id.0, &job.message, now).await? {
                continue;
            }
            notifications::touch(&mut tx, person).await?;
            if let Some(kind) = kind.filter(|_| by_mail.contains(&person)) {
                let mail = New {
                    id: identity.clock.new_id(),
                    person,
                    kind: kind.as_str(),
                    cause: job.envelope.id.0,
                    unit: job.envelope.origin.unit,
                    notification: Some(id),
                    letter: None,
                    now,
                };
                mail::enqueue(&mut tx, &mail, &job.origin()).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

struct Housekeeper(Identity);

#[async_trait]
impl Handler for Housekeeper {
    type Message = Housekeeping;

    async fn handle(&self, _: &Job<Housekeeping>) -> Result<(), JobError> {
        let Self(identity) = self;
        let mut conn = identity.pool.acquire().await?;
        let ended = sessions::sweep(&mut conn, identity.clock.now()).await?;
        tracing::debug!(ended, "expired sessions removed");
        Ok(())
    }
}
