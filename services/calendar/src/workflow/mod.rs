//! What people, and the publisher's reports, do to items: one transaction each, and the only writers of the schema.
//! Pages, API, demonstration and tests all go through here.

mod accept;
mod amending;
mod approving;
mod board;
mod breaking_glass;
mod bulk;
mod campaigns;
mod correcting;
mod days;
mod delegating;
mod escalating;
mod feeds;
mod hooks;
mod importing;
mod letters;
mod library;
mod logging;
mod marking;
mod models;
mod moving;
mod names;
mod outgoing;
mod pictures;
mod policy;
mod preflight;
mod recurring;
mod releasing;
mod remarks;
mod reporting;
mod standing;
mod stopping;
mod submitting;
mod templates;
mod translating;
mod versions;
mod withdrawing;
mod writing;

use std::sync::Arc;

use chancery_access::{Action, Decision, Principal};
use chancery_clock::SharedClock;
use chancery_contracts::Origin;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chancery_directory::Unit;
use chancery_media::Images;
use chancery_queue::Outgoing;
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

pub use amending::Wording;
pub use approving::{Approval, NewTime};
pub use board::{Asked, Board, Breadth};
pub use breaking_glass::{Breaker, Broken};
pub use bulk::{BulkDeed, Did, Done, Labels, Order};
pub use campaigns::CampaignDraft;
pub use days::DayDraft;
pub(crate) use days::days_of;
pub use delegating::NewDelegation;
pub(crate) use hooks::delivery as hook_delivery;
pub use importing::{LANGUAGES, known_words};
pub use marking::NewMark;
pub use models::{AdoptedModel, ModelAt, SentModel};
pub use moving::{Moved, To};
pub use names::Imported;
pub use recurring::RecurrenceDraft;
pub(crate) use recurring::wake_up;
pub use releasing::{Released, Speaking};
pub use remarks::Remarked;
pub use standing::Standing;
pub use translating::{Translated, own_text};
pub use withdrawing::{Takedown, TakenBack};
pub use writing::{Kept, Saved};

use crate::error::CalendarError;
use crate::model::{Account, Finding, Findings, Step, Subject, chain, check, lacking};
use crate::store::items::{Item, Lock};
use crate::store::timeline::Entry;
use crate::store::{items, policies, timeline};

/// The calendar as its routes and jobs see it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Of the calendar's own role.
    pub pool: PgPool,
    /// Now, and fresh ids.
    pub clock: SharedClock,
    /// Where pictures are kept.
    pub images: Images,
    /// Where the public reads, without a slash at the end: short addresses begin with it.
    pub site: Arc<str>,
}

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The person with their grants.
    pub principal: &'a Principal,
    /// The id of the request, for the audit trail.
    pub request: Option<&'a str>,
}

impl<'a> Actor<'a> {
    /// Somebody outside of a request.
    #[must_use]
    pub const fn new(principal: &'a Principal) -> Self {
        Self {
            principal,
            request: None,
        }
    }

    fn person(&self) -> PersonId {
        self.principal.person
    }

    /// Insists that the person may do `action` there.
    pub(crate) fn require(&self, action: Action, unit: &Unit) -> Result<(), CalendarError> {
        match self.principal.decide(action, unit.place()) {
            Decision::Allowed(_) => Ok(()),
            Decision::Refused(refusal) => Err(CalendarError::Access(refusal)),
        }
    }

    fn origin(&self, unit: UnitId) -> Origin {
        Origin {
            actor: Some(self.person()),
            unit: Some(unit),
            ..Origin::default()
        }
    }
}

impl Workflow {
    /// An item and its unit, for who may see it.
    ///
    /// # Errors
    /// There is none, or the person may not.
    pub async fn open(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: ItemId,
    ) -> Result<(Item, Unit), CalendarError> {
        self.opened(conn, actor, id, Lock::None, Action::ItemRead).await
    }

    async fn opened(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: ItemId,
        lock: Lock,
        action: Action,
    ) -> Result<(Item, Unit), CalendarError> {
        let item = items::load(&mut *conn, id, lock).await?;
        let unit = chancery_directory::unit(conn, item.unit).await?;
        actor.require(action, &unit)?;
        Ok((item, unit))
    }

