//! Sending a model: the version is frozen and the jobs are enqueued in one transaction; each job puts it into the lists
//! of a batch of missions. A job that runs twice, or again after a crash, finds the rows and does nothing more.

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::calendar::DeliverModel;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::{ModelId, UnitId};
use chancery_queue::Outgoing;
use chrono::TimeDelta;
use serde_json::json;

use crate::error::CalendarError;
use crate::model::State;
use crate::model::models::ModelState;
use crate::store::items::Lock;
use crate::store::models;
use crate::store::models::missions::{self, Arrived};
use crate::workflow::{Actor, Workflow, said};

/// How many missions one job takes.
const BATCH: usize = 20;
/// Nobody is reminded more often.
const REMIND_AGAIN: TimeDelta = TimeDelta::hours(12);

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentModel {
    /// The version that missions get.
    pub version: i32,
    /// How many missions have it, or will in a moment.
    pub missions: usize,
}

impl Workflow {
    /// Asks whoever may send it to release what is written at `revision`.
    ///
    /// # Errors
    /// Something is missing ([`CalendarError::Unready`]), it changed since, or the person may not.
    pub async fn offer_model(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        revision: i64,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (model, unit) = self
            .opened_model(&mut tx, actor, id, Lock::Update, Action::ModelWrite)
            .await?;
        ready(&model, revision)?;
        models::offer(&mut tx, id, actor.person(), self.clock.now()).await?;
        self.record_model(
            &mut tx,
            actor,
            &model,
            "model.offered",
            json!({ "revision": revision }),
        )
        .await?;
        let to = vec![Recipient::Role {
            role: chancery_access::Role::HeadquartersApprover.as_str().to_owned(),
            unit: unit.id,
        }];
        let told = told(
            &model,
            "notice-model-offered",
            &actor.principal.name,
            to,
            &format!("/models/{id}"),
        );
        chancery_queue::send(&mut tx, &Outgoing::new(told, &actor.origin(unit.id))).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends what is written at `revision` to `units`, beside those that have it already. If it changed since it was last
    /// sent, all of them get a new version.
    ///
    /// # Errors
    /// Something is missing, it changed since it was read, one of `units` is no mission, or the person may not send there.
    pub async fn send_model(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        revision: i64,
        units: &[UnitId],
    ) -> Result<SentModel, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (model, _) = self
            .opened_model(&mut tx, actor, id, Lock::Update, Action::ModelSend)
            .await?;
        ready(&model, revision)?;
        let known = chancery_directory::units(&mut tx, units).await?;
        if known.iter().filter(|unit| unit.is_mission).count() != units.len() {
            return Err(CalendarError::field("units", "models-unit-no-mission"));
        }
        for unit in &known {
            actor.require(Action::ModelSend, unit)?;
        }
        let now = self.clock.now();
        let version = self.next_version(&mut tx, &model).await?;
        if version != model.version {
            models::freeze(&mut tx, id, version, &model.content, actor.person(), now).await?;
        }
        let variations = i32::try_from(model.content.variations.len()).unwrap_or(i32::MAX);
        let all = missions::add(&mut tx, id, units, variations).await?;
        if all.is_empty() {
            return Err(CalendarError::field("units", "models-unit-missing"));
        }
        let origin = actor.origin(model.unit);
        let jobs: Vec<_> = all
            .chunks(BATCH)
            .enumerate()
            .map(|(batch, units)| {
                let message = DeliverModel {
                    model: id,
                    version,
                    units: units.to_vec(),
                };
                Outgoing::new(message, &origin).key(format!("{id}:{version}:{batch}"))
            })
            .collect();
        chancery_queue::send_all(&mut tx, &jobs).await?;
        let detail = json!({ "version": version, "missions": all.len() });
        self.record_model(&mut tx, actor, &model, "model.sent", detail)
            .await?;
        tx.commit().await?;
        Ok(SentModel {
            version,
            missions: all.len(),
        })
    }

    async fn next_version(
        &self,
        tx: &mut sqlx::PgConnection,
        model: &models::Model,
    ) -> Result<i32, CalendarError> {
        if model.version == 0 {
            return Ok(1);
        }
        let (sent, ..) = models::version(tx, model.id, model.version).await?;
        Ok(model.version + i32::from(sent != model.content))
    }

