//! Files opened: what is inside, the copy that may leave, and what is made of them. Contents are fetched to a file of
//! their own first, since what opens them works on files.

mod cleaning;
mod making;

use std::path::PathBuf;
use std::sync::Arc;

use chancery_media::{Analysis, Made, Media, MediaError, MediaType, Refused};
use chancery_storage::ContentHash;
use futures_util::TryStreamExt as _;
use serde_json::json;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use crate::Library;
use crate::error::AssetError;
use crate::library::{Embedded, Looked, name_of};
use crate::model::{FileRole, Kind};
use crate::store::assets::{self, Asset, Lock};
use crate::store::files::{self, File, Found};

pub use making::Progress;

/// Opens files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Opener {
    library: Library,
    media: Media,
    scratch: Arc<PathBuf>,
}

/// A rendition that lies in the store.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Where.
    pub sha256: ContentHash,
    /// What it is.
    pub media_type: String,
}

impl Opener {
    /// Works in `scratch`, a folder that exists.
    #[must_use]
    pub fn new(library: Library, media: Media, scratch: PathBuf) -> Self {
        Self {
            library,
            media,
            scratch: Arc::new(scratch),
        }
    }

    /// Looks inside a file that nobody has looked into. What is found fills what nobody has said; the copy that may leave
    /// is made. A file that is refused says why to its unit.
    ///
    /// # Errors
    /// The database, the store or the machine fails: it can be tried again.
    pub async fn analyse(&self, id: Uuid) -> Result<(), AssetError> {
        let mut conn = self.library.pool.acquire().await?;
        // It may have been discarded meanwhile.
        let file = match files::load(&mut conn, id).await {
            Err(sqlx::Error::RowNotFound) => return Ok(()),
            found => found?,
        };
        if file.state != "waiting" {
            return Ok(());
        }
        let asset = assets::load(&mut conn, file.asset, Lock::None).await?;
        drop(conn);
        let local = self.fetched(&file.sha256).await?;
        match self.looked(&file, &asset, &local).await {
            Ok(looked) => {
                self.library.looked_into(&file, &looked).await?;
                self.play_ahead(&looked).await
            }
            Err(AssetError::Media(MediaError::Refused(refused))) => self.refuse(&file, &refused).await,
            Err(AssetError::State(misfit)) => self.library.refuse_file(&file, misfit, &json!({})).await,
            Err(error) => Err(error),
        }
    }

    async fn looked(&self, file: &File, asset: &Asset, local: &NamedTempFile) -> Result<Looked, AssetError> {
        if let Some(level) = chancery_preflight::marked_name(&file.name) {
            let level = level.as_str();
            return Err(MediaError::from(Refused::Marked { level }).into());
        }
        let kind = self.media.sniff(local.path(), &file.name).await?;
        let role: FileRole = file.role.parse().map_err(|_| AssetError::NotFound)?;
        if let Some(misfit) = role.misfit(kind.kind(), asset.kind) {
            return Err(AssetError::State(misfit));
        }
        let (what, analysis) = match kind.kind().as_str().parse() {
            Ok(what) => (what, self.media.analyse(local.path(), kind).await?),
            // A project's files in one: nothing is looked for inside.
            Err(_) if role == FileRole::Source => (Kind::Unknown, Analysis::default()),
            Err(_) => return Err(MediaError::from(Refused::Unknown { seems: None }).into()),
        };
        let number = |value: Option<u32>| value.and_then(|value| i32::try_from(value).ok());
        let said = &analysis.embedded;
        let embedded = Embedded {
            title: said.words.title.clone(),
            caption: said.words.caption.clone(),
            credit: said.words.credit.clone().or_else(|| said.words.copyright.clone()),
            creator: said.words.creator.clone(),
            source: None,
            place: said.place.clone(),
            taken_on: said.taken.map(|taken| taken.date()),
        };
        // A consent form or an editable source is kept as it came.
        let clean = if role == FileRole::Original {
            Some(self.cleaned(local, kind, asset, said).await?)
        } else {
            None
        };
        Ok(Looked {
            kind: what,
            found: Found {
                media_type: kind.mime().to_owned(),
                width: number(analysis.width),
                height: number(analysis.height),
                duration_ms: analysis.milliseconds.and_then(|value| i64::try_from(value).ok()),
                pages: number(analysis.pages),
                look: analysis.likeness.map(|likeness| likeness.0),
                facts: json!({
                    "text": analysis.text, "keywords": said.keywords, "has_location": said.has_location,
                    "has_device": said.has_device, "video": analysis.video_codec, "audio": analysis.audio_codec,
                }),
            },
            embedded,
            clean,
        })
    }

    async fn refuse(&self, file: &File, refused: &Refused) -> Result<(), AssetError> {
        let arguments: serde_json::Map<_, _> = refused
            .arguments()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        tracing::info!(file = %file.id, %refused, "a file is refused");
        self.library
            .refuse_file(file, refused.key(), &arguments.into())
            .await
    }

    /// An object as a file, piece by piece; it is gone when dropped.
    async fn fetched(&self, sha256: &str) -> Result<NamedTempFile, AssetError> {
        let hash: ContentHash = sha256.parse().map_err(|_| AssetError::NotFound)?;
        let mut object = self.library.store.get(hash).await?;
        let local = NamedTempFile::new_in(self.scratch.as_path()).map_err(MediaError::from)?;
        let mut file = tokio::fs::File::from_std(local.reopen().map_err(MediaError::from)?);
        while let Some(chunk) = object.bytes.try_next().await? {
            file.write_all(&chunk).await.map_err(MediaError::from)?;
        }
        file.flush().await.map_err(MediaError::from)?;
        Ok(local)
    }

    async fn stored(&self, made: &Made) -> Result<(ContentHash, u64), AssetError> {
        let file = tokio::fs::File::from_std(made.file.reopen().map_err(MediaError::from)?);
        let stored = self
            .library
            .store
            .put_stream(ReaderStream::new(file), made.bytes)
            .await?;
        Ok(stored)
    }
}

/// What a file that is given out is called: as its asset, with the ending of what it is.
pub(crate) fn given_name(asset: &Asset, media_type: &str) -> String {
    let name = crate::model::clean_name(&name_of(asset));
    let ending = MediaType::from_mime(media_type).map(MediaType::extension);
    match ending {
        Some(ending) if !name.to_lowercase().ends_with(&format!(".{ending}")) => {
            let known = name
                .rsplit_once('.')
                .filter(|(_, old)| (2..=4).contains(&old.len()) && old.is_ascii());
            format!("{}.{ending}", known.map_or(name.as_str(), |(stem, _)| stem))
        }
        _ => name,
    }
}