    /// What is missing before the item can be submitted, and by whom it would have to be approved.
    ///
    /// # Errors
    /// The database fails.
    pub async fn findings(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        unit: &Unit,
        accounts: &[Account],
        actor: Actor<'_>,
    ) -> Result<(Vec<Finding>, Vec<Step>), CalendarError> {
        let submitter = (actor.person(), actor.principal.today);
        self.findings_for(conn, item, unit, accounts, submitter).await
    }

    /// The same, if `submitter` submitted it `today`.
    async fn findings_for(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        unit: &Unit,
        accounts: &[Account],
        (submitter, today): (PersonId, NaiveDate),
    ) -> Result<(Vec<Finding>, Vec<Step>), CalendarError> {
        let rules = policies::rules(&mut *conn).await?;
        let languages: Vec<&str> = item.draft.variants.iter().map(|v| v.language.as_str()).collect();
        let subject = Subject {
            path: &unit.path,
            is_mission: unit.is_mission,
            kind: item.draft.kind,
            topic: item.draft.topic,
            languages: &languages,
        };
        let steps = chain(&rules, &subject);
        let refusals = self.asset_refusals(&mut *conn, item, accounts).await?;
        let (leaving, _) = self.outgoing(&mut *conn, item, accounts).await?;
        let mut found = check(Findings {
            draft: &leaving,
            images: &item.images,
            refusals: &refusals,
            accounts,
            appointment: item.appointment,
            now: self.clock.now(),
        });
        found.extend(self.examined(&mut *conn, item, unit, accounts).await?);
        let candidates =
            policies::candidates(conn, Some(item.id), &unit.path, &steps, Some(submitter), today).await?;
        let nobody = lacking(&candidates).and_then(|step| steps.get(step));
        found.extend(nobody.map(|step| Finding::no_approver(step.role)));
        Ok((found, steps))
    }

    /// Says something about an item, as [`Workflow::remark`] does.
    ///
    /// # Errors
    /// The person may not see it, or said nothing or too much.
    pub async fn comment(&self, actor: Actor<'_>, id: ItemId, text: &str) -> Result<(), CalendarError> {
        self.remark(actor, id, None, text).await.map(|_| ())
    }

    async fn record(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        actor: Option<Actor<'_>>,
        action: &'static str,
        text: &str,
        detail: Value,
    ) -> Result<(), CalendarError> {
        let entry = Entry {
            at: self.clock.now(),
            person: actor.map(|actor| actor.person()),
            item: item.id,
            version: item.version,
            unit: item.unit,
            action,
            text,
            detail,
            request: actor.and_then(|actor| actor.request),
        };
        Ok(timeline::record(conn, &entry).await?)
    }

    async fn notify(
        &self,
        conn: &mut PgConnection,
        origin: Origin,
        item: &Item,
        key: &str,
        to: Vec<Recipient>,
        by: Actor<'_>,
    ) -> Result<(), CalendarError> {
        let notice = notice(item, key, to, Some(&by.principal.name));
        Ok(chancery_queue::send(conn, &Outgoing::new(notice, &origin)).await?)
    }
}

/// A notification about an item. Its sentence gets `title` and `person`.
fn notice(item: &Item, key: &str, to: Vec<Recipient>, by: Option<&str>) -> Notify {
    let title = if item.draft.title.trim().is_empty() {
        "…"
    } else {
        item.draft.title.trim()
    };
    let arguments = [
        ("title".to_owned(), title.to_owned()),
        ("person".to_owned(), by.unwrap_or_default().to_owned()),
    ];
    Notify {
        to,
        key: key.to_owned(),
        arguments: arguments.into(),
        link: format!("/items/{}", item.id),
    }
}

/// Who wrote it: its author, and whoever saved it last.
fn writers(item: &Item) -> Vec<Recipient> {
    let mut people = vec![item.created.0, item.updated.0];
    people.dedup();
    people.into_iter().map(Recipient::Person).collect()
}

/// What somebody says with a decision or as a comment: cleaned, at most 5,000 characters.
fn said(text: &str) -> Result<String, CalendarError> {
    let text = crate::model::clean(text).trim().to_owned();
    if text.chars().count() > 5_000 {
        return Err(CalendarError::field("text", "items-comment-too-long"));
    }
    preflight::refuse_marked_text("text", &text)?;
    Ok(text)
}
