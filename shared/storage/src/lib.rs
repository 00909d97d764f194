//! Objects by content.
//!
//! A [`Store`] keeps bytes under the SHA-256 of those bytes and nothing else: no names, no folders chosen by users, no
//! overwriting. Two people who upload the same picture store it once; an object that is there is whole, because it
//! appears under its key only after its last byte was written to disk. Which object belongs to what is the business
//! of the service that holds its [`ContentHash`]. A store is a local folder ([`Store::local`]) or a bucket of an
//! S3-compatible server ([`Store::s3`]); the same tests run over both.
//!
//! What is uploaded in several goes over a poor line is gathered by a [`Staging`] until its hash is known. Memory stays
//! bounded everywhere: a few pieces of 8 MiB for each stream, whatever its length.

mod error;
mod hash;
mod leftovers;
mod pieces;
mod s3;
mod staging;
mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::StorageError;
pub use hash::{ContentHash, InvalidHash};
pub use s3::S3Settings;
pub use staging::{Appended, Staging};
pub use store::{Object, Store};
