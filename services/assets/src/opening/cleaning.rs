//! The copy of a file that may leave the house.

use chancery_contracts::ids::AssetId;
use chancery_media::{Embedded, MediaType, Place, Words};
use chancery_storage::ContentHash;
use tempfile::NamedTempFile;

use super::Opener;
use crate::error::AssetError;
use crate::store::assets::{self, Asset, Lock};
use crate::store::files;

impl Opener {
    /// Makes the copy: without device, without place unless its asset keeps it, with the words that belong to it. Gives
    /// where it lies, its length and what it is.
    pub(super) async fn cleaned(
        &self,
        local: &NamedTempFile,
        kind: MediaType,
        asset: &Asset,
        said: &Embedded,
    ) -> Result<(ContentHash, u64, String), AssetError> {
        let text = asset.details.texts.first();
        let own = &said.words;
        let words = Words {
            title: own.title.clone().or_else(|| text.map(|text| text.title.clone())),
            caption: own
                .caption
                .clone()
                .or_else(|| text.map(|text| text.caption.clone())),
            credit: own.credit.clone().or_else(|| own.copyright.clone()),
            ..own.clone()
        };
        let place = if asset.details.keep_location {
            Place::Kept
        } else {
            Place::Removed
        };
        let made = self.media.clean_copy(local.path(), kind, &words, place).await?;
        let (sha256, bytes) = self.stored(&made).await?;
        // Whatever its format, the grid and composers find a picture that the web can show.
        self.ahead(&sha256.to_string(), made.file.path(), kind).await?;
        Ok((sha256, bytes, kind.mime().to_owned()))
    }

    /// Makes the copy anew, as the asset wants it now. Done again, it changes nothing more.
    ///
    /// # Errors
    /// The database, the store or the machine fails: it can be tried again.
    pub async fn renew_copy(&self, id: AssetId) -> Result<(), AssetError> {
        let mut conn = self.library.pool.acquire().await?;
        // It may have been discarded meanwhile.
        let asset = match assets::load(&mut conn, id, Lock::None).await {
            Err(sqlx::Error::RowNotFound) => return Ok(()),
            found => found?,
        };
        let original = files::original(&mut conn, id).await?;
        drop(conn);
        let Some(original) = original else {
            return Ok(());
        };
        let mime = original.media_type.as_deref().unwrap_or_default();
        let kind = MediaType::from_mime(mime).ok_or(AssetError::NotFound)?;
        let local = self.fetched(&original.sha256).await?;
        let analysis = self.media.analyse(local.path(), kind).await?;
        let clean = self.cleaned(&local, kind, &asset, &analysis.embedded).await?;
        self.library
            .renewed(&original, asset.details.keep_location, &clean)
            .await
    }
}
