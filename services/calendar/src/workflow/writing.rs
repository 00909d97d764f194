//! Making items and writing in them. A save is never refused because something is missing, and what cannot be saved in
//! its place is kept as a copy.

use chancery_access::Action;
use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chancery_contracts::{Release, Topic};
use chancery_directory::Unit;
use chrono::{DateTime, DurationRound, NaiveDateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::accept::accept;
use super::preflight::refuse_marked;
use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Appointment, Change, ClockChoice, Draft, DraftVariant, Kind, Scope, State};
use crate::store::accounts;
use crate::store::editing::{self, Copy};
use crate::store::items::{self, Item, Lock};
use crate::store::snapshots::Reason;
use crate::store::{campaigns, short_links, timeline};

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is in its place.
    Now {
        /// The new revision, on which the next save is based.
        revision: i64,
    },
    /// It said nothing new.
    Unchanged {
        /// The present revision.
        revision: i64,
    },
    /// It was written on top of something that has changed: kept as a copy.
    Kept(Kept),
}

/// Why a save became a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where the item stands now.
    pub state: State,
    /// Who saved it last.
    pub by: PersonId,
    /// When they did.
    pub at: DateTime<Utc>,
}

impl Workflow {
    /// Makes an empty draft for `unit` in its press room, with a time half an hour ahead. `language` is a preference.
    ///
    /// # Errors
    /// There is no such unit, or the person may not write for it.
    pub async fn create(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        kind: Kind,
        language: &str,
    ) -> Result<ItemId, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        let now = self.clock.now();
        let wall = half_an_hour_ahead(now).with_timezone(&unit.zone).naive_local();
        let draft = self.begun(&mut tx, &unit, kind, language, wall).await?;
        let item = Item {
            id: self.clock.new_id().into(),
            unit: unit.id,
            state: State::Draft,
            version: 1,
            revision: 1,
            steps_done: 0,
            appointment: appointment(&draft, &unit),
            draft,
            images: Vec::new(),
            created: (actor.person(), now),
            updated: (actor.person(), now),
        };
        items::insert(&mut tx, &item).await?;
        self.record(&mut tx, &item, Some(actor), "created", "", json!({}))
            .await?;
        tx.commit().await?;
        Ok(item.id)
    }

    /// An empty draft of a unit, for the first of its accounts, as the unit begins them.
    pub(super) async fn begun(
        &self,
        conn: &mut PgConnection,
        unit: &Unit,
        kind: Kind,
        language: &str,
        wall: NaiveDateTime,
    ) -> Result<Draft, CalendarError> {
        let accounts = accounts::of_unit(&mut *conn, unit.id).await?;
        let speaks = accounts
            .first()
            .map_or(&unit.languages, |account| &account.languages);
        let chosen = speaks
            .iter()
            .find(|tag| *tag == language)
            .or_else(|| speaks.first());
        let language = chosen.map_or_else(|| language.to_owned(), Clone::clone);
        let variants = accounts.first().map(|account| DraftVariant {
            id: self.clock.new_id(),
            account: account.id,
            language: language.clone(),
            title: None,
            body: None,
            images: true,
        });
        Ok(Draft {
            kind,
            title: String::new(),
            body: String::new(),
            language,
            topic: Topic::General,
            audience: "host_public".to_owned(),
            programme: None,
            campaign: None,
            scope: Scope::Internal,
            clock: ClockChoice::Host,
            wall: Some(wall),
            window_minutes: 60,
            release: Release::AtTime,
            links: short_links::style_of(&mut *conn, &unit.path).await?,
            variants: variants.into_iter().collect(),
            alts: std::collections::BTreeMap::new(),
        })
    }

    /// Saves everything that is written in an item, as somebody wrote it on top of `base`.
    ///
    /// # Errors
    /// The person may not write there, or a value is refused (a title of 300 characters at most, …).
    pub async fn save(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        base: i64,
        draft: Draft,
    ) -> Result<Saved, CalendarError> {
        let draft = draft.cleaned();
        refuse_marked(&draft)?;
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        let draft = only_its_pictures(draft, &item);
        if draft == item.draft {
            return Ok(Saved::Unchanged {
                revision: item.revision,
            });
        }
        if base != item.revision || !item.state.is_open() {
            self.keep(&mut tx, &item, actor.person(), base, draft).await?;
            tx.commit().await?;
            let (by, at) = item.updated;
            return Ok(Saved::Kept(Kept {
                state: item.state,
                by,
                at,
            }));
        }
        // Saving one's own over somebody else's, after having been told: theirs is kept in turn.
        if editing::drop_copy(&mut tx, id, actor.person()).await? && item.updated.0 != actor.person() {
            self.keep(&mut tx, &item, item.updated.0, item.revision, item.draft.clone())
                .await?;
        }
        let revision = self
            .write(&mut tx, actor, &item, &unit, &draft, Reason::Written)
            .await?;
        tx.commit().await?;
        Ok(Saved::Now { revision })
    }

    /// Puts the person's own copy in the item's place. What it replaces becomes a copy of whoever wrote that.
    ///
    /// # Errors
    /// There is no copy, or the item is not open.
    pub async fn take_copy(&self, actor: Actor<'_>, id: ItemId) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        let copy = editing::copy_of(&mut tx, id, actor.person())
            .await?
            .ok_or(CalendarError::NotFound)?;
        if item.updated.0 != actor.person() {
            self.keep(&mut tx, &item, item.updated.0, item.revision, item.draft.clone())
                .await?;
        }
        let draft = only_its_pictures(copy.draft, &item);
        self.write(&mut tx, actor, &item, &unit, &draft, Reason::Written)
            .await?;
        editing::drop_copy(&mut tx, id, actor.person()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Throws the person's own copy away.
    ///
    /// # Errors
    /// The database fails.
    pub async fn discard_copy(&self, actor: Actor<'_>, id: ItemId) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        editing::drop_copy(&mut conn, id, actor.person()).await?;
        Ok(())
    }

    pub(super) async fn write(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        unit: &Unit,
        draft: &Draft,
        reason: Reason,
    ) -> Result<i64, CalendarError> {
        let accounts = accounts::of_unit(&mut *tx, unit.id).await?;
        let (audience, programme, campaign) = campaigns::exist(
            &mut *tx,
            &draft.audience,
            draft.programme,
            draft.campaign,
            &unit.path,
        )
        .await?;
        if !audience {
            return Err(CalendarError::field("audience", "items-audience-unknown"));
        }
        if !programme {
            return Err(CalendarError::field("programme", "items-programme-unknown"));
        }
        if !campaign {
            return Err(CalendarError::field("campaign", "items-campaign-unknown"));
        }
        accept(draft, &item.draft, &accounts)?;
        let at = self.clock.now();
        let revision = items::write_draft(
            &mut *tx,
            item.id,
            draft,
            appointment(draft, unit),
            actor.person(),
            at,
        )
        .await?;
        self.keep_version(&mut *tx, item, revision, draft, (actor.person(), reason))
            .await?;
        self.follow_links(&mut *tx, draft, &actor.origin(item.unit))
            .await?;
        self.record_writing(tx, actor, item).await?;
        Ok(revision)
    }

    /// Autosave writes every second; the timeline says once that somebody is writing.
    pub(super) async fn record_writing(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
    ) -> Result<(), CalendarError> {
        if timeline::is_still_writing(&mut *tx, item.id, item.version, actor.person()).await? {
            return Ok(timeline::touch(tx, item.id).await?);
        }
        self.record(tx, item, Some(actor), "edited", "", json!({})).await
    }

    pub(super) async fn keep(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        whose: PersonId,
        base_revision: i64,
        draft: Draft,
    ) -> Result<(), CalendarError> {
        let copy = Copy {
            id: self.clock.new_id(),
            base_revision,
            draft,
            saved_at: self.clock.now(),
        };
        Ok(editing::keep_copy(tx, item.id, whose, &copy).await?)
    }
}

/// The time that a draft chose, on the clock that it chose.
pub(super) fn appointment(draft: &Draft, unit: &Unit) -> Option<Appointment> {
    let at = draft.wall?;
    let time = Appointment::new(
        at,
        draft.clock,
        unit.zone,
        unit.headquarters,
        draft.window_minutes,
    );
    Some(time.released(draft.release))
}

/// The next full five minutes that are at least half an hour away.
fn half_an_hour_ahead(now: DateTime<Utc>) -> DateTime<Utc> {
    let at = now + TimeDelta::minutes(35);
    at.duration_trunc(TimeDelta::minutes(5)).unwrap_or(at)
}

/// Descriptions of pictures that are no longer there are dropped: somebody else may have removed them.
pub(super) fn only_its_pictures(mut draft: Draft, item: &Item) -> Draft {
    draft
        .alts
        .retain(|id, _| item.images.iter().any(|image| image.id == *id));
    draft
}
