//! What can be taken down or corrected, and what the public sees then.

use chancery_contracts::Platform;
use chancery_contracts::publisher::{DeliveryStatus, WithdrawalStatus};
use chancery_preflight::{Removal, Revision, capabilities};

/// What the public sees in place of what was taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// A page at the same address that says so, with a note.
    Notice,
    /// Nothing: it is gone.
    Nothing,
    /// Nothing, once a person has deleted it there.
    ByHand,
    /// The post itself: nobody can take it down.
    Still,
}

impl Removed {
    /// The word at the end of Fluent ids.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Nothing => "nothing",
            Self::ByHand => "by_hand",
            Self::Still => "still",
        }
    }
}

/// What the public sees on a platform.
#[must_use]
pub fn removed(platform: Platform) -> Removed {
    match (platform, capabilities(platform).removal.value) {
        (Platform::PressRoom, _) => Removed::Notice,
        (_, Removal::ByUs) => Removed::Nothing,
        (_, Removal::ByHand) => Removed::ByHand,
        (_, Removal::Never) => Removed::Still,
    }
}

/// How a platform lets what is out be corrected.
#[must_use]
pub fn revision(platform: Platform) -> Revision {
    capabilities(platform).revision.value
}

/// Whether a delivery is out, or may be, and nobody is taking it down already.
#[must_use]
pub const fn may_be_taken_down(status: DeliveryStatus, withdrawal: Option<WithdrawalStatus>) -> bool {
    use WithdrawalStatus::{Impossible, NeedsPerson, Void};
    let may_be_out = matches!(
        status,
        DeliveryStatus::Published
            | DeliveryStatus::Publishing
            | DeliveryStatus::Unknown
            | DeliveryStatus::NeedsPerson
    );
    may_be_out && matches!(withdrawal, None | Some(Void | NeedsPerson | Impossible))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_or_going_is_not_taken_down_again() {
        for status in [DeliveryStatus::Published, DeliveryStatus::Unknown] {
            assert!(may_be_taken_down(status, None));
            assert!(may_be_taken_down(status, Some(WithdrawalStatus::NeedsPerson)));
            for going in [
                WithdrawalStatus::Requested,
                WithdrawalStatus::Withdrawing,
                WithdrawalStatus::Withdrawn,
            ] {
                assert!(!may_be_taken_down(status, Some(going)), "{going:?}");
            }
        }
        assert!(!may_be_taken_down(DeliveryStatus::Waiting, None));
    }

    #[test]
    fn a_press_room_says_so_and_a_post_is_gone() {
        assert_eq!(removed(Platform::PressRoom), Removed::Notice);
        assert_eq!(removed(Platform::Bluesky), Removed::Nothing);
    }
}
