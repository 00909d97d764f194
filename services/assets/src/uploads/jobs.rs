//! The jobs of uploads.

use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::Tz;
use chancery_contracts::Origin;
use chancery_contracts::assets::{FetchEntry, FinishUpload, SweepUploads};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Outgoing, Schedule};

use super::Uploads;
use super::finishing::failed;

/// Adds them to the library's.
pub(crate) fn add(handlers: Handlers, uploads: &Uploads) -> Handlers {
    let finishing = Options {
        // Each holds at most a few pieces of 8 MiB.
        concurrency: 4,
        // The longest archive: 5 GB out, 20 GB in.
        timeout: Duration::from_hours(2),
        ..Options::default()
    };
    let fetching = Options {
        concurrency: 4,
        timeout: Duration::from_mins(30),
        ..Options::default()
    };
    handlers
        .on(Finish(uploads.clone()), finishing)
        .on(Fetch(uploads.clone()), fetching)
        .on(Sweep(uploads.clone()), Options::default())
        .schedule(Schedule {
            name: "assets.sweep_uploads",
            cron: "0 20 * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(SweepUploads {}, &Origin::default()).key("sweep"),
        })
}

struct Finish(Uploads);

#[async_trait]
impl Handler for Finish {
    type Message = FinishUpload;

    async fn handle(&self, job: &Job<FinishUpload>) -> Result<(), JobError> {
        self.0
            .finish(job.message.upload)
            .await
            .map_err(|error| failed(&error))
    }
}

struct Fetch(Uploads);

#[async_trait]
impl Handler for Fetch {
    type Message = FetchEntry;

    async fn handle(&self, job: &Job<FetchEntry>) -> Result<(), JobError> {
        let FetchEntry { upload, position } = job.message;
        self.0
            .fetch_entry(upload, position, job.attempt)
            .await
            .map_err(|error| failed(&error))
    }
}

struct Sweep(Uploads);

#[async_trait]
impl Handler for Sweep {
    type Message = SweepUploads;

    async fn handle(&self, _: &Job<SweepUploads>) -> Result<(), JobError> {
        let removed = self.0.sweep().await.map_err(|error| failed(&error))?;
        tracing::debug!(removed, "uploads that nobody went on with are removed");
        Ok(())
    }
}
