//! The library's pages, fragments, files and API, and who may use them. What touches an asset is narrowed down to its
//! unit by the library.

use chancery_contracts::Service;
use chancery_web::{Routes, ServiceRoutes, Shell};

use crate::Library;

/// What every handler is given.
#[derive(Debug, Clone)]
struct App {
    #[expect(dead_code, reason = "the first handlers follow")]
    library: Library,
    #[expect(dead_code, reason = "the first handlers follow")]
    shell: Shell,
}

pub(crate) fn routes(library: Library, shell: Shell) -> ServiceRoutes {
    Routes::new(Service::Assets).finish(App { library, shell })
}
