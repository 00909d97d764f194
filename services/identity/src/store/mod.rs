//! All of identity's SQL. Functions that change something take the connection of the caller's transaction, so that
//! the change and its entry in the audit trail stand or fall together.

pub mod audit;
pub mod grants;
pub mod mails;
pub mod notifications;
pub mod people;
pub mod proofs;
pub mod sessions;
pub mod throttle;
pub mod tokens;
pub mod units;
