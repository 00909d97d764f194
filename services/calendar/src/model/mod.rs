//! What an item is and what may become of it: types and pure rules, nothing is read or written here.

pub mod activity;
mod appointment;
mod approval;
mod checks;
mod content;
pub mod models;
pub mod recurring;
mod state;
pub mod templates;
mod words;

pub use appointment::{Appointment, Clocks, MIN_LEAD, Note};
pub use approval::{Deciding, Objection, StepRole, chain};
pub use checks::{AssetRefusal, Finding, Findings, Meter, check, meter};
pub use content::{
    Account, Draft, DraftVariant, Image, MAX_BODY, MAX_TITLE, MAX_VARIANTS, clean, edition, has_title,
};
pub use state::{Change, Outcome, Refusal, State, outcome};
pub use words::{ClockChoice, Colour, Kind, Scope};
