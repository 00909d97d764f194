//! What waits too long for a decision is told to the next in line: once at its deadline, once when half of the time that
//! was left then has passed.

use chancery_contracts::Origin;
use chancery_contracts::identity::Recipient;
use chancery_queue::Outgoing;
use serde_json::json;

use super::{Workflow, notice, writers};
use crate::error::CalendarError;
use crate::model::{State, StepRole};
use crate::store::items::{self, Lock};
use crate::store::waiting::{self, Overdue};
use crate::store::{approvals, delegations};

/// At most so many in one turn; the next turn is a minute later.
const MANY: i64 = 500;

impl Workflow {
    /// Tells of every step that waits beyond its deadline. However often it is handled, each is told once a level.
    ///
    /// # Errors
    /// The database fails: what was told until then stays told.
    pub async fn escalate(&self) -> Result<usize, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let overdue = waiting::overdue(&mut conn, self.clock.now(), MANY).await?;
        drop(conn);
        let mut told = 0;
        for one in overdue {
            told += usize::from(self.escalate_one(one).await?);
        }
        Ok(told)
    }

    async fn escalate_one(&self, overdue: Overdue) -> Result<bool, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let item = items::load(&mut tx, overdue.item, Lock::Update).await?;
        // Decided, reopened or told while this one was on its way.
        let still = item.state == State::Submitted
            && item.version == overdue.version
            && item.steps_done + 1 == overdue.step;
        if !still || !waiting::told(&mut tx, overdue, self.clock.now()).await? {
            return Ok(false);
        }
        let Some(version) = approvals::version(&mut tx, item.id, item.version).await? else {
            return Ok(false);
        };
        let passed = usize::try_from(item.steps_done).unwrap_or_default();
        let Some(step) = version.chain.get(passed) else {
            return Ok(false);
        };
        let unit = chancery_directory::unit(&mut tx, item.unit).await?;
        let at_headquarters = self.clock.now().with_timezone(&unit.headquarters).date_naive();
        let holder = |role: StepRole| Recipient::Role {
            role: role.role().as_str().to_owned(),
            unit: item.unit,
        };
        let mut to = vec![holder(step.role)];
        let delegates = delegations::delegates(&mut tx, step.role, &unit.path, at_headquarters).await?;
        to.extend(delegates.into_iter().map(Recipient::Person));
        if overdue.level > 1 {
            to.push(holder(StepRole::Desk));
        }
        // Whoever wrote it can telephone.
        to.extend(writers(&item));
        let detail = json!({ "role": step.role, "level": overdue.level });
        self.record(&mut tx, &item, None, "escalated", "", detail).await?;
        let origin = Origin {
            unit: Some(item.unit),
            ..Origin::default()
        };
        let key = if overdue.level > 1 {
            "notice-item-overdue-again"
        } else {
            "notice-item-overdue"
        };
        chancery_queue::send(&mut tx, &Outgoing::new(notice(&item, key, to, None), &origin)).await?;
        tx.commit().await?;
        Ok(true)
    }
}
