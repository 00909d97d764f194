//! identity
pub mod model;
pub mod store;
