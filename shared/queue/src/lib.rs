//! The job queue: how services talk, and how work is done later, elsewhere or again. PostgreSQL is all it needs.
//!
//! A message is put on the queue in the transaction that made it true ([`send`]); every service that receives it gets
//! a job of its own. A [`Worker`] takes the jobs of one service and gives each to its [`Handler`]. Jobs run at least
//! once and in any order: a job is a wake-up, and the row that it concerns decides what is done.
//!
//! # The life of a job
//!
//! ```text
//!          send                fetch               complete
//!   ──────────────▶  ready  ──────────▶  running  ──────────▶  (gone, tallied)
//!                    ▲ │ ▲                 │ │ │
//!      lane free, or │ │ └─────────────────┘ │ └─▶ needs_person ─┐
//!      pause lifted  │ ▼   retry, snooze,    └───▶ dead ─────────┤  admin::retry
//!            parked, paused   rescue                 ▲           ▼
//!                                                    └──────── ready
//! ```
//!
//! - **Lanes exclude, they do not order.** At most one job of a lane runs; whoever waits or retries steps aside.
//!   A job that finds its lane taken is *parked* and woken by the one that frees it. Lanes belong to a service.
//! - **Keys** are unique among the waiting jobs of a kind: a newcomer replaces the older or is dropped
//!   ([`OnConflict`]). A running job has no claim to its key; if it must wait again and the key is taken, it goes on
//!   without one.
//! - **Leases.** A worker's lease (30 s, renewed every 10 s, by the database's clock) covers all that it holds. When
//!   it is lost, the worker drops what it is doing, and its jobs go to others. Every run has a number (the *fence*), and
//!   what an overtaken run reports is ignored. A handler that must not commit after losing its job calls
//!   [`Fence::hold`] in its transaction.
//! - **Order of taking**: priority, then appointments (`run_at`) before what has none, then age. Each kind has its
//!   own concurrency, so a slow kind never holds up another.
//! - **Bounds**: finished jobs are deleted and counted in `queue.tallies`, which are summed by the hour and kept for a
//!   year. Dead letters stay until somebody decides.
//!
//! Its tables are in `migrations/queue/0001_queue.sql`; services hold no right on them, only on the functions of
//! `published.sql`, which know the caller by `session_user`: a service may send only what the contracts say that it
//! produces, and takes only its own jobs.

pub mod admin;
mod desk;
mod error;
mod handler;
mod job;
mod lease;
mod outgoing;
mod schedule;
mod send;
mod settle;
mod shift;
mod store;
mod worker;

pub use error::QueueError;
pub use handler::{Handler, Handlers, Options};
pub use job::{Fence, Job, JobError};
pub use outgoing::{OnConflict, Outgoing, Priority};
pub use schedule::Schedule;
pub use send::{cancel, reschedule, send, send_all};
pub use worker::{Drained, Worker};

pub use chancery_contracts::{Envelope, Message, Origin};
