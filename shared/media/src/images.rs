//! Pictures from outside, made safe and made fit for items and pages, and kept in the store. Files of the library take the
//! longer way through [`crate::Media`]; here only pixels survive.

use std::sync::Arc;

use bytes::Bytes;
use chancery_storage::{ContentHash, StorageError, Store};
use image::ImageFormat;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::picture::{self, Decoded, Encoded, PictureWanted};
use crate::{Frame, MediaError, Refused};

/// The longest side of the web rendition.
const WEB_SIDE: u32 = 1600;
/// The longest file of the web rendition: the strictest platform takes a million bytes.
const WEB_BYTES: u64 = 1_000_000;
/// High enough that a later rendition made from the master does not show its traces.
const MASTER_QUALITY: u8 = 92;

/// What is accepted, checked before anything is decoded.
#[derive(Debug, Clone, Copy)]
pub struct ImageLimits {
    /// Largest upload, in bytes.
    pub max_bytes: usize,
    /// Most pixels, width times height. A few kilobytes can claim to be gigapixels ("decompression bomb").
    pub max_pixels: u64,
    /// Most pictures decoded at once in this process: each takes up to four bytes a pixel.
    pub concurrency: usize,
}

impl Default for ImageLimits {
    /// 20 MB and 40 megapixels: any camera's JPEG; two at a time.
    fn default() -> Self {
        Self {
            max_bytes: 20_000_000,
            max_pixels: 40_000_000,
            concurrency: 2,
        }
    }
}

/// One stored picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// Where it is in the store, and proof of what it is.
    pub sha256: ContentHash,
    /// `image/jpeg` or `image/png`.
    pub mime: String,
    /// In pixels, after turning it upright.
    pub width: u32,
    /// In pixels, after turning it upright.
    pub height: u32,
    /// Length of the file.
    pub bytes: u64,
}

/// What is kept of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// All its pixels, upright, in sRGB, without metadata: JPEG, or PNG if it came as PNG or has transparency.
    pub master: Rendition,
    /// What goes to platforms and pages: JPEG of at most 1600 pixels a side and 1,000,000 bytes.
    pub web: Rendition,
}

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// Not JPEG, PNG or WebP by its content, whatever its name says.
    #[error("not a JPEG, PNG or WebP picture")]
    NotAnImage,
    /// The picture is at fault.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No rendition fits.
    #[error(transparent)]
    Media(MediaError),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<MediaError> for ImageError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Refused(refused) => Self::Refused(refused),
            error => Self::Media(error),
        }
    }
}

/// Takes pictures in and makes renditions, away from the async threads and a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Images {
    store: Store,
    limits: ImageLimits,
    permits: Arc<Semaphore>,
}

impl Images {
    /// Pictures kept in `store`.
    #[must_use]
    pub fn new(store: Store, limits: ImageLimits) -> Self {
        Self {
            store,
            limits,
            permits: Arc::new(Semaphore::new(limits.concurrency)),
        }
    }

    /// The store that the pictures are in.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The limits, for forms that say them beforehand.
    #[must_use]
    pub fn limits(&self) -> ImageLimits {
        self.limits
    }

    /// Takes in a picture from outside. Nothing of the file itself is kept, only pixels. An animation becomes its
    /// first frame.
    ///
    /// # Errors
    /// [`ImageError`], and then nothing is stored.
    pub async fn take_in(&self, file: Bytes) -> Result<Kept, ImageError> {
        let limits = self.limits;
        if file.len() > limits.max_bytes {
            return Err(Refused::TooLarge {
                max: limits.max_bytes as u64,
            }
            .into());
        }
        let (master, web) = self
            .away(move || {
                let Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) =
                    image::guess_format(&file)
                else {
                    return Err(ImageError::NotAnImage);
                };
                let decoded = picture::decode(&file, limits.max_pixels)?;
                let web = PictureWanted {
                    max_bytes: Some(WEB_BYTES),
                    ..PictureWanted::within(WEB_SIDE, WEB_SIDE)
                };
                Ok((master(&decoded, format)?, picture::render(&decoded, &web, None)?))
            })
            .await?;
        Ok(Kept {
            master: self.keep(master).await?,
            web: self.keep(web).await?,
        })
    }

    /// A JPEG at most `width` pixels wide of a picture in the store.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the store does not have it, [`ImageError`] when it is no picture.
    pub async fn narrower(&self, source: ContentHash, width: u32) -> Result<Rendition, ImageError> {
        let frame = Frame::Whole {
            width,
            height: u32::MAX,
        };
        let wanted = PictureWanted {
            frame,
            ..PictureWanted::within(width, width)
        };
        self.rendered(source, wanted).await
    }

    /// A part of a picture in the store, as it goes to platforms: a JPEG of at most 1,000,000 bytes.
    ///
    /// # Errors
    /// As [`Self::narrower`].
    pub async fn framed(&self, source: ContentHash, frame: Frame) -> Result<Rendition, ImageError> {
        let wanted = PictureWanted {
            frame,
            max_bytes: Some(WEB_BYTES),
            ..PictureWanted::within(WEB_SIDE, WEB_SIDE)
        };
        self.rendered(source, wanted).await
    }

    async fn rendered(&self, source: ContentHash, wanted: PictureWanted) -> Result<Rendition, ImageError> {
        let limits = self.limits;
        // Our own masters may be longer than the uploads they came from (lossless WebP, say), hence the factor.
        let file = self.store.read(source, limits.max_bytes as u64 * 4).await?;
        let made = self
            .away(move || {
                let decoded = picture::decode(&file, limits.max_pixels)?;
                Ok(picture::render(&decoded, &wanted, None)?)
            })
            .await?;
        self.keep(made).await
    }

    async fn keep(&self, encoded: Encoded) -> Result<Rendition, ImageError> {
        let Encoded {
            file,
            media_type,
            width,
            height,
        } = encoded;
        let bytes = file.len() as u64;
        let sha256 = self.store.put(file).await?;
        Ok(Rendition {
            sha256,
            mime: media_type.mime().to_owned(),
            width,
            height,
            bytes,
        })
    }

    /// Runs `work` on a blocking thread, when it is its turn. A decoder that panics on a hostile file is a damaged file.
    async fn away<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ImageError> + Send + 'static,
    ) -> Result<T, ImageError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .unwrap_or_else(|error| Err(Refused::damaged(error).into()))
    }
}

/// All pixels; lossless if it came so or needs transparency.
fn master(picture: &Decoded, format: ImageFormat) -> Result<Encoded, Refused> {
    if format == ImageFormat::Png || picture.pixels.color().has_alpha() {
        picture::png(&picture.pixels)
    } else {
        picture::jpeg(&picture.pixels, MASTER_QUALITY)
    }
}
