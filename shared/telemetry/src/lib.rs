//! What an operator sees of a running Chancery: its log, its metrics and its health.
//!
//! - [`logging`]: one `tracing` subscriber, for people (pretty) or for a collector (JSON).
//! - [`metrics`]: the process-wide Prometheus recorder. Every crate records through the `metrics` macros and knows
//!   nothing of Prometheus.
//! - [`health`]: named checks per service. A service hands in its checks; the binary asks them.
//! - [`routes`]: `/healthz` (is the process alive), `/readyz` (may it be given work) and `/metrics`.

pub mod health;
pub mod logging;
pub mod metrics;
pub mod routes;

pub use health::{Check, Health};
pub use logging::{LogFormat, LogSettings};
pub use metrics::Metrics;
