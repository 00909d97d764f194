//! What the library knows as types, pure.

mod completeness;
mod details;
mod name;
mod order;
mod parts;
mod patch;
mod purpose;
mod refusal;
mod rights;
mod topics;
mod wanted;
mod words;

pub use completeness::{Lack, lacking, wanted_languages};
pub use details::{Details, Refused, Text, language_tag};
pub use name::clean_name;
pub use order::{Area, Order, Point, Subject};
pub use parts::may_edit;
pub use patch::{Before, Patch};
pub use purpose::Purpose;
pub use refusal::Refusal;
pub use rights::{Instants, Rights, SHARE_LINK, channels};
pub use topics::{TOPICS, is_topic};
pub use wanted::{PREVIEWS, WEB, Wanted};
pub use words::{CollectionKind, Consent, FileRole, Kind, Licence, State};
