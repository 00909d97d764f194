//! Which part of a picture, and how large. Pure arithmetic; every result lies within the picture.

use serde::{Deserialize, Serialize};

/// A part of a side, in ten-thousandths. What lies outside of the whole is brought to its edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub struct Share(u16);

impl Share {
    /// The whole side.
    pub const WHOLE: Self = Self(10_000);
    /// The middle.
    pub const HALF: Self = Self(5_000);

    /// This many ten-thousandths.
    #[must_use]
    pub const fn new(parts: u16) -> Self {
        if parts > 10_000 { Self::WHOLE } else { Self(parts) }
    }

    fn of(self, side: u32) -> f64 {
        f64::from(side) * f64::from(self.0) / 10_000.0
    }
}

impl From<u16> for Share {
    fn from(parts: u16) -> Self {
        Self::new(parts)
    }
}

impl From<Share> for u16 {
    fn from(share: Share) -> Self {
        share.0
    }
}

/// The point that must stay in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Focus {
    /// From the left.
    pub x: Share,
    /// From the top.
    pub y: Share,
}

impl Default for Focus {
    fn default() -> Self {
        Self {
            x: Share::HALF,
            y: Share::HALF,
        }
    }
}

/// A rectangle that somebody drew on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cut {
    /// Its left edge, from the left.
    pub left: Share,
    /// Its upper edge, from the top.
    pub top: Share,
    /// How wide, of the picture's width.
    pub width: Share,
    /// How high, of the picture's height.
    pub height: Share,
}

/// How the whole becomes the part. Nothing is ever enlarged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Frame {
    /// All of it, within a box.
    Whole {
        /// At most so wide.
        width: u32,
        /// At most so high.
        height: u32,
    },
    /// As much of it as has the proportions of the box, around the focal point.
    Filled {
        /// So wide, or less in the same proportion if the picture is smaller.
        width: u32,
        /// So high.
        height: u32,
        /// What must stay in view.
        #[serde(default)]
        focus: Focus,
    },
    /// A rectangle drawn by hand, within a box.
    Drawn {
        /// The rectangle.
        cut: Cut,
        /// At most so wide.
        width: u32,
        /// At most so high.
        height: u32,
    },
}

/// A rectangle in pixels of the source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    /// The part of a picture of this size, and the size of the result.
    pub(crate) fn apply(&self, width: u32, height: u32) -> (Area, (u32, u32)) {
        match *self {
            Self::Whole {
                width: most_wide,
                height: most_high,
            } => {
                let area = whole(width, height);
                (area, inside(area, most_wide, most_high))
            }
            Self::Filled {
                width: wide,
                height: high,
                focus,
            } => {
                let area = around(
                    width,
                    height,
                    f64::from(wide.max(1)) / f64::from(high.max(1)),
                    focus,
                );
                let size = if area.width >= f64::from(wide) {
                    (wide.max(1), high.max(1))
                } else {
                    (pixels(area.width), pixels(area.height))
                };
                (area, size)
            }
            Self::Drawn {
                cut,
                width: most_wide,
                height: most_high,
            } => {
                let area = drawn(width, height, cut);
                (area, inside(area, most_wide, most_high))
            }
        }
    }
}

fn whole(width: u32, height: u32) -> Area {
    Area {
        left: 0.0,
        top: 0.0,
        width: f64::from(width),
        height: f64::from(height),
    }
}

/// The largest rectangle of this ratio, its middle as near to the focal point as the edges allow.
fn around(width: u32, height: u32, ratio: f64, focus: Focus) -> Area {
    let (side, up) = (f64::from(width), f64::from(height));
    let (cut_width, cut_height) = if side / up > ratio {
        ((up * ratio).max(1.0).min(side), up)
    } else {
        (side, (side / ratio).max(1.0).min(up))
    };
    Area {
        left: (focus.x.of(width) - cut_width / 2.0).clamp(0.0, side - cut_width),
        top: (focus.y.of(height) - cut_height / 2.0).clamp(0.0, up - cut_height),
        width: cut_width,
        height: cut_height,
    }
}

fn drawn(width: u32, height: u32, cut: Cut) -> Area {
    let (side, up) = (f64::from(width), f64::from(height));
    let left = cut.left.of(width).floor().min(side - 1.0);
    let top = cut.top.of(height).floor().min(up - 1.0);
    Area {
        left,
        top,
        width: cut.width.of(width).round().clamp(1.0, side - left),
        height: cut.height.of(height).round().clamp(1.0, up - top),
    }
}

/// The size of an area brought into a box.
fn inside(area: Area, most_wide: u32, most_high: u32) -> (u32, u32) {
    let scale = (f64::from(most_wide.max(1)) / area.width)
        .min(f64::from(most_high.max(1)) / area.height)
        .min(1.0);
    (pixels(area.width * scale), pixels(area.height * scale))
}

/// The size of a whole picture brought into a box.
pub(crate) fn fitted(width: u32, height: u32, most_wide: u32, most_high: u32) -> (u32, u32) {
    inside(whole(width, height), most_wide, most_high)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of a picture has at least one pixel and no more than the picture"
)]
fn pixels(length: f64) -> u32 {
    length.round().max(1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTRAIT: Frame = Frame::Filled {
        width: 400,
        height: 500,
        focus: Focus {
            x: Share(9_000),
            y: Share(1_000),
        },
    };

    #[test]
    fn a_whole_picture_fits_and_is_never_enlarged() {
        let frame = Frame::Whole {
            width: 1600,
            height: 900,
        };
        for (from, to) in [
            ((4000, 3000), (1200, 900)),
            ((3000, 4000), (675, 900)),
            ((800, 600), (800, 600)),
            ((10_000, 1), (1600, 1)),
        ] {
            assert_eq!(frame.apply(from.0, from.1).1, to);
        }
    }

    #[test]
    fn the_focal_point_stays_in_view() {
        let (area, size) = PORTRAIT.apply(4000, 3000);
        assert_eq!(size, (400, 500));
        assert_eq!(
            area,
            Area {
                left: 1600.0,
                top: 0.0,
                width: 2400.0,
                height: 3000.0
            }
        );
    }

    #[test]
    fn a_small_picture_keeps_the_ratio_that_was_asked() {
        assert_eq!(PORTRAIT.apply(100, 100).1, (80, 100));
    }

    #[test]
    fn whatever_is_drawn_lies_within() {
        for parts in [
            (0, 0, 0, 0),
            (10_000, 10_000, 10_000, 10_000),
            (9_999, 0, 60_000, 1),
        ] {
            let frame = Frame::Drawn {
                cut: Cut {
                    left: Share::new(parts.0),
                    top: Share::new(parts.1),
                    width: Share::new(parts.2),
                    height: Share::new(parts.3),
                },
                width: 100,
                height: 100,
            };
            for (width, height) in [(1, 1), (7, 3000), (640, 480)] {
                let (area, size) = frame.apply(width, height);
                assert!(area.left + area.width <= f64::from(width), "{area:?}");
                assert!(area.top + area.height <= f64::from(height), "{area:?}");
                assert!(size.0 >= 1 && size.1 >= 1);
            }
        }
    }
}
