//! All SQL of the library: its own schema, and what the other services publish.

pub mod assets;
pub mod bulk;
pub mod bundle;
pub mod collections;
pub mod downloads;
pub mod embargoes;
pub mod files;
pub(crate) mod intake;
pub mod journal;
pub mod lists;
pub mod logos;
pub mod renditions;
pub mod rights;
pub mod saved;
pub mod search;
pub mod shares;
pub mod uploads;
pub mod vocabulary;

use std::str::FromStr;

/// A word of the database as a type. The CHECK constraints make a failure a fault of ours, not of a user.
pub(crate) fn word<T: FromStr>(column: &'static str, text: &str) -> Result<T, sqlx::Error> {
    text.parse().map_err(|_| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("“{text}” is not a known word").into(),
    })
}
