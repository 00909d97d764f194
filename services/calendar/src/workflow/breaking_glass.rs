//! Letting out what was submitted without the rest of its chain, when that cannot be completed in time: one person orders it
//! with a reason, another confirms it, and everybody who was passed over is told.

use chancery_access::{Action, Role};
use chancery_contracts::EditionHash;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::ItemId;
use chancery_directory::Unit;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::approving::askers;
use super::{Actor, Workflow, said};
use crate::error::CalendarError;
use crate::model::{
    Breaking, CONFIRM_WITHIN, Change, First, LEAST_REASON, MOST_REASON, Step, StepRole, Unbroken, breaker,
};
use crate::store::approvals::{self, Version};
use crate::store::break_glass::{self, Ordered, Which};
use crate::store::items::{Item, Lock, Standing};
use crate::store::{delegations, policies};

/// What is known of somebody who may be one of the two.
#[derive(Debug, Clone)]
pub struct Breaker {
    /// Whether, and if not why.
    pub breaking: Breaking,
    /// In which role.
    pub role: Option<StepRole>,
    /// The order that they could confirm.
    pub ordered: Option<Ordered>,
}

/// What became of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Why it is held back for now: sending is paused.
    pub paused: Option<String>,
}

/// A submitted item, locked, with what is known of the person.
struct Glass {
    item: Item,
    unit: Unit,
    version: Version,
    breaker: Breaker,
}

impl Workflow {
    /// Whether, and if not why, the person could be one of the two for this version now: what pages show beforehand.
    ///
    /// # Errors
    /// The database fails.
    pub async fn breaker(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
    ) -> Result<Breaker, CalendarError> {
        let now = self.clock.now();
        let role = breaker(|action| actor.principal.decide(action, unit.place()).is_allowed());
        let (wrote, _) = approvals::part_of(&mut *conn, item.id, item.version, actor.person()).await?;
        let second_factor = break_glass::has_second_factor(&mut *conn, actor.person()).await?;
        let ordered = break_glass::open(conn, item.id, item.version, now).await?;
        let first = ordered.as_ref().map(|ordered| {
            if ordered.person == actor.person() {
                First::Own
            } else {
                First::Others
            }
        });
        Ok(Breaker {
            breaking: Breaking {
                may: role.is_some(),
                second_factor,
                wrote,
                same: true,
                late: item.appointment.is_none_or(|time| time.has_passed(now)),
                first,
            },
            role,
            ordered,
        })
    }

    /// Orders the edition that has `seen` as its hash without the rest of its chain. Nothing goes out by that: another
    /// person has half an hour to confirm it.
    ///
    /// # Errors
    /// [`Unbroken`], no reason that says something, something is missing by now ([`CalendarError::Hindered`]), or it does
    /// not wait for approval.
    pub async fn break_glass(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
        reason: &str,
    ) -> Result<Uuid, CalendarError> {
        let reason = said(reason)?;
        let length = reason.chars().count();
        if length < LEAST_REASON {
            return Err(CalendarError::field("reason", "break-glass-reason-too-short"));
        }
        if length > MOST_REASON {
            return Err(CalendarError::field("reason", "break-glass-reason-too-long"));
        }
        let mut tx = self.pool.begin().await?;
        let glass = self.glass(&mut tx, actor, id, seen).await?;
        glass.breaker.breaking.order()?;
        self.unhindered(&mut tx, actor, &glass).await?;
        let Glass {
            item, unit, version, ..
        } = &glass;
        let now = self.clock.now();
        let ordered = Ordered {
            id: self.clock.new_id(),
            version: item.version,
            hash: version.hash,
            reason,
            role: glass.breaker.role.ok_or(Unbroken::NotYours)?,
            person: actor.person(),
            at: now,
            lapses_at: now + CONFIRM_WITHIN,
        };
        break_glass::insert(&mut tx, id, &ordered).await?;
        let detail = json!({
            "break_glass": ordered.id, "hash": ordered.hash, "role": ordered.role, "lapses_at": ordered.lapses_at,
        });
        self.record(
            &mut tx,
            item,
            Some(actor),
            "break_glass_ordered",
            &ordered.reason,
            detail,
        )
        .await?;
        let others = [Role::HeadOfMission, Role::HeadquartersApprover, Role::DeskOfficer];
        let to = others.map(|role| holders(role, unit)).into();
        let origin = actor.origin(item.unit);
        self.notify(&mut tx, origin, item, "notice-break-glass-ordered", to, actor)
            .await?;
        tx.commit().await?;
        Ok(ordered.id)
    }

