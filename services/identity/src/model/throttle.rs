//! Slowing down guessing: a leaky bucket (generic cell rate algorithm) for each account name, address and second
//! factor. The database keeps one instant a bucket, at which it is empty again; this file says how large buckets are.

use chrono::TimeDelta;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Tries for one sign-in name, whether or not it exists.
    Account,
    /// Tries from one network address; whole missions share one.
    Address,
    /// Second-factor codes tried for one person: a million codes, so few tries.
    Code,
}

impl Bucket {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::Code => "code",
        }
    }

    /// How many tries fit at once.
    #[must_use]
    pub const fn burst(self) -> i32 {
        match self {
            Self::Account => 8,
            Self::Address => 40,
            Self::Code => 5,
        }
    }

    /// How long until one more is allowed.
    #[must_use]
    pub const fn refill(self) -> TimeDelta {
        match self {
            Self::Account | Self::Code => TimeDelta::minutes(2),
            Self::Address => TimeDelta::seconds(15),
        }
    }
}
