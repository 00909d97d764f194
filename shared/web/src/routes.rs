//! Routes that state who may use them. There is no way to add one without saying so: the access comes first.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, options, patch, post, put};
use chancery_access::{Action, Decision};
use chancery_contracts::Service;
use http::{Method, StatusCode};
use tower_http::timeout::TimeoutLayer;

use crate::{Problem, Viewer};

/// The most bytes that a form, or a JSON document, may have: several variants of 50,000 Vietnamese characters, each
/// of which takes up to nine bytes in a form.
pub const FORM_LIMIT: usize = 4 * 1024 * 1024;

/// How long a handler may take until its answer begins. What it streams then goes on for as long as it likes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The same for handlers that read files first: 100 MB over a line of 400 kbit/s.
const UPLOAD_PATIENCE: Duration = Duration::from_mins(35);

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, for the reason given.
    Public(&'static str),
    /// Whoever is signed in in a browser.
    SignedIn,
    /// Whoever is signed in and may do this at some unit. A handler that touches a unit narrows it down with
    /// [`crate::Require`].
    May(Action),
    /// The same for programs: a bearer token with that scope, or a session. Under `/api/v1`.
    Api(Action),
}

/// One route, for the list that operators and tests read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// Whose it is; none for the shell's own.
    pub service: Option<Service>,
    /// The method. `GET` answers `HEAD` too.
    pub method: Method,
    /// axum's path pattern.
    pub path: String,
    /// Who may.
    pub access: Access,
}

/// What a service gives to the shell.
pub struct ServiceRoutes {
    /// The routes, each guarded by its access.
    pub router: Router,
    /// Their list.
    pub routes: Vec<RouteInfo>,
    /// The description of those under `/api/v1`.
    pub openapi: Option<utoipa::openapi::OpenApi>,
}

/// A service's routes in the making; see the module's page.
pub struct Routes<S = ()> {
    service: Option<Service>,
    router: Router<S>,
    list: Vec<RouteInfo>,
    openapi: Option<utoipa::openapi::OpenApi>,
}

impl std::fmt::Debug for ServiceRoutes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ServiceRoutes").field(&self.routes).finish()
    }
}

impl<S> std::fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Routes").field(&self.list).finish()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    #[must_use]
    pub fn new(service: Service) -> Self {
        Self {
            service: Some(service),
            ..Self::unowned()
        }
    }

    /// For routes that every process has: the shell's own, health, metrics.
    #[must_use]
    pub fn unowned() -> Self {
        Self {
            service: None,
            router: Router::new(),
            list: Vec::new(),
            openapi: None,
        }
    }

    /// A page or fragment.
    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(self, access: Access, path: &str, handler: H) -> Self {
        self.add(access, Method::GET, path, get(handler))
    }

    /// A form, or the making of something.
    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(self, access: Access, path: &str, handler: H) -> Self {
        self.add(access, Method::POST, path, post(handler))
    }

    /// The replacing of something.
    #[must_use]
    pub fn put<H: Handler<T, S>, T: 'static>(self, access: Access, path: &str, handler: H) -> Self {
        self.add(access, Method::PUT, path, put(handler))
    }

    /// The removing of something.
    #[must_use]
    pub fn delete<H: Handler<T, S>, T: 'static>(self, access: Access, path: &str, handler: H) -> Self {
        self.add(access, Method::DELETE, path, delete(handler))
    }

    /// A `POST` whose body may have up to `bytes`: files. Its form must send the CSRF token as a header, as htmx does,
    /// or as its first field: a large body is not read to look for it.
    #[must_use]
    pub fn upload<H: Handler<T, S>, T: 'static>(
        self,
        access: Access,
        path: &str,
        bytes: usize,
        handler: H,
    ) -> Self {
        let handler = post(handler).layer(DefaultBodyLimit::max(bytes));
        self.add_patient(access, Method::POST, path, handler, UPLOAD_PATIENCE)
    }

    /// A `PATCH`, or another method, whose handler reads a body of any length as it comes, and bounds its length and
    /// the time between two pieces of it by itself.
    #[must_use]
    pub fn stream<H: Handler<T, S>, T: 'static>(
        self,
        access: Access,
        method: Method,
        path: &str,
        handler: H,
    ) -> Self {
        let route = match method {
            Method::PATCH => patch(handler),
            Method::PUT => put(handler),
            _ => post(handler),
        };
        // A body of 5 GB over a line of 2 Mbit/s takes six hours.
        self.add_patient(access, method, path, route, Duration::from_hours(12))
    }

    /// What a protocol wants to know beforehand (`OPTIONS`).
    #[must_use]
    pub fn options<H: Handler<T, S>, T: 'static>(self, access: Access, path: &str, handler: H) -> Self {
        self.add(access, Method::OPTIONS, path, options(handler))
    }

    /// The description of routes under `/api/v1`, by utoipa; it is added to what was described before.
    #[must_use]
    pub fn openapi(mut self, openapi: utoipa::openapi::OpenApi) -> Self {
        match &mut self.openapi {
            Some(before) => before.merge(openapi),
            none => *none = Some(openapi),
        }
        self
    }

    /// Gives the handlers their state.
    #[must_use]
    pub fn finish(self, state: S) -> ServiceRoutes {
        ServiceRoutes {
            router: self.router.with_state(state),
            routes: self.list,
            openapi: self.openapi,
        }
    }

    fn add(self, access: Access, method: Method, path: &str, handler: MethodRouter<S>) -> Self {
        self.add_patient(access, method, path, handler, PATIENCE)
    }

    fn add_patient(
        mut self,
        access: Access,
        method: Method,
        path: &str,
        handler: MethodRouter<S>,
        patience: Duration,
    ) -> Self {
        let guard = middleware::from_fn(move |request, next| guard(access, request, next));
        let limit = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, patience);
        self.router = self
            .router
            .route(path, handler.route_layer(guard).route_layer(limit));
        self.list.push(RouteInfo {
            service: self.service,
            method,
            path: path.to_owned(),
            access,
        });
        self
    }
}

async fn guard(access: Access, request: Request, next: Next) -> Response {
    let Some(viewer) = request.extensions().get::<Viewer>() else {
        return Problem::internal("a route outside of the shell").into_response();
    };
    match allowed(access, viewer) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn allowed(access: Access, viewer: &Viewer) -> Result<(), Problem> {
    let action = match access {
        Access::Public(_) => return Ok(()),
        Access::SignedIn | Access::May(_) if viewer.by_token() => {
            return Err(Problem::forbidden("refused-token-on-page"));
        }
        Access::SignedIn => return viewer.principal().map(|_| ()),
        Access::May(action) | Access::Api(action) => action,
    };
    match viewer.principal()?.decide_anywhere(action) {
        Decision::Allowed(_) => Ok(()),
        Decision::Refused(refusal) => Err(refusal.into()),
    }
}
