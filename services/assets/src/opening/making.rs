//! Renditions made: ahead when a file arrives, by jobs when somebody orders one, at once where a page needs a preview.

use std::path::Path;

use chancery_contracts::Origin;
use chancery_media::{Kind, Made, MediaError, MediaType, PictureFormat, PictureWanted, convert_captions};
use chancery_storage::{ContentHash, StorageError};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Opener, Rendered};
use crate::error::AssetError;
use crate::library::Looked;
use crate::model::{PREVIEWS, WEB, Wanted};
use crate::store::files::File;
use crate::store::journal;
use crate::store::renditions::{self, Made as Kept};

/// A rendition is begun so often at most. A file that kills whoever opens it is not opened for ever.
const TRIES: i32 = 4;

/// How far a rendition is.
#[derive(Debug, Clone)]
pub enum Progress {
    /// It will be made.
    Waiting,
    /// It is there.
    Ready(Rendered),
    /// It cannot be made.
    Failed,
}

impl Opener {
    /// A preview of a file that was looked into. It lies there already, unless the file is older than previews are.
    ///
    /// # Errors
    /// It cannot be made of this file, or the database, the store or the machine fails.
    pub async fn preview(&self, file: &File, width: u32) -> Result<Rendered, AssetError> {
        let wanted = Wanted::within(width);
        if let Some(Progress::Ready(rendered)) = self.progress(&file.sha256, &wanted).await? {
            return Ok(rendered);
        }
        let kind = kind_of(file)?;
        let local = self.fetched(&file.sha256).await?;
        let picture = PictureWanted::within(width, width);
        let made = self.media.picture(local.path(), kind, &picture, None).await?;
        self.keep(&file.sha256, &wanted, made).await
    }

    /// How far a rendition is; none: nobody has asked for it.
    async fn progress(&self, source: &str, wanted: &Wanted) -> Result<Option<Progress>, AssetError> {
        let mut conn = self.library.pool.acquire().await?;
        let Some(found) = renditions::find(&mut conn, source, &wanted.spec()?).await? else {
            return Ok(None);
        };
        let hash = found.sha256.and_then(|hash| hash.parse().ok());
        Ok(Some(match (hash, found.media_type) {
            (Some(sha256), Some(media_type)) => Progress::Ready(Rendered { sha256, media_type }),
            _ if found.state == "failed" => Progress::Failed,
            _ => Progress::Waiting,
        }))
    }

    /// Makes what every page needs of a file: the picture for the web, and of that the previews.
    pub(super) async fn ahead(&self, source: &str, file: &Path, kind: MediaType) -> Result<(), AssetError> {
        if kind.kind() == Kind::Captions {
            return Ok(());
        }
        let largest = Wanted::within(WEB);
        if let Some(Progress::Ready(_)) = self.progress(source, &largest).await? {
            return Ok(());
        }
        let web = self
            .media
            .picture(file, kind, &PictureWanted::within(WEB, WEB), None)
            .await?;
        for width in PREVIEWS {
            let small = PictureWanted::within(width, width);
            let made = self
                .media
                .picture(web.file.path(), web.media_type, &small, None)
                .await?;
            self.keep(source, &Wanted::within(width), made).await?;
        }
        // The last, since it says that all are there.
        self.keep(source, &largest, web).await?;
        Ok(())
    }

