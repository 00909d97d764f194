//! Units and people as identity publishes them: what every service asks of both.
//!
//! Reads the views `identity.published_units`, `published_people` and `published_grants`, which every service's role
//! may read; joins of one's own tables with them stay in the service's own SQL.

mod people;
mod units;

pub use people::{people, principal};
pub use units::{Unit, UnitName, ids_below, ministry, unit, units, units_below};
