//! Giving the word for what was approved on command, and what becomes of it when nobody does.

use chancery_access::Action;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{ItemId, PersonId};
use chancery_contracts::{EditionHash, Origin};
use chancery_directory::Unit;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;

use super::approving::askers;
use super::{Actor, Workflow, notice, writers};
use crate::error::CalendarError;
use crate::model::{Change, Releasing, StepRole, Window};
use crate::store::approvals::{self, Version};
use crate::store::delegations;
use crate::store::items::{self, Item, Lock, Standing};
use crate::store::releases::{self, Word};
use crate::store::waiting::in_scope;

/// At most so many windows in one turn; the next turn is a minute later.
const MANY: i64 = 500;

/// Whose approval covers giving the word, in the order in which somebody stands in for one.
const APPROVERS: [StepRole; 2] = [StepRole::HeadOfMission, StepRole::Headquarters];

/// What is known of somebody who wants to give the word, and in whose stead they would.
#[derive(Debug, Clone, Copy)]
pub struct Speaking {
    /// Whether, and if not why.
    pub releasing: Releasing,
    /// On whose behalf; none: in their own right.
    pub behalf: Option<PersonId>,
}

/// What became of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Why it is held back for now: sending is paused.
    pub paused: Option<String>,
}

impl Workflow {
    /// Whether, and if not why, the person could give the word for this version now: what pages show beforehand. Giving
    /// the word is no approval, so whoever wrote it may; which words go out, and in which window, was approved.
    ///
    /// # Errors
    /// The database fails.
    pub async fn releasing(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        version: &Version,
    ) -> Result<Speaking, CalendarError> {
        let allowed = |action| actor.principal.decide(action, unit.place()).is_allowed();
        let own = (version.submitted_by == actor.person() && allowed(Action::ItemWrite))
            || APPROVERS.iter().any(|role| allowed(role.action()));
        let mut behalf = None;
        if !own {
            let today = actor.principal.today;
            for role in APPROVERS
                .into_iter()
                .filter(|role| in_scope(actor.principal, *role))
            {
                let absent =
                    delegations::stood_in_for(&mut *conn, actor.person(), role, &unit.path, today).await?;
                behalf = behalf.or_else(|| absent.into_iter().next());
            }
        }
        let now = self.clock.now();
        Ok(Speaking {
            releasing: Releasing {
                may: own || behalf.is_some(),
                same: true,
                window: item.appointment.map_or(Window::Over, |time| time.window(now)),
            },
            behalf,
        })
    }

    /// Gives the word for the edition that has `seen` as its hash: it is ordered for now. Whatever would hinder submitting
    /// it hinders this; a pause does not, it holds what was ordered.
    ///
    /// # Errors
    /// [`crate::model::Unreleased`], something is missing by now ([`CalendarError::Hindered`]), or it waits for no word.
    pub async fn release(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
    ) -> Result<Released, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        let state = item.state.after(Change::Release)?;
        let version = approvals::version(&mut tx, id, item.version)
            .await?
            .ok_or(CalendarError::Stale)?;
        let speaking = self.releasing(&mut tx, actor, &item, &unit, &version).await?;
        let releasing = Releasing {
            same: version.hash == seen,
            ..speaking.releasing
        };
        releasing.release()?;
        let submitter = (version.submitted_by, actor.principal.today);
        let hindrances = self.hindrances(&mut tx, &item, &unit, submitter).await?;
        if !hindrances.is_empty() {
            return Err(CalendarError::Hindered(hindrances));
        }
        let paused = self.pause(&mut tx, &item).await?;
        let now = self.clock.now();
        let word = Word {
            version: item.version,
            hash: version.hash,
            person: actor.person(),
            behalf: speaking.behalf,
            window: item.appointment.ok_or(CalendarError::Stale)?,
            at: now,
        };
        releases::insert(&mut tx, id, &word).await?;
        let to = Standing {
            state,
            version: item.version,
            steps_done: item.steps_done,
        };
        self.stand(&mut tx, &item, to, &actor.origin(item.unit)).await?;
        let names = chancery_directory::people(&mut tx, speaking.behalf).await?;
        let detail = json!({
            "hash": version.hash, "behalf": speaking.behalf, "behalf_name": names.into_values().next(),
            "paused": paused.is_some(),
        });
        self.record(&mut tx, &item, Some(actor), "released", "", detail)
            .await?;
        self.order(&mut tx, actor, &item, &version, now).await?;
        let (origin, to) = (actor.origin(item.unit), askers(&item, &version));
        self.notify(&mut tx, origin, &item, "notice-item-released", to, actor)
            .await?;
        tx.commit().await?;
        Ok(Released { paused })
    }

    /// Tells whoever can give the word that it waits for them. Headquarters can as well, but is not told of every one.
    pub(super) async fn await_word(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        version: &Version,
    ) -> Result<(), CalendarError> {
        let role = StepRole::HeadOfMission;
        let mut to = askers(item, version);
        to.push(Recipient::Role {
            role: role.role().as_str().to_owned(),
            unit: item.unit,
        });
        let delegates = delegations::delegates(&mut *tx, role, &unit.path, actor.principal.today).await?;
        to.extend(delegates.into_iter().map(Recipient::Person));
        let origin = actor.origin(item.unit);
        self.notify(tx, origin, item, "notice-item-ready", to, actor)
            .await
    }

    /// Sends back whatever waited for its word until its window ended. However often it is handled, each is sent back
    /// once.
    ///
    /// # Errors
    /// The database fails: what was sent back until then stays so.
    pub async fn end_windows(&self) -> Result<usize, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let over = releases::over(&mut conn, self.clock.now(), MANY).await?;
        drop(conn);
        let mut ended = 0;
        for id in over {
            ended += usize::from(self.end_window(id).await?);
        }
        Ok(ended)
    }

    async fn end_window(&self, id: ItemId) -> Result<bool, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let item = items::load(&mut tx, id, Lock::Update).await?;
        let now = self.clock.now();
        let over = item
            .appointment
            .is_none_or(|time| time.window(now) == Window::Over);
        // Somebody gave the word, or took it back, while this one was on its way.
        let (true, Ok(state)) = (over, item.state.after(Change::Lapse)) else {
            return Ok(false);
        };
        let mut to = writers(&item);
        if let Some(version) = approvals::version(&mut tx, id, item.version).await? {
            to.push(Recipient::Person(version.submitted_by));
        }
        let decisions = approvals::decisions(&mut tx, id, item.version).await?;
        let approved = decisions.into_iter().filter(|(decision, _)| decision.approved);
        to.extend(approved.map(|(decision, _)| Recipient::Person(decision.person)));
        let origin = Origin {
            unit: Some(item.unit),
            ..Origin::default()
        };
        let next = Standing {
            state,
            version: item.version + 1,
            steps_done: 0,
        };
        self.stand(&mut tx, &item, next, &origin).await?;
        self.record(&mut tx, &item, None, "release_lapsed", "", json!({}))
            .await?;
        let news = notice(&item, "notice-item-release-lapsed", to, None);
        chancery_queue::send(&mut tx, &Outgoing::new(news, &origin)).await?;
        tx.commit().await?;
        Ok(true)
    }
}
