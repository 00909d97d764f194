//! Identifiers as types, so that an item's id can't be passed where an account's is meant. All are UUID version 7,
//! made by `chancery_clock::Clock::new_id`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[derive(utoipa::ToSchema)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A node of the organisation: the ministry, a department, a desk, a mission.
    UnitId;
    /// A person who signs in.
    PersonId;
    /// A campaign of a unit.
    CampaignId;
    /// One thing to go out.
    ItemId;
    /// A text that headquarters sends to missions.
    ModelId;
    /// An official account of a unit on a platform.
    AccountId;
    /// One tracked publication of a variant.
    DeliveryId;
    /// An order to stop sending.
    StopId;
    /// A picture, film, sound or document of the library.
    AssetId;
    /// An ordered set of assets, or a kit.
    CollectionId;
    /// A link by which people outside see a collection.
    ShareId;
    /// A message on the queue.
    MessageId;
}
