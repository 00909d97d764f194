//! Files on their way in.
//!
//! An upload is a row, and a staged upload of the object store under the same id. It is made ([`Uploads::create`]),
//! grows by appending ([`Uploads::append`]) over however many connections its sender needs, and when its last byte has
//! arrived a job takes it further ([`Uploads::finish`]): a file goes to [`crate::intake`], an archive or a list of
//! addresses becomes one file for each entry.
//!
//! How much has arrived is the store's to say, and the store refuses whoever would append at another place, so nothing
//! here can spoil a file. A *claim* in the row keeps two writers from getting in each other's way: the second is told
//! to wait. Who asks how far an upload is means to go on with it, so the asking ends whoever still writes: usually a
//! connection that died unnoticed.

mod active;
mod appending;
mod archive;
mod checksum;
mod finishing;
pub(crate) mod jobs;
mod list;
pub mod protocol;

use std::path::PathBuf;

use chancery_access::Action;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_storage::StorageError;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AssetError;
use crate::intake::{Batch, Purpose};
use crate::library::{Actor, Library};
use crate::store;

use active::Active;

/// The longest file: 5 GB.
pub const MOST_BYTES: u64 = 5_000_000_000;
/// How long an upload waits for its sender since it last heard of them.
const LIFE: TimeDelta = TimeDelta::days(7);
/// How many uploads one person may have under way. Browsers send a few at a time.
const MOST_OPEN: i64 = 5_000;

/// What comes in, and how it is taken further. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Uploads {
    library: Library,
    /// Fetches the files of a list.
    http: chancery_http::Client,
    /// A folder with room for the longest archive, for the time that one is open.
    scratch: PathBuf,
    /// Who writes in this process.
    active: Active,
}

/// An upload to be made.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// For which unit.
    pub unit: UnitId,
    /// As it is called on the sender's disk, with folders or without.
    pub name: String,
    /// How many bytes it has; none: known when it ends.
    pub length: Option<u64>,
    /// What was said of it, in tus's spelling.
    pub metadata: String,
    /// With what it comes.
    pub batch: Option<Batch>,
    /// What it holds.
    pub content: Content,
    /// What it is for.
    pub purpose: Purpose,
}

/// What an upload holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A file, or an archive of files.
    File,
    /// A list of addresses (CSV) from which the files are to be fetched.
    Addresses,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    /// Bytes are missing.
    Receiving,
    /// All has arrived; a job takes it further.
    Received,
    /// An archive or a list, of which not all entries are dealt with.
    Expanding,
    /// It has become an asset, or several.
    Done,
    /// It was not taken; the reason is beside.
    Refused,
}

/// An upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id, here and in the store's staging.
    pub id: Uuid,
    /// Who sends it.
    pub person: PersonId,
    /// What was asked for.
    pub wanted: NewUpload,
    /// Where it stands.
    pub state: UploadState,
    /// Why it was not taken: a Fluent id.
    pub refusal: Option<String>,
    /// The asset that it became.
    pub arrived: Option<Uuid>,
    /// How many bytes had arrived when it was last heard of.
    pub received: u64,
    /// Until when it waits for its sender.
    pub expires_at: DateTime<Utc>,
}

/// Why an upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is none, or it is another person's, or it has expired.
    #[error("there is no such upload")]
    NotFound,
    /// Somebody writes to it.
    #[error("somebody writes to it")]
    Locked,
    /// It goes on elsewhere, or does not go on any more.
    #[error("it continues at byte {at}")]
    Offset {
        /// Where.
        at: u64,
    },
    /// More would come than was announced, or than is taken.
    #[error("more than {most} bytes")]
    TooLarge {
        /// The limit.
        most: u64,
    },
    /// The person has too many uploads under way.
    #[error("too many uploads under way")]
    TooMany,
    /// What arrived has not the sum that its sender said, and was dropped.
    #[error("what arrived is not what was sent")]
    Mangled,
    /// Anything else.
    #[error(transparent)]
    Asset(#[from] AssetError),
}

impl From<sqlx::Error> for UploadError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            error => Self::Asset(error.into()),
        }
    }
}

impl From<StorageError> for UploadError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Elsewhere { size } => Self::Offset { at: size },
            StorageError::TooLarge { max_bytes } => Self::TooLarge { most: max_bytes },
            error => Self::Asset(error.into()),
        }
    }
}

impl Uploads {
    /// For `library`; `scratch` is a folder with room for the longest file.
    #[must_use]
    pub fn new(library: Library, http: chancery_http::Client, scratch: PathBuf) -> Self {
        Self {
            library,
            http,
            scratch,
            active: Active::default(),
        }
    }

