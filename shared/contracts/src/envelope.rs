use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::Service;
use crate::ids::{MessageId, PersonId, UnitId};

/// Anything that travels on the queue.
pub trait Message: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `owner.name`, unique: `publisher.publish_order`.
    const KIND: &'static str;
    /// The version written today. Handlers accept this one and the one before.
    const VERSION: u16;
    /// Who may put it on the queue.
    const PRODUCERS: &'static [Service];
    /// Who receives it: one service for a command, any number for an event.
    const CONSUMERS: &'static [Service];
}

/// A message that asks its one handler to do something.
pub trait Command: Message {
    /// The one service that handles it.
    const HANDLER: Service;
}

/// A message that tells what is true now.
pub trait Event: Message {
    /// Everyone who wants to know.
    const SUBSCRIBERS: &'static [Service];
}

/// What is known of a message besides its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The message's own id. An event keeps one id for all its subscribers.
    pub id: MessageId,
    /// See [`Message::KIND`].
    pub kind: String,
    /// See [`Message::VERSION`].
    pub version: u16,
    /// When it became true, in UTC.
    pub occurred_at: DateTime<Utc>,
    /// Who caused it.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where a message comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The person who acted; none for the system itself.
    pub actor: Option<PersonId>,
    /// The unit it concerns; a pause by scope looks at this.
    pub unit: Option<UnitId>,
    /// The message whose handling caused this one.
    pub causation: Option<Uuid>,
    /// W3C `traceparent` of the request or job that caused it.
    pub trace: Option<String>,
}

/// Implements [`Message`] and [`Command`]: `command!(Type, "kind", version, producers => handler)`.
#[macro_export]
macro_rules! command {
    ($type:ty, $kind:literal, $version:literal, [$($producer:ident),*] => $handler:ident) => {
        impl $crate::Message for $type {
            const KIND: &'static str = $kind;
            const VERSION: u16 = $version;
            const PRODUCERS: &'static [$crate::Service] = &[$($crate::Service::$producer),*];
            const CONSUMERS: &'static [$crate::Service] = &[$crate::Service::$handler];
        }
        impl $crate::Command for $type {
            const HANDLER: $crate::Service = $crate::Service::$handler;
        }
    };
}

/// Implements [`Message`] and [`Event`]: `event!(Type, "kind", version, producers => [subscribers])`.
#[macro_export]
macro_rules! event {
    ($type:ty, $kind:literal, $version:literal, [$($producer:ident),*] => [$($subscriber:ident),*]) => {
        impl $crate::Message for $type {
            const KIND: &'static str = $kind;
            const VERSION: u16 = $version;
            const PRODUCERS: &'static [$crate::Service] = &[$($crate::Service::$producer),*];
            const CONSUMERS: &'static [$crate::Service] = &[$($crate::Service::$subscriber),*];
        }
        impl $crate::Event for $type {
            const SUBSCRIBERS: &'static [$crate::Service] = &[$($crate::Service::$subscriber),*];
        }
    };
}
