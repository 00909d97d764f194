//! Who wants to decide on what, in whose stead, and what stands against it.

use chancery_access::Action;
use chancery_contracts::EditionHash;
use chancery_contracts::ids::{ItemId, PersonId};
use chancery_directory::Unit;
use sqlx::PgConnection;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Change, Deciding, StepRole};
use crate::store::approvals::{self, Version};
use crate::store::delegations;
use crate::store::items::{Item, Lock};
use crate::store::policies;
use crate::store::waiting::in_scope;

/// What is known of the person who wants to decide, and in whose stead they do.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Whether, and if not why.
    pub deciding: Deciding,
    /// On whose behalf; none: in their own right.
    pub behalf: Option<PersonId>,
}

/// A submitted item, locked, with what is known of the person who wants to decide on it.
pub(super) struct Case {
    pub(super) item: Item,
    pub(super) unit: Unit,
    pub(super) version: Version,
    pub(super) step: StepRole,
    pub(super) deciding: Deciding,
    pub(super) behalf: Option<PersonId>,
}

impl Workflow {
    /// Whether, and if not why, the person could decide on what is there now, and on whose behalf: what pages show
    /// beforehand.
    ///
    /// # Errors
    /// The item does not wait for approval, or the database fails.
    pub async fn deciding(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        version: &Version,
    ) -> Result<Standing, CalendarError> {
        let passed = usize::try_from(item.steps_done).unwrap_or_default();
        let step = version.chain.get(passed).ok_or(CalendarError::Stale)?;
        let (wrote, decided) = approvals::part_of(&mut *conn, item.id, item.version, actor.person()).await?;
        let own = actor
            .principal
            .decide(step.role.action(), unit.place())
            .is_allowed();
        let mut standing = Standing {
            deciding: Deciding {
                step: step.role,
                may: own,
                wrote,
                decided,
                same: true,
                late: item
                    .appointment
                    .is_none_or(|time| time.has_passed(self.clock.now())),
            },
            behalf: None,
        };
        if let (true, Some(language)) = (own, &step.language) {
            standing.deciding.may = policies::reviews(&mut *conn, actor.person(), language).await?;
        }
        if !own && step.role.may_be_delegated() && in_scope(actor.principal, step.role) {
            self.stand_in(conn, actor, item, unit, &mut standing).await?;
        }
        Ok(standing)
    }

    /// Finds somebody in whose stead the person may take the step: whoever wrote in it or has decided comes last, and
    /// hands on what stands against themselves.
    async fn stand_in(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        standing: &mut Standing,
    ) -> Result<(), CalendarError> {
        let today = actor.principal.today;
        let step = standing.deciding.step;
        let absent = delegations::stood_in_for(&mut *conn, actor.person(), step, &unit.path, today).await?;
        let before = standing.deciding;
        for person in absent {
            let (wrote, decided) = approvals::part_of(&mut *conn, item.id, item.version, person).await?;
            standing.behalf = Some(person);
            standing.deciding = Deciding {
                may: true,
                wrote: before.wrote || wrote,
                decided: before.decided || decided,
                ..before
            };
            if !wrote && !decided {
                break;
            }
        }
        Ok(())
    }

    pub(super) async fn case(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
    ) -> Result<Case, CalendarError> {
        let (item, unit) = self
            .opened(&mut *tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        item.state.after(Change::Approve { last: false })?;
        let version = approvals::version(&mut *tx, id, item.version)
            .await?
            .ok_or(CalendarError::Stale)?;
        let standing = self.deciding(tx, actor, &item, &unit, &version).await?;
        let deciding = Deciding {
            same: version.hash == seen,
            ..standing.deciding
        };
        Ok(Case {
            item,
            unit,
            step: deciding.step,
            version,
            deciding,
            behalf: standing.behalf,
        })
    }
}
