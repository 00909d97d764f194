//! The one way out: every request that Chancery makes to somebody else's server goes through [`Client`].
//!
//! * **Where to.** `http` and `https` only. Addresses are checked *after* resolution and the connection is made to
//!   exactly the addresses that were checked, on every redirect hop too: see [`guard`](crate::Blocked). Hosts on the
//!   premises are named in [`Settings::allow`].
//! * **How much.** Answers are read in pieces and given up at a limit, counted after decompression. Files are handed on
//!   piece by piece ([`Client::download`]).
//! * **How long.** Connecting and the whole exchange are limited; nothing waits for ever.
//! * **What is seen.** `Debug` and traces show method and host, never query, path, headers or bodies.
//! * **What is repeated.** Only [`Client::fetch`], and that takes only GET. [`Client::send`] sends once.
//!   [`Client::commit`] sends once, follows no redirect, uses a connection of its own, and its error says whether the
//!   request may have left: [`Error::NotSent`] or [`Error::Unknown`].
//!
//! A call that carries a secret follows no redirect.

mod call;
mod client;
mod commit;
mod download;
mod error;
mod guard;
mod reply;

pub use call::Call;
pub use client::{Client, Settings};
pub use download::Download;
pub use error::{BuildError, Error};
pub use guard::{Blocked, Names, SystemNames, refused_address};
pub use http::{HeaderMap, Method, StatusCode, header};
pub use reply::Reply;
pub use url::Url;
