//! The one door: every file that is opened, is opened through here, a few at a time.

mod analyse;
mod pixels;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tempfile::{NamedTempFile, TempDir};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::document::{captions, office, pdf};
use crate::film::{self, FilmWanted, Percent};
use crate::metadata::{self, Place, Words, exiftool};
use crate::picture::{self, Encoded, PictureWanted};
use crate::{Kind, Limits, MediaError, MediaType, Refused, svg};

/// A file that was made.
#[derive(Debug)]
pub struct Made {
    /// Its contents. Deleted when this is dropped: move them to where they belong.
    pub file: NamedTempFile,
    /// What it is.
    pub media_type: MediaType,
    /// Length in bytes.
    pub bytes: u64,
    /// In pixels, if it can be seen.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// If it plays.
    pub milliseconds: Option<u64>,
}

/// Looks into files and makes others of them. Cheap to clone.
///
/// Files are given by path; nothing is ever written to them. Work waits for its turn: decoding takes memory, and films
/// take processors.
#[derive(Debug, Clone)]
pub struct Media {
    limits: Limits,
    scratch: Arc<PathBuf>,
    turns: Arc<Semaphore>,
}

impl Media {
    /// Works in `scratch` (a folder that exists, with room for the largest film), as many files at once as `turns` has
    /// permits.
    #[must_use]
    pub fn new(limits: Limits, scratch: PathBuf, turns: Arc<Semaphore>) -> Self {
        Self {
            limits,
            scratch: Arc::new(scratch),
            turns,
        }
    }

    /// How much is taken.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What the file is, by its content; `name` is what its sender calls it.
    ///
    /// # Errors
    /// [`Refused`], with the reason.
    pub async fn sniff(&self, file: &Path, name: &str) -> Result<MediaType, MediaError> {
        let (file, name, limits) = (file.to_owned(), name.to_owned(), self.limits);
        away(move || Ok(crate::sniff(&file, &name, &limits)?)).await
    }

    /// A picture of anything: the picture itself, a moment of a film, the course of a sound, a page, or for what has no
    /// face a sheet with its kind on it. `logo` is a picture for [`crate::MarkKind::Logo`].
    ///
    /// # Errors
    /// [`Refused`] when the file is damaged, [`MediaError::CannotFit`] when the byte limit cannot be met.
    pub async fn picture(
        &self,
        file: &Path,
        kind: MediaType,
        wanted: &PictureWanted,
        logo: Option<&Path>,
    ) -> Result<Made, MediaError> {
        let _turn = self.turn().await;
        let room = self.room()?;
        let source = self.pixels(file, kind, wanted, room.path()).await?;
        let (wanted, limits, scratch) = (wanted.clone(), self.limits, Arc::clone(&self.scratch));
        let logo = logo.map(Path::to_owned);
        away(move || {
            let source = source.decode(&limits)?;
            let logo = match logo {
                Some(logo) => Some(picture::decode(&std::fs::read(logo)?, limits.pixels)?),
                None => None,
            };
            made(&picture::render(&source, &wanted, logo.as_ref())?, &scratch)
        })
        .await
    }

    /// A film that fits a platform, with `captions` (SRT or VTT, their text) burnt in if they are given. `percent` is told
    /// how far it is, every few seconds.
    ///
    /// # Errors
    /// [`Refused::TooLong`] when the platform takes only shorter ones, [`MediaError::CannotFit`] when it cannot be made
    /// small enough to be watched.
    pub async fn film(
        &self,
        file: &Path,
        kind: MediaType,
        wanted: &FilmWanted,
        captions: Option<&str>,
        percent: &Percent<'_>,
    ) -> Result<Made, MediaError> {
        if kind.kind() != Kind::Film {
            return Err(MediaError::NotPossible {
                wanted: "film",
                from: kind,
            });
        }
        let _turn = self.turn().await;
        let room = self.room()?;
        let course = film::probe(file, kind, &self.limits, room.path()).await?;
        let captions = match captions {
            Some(text) => {
                let path = room.path().join("given.srt");
                tokio::fs::write(&path, captions::convert(text, MediaType::Srt)?).await?;
                Some(path)
            }
            None => None,
        };
        let file = film::film(
            file,
            kind,
            &course,
            wanted,
            captions.as_deref(),
            room.path(),
            percent,
        )
        .await?;
        self.course_made(file, MediaType::Mp4, room.path()).await
    }

    /// The sound of a film, or a sound, as MP3 of so many thousand bits a second.
    ///
    /// # Errors
    /// [`Refused`] when there is nothing to hear.
    pub async fn audio(&self, file: &Path, kind: MediaType, kilobits: u32) -> Result<Made, MediaError> {
        let _turn = self.turn().await;
        let room = self.room()?;
        let course = film::probe(file, kind, &self.limits, room.path()).await?;
        if course.audio_codec.is_none() {
            return Err(Refused::damaged("there is nothing to hear").into());
        }
        let file = film::sound(file, kind, kilobits, room.path()).await?;
        self.course_made(file, MediaType::Mp3, room.path()).await
    }

