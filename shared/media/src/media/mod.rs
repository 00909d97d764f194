//! The one door: every file that is opened, is opened through here, a few at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tempfile::{NamedTempFile, TempDir};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::analysis::Analysis;
use crate::document::{captions, office, pdf};
use crate::film::{self, FilmWanted};
use crate::metadata::{self, Embedded, Words, exiftool};
use crate::picture::{self, Decoded, Encoded, PictureWanted};
use crate::process::{Bounds, HEIF_CONVERT, run};
use crate::svg::{self, Room};
use crate::{Kind, Limits, MediaError, MediaType, Refused};

/// The longer side of a drawing where pixels are needed of it.
const DRAWING: u32 = 2_400;

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

    /// Opens the whole file: measures it, reads its words, and finds out whether it is sound.
    ///
    /// # Errors
    /// [`Refused`] when it is damaged or goes beyond the limits.
    pub async fn analyse(&self, file: &Path, kind: MediaType) -> Result<Analysis, MediaError> {
        let _turn = self.turn().await;
        let room = self.room()?;
        match kind.kind() {
            Kind::Picture => self.analyse_picture(file, kind, room.path()).await,
            Kind::Film | Kind::Audio => self.analyse_course(file, kind, room.path()).await,
            Kind::Document if kind == MediaType::Pdf => self.analyse_pdf(file, room.path()).await,
            Kind::Document => {
                let (path, limits) = (file.to_owned(), self.limits);
                away(move || Ok(office::analyse(&path, kind, &limits)?)).await
            }
            Kind::Captions => {
                let text = self.text(file).await?;
                Ok(Analysis {
                    text: Some(captions::words(&text)?),
                    ..Analysis::default()
                })
            }
            Kind::Archive => Err(MediaError::NotPossible {
                wanted: "analysis",
                from: kind,
            }),
        }
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

    /// A film that fits a platform, with `captions` (SRT or VTT, their text) burnt in if they are given.
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
        let file = film::film(file, kind, &course, wanted, captions.as_deref(), room.path()).await?;
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

    /// The file as it may leave: the same pictures, sounds and pages, but nothing of where and with what they were made;
    /// of words only `words`. A drawing is also cleaned of everything that could act.
    ///
    /// # Errors
    /// [`Refused`] when it is damaged.
    pub async fn clean_copy(&self, file: &Path, kind: MediaType, words: &Words) -> Result<Made, MediaError> {
        let _turn = self.turn().await;
        let room = self.room()?;
        let scratch = Arc::clone(&self.scratch);
        let (path, given) = (file.to_owned(), words.clone());
        let file = match kind {
            MediaType::Jpeg | MediaType::Png | MediaType::Webp => {
                away(move || {
                    let clean = metadata::stripped(Bytes::from(std::fs::read(path)?), kind, &given)?;
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
                self.moved(exiftool::stripped(file, kind.extension(), words, room.path()).await?)?
            }
            MediaType::Mp4 | MediaType::Mov | MediaType::Webm | MediaType::Mp3 | MediaType::Wav => {
                self.moved(film::remuxed(file, kind, words, room.path()).await?)?
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

    async fn analyse_picture(
        &self,
        file: &Path,
        kind: MediaType,
        folder: &Path,
    ) -> Result<Analysis, MediaError> {
        let embedded = match kind {
            MediaType::Jpeg | MediaType::Png | MediaType::Webp => {
                let path = file.to_owned();
                let read = move || {
                    let file = Bytes::from(std::fs::read(path)?);
                    // The decoder would make up the rest of a picture that was cut off.
                    if kind == MediaType::Jpeg && crate::sniff::end_of_jpeg(&file).is_none() {
                        return Err(Refused::damaged("it ends too early").into());
                    }
                    Ok(metadata::embedded(&file, kind))
                };
                away(read).await?
            }
            MediaType::Svg => Embedded::default(),
            _ => exiftool::read(file, folder).await.unwrap_or_default(),
        };
        let source = self
            .pixels(file, kind, &PictureWanted::within(1, 1), folder)
            .await?;
        let limits = self.limits;
        away(move || {
            let decoded = source.decode(&limits)?;
            Ok(Analysis {
                width: Some(decoded.pixels.width()),
                height: Some(decoded.pixels.height()),
                likeness: Some(picture::likeness(&decoded.pixels)?),
                embedded,
                ..Analysis::default()
            })
        })
        .await
    }

    async fn analyse_course(
        &self,
        file: &Path,
        kind: MediaType,
        folder: &Path,
    ) -> Result<Analysis, MediaError> {
        let course = film::probe(file, kind, &self.limits, folder).await?;
        let mut analysis = Analysis::of_course(course.clone());
        if kind.kind() == Kind::Film {
            // A film of which no picture can be made is damaged, whatever its header says.
            let moment = film::moment(file, kind, &course, None, folder).await?;
            let limits = self.limits;
            let likeness = away(move || {
                let decoded = picture::decode(&std::fs::read(moment.path())?, limits.pixels)?;
                Ok(picture::likeness(&decoded.pixels)?)
            });
            analysis.likeness = Some(likeness.await?);
        }
        analysis.embedded = exiftool::read(file, folder).await.unwrap_or_default();
        Ok(analysis)
    }

    async fn analyse_pdf(&self, file: &Path, folder: &Path) -> Result<Analysis, MediaError> {
        let pages = pdf::pages(file, &self.limits, folder).await?;
        let text = pdf::text(file, &self.limits, folder).await?;
        let first = pdf::page(file, 1, folder).await?;
        let limits = self.limits;
        let (likeness, width, height) = away(move || {
            let decoded = picture::decode(&std::fs::read(first.path())?, limits.pixels)?;
            let pixels = decoded.pixels;
            Ok((picture::likeness(&pixels)?, pixels.width(), pixels.height()))
        })
        .await?;
        Ok(Analysis {
            width: Some(width),
            height: Some(height),
            pages: Some(pages),
            likeness: Some(likeness),
            embedded: exiftool::read(file, folder).await.unwrap_or_default(),
            text: Some(text),
            ..Analysis::default()
        })
    }

    /// Pixels of anything.
    async fn pixels(
        &self,
        file: &Path,
        kind: MediaType,
        wanted: &PictureWanted,
        folder: &Path,
    ) -> Result<Source, MediaError> {
        let path = match kind {
            MediaType::Jpeg | MediaType::Png | MediaType::Webp | MediaType::Gif | MediaType::Tiff => {
                return Ok(Source::File(file.to_owned()));
            }
            MediaType::Svg => return Ok(Source::Drawing(svg::sanitise(&self.text(file).await?)?)),
            MediaType::Heic | MediaType::Avif => self.converted(file, folder).await?,
            MediaType::Mp4 | MediaType::Mov | MediaType::Webm => {
                let course = film::probe(file, kind, &self.limits, folder).await?;
                film::moment(file, kind, &course, wanted.second, folder).await?
            }
            MediaType::Mp3 | MediaType::Wav => film::wave(file, kind, folder).await?,
            MediaType::Pdf => pdf::page(file, wanted.page.unwrap_or(1), folder).await?,
            MediaType::Docx
            | MediaType::Pptx
            | MediaType::Xlsx
            | MediaType::Srt
            | MediaType::Vtt
            | MediaType::Zip => {
                return Ok(Source::Drawing(sheet(kind)));
            }
        };
        Ok(Source::Made(path))
    }

    /// HEIC and AVIF as PNG.
    async fn converted(&self, file: &Path, folder: &Path) -> Result<NamedTempFile, MediaError> {
        let made = tempfile::Builder::new().suffix(".png").tempfile_in(folder)?;
        let ended = run(HEIF_CONVERT, [file, made.path()], folder, Bounds::PICTURE).await?;
        ended.or_damaged()?;
        if made.as_file().metadata()?.len() > 0 {
            return Ok(made);
        }
        // Of a sequence it writes one file a picture, numbered; the first is the one that is shown.
        let stem = made
            .path()
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let first = folder.join(format!("{stem}-1.png"));
        if tokio::fs::try_exists(&first).await? {
            tokio::fs::rename(&first, made.path()).await?;
            return Ok(made);
        }
        Err(Refused::damaged("there is no picture in it").into())
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

/// Where pixels come from.
enum Source {
    File(PathBuf),
    Made(NamedTempFile),
    Drawing(String),
}

impl Source {
    fn decode(&self, limits: &Limits) -> Result<Decoded, MediaError> {
        let path = match self {
            Self::File(path) => path.as_path(),
            Self::Made(file) => file.path(),
            Self::Drawing(text) => {
                return Ok(Decoded {
                    pixels: svg::draw(text, Room::LongerSide(DRAWING))?,
                    format: None,
                });
            }
        };
        Ok(picture::decode(&std::fs::read(path)?, limits.pixels)?)
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

/// A sheet of paper with a folded corner and the kind on it.
fn sheet(kind: MediaType) -> String {
    let colour = match kind {
        MediaType::Docx => "#1d4ed8",
        MediaType::Pptx => "#c2410c",
        MediaType::Xlsx => "#15803d",
        _ => "#475569",
    };
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='600' height='800' viewBox='0 0 600 800'>\
         <rect width='600' height='800' fill='#f1f5f9'/>\
         <path d='M90 70h300l120 120v540H90z' fill='white' stroke='#cbd5e1' stroke-width='6'/>\
         <path d='M390 70v120h120z' fill='#e2e8f0' stroke='#cbd5e1' stroke-width='6'/>\
         <path d='M150 290h300M150 350h300M150 410h220' stroke='#cbd5e1' stroke-width='16' stroke-linecap='round'/>\
         <rect x='150' y='520' width='300' height='110' rx='16' fill='{colour}'/>\
         <text x='300' y='597' font-family='Be Vietnam Pro, Noto Sans, DejaVu Sans, sans-serif' font-weight='700' \
         font-size='60' fill='white' text-anchor='middle'>{}</text></svg>",
        kind.as_str().to_uppercase()
    )
}

/// Runs `work` on a blocking thread. A decoder that panics on a hostile file has found a damaged file.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Refused::damaged(error).into()))
}
