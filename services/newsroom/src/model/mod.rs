//! What the press room shows, as types. No I/O.

mod dates;
mod language;
mod release;
mod room;
mod text;

pub use dates::{LocalDay, moment};
pub use language::{direction, endonym, interface_language};
pub use release::{Alternate, Correction, Image, Release, Standing};
pub use room::{ListedRoom, Names, Room};
pub use text::{Block, blocks, clean, summary};
