//! Messages become calls of the [`Publisher`]. What a job's failure means is decided here.

use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::Tz;
use chancery_contracts::publisher::{
    CancelOrder, CommitDelivery, LocateDelivery, PrepareDelivery, PublishOrder, Sweep, TakeDown,
    WithdrawDeliveries,
};
use chancery_contracts::{Origin, Service};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Outgoing, Schedule};

use crate::engine::Publisher;
use crate::error::PublisherError;

/// The publisher's handlers and its one schedule.
#[must_use]
pub fn handlers(publisher: &Publisher) -> Handlers {
    let usual = Options::default();
    // A connector may prepare for five minutes.
    let preparing = Options {
        timeout: Duration::from_mins(6),
        ..usual
    };
    // Many missions share a minute; their commits wait for platforms, not for us.
    let committing = Options {
        concurrency: 32,
        ..usual
    };
    Handlers::new(Service::Publisher)
        .on(Orders(publisher.clone()), usual)
        .on(Cancellations(publisher.clone()), usual)
        .on(Preparing(publisher.clone()), preparing)
        .on(Committing(publisher.clone()), committing)
        .on(Locating(publisher.clone()), usual)
        .on(Withdrawals(publisher.clone()), usual)
        .on(TakingDown(publisher.clone()), usual)
        .on(
            Sweeping(publisher.clone()),
            Options {
                concurrency: 1,
                ..usual
            },
        )
        .schedule(Schedule {
            name: "publisher.sweep",
            cron: "0 * * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(Sweep {}, &Origin::default()).key("sweep"),
        })
}

struct Orders(Publisher);
struct Cancellations(Publisher);
struct Preparing(Publisher);
struct Committing(Publisher);
struct Locating(Publisher);
struct Withdrawals(Publisher);
struct TakingDown(Publisher);
struct Sweeping(Publisher);

#[async_trait]
impl Handler for Orders {
    type Message = PublishOrder;

    async fn handle(&self, job: &Job<PublishOrder>) -> Result<(), JobError> {
        match self.0.take_order(&job.message).await? {
            Ok(()) => Ok(()),
            Err(bad) => Err(JobError::needs_person(bad)),
        }
    }
}

#[async_trait]
impl Handler for Cancellations {
    type Message = CancelOrder;

    async fn handle(&self, job: &Job<CancelOrder>) -> Result<(), JobError> {
        Ok(self.0.cancel_order(&job.message).await?)
    }
}

#[async_trait]
impl Handler for Preparing {
    type Message = PrepareDelivery;

    async fn handle(&self, job: &Job<PrepareDelivery>) -> Result<(), JobError> {
        Ok(self.0.prepare(job.message.delivery).await?)
    }
}

#[async_trait]
impl Handler for Committing {
    type Message = CommitDelivery;

    async fn handle(&self, job: &Job<CommitDelivery>) -> Result<(), JobError> {
        Ok(self
            .0
            .commit(job.message.delivery, || job.fence.still_held())
            .await?)
    }
}

#[async_trait]
impl Handler for Locating {
    type Message = LocateDelivery;

    async fn handle(&self, job: &Job<LocateDelivery>) -> Result<(), JobError> {
        Ok(self.0.locate(job.message.delivery).await?)
    }
}

#[async_trait]
impl Handler for Withdrawals {
    type Message = WithdrawDeliveries;

    async fn handle(&self, job: &Job<WithdrawDeliveries>) -> Result<(), JobError> {
        Ok(self.0.withdraw(&job.message, job.origin().actor).await?)
    }
}

#[async_trait]
impl Handler for TakingDown {
    type Message = TakeDown;

    async fn handle(&self, job: &Job<TakeDown>) -> Result<(), JobError> {
        Ok(self.0.take_down(job.message.delivery).await?)
    }
}

#[async_trait]
impl Handler for Sweeping {
    type Message = Sweep;

    async fn handle(&self, _: &Job<Sweep>) -> Result<(), JobError> {
        Ok(self.0.sweep().await?)
    }
}

/// The row keeps what is to be done, so a job may simply come again; what will never work is set aside.
impl From<PublisherError> for JobError {
    fn from(error: PublisherError) -> Self {
        match error {
            PublisherError::Database(_) | PublisherError::Queue(_) => Self::retry(error),
            PublisherError::Forbidden(_)
            | PublisherError::NotWithdrawable(_)
            | PublisherError::Vault(_)
            | PublisherError::Corrupt(_)
            | PublisherError::NotFound
            | PublisherError::Refused(_) => Self::needs_person(error),
        }
    }
}
