//! Identity's jobs: telling people things, and tidying up.

use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::Tz;
use chancery_contracts::identity::{Housekeeping, Notify};
use chancery_contracts::{Origin, Service};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Outgoing, Schedule};

use crate::Identity;
use crate::store::{grants, notifications, sessions};

pub(crate) fn handlers(identity: &Identity) -> Handlers {
    let once = Options {
        concurrency: 1,
        timeout: Duration::from_mins(1),
        ..Options::default()
    };
    Handlers::new(Service::Identity)
        .on(Notifier(identity.clone()), Options::default())
        .on(Housekeeper(identity.clone()), once)
        .schedule(Schedule {
            name: "identity.housekeeping",
            cron: "0 */10 * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(Housekeeping {}, &Origin::default()).key("housekeeping"),
        })
}

/// Finds out who is meant, today, and tells each once; their open pages hear of it.
struct Notifier(Identity);

#[async_trait]
impl Handler for Notifier {
    type Message = Notify;

    async fn handle(&self, job: &Job<Notify>) -> Result<(), JobError> {
        let Self(identity) = self;
        let now = identity.clock.now();
        let mut tx = identity.pool.begin().await?;
        let today = grants::today(&mut tx, now).await?;
        let people = grants::resolve(&mut tx, &job.message.to, job.envelope.origin.actor, today).await?;
        for person in people {
            let id = identity.clock.new_id();
            if notifications::insert(&mut tx, id, person, job.envelope.id.0, &job.message, now).await? {
                notifications::touch(&mut tx, person).await?;
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
