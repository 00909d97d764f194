//! Models, templates, recurring items and the log of the demonstration ministry, made by the same doings as real ones.

use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::Origin;
use chancery_contracts::calendar::DeliverModel;
use chancery_contracts::ids::{ItemId, ModelId, PersonId, UnitId};
use chrono::TimeDelta;

use crate::error::CalendarError;
use crate::model::activity::Activity;
use crate::model::models::Content;
use crate::model::templates::Template;
use crate::store::items::{self, Lock};
use crate::store::models::missions;
use crate::workflow::{Actor, RecurrenceDraft, Workflow};

/// Everything to load.
#[derive(Debug, Clone)]
pub struct Seeds {
    /// Who writes the model, and who sends it.
    pub writer: PersonId,
    /// Who sends it.
    pub sender: PersonId,
    /// What it is.
    pub content: Content,
    /// What missions have answered, a day later.
    pub answers: Vec<(UnitId, PersonId, Answer)>,
    /// A template of this unit, made by the writer.
    pub template: (UnitId, Template),
    /// What was done off-line or elsewhere, as these people wrote it down.
    pub log: Vec<(UnitId, PersonId, Activity)>,
    /// Something that comes again, set up by this person.
    pub recurring: (UnitId, PersonId, RecurrenceDraft),
}

/// What a mission has answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Opened, no more.
    Seen,
    /// Adopted as it is; not submitted yet.
    Adopted,
    /// Adopted, with this put after the text.
    Adapted(String),
    /// Adopted and submitted.
    Submitted,
    /// Adopted and approved in one tap.
    Approved,
    /// Declined, for this reason.
    Declined(String),
}

/// Loads the seeds: the model is sent to every mission the day before yesterday.
///
/// # Errors
/// A seed breaks a rule that people must keep too.
pub async fn load(calendar: &Workflow, seeds: &Seeds) -> Result<ModelId, CalendarError> {
    let clock = TestClock::at(calendar.clock.now() - TimeDelta::hours(44));
    let past = Workflow {
        clock: clock.shared(),
        ..calendar.clone()
    };
    let today = clock.now().date_naive();
    let mut conn = calendar.pool.acquire().await?;
    let writer = chancery_directory::principal(&mut conn, seeds.writer, today).await?;
    let sender = chancery_directory::principal(&mut conn, seeds.sender, today).await?;
    drop(conn);
    let id = past.create_model(Actor::new(&writer)).await?;
    let revision = past
        .save_model(Actor::new(&writer), id, 1, seeds.content.clone(), None)
        .await?;
    past.offer_model(Actor::new(&writer), id, revision).await?;
    clock.advance(std::time::Duration::from_mins(80));
    let mut conn = calendar.pool.acquire().await?;
    let units: Vec<_> = missions::candidates(&mut conn, id)
        .await?
        .into_iter()
        .map(|mission| mission.id)
        .collect();
    drop(conn);
    let sent = past.send_model(Actor::new(&sender), id, revision, &units).await?;
    // What the jobs would do in a moment, in the past; they will find that it is done.
    let message = DeliverModel {
        model: id,
        version: sent.version,
        units,
    };
    past.deliver_model(&message, &Origin::default()).await?;
    clock.advance(std::time::Duration::from_hours(20));
    for (unit, person, answer) in &seeds.answers {
        answered(&past, id, *unit, *person, answer).await?;
    }
    let (unit, template) = &seeds.template;
    past.create_template(Actor::new(&writer), *unit, template.clone())
        .await?;
    for (unit, person, activity) in &seeds.log {
        let mut conn = calendar.pool.acquire().await?;
        let person = chancery_directory::principal(&mut conn, *person, today).await?;
        drop(conn);
        past.log_activity(Actor::new(&person), *unit, activity.clone())
            .await?;
    }
    let (unit, person, recurring) = &seeds.recurring;
    let mut conn = calendar.pool.acquire().await?;
    let person = chancery_directory::principal(&mut conn, *person, today).await?;
    drop(conn);
    past.create_recurrence(Actor::new(&person), *unit, recurring.clone())
        .await?;
    Ok(id)
}

async fn answered(
    past: &Workflow,
    id: ModelId,
    unit: UnitId,
    person: PersonId,
    answer: &Answer,
) -> Result<(), CalendarError> {
    let mut conn = past.pool.acquire().await?;
    let person = chancery_directory::principal(&mut conn, person, past.clock.now().date_naive()).await?;
    let who = Actor::new(&person);
    let at = past.model_at(&mut conn, who, id, unit).await?;
    drop(conn);
    match answer {
        Answer::Seen => past.see_model(who, &at).await?,
        Answer::Declined(reason) => past.decline_model(who, id, unit, reason).await?,
        Answer::Approved => {
            past.adopt_and_approve(who, id, unit, at.received.version).await?;
        }
        Answer::Adopted => {
            past.adopt_model(who, id, unit).await?;
        }
        Answer::Submitted => {
            let item = past.adopt_model(who, id, unit).await?.item;
            let revision = revision(past, item).await?;
            past.submit(who, item, revision, "").await?;
        }
        Answer::Adapted(more) => {
            let item = past.adopt_model(who, id, unit).await?.item;
            let mut conn = past.pool.acquire().await?;
            let made = items::load(&mut conn, item, Lock::None).await?;
            drop(conn);
            let mut draft = made.draft;
            draft.body = format!("{}\n\n{more}", draft.body);
            past.save(who, item, made.revision, draft).await?;
        }
    }
    Ok(())
}

async fn revision(past: &Workflow, item: ItemId) -> Result<i64, CalendarError> {
    let mut conn = past.pool.acquire().await?;
    Ok(items::load(&mut conn, item, Lock::None).await?.revision)
}
