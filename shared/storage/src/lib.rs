//! Objects by content, and the pictures among them.
//!
//! A [`Store`] keeps bytes under the SHA-256 of those bytes and nothing else: no names, no folders chosen by users, no
//! overwriting. Two people who upload the same picture store it once; an object that is there is whole, because it
//! appears under its key only after its last byte was written to disk. Which object belongs to what is the business
//! of the service that holds its [`ContentHash`]. Today a store is a local folder; another kind of `object_store` fits
//! behind the same five calls.
//!
//! [`Images`] is the only way in for pictures from outside. What arrives is judged by its content, measured before it
//! is decoded, and written anew: what is kept was made by our own encoder from pixels, so neither a camera's
//! coordinates nor a program hidden behind a header survives.

mod hash;
mod images;
mod store;

pub use hash::{ContentHash, InvalidHash};
pub use images::{ImageError, ImageLimits, Images, Kept, Rendition};
pub use store::{Object, StorageError, Store};
