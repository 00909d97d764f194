//! Describing assets: one at a time, or many at once with a way back.

use chancery_access::Action;
use chancery_contracts::assets::{AssetChanged, Change, RenewCopy};
use chancery_contracts::ids::{AssetId, UnitId};
use chancery_directory::Unit;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Library};
use crate::error::AssetError;
use crate::model::{Before, Details, Patch, State, may_edit};
use crate::store::assets::{self, Asset, Lock};
use crate::store::journal::{self, Entry};
use crate::store::{bulk, rights, search};

/// The most assets of one bulk edit.
pub const BULK: usize = 500;

/// What became of a bulk edit that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// How many are as they were.
    pub restored: usize,
    /// How many were edited since and stay as they are.
    pub kept: usize,
}

impl Library {
    /// An asset and its unit, for who may see it.
    ///
    /// # Errors
    /// [`AssetError::NotFound`] when there is none, or the person may not know that there is.
    pub async fn open(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: AssetId,
    ) -> Result<(Asset, Unit), AssetError> {
        let asset = assets::load(&mut *conn, id, Lock::None).await?;
        let unit = chancery_directory::unit(&mut *conn, asset.unit).await?;
        if !keeps(actor, &unit) && self.refused_everywhere(conn, actor, id).await? {
            return Err(AssetError::NotFound);
        }
        Ok((asset, unit))
    }

