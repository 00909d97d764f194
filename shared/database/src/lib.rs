//! The database: who connects as whom, and how its schemas come to be.
//!
//! One ministry is one database. In it every service owns a schema of its own name, and connects with a login role of
//! its own that has rights on that schema, on the queue's functions, and on what others publish: views and
//! `security definer` functions. PostgreSQL enforces the boundary.
//!
//! - [`Logins`] derives each role's connection and password from the owner's and the installation's secret.
//! - [`install`] makes the roles, applies `migrations/SCHEMA/*.sql` (one table of applied migrations per schema),
//!   re-applies every `migrations/SCHEMA/published.sql`, and tells the queue every message of the product
//!   (`queue.register`).
//! - `embedded` runs a private server for `chancery up`; `testing` gives a test a database of its own.

mod error;
mod install;
mod logins;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::DatabaseError;
pub use install::{SCHEMAS, Schema, install, installed, is_current};
pub use logins::Logins;
pub use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

pub mod backup;
pub mod embedded;
