//! The public press room of each mission.
//!
//! **Owns** what the public reads: `/press`, `/press/{mission}/{language}` and a page with a stable address for every
//! release; with them an Atom feed per mission and language, sitemaps, pictures in three sizes, and `/api/v1/releases`.
//! Everything works without JavaScript and without a session; nothing here knows who asks.
//!
//! **Tables** (schema `newsroom`): `releases`, one for each delivery to a press room account; `release_images`;
//! `corrections`, with what stood there before; `thumbnails`, the smaller copies made so far; `short_links` with
//! `short_clicks`, counted by the day.
//!
//! **Publishes** three functions to the publisher: `newsroom.publish` and `newsroom.revise`, called inside its permit
//! transaction, so that a release or a correction and the receipt for it are one fact; and `newsroom.withdraw`. The service's
//! own login can only read releases: no fault in these pages can publish or change anything. To the calendar,
//! `newsroom.short` and `newsroom.short_gone` make and end the short addresses of what it orders, and `published_clicks` says
//! how often they were followed.
//!
//! **Events and jobs**: none. A publication tells open pages by the live topic `release`.
//!
//! What was withdrawn answers 410 with the reason and the note at its address; its text and pictures are kept in the database for
//! the record and leave it no more.

mod model;
mod routes;
mod store;

pub mod demo;

pub use model::endonym;

use std::sync::Arc;

use chancery_clock::SharedClock;
use chancery_contracts::Service;
use chancery_media::Images;
use chancery_queue::Handlers;
use chancery_web::{ServiceRoutes, Shell};
use sqlx::PgPool;

/// What the press room needs.
#[derive(Debug, Clone)]
pub struct Deps {
    /// Connections as the press room's own login.
    pub pool: PgPool,
    /// The shared page frame: templates, messages, configuration.
    pub shell: Shell,
    /// Where the pictures are.
    pub images: Arc<Images>,
    /// The time.
    pub clock: SharedClock,
}

/// What the press room gives to the process that runs it.
pub struct Parts {
    /// Its pages.
    pub routes: ServiceRoutes,
    /// Its job handlers.
    pub handlers: Handlers,
}

/// The press room, ready to run.
#[must_use]
pub fn service(deps: Deps) -> Parts {
    let Deps {
        pool,
        shell,
        images,
        clock,
    } = deps;
    let newsroom = routes::Newsroom {
        store: store::Store::new(pool, clock.clone()),
        shell,
        images,
        clock,
    };
    Parts {
        routes: routes::routes(newsroom),
        handlers: Handlers::new(Service::Newsroom),
    }
}
