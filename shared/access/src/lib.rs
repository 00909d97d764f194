//! Who may do what where.
//!
//! A person holds *roles* at *units* from a date to a date; a role holds everywhere below its unit. A role may do
//! *actions*. [`Principal::decide`] answers (principal, action, place) with a decision that says why, so that a page
//! can explain a refusal and the audit trail can name the grant that allowed something.
//!
//! Pure: what is asked about is handed in, nothing is read.

mod action;
mod decision;
mod principal;
mod role;

pub use action::Action;
pub use decision::{Decision, Refusal};
pub use principal::{Grant, Place, Principal, Via};
pub use role::Role;
