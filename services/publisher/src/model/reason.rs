use serde::{Deserialize, Serialize};

/// Why a delivery stands where it stands: a stable code that pages translate (`delivery-reason-…`), and the exact
/// words of the platform or of ours where there are any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// One of [`code`], or a connector's own code.
    pub code: String,
    /// Details in the words of whoever said so; never a secret.
    pub detail: Option<String>,
}

impl Reason {
    /// A reason that needs no more words.
    #[must_use]
    pub fn code(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            detail: None,
        }
    }

    /// A reason with details.
    #[must_use]
    pub fn with(code: &str, detail: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            detail: Some(detail.into()),
        }
    }
}

/// Our own reasons.
pub mod code {
    /// A stop covers it.
    pub const STOP: &str = "stop";
    /// It came due while everything was stopped after a restore.
    pub const RESTORE: &str = "restore";
    /// Its account is switched off.
    pub const ACCOUNT_DISABLED: &str = "account-disabled";
    /// Its account must be connected again.
    pub const REAUTH: &str = "reauth";
    /// No connector of this build speaks its platform.
    pub const NO_CONNECTOR: &str = "no-connector";
    /// A later version was approved meanwhile.
    pub const NEWER_VERSION: &str = "newer-version";
    /// The calendar withdrew the order.
    pub const CANCELLED: &str = "cancelled";
    /// The account is not in the new version.
    pub const DROPPED: &str = "dropped";
    /// A person decided that a held one is not to go out.
    pub const DROPPED_BY_PERSON: &str = "dropped-by-person";
    /// The approval does not stand any more: see the detail.
    pub const NOT_STANDING: &str = "not-standing";
    /// The library does not allow a picture to be used here.
    pub const ASSET: &str = "asset";
    /// The moment passed.
    pub const TOO_LATE: &str = "too-late";
    /// The worker went silent after the permit.
    pub const SILENT: &str = "silent";
    /// The platform's answer does not say what happened.
    pub const NO_CLEAR_ANSWER: &str = "no-clear-answer";
    /// Accepted by the platform, not yet out.
    pub const PROCESSING: &str = "processing";
    /// Something else stands under our key.
    pub const OTHER_CONTENT: &str = "other-content";
    /// Not found, and sending again could double it.
    pub const NOT_REPEATABLE: &str = "not-repeatable";
    /// Looked for several times without an answer.
    pub const CANNOT_LOOK: &str = "cannot-look";
    /// A person looked and says that it is not out.
    pub const PERSON_SAYS_ABSENT: &str = "person-says-absent";
    /// A fault that may pass.
    pub const TRY_AGAIN: &str = "try-again";
    /// The platform asked to wait.
    pub const RATE_LIMITED: &str = "rate-limited";
    /// Somebody asked to take it down before it was out.
    pub const TAKEN_DOWN: &str = "taken-down";
    /// The platform could not be brought to take it down.
    pub const TAKE_DOWN_FAILED: &str = "take-down-failed";
    /// Only a person can take something down on this platform.
    pub const BY_HAND: &str = "by-hand";
    /// The platform lets nobody take anything down.
    pub const NO_TAKING_DOWN: &str = "no-taking-down";
    /// It is out, and the platform's id of it was never learned.
    pub const NO_RECEIPT: &str = "no-receipt";
    /// Waits until it is known where the delivery is.
    pub const OUTCOME_OPEN: &str = "outcome-open";
}

/// Every code that has a sentence: ours, and those of limits that connectors check.
pub const REASONS: [&str; 34] = {
    use code as c;
    [
        c::STOP,
        c::RESTORE,
        c::ACCOUNT_DISABLED,
        c::REAUTH,
        c::NO_CONNECTOR,
        c::NEWER_VERSION,
        c::CANCELLED,
        c::DROPPED,
        c::DROPPED_BY_PERSON,
        c::NOT_STANDING,
        c::ASSET,
        c::TOO_LATE,
        c::SILENT,
        c::NO_CLEAR_ANSWER,
        c::PROCESSING,
        c::OTHER_CONTENT,
        c::NOT_REPEATABLE,
        c::CANNOT_LOOK,
        c::PERSON_SAYS_ABSENT,
        c::TRY_AGAIN,
        c::RATE_LIMITED,
        c::TAKEN_DOWN,
        c::TAKE_DOWN_FAILED,
        c::BY_HAND,
        c::NO_TAKING_DOWN,
        c::NO_RECEIPT,
        c::OUTCOME_OPEN,
        "text-empty",
        "text-too-long",
        "text-too-many-bytes",
        "images-too-many",
        "image-missing",
        "image-too-large",
        "image-type",
    ]
};
