//! What can be made of a file, in terms that the queue and the database keep.

use chancery_media::{FilmWanted, Frame, Kind, MediaType, PictureWanted};
use serde::{Deserialize, Serialize};

/// The widths in which previews are made, the smallest first.
pub const PREVIEWS: [u32; 3] = [240, 480, 1200];

/// The longest side of the picture that other services take, in pixels.
pub const WEB: u32 = 1600;

/// What is to be made. As JSON it is a rendition's `spec`: the same words are the same rendition, so names and order of
/// the fields stay as they are. Files beside the source are named by the hash of their content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "make", rename_all = "snake_case")]
pub enum Wanted {
    /// A picture: of a picture, of a moment of a film, of a page, of the course of a sound.
    Picture {
        /// Which part, how large, in which format.
        picture: PictureWanted,
        /// The logo in its corner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        logo: Option<String>,
    },
    /// A film within the limits of a platform.
    Film {
        /// The limits.
        film: FilmWanted,
        /// Captions burnt into the picture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        captions: Option<String>,
    },
    /// The sound alone, as MP3.
    Sound {
        /// Thousand bits a second.
        kilobits: u32,
    },
    /// Captions in another format.
    Captions {
        /// Which.
        to: MediaType,
    },
}

impl Wanted {
    /// The whole picture in a square of this side.
    #[must_use]
    pub const fn within(side: u32) -> Self {
        Self::Picture {
            picture: PictureWanted::within(side, side),
            logo: None,
        }
    }

    /// What the library's own pages play: small enough for the poor line of a mission.
    #[must_use]
    pub const fn player(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Film => Some(Self::Film {
                film: FilmWanted {
                    max_frame_rate: Some(30),
                    max_kilobits: Some(1_000),
                    ..FilmWanted::within(854, 854)
                },
                captions: None,
            }),
            Kind::Audio => Some(Self::Sound { kilobits: 96 }),
            _ => None,
        }
    }

    /// Its name in the database.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn spec(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Whether it is all of the picture and nothing but it.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        match self {
            Self::Picture { picture, .. } => {
                matches!(picture.frame, Frame::Whole { .. })
                    && picture.mark.is_none()
                    && picture.page.is_none()
                    && picture.second.is_none()
            }
            _ => false,
        }
    }

    /// Of those that are named so, one is made at a time: a film takes minutes to hours, and pictures must not wait for it.
    #[must_use]
    pub const fn lane(&self) -> Option<&'static str> {
        match self {
            Self::Film { .. } => Some("film"),
            _ => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_rendition_does_not_change() {
        let names = [
            (
                Wanted::within(WEB),
                r#"{"make":"picture","picture":{"frame":{"kind":"whole","width":1600,"height":1600},"format":"jpeg"}}"#,
            ),
            (
                Wanted::player(Kind::Film).unwrap(),
                r#"{"make":"film","film":{"width":854,"height":854,"max_frame_rate":30,"max_kilobits":1000}}"#,
            ),
            (
                Wanted::player(Kind::Audio).unwrap(),
                r#"{"make":"sound","kilobits":96}"#,
            ),
            (
                Wanted::Captions { to: MediaType::Vtt },
                r#"{"make":"captions","to":"vtt"}"#,
            ),
        ];
        for (wanted, name) in names {
            assert_eq!(wanted.spec().unwrap(), name);
            assert_eq!(serde_json::from_str::<Wanted>(name).unwrap(), wanted);
        }
    }
}