    /// Puts a version into the lists of a batch of missions and tells their people.
    ///
    /// # Errors
    /// The database fails: the job is to be run again.
    pub async fn deliver_model(&self, message: &DeliverModel, origin: &Origin) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let model = models::load(&mut tx, message.model, Lock::None).await?;
        let arrived = missions::deliver(
            &mut tx,
            message.model,
            message.version,
            &message.units,
            self.clock.now(),
        )
        .await?;
        if arrived.is_empty() || model.state != ModelState::Sent {
            return Ok(());
        }
        let notices: Vec<_> = arrived
            .iter()
            .map(|arrived| {
                let link = format!("/models/{}/missions/{}", model.id, arrived.unit);
                let notice = told(&model, news(arrived), "", vec![attaches(arrived.unit)], &link);
                let origin = Origin {
                    unit: Some(arrived.unit),
                    ..origin.clone()
                };
                Outgoing::new(notice, &origin)
            })
            .collect();
        chancery_queue::send_all(&mut tx, &notices).await?;
        models::touch(&mut tx, model.id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a model back: nobody can adopt it any more; items that were made of it stay the missions' own.
    ///
    /// # Errors
    /// It was never sent, no reason was given, or the person may not.
    pub async fn withdraw_model(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        reason: &str,
    ) -> Result<(), CalendarError> {
        let reason = said(reason)?;
        if reason.is_empty() {
            return Err(CalendarError::field("reason", "models-reason-missing"));
        }
        let mut tx = self.pool.begin().await?;
        let (model, _) = self
            .opened_model(&mut tx, actor, id, Lock::Update, Action::ModelSend)
            .await?;
        if model.state != ModelState::Sent {
            return Err(CalendarError::NotNow("models-refused-withdraw"));
        }
        models::withdraw(&mut tx, id).await?;
        self.record_model(
            &mut tx,
            actor,
            &model,
            "model.withdrawn",
            json!({ "reason": reason }),
        )
        .await?;
        let notices: Vec<_> = missions::grid(&mut tx, &[id])
            .await?
            .into_iter()
            .map(|cell| {
                let link = format!("/models/{id}/missions/{}", cell.unit);
                let to = vec![attaches(cell.unit)];
                let notice = told(&model, "notice-model-withdrawn", &actor.principal.name, to, &link);
                Outgoing::new(notice, &actor.origin(cell.unit))
            })
            .collect();
        chancery_queue::send_all(&mut tx, &notices).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Reminds the missions that have not answered and were not reminded within half a day; gives how many.
    ///
    /// # Errors
    /// The person may not.
    pub async fn remind_missions(&self, actor: Actor<'_>, id: ModelId) -> Result<usize, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (model, _) = self
            .opened_model(&mut tx, actor, id, Lock::Update, Action::ModelWrite)
            .await?;
        if model.state != ModelState::Sent {
            return Err(CalendarError::NotNow("models-refused-withdraw"));
        }
        let now = self.clock.now();
        let units = missions::remind(&mut tx, id, now - REMIND_AGAIN, now).await?;
        let notices: Vec<_> = units
            .iter()
            .map(|unit| {
                let link = format!("/models/{id}/missions/{unit}");
                let notice = told(
                    &model,
                    "notice-model-reminder",
                    &actor.principal.name,
                    vec![attaches(*unit)],
                    &link,
                );
                Outgoing::new(notice, &actor.origin(*unit))
            })
            .collect();
        chancery_queue::send_all(&mut tx, &notices).await?;
        self.record_model(
            &mut tx,
            actor,
            &model,
            "model.reminded",
            json!({ "missions": units.len() }),
        )
        .await?;
        tx.commit().await?;
        Ok(units.len())
    }
}

/// Insists that a model can be sent as it is at `revision`.
fn ready(model: &models::Model, revision: i64) -> Result<(), CalendarError> {
    if model.state == ModelState::Withdrawn {
        return Err(CalendarError::NotNow("models-refused-withdrawn"));
    }
    if model.revision != revision {
        return Err(CalendarError::Stale);
    }
    let missing = model.content.missing();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(CalendarError::Unready(missing))
    }
}

/// What an arrival means to the mission, by what it made of an earlier version.
fn news(arrived: &Arrived) -> &'static str {
    match arrived.item {
        None => "notice-model-received",
        Some((_, State::Publishing | State::Published | State::Partly | State::NeedsPerson)) => {
            "notice-model-changed-out"
        }
        Some(_) => "notice-model-changed",
    }
}

/// The press attachés of a mission.
fn attaches(unit: UnitId) -> Recipient {
    Recipient::Role {
        role: chancery_access::Role::PressAttache.as_str().to_owned(),
        unit,
    }
}

/// A notification about a model. Its sentence gets `title` and `person`.
pub(super) fn told(model: &models::Model, key: &str, person: &str, to: Vec<Recipient>, link: &str) -> Notify {
    let arguments = [
        ("title".to_owned(), model.content.title.clone()),
        ("person".to_owned(), person.to_owned()),
    ];
    Notify {
        to,
        key: key.to_owned(),
        arguments: arguments.into(),
        link: link.to_owned(),
    }
}
