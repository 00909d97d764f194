//! chancery-http

/// The guarded client.
#[derive(Debug, Clone)]
pub struct Client {}
