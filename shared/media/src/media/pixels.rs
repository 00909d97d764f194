//! Pixels of anything: of what is a picture, and of what can only be shown as one.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Media;
use crate::document::pdf;
use crate::picture::{self, Decoded, PictureWanted};
use crate::process::{Bounds, HEIF_CONVERT, run};
use crate::svg::{self, Room};
use crate::{Limits, MediaError, MediaType, Refused, film};

/// The longer side of a drawing where pixels are needed of it.
const DRAWING: u32 = 2_400;

/// Where pixels come from.
pub(super) enum Source {
    File(PathBuf),
    Made(NamedTempFile),
    Drawing(String),
}

impl Source {
    pub(super) fn decode(&self, limits: &Limits) -> Result<Decoded, MediaError> {
        let path = match self {
            Self::File(path) => path.as_path(),
            Self::Made(file) => file.path(),
            Self::Drawing(text) => {
                return Ok(Decoded {
                    pixels: svg::draw(text, Room::LongerSide(DRAWING))?,
                });
            }
        };
        Ok(picture::decode(&std::fs::read(path)?, limits.pixels)?)
    }
}

impl Media {
    /// Pixels of anything.
    pub(super) async fn pixels(
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
