//! What a mission sees of a model, declining it, and what becomes of a later change.

use chancery_access::Action;
use chancery_contracts::ids::{ItemId, ModelId, UnitId};
use chancery_directory::Unit;
use serde_json::json;
use sqlx::PgConnection;

use super::adopting::drafted;
use crate::error::CalendarError;
use crate::model::models::{Content, ModelState, Tap, localise};
use crate::model::{Account, Change, State};
use crate::store::accounts;
use crate::store::items::{self, Item, Lock};
use crate::store::models::answers::{self, Received};
use crate::store::models::{self, Model};
use crate::store::preflight;
use crate::workflow::writing::appointment;
use crate::workflow::{Actor, Workflow, said};

/// Whether an item goes out when, and with the pictures, that the model said; its texts are compared in SQL.
fn keeps(item: &Item, content: &Content) -> bool {
    let draft = &item.draft;
    (draft.wall, draft.clock, draft.window_minutes) == (content.wall, content.clock, content.window_minutes)
        && item.images.iter().all(|image| {
            image.cuts.is_empty() && image.asset.is_some_and(|asset| content.assets.contains(&asset))
        })
}

/// A model as one mission has it.
#[derive(Debug, Clone)]
pub struct ModelAt {
    /// The model.
    pub model: Model,
    /// The mission.
    pub unit: Unit,
    /// The row of the two.
    pub received: Received,
    /// What arrived there last.
    pub content: Content,
    /// The item made from it, if there is one.
    pub item: Option<Item>,
    /// The mission's accounts.
    pub accounts: Vec<Account>,
    /// Whether this person could adopt and approve in one tap.
    pub tap: Tap,
    /// Whether this person answers for the mission.
    pub responder: bool,
}

impl ModelAt {
    /// Whether a version has arrived that the mission has not dealt with.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.item.is_some()
            && self
                .received
                .settled_version
                .is_some_and(|settled| settled < self.received.version)
    }
}

impl Workflow {
    /// A model as one mission has it, for who may see the mission's items.
    ///
    /// # Errors
    /// It was not sent there, or the person may not.
    pub async fn model_at(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: ModelId,
        unit: UnitId,
    ) -> Result<ModelAt, CalendarError> {
        let unit = chancery_directory::unit(&mut *conn, unit).await?;
        actor.require(Action::ItemRead, &unit)?;
        let received = answers::received(&mut *conn, id, unit.id, Lock::None)
            .await?
            .ok_or(CalendarError::NotFound)?;
        let model = models::load(&mut *conn, id, Lock::None).await?;
        let (content, ..) = models::version(&mut *conn, id, received.version).await?;
        let item = match received.item {
            Some(item) => Some(items::load(&mut *conn, item, Lock::None).await?),
            None => None,
        }
        .filter(|item| item.state != State::Cancelled);
        let (wrote_model, wrote_item) =
            answers::wrote(&mut *conn, id, item.as_ref().map(|item| item.id), actor.person()).await?;
        let may = |action| actor.principal.decide(action, unit.place()).is_allowed();
        let tap = Tap {
            may_approve: may(Action::ItemApprove),
            wrote_model,
            wrote_item,
            faithful: item
                .as_ref()
                .is_none_or(|item| received.faithful.unwrap_or(false) && keeps(item, &content)),
        };
        let responder = may(Action::ItemWrite) && !may(Action::ModelWrite);
        let accounts = accounts::of_unit(conn, unit.id).await?;
        Ok(ModelAt {
            model,
            unit,
            received,
            content,
            item,
            accounts,
            tap,
            responder,
        })
    }

