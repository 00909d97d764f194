//! The whole application: every service's routes behind one set of manners.
//!
//! From the outside in: request id and log span, security headers, compression, then [`serve`], which finds out who
//! asks, refuses forgeries, and turns problems into answers; inside it a time limit and a net for panics.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tracing::Instrument as _;

use crate::routes::{FORM_LIMIT, RouteInfo, ServiceRoutes};
use crate::viewer::{Theme, ViewerData};
use crate::{Language, Problem, Shell, Viewer, answer, cookies, csrf, own, session};

/// `style-src 'self'` and no inline script: whatever gets into a page is text.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: \
     blob:; media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// How a request's viewer is found.
#[derive(Clone)]
enum Who {
    /// By session or token, in the database.
    Asked,
    /// Always this one: tests.
    Fixed(Box<Viewer>),
}

/// An application, ready to be served.
#[derive(Debug)]
pub struct App {
    /// What axum serves.
    pub router: Router,
    /// Every route with who may use it.
    pub routes: Vec<RouteInfo>,
}

impl Shell {
    /// Puts the services' routes together with the shell's own.
    #[must_use]
    pub fn app(&self, services: Vec<ServiceRoutes>) -> App {
        self.assemble(services, Who::Asked)
    }

    /// The same for tests: every request comes from `viewer`, with a CSRF check that is already passed.
    #[must_use]
    pub fn app_for(&self, viewer: Viewer, services: Vec<ServiceRoutes>) -> App {
        self.assemble(services, Who::Fixed(Box::new(viewer)))
    }

    fn assemble(&self, services: Vec<ServiceRoutes>, who: Who) -> App {
        let mut openapi = own::openapi(self);
        for service in &services {
            if let Some(part) = &service.openapi {
                openapi.merge(part.clone());
            }
        }
        let mut router = Router::new();
        let mut all = Vec::new();
        for part in std::iter::once(own::routes(self, &openapi)).chain(services) {
            router = router.merge(part.router);
            all.extend(part.routes);
        }
        let router = router
            .fallback(|| async { Problem::not_found() })
            .layer(CatchPanicLayer::custom(caught))
            .layer(DefaultBodyLimit::max(FORM_LIMIT))
            .layer(middleware::from_fn_with_state(
                (self.clone(), Arc::new(who)),
                serve,
            ))
            .layer(CompressionLayer::new())
            .layer(middleware::from_fn_with_state(self.clone(), observe));
        App { router, routes: all }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what the layer calls")]
fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(format!("panic: {message}")).into_response()
}

/// The id of a request, in its log lines, its answer and every error page.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

async fn observe(State(shell): State<Shell>, mut request: Request, next: Next) -> Response {
    let inner = shell.inner();
    let id = inner.clock.new_id().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    // The path only: queries may carry what people search for.
    let span = tracing::info_span!("request", id, %method, path = request.uri().path());
    let started = inner.clock.monotonic();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = inner.clock.monotonic().saturating_sub(started);
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, ms = took.as_millis(), "answered"));
    let labels = [
        ("method", method.to_string()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels).record(took.as_secs_f64());
    secure(&mut response, &id, inner.config.secure_cookies);
    response
}

