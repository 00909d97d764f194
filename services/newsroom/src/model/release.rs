use chancery_contracts::WithdrawalReason;
use chancery_contracts::ids::{DeliveryId, ItemId, UnitId};
use chrono::{DateTime, Utc};

/// One release as it stands on the press room.
#[derive(Debug, Clone)]
pub struct Release {
    /// The delivery that put it there.
    pub id: DeliveryId,
    /// The item it was made from; shared by its other languages.
    pub item: ItemId,
    /// Who speaks.
    pub unit: UnitId,
    /// BCP 47.
    pub language: String,
    /// The headline. Empty once withdrawn for a reason that hides it too.
    pub title: String,
    /// The text; paragraphs are separated by an empty line. Empty once withdrawn: nothing of it leaves the store.
    pub body: String,
    /// What it is about, for the label above the headline.
    pub topic: Option<String>,
    /// The stable address on this site.
    pub path: String,
    /// When it went out.
    pub published_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whether it stands.
    pub standing: Standing,
    /// Its pictures, in order.
    pub images: Vec<Image>,
    /// What was corrected in it, the first correction first.
    pub corrections: Vec<Correction>,
}

/// What the public is told of a correction. What stood there before is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in words for the public.
    pub note: String,
}

/// Whether a release may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Public,
    /// It was taken down.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
        /// Why; none for what was withdrawn before reasons were a closed list.
        cause: Option<WithdrawalReason>,
        /// What there is to add, in words for the public.
        reason: String,
    },
}

impl Standing {
    /// Whether the headline is shown: what is sensitive goes with it.
    #[must_use]
    pub fn shows_title(&self) -> bool {
        !matches!(
            self,
            Self::Withdrawn {
                cause: Some(WithdrawalReason::Sensitive),
                ..
            }
        )
    }
}

/// A picture of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Which object of the store.
    pub sha256: String,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// `image/jpeg`, …
    pub mime: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
}

impl Image {
    /// Its address.
    #[must_use]
    pub fn path(&self) -> String {
        let extension = match self.mime.as_str() {
            "image/png" => "png",
            "image/webp" => "webp",
            _ => "jpg",
        };
        format!("/press/images/{}.{extension}", self.sha256)
    }

    /// The address of a copy that is no wider than this many pixels.
    #[must_use]
    pub fn narrow_path(&self, width: u32) -> String {
        format!("/press/images/{}-{width}.jpg", self.sha256)
    }
}

/// The same item in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    /// BCP 47.
    pub language: String,
    /// Its address on this site.
    pub path: String,
}
