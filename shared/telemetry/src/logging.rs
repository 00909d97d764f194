//! The log: one subscriber for the whole process.

use std::io::IsTerminal;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, fmt};

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for a person when standard error is a terminal, JSON otherwise.
    #[default]
    Auto,
    /// Lines for a person.
    Pretty,
    /// One JSON object per line, for a log collector.
    Json,
}

/// What is logged and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// Which messages are written, in the notation of `tracing_subscriber::EnvFilter`, for instance
    /// `info,chancery_publisher=debug`.
    pub filter: String,
    /// How they are written: `auto`, `pretty` or `json`.
    pub format: LogFormat,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            filter: "info,sqlx=warn,hyper=warn".to_owned(),
            format: LogFormat::Auto,
        }
    }
}

/// Why the log could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not in `EnvFilter` notation; the text says where.
    #[error("the log filter cannot be understood: {0}")]
    Filter(String),
    /// This process already has a subscriber.
    #[error("the log is already set up in this process")]
    AlreadySet,
}

/// Starts the log of this process on standard error, so that a command's own output stays clean.
///
/// # Errors
/// When the filter cannot be parsed or the process already has a subscriber.
pub fn start(settings: &LogSettings) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&settings.filter).map_err(|error| LogError::Filter(error.to_string()))?;
    let terminal = std::io::stderr().is_terminal();
    let json = match settings.format {
        LogFormat::Auto => !terminal,
        LogFormat::Pretty => false,
        LogFormat::Json => true,
    };
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    } else {
        builder
            .with_ansi(terminal)
            .with_target(false)
            .compact()
            .try_init()
    };
    started.map_err(|_| LogError::AlreadySet)
}
