//! Collections, kits, and the links by which people outside see them.

use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId, ShareId, UnitId};
use chancery_directory::Unit;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Actor, Library};
use crate::error::AssetError;
use crate::model::CollectionKind;
use crate::secret;
use crate::store::collections::{self, Collection, Names};
use crate::store::journal::{self, Entry};
use crate::store::shares::{self, Share};

/// What a person enters of a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CollectionDraft {
    /// Collection or kit.
    pub kind: CollectionKind,
    /// What it is called, by language.
    pub names: Names,
    /// How it is meant to be used.
    pub guidance: String,
    /// Everybody sees it.
    pub shared_all: bool,
    /// These units see it, and those below them.
    pub shared_units: Vec<Uuid>,
    /// Units of these kinds see it.
    pub shared_kinds: Vec<String>,
}

impl Default for CollectionDraft {
    fn default() -> Self {
        Self {
            kind: CollectionKind::Collection,
            names: Names::new(),
            guidance: String::new(),
            shared_all: false,
            shared_units: Vec::new(),
            shared_kinds: Vec::new(),
        }
    }
}

/// A link to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewShare {
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// What must be typed to see it; none: nothing.
    #[serde(default)]
    pub password: Option<String>,
    /// How many files may be taken at most.
    #[serde(default)]
    pub max_downloads: Option<i32>,
}

impl Library {
    /// A collection and its unit, for who may see it: whoever works for its unit, and those it is shared with.
    ///
    /// # Errors
    /// [`AssetError::NotFound`]
    pub async fn open_collection(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: CollectionId,
    ) -> Result<(Collection, Unit), AssetError> {
        let collection = collections::load(&mut *conn, id, false).await?;
        let unit = chancery_directory::unit(&mut *conn, collection.unit).await?;
        if collection.shared_all || actor.may(Action::AssetUse, &unit) {
            return Ok((collection, unit));
        }
        let theirs = actor.principal.units_for(Action::AssetRead);
        for theirs in chancery_directory::units(conn, &theirs).await? {
            if theirs
                .path
                .iter()
                .any(|above| collection.shared_units.contains(&above.0))
                || collection.shared_kinds.contains(&theirs.kind)
            {
                return Ok((collection, unit));
            }
        }
        Err(AssetError::NotFound)
    }

    async fn own_collection(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: CollectionId,
    ) -> Result<(Collection, Unit), AssetError> {
        let collection = collections::load(&mut *conn, id, true).await?;
        let unit = chancery_directory::unit(conn, collection.unit).await?;
        actor.require(Action::AssetUse, &unit)?;
        Ok((collection, unit))
    }

    /// Makes a collection of `unit`, or changes the one named, which must still have that revision.
    ///
    /// # Errors
    /// A value is refused, somebody else changed it meanwhile, or the person may not.
    pub async fn save_collection(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        known: Option<(CollectionId, i64)>,
        draft: CollectionDraft,
    ) -> Result<CollectionId, AssetError> {
        let draft = checked(draft)?;
        let mut tx = self.pool.begin().await?;
        let unit = match known {
            Some((id, _)) => self.own_collection(&mut tx, actor, id).await?.1,
            None => chancery_directory::unit(&mut tx, unit).await?,
        };
        actor.require(Action::AssetUse, &unit)?;
        let collection = Collection {
            id: known.map_or_else(|| CollectionId(self.clock.new_id()), |known| known.0),
            unit: unit.id,
            kind: draft.kind,
            names: draft.names,
            guidance: draft.guidance,
            shared_all: draft.shared_all,
            shared_units: draft.shared_units,
            shared_kinds: draft.shared_kinds,
            revision: known.map_or(0, |known| known.1),
        };
        if !collections::save(&mut tx, &collection, actor.person(), self.clock.now()).await? {
            return Err(AssetError::Stale);
        }
        let action = if known.is_some() {
            "collection.changed"
        } else {
            "collection.created"
        };
        let detail = json!({ "names": collection.names });
        self.record_collection(&mut tx, actor, &collection, action, detail)
            .await?;
        tx.commit().await?;
        Ok(collection.id)
    }

    /// Puts assets into a collection: those that the person may see. Gives how many were new.
    ///
    /// # Errors
    /// The person may not.
    pub async fn collect(
        &self,
        actor: Actor<'_>,
        id: CollectionId,
        assets: &[AssetId],
    ) -> Result<usize, AssetError> {
        let mut tx = self.pool.begin().await?;
        let (collection, _) = self.own_collection(&mut tx, actor, id).await?;
        for asset in assets {
            self.open(&mut tx, actor, *asset).await?;
        }
        let new = collections::add(&mut tx, id, assets).await?;
        if new > 0 {
            collections::count_change(&mut tx, id, actor.person(), self.clock.now()).await?;
        }
        let detail = json!({ "assets": assets });
        self.record_collection(&mut tx, actor, &collection, "collection.filled", detail)
            .await?;
        tx.commit().await?;
        Ok(usize::try_from(new).unwrap_or(usize::MAX))
    }

