use bytes::Bytes;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, RgbImage, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{PictureFormat, damaged, fitted, scaled};
use crate::{MediaError, MediaType, Refused};

/// Where a size is asked for but no quality: below this, flat areas begin to show blocks.
const QUALITY: u8 = 80;
/// As low as a byte limit may press the quality before it takes pixels instead.
const LOWEST: u8 = 50;

/// A picture ready to be kept.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub file: Bytes,
    pub media_type: MediaType,
    pub width: u32,
    pub height: u32,
}

/// Encoded in at most `max_bytes`: first with less quality, then with fewer pixels.
pub(super) fn within(
    pixels: &DynamicImage,
    format: PictureFormat,
    max_bytes: Option<u64>,
) -> Result<Encoded, MediaError> {
    let first = encode(pixels, format, QUALITY)?;
    let Some(max) = max_bytes else {
        return Ok(first);
    };
    let fits = |encoded: &Encoded| encoded.file.len() as u64 <= max;
    if fits(&first) {
        return Ok(first);
    }
    let mut smaller: Option<DynamicImage> = None;
    loop {
        let pixels = smaller.as_ref().unwrap_or(pixels);
        // What PNG has to give up is pixels alone.
        let qualities: &[u8] = if format == PictureFormat::Png {
            &[QUALITY]
        } else {
            &[72, 64, 57, LOWEST]
        };
        for quality in qualities {
            let encoded = encode(pixels, format, *quality)?;
            if fits(&encoded) {
                return Ok(encoded);
            }
        }
        let (width, height) = (pixels.width(), pixels.height());
        if width.max(height) < 64 {
            return Err(MediaError::CannotFit { max });
        }
        let size = fitted(width, height, width * 7 / 10, height * 7 / 10);
        smaller = Some(scaled(pixels, None, size)?);
    }
}

fn encode(pixels: &DynamicImage, format: PictureFormat, quality: u8) -> Result<Encoded, Refused> {
    match format {
        PictureFormat::Jpeg => jpeg(pixels, quality),
        PictureFormat::Png => png(pixels),
        PictureFormat::Webp => webp(pixels, quality),
    }
}

/// JPEG knows no transparency: what is transparent becomes white.
pub(crate) fn jpeg(pixels: &DynamicImage, quality: u8) -> Result<Encoded, Refused> {
    let flat;
    let opaque = match pixels {
        DynamicImage::ImageRgb8(pixels) => pixels,
        DynamicImage::ImageRgba8(pixels) => {
            flat = on_white(pixels);
            &flat
        }
        pixels => {
            flat = pixels.to_rgb8();
            &flat
        }
    };
    let (width, height) = opaque.dimensions();
    let sides = u16::try_from(width).and_then(|width| Ok((width, u16::try_from(height)?)));
    let (wide, high) = sides.map_err(damaged)?;
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    // Masters keep every pixel's colour; what is looked at does with a quarter of them.
    encoder.set_sampling_factor(if quality > 90 {
        SamplingFactor::R_4_4_4
    } else {
        SamplingFactor::R_4_2_0
    });
    // Smaller, and shown coarsely at once on a poor line. (With tables of its own but not progressive, this encoder writes
    // one scan a colour, which the decoder of `image` reads wrongly.)
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(opaque.as_raw(), wide, high, ColorType::Rgb)
        .map_err(damaged)?;
    Ok(Encoded {
        file: file.into(),
        media_type: MediaType::Jpeg,
        width,
        height,
    })
}

/// Every pixel as it is.
pub(crate) fn png(pixels: &DynamicImage) -> Result<Encoded, Refused> {
    let mut file = Vec::new();
    pixels
        .write_with_encoder(PngEncoder::new_with_quality(
            &mut file,
            CompressionType::Default,
            FilterType::Adaptive,
        ))
        .map_err(damaged)?;
    Ok(Encoded {
        file: file.into(),
        media_type: MediaType::Png,
        width: pixels.width(),
        height: pixels.height(),
    })
}

fn webp(pixels: &DynamicImage, quality: u8) -> Result<Encoded, Refused> {
    let (width, height) = (pixels.width(), pixels.height());
    let encoder = if pixels.color().has_alpha() {
        webp::Encoder::from_rgba(pixels.as_bytes(), width, height)
    } else {
        webp::Encoder::from_rgb(pixels.as_bytes(), width, height)
    };
    let file = encoder
        .encode_simple(false, f32::from(quality))
        .map_err(|error| damaged(format!("{error:?}")))?;
    Ok(Encoded {
        file: Bytes::copy_from_slice(&file),
        media_type: MediaType::Webp,
        width,
        height,
    })
}

fn on_white(pixels: &RgbaImage) -> RgbImage {
    let mut white = RgbaImage::from_pixel(pixels.width(), pixels.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut white, pixels, 0, 0);
    DynamicImage::ImageRgba8(white).into_rgb8()
}
