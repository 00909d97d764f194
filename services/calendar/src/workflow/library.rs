//! Pictures from the asset library: choosing one, telling the library what uses it, and what happens when its rights end.

use bytes::Bytes;
use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::calendar::{AssetsChosen, UseStage};
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{AssetId, ItemId, UnitId};
use chancery_queue::Outgoing;
use chancery_storage::ContentHash;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Actor, Workflow, notice, writers};
use crate::error::CalendarError;
use crate::model::hooks::HookEvent;
use crate::model::{Account, AssetRefusal, Change, Image, State};
use crate::store::items::{self, Item, Lock, Standing};
use crate::store::{accounts, library};

impl Workflow {
    /// Takes a picture of the library into an open item, with the descriptions that the library has of it. None: it is
    /// there already.
    ///
    /// # Errors
    /// The library has no such picture that the unit may use, there are too many, the item is not open, or the person
    /// may not write in it.
    pub async fn choose_asset(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        asset: AssetId,
    ) -> Result<Option<Image>, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (item, _) = self
            .opened(&mut conn, actor, id, Lock::None, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        drop(conn);
        let Some((file, alts)) = self.library_picture(asset, item.unit).await? else {
            return Err(CalendarError::field("asset", "items-asset-refused"));
        };
        self.keep_image(actor, id, file, Some(asset), &alts).await
    }