    /// Asks for what pages play of a film or sound that has just been looked into.
    pub(super) async fn play_ahead(&self, looked: &Looked) -> Result<(), AssetError> {
        if let Some((sha256, _, media_type)) = &looked.clean
            && let Some(wanted) =
                MediaType::from_mime(media_type).and_then(|kind| Wanted::player(kind.kind()))
        {
            let mut tx = self.library.pool.begin().await?;
            self.library
                .ask(&mut tx, &sha256.to_string(), &wanted, &Origin::default())
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// What the library's own pages play of a film or sound; asked for, if nobody has yet.
    ///
    /// # Errors
    /// There is nothing to play, or the database or the queue fails.
    pub async fn player(&self, file: &File) -> Result<Progress, AssetError> {
        let wanted = Wanted::player(kind_of(file)?.kind()).ok_or(AssetError::NotFound)?;
        if let Some(found) = self.progress(&file.sha256, &wanted).await? {
            return Ok(found);
        }
        let mut tx = self.library.pool.begin().await?;
        self.library
            .ask(&mut tx, &file.sha256, &wanted, &Origin::default())
            .await?;
        tx.commit().await?;
        Ok(Progress::Waiting)
    }

    /// Makes a rendition that waits. What the file is at fault for is written down for whoever asked; so is that the
    /// machine failed too often.
    ///
    /// # Errors
    /// The database, the store or the machine fails: it can be tried again.
    pub async fn make(&self, id: Uuid) -> Result<(), AssetError> {
        let now = self.library.clock.now();
        let mut conn = self.library.pool.acquire().await?;
        let Some(waiting) = renditions::begin(&mut conn, id, now).await? else {
            return Ok(());
        };
        let shown_by = renditions::shown_by(&mut conn, &waiting.source).await?;
        for asset in &shown_by {
            journal::touch(&mut conn, *asset).await?;
        }
        drop(conn);
        let result = if waiting.tries > TRIES {
            Err(AssetError::Broken("it was begun too often".to_owned()))
        } else {
            self.made(&waiting.source, &waiting.spec).await
        };
        if let Err(error) = result {
            let machine = ("rendition-failed-machine", json!({}));
            let Some((reason, arguments)) = reason(&error).or((waiting.tries >= TRIES).then_some(machine))
            else {
                return Err(error);
            };
            tracing::info!(rendition = %id, %error, "a rendition cannot be made");
            let mut conn = self.library.pool.acquire().await?;
            renditions::fail(&mut conn, id, reason, &arguments).await?;
        }
        let mut conn = self.library.pool.acquire().await?;
        for asset in &shown_by {
            journal::touch(&mut conn, *asset).await?;
        }
        Ok(())
    }

    async fn made(&self, source: &str, spec: &str) -> Result<(), AssetError> {
        let wanted: Wanted = serde_json::from_str(spec)?;
        let local = self.fetched(source).await?;
        // By content, since a content may be the file of several assets under several names.
        let kind = self.media.sniff(local.path(), "").await?;
        let made = match &wanted {
            Wanted::Picture { picture, logo } => {
                let logo = match logo {
                    Some(logo) => Some(self.logo(logo).await?),
                    None => None,
                };
                let logo = logo.as_ref().map(|logo| logo.file.path());
                self.media.picture(local.path(), kind, picture, logo).await?
            }
            Wanted::Film { film, captions } => {
                let captions = match captions {
                    Some(captions) => Some(self.text(captions).await?),
                    None => None,
                };
                self.media
                    .film(local.path(), kind, film, captions.as_deref())
                    .await?
            }
            Wanted::Sound { kilobits } => self.media.audio(local.path(), kind, *kilobits).await?,
            Wanted::Captions { to } => {
                let text = convert_captions(&self.text(source).await?, *to).map_err(MediaError::from)?;
                let sha256 = self.library.store.put(text.clone().into()).await?;
                return self
                    .write_down(source, &wanted, *to, sha256, text.len() as u64, Size::default())
                    .await;
            }
        };
        self.keep(source, &wanted, made).await?;
        Ok(())
    }

    /// A logo as pixels: drawings become some, and what is transparent stays so.
    async fn logo(&self, sha256: &str) -> Result<Made, AssetError> {
        let local = self.fetched(sha256).await?;
        let kind = self.media.sniff(local.path(), "").await?;
        let wanted = PictureWanted {
            format: PictureFormat::Png,
            ..PictureWanted::within(1200, 1200)
        };
        Ok(self.media.picture(local.path(), kind, &wanted, None).await?)
    }

    /// Keeps what was made, and writes down where it lies.
    async fn keep(&self, source: &str, wanted: &Wanted, made: Made) -> Result<Rendered, AssetError> {
        let size = Size {
            width: made.width,
            height: made.height,
            milliseconds: made.milliseconds,
        };
        let media_type = made.media_type;
        let (sha256, bytes) = self.stored(&made).await?;
        self.write_down(source, wanted, media_type, sha256, bytes, size)
            .await?;
        Ok(Rendered {
            sha256,
            media_type: media_type.mime().to_owned(),
        })
    }

    async fn write_down(
        &self,
        source: &str,
        wanted: &Wanted,
        media_type: MediaType,
        sha256: ContentHash,
        bytes: u64,
        size: Size,
    ) -> Result<(), AssetError> {
        let pixels = |side: Option<u32>| side.and_then(|side| i32::try_from(side).ok());
        let kept = Kept {
            id: self.library.clock.new_id(),
            source,
            spec: &wanted.spec()?,
            plain: wanted.is_plain(),
            sha256: &sha256.to_string(),
            media_type: media_type.mime(),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            width: pixels(size.width),
            height: pixels(size.height),
            duration_ms: size.milliseconds.and_then(|length| i64::try_from(length).ok()),
        };
        let mut conn = self.library.pool.acquire().await?;
        renditions::keep(&mut conn, &kept, self.library.clock.now()).await?;
        Ok(())
    }

    /// Captions as text.
    ///
    /// # Errors
    /// They are not there, too long, or not in Unicode.
    pub(crate) async fn text(&self, sha256: &str) -> Result<String, AssetError> {
        let hash = sha256.parse().map_err(|_| AssetError::NotFound)?;
        let most = self.media.limits().captions_bytes;
        let bytes = self.library.store.read(hash, most).await?;
        String::from_utf8(bytes.into())
            .map_err(|_| AssetError::Media(chancery_media::Refused::Encoding.into()))
    }
}

/// How large and how long something is.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    width: Option<u32>,
    height: Option<u32>,
    milliseconds: Option<u64>,
}

fn kind_of(file: &File) -> Result<MediaType, AssetError> {
    file.media_type
        .as_deref()
        .and_then(MediaType::from_mime)
        .ok_or(AssetError::NotFound)
}

/// Why it cannot be made, if trying again would not help: the Fluent id of a sentence, and its values.
fn reason(error: &AssetError) -> Option<(&'static str, Value)> {
    match error {
        AssetError::Media(MediaError::Refused(refused)) => {
            let arguments: serde_json::Map<_, _> = refused
                .arguments()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            Some((refused.key(), arguments.into()))
        }
        AssetError::Media(MediaError::CannotFit { max }) => Some((
            "rendition-failed-cannot-fit",
            json!({ "megabytes": (max / 1_000_000).to_string() }),
        )),
        // What the file is not made for, or a spec of a later version.
        AssetError::Media(MediaError::NotPossible { .. }) | AssetError::Encoding(_) => {
            Some(("rendition-failed-unfit", json!({})))
        }
        AssetError::Storage(StorageError::NotFound(_)) | AssetError::NotFound => {
            Some(("rendition-failed-gone", json!({})))
        }
        _ => None,
    }
}
