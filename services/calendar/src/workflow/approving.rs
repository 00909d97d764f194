//! Approving and asking for changes. Everything is bound to the hash of the edition that was on the screen.

use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{ItemId, PersonId};
use chancery_contracts::publisher::PublishOrder;
use chancery_contracts::{EditionHash, Release};
use chancery_directory::Unit;
use chancery_queue::Outgoing;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::standing::Case;
use super::{Actor, Workflow, said};
use crate::error::CalendarError;
use crate::model::{Appointment, Change, ClockChoice, State, StepRole};
use crate::store::approvals::{self, Decision, Version};
use crate::store::items::{self, Item, Standing as Place};
use crate::store::passages;

/// A time that an approver chooses in place of one that has passed.
#[derive(Debug, Clone, Copy)]
pub struct NewTime {
    /// What the wall shows.
    pub wall: NaiveDateTime,
    /// On whose wall.
    pub clock: ClockChoice,
}

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// It was the last step: the order is out.
    Complete,
    /// It was the last step: it waits for somebody's word.
    Ready,
    /// The next step is asked.
    Next(StepRole),
    /// The new time made a new version, whose first step is not this person's: that step is asked.
    Restarted(StepRole),
}

impl Approval {
    /// What became of an approval after which `next` is asked.
    pub(super) fn after(next: Option<StepRole>, version: &Version) -> Self {
        match (next, version.edition.release) {
            (Some(role), _) => Self::Next(role),
            (None, Release::AtTime) => Self::Complete,
            (None, Release::OnCommand) => Self::Ready,
        }
    }
}

impl Workflow {
    /// Takes the step of the chain for which the item waits, for the edition that has `seen` as its hash. With
    /// `new_time` the approved time is that one: a new version with the same text.
    ///
    /// # Errors
    /// An [`crate::model::Objection`], or the item does not wait for approval.
    pub async fn approve(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
        comment: &str,
        new_time: Option<NewTime>,
    ) -> Result<Approval, CalendarError> {
        let comment = said(comment)?;
        let mut tx = self.pool.begin().await?;
        let mut case = self.case(&mut tx, actor, id, seen).await?;
        if let Some(new_time) = new_time {
            case.deciding.approve_at_new_time()?;
            let own_step = case.step;
            self.retime(&mut tx, actor, &mut case, new_time).await?;
            if case.step != own_step {
                self.ask(&mut tx, actor, &case.item, &case.unit, case.step)
                    .await?;
                tx.commit().await?;
                return Ok(Approval::Restarted(case.step));
            }
        } else {
            case.deciding.approve()?;
        }
        let next = self.approved(&mut tx, actor, &case, comment).await?;
        tx.commit().await?;
        Ok(Approval::after(next, &case.version))
    }