    /// Begins an upload, for a unit for which the person may contribute. An empty file is complete at once.
    ///
    /// # Errors
    /// The person may not, has too many under way, or the database fails.
    pub async fn create(&self, actor: Actor<'_>, mut wanted: NewUpload) -> Result<Upload, UploadError> {
        let mut tx = self.library.pool.begin().await.map_err(AssetError::from)?;
        let unit = chancery_directory::unit(&mut tx, wanted.unit).await?;
        actor.require(Action::AssetContribute, &unit)?;
        if let Purpose::Part {
            asset,
            role,
            language,
        } = &mut wanted.purpose
        {
            if store::uploads::unit_of(&mut tx, *asset).await? != Some(wanted.unit) {
                return Err(UploadError::NotFound);
            }
            let taken = self
                .library
                .take_part(&mut tx, actor, *asset, *role, language.as_deref())
                .await?;
            *language = taken.1;
        }
        if store::uploads::open_count(&mut tx, actor.person()).await? >= MOST_OPEN {
            return Err(UploadError::TooMany);
        }
        let now = self.library.clock.now();
        let mut upload = Upload {
            id: self.library.clock.new_id(),
            person: actor.person(),
            wanted,
            state: UploadState::Receiving,
            refusal: None,
            arrived: None,
            received: 0,
            expires_at: now + LIFE,
        };
        store::uploads::insert(&mut tx, &upload, now).await?;
        if upload.wanted.length == Some(0) {
            self.complete(&mut tx, &upload, 0).await?;
            upload.state = UploadState::Received;
        }
        tx.commit().await?;
        Ok(upload)
    }

    /// A person's upload that has not expired.
    ///
    /// # Errors
    /// [`UploadError::NotFound`], or the database fails.
    pub async fn find(&self, person: PersonId, id: Uuid) -> Result<Upload, UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        self.found(&mut conn, person, id).await
    }

    async fn found(
        &self,
        conn: &mut PgConnection,
        person: PersonId,
        id: Uuid,
    ) -> Result<Upload, UploadError> {
        let upload = store::uploads::load(conn, id).await?;
        if upload.person != person || upload.expires_at <= self.library.clock.now() {
            return Err(UploadError::NotFound);
        }
        Ok(upload)
    }

    /// How far an upload is, for whoever means to go on with it: whoever still writes to it is made to stop first, and
    /// what they had is kept.
    ///
    /// # Errors
    /// [`UploadError::NotFound`]; the database or the store fails.
    pub async fn resume(&self, person: PersonId, id: Uuid) -> Result<(Upload, u64), UploadError> {
        let upload = self.find(person, id).await?;
        if upload.state != UploadState::Receiving {
            let all = upload.wanted.length.unwrap_or(upload.received);
            return Ok((upload, all));
        }
        self.active.stop(id).await;
        let mut conn = self.library.pool.acquire().await?;
        store::uploads::end_claim(&mut conn, id).await?;
        drop(conn);
        let size = self.library.store.staging(id).size().await?;
        if upload.wanted.length == Some(size) {
            // It was whole already, and whoever saw that did not live to say so.
            self.settle(&upload, None, size).await?;
        }
        Ok((upload, size))
    }

    /// Ends an upload before its time, at its sender's wish. What was taken further already is not touched.
    ///
    /// # Errors
    /// [`UploadError::NotFound`]; the database or the store fails.
    pub async fn remove(&self, person: PersonId, id: Uuid) -> Result<(), UploadError> {
        let upload = self.find(person, id).await?;
        self.active.stop(upload.id).await;
        let mut conn = self.library.pool.acquire().await?;
        store::uploads::remove(&mut conn, id).await?;
        drop(conn);
        if upload.state == UploadState::Receiving {
            self.library.store.staging(id).abandon().await?;
        }
        Ok(())
    }

    /// What a person has sent lately, or in one batch: newest first, at most `limit`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn lately(
        &self,
        person: PersonId,
        batch: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<store::uploads::Line>, UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        Ok(store::uploads::lately(&mut conn, person, batch, limit).await?)
    }

    /// Ends uploads whose senders were not heard of for a week, and removes what the store holds of nobody's uploads.
    /// Gives the number of both.
    ///
    /// # Errors
    /// The database or the store fails.
    pub async fn sweep(&self) -> Result<usize, UploadError> {
        let now = self.library.clock.now();
        let mut conn = self.library.pool.acquire().await?;
        let expired = store::uploads::take_expired(&mut conn, now).await?;
        drop(conn);
        for id in &expired {
            self.library.store.staging(*id).abandon().await?;
        }
        Ok(expired.len() + self.library.store.sweep().await?)
    }
}

impl UploadState {
    /// As the database and the API write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Received => "received",
            Self::Expanding => "expanding",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl std::str::FromStr for UploadState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [
            Self::Receiving,
            Self::Received,
            Self::Expanding,
            Self::Done,
            Self::Refused,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or(())
    }
}

impl Content {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Addresses => "addresses",
        }
    }
}
