//! All SQL of the calendar: its own schema, and what the other services publish.

pub mod accounts;
pub mod activities;
pub mod amendments;
pub mod approvals;
pub mod board;
pub mod break_glass;
pub mod campaigns;
pub mod corrections;
pub mod cuts;
pub mod days;
pub mod delegations;
pub mod deliveries;
pub mod editing;
pub mod feeds;
pub mod hook_messages;
pub mod hooks;
pub mod imports;
pub mod items;
pub mod letters;
pub mod library;
pub mod lists;
pub mod models;
pub mod names;
pub mod passages;
pub mod policies;
pub mod preflight;
pub mod recurrences;
pub mod releases;
pub mod remarks;
pub mod scope;
pub mod short_links;
pub mod snapshots;
pub mod stops;
pub mod templates;
pub mod timeline;
pub mod translations;
pub mod waiting;
pub mod withdrawals;

use std::str::FromStr;

/// A word of the database as a type. The CHECK constraints make a failure a fault of ours, not of a user.
fn word<T: FromStr>(column: &'static str, text: &str) -> Result<T, sqlx::Error> {
    text.parse().map_err(|_| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("“{text}” is not a known word").into(),
    })
}
