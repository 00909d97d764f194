use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::damaged;
use crate::Refused;

/// A picture that was decoded within the limits: upright, 8 bits a channel, sRGB.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// With an alpha channel only if it had one.
    pub pixels: DynamicImage,
}

/// Width and height as the file claims, turned upright. Decodes nothing.
pub(crate) fn measure(file: &[u8], max_pixels: u64) -> Result<(u32, u32), Refused> {
    let mut decoder = open(file, max_pixels)?;
    let (width, height) = decoder.dimensions();
    let turned = decoder.orientation().is_ok_and(|orientation| {
        use image::metadata::Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
    });
    Ok(if turned { (height, width) } else { (width, height) })
}

/// Recognises by content, measures, then decodes.
pub(crate) fn decode(file: &[u8], max_pixels: u64) -> Result<Decoded, Refused> {
    let mut decoder = open(file, max_pixels)?;
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
    Ok(Decoded { pixels })
}

fn open(file: &[u8], max_pixels: u64) -> Result<impl ImageDecoder + '_, Refused> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(damaged)?;
    if reader.format().is_none() {
        return Err(Refused::Unknown { seems: None });
    }
    let mut limits = Limits::default();
    // Sixteen bits a channel, the most that these formats have, while decoding.
    limits.max_alloc = Some(max_pixels.saturating_mul(8));
    reader.limits(limits);

    let decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > max_pixels || width == 0 || height == 0 {
        return Err(Refused::TooManyPixels {
            width,
            height,
            max: max_pixels,
        });
    }
    Ok(decoder)
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
