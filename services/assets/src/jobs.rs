//! The library's jobs.

use chancery_contracts::Service;
use chancery_queue::Handlers;

use crate::Library;

pub(crate) fn handlers(_library: &Library) -> Handlers {
    Handlers::new(Service::Assets)
}
