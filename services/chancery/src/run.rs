//! `chancery up` and `chancery serve`: a process that runs services until it is told to stop.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use chancery_clock::{SharedClock, SystemClock};
use chancery_contracts::{Service, catalogue};
use chancery_database::SCHEMAS;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli;
use crate::compose::{Frame, House, compose, identity};
use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;

/// Everything on this machine.
pub async fn up(config: Config, options: &cli::Up) -> Result<(), Failure> {
    chancery_telemetry::logging::start(&config.log).map_err(|error| Failure::said(error.to_string()))?;
    let clock = SystemClock::shared();
    // Before the database is started, so that a taken port is known at once.
    let listener = listen(&config).await?;
    let stop = told_to_stop()?;
    let ground = Ground::take(config).await?;
    let ran = async {
        ground.migrate().await?;
        if options.demo {
            refuse_real_data(&ground).await?;
            tokio::select! {
                loaded = load_demonstration(&ground, &clock) => loaded?,
                () = stop.cancelled() => return Ok(()),
            }
        }
        let house = compose(
            &ground,
            &Service::ALL.into(),
            &Frame {
                clock: &clock,
                shutdown: &stop,
                demo: options.demo,
            },
        )?;
        greet(&ground, &clock, options.demo).await?;
        run(house, listener, &ground.config, stop).await
    }
    .await;
    ground.leave().await?;
    ran
}

/// Some services, beside others.
pub async fn serve(config: Config, options: &cli::Serve) -> Result<(), Failure> {
    chancery_telemetry::logging::start(&config.log).map_err(|error| Failure::said(error.to_string()))?;
    let here: BTreeSet<Service> = options.services.iter().copied().collect();
    let elsewhere: BTreeSet<Service> = options.elsewhere.iter().copied().collect();
    if let Some(missing) = missing_partner(&here, &elsewhere) {
        return Err(Failure::Said(missing));
    }
    let clock = SystemClock::shared();
    let listener = listen(&config).await?;
    let stop = told_to_stop()?;
    let ground = Ground::join(config).await?;
    let ran = async {
        let frame = Frame {
            clock: &clock,
            shutdown: &stop,
            demo: options.demo,
        };
        let house = compose(&ground, &here, &frame)?;
        let names: Vec<&str> = here.iter().map(|service| service.name()).collect();
        println!(
            "Chancery runs {} on http://{}",
            names.join(", "),
            ground.config.web.listen
        );
        run(house, listener, &ground.config, stop).await
    }
    .await;
    ground.leave().await?;
    ran
}

/// The first partner that a set lacks, as a sentence. Partners are those with whom its services exchange messages: without
/// them its messages would wait for nobody, or never come.
fn missing_partner(here: &BTreeSet<Service>, elsewhere: &BTreeSet<Service>) -> Option<String> {
    for message in catalogue() {
        let (producers, consumers) = (message.producers, message.consumers);
        let present = |service: &Service| here.contains(service) || elsewhere.contains(service);
        for service in here
            .iter()
            .filter(|service| producers.contains(service) || consumers.contains(service))
        {
            // Whoever sends needs all who receive; whoever receives needs one who sends.
            let lacking = if producers.contains(service) {
                consumers.iter().find(|partner| !present(partner))
            } else if producers.iter().any(present) {
                None
            } else {
                producers.first()
            };
            if let Some(partner) = lacking {
                return Some(format!(
                    "{service} works with {partner}, which is not among the services named; add {partner}, or say that \
                     another process runs it with --elsewhere {partner}"
                ));
            }
        }
    }
    None
}

async fn listen(config: &Config) -> Result<TcpListener, Failure> {
    let address = config.web.listen;
    TcpListener::bind(address).await.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            let other = SocketAddr::new(address.ip(), address.port().saturating_add(1));
            Failure::said(format!(
                "{address} is in use by another program (another chancery?); stop it, or choose another port: \
                 CHANCERY_WEB__LISTEN={other}"
            ))
        } else {
            Failure::said(format!("cannot listen on {address}: {error}"))
        }
    })
}

/// Cancelled by Ctrl-C or SIGTERM. A second signal ends the process at once; what it leaves is what a crash leaves.
fn told_to_stop() -> Result<CancellationToken, Failure> {
    let stop = CancellationToken::new();
    let told = stop.clone();
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| Failure::said(error.to_string()))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| Failure::said(error.to_string()))?;
    tokio::spawn(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        eprintln!("Stopping: work in hand is finished first. Press Ctrl-C again to end at once.");
        told.cancel();
        // `make` passes the terminal's own signal on, so one that follows at once is the same one.
        tokio::time::sleep(Duration::from_secs(1)).await;
        while interrupt.try_recv_now() || terminate.try_recv_now() {}
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        std::process::exit(130);
    });
    Ok(stop)
}

/// Takes signals that have come already.
trait TryRecvNow {
    fn try_recv_now(&mut self) -> bool;
}

impl TryRecvNow for tokio::signal::unix::Signal {
    fn try_recv_now(&mut self) -> bool {
        let waker = std::task::Waker::noop();
        self.poll_recv(&mut std::task::Context::from_waker(waker))
            .is_ready()
    }
}