    /// The file as it may leave: the same pictures, sounds and pages, but nothing of with what they were made, and of where
    /// only if `place` is kept (of pictures and films); of words only `words`. A drawing is also cleaned of everything that could act.
    ///
    /// # Errors
    /// [`Refused`] when it is damaged.
    pub async fn clean_copy(
        &self,
        file: &Path,
        kind: MediaType,
        words: &Words,
        place: Place,
    ) -> Result<Made, MediaError> {
        let _turn = self.turn().await;
        let room = self.room()?;
        let scratch = Arc::clone(&self.scratch);
        let (path, given) = (file.to_owned(), words.clone());
        let file = match kind {
            MediaType::Jpeg | MediaType::Png | MediaType::Webp => {
                away(move || {
                    let clean = metadata::stripped(Bytes::from(std::fs::read(path)?), kind, &given, place)?;
                    kept(&clean, &scratch)
                })
                .await?
            }
            MediaType::Svg => {
                let clean = svg::sanitise(&self.text(file).await?)?;
                away(move || kept(clean.as_bytes(), &scratch)).await?
            }
            MediaType::Srt | MediaType::Vtt => {
                let clean = captions::convert(&self.text(file).await?, kind)?;
                away(move || kept(clean.as_bytes(), &scratch)).await?
            }
            MediaType::Docx | MediaType::Pptx | MediaType::Xlsx => {
                let limits = self.limits;
                away(move || office::clean(&path, &given, &limits, &scratch)).await?
            }
            MediaType::Pdf => self.moved(pdf::clean(file, words.title.as_deref(), room.path()).await?)?,
            MediaType::Avif | MediaType::Heic | MediaType::Tiff | MediaType::Gif => {
                self.moved(exiftool::stripped(file, kind.extension(), words, place, room.path()).await?)?
            }
            MediaType::Mp4 | MediaType::Mov | MediaType::Webm | MediaType::Mp3 | MediaType::Wav => {
                self.moved(film::remuxed(file, kind, words, place, room.path()).await?)?
            }
            MediaType::Zip => {
                return Err(MediaError::NotPossible {
                    wanted: "clean copy",
                    from: kind,
                });
            }
        };
        Ok(Made {
            bytes: file.as_file().metadata()?.len(),
            file,
            media_type: kind,
            width: None,
            height: None,
            milliseconds: None,
        })
    }

    async fn course_made(
        &self,
        file: NamedTempFile,
        kind: MediaType,
        folder: &Path,
    ) -> Result<Made, MediaError> {
        let course = film::probe(file.path(), kind, &self.limits, folder).await?;
        let file = self.moved(file)?;
        Ok(Made {
            bytes: file.as_file().metadata()?.len(),
            file,
            media_type: kind,
            width: course.width,
            height: course.height,
            milliseconds: Some(course.milliseconds),
        })
    }

    async fn text(&self, file: &Path) -> Result<String, MediaError> {
        let bytes = tokio::fs::read(file).await?;
        String::from_utf8(bytes).map_err(|_| Refused::Encoding.into())
    }

    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // A closed semaphore means that the process stops; what is under way may end.
        self.turns.acquire().await.ok()
    }

    /// A folder for one piece of work, gone afterwards with all that programs left in it.
    fn room(&self) -> Result<TempDir, MediaError> {
        Ok(tempfile::Builder::new()
            .prefix("media-")
            .tempdir_in(self.scratch.as_path())?)
    }

    /// Out of the room of its work, which is about to go.
    fn moved(&self, file: NamedTempFile) -> Result<NamedTempFile, MediaError> {
        let empty = tempfile::Builder::new().tempfile_in(self.scratch.as_path())?;
        let (handle, path) = file.into_parts();
        let (_, to) = empty.into_parts();
        std::fs::rename(&path, &to)?;
        Ok(NamedTempFile::from_parts(handle, to))
    }
}

fn made(encoded: &Encoded, folder: &Path) -> Result<Made, MediaError> {
    Ok(Made {
        file: kept(&encoded.file, folder)?,
        media_type: encoded.media_type,
        bytes: encoded.file.len() as u64,
        width: Some(encoded.width),
        height: Some(encoded.height),
        milliseconds: None,
    })
}

fn kept(bytes: &[u8], folder: &Path) -> Result<NamedTempFile, MediaError> {
    let file = tempfile::Builder::new().tempfile_in(folder)?;
    std::fs::write(file.path(), bytes)?;
    Ok(file)
}

/// Runs `work` on a blocking thread. A decoder that panics on a hostile file has found a damaged file.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Refused::damaged(error).into()))
}
