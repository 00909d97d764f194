//! Files that people plan in, read as drafts: CSV, XLSX, iCalendar. Bounded, and pure: bytes in, rows out. Every cell is
//! text to us; formulas are never computed, only what a programme left as their result is read.

mod ics;
mod reading;
mod table;

pub use reading::{Fault, Known, Reading, fold};

use chancery_clock::Tz;
use chrono::NaiveDateTime;

/// The most bytes of a file.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most rows.
pub const MAX_ROWS: usize = 5_000;
/// The most columns that are looked at.
const MAX_COLUMNS: usize = 40;
/// The most bytes that a workbook may unfold to.
const MAX_UNFOLDED: u64 = 64 * 1024 * 1024;

/// Why a file as a whole is refused. The word ends a Fluent id: `import-refused-empty`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file as a whole is refused")]
pub enum Unreadable {
    /// There is nothing in it.
    Empty,
    /// More rows than are taken.
    TooManyRows,
    /// It unfolds to more than is taken.
    TooLarge,
    /// It is none of the kinds that are read, or broken.
    NotRead,
    /// No column holds headlines.
    NoTitle,
}

impl Unreadable {
    /// The Fluent id of the sentence that says so.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "import-refused-empty",
            Self::TooManyRows => "import-refused-rows",
            Self::TooLarge => "import-refused-large",
            Self::NotRead => "import-refused-kind",
            Self::NoTitle => "import-refused-title",
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// What a workbook says is a day and a time.
    Time(NaiveDateTime),
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Time(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

/// Reads a file for a unit whose clock is `zone`; times before `now` there are refused, row by row.
///
/// # Errors
/// The file as a whole is refused. What is wrong with a row is said in it.
pub fn read(bytes: &[u8], known: &Known, zone: Tz, now: NaiveDateTime) -> Result<Vec<Reading>, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return reading::rows(&table::workbook(bytes)?, known, now);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotRead)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.contains('\0') {
        return Err(Unreadable::NotRead);
    }
    if text.trim_start().starts_with("BEGIN:VCALENDAR") {
        return ics::rows(text, known, zone, now);
    }
    reading::rows(&table::csv(text)?, known, now)
}
