//! A logo or a line of text in a corner.

use image::{DynamicImage, imageops};
use serde::{Deserialize, Serialize};

use super::{Decoded, damaged, fitted, scaled};
use crate::Refused;
use crate::svg::{self, Room};

/// Where a mark goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    /// Upper left.
    TopLeft,
    /// Upper right.
    TopRight,
    /// Lower left.
    BottomLeft,
    /// Lower right.
    #[default]
    BottomRight,
}

/// What is put on a picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// Words or a logo.
    pub kind: MarkKind,
    /// Where.
    #[serde(default)]
    pub corner: Corner,
}

/// Words or a logo.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// A line of text, white with a dark edge. What is longer than 80 letters is cut.
    Text(String),
    /// The logo that is given beside.
    Logo,
}

/// A logo is so much of the shorter side, a line of text of the width.
const LOGO: u32 = 6;

pub(super) fn put(
    pixels: DynamicImage,
    mark: &Mark,
    logo: Option<&Decoded>,
) -> Result<DynamicImage, Refused> {
    let (width, height) = (pixels.width(), pixels.height());
    let on_top = match (&mark.kind, logo) {
        (MarkKind::Text(text), _) => line(text, width, height)?,
        (MarkKind::Logo, Some(logo)) => {
            let most = (width.min(height) / LOGO).max(1);
            let size = fitted(logo.pixels.width(), logo.pixels.height(), most * 2, most);
            scaled(&logo.pixels, None, size)?
        }
        (MarkKind::Logo, None) => return Err(damaged("no logo was given")),
    };
    let margin = i64::from(width.min(height) / 40);
    let left = i64::from(width) - i64::from(on_top.width()) - margin;
    let top = i64::from(height) - i64::from(on_top.height()) - margin;
    let (x, y) = match mark.corner {
        Corner::TopLeft => (margin, margin),
        Corner::TopRight => (left, margin),
        Corner::BottomLeft => (margin, top),
        Corner::BottomRight => (left, top),
    };
    let alpha = pixels.color().has_alpha();
    let mut below = pixels.into_rgba8();
    imageops::overlay(&mut below, &on_top.into_rgba8(), x, y);
    let below = DynamicImage::ImageRgba8(below);
    Ok(if alpha {
        below
    } else {
        DynamicImage::ImageRgb8(below.into_rgb8())
    })
}

/// A line of text, as wide as it has to be and at most nine tenths of the picture.
fn line(text: &str, width: u32, height: u32) -> Result<DynamicImage, Refused> {
    let text: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    let letter = (width.min(height) / 24).max(10);
    let high = letter + letter / 2;
    let drawing = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{high}'>\
         <text x='{x}' y='{y}' text-anchor='end' font-family='Be Vietnam Pro, Noto Sans, DejaVu Sans, sans-serif' font-weight='600' \
         font-size='{letter}' fill='white' stroke='black' stroke-opacity='0.6' stroke-width='{edge}' \
         paint-order='stroke'>{text}</text></svg>",
        x = width.saturating_sub(2),
        y = letter + letter / 10,
        edge = f64::from(letter) / 8.0,
        text = svg::escaped(&text),
    );
    let drawn = svg::draw(&drawing, Room::Natural)?;
    Ok(trimmed(drawn))
}

/// Without the empty columns on its left.
fn trimmed(drawn: DynamicImage) -> DynamicImage {
    let pixels = drawn.into_rgba8();
    let first = pixels
        .enumerate_pixels()
        .filter(|(_, _, pixel)| pixel.0.last().is_some_and(|alpha| *alpha > 0))
        .map(|(x, _, _)| x)
        .min()
        .unwrap_or(0);
    DynamicImage::ImageRgba8(pixels).crop_imm(first, 0, u32::MAX, u32::MAX)
}