    /// Notes that somebody who answers for the mission has opened it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn see_model(&self, actor: Actor<'_>, at: &ModelAt) -> Result<(), CalendarError> {
        if !at.responder || at.model.state != ModelState::Sent {
            return Ok(());
        }
        let mut tx = self.pool.begin().await?;
        if answers::see(&mut tx, at.model.id, at.unit.id, actor.person(), self.clock.now()).await? {
            models::touch(&mut tx, at.model.id).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Declines for the mission. It may still adopt later.
    ///
    /// # Errors
    /// No reason was given, the mission has adopted it, or as [`Self::adopt_model`].
    pub async fn decline_model(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        unit: UnitId,
        reason: &str,
    ) -> Result<(), CalendarError> {
        let reason = said(reason)?;
        if reason.is_empty() {
            return Err(CalendarError::field("reason", "models-reason-missing"));
        }
        let mut tx = self.pool.begin().await?;
        let (model, unit) = self.responder(&mut tx, actor, id, unit).await?;
        let row = answers::received(&mut tx, id, unit.id, Lock::Update)
            .await?
            .ok_or(CalendarError::NotFound)?;
        if row.item.is_some() {
            return Err(CalendarError::NotNow("models-refused-decline"));
        }
        answers::decline(&mut tx, id, unit.id, &reason, actor.person(), self.clock.now()).await?;
        let detail = json!({ "mission": unit.id, "reason": reason });
        self.record_model(&mut tx, actor, &model, "model.declined", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a later version over into the mission's open item: its texts become headquarters', and its time too unless
    /// the mission chose its own. If the mission had written in it, its text is kept beside as a copy.
    ///
    /// # Errors
    /// There is nothing newer, the item is not open, or as [`Self::adopt_model`].
    pub async fn take_change(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        unit: UnitId,
    ) -> Result<ItemId, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (_, unit) = self.responder(&mut conn, actor, id, unit).await?;
        let at = self.model_at(&mut conn, actor, id, unit.id).await?;
        let Some(before) = &at.item else {
            return Err(CalendarError::NotFound);
        };
        let old_version = at.received.adopted_version.unwrap_or(at.received.version);
        let (old, ..) = models::version(&mut conn, id, old_version).await?;
        drop(conn);
        let texts = localise(
            &at.content,
            at.received.variation,
            &at.unit.languages,
            &at.accounts,
            || self.clock.new_id(),
        )
        .ok_or(CalendarError::NotFound)?;
        let mut draft = drafted(&at.content, texts, before.draft.campaign, before.draft.links);
        let moved = (before.draft.clock, before.draft.wall) != (old.clock, old.wall);
        if moved {
            (draft.clock, draft.wall) = (before.draft.clock, before.draft.wall);
        }
        draft.alts.clone_from(&before.draft.alts);
        let fresh: Vec<_> = at
            .content
            .assets
            .iter()
            .copied()
            .filter(|asset| !before.images.iter().any(|image| image.asset == Some(*asset)))
            .collect();
        let (pictures, _) = self.pictures(&unit, &fresh, &draft, &at.accounts).await?;

        let mut tx = self.pool.begin().await?;
        let row = answers::received(&mut tx, id, unit.id, Lock::Update)
            .await?
            .ok_or(CalendarError::NotFound)?;
        let mut item = items::load(&mut tx, before.id, Lock::Update).await?;
        item.state
            .after(Change::Save)
            .map_err(|_| CalendarError::NotNow("models-refused-take"))?;
        if row.adopted_version >= Some(row.version) || row.version != at.received.version {
            return Err(CalendarError::Stale);
        }
        if row.faithful != Some(true) {
            let whose = item.updated.0;
            self.keep(&mut tx, &item, whose, item.revision, item.draft.clone())
                .await?;
        }
        let now = self.clock.now();
        let author = at.model.updated.0;
        items::write_draft(&mut tx, item.id, &draft, appointment(&draft, &unit), author, now).await?;
        let gone: Vec<_> = item
            .images
            .iter()
            .filter(|image| {
                image
                    .asset
                    .is_some_and(|asset| old.assets.contains(&asset) && !at.content.assets.contains(&asset))
            })
            .map(|image| image.id)
            .collect();
        for image in &gone {
            items::remove_image(&mut tx, item.id, *image).await?;
        }
        for picture in &pictures {
            picture.add(&mut tx, item.id, author, now).await?;
        }
        answers::take(&mut tx, (id, unit.id, row.version), item.id).await?;
        preflight::lock_passages(&mut tx, item.id, id, row.version).await?;
        answers::credit(&mut tx, id, item.id, now).await?;
        let detail = json!({ "model": id, "model_version": row.version });
        self.record(&mut tx, &item, Some(actor), "model_taken", "", detail)
            .await?;
        if !gone.is_empty() || !pictures.is_empty() {
            item = items::load(&mut tx, item.id, Lock::None).await?;
            self.tell_library(&mut tx, &item, item.state, &actor.origin(unit.id))
                .await?;
        }
        models::touch(&mut tx, id).await?;
        tx.commit().await?;
        Ok(item.id)
    }

    /// Leaves the mission's item as it is, knowing of the later version.
    ///
    /// # Errors
    /// As [`Self::adopt_model`].
    pub async fn keep_own(&self, actor: Actor<'_>, id: ModelId, unit: UnitId) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (model, unit) = self.responder(&mut tx, actor, id, unit).await?;
        let row = answers::received(&mut tx, id, unit.id, Lock::Update)
            .await?
            .ok_or(CalendarError::NotFound)?;
        if row.item.is_none() {
            return Err(CalendarError::NotFound);
        }
        answers::settle(&mut tx, id, unit.id).await?;
        let detail = json!({ "mission": unit.id, "version": row.version });
        self.record_model(&mut tx, actor, &model, "model.kept_own", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
