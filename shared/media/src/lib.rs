//! What files are, and how they are made to fit.
//!
//! Everything that opens a file from outside is behind one door, [`Media`]: it recognises a file by its content and refuses
//! what is none of the formats, too large, damaged, or two files in one ([`Refused`], each reason with its sentence in
//! `media.ftl`); measures it and reads what it says of itself ([`Analysis`]); makes pictures, films and sounds of it that
//! fit a page or a platform ([`PictureWanted`], [`FilmWanted`]); and makes the copy that may leave the house. Pictures that go
//! straight into an item take the short way through [`Images`]: decoded, and kept as what our own encoder makes of the pixels.
//!
//! Pictures are decoded in this process, by memory-safe code, within limits on bytes and pixels. Whatever needs a big
//! decoder (film, sound, PDF, HEIC) runs as a child on a short lead ([`Program`]).

mod analysis;
mod document;
mod error;
mod film;
mod images;
mod limits;
mod media;
mod metadata;
mod picture;
mod process;
mod sniff;
mod svg;
mod types;

pub use analysis::Analysis;
pub use document::captions::convert as convert_captions;
pub use error::{MediaError, Refused};
pub use film::{FilmWanted, Percent};
pub use images::{ImageError, ImageLimits, Images, Kept, Rendition};
pub use limits::Limits;
pub use media::{Made, Media};
pub use metadata::{Embedded, Place, Words};
pub use picture::{Corner, Cut, Focus, Frame, Likeness, Mark, MarkKind, PictureFormat, PictureWanted, Share};
pub use process::{PROGRAMS, Program};
pub use sniff::sniff;
pub use svg::sanitise;
pub use types::{Kind, MediaType, UnknownFormat};
