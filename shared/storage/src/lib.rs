//! Objects by content, and the pictures among them.
//!
//! A [`Store`] keeps bytes under the SHA-256 of those bytes and nothing else: no names, no folders chosen by users, no
//! overwriting. Two people who upload the same picture store it once; an object that is there is whole, because it
//! appears under its key only after its last byte was written to disk. Which object belongs to what is the business
//! of the service that holds its [`ContentHash`]. A store is a local folder ([`Store::local`]) or a bucket of an
//! S3-compatible server ([`Store::s3`]); the same tests run over both.
//!
//! What is uploaded in several goes over a poor line is gathered by a [`Staging`] until its hash is known. Memory stays
//! bounded everywhere: a few pieces of 8 MiB for each stream, whatever its length.
//!
//! [`Images`] is the only way in for pictures from outside. What arrives is judged by its content, measured before it
//! is decoded, and written anew: what is kept was made by our own encoder from pixels, so neither a camera's
//! coordinates nor a program hidden behind a header survives.

mod error;
mod hash;
mod images;
mod pieces;
mod s3;
mod staging;
mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::StorageError;
pub use hash::{ContentHash, InvalidHash};
pub use images::{ImageError, ImageLimits, Images, Kept, Rendition};
pub use s3::S3Settings;
pub use staging::{Appended, Staging};
pub use store::{Object, Store};
