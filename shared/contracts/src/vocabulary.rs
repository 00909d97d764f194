use serde::{Deserialize, Serialize};

/// A closed list of words as an enum: in JSON, in SQL (`as_str`, `parse`) and at the end of Fluent ids.
#[macro_export]
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$member_doc])* #[serde(rename = $text)] $member,)*
        }

        impl $name {
            /// Every member, in the order in which people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$member),*];

            /// The word in the database, in JSON and at the end of Fluent ids.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $text),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
                    .ok_or_else(|| $crate::UnknownWord(text.to_owned()))
            }
        }
    };
}

/// A word that is not in its vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a known word here")]
pub struct UnknownWord(pub String);

vocabulary! {
    /// What an item is about. Policy attaches approval steps to topics, and a stop may name one.
    Topic {
        /// Everyday work: culture, education, receptions.
        General = "general",
        /// Bilateral relations.
        Bilateral = "bilateral",
        /// Trade, investment, tourism.
        Economy = "economy",
        /// Culture and heritage.
        Culture = "culture",
        /// Services and notices to citizens.
        Consular = "consular",
        /// Accidents, disasters, evacuations.
        ConsularEmergency = "consular_emergency",
        /// Visits of leaders.
        HighLevelVisit = "high_level_visit",
        /// Sovereignty and territory.
        Sovereignty = "sovereignty",
        /// Human rights.
        HumanRights = "human_rights",
    }
}

vocabulary! {
    /// Where an account lives.
    Platform {
        /// The mission's own public press room in this product.
        PressRoom = "press_room",
        /// Bluesky, or any other PDS of the AT Protocol.
        Bluesky = "bluesky",
    }
}

vocabulary! {
    /// How what is approved goes out.
    #[derive(Default)]
    Release {
        /// By itself, when its wall shows its time.
        #[default]
        AtTime = "at_time",
        /// When a person gives the word, from its time on until its window ends.
        OnCommand = "on_command",
    }
}

vocabulary! {
    /// Why something that is out is taken down. The public reads a sentence of each; what else it sees is the press
    /// room's to say.
    WithdrawalReason {
        /// It should never have gone out.
        PublishedInError = "published_in_error",
        /// Something newer has taken its place.
        Superseded = "superseded",
        /// The rights to something in it have ended.
        RightsEnded = "rights_ended",
        /// It must not be seen any more, not even its headline.
        Sensitive = "sensitive",
        /// It says what is not so.
        WrongFacts = "wrong_facts",
        /// Anything else.
        Other = "other",
    }
}
