//! chancery-publisher

pub mod connectors;
