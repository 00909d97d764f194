//! The part of a picture that goes to one platform.

use chancery_contracts::{Platform, vocabulary};
use chancery_media::{Cut as Rectangle, Focus, Frame, Share};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Image;

/// Longest side of what goes out, in pixels.
const SIDE: u32 = 1600;

vocabulary! {
    /// The shapes that the composer offers.
    Shape {
        /// All of it.
        Whole = "whole",
        /// 16 : 9.
        Wide = "wide",
        /// 1.91 : 1, as links are shown.
        Link = "link",
        /// 1 : 1.
        Square = "square",
        /// 4 : 5.
        Portrait = "portrait",
        /// 9 : 16.
        Story = "story",
    }
}

impl Shape {
    /// Its proportions, width and height; none: those of the picture.
    #[must_use]
    pub const fn proportions(self) -> Option<(u32, u32)> {
        match self {
            Self::Whole => None,
            Self::Wide => Some((1600, 900)),
            Self::Link => Some((1600, 838)),
            Self::Square => Some((1600, 1600)),
            Self::Portrait => Some((1280, 1600)),
            Self::Story => Some((900, 1600)),
        }
    }

    /// This shape of a picture, around a point.
    #[must_use]
    pub const fn around(self, focus: Focus) -> Option<Frame> {
        match self.proportions() {
            None => None,
            Some((width, height)) => Some(Frame::Filled { width, height, focus }),
        }
    }

    /// Which shape a frame has.
    #[must_use]
    pub fn of(frame: &Frame) -> Self {
        match frame {
            Frame::Filled { width, height, .. } => Self::ALL
                .iter()
                .copied()
                .find(|shape| shape.proportions() == Some((*width, *height)))
                .unwrap_or(Self::Whole),
            Frame::Whole { .. } | Frame::Drawn { .. } => Self::Whole,
        }
    }
}

/// A rectangle drawn by hand, its sides in hundredths of the picture's; what lies outside is brought to the edge. None: it
/// would be all of the picture, or nothing of it.
#[must_use]
pub fn drawn([left, top, width, height]: [f32; 4]) -> Option<Frame> {
    let (left, top) = (share(left), share(top));
    let (width, height) = (share(width), share(height));
    if u16::from(width) == 0 || u16::from(height) == 0 {
        return None;
    }
    let cut = Rectangle {
        left,
        top,
        width,
        height,
    };
    let all = Rectangle {
        left: Share::new(0),
        top: Share::new(0),
        width: Share::WHOLE,
        height: Share::WHOLE,
    };
    (cut != all).then_some(Frame::Drawn {
        cut,
        width: SIDE,
        height: SIDE,
    })
}

/// Hundredths as a share.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 10,000; no number becomes 0"
)]
pub fn share(hundredths: f32) -> Share {
    Share::new((hundredths.clamp(0.0, 100.0) * 100.0).round() as u16)
}

/// A picture as it goes to one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cut {
    /// Where it goes.
    #[schema(value_type = String)]
    pub platform: Platform,
    /// How it was cut.
    #[schema(value_type = Object)]
    pub frame: Frame,
    /// SHA-256 of what came of it, lower-case hexadecimal.
    pub sha256: String,
    /// `image/jpeg` or `image/png`.
    pub mime: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A stored file that is a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    /// SHA-256, lower-case hexadecimal.
    pub sha256: &'a str,
    /// Its media type.
    pub mime: &'a str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Image {
    /// What goes to a platform: its part, or all of the picture.
    #[must_use]
    pub fn on(&self, platform: Platform) -> Shown<'_> {
        self.cut(platform).map_or(
            Shown {
                sha256: &self.sha256,
                mime: &self.mime,
                width: self.width,
                height: self.height,
            },
            |cut| Shown {
                sha256: &cut.sha256,
                mime: &cut.mime,
                width: cut.width,
                height: cut.height,
            },
        )
    }

    /// The part that was chosen for a platform.
    #[must_use]
    pub fn cut(&self, platform: Platform) -> Option<&Cut> {
        self.cuts.iter().find(|cut| cut.platform == platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_known_again_by_its_frame() {
        for shape in Shape::ALL {
            let frame = shape.around(Focus::default());
            assert_eq!(frame.as_ref().map_or(Shape::Whole, Shape::of), *shape);
        }
    }

    #[test]
    fn what_cuts_nothing_off_is_no_cut() {
        assert_eq!(drawn([0.0, 0.0, 100.0, 100.0]), None);
        assert_eq!(
            drawn([-5.0, f32::NAN, 400.0, 100.0]),
            None,
            "brought to the edges"
        );
        assert_eq!(drawn([10.0, 10.0, 0.0, 50.0]), None, "nothing would be left");
        assert!(drawn([10.0, 0.0, 90.0, 100.0]).is_some());
    }
}
