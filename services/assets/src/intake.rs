//! The one way in: a file that has arrived whole becomes an asset's draft, or another file of an asset.

use chancery_clock::SharedClock;
use chancery_contracts::Origin;
use chancery_contracts::assets::Analyse;
use chancery_contracts::ids::{AssetId, PersonId, UnitId};
use chancery_queue::Outgoing;
use chancery_storage::ContentHash;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AssetError;
use crate::model::{FileRole, clean_name};
use crate::store;

/// A file that lies whole in the object store.
#[derive(Debug, Clone)]
pub struct Received {
    /// Who put it in. That they may has been checked.
    pub person: PersonId,
    /// For which unit.
    pub unit: UnitId,
    /// As it is called on their disk, with folders or without; made harmless here.
    pub name: String,
    /// Where it lies.
    pub sha256: ContentHash,
    /// Its length.
    pub bytes: u64,
    /// What came with it.
    pub batch: Option<Batch>,
    /// What it is for.
    pub purpose: Purpose,
}

/// Files that somebody puts in at once.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Made by whoever uploads, the same for all files of the batch.
    pub id: Uuid,
    /// The folder's name, say.
    pub name: String,
}

/// What a file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A new asset.
    New,
    /// Another file of an asset that is there: a better original, captions, an editable source.
    Part {
        /// Of which.
        asset: AssetId,
        /// As what. One that is there already is kept as an older version.
        role: FileRole,
        /// Of captions and subtitled versions: BCP 47.
        language: Option<String>,
    },
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The asset that it belongs to.
    pub asset: AssetId,
    /// The file's own row.
    pub file: Uuid,
    /// False: the same bytes were in this batch already, and nothing was made.
    pub is_new: bool,
}

/// Takes a file in, in the caller's transaction: a row, and the job that looks inside. The same bytes twice in one batch
/// are one asset, so that a file whose arrival was reported twice is there once.
///
/// # Errors
/// The database or the queue fails.
pub async fn received(
    conn: &mut PgConnection,
    clock: &SharedClock,
    received: Received,
) -> Result<Arrival, AssetError> {
    let now = clock.now();
    let name = clean_name(&received.name);
    let arrival = match &received.purpose {
        Purpose::New => {
            if let Some(batch) = &received.batch {
                store::intake::keep_batch(conn, batch, received.unit, received.person, now).await?;
                if let Some((asset, file)) =
                    store::intake::twin_in_batch(conn, batch.id, received.person, &received.sha256).await?
                {
                    return Ok(Arrival {
                        asset,
                        file,
                        is_new: false,
                    });
                }
            }
            let asset = AssetId(clock.new_id());
            store::intake::insert_asset(conn, asset, &received, &name, now).await?;
            let file = store::intake::NewFile {
                id: clock.new_id(),
                asset,
                role: FileRole::Original,
                language: None,
                name: &name,
            };
            store::intake::insert_file(conn, &file, &received, now).await?;
            Arrival {
                asset,
                file: file.id,
                is_new: true,
            }
        }
        Purpose::Part {
            asset,
            role,
            language,
        } => {
            let file = store::intake::NewFile {
                id: clock.new_id(),
                asset: *asset,
                role: *role,
                language: language.as_deref(),
                name: &name,
            };
            store::intake::insert_file(conn, &file, &received, now).await?;
            Arrival {
                asset: *asset,
                file: file.id,
                is_new: true,
            }
        }
    };
    let origin = Origin {
        actor: Some(received.person),
        unit: Some(received.unit),
        ..Origin::default()
    };
    let analyse = Outgoing::new(Analyse { file: arrival.file }, &origin).key(arrival.file.to_string());
    chancery_queue::send(conn, &analyse).await?;
    Ok(arrival)
}
