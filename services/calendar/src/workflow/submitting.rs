//! Asking for approval: the draft becomes a version that stays as it was seen.

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{ItemId, PersonId};
use serde_json::json;
use sqlx::PgConnection;

use super::{Actor, Workflow, said};
use crate::error::CalendarError;
use crate::model::{Change, Finding, StepRole, edition};
use crate::store::accounts;
use crate::store::approvals::{self, Version};
use crate::store::items::{Item, Lock, Standing};

/// The most bytes of an edition as JSON: with its envelope it must fit into a message, of which the queue takes 1 MiB.
const MAX_EDITION: usize = 900_000;

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
        let state = item.state.after(Change::Submit)?;
        if item.revision != revision {
            return Err(CalendarError::Stale);
        }
        let accounts = accounts::of_unit(&mut tx, unit.id).await?;
        let (findings, chain) = self
            .findings_for(
                &mut tx,
                &item,
                &unit,
                &accounts,
                (submitter, actor.principal.today),
            )
            .await?;
        let blocking: Vec<_> = findings.into_iter().filter(|finding| finding.blocking).collect();
        let (Some(appointment), true) = (item.appointment, blocking.is_empty()) else {
            return Err(CalendarError::Blocked(blocking));
        };
        let edition = edition(
            item.id,
            item.version,
            &item.draft,
            &item.images,
            &accounts,
            appointment,
        );
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
        approvals::insert_version(&mut tx, id, &version).await?;
        let to = Standing {
            state,
            version: item.version,
            steps_done: 0,
        };
        self.stand(&mut tx, &item, to, &actor.origin(item.unit)).await?;
        self.record(
            &mut tx,
            &item,
            Some(actor),
            action,
            &message,
            json!({ "hash": version.hash }),
        )
        .await?;
        if let Some(first) = version.chain.first() {
            self.ask(&mut tx, actor, &item, *first).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Tells whoever can take a step that it waits for them.
    pub(super) async fn ask(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        role: StepRole,
    ) -> Result<(), CalendarError> {
        let to = vec![Recipient::Role {
            role: role.role().as_str().to_owned(),
            unit: item.unit,
        }];
        let origin: Origin = actor.origin(item.unit);
        self.notify(tx, origin, item, "notice-item-submitted", to, actor)
            .await
    }
}
