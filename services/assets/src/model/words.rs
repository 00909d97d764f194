//! The closed lists of the library. Their words end Fluent ids: `asset-kind-picture`.

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// What sort of thing an asset is.
    Kind {
        /// Nobody has looked inside yet.
        Unknown = "unknown",
        /// A photograph, a drawing, an infographic.
        Picture = "picture",
        /// Moving pictures.
        Film = "film",
        /// Sound.
        Audio = "audio",
        /// Pages.
        Document = "document",
        /// Captions by themselves.
        Captions = "captions",
    }
}

vocabulary! {
    /// How far an asset has come.
    State {
        /// Being described by its unit.
        Draft = "draft",
        /// Waits for a steward.
        InReview = "in_review",
        /// Came back, with a reason.
        Returned = "returned",
        /// Can be found.
        Published = "published",
        /// Taken back, with a reason.
        Withdrawn = "withdrawn",
    }
}

vocabulary! {
    /// What a file is to its asset.
    FileRole {
        /// As it arrived.
        Original = "original",
        /// What is given out: without location and device, with title and credit inside.
        Clean = "clean",
        /// With subtitles in the picture.
        Subtitled = "subtitled",
        /// For who goes on working on it: layers, project files.
        Source = "source",
        /// Captions beside a film.
        Captions = "captions",
        /// The consent or release of who is shown.
        Consent = "consent",
    }
}

vocabulary! {
    /// By which right an asset is used.
    Licence {
        /// Nobody has said.
        Unknown = "unknown",
        /// The state's own.
        Owned = "owned",
        /// Nobody's.
        PublicDomain = "public_domain",
        /// Creative Commons: with attribution.
        CcBy = "cc_by",
        /// Creative Commons: with attribution, under the same licence.
        CcBySa = "cc_by_sa",
        /// Supplied by a press agency.
        Agency = "agency",
        /// Licensed for a purpose; the note says which.
        Licensed = "licensed",
    }
}

vocabulary! {
    /// Whether those who are shown agree.
    Consent {
        /// Nobody can be recognised, or it was a public occasion.
        NotNeeded = "not_needed",
        /// It is attached.
        Given = "given",
        /// It is needed and not there: nothing of it may go to the public.
        Missing = "missing",
    }
}

vocabulary! {
    /// The two sorts of collections.
    CollectionKind {
        /// Assets that belong together.
        Collection = "collection",
        /// With guidance, for missions to adopt.
        Kit = "kit",
    }
}
