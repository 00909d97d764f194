//! What services say to each other: identifiers, the canonical edition, and every command and event as a versioned
//! type. No logic beyond the canonical form of an edition, which both sides of an approval must compute alike.
//!
//! A *command* asks one service to do something; an *event* tells every subscriber that something is true. Both are
//! put on the queue in the transaction that made them true and are handled at least once, in any order. A consumer
//! accepts a message's version and the one before it.
//!
//! To add a message: write the struct in the producer's module, implement [`Command`] or [`Event`] for it with
//! [`command!`] or [`event!`], and list it in [`catalogue()`].

pub mod assets;
pub mod calendar;
mod catalogue;
mod edition;
mod envelope;
pub mod identity;
pub mod ids;
pub mod publisher;
mod service;
mod vocabulary;

pub use catalogue::{MessageInfo, MessageKind, catalogue};
pub use edition::{Edition, EditionHash, EditionImage, EditionVariant};
pub use envelope::{Command, Envelope, Event, Message, Origin};
pub use service::Service;
pub use vocabulary::{Platform, Release, Topic, UnknownWord, WithdrawalReason};