    /// Sends an item back to its writers, with what is to be changed.
    ///
    /// # Errors
    /// An [`crate::model::Objection`], nothing was said, or the item does not wait for approval.
    pub async fn ask_for_changes(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
        comment: &str,
    ) -> Result<(), CalendarError> {
        let mut comment = said(comment)?;
        let mut tx = self.pool.begin().await?;
        let case = self.case(&mut tx, actor, id, seen).await?;
        case.deciding.ask_for_changes()?;
        if comment.is_empty() {
            // Passages that are marked say enough: the first stands for all in the record.
            let marked = passages::of_item(&mut tx, id).await?;
            let mut own = marked
                .into_iter()
                .filter(|passage| passage.version == case.item.version && passage.person == actor.person());
            comment = own.next_back().map(|passage| passage.comment).unwrap_or_default();
        }
        if comment.is_empty() {
            return Err(CalendarError::field("comment", "approvals-comment-missing"));
        }
        let state = case.item.state.after(Change::AskForChanges)?;
        self.decide(&mut tx, actor, &case, false, &comment).await?;
        let behalf = self.behalf_name(&mut tx, &case).await?;
        // What was submitted stays as it was seen: the writers go on with the next version.
        let to = Place {
            state,
            version: case.item.version + 1,
            steps_done: 0,
        };
        self.stand(&mut tx, &case.item, to, &actor.origin(case.item.unit))
            .await?;
        self.record(
            &mut tx,
            &case.item,
            Some(actor),
            "changes_requested",
            &comment,
            json!({ "role": case.step, "behalf": case.behalf, "behalf_name": behalf }),
        )
        .await?;
        let origin = actor.origin(case.item.unit);
        self.notify(
            &mut tx,
            origin,
            &case.item,
            "notice-item-changes",
            askers(&case.item, &case.version),
            actor,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Decides on several at once, each bound to the hash that was shown. One that fails does not stop the others.
    pub async fn approve_several(
        &self,
        actor: Actor<'_>,
        chosen: &[(ItemId, EditionHash)],
    ) -> Vec<(ItemId, Result<Approval, CalendarError>)> {
        let mut done = Vec::with_capacity(chosen.len());
        for (id, seen) in chosen {
            done.push((*id, self.approve(actor, *id, *seen, "", None).await));
        }
        done
    }

    /// Makes a new version that differs in its time only, and lets its chain begin anew: earlier steps approved
    /// another time.
    async fn retime(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        case: &mut Case,
        new_time: NewTime,
    ) -> Result<(), CalendarError> {
        let Case {
            item, unit, version, ..
        } = case;
        let window = item.draft.window_minutes;
        let to = Appointment::new(
            new_time.wall,
            new_time.clock,
            unit.zone,
            unit.headquarters,
            window,
        )
        .released(item.draft.release);
        if to.is_too_soon(self.clock.now()) {
            return Err(CalendarError::field("wall", "check-time-too-soon"));
        }
        item.version += 1;
        item.steps_done = 0;
        item.appointment = Some(to);
        version.version = item.version;
        version.edition.version = item.version;
        version.edition.wall = to.wall.at;
        version.edition.zone = to.wall.zone;
        version.hash = version.edition.hash()?;
        version.retimed_by = Some(actor.person());
        items::retime(&mut *tx, item.id, item.version, new_time.clock.as_str(), to).await?;
        approvals::insert_version(&mut *tx, item.id, version).await?;
        case.step = version.chain.first().ok_or(CalendarError::Stale)?.role;
        let detail = json!({ "wall": to.wall.at, "zone": to.wall.zone.name(), "publish_at": to.instant() });
        self.record(tx, &case.item, Some(actor), "retimed", "", detail)
            .await
    }

    /// Writes the approval down; asks the next step, or orders publication.
    pub(super) async fn approved(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        case: &Case,
        comment: String,
    ) -> Result<Option<StepRole>, CalendarError> {
        let item = &case.item;
        let done = item.steps_done + 1;
        let next = version_step(&case.version, done);
        let change = match next {
            Some(_) => Change::Approve { last: false },
            None => Change::last_approval(case.version.edition.release),
        };
        let state = item.state.after(change)?;
        self.decide(&mut *tx, actor, case, true, &comment).await?;
        let behalf = self.behalf_name(&mut *tx, case).await?;
        let to = Place {
            state,
            version: item.version,
            steps_done: done,
        };
        self.stand(&mut *tx, item, to, &actor.origin(item.unit)).await?;
        self.record(
            &mut *tx,
            item,
            Some(actor),
            "approved",
            &comment,
            json!({ "role": case.step, "hash": case.version.hash, "behalf": case.behalf, "behalf_name": behalf }),
        )
        .await?;
        if let Some(role) = next {
            self.ask(tx, actor, item, &case.unit, role).await?;
        } else {
            self.cleared(&mut *tx, actor, &case.item, &case.unit, &case.version)
                .await?;
            if case.version.edition.release == Release::AtTime {
                let (origin, to) = (actor.origin(item.unit), askers(item, &case.version));
                self.notify(tx, origin, item, "notice-item-approved", to, actor)
                    .await?;
            }
        }
        debug_assert_eq!(state == State::Submitted, next.is_some());
        Ok(next)
    }

    async fn decide(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        case: &Case,
        approved: bool,
        comment: &str,
    ) -> Result<(), CalendarError> {
        let decision = Decision {
            id: self.clock.new_id(),
            version: case.item.version,
            hash: case.version.hash,
            step: case.item.steps_done + 1,
            role: case.step,
            approved,
            person: actor.person(),
            behalf: case.behalf,
            behalf_name: None,
            comment: comment.to_owned(),
            at: self.clock.now(),
        };
        Ok(approvals::decide(tx, case.item.id, &decision).await?)
    }

    async fn behalf_name(&self, tx: &mut PgConnection, case: &Case) -> Result<Option<String>, CalendarError> {
        let names = chancery_directory::people(tx, case.behalf).await?;
        Ok(names.into_values().next())
    }

    /// Nothing stands against this version any more: it is ordered, or waits for somebody's word.
    pub(super) async fn cleared(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        version: &Version,
    ) -> Result<(), CalendarError> {
        let appointment = item.appointment.ok_or(CalendarError::Stale)?;
        match version.edition.release {
            Release::AtTime => self.order(tx, actor, item, version, appointment.instant()).await,
            Release::OnCommand => self.await_word(tx, actor, item, unit, version).await,
        }
    }

    /// Orders publication at `due`, in the transaction that made it right.
    pub(super) async fn order(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        version: &Version,
        due: DateTime<Utc>,
    ) -> Result<(), CalendarError> {
        let not_after = item.appointment.ok_or(CalendarError::Stale)?.not_after();
        approvals::insert_order(
            &mut *tx,
            item.id,
            item.version,
            version.hash,
            not_after,
            self.clock.now(),
        )
        .await?;
        self.open_short_links(&mut *tx, item.id, &version.edition).await?;
        let order = PublishOrder {
            item: item.id,
            version: item.version,
            unit: item.unit,
            topic: item.draft.topic,
            campaign: item.draft.campaign,
            title: item.draft.title.trim().to_owned(),
            edition: version.edition.clone(),
            edition_hash: version.hash,
            due,
            not_after,
        };
        chancery_queue::send(tx, &Outgoing::new(order, &actor.origin(item.unit))).await?;
        Ok(())
    }
}

fn version_step(version: &Version, done: i32) -> Option<StepRole> {
    version
        .chain
        .get(usize::try_from(done).ok()?)
        .map(|step| step.role)
}

/// Who waits for the answer: the author and whoever submitted it.
pub(super) fn askers(item: &Item, version: &Version) -> Vec<Recipient> {
    let mut people: Vec<PersonId> = vec![item.created.0, version.submitted_by];
    people.dedup();
    people.into_iter().map(Recipient::Person).collect()
}
