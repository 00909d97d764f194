use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage, RgbaImage};

use super::damaged;
use super::frame::Area;
use crate::Refused;

/// A part of a picture (or all of it), scaled to a size.
pub(crate) fn scaled(
    pixels: &DynamicImage,
    area: Option<Area>,
    (width, height): (u32, u32),
) -> Result<DynamicImage, Refused> {
    let alpha = pixels.color().has_alpha();
    let kind = if alpha { PixelType::U8x4 } else { PixelType::U8x3 };
    let source = ImageRef::new(pixels.width(), pixels.height(), pixels.as_bytes(), kind).map_err(damaged)?;
    let mut scaled = Image::new(width, height, kind);
    let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    if let Some(area) = area {
        options = options.crop(area.left, area.top, area.width, area.height);
    }
    Resizer::new()
        .resize(&source, &mut scaled, &options)
        .map_err(damaged)?;
    let bytes = scaled.into_vec();
    let picture = if alpha {
        RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8)
    } else {
        RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
    };
    picture.ok_or_else(|| damaged("sizes do not agree"))
}
