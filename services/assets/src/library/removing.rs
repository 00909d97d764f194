//! Parts taken away that were put beside an asset by mistake, and brought back.

use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_storage::ContentHash;
use serde_json::json;
use uuid::Uuid;

use super::reviewing::said;
use super::{Actor, Library};
use crate::error::AssetError;
use crate::model::{Consent, FileRole, may_edit};
use crate::store::files::{self, File};
use crate::store::search;

impl Library {
    /// Takes a file away that was put beside an asset by mistake, for a reason that all who look after it read. Its content
    /// stays where it is, so that it can be brought back. A consent that is taken away is given no longer.
    ///
    /// # Errors
    /// No reason; the person may not edit the asset now; or it is what the asset consists of, or is being read.
    pub async fn remove_part(
        &self,
        actor: Actor<'_>,
        id: AssetId,
        file: Uuid,
        reason: &str,
    ) -> Result<(), AssetError> {
        let reason = said(reason)?;
        let mut tx = self.pool.begin().await?;
        let (asset, unit) = self.keep(&mut tx, actor, id).await?;
        may_edit(actor.may(Action::AssetSteward, &unit), asset.state).map_err(AssetError::State)?;
        let part = files::load(&mut tx, file).await?;
        let role = role_of(&part, id)?;
        if part.removed_at.is_some() {
            return Err(AssetError::NotFound);
        }
        if part.state == "waiting" {
            return Err(AssetError::State("assets-file-not-ready"));
        }
        if part.is_current() && role == FileRole::Original {
            return Err(AssetError::State("parts-remove-only"));
        }
        files::remove(&mut tx, file, actor.person(), &reason, self.clock.now()).await?;
        let mut details = asset.details.clone();
        let given = details.rights.consent == Consent::Given;
        if role == FileRole::Consent && given && !files::has_consent(&mut tx, id).await? {
            details.rights.consent = Consent::Missing;
            self.write(&mut tx, actor, &asset, &details, "asset.edited")
                .await?;
        } else {
            search::index(&mut tx, id).await?;
        }
        let detail = json!({
            "role": part.role, "language": part.language, "version": part.version, "name": part.name, "reason": reason,
        });
        self.record(&mut tx, actor, asset.unit, "asset.file_removed", id, detail)
            .await?;
        if asset.created.0 != actor.person() {
            self.tell_creator(&mut tx, actor, &asset, "notice-asset-part-removed")
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Brings back a file that was taken away, where it stood.
    ///
    /// # Errors
    /// The person may not edit the asset now, another file stands in its place, or its content is no longer kept.
    pub async fn bring_back_part(&self, actor: Actor<'_>, id: AssetId, file: Uuid) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (asset, unit) = self.keep(&mut tx, actor, id).await?;
        may_edit(actor.may(Action::AssetSteward, &unit), asset.state).map_err(AssetError::State)?;
        let part = files::load(&mut tx, file).await?;
        role_of(&part, id)?;
        let Some(removed_at) = part.removed_at else {
            return Err(AssetError::NotFound);
        };
        let stood = part.superseded_at == Some(removed_at);
        let all = files::of_asset(&mut tx, id).await?;
        let stands_there = |other: &File| {
            other.is_current() && (&other.role, &other.language) == (&part.role, &part.language)
        };
        if stood && part.state == "ready" && all.iter().any(stands_there) {
            return Err(AssetError::State("parts-bring-back-taken"));
        }
        let hash: ContentHash = part.sha256.parse().map_err(|_| AssetError::NotFound)?;
        if !self.store.exists(hash).await? {
            return Err(AssetError::State("parts-bring-back-gone"));
        }
        files::bring_back(&mut tx, file).await?;
        search::index(&mut tx, id).await?;
        let detail = json!({ "role": part.role, "language": part.language, "version": part.version, "name": part.name });
        self.record(&mut tx, actor, asset.unit, "asset.file_brought_back", id, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What people put in as: a clean copy follows its original and is nobody's to take away.
fn role_of(part: &File, asset: AssetId) -> Result<FileRole, AssetError> {
    let role: FileRole = part.role.parse().map_err(|_| AssetError::NotFound)?;
    if part.asset != asset || role == FileRole::Clean {
        return Err(AssetError::NotFound);
    }
    Ok(role)
}
