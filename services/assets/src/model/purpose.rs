//! For what renditions are made, and within which limits. What platforms take was read from their documentation in
//! November 2026; a limit that nobody confirmed is not here.

use chancery_contracts::vocabulary;
use chancery_media::{FilmWanted, Kind, MediaType};
use serde::{Deserialize, Serialize};

vocabulary! {
    /// For what a rendition is made. The words end Fluent ids: `rendition-purpose-web`.
    Purpose {
        /// The whole picture, for pages.
        Web = "web",
        /// Beside a link: 1.91:1.
        Card = "card",
        /// 16:9.
        Wide = "wide",
        /// 1:1.
        Square = "square",
        /// 4:5.
        Portrait = "portrait",
        /// 9:16.
        Story = "story",
        /// A film for a poor line.
        FilmSmall = "film_small",
        /// A film for pages.
        FilmWeb = "film_web",
        /// A film for YouTube, Facebook and screens.
        FilmFull = "film_full",
        /// A film for X.
        FilmX = "film_x",
        /// A film for Instagram.
        FilmInstagram = "film_instagram",
        /// A film for TikTok.
        FilmTiktok = "film_tiktok",
        /// A film for Bluesky.
        FilmBluesky = "film_bluesky",
        /// A film for Mastodon.
        FilmMastodon = "film_mastodon",
        /// A film for Telegram.
        FilmTelegram = "film_telegram",
        /// A film for Zalo.
        FilmZalo = "film_zalo",
        /// The sound alone.
        Sound = "sound",
        /// Captions as editors want them.
        Srt = "srt",
        /// Captions as browsers want them.
        Vtt = "vtt",
    }
}

/// Enough for speech and music on every platform.
pub(super) const SOUND_KILOBITS: u32 = 128;

impl Purpose {
    /// The box of a picture.
    #[must_use]
    pub const fn picture(self) -> Option<(u32, u32)> {
        match self {
            Self::Web => Some((super::WEB, super::WEB)),
            Self::Card => Some((1200, 630)),
            Self::Wide => Some((1600, 900)),
            Self::Square => Some((1080, 1080)),
            Self::Portrait => Some((1080, 1350)),
            Self::Story => Some((1080, 1920)),
            _ => None,
        }
    }

    /// The limits of a film.
    #[must_use]
    pub const fn film(self) -> Option<FilmWanted> {
        let within = FilmWanted::within;
        Some(match self {
            Self::FilmSmall => FilmWanted {
                max_frame_rate: Some(25),
                max_kilobits: Some(500),
                ..within(640, 640)
            },
            Self::FilmWeb => FilmWanted {
                max_kilobits: Some(2_500),
                ..within(1280, 1280)
            },
            Self::FilmFull => within(1920, 1920),
            Self::FilmX => FilmWanted {
                max_bytes: Some(512_000_000),
                max_seconds: Some(140),
                max_frame_rate: Some(60),
                ..within(1280, 1024)
            },
            Self::FilmInstagram => FilmWanted {
                max_bytes: Some(1_000_000_000),
                max_seconds: Some(900),
                max_frame_rate: Some(60),
                ..within(1920, 1920)
            },
            Self::FilmTiktok => FilmWanted {
                max_bytes: Some(4_000_000_000),
                ..within(1920, 1920)
            },
            Self::FilmBluesky => FilmWanted {
                max_bytes: Some(300_000_000),
                ..within(1920, 1920)
            },
            Self::FilmMastodon => FilmWanted {
                max_bytes: Some(99_000_000),
                ..within(1920, 1920)
            },
            Self::FilmTelegram | Self::FilmZalo => FilmWanted {
                max_bytes: Some(50_000_000),
                ..within(1280, 1280)
            },
            _ => return None,
        })
    }

    /// The format of captions.
    #[must_use]
    pub const fn captions(self) -> Option<MediaType> {
        match self {
            Self::Srt => Some(MediaType::Srt),
            Self::Vtt => Some(MediaType::Vtt),
            _ => None,
        }
    }

    /// Whether it can be made of such a file.
    #[must_use]
    pub const fn fits(self, kind: MediaType) -> bool {
        match (kind.kind(), self) {
            (Kind::Picture, _) => self.picture().is_some(),
            (Kind::Film, Self::Sound) => true,
            (Kind::Film, _) => self.picture().is_some() || self.film().is_some(),
            // The course of a sound is seen whole or not at all.
            (Kind::Audio, _) => matches!(self, Self::Web | Self::Sound),
            (Kind::Document, _) => matches!(kind, MediaType::Pdf) && self.picture().is_some(),
            (Kind::Captions, _) => self.captions().is_some(),
            (Kind::Archive, _) => false,
        }
    }
}