/// A demonstration lets everybody in, so it must not be opened on a ministry's own data.
async fn refuse_real_data(ground: &Ground) -> Result<(), Failure> {
    let owner = ground.owner().await?;
    let real: bool =
        sqlx::query_scalar("select exists (select from identity.people where email not like '%.example')")
            .fetch_one(&owner)
            .await?;
    owner.close().await;
    if real {
        return Err(Failure::said(
            "this database holds real people, and --demo would let everybody sign in as them; choose another data folder: \
             CHANCERY_DATA=…",
        ));
    }
    Ok(())
}

/// Loads the demonstration whole. A load that was broken off (Ctrl-C, kill -9) is thrown away and repeated: half a ministry
/// is none, and there is nothing else in this database.
async fn load_demonstration(ground: &Ground, clock: &SharedClock) -> Result<(), Failure> {
    let mark = ground.config.data().join("demonstration.unfinished");
    let owner = ground.owner().await?;
    if mark.exists() {
        for schema in SCHEMAS.iter().rev() {
            let statement = format!("drop schema if exists {} cascade", schema.name);
            sqlx::query(sqlx::AssertSqlSafe(statement))
                .execute(&owner)
                .await?;
        }
        ground.migrate().await?;
    }
    let loaded: bool = sqlx::query_scalar("select exists (select from identity.people)")
        .fetch_one(&owner)
        .await?;
    owner.close().await;
    if !loaded {
        std::fs::write(&mark, "").map_err(Failure::io(&mark))?;
        crate::demo::load(ground, clock).await?;
        std::fs::remove_file(&mark).map_err(Failure::io(&mark))?;
    }
    Ok(())
}

/// Tells a person where to click.
async fn greet(ground: &Ground, clock: &SharedClock, demo: bool) -> Result<(), Failure> {
    let address = ground.config.base_url()?;
    let address = address.as_str().trim_end_matches('/');
    let code = if demo {
        None
    } else {
        let code = identity(ground, clock, false).setup_code().await;
        code.map_err(|error| Failure::said(error.to_string()))?
    };
    match code {
        Some(code) => println!(
            "Chancery is ready. Make the first administrator at {address}/setup?code={}",
            code.reveal()
        ),
        None if demo => println!(
            "Chancery is ready: open {address} and sign in as anybody of the demonstration ministry."
        ),
        None => println!("Chancery is ready: open {address}"),
    }
    Ok(())
}

/// Serves and works until told to stop, then lets what is in hand end within the configured time.
async fn run(
    house: House,
    listener: TcpListener,
    config: &Config,
    stop: CancellationToken,
) -> Result<(), Failure> {
    let mut tasks: JoinSet<Result<(), String>> = JoinSet::new();
    for (service, worker) in house.workers {
        let stop = stop.clone();
        tasks.spawn(async move {
            worker
                .run(stop)
                .await
                .map_err(|error| format!("{service}: {error}"))
        });
    }
    let told = stop.clone();
    let app = house.router.into_make_service_with_connect_info::<SocketAddr>();
    tasks.spawn(async move {
        let served = axum::serve(listener, app)
            .with_graceful_shutdown(told.cancelled_owned())
            .await;
        served.map_err(|error| format!("the web server failed: {error}"))
    });
    // Ends early only when a part fails; the rest is then told to stop as well.
    let mut failure = tokio::select! {
        () = stop.cancelled() => None,
        ended = tasks.join_next() => ended.and_then(reason),
    };
    stop.cancel();
    let drained = tokio::time::timeout(Duration::from_secs(config.work.drain_seconds), async {
        while let Some(ended) = tasks.join_next().await {
            failure = failure.take().or_else(|| reason(ended));
        }
    });
    if drained.await.is_err() {
        tracing::warn!(
            seconds = config.work.drain_seconds,
            "work in hand did not end in time; it will be taken up again"
        );
        tasks.shutdown().await;
    }
    for pool in house.pools {
        pool.close().await;
    }
    failure.map_or(Ok(()), |sentence| Err(Failure::Said(sentence)))
}

fn reason(ended: Result<Result<(), String>, tokio::task::JoinError>) -> Option<String> {
    match ended {
        Ok(done) => done.err(),
        Err(error) => Some(format!("a part of the process broke: {error}")),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::missing_partner;
    use chancery_contracts::Service;
    use std::collections::BTreeSet;

    #[test]
    fn all_services_together_lack_nobody() {
        assert_eq!(missing_partner(&Service::ALL.into(), &BTreeSet::new()), None);
    }

    #[test]
    fn a_set_without_its_partner_is_told_so_in_one_sentence() {
        let alone = BTreeSet::from([Service::Calendar]);
        let sentence = missing_partner(&alone, &BTreeSet::new()).expect("a calendar alone sends to nobody");
        assert!(
            sentence.starts_with("calendar works with ") && sentence.contains("--elsewhere"),
            "{sentence}"
        );
        assert!(!sentence.contains('\n'));
        for service in Service::ALL {
            let others: BTreeSet<Service> = Service::ALL
                .into_iter()
                .filter(|other| *other != service)
                .collect();
            assert_eq!(missing_partner(&BTreeSet::from([service]), &others), None);
        }
    }
}