    /// Writes order and notes; who is not named goes. With `known`, only if the collection still has that revision.
    ///
    /// # Errors
    /// Somebody else changed it meanwhile, or the person may not.
    pub async fn arrange(
        &self,
        actor: Actor<'_>,
        id: CollectionId,
        known: Option<i64>,
        members: &[(AssetId, String)],
    ) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (collection, _) = self.own_collection(&mut tx, actor, id).await?;
        if known.is_some_and(|known| known != collection.revision) {
            return Err(AssetError::Stale);
        }
        let members: Vec<_> = members
            .iter()
            .map(|(asset, note)| (*asset, note.trim().chars().take(2_000).collect()))
            .collect();
        collections::arrange(&mut tx, id, &members).await?;
        collections::count_change(&mut tx, id, actor.person(), self.clock.now()).await?;
        let detail = json!({ "count": members.len() });
        self.record_collection(&mut tx, actor, &collection, "collection.arranged", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a link to a collection; gives its secret, which is shown once.
    ///
    /// # Errors
    /// A value is refused, or the person may not.
    pub async fn share(
        &self,
        actor: Actor<'_>,
        id: CollectionId,
        new: NewShare,
    ) -> Result<(ShareId, String), AssetError> {
        let now = self.clock.now();
        if new.ends_at <= now || new.ends_at > now + TimeDelta::days(366) {
            return Err(AssetError::field("ends_at", "shares-end-unlikely"));
        }
        if new
            .max_downloads
            .is_some_and(|count| !(1..=100_000).contains(&count))
        {
            return Err(AssetError::field("max_downloads", "shares-count-unlikely"));
        }
        let password = new.password.filter(|password| !password.is_empty());
        if password
            .as_ref()
            .is_some_and(|password| !(8..=200).contains(&password.chars().count()))
        {
            return Err(AssetError::field("password", "shares-password-short"));
        }
        let password_hash = match password {
            Some(password) => Some(secret::hash_password(password).await?),
            None => None,
        };
        let token = secret::token()?;
        let mut tx = self.pool.begin().await?;
        let (collection, unit) = self.own_collection(&mut tx, actor, id).await?;
        let share = Share {
            id: ShareId(self.clock.new_id()),
            collection: id,
            unit: unit.id,
            password_hash,
            ends_at: new.ends_at,
            max_downloads: new.max_downloads,
            downloads: 0,
            failures: 0,
            failed_at: None,
            revoked_at: None,
            created_at: now,
        };
        shares::insert(&mut tx, &share, &chancery_web::token_hash(&token), actor.person()).await?;
        let detail =
            json!({ "share": share.id, "ends_at": share.ends_at, "password": share.password_hash.is_some() });
        self.record_collection(&mut tx, actor, &collection, "collection.shared", detail)
            .await?;
        tx.commit().await?;
        Ok((share.id, token))
    }

    /// Ends a link.
    ///
    /// # Errors
    /// There is none, or the person may not.
    pub async fn revoke(&self, actor: Actor<'_>, id: CollectionId, share: ShareId) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (collection, _) = self.own_collection(&mut tx, actor, id).await?;
        if !shares::revoke(&mut tx, share, id, self.clock.now()).await? {
            return Err(AssetError::NotFound);
        }
        let detail = json!({ "share": share });
        self.record_collection(&mut tx, actor, &collection, "collection.share_ended", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn record_collection(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        collection: &Collection,
        action: &'static str,
        detail: serde_json::Value,
    ) -> Result<(), AssetError> {
        let entry = Entry {
            person: Some(actor.person()),
            unit: collection.unit,
            action,
            kind: "collection",
            subject: collection.id.0,
            detail,
            request: actor.request,
        };
        Ok(journal::record(conn, entry).await?)
    }
}

fn checked(mut draft: CollectionDraft) -> Result<CollectionDraft, AssetError> {
    let names = std::mem::take(&mut draft.names);
    draft.names = names
        .into_iter()
        .map(|(tag, name)| (tag, name.trim().to_owned()))
        .filter(|(_, name)| !name.is_empty())
        .collect();
    if draft.names.is_empty() {
        return Err(AssetError::field("name-vi", "collections-name-missing"));
    }
    if draft.names.values().any(|name| name.chars().count() > 200) {
        return Err(AssetError::field("name-vi", "assets-too-long"));
    }
    if draft.guidance.chars().count() > 20_000 {
        return Err(AssetError::field("guidance", "assets-too-long"));
    }
    draft.shared_units.truncate(500);
    draft.shared_kinds.truncate(50);
    Ok(draft)
}
