//! Messages that the asset library owns.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AssetId, UnitId};
use crate::{command, event};

/// Wake-up: a file has arrived and nobody has looked into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analyse {
    /// Which file. Its row decides what is done.
    pub file: Uuid,
}

command!(Analyse, "assets.analyse", 1, [Assets] => Assets);

/// Make the copy of an asset's original that may leave anew: it keeps the place where it was taken, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewCopy {
    /// Of which asset. Its row decides what is done.
    pub asset: AssetId,
}

command!(RenewCopy, "assets.renew_copy", 1, [Assets] => Assets);

/// Wake-up: somebody has asked for a rendition that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeRendition {
    /// Which. Its row decides what is done.
    pub rendition: Uuid,
}

command!(MakeRendition, "assets.make_rendition", 1, [Assets] => Assets);

/// Wake-up: an upload has arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishUpload {
    /// Which. Its row decides what is done.
    pub upload: Uuid,
}

command!(FinishUpload, "assets.finish_upload", 1, [Assets] => Assets);

/// Wake-up: a line of a list of addresses waits to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchEntry {
    /// The upload that is the list.
    pub upload: Uuid,
    /// Which line. Its row decides what is done.
    pub position: i32,
}

command!(FetchEntry, "assets.fetch_entry", 1, [Assets] => Assets);

/// Remove uploads that nobody goes on with. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepUploads {}

command!(SweepUploads, "assets.sweep_uploads", 1, [Assets] => Assets);

/// Tell everybody concerned which rights have ended, and warn of those that end soon. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchRights {}

command!(WatchRights, "assets.watch_rights", 1, [Assets] => Assets);

/// An asset can be found and used by the missions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetPublished {
    /// Which.
    pub asset: AssetId,
    /// Whose it is.
    pub unit: UnitId,
}

event!(AssetPublished, "assets.published", 1, [Assets] => []);

/// A published asset is not what it was: another file, or other rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetChanged {
    /// Which.
    pub asset: AssetId,
    /// Whose it is.
    pub unit: UnitId,
    /// What.
    pub change: Change,
}

event!(AssetChanged, "assets.changed", 1, [Assets] => [Calendar]);

/// What users of an asset are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A file was replaced; the old one is kept.
    File,
    /// What may be done with it. Whoever uses it asks `assets.may_use` again.
    Rights,
}

/// An asset was taken back: nothing that still waits may go out with it, and what is out should be taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetWithdrawn {
    /// Which.
    pub asset: AssetId,
    /// Whose it is.
    pub unit: UnitId,
    /// Why, in words for the people concerned.
    pub reason: String,
}

event!(AssetWithdrawn, "assets.withdrawn", 1, [Assets] => [Calendar]);

/// The right to use an asset has ended: as a withdrawal, for another reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetRightsEnded {
    /// Which.
    pub asset: AssetId,
    /// Whose it is.
    pub unit: UnitId,
    /// Since when, in UTC.
    pub ended_at: DateTime<Utc>,
}

event!(AssetRightsEnded, "assets.rights_ended", 1, [Assets] => [Calendar]);
