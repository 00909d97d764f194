//! `chancery doctor`: looks at everything that an installation stands on, and says what to do about what is wrong.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use chancery_clock::{Clock as _, SystemClock};
use chancery_contracts::Service;
use chancery_database::embedded::Installation;
use chancery_database::{installed, is_current};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;
use crate::secret::SecretKey;

/// Below this a day's pictures may not fit.
const LITTLE_SPACE: u64 = 2 * 1024 * 1024 * 1024;
/// A post goes out at its minute; clocks further apart than this make people doubt it.
const SKEW_SECONDS: i64 = 5;

/// What a check found.
enum Finding {
    /// Nothing to do.
    Good(String),
    /// It works, and somebody should look.
    Doubtful(String),
    /// It does not work; the sentence says what to do.
    Bad(String),
}
use Finding::{Bad, Doubtful, Good};

/// Runs all checks; fails when one is bad.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    let mut findings = vec![
        (
            "configuration",
            Good(format!("data in {}", config.data().display())),
        ),
        ("secret key", secret_key(&config)),
        ("storage", storage(&config).await),
        ("free space", free_space(&config.data())),
        ("browser files", browser_files()),
        ("media programs", media_programs()),
        ("fonts", fonts()),
        ("address", address(&config)?),
        ("mail", mail(&config).await),
    ];
    findings.push(("PostgreSQL", programs(&config).await));
    let began = config.database.url.is_some() || config.data().join("postgres/cluster/PG_VERSION").exists();
    if began {
        match Ground::reach(config).await {
            Ok(ground) => {
                database(&ground, &mut findings).await;
                ground.leave().await?;
            }
            Err(failure) => findings.push(("database", Bad(failure.to_string()))),
        }
    } else {
        findings.push((
            "database",
            Doubtful("not made yet; `chancery up` makes it".to_owned()),
        ));
    }
    let mut worst = ExitCode::SUCCESS;
    for (name, finding) in findings {
        let (mark, text) = match finding {
            Good(text) => ("ok  ", text),
            Doubtful(text) => ("look", text),
            Bad(text) => {
                worst = ExitCode::FAILURE;
                ("BAD ", text)
            }
        };
        println!("{mark}  {name:<14} {text}");
    }
    Ok(worst)
}

fn secret_key(config: &Config) -> Finding {
    let path = SecretKey::path(config);
    if config.secret_key.is_none() && !path.exists() {
        return Doubtful(format!(
            "{} is made at the first start; keep a copy elsewhere",
            path.display()
        ));
    }
    match SecretKey::load_or_create(config) {
        Ok(key) => Good(format!("fingerprint {}", key.fingerprint())),
        Err(error) => Bad(error.to_string()),
    }
}

async fn storage(config: &Config) -> Finding {
    if let Some(s3) = &config.storage.s3 {
        let answer = match config.store(SystemClock::shared()) {
            Ok(store) => store.probe().await,
            Err(error) => Err(error),
        };
        return match answer {
            Ok(()) => Good(format!("the bucket {} can be written to", s3.bucket)),
            Err(error) => Bad(format!("the bucket {} cannot be used: {error}", s3.bucket)),
        };
    }
    let folder = &config.storage();
    if !folder.exists() {
        return Doubtful(format!("{} is made at the first start", folder.display()));
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Good(format!("{} can be written to", folder.display())),
        Err(error) => Bad(format!("{} cannot be written to: {error}", folder.display())),
    }
}

fn free_space(data: &Path) -> Finding {
    let existing = data
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or_else(|| Path::new("/"));
    match nix::sys::statvfs::statvfs(existing) {
        Err(error) => Doubtful(format!("cannot be read: {error}")),
        Ok(found) => {
            let free = found.blocks_available() * found.fragment_size();
            let text = format!("{} GiB free for {}", free / (1024 * 1024 * 1024), data.display());
            if free < LITTLE_SPACE {
                Bad(format!("{text}; make room or choose another data folder"))
            } else {
                Good(text)
            }
        }
    }
}

/// Films, PDF and telephones' pictures cannot be opened without them; everything else works.
fn media_programs() -> Finding {
    let missing = chancery_media::PROGRAMS
        .iter()
        .filter(|program| program.find().is_none());
    let packages: BTreeSet<&str> = missing.map(|program| program.package).collect();
    if packages.is_empty() {
        return Good("ffmpeg, poppler, qpdf, libheif and exiftool are there".to_owned());
    }
    let packages: Vec<&str> = packages.into_iter().collect();
    Doubtful(format!(
        "some kinds of files cannot be opened; install them with: apt-get install {}",
        packages.join(" ")
    ))
}

