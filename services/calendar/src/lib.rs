//! The calendar: campaigns, items with a variant for each channel, and their approval.
//!
//! **Owns** the schema `calendar`: `items` with `variants`, `images`, `contributors`, `presence` and `copies` (writing);
//! `chain_rules`, `reviewer_languages`, `step_deadlines`, `delegations`, `versions`, `decisions`, `passages`, `escalations` and
//! `orders` (approving; `policies` is what chains were before); `deliveries` (what the publisher last said);
//! `timeline`; `campaigns`, `programmes`, `audiences`. Publishes `calendar.stands`, which the publisher asks at the last
//! moment before it sends.
//!
//! **Rules**, each in `model` and again in the schema: only a draft changes; submitting freezes a version and its hash;
//! an approval names the hash that was on the screen; nobody approves what they, or whoever they stand in for, ever wrote
//! in, nor twice; an order needs every step; opening a version again makes a new one and cancels the order of the old.
//!
//! **Sends** `PublishOrder`, `CancelOrder` (publisher), `Notify` (identity), `ItemReleased` and `AssetsChosen` (events).
//! **Handles** `DeliveryChanged` and `OrderCancelled`, `AssetChanged`, `AssetWithdrawn` and `AssetRightsEnded`, which may
//! come late, twice and in any order.
//! **Schedule**: once a minute, whatever waits past its deadline for a decision is told to the next in line
//! (`EscalateApprovals`). An item's minute is the publisher's business.

pub mod demo;
pub mod error;
mod jobs;
pub mod model;
mod routes;
pub mod store;
pub mod workflow;

use chancery_clock::SharedClock;
use chancery_media::Images;
use chancery_queue::Handlers;
use chancery_web::{ServiceRoutes, Shell};
use sqlx::PgPool;

pub use error::CalendarError;
pub use workflow::{Actor, Workflow};

/// What the calendar needs.
#[derive(Debug, Clone)]
pub struct Deps {
    /// Connected as the calendar's role.
    pub pool: PgPool,
    /// Now, and fresh ids.
    pub clock: SharedClock,
    /// Pages and their words.
    pub shell: Shell,
    /// Where pictures are kept.
    pub images: Images,
}

/// The service.
#[derive(Debug)]
pub struct Parts {
    /// Its pages, fragments and API.
    pub routes: ServiceRoutes,
    /// Its jobs.
    pub handlers: Handlers,
}

/// Puts the service together.
#[must_use]
pub fn service(deps: Deps) -> Parts {
    let workflow = Workflow {
        pool: deps.pool,
        clock: deps.clock,
        images: deps.images,
    };
    Parts {
        handlers: jobs::handlers(&workflow),
        routes: routes::routes(workflow, deps.shell),
    }
}