    /// Confirms the order `order` of somebody else: the edition that has `seen` as its hash is let out, exactly as by the
    /// last approval.
    ///
    /// # Errors
    /// [`Unbroken`], something is missing by now ([`CalendarError::Hindered`]), or it does not wait for approval.
    pub async fn confirm_break_glass(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        order: Uuid,
        seen: EditionHash,
    ) -> Result<Broken, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let mut glass = self.glass(&mut tx, actor, id, seen).await?;
        let ordered = glass.breaker.ordered.take().filter(|ordered| ordered.id == order);
        if ordered.is_none() {
            glass.breaker.breaking.first = None;
        }
        glass.breaker.breaking.confirm()?;
        self.unhindered(&mut tx, actor, &glass).await?;
        let ordered = ordered.ok_or(Unbroken::Lapsed)?;
        let role = glass.breaker.role.ok_or(Unbroken::NotYours)?;
        let Glass {
            item, unit, version, ..
        } = &glass;
        let done = usize::try_from(item.steps_done).unwrap_or_default();
        let bypassed: Vec<Step> = version.chain.iter().skip(done).cloned().collect();
        let now = self.clock.now();
        break_glass::confirm(&mut tx, id, &ordered, (actor.person(), role), &bypassed, now).await?;
        let state = item.state.after(Change::last_approval(version.edition.release))?;
        let to = Standing {
            state,
            version: item.version,
            steps_done: item.steps_done,
        };
        self.stand(&mut tx, item, to, &actor.origin(item.unit)).await?;
        let paused = self.pause(&mut tx, item).await?;
        let names = chancery_directory::people(&mut tx, [ordered.person]).await?;
        let detail = json!({
            "break_glass": order, "hash": version.hash, "role": role, "first": ordered.person,
            "first_name": names.get(&ordered.person), "reason": ordered.reason, "paused": paused.is_some(),
            "bypassed": bypassed.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        self.record(&mut tx, item, Some(actor), "break_glass_confirmed", "", detail)
            .await?;
        let mut told = askers(item, version);
        told.push(Recipient::Person(ordered.person));
        for step in &bypassed {
            told.push(holders(step.role.role(), unit));
            let today = actor.principal.today;
            let delegates = delegations::delegates(&mut tx, step.role, &unit.path, today).await?;
            told.extend(delegates.into_iter().map(Recipient::Person));
        }
        told.push(holders(Role::HeadquartersApprover, unit));
        told.push(holders(Role::Administrator, unit));
        let origin = actor.origin(item.unit);
        self.notify(&mut tx, origin, item, "notice-break-glass-used", told, actor)
            .await?;
        self.cleared(&mut tx, actor, item, unit, version).await?;
        tx.commit().await?;
        Ok(Broken { paused })
    }

    /// Notes that somebody whose step was passed over has seen it, with what they say about it.
    ///
    /// # Errors
    /// There was no such use, it passed over no step of theirs, or they have said so before.
    pub async fn see_break_glass(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        order: Uuid,
        comment: &str,
    ) -> Result<(), CalendarError> {
        let comment = said(comment)?;
        if comment.chars().count() > MOST_REASON {
            return Err(CalendarError::field("comment", "break-glass-comment-too-long"));
        }
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::None, Action::ItemRead)
            .await?;
        let uses = break_glass::uses(&mut tx, Which::Item(id), i64::from(u16::MAX)).await?;
        let found = uses
            .into_iter()
            .find(|one| one.id == order && one.second.is_some())
            .ok_or(CalendarError::NotFound)?;
        if !self.was_bypassed(&mut tx, actor, &unit, &found).await? {
            return Err(CalendarError::NotTheirs("break-glass-not-bypassed"));
        }
        if !break_glass::see(&mut tx, order, actor.person(), &comment, self.clock.now()).await? {
            return Err(CalendarError::NotNow("break-glass-seen-already"));
        }
        let detail = json!({ "break_glass": order });
        self.record(&mut tx, &item, Some(actor), "break_glass_seen", &comment, detail)
            .await?;
        let told = [Some(found.first), found.second].into_iter().flatten();
        let to = told.map(Recipient::Person).collect();
        let origin = actor.origin(item.unit);
        self.notify(&mut tx, origin, &item, "notice-break-glass-seen", to, actor)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether one of the steps that were passed over was the person's to take; that of the two themselves does not count.
    ///
    /// # Errors
    /// The database fails.
    pub async fn was_bypassed(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        unit: &Unit,
        of: &break_glass::Use,
    ) -> Result<bool, CalendarError> {
        if of.first == actor.person() || of.second == Some(actor.person()) {
            return Ok(false);
        }
        for step in of.bypassed.iter().filter_map(|step| step.parse::<Step>().ok()) {
            let theirs = actor
                .principal
                .decide(step.role.action(), unit.place())
                .is_allowed();
            let speaks = match &step.language {
                Some(language) => policies::reviews(&mut *conn, actor.person(), language).await?,
                None => true,
            };
            if theirs && speaks {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn glass(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
    ) -> Result<Glass, CalendarError> {
        let (item, unit) = self
            .opened(&mut *tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        item.state.after(Change::Approve { last: true })?;
        let version = approvals::version(&mut *tx, id, item.version)
            .await?
            .ok_or(CalendarError::Stale)?;
        let mut breaker = self.breaker(tx, actor, &item, &unit).await?;
        breaker.breaking.same = version.hash == seen;
        Ok(Glass {
            item,
            unit,
            version,
            breaker,
        })
    }

    async fn unhindered(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        glass: &Glass,
    ) -> Result<(), CalendarError> {
        let submitter = (glass.version.submitted_by, actor.principal.today);
        let found = self.hindrances(tx, &glass.item, &glass.unit, submitter).await?;
        if found.is_empty() {
            Ok(())
        } else {
            Err(CalendarError::Hindered(found))
        }
    }
}

/// Whoever holds this role at the unit, or above it.
fn holders(role: Role, unit: &Unit) -> Recipient {
    Recipient::Role {
        role: role.as_str().to_owned(),
        unit: unit.id,
    }
}
