//! Taking down what is out. It is urgent and harmless beside putting out, so it needs no chain: whoever may approve at the
//! unit, or for headquarters, has it done at once; a writer asks, and one of those confirms. Never silently: it stands in
//! the timeline and the audit trail, and everybody who answers for the item is told.

use std::collections::{BTreeMap, BTreeSet};

use chancery_access::Action;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{DeliveryId, ItemId};
use chancery_contracts::publisher::WithdrawDeliveries;
use chancery_contracts::{Origin, WithdrawalReason};
use chancery_directory::Unit;
use chancery_queue::{Outgoing, Priority};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::preflight::refuse_marked_text;
use super::{Actor, Workflow, notice, said, writers};
use crate::error::CalendarError;
use crate::model::{Removed, StepRole, clean, is_tag, removed};
use crate::store::deliveries::{self, Reported};
use crate::store::items::{Item, Lock};
use crate::store::waiting::in_scope;
use crate::store::withdrawals::{self, Withdrawal};
use crate::store::{approvals, delegations};

/// The most characters of a note to the public.
const MAX_NOTE: usize = 2_000;

/// What somebody wants taken down, and what they say about it.
#[derive(Debug, Clone)]
pub struct TakenBack {
    /// Which deliveries; none named: all that are out.
    pub deliveries: Vec<DeliveryId>,
    /// Why.
    pub reason: WithdrawalReason,
    /// For the public, by language.
    pub notes: BTreeMap<String, String>,
    /// For the record; never published.
    pub internal: String,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takedown {
    /// The publisher is told.
    Ordered,
    /// Somebody who may decide is asked.
    Asked,
}

impl Workflow {
    /// Whether the person has something of this unit taken down at once: who approves there, or for headquarters, or
    /// stands in for one of these.
    ///
    /// # Errors
    /// The database fails.
    pub async fn takes_down(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        unit: &Unit,
    ) -> Result<bool, CalendarError> {
        for action in [Action::ItemApprove, Action::ItemApproveHeadquarters] {
            if actor.principal.decide(action, unit.place()).is_allowed() {
                return Ok(true);
            }
        }
        let today = actor.principal.today;
        for role in [StepRole::HeadOfMission, StepRole::Headquarters] {
            if in_scope(actor.principal, role)
                && !delegations::stood_in_for(&mut *conn, actor.person(), role, &unit.path, today)
                    .await?
                    .is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Has what is out taken down, or asks for it.
    ///
    /// # Errors
    /// Nothing of it is out, something is not said, a wish still waits, or the person may not write there.
    pub async fn withdraw(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        wanted: TakenBack,
    ) -> Result<Takedown, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        let at_once = self.takes_down(&mut tx, actor, &unit).await?;
        if !at_once {
            actor.require(Action::ItemWrite, &unit)?;
        }
        let known = deliveries::of_item(&mut tx, id).await?;
        let wanted = wanted.checked(&known)?;
        let now = self.clock.now();
        let withdrawal = Withdrawal {
            id: self.clock.new_id(),
            reason: wanted.reason,
            notes: wanted.notes,
            internal: wanted.internal,
            deliveries: wanted.deliveries,
            asked: (actor.person(), now),
            confirmed: at_once.then_some((actor.person(), now)),
            declined: None,
        };
        if !withdrawals::insert(&mut tx, id, &withdrawal).await? {
            return Err(CalendarError::NotNow("withdraw-refused-asked"));
        }
        let done = if at_once {
            withdrawals::settle_covered(&mut tx, id, &withdrawal.deliveries, actor.person(), now).await?;
            self.order_withdrawal(&mut tx, actor, &item, &withdrawal).await?;
            Takedown::Ordered
        } else {
            self.ask_for_withdrawal(&mut tx, actor, &item, &unit, &withdrawal)
                .await?;
            Takedown::Asked
        };
        tx.commit().await?;
        Ok(done)
    }

    /// Confirms what somebody asked for: it is taken down. Or declines it.
    ///
    /// # Errors
    /// It does not wait any more, or the person may not decide it.
    pub async fn settle_withdrawal(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        withdrawal: Uuid,
        confirmed: bool,
        comment: &str,
    ) -> Result<(), CalendarError> {
        let comment = said(comment)?;
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        if !self.takes_down(&mut tx, actor, &unit).await? {
            actor.require(Action::ItemApprove, &unit)?;
        }
        let all = withdrawals::of_item(&mut tx, id).await?;
        let asked = all
            .into_iter()
            .find(|one| one.id == withdrawal)
            .ok_or(CalendarError::NotFound)?;
        if !withdrawals::settle(&mut tx, withdrawal, confirmed, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::NotNow("withdraw-refused-settled"));
        }
        if confirmed {
            self.order_withdrawal(&mut tx, actor, &item, &asked).await?;
        } else {
            let detail = json!({ "why": asked.reason });
            self.record(
                &mut tx,
                &item,
                Some(actor),
                "withdrawal_declined",
                &comment,
                detail,
            )
            .await?;
            let to = vec![Recipient::Person(asked.asked.0)];
            let origin = actor.origin(item.unit);
            self.notify(&mut tx, origin, &item, "notice-withdrawal-declined", to, actor)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn order_withdrawal(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        withdrawal: &Withdrawal,
    ) -> Result<(), CalendarError> {
        let detail = json!({
            "why": withdrawal.reason, "notes": withdrawal.notes, "deliveries": withdrawal.deliveries,
            "asked_by": withdrawal.asked.0,
        });
        self.record(
            &mut *tx,
            item,
            Some(actor),
            "withdrawal_ordered",
            &withdrawal.internal,
            detail,
        )
        .await?;
        let origin = actor.origin(item.unit);
        let order = WithdrawDeliveries {
            item: item.id,
            deliveries: withdrawal.deliveries.clone(),
            reason: withdrawal.reason,
            notes: withdrawal.notes.clone(),
        };
        let mut to = self.concerned(&mut *tx, item).await?;
        to.push(Recipient::Person(withdrawal.asked.0));
        let news = notice(item, "notice-withdrawal-ordered", to, Some(&actor.principal.name));
        let out = [
            Outgoing::new(order, &origin).priority(Priority::Urgent),
            Outgoing::new(news, &origin),
        ];
        Ok(chancery_queue::send_all(tx, &out).await?)
    }

    async fn ask_for_withdrawal(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        withdrawal: &Withdrawal,
    ) -> Result<(), CalendarError> {
        let detail = json!({ "why": withdrawal.reason, "deliveries": withdrawal.deliveries });
        self.record(
            &mut *tx,
            item,
            Some(actor),
            "withdrawal_asked",
            &withdrawal.internal,
            detail,
        )
        .await?;
        let today = actor.principal.today;
        let head = StepRole::HeadOfMission;
        let delegates = delegations::delegates(&mut *tx, head, &unit.path, today).await?;
        let mut to = answerable(item);
        to.extend(delegates.into_iter().map(Recipient::Person));
        let origin = actor.origin(item.unit);
        self.notify(tx, origin, item, "notice-withdrawal-asked", to, actor)
            .await
    }

    /// Who wrote, submitted and approved it, and who answers for it.
    pub(super) async fn concerned(
        &self,
        tx: &mut PgConnection,
        item: &Item,
    ) -> Result<Vec<Recipient>, CalendarError> {
        let mut to = writers(item);
        if let Some(order) = approvals::latest_order(&mut *tx, item.id).await? {
            let version = approvals::version(&mut *tx, item.id, order.version).await?;
            to.extend(version.map(|version| Recipient::Person(version.submitted_by)));
            let decisions = approvals::decisions(&mut *tx, item.id, order.version).await?;
            to.extend(
                decisions
                    .into_iter()
                    .map(|(decision, _)| Recipient::Person(decision.person)),
            );
        }
        to.extend(answerable(item));
        Ok(to)
    }

    /// The publisher could not take something down: whoever can do it by hand is told.
    pub(super) async fn tell_not_taken_down(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let mut to = writers(item);
        to.push(role("press_attache", item));
        to.extend(answerable(item));
        let origin = Origin {
            actor: None,
            ..origin.clone()
        };
        let news = notice(item, "notice-withdrawal-needs-person", to, None);
        Ok(chancery_queue::send(tx, &Outgoing::new(news, &origin)).await?)
    }
}

impl TakenBack {
    /// What of it can be taken down now, with everything that must be said with it.
    fn checked(mut self, known: &[Reported]) -> Result<Self, CalendarError> {
        let out: Vec<&Reported> = known.iter().filter(|one| one.may_be_taken_down()).collect();
        if out.is_empty() {
            return Err(CalendarError::NotNow("withdraw-refused-nothing-out"));
        }
        let wanted: BTreeSet<DeliveryId> = self.deliveries.iter().copied().collect();
        let named: Vec<&Reported> = out
            .iter()
            .copied()
            .filter(|one| wanted.contains(&one.id))
            .collect();
        if named.len() != wanted.len() {
            return Err(CalendarError::field("delivery", "withdraw-delivery-not-out"));
        }
        // An original goes with what corrects it.
        let goes = |one: &&Reported| {
            wanted.is_empty() || wanted.contains(&one.id) || named.iter().any(|other| one.belongs_to(other))
        };
        let chosen: Vec<&Reported> = out.into_iter().filter(goes).collect();
        self.deliveries = chosen.iter().map(|one| one.id).collect();
        self.internal = clean(&self.internal).trim().into();
        if self.internal.is_empty() {
            return Err(CalendarError::field("internal", "withdraw-internal-missing"));
        }
        if self.internal.chars().count() > 5_000 {
            return Err(CalendarError::field("internal", "items-comment-too-long"));
        }
        refuse_marked_text("internal", &self.internal)?;
        self.notes = notes(self.notes)?;
        // The page that stands in its place must say something.
        let silent = chosen.iter().any(|one| {
            one.platform.map(removed) == Some(Removed::Notice)
                && one
                    .language
                    .as_ref()
                    .is_some_and(|language| !self.notes.contains_key(language))
        });
        if silent {
            return Err(CalendarError::field("note", "withdraw-note-missing"));
        }
        Ok(self)
    }
}

/// Notes to the public as they are kept: cleaned, without empty ones.
pub(super) fn notes(given: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, CalendarError> {
    let mut notes = BTreeMap::new();
    for (language, note) in given {
        let note = clean(&note).trim().to_owned();
        if note.is_empty() {
            continue;
        }
        if note.chars().count() > MAX_NOTE {
            return Err(CalendarError::field("note", "withdraw-note-too-long"));
        }
        if !is_tag(&language) {
            return Err(CalendarError::field("note", "items-value-unknown"));
        }
        refuse_marked_text("note", &note)?;
        notes.insert(language, note);
    }
    Ok(notes)
}

/// The head of the mission, and headquarters: who answers for what its unit says.
pub(super) fn answerable(item: &Item) -> Vec<Recipient> {
    ["head_of_mission", "headquarters_approver", "desk_officer"]
        .map(|name| role(name, item))
        .into()
}

fn role(name: &str, item: &Item) -> Recipient {
    Recipient::Role {
        role: name.to_owned(),
        unit: item.unit,
    }
}
