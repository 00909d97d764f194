//! What an item is and what may become of it: types and pure rules, nothing is read or written here.

mod appointment;
mod approval;
mod chain;
mod checks;
mod content;
mod passage;
mod state;
mod transitions;
mod words;

pub use appointment::{Appointment, Clocks, MIN_LEAD, Note};
pub use approval::{Deciding, Objection, StepRole};
pub use chain::{Rule, Step, Subject, Unruly, chain, counting, lacking, speaks};
pub use checks::{AssetRefusal, Finding, Findings, Meter, check, meter};
pub use content::{
    Account, Draft, DraftVariant, Image, MAX_BODY, MAX_TITLE, MAX_VARIANTS, clean, edition, has_title,
};
pub use passage::{MAX_QUOTE, Quote, sentences};
pub use state::{Change, Outcome, Refusal, State, outcome};
pub use transitions::{Deed, Standpoint, Transition, Why, transitions};
pub use words::{ClockChoice, Colour, Kind, Scope};
