//! The asset library: pictures, films, sound and documents that units put in and all missions find, adapt and use.
//!
//! **Owns** the schema `assets`: `assets` with `texts` and `files` (versions, captions, sources), `batches`,
//! `renditions`, `collections` and `shares`, `uses` and `downloads`, `saved_searches`, `bulk_edits`, and `search`, one
//! row an asset from which every search is answered. Contents lie in the object store under their hash.
//!
//! **One rule** says what may be done with an asset: `assets.refusal` in SQL, asked for one asset by
//! `assets.may_use(asset, unit, channel, at)`, which the calendar, the publisher and the press room may ask too. Search,
//! previews, downloads, renditions, share links and `/assets/pick` ask nothing else.
//!
//! **The way of an asset**: a file arrives whole ([`intake::received`]) and becomes a draft; a job looks inside it, reads
//! what is embedded and makes the clean copy; its unit describes it and asks for review; a steward publishes it, or
//! returns it with a reason. Later it may be withdrawn.
//!
//! **Sends** `AssetPublished`, `AssetChanged`, `AssetWithdrawn`, `AssetRightsEnded` (events), `Notify` (identity) and its
//! own `Analyse`, `MakeRendition`. **Handles** the calendar's `AssetsChosen`. **Schedules** `WatchRights` and `Sweep`.

pub mod error;
pub mod intake;
mod jobs;
pub mod library;
pub mod model;
mod routes;
pub mod store;

use chancery_clock::SharedClock;
use chancery_queue::Handlers;
use chancery_storage::Store;
use chancery_web::{ServiceRoutes, Shell};
use sqlx::PgPool;

pub use error::AssetError;
pub use library::{Actor, Library};

/// What the library needs.
#[derive(Debug, Clone)]
pub struct Deps {
    /// Connected as the library's role.
    pub pool: PgPool,
    /// Now, and fresh ids.
    pub clock: SharedClock,
    /// Pages and their words.
    pub shell: Shell,
    /// Where contents are kept.
    pub store: Store,
}

/// The service.
#[derive(Debug)]
pub struct Parts {
    /// Its pages, fragments and API.
    pub routes: ServiceRoutes,
    /// Its jobs and schedules.
    pub handlers: Handlers,
}

/// Puts the service together.
#[must_use]
pub fn service(deps: Deps) -> Parts {
    let library = Library {
        pool: deps.pool,
        clock: deps.clock,
        store: deps.store,
    };
    Parts {
        handlers: jobs::handlers(&library),
        routes: routes::routes(library, deps.shell),
    }
}