fn secure(response: &mut Response, id: &str, tls: bool) {
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    };
    set("content-security-policy", CONTENT_SECURITY_POLICY);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "same-origin");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set(
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    if tls {
        set("strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

async fn serve(State((shell, who)): State<(Shell, Arc<Who>)>, mut request: Request, next: Next) -> Response {
    let asked = answer::Asked::of(&request);
    let (viewer, outcome) = match who.as_ref() {
        Who::Fixed(viewer) => (seen_as(viewer, blank(&shell, &request), &request), Ok(None)),
        Who::Asked => identify(&shell, request.headers(), request.uri(), blank(&shell, &request)).await,
    };
    request.extensions_mut().insert(viewer.clone());
    let response = match outcome {
        Ok(secret) => match checked(&shell, request, secret, who.as_ref()).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        },
        Err(problem) => problem.into_response(),
    };
    answer::finish(&shell, &viewer, &asked, response)
}

/// Refuses forgeries.
async fn checked(
    shell: &Shell,
    request: Request,
    secret: Option<Vec<u8>>,
    who: &Who,
) -> Result<Request, Problem> {
    if request.method().is_safe() || matches!(who, Who::Fixed(_)) {
        return Ok(request);
    }
    csrf::check_origin(request.headers(), &shell.config().base_url)?;
    match secret {
        Some(secret) => csrf::check_token(request, &secret).await,
        None => Ok(request),
    }
}

/// Finds out who asks and how they want to be answered; with the session's CSRF secret, if there is a session.
async fn identify(
    shell: &Shell,
    headers: &HeaderMap,
    uri: &Uri,
    mut viewer: ViewerData,
) -> (Viewer, Result<Option<Vec<u8>>, Problem>) {
    let inner = shell.inner();
    viewer.flash = cookies::read_flash(headers);
    viewer.language = chosen_language(headers, uri, None);
    viewer.theme = Theme::named(&cookies::get(headers, cookies::THEME).unwrap_or_default());
    // Files are for everybody; they need no look-up.
    if uri.path().starts_with("/static/") {
        return (Viewer::from(viewer), Ok(None));
    }
    inner
        .headquarters
        .refresh(&inner.pool, inner.clock.monotonic())
        .await;
    viewer.headquarters_zone = inner.headquarters.zone();
    match session::find(inner, headers).await {
        Ok(Some(found)) => {
            viewer.language = chosen_language(headers, uri, Some(&found.language));
            if viewer.theme == Theme::Auto {
                viewer.theme = Theme::named(&found.theme);
            }
            viewer.demo = found.demo;
            viewer.csrf = found
                .csrf_secret
                .as_deref()
                .map(|s| csrf::token(s, &viewer.request_id))
                .unwrap_or_default();
            viewer.principal = Some(found.principal);
            (Viewer::from(viewer), Ok(found.csrf_secret))
        }
        Ok(None) => (Viewer::from(viewer), Ok(None)),
        Err(error) => (Viewer::from(viewer), Err(error.into())),
    }
}

/// What is said now (`?lang=`), what this browser was told before, the person's own, what the browser prefers.
fn chosen_language(headers: &HeaderMap, uri: &Uri, person: Option<&str>) -> Language {
    let named = |text: String| text.parse::<Language>().ok();
    answer::query_value(uri, "lang")
        .and_then(named)
        .or_else(|| cookies::get(headers, cookies::LANGUAGE).and_then(named))
        .or_else(|| person.and_then(|tag| tag.parse().ok()))
        .or_else(|| {
            headers
                .get(header::ACCEPT_LANGUAGE)?
                .to_str()
                .ok()
                .and_then(Language::accepted)
        })
        .unwrap_or_default()
}

fn seen_as(viewer: &Viewer, blank: ViewerData, request: &Request) -> Viewer {
    let mut data = ViewerData::clone(viewer);
    (data.request_id, data.path, data.htmx) = (blank.request_id, blank.path, blank.htmx);
    data.asked_at = blank.asked_at;
    data.flash = cookies::read_flash(request.headers());
    Viewer::from(data)
}

fn blank(shell: &Shell, request: &Request) -> ViewerData {
    let is = |name: &str| request.headers().get(name).is_some_and(|value| value == "true");
    ViewerData {
        principal: None,
        language: Language::default(),
        theme: Theme::Auto,
        headquarters_zone: chrono_tz::Tz::UTC,
        csrf: String::new(),
        request_id: request
            .extensions()
            .get::<RequestId>()
            .map(|id| id.0.clone())
            .unwrap_or_default(),
        asked_at: shell.inner().clock.now(),
        path: request
            .uri()
            .path_and_query()
            .map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned()),
        htmx: is("hx-request"),
        demo: false,
        flash: None,
    }
}