    /// The file of a picture of the library and the descriptions that the library has of it; none when there is no such
    /// picture that the unit may use now.
    pub(super) async fn library_picture(
        &self,
        asset: AssetId,
        unit: UnitId,
    ) -> Result<Option<(Bytes, Value)>, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let found = library::picture(&mut conn, asset, unit, self.clock.now()).await?;
        drop(conn);
        let Some(picture) = found else {
            return Ok(None);
        };
        let hash: ContentHash = picture.sha256.parse().map_err(|_| CalendarError::NotFound)?;
        let limit = u64::try_from(self.images.limits().max_bytes).unwrap_or(u64::MAX);
        let file = self
            .images
            .store()
            .read(hash, limit)
            .await
            .map_err(chancery_media::ImageError::Storage)?;
        Ok(Some((file, picture.alts)))
    }

    /// What the library says against the pictures of an item, on the platforms where they would go, at the item's minute
    /// (or now, while it has none).
    ///
    /// # Errors
    /// The database fails.
    pub(super) async fn asset_refusals(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        accounts: &[Account],
    ) -> Result<Vec<AssetRefusal>, CalendarError> {
        let assets: Vec<_> = item.images.iter().filter_map(|image| image.asset).collect();
        let platforms = item.draft.picture_platforms(accounts);
        let now = self.clock.now();
        let (first, last) = item.appointment.map_or((now, now), |time| {
            (time.instant().max(now), time.latest().max(now))
        });
        let mut found = library::refusals(&mut *conn, item.unit, &assets, &platforms, first).await?;
        if last > first {
            // On command it may go out at any minute of its window.
            for refusal in library::refusals(conn, item.unit, &assets, &platforms, last).await? {
                let same =
                    |known: &AssetRefusal| (known.asset, known.platform) == (refusal.asset, refusal.platform);
                if !found.iter().any(same) {
                    found.push(refusal);
                }
            }
        }
        Ok(found)
    }

    /// Something about an asset has changed: whatever waits with it and may not go out so is held, and whoever has it
    /// out is asked to take it down. Handling it twice changes nothing more.
    ///
    /// # Errors
    /// The database fails: the report is to be handled again.
    pub async fn asset_changed(&self, asset: AssetId, origin: &Origin) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let concerned = library::items_beyond_drafts(&mut conn, asset).await?;
        drop(conn);
        for id in concerned {
            self.weigh_again(id, asset, origin).await?;
        }
        Ok(())
    }

    /// The library has a better file of an asset. Items keep the copy that they have, and what is approved stays so; their
    /// people are told, once however often it is handled.
    ///
    /// # Errors
    /// The database fails: the report is to be handled again.
    pub async fn asset_replaced(&self, asset: AssetId, origin: &Origin) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let concerned = library::items_with(&mut conn, asset).await?;
        drop(conn);
        for id in concerned {
            let mut tx = self.pool.begin().await?;
            let item = items::load(&mut tx, id, Lock::Update).await?;
            if library::is_told_of_file(&mut tx, id, origin.causation).await? {
                continue;
            }
            let detail = json!({ "asset": asset, "cause": origin.causation });
            self.record(&mut tx, &item, None, "asset_replaced", "", detail)
                .await?;
            let mut to = writers(&item);
            to.push(attaches(&item));
            let notice = notice(&item, "notice-item-asset-replaced", to, None);
            chancery_queue::send(&mut tx, &Outgoing::new(notice, origin)).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn weigh_again(&self, id: ItemId, asset: AssetId, origin: &Origin) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let item = items::load(&mut tx, id, Lock::Update).await?;
        let accounts = accounts::of_unit(&mut tx, item.unit).await?;
        let refusals = self.asset_refusals(&mut tx, &item, &accounts).await?;
        let Some(refusal) = refusals.iter().find(|refusal| refusal.asset == asset) else {
            return Ok(());
        };
        let detail = json!({ "asset": asset, "why": refusal.why });
        // The system acts: nobody is left out as the one who did it.
        let origin = Origin {
            actor: None,
            unit: Some(item.unit),
            ..origin.clone()
        };
        let key = if let Ok(state) = item.state.after(Change::Hold) {
            self.stop_orders(&mut tx, origin.clone(), &item).await?;
            let to = Standing {
                state,
                version: item.version + 1,
                steps_done: 0,
            };
            self.stand(&mut tx, &item, to, &origin).await?;
            self.announce(&mut tx, &item, to, HookEvent::Held, &origin)
                .await?;
            self.record(&mut tx, &item, None, "asset_held", "", detail)
                .await?;
            "notice-item-asset-held"
        } else if library::is_told(&mut tx, id, item.version, "asset_live", asset).await? {
            return Ok(());
        } else {
            self.record(&mut tx, &item, None, "asset_live", "", detail)
                .await?;
            "notice-item-asset-live"
        };
        let mut to = writers(&item);
        to.push(attaches(&item));
        let mut news = notice(&item, key, to, None);
        if key == "notice-item-asset-live" {
            news.link = format!("/items/{id}/withdraw?reason=rights_ended");
        }
        chancery_queue::send(&mut tx, &Outgoing::new(news, &origin)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Moves a locked item: the one place where its state is stored. Tells webhooks, and the library if it uses something
    /// of it; ends its short addresses if it is no more.
    pub(super) async fn stand(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        to: Standing,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        items::stand(&mut *tx, item.id, to).await?;
        self.end_short_links(&mut *tx, item.id, to.state).await?;
        if let Some(event) = HookEvent::of_move(item.state, to.state) {
            self.announce(&mut *tx, item, to, event, origin).await?;
        }
        if item.images.iter().any(|image| image.asset.is_some()) {
            self.tell_library(tx, item, to.state, origin).await?;
        }
        Ok(())
    }

    /// Tells the library which assets an item uses, and how far it has come.
    pub(super) async fn tell_library(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        state: State,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let message = AssetsChosen {
            item: item.id,
            unit: item.unit,
            sequence: library::count_report(&mut *tx, item.id).await?,
            title: item.draft.title.clone(),
            stage: stage(state),
            assets: item.images.iter().filter_map(|image| image.asset).collect(),
        };
        Ok(chancery_queue::send(tx, &Outgoing::new(message, origin)).await?)
    }
}

/// The press attachés of the item's unit.
fn attaches(item: &Item) -> Recipient {
    Recipient::Role {
        role: "press_attache".to_owned(),
        unit: item.unit,
    }
}

/// What an item's state means for what it uses.
const fn stage(state: State) -> UseStage {
    match state {
        State::Draft | State::ChangesRequested | State::Submitted => UseStage::Chosen,
        State::Ready | State::Approved | State::Scheduled | State::Stopping => UseStage::Scheduled,
        State::Publishing | State::Published | State::Partly | State::NeedsPerson => UseStage::Live,
        State::Failed | State::Cancelled | State::Withdrawn => UseStage::Ended,
    }
}
