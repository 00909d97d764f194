//! Asking for approval: the draft becomes a version that stays as it was seen.

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{ItemId, PersonId};
use chancery_directory::Unit;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;

use super::{Actor, Workflow, notice, said};
use crate::error::CalendarError;
use crate::model::{Change, Finding, StepRole, edition};
use crate::store::approvals::{self, Version};
use crate::store::items::{Item, Lock, Standing};
use crate::store::snapshots::Reason;
use crate::store::{accounts, delegations, short_links, waiting};

/// The most bytes of an edition as JSON: with its envelope it must fit into a message, of which the queue takes 1 MiB.
const MAX_EDITION: usize = 900_000;

/// Who answers for having written what is submitted, and how the timeline tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Submission<'a> {
    /// The writer: whoever acts, or who wrote a text that somebody takes over word for word.
    pub submitter: PersonId,
    /// The timeline's word.
    pub action: &'static str,
    /// What is said with it, cleaned.
    pub message: &'a str,
}

impl Workflow {
    /// Asks for approval of what is written at `revision`.
    ///
    /// # Errors
    /// Something is missing ([`CalendarError::Blocked`]), it changed since, it is not open, or the person may not.
    pub async fn submit(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        revision: i64,
        message: &str,
    ) -> Result<(), CalendarError> {
        let as_writer = (actor.person(), "submitted");
        self.submit_for(actor, as_writer, id, revision, message).await
    }

    /// The same where the text is another's: `submitter` answers for having written it, and the timeline tells it as
    /// `action`. Whoever acts does not become a writer by it.
    ///
    /// # Errors
    /// As [`Self::submit`].
    pub(super) async fn submit_for(
        &self,
        actor: Actor<'_>,
        (submitter, action): (PersonId, &'static str),
        id: ItemId,
        revision: i64,
        message: &str,
    ) -> Result<(), CalendarError> {
        let message = said(message)?;
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Submit)?;
        if item.revision != revision {
            return Err(CalendarError::Stale);
        }
        let submission = Submission {
            submitter,
            action,
            message: &message,
        };
        self.submitted(&mut tx, actor, &item, &unit, submission).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The same of a locked item, in a transaction that does more.
    pub(super) async fn submitted(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        submission: Submission<'_>,
    ) -> Result<(), CalendarError> {
        let Submission {
            submitter,
            action,
            message,
        } = submission;
        let state = item.state.after(Change::Submit)?;
        let accounts = accounts::of_unit(&mut *tx, unit.id).await?;
        let today = actor.principal.today;
        let (findings, chain) = self
            .findings_for(&mut *tx, item, unit, &accounts, (submitter, today))
            .await?;
        let blocking: Vec<_> = findings.into_iter().filter(|finding| finding.blocking).collect();
        let (Some(appointment), true) = (item.appointment, blocking.is_empty()) else {
            return Err(CalendarError::Blocked(blocking));
        };
        let (leaving, short) = self.outgoing(&mut *tx, item, &accounts).await?;
        let edition = edition(
            item.id,
            item.version,
            &leaving,
            &item.images,
            &accounts,
            appointment,
        );
        let edition = self.with_notes(&mut *tx, item.id, edition).await?;
        if serde_json::to_vec(&edition)?.len() > MAX_EDITION {
            return Err(CalendarError::Blocked(vec![Finding::too_large()]));
        }
        let version = Version {
            version: item.version,
            hash: edition.hash()?,
            edition,
            chain,
            submitted_by: submitter,
            submitted_at: self.clock.now(),
            retimed_by: None,
        };
        approvals::insert_version(&mut *tx, item.id, &version).await?;
        short_links::keep(&mut *tx, item.id, &short, version.submitted_at).await?;
        let to = Standing {
            state,
            version: item.version,
            steps_done: 0,
        };
        self.stand(&mut *tx, item, to, &actor.origin(item.unit)).await?;
        self.record(
            &mut *tx,
            item,
            Some(actor),
            action,
            message,
            json!({ "hash": version.hash }),
        )
        .await?;
        let who = (actor.person(), Reason::Submitted);
        self.keep_version(&mut *tx, item, item.revision, &item.draft, who)
            .await?;
        let origin = actor.origin(item.unit);
        self.follow_links_again(&mut *tx, item, appointment.instant(), &origin)
            .await?;
        if let Some(first) = version.chain.first() {
            self.ask(tx, actor, item, unit, first.role).await?;
        }
        Ok(())
    }

    /// Tells whoever can take a step that it waits for them: holders of the role, and who stands in for one.
    pub(super) async fn ask(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        role: StepRole,
    ) -> Result<(), CalendarError> {
        let mut to = vec![Recipient::Role {
            role: role.role().as_str().to_owned(),
            unit: item.unit,
        }];
        let delegates = delegations::delegates(&mut *tx, role, &unit.path, actor.principal.today).await?;
        to.extend(delegates.into_iter().map(Recipient::Person));
        let mut notice = notice(item, "notice-item-submitted", to, Some(&actor.principal.name));
        notice.link = format!("/approvals/{}", item.id);
        let version = approvals::version(&mut *tx, item.id, item.version).await?;
        if let (Some(appointment), Some(version)) = (item.appointment, version) {
            let due = appointment.instant();
            let deadline = waiting::deadline(&mut *tx, role, due, version.submitted_at).await?;
            let times = [("deadline", deadline), ("due", due)];
            notice
                .arguments
                .extend(times.map(|(name, at)| (name.to_owned(), at.to_rfc3339())));
        }
        let origin: Origin = actor.origin(item.unit);
        Ok(chancery_queue::send(tx, &Outgoing::new(notice, &origin)).await?)
    }
}
