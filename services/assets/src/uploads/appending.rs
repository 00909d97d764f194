//! Bytes that come in.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use chancery_contracts::Origin;
use chancery_contracts::assets::FinishUpload;
use chancery_contracts::ids::PersonId;
use chancery_queue::Outgoing;
use chancery_storage::StorageError;
use futures_util::{Stream, StreamExt, stream};
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::active::Writing;
use super::checksum::Checksum;
use super::{LIFE, MOST_BYTES, Upload, UploadError, UploadState, Uploads};
use crate::error::AssetError;
use crate::store;

/// How long a line may be silent before it counts as broken.
const SILENCE: Duration = Duration::from_secs(30);
/// How often a writer says that it is alive; its claim lasts four times as long.
const BEAT: Duration = Duration::from_secs(5);

impl Uploads {
    /// Adds `body` from byte `at` on, which must be where the upload ends; gives where it ends then. `announced` is
    /// how many bytes the body is said to have. What arrived is kept, whatever becomes of the connection: the work
    /// goes on in a task of its own when the caller is gone. With its last byte the upload is complete. With a
    /// `checksum` all of the body arrives, as it was sent, or nothing of it is kept.
    ///
    /// # Errors
    /// [`UploadError::Locked`] while somebody else writes, [`UploadError::Offset`], [`UploadError::TooLarge`],
    /// [`UploadError::Mangled`], [`UploadError::NotFound`]; the database or the store fails.
    pub async fn append(
        &self,
        person: PersonId,
        id: Uuid,
        at: u64,
        announced: Option<u64>,
        checksum: Option<Checksum>,
        body: Body,
    ) -> Result<u64, UploadError> {
        let upload = self.find(person, id).await?;
        let most = upload.wanted.length.unwrap_or(MOST_BYTES);
        if upload.state != UploadState::Receiving {
            return Err(UploadError::Offset {
                at: upload.wanted.length.unwrap_or(upload.received),
            });
        }
        if announced.is_some_and(|bytes| at.saturating_add(bytes) > most) {
            return Err(UploadError::TooLarge { most });
        }
        let claim = self.library.clock.new_id();
        let mut conn = self.library.pool.acquire().await?;
        if !store::uploads::claim(&mut conn, id, claim, 4 * BEAT).await? {
            return Err(UploadError::Locked);
        }
        drop(conn);
        let writing = self.active.begin(id);
        let uploads = self.clone();
        // The caller's future is dropped when the connection is; what arrived must be written down all the same.
        let writer = async move { uploads.write(upload, claim, writing, at, checksum, body).await };
        tokio::spawn(writer)
            .await
            .unwrap_or_else(|error| Err(AssetError::Broken(error.to_string()).into()))
    }

    async fn write(
        &self,
        upload: Upload,
        claim: Uuid,
        writing: Writing,
        at: u64,
        mut checksum: Option<Checksum>,
        body: Body,
    ) -> Result<u64, UploadError> {
        let stop = writing.stop();
        let bytes = patient(body).take_until(stop.clone().cancelled_owned());
        let bytes = match &mut checksum {
            Some(checksum) => checksum.over(bytes).boxed(),
            None => bytes.boxed(),
        };
        let staging = self.library.store.staging(upload.id);
        let most = upload.wanted.length.unwrap_or(MOST_BYTES);
        let appended = tokio::select! {
            appended = staging.append(bytes, at, most) => appended,
            never = self.beat(upload.id, claim, &stop) => match never {},
        };
        // What lies elsewhere is somebody else's.
        let is_ours = !matches!(appended, Err(StorageError::Elsewhere { .. }));
        let is_mangled = is_ours && checksum.is_some_and(|checksum| !checksum.agrees());
        // Before anybody hears that the upload may be whole.
        if is_mangled {
            staging.cut(at).await?;
        }
        let size = match &appended {
            Ok(appended) if !is_mangled => appended.size,
            _ => staging.size().await?,
        };
        self.settle(&upload, Some(claim), size).await?;
        drop(writing);
        let appended = appended?;
        if let Some(reason) = appended.broken {
            tracing::debug!(id = %upload.id, size, reason, "an upload's line broke");
        }
        if is_mangled {
            return Err(UploadError::Mangled);
        }
        Ok(size)
    }

    /// Keeps the claim; when it is taken away, tells the writer to stop.
    async fn beat(&self, id: Uuid, claim: Uuid, stop: &CancellationToken) -> Infallible {
        loop {
            tokio::time::sleep(BEAT).await;
            let renewed = async {
                let mut conn = self.library.pool.acquire().await?;
                store::uploads::renew(&mut conn, id, claim, 4 * BEAT).await
            };
            match renewed.await {
                Ok(true) => {}
                Ok(false) => stop.cancel(),
                Err(error) => tracing::warn!(%error, %id, "a claim on an upload could not be renewed"),
            }
        }
    }

    /// Writes down how far an upload is, gives the claim back, and has it taken further if it is whole.
    pub(super) async fn settle(
        &self,
        upload: &Upload,
        claim: Option<Uuid>,
        size: u64,
    ) -> Result<(), UploadError> {
        let mut tx = self.library.pool.begin().await?;
        let expires_at = self.library.clock.now() + LIFE;
        store::uploads::note(&mut tx, upload.id, claim, size, expires_at).await?;
        if upload.wanted.length == Some(size) {
            self.complete(&mut tx, upload, size).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes in a file whose length is known when it ends, in one go: what a plain form brings.
    ///
    /// # Errors
    /// The stream breaks off, is longer than is taken, or the database or the store fails; then it is the caller's to
    /// remove the upload.
    pub async fn take_whole<E: std::fmt::Display>(
        &self,
        upload: &Upload,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<(), UploadError> {
        let appended = self
            .library
            .store
            .staging(upload.id)
            .append(bytes, 0, MOST_BYTES)
            .await?;
        if let Some(reason) = appended.broken {
            return Err(AssetError::from(StorageError::Upload(reason)).into());
        }
        let mut tx = self.library.pool.begin().await?;
        self.complete(&mut tx, upload, appended.size).await?;
        tx.commit().await?;
        Ok(())
    }

    /// All has arrived: once, whoever sees it first.
    pub(super) async fn complete(
        &self,
        conn: &mut PgConnection,
        upload: &Upload,
        size: u64,
    ) -> Result<(), UploadError> {
        if store::uploads::complete(&mut *conn, upload.id, size).await? {
            let origin = Origin {
                actor: Some(upload.person),
                unit: Some(upload.wanted.unit),
                ..Origin::default()
            };
            let finish =
                Outgoing::new(FinishUpload { upload: upload.id }, &origin).key(upload.id.to_string());
            chancery_queue::send(conn, &finish)
                .await
                .map_err(AssetError::from)?;
        }
        Ok(())
    }
}

/// The body's bytes; a silence of half a minute is a broken line. A half-open connection would be waited for for ever.
fn patient(body: Body) -> impl Stream<Item = Result<Bytes, String>> + Send {
    stream::unfold(Some(body.into_data_stream()), |bytes| async {
        let mut bytes = bytes?;
        match tokio::time::timeout(SILENCE, bytes.next()).await {
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(bytes))),
            Ok(Some(Err(error))) => Some((Err(error.to_string()), None)),
            Ok(None) => None,
            Err(_) => Some((Err("nothing came for half a minute".to_owned()), None)),
        }
    })
}