/// What is printed is set in them.
fn fonts() -> Finding {
    let missing = chancery_print::missing_fonts();
    if missing.is_empty() {
        return Good("Noto is there".to_owned());
    }
    Doubtful(format!(
        "pages to print lack {}; install them with: apt-get install fonts-noto-core",
        missing.join(", ")
    ))
}

fn browser_files() -> Finding {
    if chancery_web::has_browser_files() {
        Good("part of this binary".to_owned())
    } else {
        Bad("missing from this binary; build it with `make up`, which bundles them".to_owned())
    }
}

fn address(config: &Config) -> Result<Finding, Failure> {
    let url = config.base_url()?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    Ok(if url.scheme() == "https" || local {
        Good(format!("{url} on {}", config.web.listen))
    } else {
        Bad(format!(
            "{url} is not https: sessions could be read on the way; put a proxy with TLS before it"
        ))
    })
}

/// Without mail everything else works: people see their notifications in the page.
async fn mail(config: &Config) -> Finding {
    let mailer = match config.mailer() {
        Ok(Some(mailer)) => mailer,
        Ok(None) => {
            return Doubtful(
                "no mail is sent: no mail server is configured (docs/running.md, “Mail”)".to_owned(),
            );
        }
        Err(error) => return Bad(error.to_string()),
    };
    match mailer.check().await {
        Ok(()) => Good(format!(
            "{} takes mails from {}",
            mailer.place(),
            mailer.address()
        )),
        Err(error) => Bad(format!("{} cannot be used: {error}", mailer.place())),
    }
}

async fn programs(config: &Config) -> Finding {
    match Installation::find().await {
        Some(found) => Good(format!(
            "{}.{} in {}",
            found.major,
            found.minor,
            found.bin.display()
        )),
        None if config.database.url.is_some() => {
            Doubtful("no programs on this machine: backup and restore need postgresql-client".to_owned())
        }
        None => Bad(chancery_database::embedded::EmbeddedError::NotInstalled.to_string()),
    }
}

async fn database(ground: &Ground, findings: &mut Vec<(&'static str, Finding)>) {
    let owner = match ground.owner().await {
        Ok(owner) => owner,
        Err(failure) => return findings.push(("database", Bad(failure.to_string()))),
    };
    match server(&owner).await {
        Ok((version, now)) => {
            findings.push(("database", Good(format!("PostgreSQL {version} answers"))));
            findings.push(("clock", skew(now)));
        }
        Err(error) => return findings.push(("database", Bad(error.to_string()))),
    }
    findings.push(("schemas", schemas(&owner).await));
    for service in Service::ALL {
        let pool = ground.logins.pool(service, 1);
        let role = ground.logins.role(service);
        let finding = match pool.acquire().await {
            Ok(_) => Good(format!("{role} can sign in")),
            Err(error) => Bad(format!(
                "{role} cannot sign in ({error}); run `chancery migrate` with this secret key"
            )),
        };
        findings.push(("role", finding));
    }
    owner.close().await;
}

async fn server(owner: &PgPool) -> Result<(String, DateTime<Utc>), sqlx::Error> {
    sqlx::query_as("select current_setting('server_version'), clock_timestamp()")
        .fetch_one(owner)
        .await
}

fn skew(database: DateTime<Utc>) -> Finding {
    let seconds = (SystemClock::new().now() - database).num_seconds().abs();
    if seconds <= SKEW_SECONDS {
        Good("agrees with the database's".to_owned())
    } else {
        Bad(format!(
            "is {seconds} seconds from the database's; let both follow a time server (chrony, systemd-timesyncd)"
        ))
    }
}

async fn schemas(owner: &PgPool) -> Finding {
    match (is_current(owner).await, installed(owner).await) {
        (Ok(true), _) => Good("up to date".to_owned()),
        (Ok(false), Ok(true)) => Bad("of another version; run `chancery migrate`".to_owned()),
        (Ok(false), Ok(false)) => {
            Doubtful("nothing installed yet; run `chancery up` or `chancery migrate`".to_owned())
        }
        (Err(error), _) | (_, Err(error)) => Bad(error.to_string()),
    }
}
