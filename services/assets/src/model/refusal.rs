//! Why an asset may not be used, as `assets.refusal` says it.

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Why an asset may not be used. The first that applies, in this order.
    Refusal {
        /// There is no such asset.
        Gone = "gone",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// No steward has published it.
        NotPublished = "not_published",
        /// Not before its embargo ends.
        Embargo = "embargo",
        /// The right begins later.
        NotStarted = "not_started",
        /// The right has ended.
        Ended = "ended",
        /// Not in the country where the unit works.
        Territory = "territory",
        /// It stays in the house.
        InternalOnly = "internal_only",
        /// Nobody has said by which right.
        Licence = "licence",
        /// Those who are shown have not agreed.
        Consent = "consent",
        /// Not on this channel.
        Channel = "channel",
    }
}

impl Refusal {
    /// The Fluent id of a sentence for people.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gone => "assets-refusal-gone",
            Self::Withdrawn => "assets-refusal-withdrawn",
            Self::NotPublished => "assets-refusal-not_published",
            Self::Embargo => "assets-refusal-embargo",
            Self::NotStarted => "assets-refusal-not_started",
            Self::Ended => "assets-refusal-ended",
            Self::Territory => "assets-refusal-territory",
            Self::InternalOnly => "assets-refusal-internal_only",
            Self::Licence => "assets-refusal-licence",
            Self::Consent => "assets-refusal-consent",
            Self::Channel => "assets-refusal-channel",
        }
    }
}
