//! The calendar: campaigns, items with their variants, approvals.
pub mod error;
pub mod model;
pub mod store;
pub mod workflow;
