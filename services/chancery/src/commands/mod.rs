//! What operators do at the command line, beside a running installation or alone.

pub mod audit;
pub mod doctor;
pub mod people;
pub mod queue;
mod table;
