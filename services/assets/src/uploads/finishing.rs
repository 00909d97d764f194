//! What becomes of an upload that has arrived whole.

use std::time::Duration;

use axum::body::Bytes;
use chancery_queue::JobError;
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sqlx::PgConnection;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::archive::{self, Event};
use super::{Content, MOST_BYTES, Upload, UploadError, UploadState, Uploads};
use crate::error::AssetError;
use crate::intake::{self, Batch, Purpose, Received};
use crate::library::Actor;
use crate::store;

/// How many messages of an archive's reader wait: with their bytes, one megabyte.
const EVENTS_AHEAD: usize = 8;
/// Every zip tells by its first four bytes.
const SIGNATURE: u64 = 4;

impl Uploads {
    /// Takes an upload further that has arrived whole: to the intake, or its entries. Done again after a crash it goes
    /// on where it stopped.
    ///
    /// # Errors
    /// The database or the store fails; what is not done yet can be tried again.
    pub async fn finish(&self, id: Uuid) -> Result<(), UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        let upload = match store::uploads::load(&mut conn, id).await {
            // Its sender has removed it.
            Err(sqlx::Error::RowNotFound) => return Ok(()),
            upload => upload?,
        };
        drop(conn);
        let staging = self.library.store.staging(id);
        let unread = match upload.wanted.content {
            Content::File => matches!(upload.state, UploadState::Received | UploadState::Expanding),
            // Once its lines are written down a list is no longer needed.
            Content::Addresses => upload.state == UploadState::Received,
        };
        if unread {
            let (hash, size) = staging.finish().await?;
            if upload.wanted.length != Some(size) {
                // Whoever was faster is done with it and has removed pieces; else they are lost.
                return Err(AssetError::Broken(format!("{size} bytes are left of the upload")).into());
            }
            if size == 0 {
                self.refuse(id, "media-refused-empty").await?;
            } else if upload.wanted.content == Content::Addresses {
                self.read_list(&upload, hash).await?;
            } else if self.is_archive(&upload, hash).await? {
                self.expand(&upload, hash).await?;
            } else {
                self.arrive(&upload, hash, size).await?;
            }
        }
        // A crash before this leaves pieces of what is done, and the job that tries again removes them.
        Ok(staging.abandon().await?)
    }

    async fn arrive(&self, upload: &Upload, sha256: ContentHash, bytes: u64) -> Result<(), UploadError> {
        let received = Received {
            person: upload.person,
            unit: upload.wanted.unit,
            name: upload.wanted.name.clone(),
            sha256,
            bytes,
            batch: upload.wanted.batch.clone(),
            purpose: upload.wanted.purpose.clone(),
        };
        let mut tx = self.library.pool.begin().await?;
        if let Some(reason) = self.outlived(&mut tx, upload).await? {
            drop(tx);
            return self.refuse(upload.id, reason).await;
        }
        let arrival = intake::received(&mut tx, &self.library.clock, received).await?;
        // Whoever was faster has taken it in already: then nothing of this is kept.
        if store::uploads::done(&mut tx, upload.id, Some(arrival.asset)).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Why a file may no longer be put beside its asset: an upload can take a week, and a steward may have published
    /// the asset meanwhile.
    async fn outlived(
        &self,
        conn: &mut PgConnection,
        upload: &Upload,
    ) -> Result<Option<&'static str>, UploadError> {
        let Purpose::Part {
            asset,
            role,
            language,
        } = &upload.wanted.purpose
        else {
            return Ok(None);
        };
        let today = self.library.clock.now().date_naive();
        let person = chancery_directory::principal(&mut *conn, upload.person, today).await?;
        let taken = self
            .library
            .take_part(conn, Actor::new(&person), *asset, *role, language.as_deref())
            .await;
        match taken {
            Ok(_) => Ok(None),
            Err(AssetError::State(reason)) => Ok(Some(reason)),
            Err(AssetError::Access(_)) => Ok(Some("parts-refused-not-yours")),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn refuse(&self, id: Uuid, reason: &'static str) -> Result<(), UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        Ok(store::uploads::refuse(&mut conn, id, reason).await?)
    }

    /// A zip that is meant to be opened: as another version of an asset, or as a source, it stays whole.
    async fn is_archive(&self, upload: &Upload, hash: ContentHash) -> Result<bool, UploadError> {
        if upload.wanted.purpose != Purpose::New || archive::is_office(&upload.wanted.name) {
            return Ok(false);
        }
        let head = head(&self.library.store, hash).await?;
        Ok(archive::is_zip(&head))
    }

    async fn expand(&self, upload: &Upload, hash: ContentHash) -> Result<(), UploadError> {
        let folder = tempfile::tempdir_in(&self.scratch).map_err(StorageError::from)?;
        let file = folder.path().join("archive");
        self.library.store.copy_to(hash, &file).await?;
        let mut conn = self.library.pool.acquire().await?;
        store::uploads::expanding(&mut conn, upload.id).await?;
        drop(conn);
        let (sender, events) = mpsc::channel(EVENTS_AHEAD);
        let reader = tokio::task::spawn_blocking(move || archive::read(&file, &sender));
        let ended = self.take_entries(upload, events).await;
        // The reader stops when nobody listens.
        reader
            .await
            .map_err(|error| AssetError::Broken(error.to_string()))?;
        if let Some(reason) = ended? {
            return self.refuse(upload.id, reason).await;
        }
        let mut conn = self.library.pool.acquire().await?;
        store::uploads::done(&mut conn, upload.id, None).await?;
        Ok(())
    }

    /// Takes entry by entry; gives why the rest was not taken, if it was not.
    async fn take_entries(
        &self,
        upload: &Upload,
        mut events: mpsc::Receiver<Event>,
    ) -> Result<Option<&'static str>, UploadError> {
        let mut any = false;
        while let Some(event) = events.recv().await {
            match event {
                Event::Begin { position, name } => {
                    any = true;
                    self.take_entry(upload, position, &name, &mut events).await?;
                }
                Event::Broken(reason) => return Ok(Some(reason)),
                Event::Bytes(_) | Event::End | Event::Refused(_) => {}
            }
        }
        Ok((!any).then_some("uploads-refused-nothing-inside"))
    }

    async fn take_entry(
        &self,
        upload: &Upload,
        position: i32,
        name: &str,
        events: &mut mpsc::Receiver<Event>,
    ) -> Result<(), UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        if !store::uploads::begin_entry(&mut conn, upload.id, position, name).await? {
            // Dealt with before a crash; its bytes are read past.
            drop(conn);
            while let Some(Event::Bytes(_)) = events.recv().await {}
            return Ok(());
        }
        drop(conn);
        let mut refused = None;
        let bytes = stream::unfold((&mut *events, &mut refused), |(events, refused)| async {
            match events.recv().await {
                Some(Event::Bytes(bytes)) => Some((Ok::<Bytes, &str>(bytes), (events, refused))),
                Some(Event::End) => None,
                Some(Event::Refused(reason)) => {
                    *refused = Some(reason);
                    Some((Err(reason), (events, refused)))
                }
                Some(Event::Begin { .. } | Event::Broken(_)) | None => {
                    Some((Err("the reader stopped"), (events, refused)))
                }
            }
        });
        let kept = self.library.store.put_stream(bytes.boxed(), MOST_BYTES).await;
        let entry = Entry {
            upload,
            position,
            name,
        };
        match (kept, refused) {
            (Ok((_, 0)), _) => self.refuse_entry(&entry, "media-refused-empty").await,
            (Ok((hash, size)), _) => self.take_in(&entry, hash, size).await,
            (Err(StorageError::Upload(_)), Some(reason)) => self.refuse_entry(&entry, reason).await,
            (Err(error), _) => Err(error.into()),
        }
    }

    /// An entry is whole, and is taken in as a file of its own.
    pub(super) async fn take_in(
        &self,
        entry: &Entry<'_>,
        sha256: ContentHash,
        bytes: u64,
    ) -> Result<(), UploadError> {
        let upload = entry.upload;
        let batch = upload.wanted.batch.clone().unwrap_or_else(|| Batch {
            id: upload.id,
            name: upload.wanted.name.clone(),
        });
        let received = Received {
            person: upload.person,
            unit: upload.wanted.unit,
            name: entry.name.to_owned(),
            sha256,
            bytes,
            batch: Some(batch),
            purpose: Purpose::New,
        };
        let mut tx = self.library.pool.begin().await?;
        let arrival = intake::received(&mut tx, &self.library.clock, received).await?;
        if store::uploads::entry_done(&mut tx, upload.id, entry.position, arrival.asset).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    pub(super) async fn refuse_entry(&self, entry: &Entry<'_>, reason: &str) -> Result<(), UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        Ok(store::uploads::refuse_entry(&mut conn, entry.upload.id, entry.position, reason).await?)
    }
}

/// One file of an archive or a list.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub upload: &'a Upload,
    pub position: i32,
    pub name: &'a str,
}

/// The first bytes of an object.
async fn head(store: &Store, hash: ContentHash) -> Result<Bytes, StorageError> {
    let object = store.get_range(hash, 0..SIGNATURE).await?;
    let chunks: Vec<Bytes> = object.bytes.try_collect().await?;
    Ok(chunks.concat().into())
}

/// What becomes of a job that met `error`: the database, a full disk and a silent object server come back.
pub(crate) fn failed(error: &UploadError) -> JobError {
    match error {
        UploadError::Asset(AssetError::Storage(StorageError::Damaged(_))) => JobError::fail(error),
        UploadError::Asset(AssetError::Storage(error)) if error.passes() => {
            JobError::retry_after(Duration::from_secs(30), error)
        }
        error => JobError::retry(error),
    }
}
