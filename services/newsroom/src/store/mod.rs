//! All SQL of the press room. It only reads releases: they come, change and go through `newsroom.publish`,
//! `newsroom.revise` and `newsroom.withdraw`, which the publisher calls.

mod images;
mod releases;
mod rooms;
mod short;

use chancery_clock::SharedClock;
use chancery_web::Pagination;
use chancery_web::Problem;
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

pub use short::Short;

/// The press room's tables and what identity publishes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    clock: SharedClock,
}

impl Store {
    /// Reads with the press room's own login; the clock says which pictures may be shown now.
    #[must_use]
    pub fn new(pool: PgPool, clock: SharedClock) -> Self {
        Self { pool, clock }
    }
}

/// The last row of a page: newest first, the id decides between equals.
type Key = (DateTime<Utc>, Uuid);

/// The key after which to go on. The first page starts after the end of time.
fn after(pagination: &Pagination) -> Result<Key, Problem> {
    Ok(pagination
        .after()?
        .unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max())))
}
