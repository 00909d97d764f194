//! The publisher: takes approved orders, makes them true on the platforms, and says honestly what happened.
//!
//! Its promise: *never twice, never unapproved, never after a stop, never silently lost.* The rules that close each
//! hole are in the product's `ARCHITECTURE.md`; the tests that carry their names are in `tests/it/rules.rs`.
//!
//! **Tables** (`migrations/publisher`): `accounts`, with secrets only this process can open; `orders`, one row an item;
//! `deliveries`, one row for each variant, the state machine; `delivery_steps`, the append-only ledger; `stops` and
//! what was in flight when each was placed; `withdrawals`, what is to be taken down, one row beside a delivery; `incarnation`, by which a restored database is noticed.
//!
//! **Takes** `PublishOrder`, `CancelOrder`, `WithdrawDeliveries`. **Says** `DeliveryChanged`, `OrderCancelled`,
//! `WithdrawalChanged`; asks identity to `Notify`.
//! **Jobs** `PrepareDelivery`, `CommitDelivery` (in the account's lane), `LocateDelivery`, `TakeDown`, and `Sweep` every minute: all of
//! them wake-ups, the delivery's row decides.
//!
//! **Rooms**: [`model`] decides, purely; [`engine`] does what happens, one method for each thing; `store` has the SQL;
//! [`connectors`] speak to the platforms; `routes` are pages and API.

pub mod connectors;
pub mod engine;
pub mod error;
mod figures;
mod jobs;
pub mod model;
mod routes;
mod settings;
mod store;
pub mod vault;

use std::sync::Arc;

use chancery_clock::SharedClock;
use chancery_queue::Handlers;
use chancery_web::{ServiceRoutes, Shell};
use sqlx::PgPool;

pub use engine::Publisher;
pub use jobs::handlers;
pub use settings::Settings;

/// What the publisher needs.
#[derive(Clone)]
pub struct Deps {
    /// The database, as the publisher's role.
    pub pool: PgPool,
    /// Time.
    pub clock: SharedClock,
    /// Pages.
    pub shell: Shell,
    /// The platforms that this build speaks to.
    pub connectors: connectors::Registry,
    /// The secrets of accounts.
    pub vault: vault::Vault,
    /// The guarded client.
    pub http: chancery_http::Client,
    /// Where pictures are.
    pub store: chancery_storage::Store,
    /// The times that the rules turn on.
    pub settings: Settings,
}

/// What the publisher gives to the binary.
#[derive(Debug)]
pub struct Parts {
    /// Pages, fragments, API.
    pub routes: ServiceRoutes,
    /// Jobs and schedules.
    pub handlers: Handlers,
    /// The publisher itself, for demonstration and tests.
    pub publisher: Publisher,
}

/// The service as one value.
#[must_use]
pub fn service(deps: Deps) -> Parts {
    figures::describe();
    let publisher = Publisher::new(engine::Parts {
        pool: deps.pool,
        clock: deps.clock,
        connectors: deps.connectors,
        vault: deps.vault,
        http: deps.http,
        store: deps.store,
        settings: deps.settings,
        base_url: deps.shell.config().base_url.clone(),
        faults: Arc::new(engine::NoFaults),
    });
    Parts {
        routes: routes::routes(publisher.clone(), deps.shell),
        handlers: jobs::handlers(&publisher),
        publisher,
    }
}
