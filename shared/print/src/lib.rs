//! Pages to print: text in every script of the missions, pictures, and tags for those who hear a page read.
//!
//! [`Pages`] fills A4 pages from top to bottom and writes them as PDF. Nothing here knows what a page is about; each service
//! lays out its own. Needs the Noto fonts of the machine ([`missing_fonts`]); reads nothing else.

mod fonts;
mod pages;
mod tags;
mod text;

pub use fonts::missing as missing_fonts;
pub use pages::{Area, MARGIN, Pages, PrintError, WIDTH};
pub use tags::{Part, Tagged};
pub use text::{Paragraph, Style};
