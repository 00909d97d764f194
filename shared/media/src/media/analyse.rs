//! What is known of a file once it was opened.

use std::path::Path;

use bytes::Bytes;

use super::{Media, away};
use crate::analysis::Analysis;
use crate::document::{captions, office, pdf};
use crate::metadata::{self, Embedded, exiftool};
use crate::picture::{self, PictureWanted};
use crate::{Kind, MediaError, MediaType, Refused, film, sniff};

impl Media {
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
                    if kind == MediaType::Jpeg && sniff::end_of_jpeg(&file).is_none() {
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
}
