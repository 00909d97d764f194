//! What the library knows as types, pure.

mod completeness;
mod details;
mod name;
mod parts;
mod patch;
mod refusal;
mod rights;
mod topics;
mod words;

pub use completeness::{Lack, lacking};
pub use details::{Details, Refused, Text, language_tag};
pub use name::clean_name;
pub use patch::{Before, Patch};
pub use refusal::Refusal;
pub use rights::{Instants, Rights, SHARE_LINK, channels};
pub use topics::{TOPICS, is_topic};
pub use words::{CollectionKind, Consent, FileRole, Kind, Licence, State};
