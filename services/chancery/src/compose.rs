//! Composition: the services that this process runs, as one web application, one set of workers, one set of checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery_clock::SharedClock;
use chancery_contracts::Service;
use chancery_identity::Identity;
use chancery_media::{ImageLimits, Images};
use chancery_media::{Limits, Media};
use chancery_publisher::connectors::Registry;
use chancery_publisher::vault::Vault;
use chancery_queue::{Handlers, Worker};
use chancery_storage::Store;
use chancery_telemetry::{Check, Health, Metrics};
use chancery_web::{App, Shell, ShellConfig};
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;

/// The services of this process, put together.
pub struct House {
    /// All pages and APIs, with health and metrics.
    pub router: axum::Router,
    /// One for each service.
    pub workers: Vec<(Service, Worker)>,
    /// The services' connections, to be closed when all is done.
    pub pools: Vec<PgPool>,
}

/// What is decided outside: the time, and when to stop.
pub struct Frame<'a> {
    /// Now, and new ids.
    pub clock: &'a SharedClock,
    /// Cancelled when the process is told to stop.
    pub shutdown: &'a CancellationToken,
    /// Whether everybody may sign in with one click.
    pub demo: bool,
}

/// Builds `services` on `ground`.
///
/// # Errors
/// When a template, the object store or the outbound client cannot be set up; the sentence says which.
pub fn compose(ground: &Ground, services: &BTreeSet<Service>, frame: &Frame<'_>) -> Result<House, Failure> {
    let said = |error: &dyn std::fmt::Display| Failure::said(error.to_string());
    let config = &ground.config;
    let pool = |service| ground.logins.pool(service, config.database.connections);
    let first = services
        .first()
        .copied()
        .ok_or_else(|| Failure::said("no service is named"))?;
    let base_url = config.base_url()?;
    let shell_config = ShellConfig {
        base_url: base_url.as_str().trim_end_matches('/').to_owned(),
        demo: frame.demo,
        secure_cookies: base_url.scheme() == "https",
        ..ShellConfig::default()
    };
    let pages = pool(first);
    let shell = Shell::new(shell_config, pages.clone(), frame.clock.clone()).map_err(|error| said(&error))?;
    let store = config.store(frame.clock.clone()).map_err(|error| said(&error))?;
    let images = Arc::new(Images::new(store.clone(), ImageLimits::default()));

    let mut served = Vec::new();
    let mut workers = Vec::new();
    let mut pools = vec![pages];
    let mut checks = Vec::new();
    for service in services.iter().copied() {
        let pool = pool(service);
        let (clock, shell) = (frame.clock.clone(), shell.clone());
        checks.push(answers(service, pool.clone()));
        let (part, handlers): (_, Handlers) = match service {
            Service::Identity => {
                let parts = chancery_identity::service(chancery_identity::Deps {
                    pool: pool.clone(),
                    clock,
                    shell,
                    secret_key: *ground.key.bytes(),
                    mailer: config.mailer().map_err(|error| said(&error))?,
                    trust_proxy: config.web.trust_proxy,
                    shutdown: frame.shutdown.clone(),
                });
                (parts.routes, parts.handlers)
            }
            Service::Assets => {
                checks.push(writable(service, &store));
                let scratch = scratch(config)?;
                let parts = chancery_assets::service(chancery_assets::Deps {
                    pool: pool.clone(),
                    clock,
                    shell,
                    store: store.clone(),
                    http: outbound(config)?,
                    media: media(&scratch),
                    scratch,
                });
                (parts.routes, parts.handlers)
            }
            Service::Calendar => {
                checks.push(writable(service, &store));
                let parts = chancery_calendar::service(chancery_calendar::Deps {
                    pool: pool.clone(),
                    clock,
                    shell,
                    images: (*images).clone(),
                    http: outbound(config)?,
                    vault: webhook_vault(ground),
                });
                (parts.routes, parts.handlers)
            }
            Service::Newsroom => {
                checks.push(writable(service, &store));
                let images = images.clone();
                let parts = chancery_newsroom::service(chancery_newsroom::Deps {
                    pool: pool.clone(),
                    shell,
                    images,
                    clock,
                });
                (parts.routes, parts.handlers)
            }
            Service::Publisher => {
                checks.push(writable(service, &store));
                let parts = chancery_publisher::service(chancery_publisher::Deps {
                    pool: pool.clone(),
                    clock,
                    shell,
                    connectors: Registry::all(),
                    vault: vault(ground),
                    http: outbound(config)?,
                    store: store.clone(),
                    settings: chancery_publisher::Settings::default(),
                });
                (parts.routes, parts.handlers)
            }
        };
        served.push(part);
        pools.push(pool.clone());
        workers.push((service, Worker::new(pool, handlers, frame.clock.clone())));
    }
    let App { router, .. } = shell.app(served);
    let metrics = Metrics::install().map_err(|error| said(&error))?;
    tokio::spawn(metrics.clone().keep_up());
    let token = config
        .metrics
        .token
        .as_ref()
        .map(|token| token.reveal().to_owned());
    let router = router.merge(chancery_telemetry::routes::routes(
        Health::new(checks),
        metrics,
        token,
    ));
    Ok(House {
        router,
        workers,
        pools,
    })
}

/// The way out to other servers.
fn outbound(config: &Config) -> Result<chancery_http::Client, Failure> {
    let settings = chancery_http::Settings {
        allow: config.outbound.allow.clone(),
        ..Default::default()
    };
    chancery_http::Client::new(settings).map_err(|error| Failure::said(error.to_string()))
}

/// The folder in which files lie while they are open. What a crash left there is nobody's.
pub fn scratch(config: &Config) -> Result<PathBuf, Failure> {
    let folder = config.data().join("scratch");
    std::fs::create_dir_all(&folder).map_err(Failure::io(&folder))?;
    Ok(folder)
}

/// What opens files: two at a time, since decoders take memory.
pub fn media(scratch: &Path) -> Media {
    Media::new(Limits::default(), scratch.to_owned(), Arc::new(Semaphore::new(2)))
}

/// Identity's doings for commands, which need no pages.
pub fn identity(ground: &Ground, clock: &SharedClock, demo: bool) -> Identity {
    Identity::new(
        ground.logins.pool(Service::Identity, 4),
        clock.clone(),
        ground.key.bytes(),
    )
    .waiving_second_factors(demo)
}

/// The safe of the accounts' secrets.
pub fn vault(ground: &Ground) -> Vault {
    Vault::new(&ground.key.derive("publisher vault"))
}

/// The safe of the webhooks' secrets.
pub fn webhook_vault(ground: &Ground) -> chancery_vault::Vault {
    chancery_vault::Vault::new(&ground.key.derive("calendar vault"))
}

/// That the service's own role reaches the database.
fn answers(service: Service, pool: PgPool) -> Check {
    Check::new(service.name(), "database", move || {
        let pool = pool.clone();
        async move {
            let asked = sqlx::query("select 1").execute(&pool).await;
            asked
                .map(|_| ())
                .map_err(|error| format!("the database does not answer: {error}"))
        }
    })
}

/// That objects can be kept.
fn writable(service: Service, store: &Store) -> Check {
    let store = store.clone();
    Check::new(service.name(), "storage", move || {
        let store = store.clone();
        async move {
            let answer = store.probe().await;
            answer.map_err(|error| error.to_string())
        }
    })
}
