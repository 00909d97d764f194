//! Which files an asset may have, and of what they must be.

use chancery_media::Kind as FileKind;

use super::{FileRole, Kind, State};

/// Whether somebody who looks after an asset may change it in this state: a contributor until it is published, a steward
/// always.
///
/// # Errors
/// The Fluent id of why not.
pub const fn may_edit(steward: bool, state: State) -> Result<(), &'static str> {
    if steward || matches!(state, State::Draft | State::Returned) {
        Ok(())
    } else {
        Err("assets-not-yours-now")
    }
}

impl FileRole {
    /// In which roles people put files beside an asset of this kind. While nobody knows what it is, only a better original.
    #[must_use]
    pub const fn beside(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Unknown => &[Self::Original],
            Kind::Picture | Kind::Document => &[Self::Original, Self::Source, Self::Consent],
            Kind::Film => &[
                Self::Original,
                Self::Captions,
                Self::Subtitled,
                Self::Source,
                Self::Consent,
            ],
            Kind::Audio => &[Self::Original, Self::Captions, Self::Source, Self::Consent],
            Kind::Captions => &[Self::Original, Self::Source],
        }
    }

    /// Whether there is one for each language.
    #[must_use]
    pub const fn has_language(self) -> bool {
        matches!(self, Self::Captions | Self::Subtitled)
    }

    /// Whether people who use the asset notice when another stands in its place.
    #[must_use]
    pub const fn is_noticed(self) -> bool {
        matches!(self, Self::Original | Self::Subtitled | Self::Captions)
    }

    /// Why a file of this kind cannot have this role beside such an asset: a Fluent id; none when it can.
    #[must_use]
    pub fn misfit(self, file: FileKind, asset: Kind) -> Option<&'static str> {
        let fits = match self {
            Self::Original => asset == Kind::Unknown || file.as_str() == asset.as_str(),
            Self::Captions => file == FileKind::Captions,
            Self::Subtitled => file == FileKind::Film,
            Self::Consent => matches!(file, FileKind::Document | FileKind::Picture),
            Self::Source | Self::Clean => true,
        };
        (!fits).then_some(match self {
            Self::Captions => "parts-refused-captions",
            Self::Subtitled => "parts-refused-subtitled",
            Self::Consent => "parts-refused-consent",
            _ => "parts-refused-original",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contributor_changes_an_asset_until_it_is_published() {
        for state in [State::InReview, State::Published, State::Withdrawn] {
            assert_eq!(may_edit(false, state), Err("assets-not-yours-now"));
            assert_eq!(may_edit(true, state), Ok(()));
        }
        for state in [State::Draft, State::Returned] {
            assert_eq!(may_edit(false, state), Ok(()));
        }
    }

    #[test]
    fn a_file_is_what_its_role_needs() {
        let fits = |role: FileRole, file, asset| role.misfit(file, asset).is_none();
        assert!(fits(FileRole::Original, FileKind::Picture, Kind::Picture));
        assert!(fits(FileRole::Original, FileKind::Film, Kind::Unknown));
        assert_eq!(
            FileRole::Original.misfit(FileKind::Film, Kind::Picture),
            Some("parts-refused-original")
        );
        assert!(fits(FileRole::Captions, FileKind::Captions, Kind::Film));
        assert!(!fits(FileRole::Captions, FileKind::Document, Kind::Film));
        assert!(fits(FileRole::Consent, FileKind::Picture, Kind::Film));
        assert!(!fits(FileRole::Consent, FileKind::Film, Kind::Film));
        assert!(fits(FileRole::Source, FileKind::Archive, Kind::Picture));
    }
}
