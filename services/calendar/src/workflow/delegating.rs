//! Deciding on somebody's behalf (*ủy quyền duyệt*): named by whoever is away, from a day to a day, and over by itself.

use chancery_access::Action;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_queue::Outgoing;
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{StepRole, clean};
use crate::store::delegations::{self, Delegation};
use crate::store::timeline;

/// Who is to stand in for the caller.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewDelegation {
    /// At which unit the caller holds the role; it holds below, too.
    #[schema(value_type = Uuid)]
    pub unit: UnitId,
    /// `head_of_mission` or `headquarters_approver`.
    #[schema(value_type = String)]
    pub role: StepRole,
    /// A colleague at that unit.
    #[schema(value_type = Uuid)]
    pub to: PersonId,
    /// First day, at headquarters' clock.
    pub first: NaiveDate,
    /// Last day, at most a year later.
    pub last: NaiveDate,
    /// Why: leave, a journey. At most 500 characters.
    pub reason: String,
}

impl Workflow {
    /// Names a delegate for a role that the caller holds at exactly that unit.
    ///
    /// # Errors
    /// They do not hold it, the delegate is no colleague there or signs in without a second factor, or a value is
    /// refused.
    pub async fn delegate(&self, actor: Actor<'_>, new: NewDelegation) -> Result<Uuid, CalendarError> {
        let reason = clean(&new.reason).replace(['\n', '\t'], " ").trim().to_owned();
        if reason.is_empty() {
            return Err(CalendarError::field("reason", "delegations-reason-missing"));
        }
        if reason.chars().count() > 500 {
            return Err(CalendarError::field("reason", "delegations-reason-too-long"));
        }
        let today = actor.principal.today;
        if new.first < today {
            return Err(CalendarError::field("first", "delegations-first-passed"));
        }
        if new.last < new.first || new.last - new.first > TimeDelta::days(366) {
            return Err(CalendarError::field("last", "delegations-last-refused"));
        }
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, new.unit).await?;
        actor.require(new.role.action(), &unit)?;
        let holds = actor
            .principal
            .grants
            .iter()
            .any(|grant| grant.unit == unit.id && grant.role == new.role.role() && grant.holds_on(today));
        if !holds || !new.role.may_be_delegated() {
            return Err(CalendarError::field("unit", "delegations-not-yours"));
        }
        let colleagues = delegations::colleagues(&mut tx, unit.id, actor.person(), today).await?;
        match colleagues.iter().find(|colleague| colleague.id == new.to) {
            None => return Err(CalendarError::field("to", "delegations-no-colleague")),
            Some(colleague) if !colleague.second_factor => {
                return Err(CalendarError::field("to", "delegations-no-second-factor"));
            }
            Some(_) => {}
        }
        let one = Delegation {
            id: self.clock.new_id(),
            unit: unit.id,
            role: new.role,
            from: actor.person(),
            to: new.to,
            reason,
            first: new.first,
            last: new.last,
            at: self.clock.now(),
        };
        delegations::insert(&mut tx, &one).await?;
        let detail = json!({
            "role": one.role, "to": one.to, "first": one.first, "last": one.last, "reason": one.reason,
        });
        let what = ("approval.delegated", "delegation", Some(one.id));
        timeline::audit(&mut tx, actor.person(), unit.id, what, detail, actor.request).await?;
        let notice = told(&actor, one.to, "notice-approval-delegated");
        chancery_queue::send(&mut tx, &Outgoing::new(notice, &actor.origin(unit.id))).await?;
        tx.commit().await?;
        Ok(one.id)
    }

    /// Ends a delegation before its day: whoever gave it, whoever has it, or an administrator.
    ///
    /// # Errors
    /// There is none that is open, or it is none of their business.
    pub async fn end_delegation(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (at, from, to) = delegations::open(&mut tx, id).await?;
        let unit = chancery_directory::unit(&mut tx, at).await?;
        if ![from, to].contains(&actor.person()) {
            actor.require(Action::PersonManage, &unit)?;
        }
        delegations::revoke(&mut tx, id, actor.person(), self.clock.now()).await?;
        let what = ("approval.delegation_ended", "delegation", Some(id));
        timeline::audit(
            &mut tx,
            actor.person(),
            unit.id,
            what,
            json!({ "from": from, "to": to }),
            actor.request,
        )
        .await?;
        for person in [from, to] {
            let notice = told(&actor, person, "notice-approval-delegation-ended");
            chancery_queue::send(&mut tx, &Outgoing::new(notice, &actor.origin(unit.id))).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn told(actor: &Actor<'_>, to: PersonId, key: &str) -> Notify {
    Notify {
        to: vec![Recipient::Person(to)],
        key: key.to_owned(),
        arguments: [("person".to_owned(), actor.principal.name.clone())].into(),
        link: "/approvals/delegations".to_owned(),
    }
}
