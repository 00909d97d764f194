//! Renditions made: ahead when a file arrives, by jobs when somebody orders one, at once where a page needs a preview.

use std::path::Path;
use std::pin::pin;

use chancery_contracts::Origin;
use chancery_contracts::ids::AssetId;
use chancery_media::{Kind, Made, MediaError, MediaType, PictureFormat, PictureWanted, convert_captions};
use chancery_storage::{ContentHash, StorageError};
use serde_json::{Value, json};
use tokio::sync::watch;
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

/// How far a film is, is told in such steps.
const STEP: u8 = 4;

/// The Fluent id of a failure that is nobody's but ours.
const MACHINE: &str = "rendition-failed-machine";

/// What is being made, and the assets whose pages show it.
type Watched<'a> = (Uuid, &'a [AssetId]);

/// How far a rendition is.
#[derive(Debug, Clone)]
pub enum Progress {
    /// It will be made, or is being made.
    Waiting {
        /// How much of it is made, in hundredths; none: nobody knows.
        percent: Option<i16>,
    },
    /// It is there.
    Ready(Rendered),
    /// It cannot be made.
    Failed {
        /// The Fluent id of why.
        why: String,
        /// The values of its sentence.
        arguments: Value,
    },
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

    /// A page of a document or the picture at a second of a film, as large as the largest preview. Of a film it is taken
    /// from what pages play, once that is made: a few megabytes in the place of gigabytes.
    ///
    /// # Errors
    /// There is no such page or second, or the database, the store or the machine fails.
    pub async fn still(
        &self,
        file: &File,
        page: Option<u32>,
        second: Option<u32>,
    ) -> Result<Made, AssetError> {
        let kind = kind_of(file)?;
        let is_there = match kind.kind() {
            Kind::Film => second.is_some_and(|second| {
                file.duration_ms
                    .is_some_and(|length| i64::from(second) * 1000 < length)
            }),
            _ => page.is_some_and(|page| {
                page > 0
                    && file
                        .pages
                        .is_some_and(|pages| i64::from(page) <= i64::from(pages))
            }),
        };
        if !is_there {
            return Err(AssetError::NotFound);
        }
        let played = match Wanted::player(kind.kind()) {
            Some(player) => self.progress(&file.sha256, &player).await?,
            None => None,
        };
        let (local, kind) = match played {
            Some(Progress::Ready(rendered)) => {
                let kind = MediaType::from_mime(&rendered.media_type).ok_or(AssetError::NotFound)?;
                (self.fetched(&rendered.sha256.to_string()).await?, kind)
            }
            _ => (self.fetched(&file.sha256).await?, kind),
        };
        let [.., side] = PREVIEWS;
        let wanted = PictureWanted {
            page,
            second,
            ..PictureWanted::within(side, side)
        };
        Ok(self.media.picture(local.path(), kind, &wanted, None).await?)
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
            _ if found.state == "failed" => Progress::Failed {
                why: found.failure.unwrap_or_else(|| MACHINE.to_owned()),
                arguments: found.arguments,
            },
            _ => Progress::Waiting {
                percent: found.percent,
            },
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
        self.play_again(file).await?;
        Ok(Progress::Waiting { percent: None })
    }

    /// Asks for what the library's own pages play, once more if it failed.
    ///
    /// # Errors
    /// There is nothing to play, or the database or the queue fails.
    pub async fn play_again(&self, file: &File) -> Result<(), AssetError> {
        let wanted = Wanted::player(kind_of(file)?.kind()).ok_or(AssetError::NotFound)?;
        let mut tx = self.library.pool.begin().await?;
        self.library
            .ask(&mut tx, &file.sha256, &wanted, &Origin::default())
            .await?;
        journal::touch(&mut tx, file.asset).await?;
        tx.commit().await?;
        Ok(())
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
            self.made((id, &shown_by), &waiting.source, &waiting.spec).await
        };
        if let Err(error) = result {
            let machine = (MACHINE, json!({}));
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

    async fn made(&self, watched: Watched<'_>, source: &str, spec: &str) -> Result<(), AssetError> {
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
                let (far, heard) = watch::channel(0);
                let percent = |percent| {
                    far.send_replace(percent);
                };
                let film = self
                    .media
                    .film(local.path(), kind, film, captions.as_deref(), &percent);
                self.told(watched, heard, film).await?
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

    /// Works, and tells those who wait how far it is, every few hundredths.
    async fn told<T>(
        &self,
        (rendition, shown_by): Watched<'_>,
        mut far: watch::Receiver<u8>,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        let mut told = 0;
        loop {
            let percent = tokio::select! {
                done = &mut work => return done,
                Ok(()) = far.changed() => *far.borrow_and_update(),
            };
            if percent.abs_diff(told) < STEP {
                continue;
            }
            told = percent;
            // Whoever waits may wait without it.
            if let Err(error) = self.tell(rendition, shown_by, percent).await {
                tracing::warn!(%rendition, %error, "nobody is told how far a film is");
            }
        }
    }

    async fn tell(&self, rendition: Uuid, shown_by: &[AssetId], percent: u8) -> Result<(), sqlx::Error> {
        let mut conn = self.library.pool.acquire().await?;
        renditions::progress(&mut conn, rendition, percent.into()).await?;
        for asset in shown_by {
            journal::touch(&mut conn, *asset).await?;
        }
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
