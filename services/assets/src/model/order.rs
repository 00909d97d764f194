//! What somebody orders, and what is to be made of it.

use chancery_contracts::ids::AssetId;
use chancery_media::{
    Corner, Cut, FilmWanted, Focus, Frame, Mark, MarkKind, MediaType, PictureFormat, PictureWanted, Share,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::purpose::SOUND_KILOBITS;
use super::{Purpose, Refused, Wanted};

/// The longest line of words in a corner.
const WORDS: usize = 80;

/// A point of a picture, in hundredths of its sides.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

/// A rectangle of a picture, in hundredths of its sides.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Area {
    /// Its left edge.
    pub left: f32,
    /// Its upper edge.
    pub top: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
}

impl Area {
    /// Whether it is a rectangle inside of the picture, one part in a thousand forgiven for rounding.
    fn is_inside(self) -> bool {
        let fits = |from: f32, length: f32| from >= 0.0 && length >= 1.0 && from + length <= 100.1;
        fits(self.left, self.width) && fits(self.top, self.height)
    }
}

/// What somebody orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// For what.
    pub purpose: Purpose,
    /// Of pictures: `jpeg`, `png` or `webp`.
    #[serde(default)]
    #[schema(value_type = String)]
    pub format: PictureFormat,
    /// Of pictures: what stays in view. None: the asset's own focal point.
    #[serde(default)]
    pub focus: Option<Point>,
    /// Of pictures: cut by hand instead.
    #[serde(default)]
    pub cut: Option<Area>,
    /// Of pictures: a line in the corner.
    #[serde(default)]
    pub words: String,
    /// Of pictures: a logo in the corner instead, one of those that are offered.
    #[serde(default)]
    pub logo: Option<AssetId>,
    /// Which corner: `top_left`, `top_right`, `bottom_left` or `bottom_right`.
    #[serde(default)]
    #[schema(value_type = String)]
    pub corner: Corner,
    /// Of a document: which page, counted from 1.
    #[serde(default)]
    pub page: Option<u32>,
    /// Of a film: the picture at which second.
    #[serde(default)]
    pub second: Option<u32>,
    /// Of films: captions in this language burnt in. Of captions: those in this language.
    #[serde(default)]
    pub language: Option<String>,
}

/// What it is ordered of.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What the file is.
    pub kind: MediaType,
    /// How long it lasts.
    pub milliseconds: u64,
    /// How many pages it has.
    pub pages: u32,
    /// The point that crops keep.
    pub focus: Point,
    /// The content of the logo that was chosen, if it is one of those offered.
    pub logo: Option<String>,
    /// The content of the captions in the language that was chosen, if there are any.
    pub captions: Option<String>,
}

impl Order {
    /// What is to be made.
    ///
    /// # Errors
    /// Each field that does not fit, with the Fluent id of the reason.
    pub fn wanted(&self, of: &Subject) -> Result<Wanted, Refused> {
        if !self.purpose.fits(of.kind) {
            return Err(vec![("purpose".into(), "rendition-purpose-unfit")]);
        }
        if let Some((width, height)) = self.purpose.picture() {
            return self.picture(of, width, height);
        }
        if let Some(film) = self.purpose.film() {
            return self.film(of, film);
        }
        Ok(match self.purpose.captions() {
            Some(to) => Wanted::Captions { to },
            None => Wanted::Sound {
                kilobits: SOUND_KILOBITS,
            },
        })
    }

    fn picture(&self, of: &Subject, width: u32, height: u32) -> Result<Wanted, Refused> {
        let mut refused = Refused::new();
        let mut refuse = |field: &str, key| refused.push((field.to_owned(), key));
        if self.cut.is_some_and(|cut| !cut.is_inside()) {
            refuse("cut", "rendition-cut-outside");
        }
        if self.words.chars().count() > WORDS || self.words.chars().any(char::is_control) {
            refuse("words", "rendition-words-too-long");
        }
        if self.logo.is_some() && of.logo.is_none() {
            refuse("logo", "rendition-logo-gone");
        }
        if self.page.is_some_and(|page| page == 0 || page > of.pages.max(1)) {
            refuse("page", "rendition-no-such-page");
        }
        if self
            .second
            .is_some_and(|second| u64::from(second) * 1000 >= of.milliseconds.max(1))
        {
            refuse("second", "rendition-no-such-second");
        }
        if !refused.is_empty() {
            return Err(refused);
        }
        let focus = self.focus.unwrap_or(of.focus);
        let frame = match self.cut {
            Some(cut) => Frame::Drawn {
                cut: Cut {
                    left: share(cut.left),
                    top: share(cut.top),
                    width: share(cut.width),
                    height: share(cut.height),
                },
                width,
                height,
            },
            None if self.purpose == Purpose::Web => Frame::Whole { width, height },
            None => Frame::Filled {
                width,
                height,
                focus: Focus {
                    x: share(focus.x),
                    y: share(focus.y),
                },
            },
        };
        let words = self.words.trim();
        let kind = if self.logo.is_some() {
            Some(MarkKind::Logo)
        } else {
            (!words.is_empty()).then(|| MarkKind::Text(words.to_owned()))
        };
        Ok(Wanted::Picture {
            picture: PictureWanted {
                frame,
                format: self.format,
                mark: kind.map(|kind| Mark {
                    kind,
                    corner: self.corner,
                }),
                page: self.page.filter(|_| of.kind == MediaType::Pdf),
                second: self.second.filter(|_| of.milliseconds > 0),
                ..PictureWanted::within(width, height)
            },
            logo: of.logo.clone().filter(|_| self.logo.is_some()),
        })
    }