    /// Whether no unit of the person may use it in the house. Who does not keep an asset sees it only then.
    async fn refused_everywhere(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: AssetId,
    ) -> Result<bool, AssetError> {
        let now = self.clock.now();
        for unit in actor.principal.units_for(Action::AssetRead) {
            if rights::may_use(&mut *conn, id, unit, None, now).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An asset locked for a change, and its unit.
    async fn locked(&self, conn: &mut PgConnection, id: AssetId) -> Result<(Asset, Unit), AssetError> {
        let asset = assets::load(&mut *conn, id, Lock::Update).await?;
        let unit = chancery_directory::unit(conn, asset.unit).await?;
        Ok((asset, unit))
    }

    /// An asset locked for what only a steward does.
    pub(super) async fn stewarded(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: AssetId,
    ) -> Result<(Asset, Unit), AssetError> {
        let (asset, unit) = self.locked(conn, id).await?;
        actor.require(Action::AssetSteward, &unit)?;
        Ok((asset, unit))
    }

    /// An asset locked for a change by whoever keeps it.
    pub(super) async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: AssetId,
    ) -> Result<(Asset, Unit), AssetError> {
        let (asset, unit) = self.locked(conn, id).await?;
        if !actor.may(Action::AssetSteward, &unit) {
            actor.require(Action::AssetContribute, &unit)?;
        }
        Ok((asset, unit))
    }

    /// Saves everything that is said of an asset, if it still has `revision`; gives the new one. A contributor may do so
    /// until a steward has published it.
    ///
    /// # Errors
    /// A value is refused, somebody else changed it meanwhile, or the person may not.
    pub async fn save(
        &self,
        actor: Actor<'_>,
        id: AssetId,
        revision: i64,
        details: Details,
    ) -> Result<i64, AssetError> {
        let details = details.checked().map_err(AssetError::Fields)?;
        let mut tx = self.pool.begin().await?;
        let (asset, unit) = self.keep(&mut tx, actor, id).await?;
        may_edit(actor.may(Action::AssetSteward, &unit), asset.state).map_err(AssetError::State)?;
        if asset.revision != revision {
            return Err(AssetError::Stale);
        }
        if details == asset.details {
            return Ok(revision);
        }
        let revision = self
            .write(&mut tx, actor, &asset, &details, "asset.edited")
            .await?;
        tx.commit().await?;
        Ok(revision)
    }

    /// Writes details, the search row, the audit trail, and tells who uses it when rights changed.
    pub(super) async fn write(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        asset: &Asset,
        details: &Details,
        action: &'static str,
    ) -> Result<i64, AssetError> {
        let now = self.clock.now();
        let revision = assets::save_details(&mut *conn, asset.id, details, actor.person(), now).await?;
        search::index(&mut *conn, asset.id).await?;
        let rights = details.rights != asset.details.rights;
        let moved = details.keep_location != asset.details.keep_location;
        let detail = json!({
            "revision": revision,
            "rights": rights.then_some(&details.rights),
            "keep_location": moved.then_some(details.keep_location),
        });
        self.record(&mut *conn, actor, asset.unit, action, asset.id, detail)
            .await?;
        if moved {
            let renew = Outgoing::new(RenewCopy { asset: asset.id }, &actor.origin(asset.unit));
            chancery_queue::send(&mut *conn, &renew.key(asset.id.to_string())).await?;
        }
        if rights && asset.state == State::Published {
            self.changed(conn, actor, asset, Change::Rights).await?;
        }
        Ok(revision)
    }

    pub(super) async fn changed(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        asset: &Asset,
        change: Change,
    ) -> Result<(), AssetError> {
        let event = AssetChanged {
            asset: asset.id,
            unit: asset.unit,
            change,
        };
        Ok(chancery_queue::send(conn, &Outgoing::new(event, &actor.origin(asset.unit))).await?)
    }

    pub(super) async fn record(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        unit: UnitId,
        action: &'static str,
        asset: AssetId,
        detail: serde_json::Value,
    ) -> Result<(), AssetError> {
        let entry = Entry {
            person: Some(actor.person()),
            unit,
            action,
            kind: "asset",
            subject: asset.0,
            detail,
            request: actor.request,
        };
        Ok(journal::record(conn, entry).await?)
    }

    /// Changes many assets at once, all or none; gives the id by which it is taken back.
    ///
    /// # Errors
    /// A value is refused, one of them is not the person's to change, or there are too many.
    pub async fn bulk(&self, actor: Actor<'_>, ids: &[AssetId], patch: &Patch) -> Result<Uuid, AssetError> {
        if ids.is_empty() || patch.is_empty() {
            return Err(AssetError::field("assets", "assets-bulk-nothing"));
        }
        if ids.len() > BULK {
            return Err(AssetError::field("assets", "assets-bulk-too-many"));
        }
        // Locks are taken in one order, whoever asks.
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let mut tx = self.pool.begin().await?;
        let mut inverse = Vec::new();
        for id in &ids {
            let (asset, unit) = self.keep(&mut tx, actor, *id).await?;
            let steward = actor.may(Action::AssetSteward, &unit);
            if !steward && (patch.touches_rights() || !matches!(asset.state, State::Draft | State::Returned))
            {
                return Err(AssetError::State("assets-not-yours-now"));
            }
            let details = patch
                .applied(asset.details.clone())
                .checked()
                .map_err(AssetError::Fields)?;
            if details == asset.details {
                continue;
            }
            let revision = self
                .write(&mut tx, actor, &asset, &details, "asset.edited_in_bulk")
                .await?;
            inverse.push(Before {
                asset: *id,
                revision,
                details: asset.details,
            });
        }
        let bulk = self.clock.new_id();
        bulk::insert(&mut tx, bulk, actor.person(), patch, &inverse, self.clock.now()).await?;
        tx.commit().await?;
        Ok(bulk)
    }

    /// Takes a bulk edit back, asset by asset, where nobody has edited since.
    ///
    /// # Errors
    /// It is not this person's, or was taken back already.
    pub async fn undo(&self, actor: Actor<'_>, id: Uuid) -> Result<Undone, AssetError> {
        let mut tx = self.pool.begin().await?;
        let before = bulk::take(&mut tx, id, actor.person(), self.clock.now())
            .await?
            .ok_or(AssetError::State("assets-bulk-undone-already"))?;
        let (mut restored, mut kept) = (0, 0);
        for before in before {
            let (asset, _) = self.keep(&mut tx, actor, before.asset).await?;
            if asset.revision == before.revision {
                self.write(&mut tx, actor, &asset, &before.details, "asset.edit_undone")
                    .await?;
                restored += 1;
            } else {
                kept += 1;
            }
        }
        tx.commit().await?;
        Ok(Undone { restored, kept })
    }
}

/// Whether the person looks after assets of this unit: sees them in every state.
pub(crate) fn keeps(actor: Actor<'_>, unit: &Unit) -> bool {
    actor.may(Action::AssetSteward, unit) || actor.may(Action::AssetContribute, unit)
}
