//! Pictures of an item: in, out, and which part of them goes to which platform.

use bytes::Bytes;
use chancery_access::Action;
use chancery_contracts::Platform;
use chancery_contracts::ids::{AssetId, ItemId};
use chancery_media::Frame;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Change, Cut, Image};
use crate::store::cuts;
use crate::store::items::{self, Lock};

/// Most pictures of one item.
const MAX_IMAGES: usize = 20;

impl Workflow {
    /// Adds a picture to an open item: judged by its content, written anew, kept by its hash. None: it is there already.
    ///
    /// # Errors
    /// It is no picture or too large, there are too many, the item is not open, or the person may not.
    pub async fn add_image(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        file: Bytes,
    ) -> Result<Option<Image>, CalendarError> {
        // Asked before the work of decoding, and again under the lock.
        let mut conn = self.pool.acquire().await?;
        let (item, _) = self
            .opened(&mut conn, actor, id, Lock::None, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        drop(conn);
        self.keep_image(actor, id, file, None, &json!({})).await
    }

    /// Writes a picture anew and puts it into an open item, with its asset and what is known to describe it.
    pub(super) async fn keep_image(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        file: Bytes,
        asset: Option<AssetId>,
        alts: &Value,
    ) -> Result<Option<Image>, CalendarError> {
        let kept = self.images.take_in(file).await?.web;
        let mut tx = self.pool.begin().await?;
        let (mut item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        if item.images.len() >= MAX_IMAGES {
            return Err(CalendarError::field("image", "items-image-too-many"));
        }
        let image = Image {
            id: self.clock.new_id(),
            sha256: kept.sha256.to_string(),
            mime: kept.mime,
            width: kept.width,
            height: kept.height,
            asset,
            cuts: Vec::new(),
        };
        let now = self.clock.now();
        if !items::add_image(&mut tx, id, &image, alts, actor.person(), now).await? {
            return Ok(None);
        }
        items::note_writer(&mut tx, id, actor.person(), now).await?;
        self.record_writing(&mut tx, actor, &item).await?;
        if asset.is_some() {
            item.images.push(image.clone());
            self.tell_library(&mut tx, &item, item.state, &actor.origin(item.unit))
                .await?;
        }
        tx.commit().await?;
        Ok(Some(image))
    }

    /// Sets the part of a picture that goes to one platform; none: all of it. Like coming and going of pictures it leaves the
    /// revision alone.
    ///
    /// # Errors
    /// There is no such picture, the item is not open, or the person may not.
    pub async fn cut_image(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        image: Uuid,
        platform: Platform,
        frame: Option<Frame>,
    ) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (item, _) = self
            .opened(&mut conn, actor, id, Lock::None, Action::ItemWrite)
            .await?;
        drop(conn);
        item.state.after(Change::Save)?;
        let source = item.images.iter().find(|shown| shown.id == image);
        let source = &source.ok_or(CalendarError::NotFound)?.sha256;
        let cut = match frame {
            None => None,
            Some(frame) => {
                let hash = source.parse().map_err(|_| CalendarError::NotFound)?;
                let made = self.images.framed(hash, frame).await?;
                Some(Cut {
                    platform,
                    frame,
                    sha256: made.sha256.to_string(),
                    mime: made.mime,
                    width: made.width,
                    height: made.height,
                })
            }
        };
        let mut tx = self.pool.begin().await?;
        let (item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        // Somebody may have taken it out meanwhile.
        if !item.images.iter().any(|shown| shown.id == image) {
            return Err(CalendarError::NotFound);
        }
        let now = self.clock.now();
        match cut {
            Some(cut) => cuts::put(&mut tx, id, image, &cut, actor.person(), now).await?,
            None => cuts::remove(&mut tx, image, platform).await?,
        }
        items::note_writer(&mut tx, id, actor.person(), now).await?;
        self.record_writing(&mut tx, actor, &item).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a picture out of an open item.
    ///
    /// # Errors
    /// There is none, the item is not open, or the person may not.
    pub async fn remove_image(&self, actor: Actor<'_>, id: ItemId, image: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (mut item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        if !items::remove_image(&mut tx, id, image).await? {
            return Err(CalendarError::NotFound);
        }
        items::note_writer(&mut tx, id, actor.person(), self.clock.now()).await?;
        self.record_writing(&mut tx, actor, &item).await?;
        if item
            .images
            .iter()
            .any(|shown| shown.id == image && shown.asset.is_some())
        {
            item.images.retain(|shown| shown.id != image);
            self.tell_library(&mut tx, &item, item.state, &actor.origin(item.unit))
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
