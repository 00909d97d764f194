//! Adopting a model: an item of the mission's own, with the texts in its languages and the pictures that it may use.
//! Adopting is not writing: the item's writers are those of the model.

use chancery_access::Action;
use chancery_contracts::Release;
use chancery_contracts::ids::{AssetId, CampaignId, ItemId, ModelId, PersonId, UnitId};
use chancery_directory::Unit;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::error::CalendarError;
use crate::model::models::{Content, Localised, ModelState, localise};
use crate::model::{Account, Draft, Image, LinkStyle, Objection, State};
use crate::store::items::{self, Item, Lock};
use crate::store::models::{self, Model, answers};
use crate::store::{accounts, approvals, campaigns, library, preflight, short_links};
use crate::workflow::writing::appointment;
use crate::workflow::{Actor, Approval, Workflow};

/// An item made of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedModel {
    /// The item.
    pub item: ItemId,
    /// Pictures of the model that this mission may not use where its item goes.
    pub left_out: Vec<AssetId>,
}

/// A picture of the library, ready to be put into an item.
pub(super) struct Picture {
    image: Image,
    alts: Value,
}

impl Picture {
    /// Puts it into an item.
    pub(super) async fn add(
        &self,
        tx: &mut PgConnection,
        item: ItemId,
        by: PersonId,
        at: DateTime<Utc>,
    ) -> Result<(), CalendarError> {
        items::add_image(tx, item, &self.image, &self.alts, by, at).await?;
        Ok(())
    }
}

impl Workflow {
    /// Makes an item of the mission's own from the latest version that it received. Doing it again gives the same item.
    ///
    /// # Errors
    /// The model was taken back or never arrived there, or the person does not write for the mission.
    pub async fn adopt_model(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        unit: UnitId,
    ) -> Result<AdoptedModel, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (model, unit) = self.responder(&mut conn, actor, id, unit).await?;
        let row = answers::received(&mut conn, id, unit.id, Lock::None)
            .await?
            .ok_or(CalendarError::NotFound)?;
        let (content, ..) = models::version(&mut conn, id, row.version).await?;
        let accounts = accounts::of_unit(&mut conn, unit.id).await?;
        let texts = localise(&content, row.variation, &unit.languages, &accounts, || {
            self.clock.new_id()
        })
        .ok_or(CalendarError::NotFound)?;
        let links = short_links::style_of(&mut conn, &unit.path).await?;
        drop(conn);
        let draft = drafted(&content, texts, model.campaign, links);
        let (pictures, left_out) = self.pictures(&unit, &content.assets, &draft, &accounts).await?;

