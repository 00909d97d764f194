//! Pages, fragments and API.
use chancery_contracts::Service;
use chancery_web::{Routes, ServiceRoutes, Shell};

use crate::engine::Publisher;

#[derive(Debug, Clone)]
pub(crate) struct AppState { pub publisher: Publisher, pub shell: Shell }

pub(crate) fn routes(publisher: Publisher, shell: Shell) -> ServiceRoutes {
    Routes::new(Service::Publisher).finish(AppState { publisher, shell })
}
