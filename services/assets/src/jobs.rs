//! The library's jobs, and what comes from the calendar.

use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::Tz;
use chancery_contracts::assets::{Analyse, AssetRightsEnded, MakeRendition, RenewCopy, WatchRights};
use chancery_contracts::calendar::AssetsChosen;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::{Origin, Service};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Outgoing, Schedule};
use chrono::TimeDelta;

use crate::Library;
use crate::error::AssetError;
use crate::opening::Opener;
use crate::store::assets::{self, Lock};
use crate::store::{downloads, journal, rights, search};

/// So long before an end stewards are warned.
const WARNING: TimeDelta = TimeDelta::days(30);

pub(crate) fn handlers(library: &Library, opener: &Opener) -> Handlers {
    let opening = Options {
        // The pool of what opens files is the bound; more would only hold copies of files that wait.
        concurrency: 2,
        timeout: Duration::from_hours(1),
        max_attempts: 8,
    };
    let making = Options {
        // The longest film, and room to fetch it. What was begun too often the row itself gives up.
        timeout: Duration::from_hours(3),
        ..opening
    };
    Handlers::new(Service::Assets)
        .on(OnAnalyse(opener.clone()), opening)
        .on(OnRenew(opener.clone()), opening)
        .on(OnMake(opener.clone()), making)
        .on(OnWatch(library.clone()), Options::default())
        .on(OnChosen(library.clone()), Options::default())
        .schedule(Schedule {
            name: "watch-rights",
            cron: "30 * * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(WatchRights {}, &Origin::default()).key("watch"),
        })
}

struct OnAnalyse(Opener);

#[async_trait]
impl Handler for OnAnalyse {
    type Message = Analyse;

    async fn handle(&self, job: &Job<Analyse>) -> Result<(), JobError> {
        self.0
            .analyse(job.message.file)
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnRenew(Opener);

#[async_trait]
impl Handler for OnRenew {
    type Message = RenewCopy;

    async fn handle(&self, job: &Job<RenewCopy>) -> Result<(), JobError> {
        self.0
            .renew_copy(job.message.asset)
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnMake(Opener);

#[async_trait]
impl Handler for OnMake {
    type Message = MakeRendition;

    async fn handle(&self, job: &Job<MakeRendition>) -> Result<(), JobError> {
        self.0
            .make(job.message.rendition)
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnWatch(Library);

#[async_trait]
impl Handler for OnWatch {
    type Message = WatchRights;

    async fn handle(&self, _: &Job<WatchRights>) -> Result<(), JobError> {
        self.0.read_unread().await.map_err(|error| failed(&error))?;
        self.0.watch_rights().await.map_err(|error| failed(&error))
    }
}

struct OnChosen(Library);

#[async_trait]
impl Handler for OnChosen {
    type Message = AssetsChosen;

    async fn handle(&self, job: &Job<AssetsChosen>) -> Result<(), JobError> {
        self.0.used(&job.message).await.map_err(|error| failed(&error))
    }
}

impl Library {
    /// Writes down what is missing of assets of which nobody has, a few at a time.
    ///
    /// # Errors
    /// The database fails.
    pub async fn read_unread(&self) -> Result<(), AssetError> {
        let mut conn = self.pool.acquire().await?;
        for id in search::unread(&mut conn, 500).await? {
            let mut tx = self.pool.begin().await?;
            assets::load(&mut tx, id, Lock::Update).await?;
            search::index(&mut tx, id).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Tells everybody concerned whose rights have ended since it was last looked, and warns stewards of those that end
    /// within thirty days. Each is told once.
    ///
    /// # Errors
    /// The database or the queue fails.
    pub async fn watch_rights(&self) -> Result<(), AssetError> {
        let now = self.clock.now();
        loop {
            let mut tx = self.pool.begin().await?;
            let ended = rights::take_ended(&mut tx, now).await?;
            for ending in &ended {
                let origin = Origin {
                    unit: Some(ending.unit),
                    ..Origin::default()
                };
                let event = AssetRightsEnded {
                    asset: ending.asset,
                    unit: ending.unit,
                    ended_at: ending.ends_at,
                };
                chancery_queue::send(&mut tx, &Outgoing::new(event, &origin)).await?;
                journal::touch(&mut tx, ending.asset).await?;
            }
            tx.commit().await?;
            if ended.is_empty() {
                break;
            }
        }
        let mut tx = self.pool.begin().await?;
        let ending = rights::take_ending(&mut tx, now, now + WARNING).await?;
        let mut units: Vec<_> = ending.iter().map(|ending| ending.unit).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            let count = ending.iter().filter(|ending| ending.unit == unit).count();
            let notice = Notify {
                to: vec![Recipient::Role {
                    role: "steward".to_owned(),
                    unit,
                }],
                key: "notice-assets-ending".to_owned(),
                arguments: [("count".to_owned(), count.to_string())].into(),
                link: "/assets/ending".to_owned(),
            };
            let origin = Origin {
                unit: Some(unit),
                ..Origin::default()
            };
            chancery_queue::send(&mut tx, &Outgoing::new(notice, &origin)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Writes down what an item uses.
    ///
    /// # Errors
    /// The database fails.
    pub async fn used(&self, report: &AssetsChosen) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        downloads::report(&mut tx, report, self.clock.now()).await?;
        for asset in &report.assets {
            journal::touch(&mut tx, *asset).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The database and the store come back; everything else will not mend itself.
pub(crate) fn failed(error: &AssetError) -> JobError {
    match error {
        AssetError::Database(_) | AssetError::Queue(_) | AssetError::Storage(_) | AssetError::Media(_) => {
            JobError::retry(error)
        }
        error => JobError::fail(error),
    }
}