    fn film(&self, of: &Subject, film: FilmWanted) -> Result<Wanted, Refused> {
        if film
            .max_seconds
            .is_some_and(|most| of.milliseconds.div_ceil(1000) > most)
        {
            return Err(vec![("purpose".into(), "rendition-film-too-long")]);
        }
        if self.language.is_some() && of.captions.is_none() {
            return Err(vec![("language".into(), "rendition-captions-missing")]);
        }
        Ok(Wanted::Film {
            film,
            captions: of.captions.clone().filter(|_| self.language.is_some()),
        })
    }
}

/// Hundredths of a side as the media crate counts them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 10,000 by the clamp"
)]
fn share(hundredths: f32) -> Share {
    Share::new((hundredths.clamp(0.0, 100.0) * 100.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(kind: MediaType) -> Subject {
        Subject {
            kind,
            milliseconds: 150_000,
            pages: 3,
            focus: Point { x: 50.0, y: 50.0 },
            logo: None,
            captions: None,
        }
    }

    fn order(purpose: Purpose) -> Order {
        Order {
            purpose,
            format: PictureFormat::default(),
            focus: None,
            cut: None,
            words: String::new(),
            logo: None,
            corner: Corner::default(),
            page: None,
            second: None,
            language: None,
        }
    }

    fn refused(order: &Order, of: &Subject) -> Vec<&'static str> {
        let refused = order.wanted(of).err().unwrap_or_default();
        refused.into_iter().map(|(_, key)| key).collect()
    }

    #[test]
    fn a_cut_outside_of_the_picture_is_refused() {
        let picture = subject(MediaType::Jpeg);
        let cut = |left, top, width, height| Order {
            cut: Some(Area {
                left,
                top,
                width,
                height,
            }),
            ..order(Purpose::Square)
        };
        assert!(cut(0.0, 0.0, 100.0, 100.0).wanted(&picture).is_ok());
        for outside in [
            cut(60.0, 0.0, 50.0, 50.0),
            cut(-1.0, 0.0, 50.0, 50.0),
            cut(0.0, 0.0, 0.0, 50.0),
            cut(0.0, 0.0, f32::NAN, 50.0),
            cut(0.0, 0.0, 50.0, f32::INFINITY),
        ] {
            assert_eq!(
                refused(&outside, &picture),
                ["rendition-cut-outside"],
                "{outside:?}"
            );
        }
    }

    #[test]
    fn what_is_not_there_is_named() {
        let film = subject(MediaType::Mp4);
        let with_captions = Order {
            language: Some("lo".into()),
            ..order(Purpose::FilmWeb)
        };
        assert_eq!(refused(&with_captions, &film), ["rendition-captions-missing"]);
        assert_eq!(
            refused(&order(Purpose::FilmX), &film),
            ["rendition-film-too-long"]
        );
        let late = Order {
            second: Some(150),
            ..order(Purpose::Web)
        };
        assert_eq!(refused(&late, &film), ["rendition-no-such-second"]);
        let page = Order {
            page: Some(4),
            logo: Some(AssetId(uuid::Uuid::nil())),
            words: "x".repeat(81),
            ..order(Purpose::Web)
        };
        assert_eq!(
            refused(&page, &subject(MediaType::Pdf)),
            [
                "rendition-words-too-long",
                "rendition-logo-gone",
                "rendition-no-such-page"
            ]
        );
        assert_eq!(
            refused(&order(Purpose::FilmWeb), &subject(MediaType::Jpeg)),
            ["rendition-purpose-unfit"]
        );
    }

    #[test]
    fn only_all_of_a_picture_is_plain() {
        let picture = subject(MediaType::Jpeg);
        let plain = |order: &Order| order.wanted(&picture).is_ok_and(|wanted| wanted.is_plain());
        assert!(plain(&order(Purpose::Web)));
        assert!(!plain(&order(Purpose::Square)));
        assert!(!plain(&Order {
            words: "Đại sứ quán".into(),
            ..order(Purpose::Web)
        }));
        assert_eq!(
            order(Purpose::Web).wanted(&picture),
            Ok(Wanted::within(crate::model::WEB))
        );
    }
}
