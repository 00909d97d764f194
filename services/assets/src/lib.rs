//! The asset library: pictures, films, sound and documents that units put in and all missions find, adapt and use.
//!
//! **Owns** the schema `assets`: `assets` with `texts` and `files` (versions, captions, sources), `batches`,
//! `uploads` with their entries, `renditions` and who `asked` for them, `logos`, `collections` and `shares`, `uses` and
//! `downloads`, `saved_searches`, `bulk_edits`, and `search`, one row an asset from which every search is answered.
//! Contents lie in the object store under their hash.
//!
//! **One rule** says what may be done with an asset: `assets.refusal` in SQL, asked for one asset by
//! `assets.may_use(asset, unit, channel, at)`, which the calendar, the publisher and the press room may ask too. Search,
//! previews, downloads, renditions, share links and `/assets/pick` ask nothing else.
//!
//! **The way of an asset**: a file arrives whole ([`intake::received`]) and becomes a draft; a job looks inside it, reads
//! what is embedded and makes the clean copy; its unit describes it and asks for review; a steward publishes it, or
//! returns it with a reason. Later it may be withdrawn.
//!
//! A part that was put in by mistake is taken away with a reason and can be brought back: its row and its content stay.
//!
//! **What a mission makes of it**: an order ([`model::Order`]) becomes one rendition of a content for all who want the same
//! ([`model::Wanted`]), made by a job; whoever takes it away asks the rule at that moment.
//!
//! **Sends** `AssetPublished`, `AssetChanged`, `AssetWithdrawn`, `AssetRightsEnded` (events), `Notify` (identity) and its
//! own `Analyse`, `RenewCopy`, `MakeRendition`, `FinishUpload`, `FetchEntry`. **Handles** the calendar's `AssetsChosen`.
//! **Schedules** `WatchRights` and `SweepUploads`.

pub mod demo;
pub mod error;
pub mod intake;
mod jobs;
pub mod library;
pub mod model;
pub mod opening;
mod routes;
mod secret;
pub mod sheet;
pub mod store;
pub mod uploads;
mod xliff;
pub mod zip;

use std::path::PathBuf;

use chancery_clock::SharedClock;
use chancery_media::Media;
use chancery_queue::Handlers;
use chancery_storage::Store;
use chancery_web::{ServiceRoutes, Shell};
use sqlx::PgPool;

pub use error::AssetError;
pub use library::{Actor, Library};

use opening::Opener;

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
    /// Opens files.
    pub media: Media,
    /// A folder with room for the longest file, for the time that one is open.
    pub scratch: PathBuf,
    /// The way out, for files that are fetched from elsewhere.
    pub http: chancery_http::Client,
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
    let uploads = uploads::Uploads::new(library.clone(), deps.http, deps.scratch.clone());
    let opener = Opener::new(library.clone(), deps.media, deps.scratch);
    Parts {
        handlers: uploads::jobs::add(jobs::handlers(&library, &opener), &uploads),
        routes: routes::routes(library, uploads, opener, deps.shell),
    }
}
