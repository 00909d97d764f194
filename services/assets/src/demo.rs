//! The library of the demonstration ministry: every asset takes the way that a real one takes.

use std::path::PathBuf;

use bytes::Bytes;
use chancery_access::Principal;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_media::Media;
use chrono::NaiveDate;

use crate::error::AssetError;
use crate::intake::{self, Batch, Purpose, Received};
use crate::library::CollectionDraft;
use crate::model::Details;
use crate::opening::Opener;
use crate::{Actor, Library};

/// How far an asset of the demonstration has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Put in, and being described.
    Draft,
    /// Waits for a steward.
    InReview,
    /// Came back, for this reason.
    Returned(String),
    /// Every mission finds it.
    Published,
}

/// One asset.
#[derive(Debug, Clone)]
pub struct AssetSeed {
    /// The file's name.
    pub name: String,
    /// Its content.
    pub file: Bytes,
    /// Whose it is.
    pub unit: UnitId,
    /// Who put it in.
    pub contributor: PersonId,
    /// Everything that is said of it.
    pub details: Details,
    /// How far it has come.
    pub stage: Stage,
    /// Whether it is part of the kit.
    pub in_kit: bool,
}

/// The library.
#[derive(Debug, Clone)]
pub struct Seeds {
    /// The assets, in the order in which they arrive.
    pub assets: Vec<AssetSeed>,
    /// Who publishes them.
    pub steward: PersonId,
    /// The batch by which they came.
    pub batch: String,
    /// A kit of the steward's unit.
    pub kit: Option<(UnitId, CollectionDraft)>,
}

/// Loads it.
///
/// # Errors
/// A file is refused, or somebody may not do what the seeds say.
pub async fn load(
    library: &Library,
    media: Media,
    scratch: PathBuf,
    seeds: &Seeds,
) -> Result<(), AssetError> {
    let opener = Opener::new(library.clone(), media, scratch);
    let steward = person(library, seeds.steward).await?;
    let batch = Batch {
        id: library.clock.new_id(),
        name: seeds.batch.clone(),
    };
    let mut kit = Vec::new();
    for seed in &seeds.assets {
        let contributor = person(library, seed.contributor).await?;
        let sha256 = library.store.put(seed.file.clone()).await?;
        let received = Received {
            person: seed.contributor,
            unit: seed.unit,
            name: seed.name.clone(),
            sha256,
            bytes: seed.file.len() as u64,
            batch: Some(batch.clone()),
            purpose: Purpose::New,
        };
        let mut tx = library.pool.begin().await?;
        let arrival = intake::received(&mut tx, &library.clock, received).await?;
        tx.commit().await?;
        opener.analyse(arrival.file).await?;
        let id = arrival.asset;
        let mut conn = library.pool.acquire().await?;
        let (asset, _) = library.open(&mut conn, Actor::new(&contributor), id).await?;
        drop(conn);
        library
            .save(Actor::new(&steward), id, asset.revision, seed.details.clone())
            .await?;
        match &seed.stage {
            Stage::Draft => {}
            Stage::InReview => {
                library.submit(Actor::new(&contributor), &[id]).await?;
            }
            Stage::Returned(reason) => {
                library.submit(Actor::new(&contributor), &[id]).await?;
                library.give_back(Actor::new(&steward), &[id], reason).await?;
            }
            Stage::Published => {
                library.publish(Actor::new(&steward), &[id]).await?;
                if seed.in_kit {
                    kit.push(id);
                }
            }
        }
    }
    if let Some((unit, draft)) = &seeds.kit {
        let id = library
            .save_collection(Actor::new(&steward), *unit, None, draft.clone())
            .await?;
        library.collect(Actor::new(&steward), id, &kit).await?;
    }
    Ok(())
}

/// A person with what they hold, as their session would have it.
async fn person(library: &Library, id: PersonId) -> Result<Principal, AssetError> {
    let mut conn = library.pool.acquire().await?;
    let today: NaiveDate = library.clock.now().date_naive();
    Ok(chancery_directory::principal(&mut conn, id, today).await?)
}
