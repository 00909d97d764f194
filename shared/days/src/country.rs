use std::fmt;
use std::str::FromStr;

use crate::{DaysError, table};

/// A country whose days are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(pub(crate) &'static str);

impl Country {
    /// Viet Nam.
    pub const VIET_NAM: Self = Self("VN");

    /// Every country, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        table::countries().chain([Self::VIET_NAM])
    }

    /// ISO 3166-1 alpha-2.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }
}

impl FromStr for Country {
    type Err = DaysError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::all()
            .find(|country| country.0 == code)
            .ok_or_else(|| DaysError::Country(code.to_owned()))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