        let mut tx = self.pool.begin().await?;
        let Some(again) = answers::received(&mut tx, id, unit.id, Lock::Update).await? else {
            return Err(CalendarError::NotFound);
        };
        if let Some(item) = self.living(&mut tx, again.item).await? {
            return Ok(AdoptedModel {
                item,
                left_out: Vec::new(),
            });
        }
        if again.version != row.version {
            return Err(Objection::Changed.into());
        }
        let item = self
            .insert_adopted(&mut tx, actor, &unit, draft, &pictures)
            .await?;
        let now = self.clock.now();
        answers::adopt(&mut tx, (id, unit.id, row.version), item.id, actor.person(), now).await?;
        preflight::lock_passages(&mut tx, item.id, id, row.version).await?;
        let detail = json!({ "model": id, "model_version": row.version, "left_out": left_out });
        self.record(&mut tx, &item, Some(actor), "adopted", "", detail)
            .await?;
        if !pictures.is_empty() {
            self.tell_library(&mut tx, &item, item.state, &actor.origin(unit.id))
                .await?;
        }
        models::touch(&mut tx, id).await?;
        tx.commit().await?;
        Ok(AdoptedModel {
            item: item.id,
            left_out,
        })
    }

    /// Adopts a model and approves the item by name, in one tap: for a head of mission who changes nothing of what
    /// headquarters wrote. `seen` is the model's version that was on the screen.
    ///
    /// It is done in steps that each stand by themselves; after a crash between them the same tap goes on.
    ///
    /// # Errors
    /// An [`crate::model::models::Obstacle`] as [`CalendarError::NotTheirs`], something is missing for submission, or as
    /// [`Self::adopt_model`] and [`Self::approve`].
    pub async fn adopt_and_approve(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        unit: UnitId,
        seen: i32,
    ) -> Result<(AdoptedModel, Approval), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let at = self.model_at(&mut conn, actor, id, unit).await?;
        at.tap
            .allowed()
            .map_err(|obstacle| CalendarError::NotTheirs(obstacle.key()))?;
        if at.received.version != seen {
            return Err(Objection::Changed.into());
        }
        drop(conn);
        let adopted = self.adopt_model(actor, id, unit).await?;
        let mut conn = self.pool.acquire().await?;
        let item = items::load(&mut conn, adopted.item, Lock::None).await?;
        drop(conn);
        if item.state.is_open() {
            let as_writer = (at.model.updated.0, "put_forward");
            self.submit_for(actor, as_writer, item.id, item.revision, "")
                .await?;
        }
        let mut conn = self.pool.acquire().await?;
        // From here on nothing in it changes: somebody may have written in it since the first look.
        let frozen = self.model_at(&mut conn, actor, id, unit).await?;
        frozen
            .tap
            .allowed()
            .map_err(|obstacle| CalendarError::NotTheirs(obstacle.key()))?;
        let version = approvals::version(&mut conn, item.id, item.version)
            .await?
            .ok_or(CalendarError::Stale)?;
        drop(conn);
        let approval = self.approve(actor, item.id, version.hash, "", None).await?;
        let mut conn = self.pool.acquire().await?;
        models::touch(&mut conn, id).await?;
        Ok((adopted, approval))
    }

    /// A model that missions can still answer, and the mission, for somebody who writes for it.
    pub(super) async fn responder(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: ModelId,
        unit: UnitId,
    ) -> Result<(Model, Unit), CalendarError> {
        let unit = chancery_directory::unit(&mut *conn, unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        // Headquarters writes for every mission, but whether a mission adopts is the mission's to say.
        if actor
            .principal
            .decide(Action::ModelWrite, unit.place())
            .is_allowed()
        {
            return Err(CalendarError::NotTheirs("models-not-for-headquarters"));
        }
        let model = models::load(conn, id, Lock::None).await?;
        if model.state != ModelState::Sent {
            return Err(CalendarError::NotNow("models-refused-withdrawn"));
        }
        Ok((model, unit))
    }

    /// The item, unless it was cancelled: then the mission may adopt anew.
    async fn living(
        &self,
        conn: &mut PgConnection,
        item: Option<ItemId>,
    ) -> Result<Option<ItemId>, CalendarError> {
        let Some(id) = item else {
            return Ok(None);
        };
        let item = items::load(conn, id, Lock::None).await?;
        Ok((item.state != State::Cancelled).then_some(id))
    }

    async fn insert_adopted(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        unit: &Unit,
        mut draft: Draft,
        pictures: &[Picture],
    ) -> Result<Item, CalendarError> {
        let (.., known) =
            campaigns::exist(&mut *tx, &draft.audience, None, draft.campaign, &unit.path).await?;
        draft.campaign = draft.campaign.filter(|_| known);
        let now = self.clock.now();
        let item = Item {
            id: self.clock.new_id().into(),
            unit: unit.id,
            state: State::Draft,
            version: 1,
            revision: 1,
            steps_done: 0,
            appointment: appointment(&draft, unit),
            draft,
            images: pictures.iter().map(|picture| picture.image.clone()).collect(),
            created: (actor.person(), now),
            updated: (actor.person(), now),
        };
        items::insert(&mut *tx, &item).await?;
        for picture in pictures {
            picture.add(&mut *tx, item.id, actor.person(), now).await?;
        }
        Ok(item)
    }

    /// Those of `assets` that the unit may use now, and on the channels and at the minute of `draft`; and the others.
    pub(super) async fn pictures(
        &self,
        unit: &Unit,
        assets: &[AssetId],
        draft: &Draft,
        accounts: &[Account],
    ) -> Result<(Vec<Picture>, Vec<AssetId>), CalendarError> {
        let at = appointment(draft, unit)
            .map_or_else(|| self.clock.now(), |time| time.instant().max(self.clock.now()));
        let mut conn = self.pool.acquire().await?;
        let refused =
            library::refusals(&mut conn, unit.id, assets, &draft.picture_platforms(accounts), at).await?;
        drop(conn);
        let (mut pictures, mut left_out) = (Vec::new(), Vec::new());
        for asset in assets {
            let allowed = !refused.iter().any(|refusal| refusal.asset == *asset);
            let found = if allowed {
                self.library_picture(*asset, unit.id).await?
            } else {
                None
            };
            let Some((file, alts)) = found else {
                left_out.push(*asset);
                continue;
            };
            let kept = self.images.take_in(file).await?.web;
            let image = Image {
                id: self.clock.new_id(),
                sha256: kept.sha256.to_string(),
                mime: kept.mime,
                width: kept.width,
                height: kept.height,
                asset: Some(*asset),
                cuts: Vec::new(),
            };
            pictures.push(Picture { image, alts });
        }
        Ok((pictures, left_out))
    }
}

/// A model's content as a mission's draft.
pub(super) fn drafted(
    content: &Content,
    texts: Localised,
    campaign: Option<CampaignId>,
    links: LinkStyle,
) -> Draft {
    Draft {
        kind: content.kind,
        title: texts.title,
        body: texts.body,
        language: texts.language,
        topic: content.topic,
        audience: content.audience.clone(),
        programme: content.programme,
        campaign,
        scope: content.scope,
        clock: content.clock,
        wall: content.wall,
        window_minutes: content.window_minutes,
        links,
        release: Release::AtTime,
        variants: texts.variants,
        alts: std::collections::BTreeMap::new(),
    }
}
