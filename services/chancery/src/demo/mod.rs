//! The demonstration ministry, loaded by `chancery up --demo` into an empty database.
//!
//! Nothing is inserted behind a service's back. Units and people come from identity's seeds, items are written,
//! submitted and approved by the calendar's own workflow, and what is shown as published was published: the past is
//! replayed through the queue and the publisher, on a clock that was turned back (`replay`). Only Bluesky is played by
//! a stand-in, since the demonstration has no account there.

mod art;
mod content;
mod library;
mod missions;
mod models;
mod replay;
mod seeds;

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;

use bytes::Bytes;
use chancery_assets::Library;
use chancery_calendar::Workflow;
use chancery_clock::SharedClock;
use chancery_contracts::Service;
use chancery_media::{ImageLimits, Images};
use chrono::{DateTime, Utc};
use image::{ImageFormat, RgbImage};

use crate::compose;
use crate::error::Failure;
use crate::ground::Ground;
use crate::progress;

use content::Content;
use replay::Replay;

/// Loads the demonstration; does nothing when it was loaded before.
///
/// # Errors
/// A data file is wrong, or a service refuses what it says.
pub async fn load(ground: &Ground, clock: &SharedClock) -> Result<(), Failure> {
    let owner = ground.owner().await?;
    let loaded: bool = sqlx::query_scalar("select exists (select from calendar.items)")
        .fetch_one(&owner)
        .await?;
    owner.close().await;
    if loaded {
        return Ok(());
    }
    let step = progress::step("Loading the demonstration ministry");
    let content = Content::read()?;
    let store = ground.config.store(clock.clone()).map_err(said)?;
    let images = Images::new(store, ImageLimits::default());

    let now = clock.now();
    let identity = compose::identity(ground, clock, true);
    let people = chancery_identity::demo::load(&identity, &seeds::ministry(&content, now))
        .await
        .map_err(said)?;

    let replay = Replay::new(ground, clock, &images, &content)?;
    replay.open_accounts(&people).await?;
    let pictures = pictures(&content).await?;
    let (seeds, times) = seeds::calendar(&content, &people, &pictures, now)?;
    let calendar = Workflow {
        pool: ground.logins.pool(Service::Calendar, 4),
        clock: clock.clone(),
        images: images.clone(),
        site: ground.config.base_url()?.as_str().trim_end_matches('/').into(),
    };
    let items = chancery_calendar::demo::load(&calendar, &seeds)
        .await
        .map_err(said)?;
    keep_names(&calendar, &people, now).await?;
    let models = models::seeds(&people, &seeds, &items, now)?;
    let library = Library {
        pool: ground.logins.pool(Service::Assets, 4),
        clock: clock.clone(),
        store: images.store().clone(),
    };
    let scratch = compose::scratch(&ground.config)?;
    let media = compose::media(&scratch);
    let seeds = library::seeds(&people, now)?;
    chancery_assets::demo::load(&library, media, scratch, &seeds)
        .await
        .map_err(said)?;
    replay.run(&times).await?;
    replay.close(&content, &items).await?;
    if let Some(models) = models {
        chancery_calendar::demo_models::load(&calendar, &models)
            .await
            .map_err(said)?;
    }
    step.done("The demonstration ministry is loaded");
    Ok(())
}

/// Headquarters' list of names and titles, as the desk officer keeps it.
async fn keep_names(
    calendar: &Workflow,
    people: &chancery_identity::demo::Loaded,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let keeper = people.people.get("desk-officer").copied();
    let keeper = keeper.ok_or_else(|| Failure::said("the demonstration has no desk officer"))?;
    let mut conn = calendar.pool.acquire().await?;
    let keeper = chancery_directory::principal(&mut conn, keeper, now.date_naive()).await?;
    drop(conn);
    let list = include_bytes!("../../demo/names.csv");
    let imported = calendar
        .import_names(chancery_calendar::Actor::new(&keeper), list)
        .await
        .map_err(said)?;
    match imported.refused.first() {
        None => Ok(()),
        Some(row) => Err(Failure::said(format!(
            "line {} of names.csv: {}",
            row.line, row.key
        ))),
    }
}

/// Every picture that the items name, drawn once, as a file that somebody might upload.
async fn pictures(content: &Content) -> Result<HashMap<String, Bytes>, Failure> {
    let names: BTreeSet<String> = content
        .items
        .iter()
        .filter_map(|item| item.picture.clone())
        .collect();
    let drawing: Vec<_> = names
        .into_iter()
        .map(|name| {
            tokio::task::spawn_blocking(move || {
                let file = jpeg(&name)
                    .ok_or_else(|| Failure::said(format!("there is no demonstration picture {name}")))?;
                Ok::<_, Failure>((name, file))
            })
        })
        .collect();
    let mut pictures = HashMap::new();
    for drawn in drawing {
        let (name, file) = drawn.await.map_err(said)??;
        pictures.insert(name, file);
    }
    Ok(pictures)
}

fn jpeg(name: &str) -> Option<Bytes> {
    let pixels = RgbImage::from_raw(art::WIDTH, art::HEIGHT, art::draw(name)?)?;
    let mut file = Cursor::new(Vec::new());
    pixels.write_to(&mut file, ImageFormat::Jpeg).ok()?;
    Some(file.into_inner().into())
}

fn said(error: impl std::fmt::Display) -> Failure {
    Failure::said(format!("the demonstration ministry could not be loaded: {error}"))
}
