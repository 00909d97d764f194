//! The calendar: campaigns, items with a variant for each channel, and their approval.
//!
//! **Owns** the schema `calendar`. Writing: `items` with `variants`, `images`, `contributors`, `presence`, `copies`,
//! `snapshots`, `translations` and `remarks`. What preflight knows: `sensitive_words`, `names`, `locked_passages`, `links`.
//! Approving: `chain_rules`, `reviewer_languages`, `step_deadlines`, `delegations`, `versions`, `decisions`, `passages`,
//! `amendments`, `escalations`, `releases`, `break_glass` with `break_glass_confirmations` and `break_glass_seen`, and `orders`
//! (`policies` is what chains were before). Seeing: `boards`, `days`, `feeds`, `imports`. Taking back: `withdrawals` and
//! `corrections`.
//! From headquarters: `models` with `model_versions`, `model_passages`, `model_missions` and `model_writers`. What recurs:
//! `templates`, `recurrences` with `occurrences`. And `campaigns`, `programmes`, `audiences`, `activities` (the log by hand),
//! `timeline`, `deliveries` (what the publisher last said), `short_links` and `link_styles` (how links leave). Telling others:
//! `hooks` with `hook_messages` and `hook_attempts`, `letters`. Publishes `calendar.stands`, which the publisher asks at the last
//! moment before it sends, and `published_campaigns`.
//!
//! **Rules**, each in `model` and again in the schema: only a draft changes; submitting freezes a version and its hash;
//! an approval names the hash that was on the screen; nobody approves what they, or whoever they stand in for, ever wrote
//! in, nor twice; an order needs every step, or two people who break the glass, and on command a word in its window;
//! opening a version again makes a new one and cancels the order of the old.
//!
//! **Sends** `PublishOrder`, `CancelOrder`, `WithdrawDeliveries` (publisher), `Notify` and `SendLetter` (identity), and the event
//! `AssetsChosen`. **Handles** `DeliveryChanged`, `WithdrawalChanged` and `OrderCancelled`, `AssetChanged`, `AssetWithdrawn` and
//! `AssetRightsEnded`, which may come late, twice and in any order; of its own `CheckLink`, `DeliverModel` (a batch of missions),
//! by the hour `MakeRecurring` and `TurnCampaigns`, and once a minute `EscalateApprovals` (whatever waits past its deadline is
//! told to the next in line) and `EndWindows` (what nobody released in its window goes back); `ComposeLetters` on Monday
//! mornings, and `SendHook`: a message to a webhook, written where an item's state is stored.
//! An item's minute is the publisher's business.

pub mod demo;
pub mod demo_models;
pub mod error;
mod hooks;
pub mod import;
mod jobs;
mod links;
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
    /// The guarded client, for links that people write and for webhooks.
    pub http: chancery_http::Client,
    /// Where the secrets of webhooks are kept.
    pub vault: chancery_vault::Vault,
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
        site: deps.shell.config().base_url.trim_end_matches('/').into(),
    };
    let hooks = hooks::Hooks {
        workflow: workflow.clone(),
        vault: deps.vault,
        http: deps.http.clone(),
    };
    Parts {
        handlers: jobs::handlers(&workflow, deps.http, &hooks),
        routes: routes::routes(workflow, hooks, deps.shell),
    }
}
