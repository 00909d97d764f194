//! What is looked at before a text goes out: the same code for who writes it and for who sends it.
//!
//! The calendar asks at every save, the publisher again before it prepares. Everything here is a pure function of what
//! it is given: no database, no clock, no network. What a finding means for an item (whether it blocks, which field it
//! points at, its sentence) is the caller's business.
//!
//! - [`Capabilities`], [`Limits`] and [`Meter`]: what each platform takes, and how a text is counted against it.
//! - [`marking`] and [`marked_name`]: marks of state secrecy, which are never taken in.
//! - [`Text`] and [`Phrase`]: words of a list found in a text, as written or without diacritics.
//! - [`misnamed`]: listed names and titles that are written otherwise than approved.
//! - [`holds`]: whether a text has a passage word for word.
//! - [`links`] and [`fingerprint`]: addresses in a text, and what two texts have in common when they are the same.

mod fingerprint;
mod limits;
mod links;
mod marking;
mod names;
mod phrases;
mod platforms;

pub use fingerprint::{Fingerprint, fingerprint};
pub use limits::{Breach, Limits, Meter, as_sent};
pub use links::{links, replace_links};
pub use marking::{Level, marked_name, marking};
pub use names::{Avoid, Misnamed, Name, holds, misnamed};
pub use phrases::{Phrase, Text, key, plain_words};
pub use platforms::{
    BLUESKY, Capabilities, Fact, ImageLimits, PRESS_ROOM, Removal, Revision, TextLimits, capabilities,
};
