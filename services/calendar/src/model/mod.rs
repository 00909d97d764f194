//! What an item is and what may become of it: types and pure rules, nothing is read or written here.

pub mod activity;
mod appointment;
mod approval;
mod break_glass;
mod campaign;
mod chain;
mod checks;
mod circumstances;
mod content;
mod cut;
mod days;
mod diff;
pub mod hooks;
pub mod letters;
mod mentions;
pub mod models;
mod moving;
mod name_file;
mod outgoing;
mod passage;
mod range;
pub mod recurring;
mod release;
mod state;
mod taking_back;
pub mod templates;
mod transitions;
mod translation;
mod words;

pub use appointment::{Appointment, Clocks, MIN_LEAD, Note, Window};
pub use approval::{Deciding, Objection, StepRole};
pub use break_glass::{
    BREAKERS, Breaking, CONFIRM_WITHIN, First, LEAST_REASON, MOST_REASON, Unbroken, breaker,
};
pub use campaign::{CampaignChange, CampaignState};
pub use chain::{Rule, Step, Subject, Unruly, chain, counting, lacking, speaks};
pub use chancery_preflight::Meter;
pub use checks::{AssetRefusal, Finding, Findings, check, limits, meter};
pub use circumstances::{
    Asked, Circumstances, Echo, EnteredDay, KnownLink, LinkOutcome, LockedPassage, SensitiveWord, asked,
    examine, linked,
};
pub use content::{
    Account, Draft, DraftVariant, Image, MAX_BODY, MAX_TITLE, MAX_VARIANTS, clean, corrected, edition,
    has_title,
};
pub use cut::{Cut, Shape, Shown, drawn, share};
pub use days::{Day, EnteredKind, Holds, Reason, holidays};
pub use diff::{Compared, Part, PartKind, compare, compare_drafts};
pub use mentions::{Known, mentioned};
pub use moving::{Fixed, Move};
pub use name_file::{RowRefused, checked_name, is_tag, read_avoid, read_names};
pub use outgoing::{CODE_LENGTH, Measuring, ShortLink, as_written, outgoing};
pub use passage::{MAX_QUOTE, Quote, sentences};
pub use range::{Range, View, step};
pub use release::{RELEASE_WINDOWS, Releasing, Unreleased};
pub use state::{Change, Outcome, Refusal, State, outcome, outcome_since};
pub use taking_back::{Removed, may_be_taken_down, removed, revision};
pub use transitions::{Deed, Standpoint, Transition, Why, transitions};
pub use translation::{Pair, Stage, Standing, Translation, joined, pairs, standing};
pub use words::{ClockChoice, Colour, Kind, LinkStyle, Scope};
