//! Decoding, turning upright, colour, scaling and encoding. Blocking; no I/O.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::ImageError;

/// The longest side of the web rendition.
const WEB_SIDE: u32 = 1600;
/// The longest file of the web rendition: the strictest platform takes a million bytes.
const WEB_BYTES: usize = 1_000_000;
/// High enough that a later rendition made from the master does not show its traces.
const MASTER_QUALITY: u8 = 92;
/// Tried in this order until the file is short enough.
const WEB_QUALITIES: [u8; 4] = [85, 75, 65, 50];
const NARROW_QUALITY: u8 = 78;

/// A picture that was decoded within the limits.
pub(super) struct Decoded {
    pub pixels: DynamicImage,
    format: ImageFormat,
}

/// A picture ready to be stored.
pub(super) struct Encoded {
    pub file: Bytes,
    pub mime: &'static str,
    pub width: u32,
    pub height: u32,
}

/// Recognises by content, measures, then decodes: upright, 8 bits a channel, sRGB.
pub(super) fn decode(file: &[u8], max_pixels: u64) -> Result<Decoded, ImageError> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(damaged)?;
    let Some(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) = reader.format() else {
        return Err(ImageError::NotAnImage);
    };
    let mut limits = Limits::default();
    // Sixteen bits a channel, the most that these formats have, while decoding.
    limits.max_alloc = Some(max_pixels * 8);
    reader.limits(limits);

    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > max_pixels {
        return Err(ImageError::TooManyPixels {
            width,
            height,
            max_pixels,
        });
    }
    // Metadata is a courtesy: a damaged orientation or colour profile does not spoil the picture.
    let orientation = decoder.orientation().ok();
    let profile = decoder.icc_profile().ok().flatten();

    let mut pixels = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    if let Some(orientation) = orientation {
        pixels.apply_orientation(orientation);
    }
    let pixels = if pixels.color().has_alpha() {
        DynamicImage::ImageRgba8(pixels.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(pixels.into_rgb8())
    };
    let pixels = match profile {
        Some(profile) => to_srgb(pixels, &profile),
        None => pixels,
    };
    Ok(Decoded { pixels, format })
}

/// All pixels; lossless if it came so or needs transparency.
pub(super) fn master(image: &Decoded) -> Result<Encoded, ImageError> {
    let pixels = &image.pixels;
    if image.format == ImageFormat::Png || pixels.color().has_alpha() {
        let mut file = Vec::new();
        pixels
            .write_with_encoder(PngEncoder::new(&mut file))
            .map_err(damaged)?;
        return Ok(Encoded {
            file: file.into(),
            mime: "image/png",
            width: pixels.width(),
            height: pixels.height(),
        });
    }
    jpeg(pixels, MASTER_QUALITY)
}

/// Small enough for every platform.
pub(super) fn web(pixels: &DynamicImage) -> Result<Encoded, ImageError> {
    let mut pixels = fit(pixels, WEB_SIDE, WEB_SIDE);
    loop {
        for quality in WEB_QUALITIES {
            let encoded = jpeg(&pixels, quality)?;
            if encoded.file.len() <= WEB_BYTES {
                return Ok(encoded);
            }
        }
        // Noise over the whole area: give up pixels rather than more quality. Ends, as each round halves the area.
        pixels = fit(&pixels, pixels.width() * 7 / 10, pixels.height() * 7 / 10);
    }
}

/// For pages: a narrow column on a slow line.
pub(super) fn narrower(pixels: &DynamicImage, width: u32) -> Result<Encoded, ImageError> {
    jpeg(&fit(pixels, width, u32::MAX), NARROW_QUALITY)
}

/// Scaled down into the box, keeping proportions; never scaled up.
fn fit(pixels: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    if pixels.width() <= width && pixels.height() <= height {
        return pixels.clone();
    }
    pixels.resize(width.max(1), height.max(1), FilterType::CatmullRom)
}

/// JPEG knows no transparency: what is transparent becomes white.
fn jpeg(pixels: &DynamicImage, quality: u8) -> Result<Encoded, ImageError> {
    let opaque = match pixels {
        DynamicImage::ImageRgba8(pixels) => on_white(pixels),
        pixels => pixels.to_rgb8(),
    };
    let mut file = Vec::new();
    opaque
        .write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality))
        .map_err(damaged)?;
    Ok(Encoded {
        file: file.into(),
        mime: "image/jpeg",
        width: opaque.width(),
        height: opaque.height(),
    })
}

fn on_white(pixels: &RgbaImage) -> RgbImage {
    let mut white = RgbaImage::from_pixel(pixels.width(), pixels.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut white, pixels, 0, 0);
    DynamicImage::ImageRgba8(white).into_rgb8()
}

/// Telephones write Display P3 and the like; without its profile such a picture would look dull. A profile that does
/// not parse or does not fit leaves the pixels as they are.
fn to_srgb(pixels: DynamicImage, profile: &[u8]) -> DynamicImage {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else {
        return pixels;
    };
    let layout = if pixels.color().has_alpha() {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let Ok(transform) = profile.create_transform_8bit(
        layout,
        &ColorProfile::new_srgb(),
        layout,
        TransformOptions::default(),
    ) else {
        return pixels;
    };
    let mut converted = vec![0; pixels.as_bytes().len()];
    if transform.transform(pixels.as_bytes(), &mut converted).is_err() {
        return pixels;
    }
    let (width, height) = (pixels.width(), pixels.height());
    let converted = match layout {
        Layout::Rgba => RgbaImage::from_raw(width, height, converted).map(DynamicImage::ImageRgba8),
        _ => RgbImage::from_raw(width, height, converted).map(DynamicImage::ImageRgb8),
    };
    converted.unwrap_or(pixels)
}

fn damaged(error: impl std::fmt::Display) -> ImageError {
    ImageError::Damaged(error.to_string())
}
