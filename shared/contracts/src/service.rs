use std::fmt;
use std::str::FromStr;

/// The services of the house. Each owns one schema, named as the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Units, people, roles, sign-in, tokens, audit trail, notifications.
    Identity,
    /// The library of pictures, films, sound and documents.
    Assets,
    /// Campaigns, items, approvals.
    Calendar,
    /// The public press room of each mission.
    Newsroom,
    /// Accounts, connectors, deliveries, stops.
    Publisher,
}

impl Service {
    /// Every service, in the order in which their schemas are migrated: each refers only to those before it.
    pub const ALL: [Self; 5] = [
        Self::Identity,
        Self::Assets,
        Self::Calendar,
        Self::Newsroom,
        Self::Publisher,
    ];

    /// The service's name on the command line, of its schema, and after the prefix of its login role.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Assets => "assets",
            Self::Calendar => "calendar",
            Self::Newsroom => "newsroom",
            Self::Publisher => "publisher",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not one of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no service “{0}”; the services are identity, assets, calendar, newsroom, publisher")]
pub struct UnknownService(String);

impl FromStr for Service {
    type Err = UnknownService;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|service| service.name() == name)
            .ok_or_else(|| UnknownService(name.to_owned()))
    }
}
