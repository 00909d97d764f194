//! The running postmaster: start, adopt, stop.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};

use super::pid_file::{self, Status};
use super::{EmbeddedError, Folder, Installation, PORT};

/// Recovery after a crash replays the log and may take minutes on a slow disk.
const START_LIMIT: Duration = Duration::from_mins(10);
/// Backends that outlived a killed postmaster notice it within moments.
const ORPHANS_LIMIT: Duration = Duration::from_secs(20);
/// After this a clean stop becomes an immediate one; the next start then recovers from the log.
const STOP_LIMIT: Duration = Duration::from_mins(1);
/// How often the pid file is looked at; PostgreSQL's own `pg_ctl` does the same.
const GLANCE: Duration = Duration::from_millis(20);
/// A log longer than this is put aside at the next start.
const LOG_LIMIT: u64 = 10 * 1024 * 1024;

/// What the embedded server is told beyond its own `postgresql.conf`, which stays the operator's to edit.
const SETTINGS: [&str; 8] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "password_encryption=scram-sha-256",
    "cluster_name=chancery",
    "logging_collector=off",
    "log_destination=stderr",
    "timezone=UTC",
    "log_timezone=UTC",
];

/// A postmaster that this process is in charge of.
#[derive(Debug)]
pub(super) struct Server {
    pid: i32,
    /// `None` when it was adopted and is therefore not our child.
    child: Option<Child>,
    cluster: std::path::PathBuf,
    stopped: bool,
}

/// Waits until the server of `cluster`, which somebody else starts, is ready; `false` when there is none.
pub(super) async fn ready(cluster: &Path) -> bool {
    let deadline = Instant::now() + START_LIMIT;
    while Instant::now() < deadline {
        match pid_file::read(cluster) {
            Some(found) if !pid_file::is_postmaster(found.pid, cluster) => return false,
            Some(found) if found.status == Status::Ready => return true,
            Some(_) => sleep(GLANCE).await,
            None => return false,
        }
    }
    false
}

impl Server {
    /// Adopts the server that runs on this cluster, or starts one and waits until it takes connections.
    pub(super) async fn start(folder: &Folder, installation: &Installation) -> Result<Self, EmbeddedError> {
        let cluster = folder.cluster();
        if let Some(found) =
            pid_file::read(&cluster).filter(|found| pid_file::is_postmaster(found.pid, &cluster))
            && ready_or_gone(found.pid, &cluster).await
        {
            tracing::info!(
                pid = found.pid,
                "took over the database server that was still running"
            );
            return Ok(Self {
                pid: found.pid,
                child: None,
                cluster,
                stopped: false,
            });
        }
        let orphans = Instant::now() + ORPHANS_LIMIT;
        loop {
            pid_file::remove_if_stale(&cluster).map_err(EmbeddedError::io(cluster.join("postmaster.pid")))?;
            match Self::spawn(folder, installation).await {
                Err(EmbeddedError::NotStarted { reason, .. })
                    // Backends that outlived their postmaster, or a killed postmaster that nobody has waited for yet.
                    if (reason.contains("shared memory block") || reason.contains("postmaster.pid\" already exists"))
                        && Instant::now() < orphans =>
                {
                    sleep(Duration::from_millis(250)).await;
                }
                other => return other,
            }
        }
    }

    async fn spawn(folder: &Folder, installation: &Installation) -> Result<Self, EmbeddedError> {
        let cluster = folder.cluster();
        let log = open_log(&folder.log())?;
        let before = log.metadata().map_or(0, |found| found.len());
        let errors = log.try_clone().map_err(EmbeddedError::io(folder.log()))?;
        let mut command = installation.command("postgres", &folder.home, folder.account.as_ref());
        command
            .arg("-D")
            .arg(&cluster)
            .args(["-p", &PORT.to_string(), "-k"])
            .arg(&folder.socket);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .kill_on_drop(false);
        let mut child = command
            .spawn()
            .map_err(EmbeddedError::io(installation.program("postgres")))?;
        let pid = child
            .id()
            .and_then(|pid| i32::try_from(pid).ok())
            .unwrap_or_default();
        let deadline = Instant::now() + START_LIMIT;
        let failed = |reason: String| EmbeddedError::NotStarted {
            reason,
            log: folder.log(),
        };
        loop {
            if pid_file::read(&cluster).is_some_and(|found| found.pid == pid && found.status == Status::Ready)
            {
                return Ok(Self {
                    pid,
                    child: Some(child),
                    cluster,
                    stopped: false,
                });
            }
            if let Ok(Some(status)) = child.try_wait() {
                return Err(failed(
                    last_words(&folder.log(), before).unwrap_or_else(|| status.to_string()),
                ));
            }
            if Instant::now() > deadline {
                let _sent = kill(Pid::from_raw(pid), Signal::SIGQUIT);
                return Err(failed(format!(
                    "not ready after {} minutes",
                    START_LIMIT.as_secs() / 60
                )));
            }
            sleep(GLANCE).await;
        }
    }

    pub(super) const fn adopted(&self) -> bool {
        self.child.is_none()
    }

    pub(super) const fn pid(&self) -> i32 {
        self.pid
    }

    /// A fast shutdown (sessions end, a checkpoint is written); if that hangs, an immediate one.
    pub(super) async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.stopped = true;
        for (signal, limit) in [
            (Signal::SIGINT, STOP_LIMIT),
            (Signal::SIGQUIT, Duration::from_secs(10)),
        ] {
            if kill(Pid::from_raw(self.pid), signal).is_err() || timeout(limit, self.gone()).await.is_ok() {
                return Ok(());
            }
        }
        let error = std::io::Error::other(format!("process {} does not stop", self.pid));
        Err(EmbeddedError::Io {
            path: self.cluster.clone(),
            error,
        })
    }

    async fn gone(&mut self) {
        if let Some(child) = self.child.as_mut() {
            // An error means that it has been waited for already.
            let _status = child.wait().await;
        } else {
            while pid_file::alive(self.pid) {
                sleep(GLANCE).await;
            }
        }
    }
}

/// When the process ends by an error before it comes to [`Server::stop`], the server is told to stop all the same.
impl Drop for Server {
    fn drop(&mut self) {
        if !self.stopped {
            let _sent = kill(Pid::from_raw(self.pid), Signal::SIGINT);
        }
    }
}

/// Waits for a found server: `true` once it is ready, `false` once it has gone (it was stopping).
async fn ready_or_gone(pid: i32, cluster: &Path) -> bool {
    loop {
        if !pid_file::is_postmaster(pid, cluster) {
            return false;
        }
        if pid_file::read(cluster).is_some_and(|found| found.pid == pid && found.status == Status::Ready) {
            return true;
        }
        sleep(GLANCE).await;
    }
}

fn open_log(path: &Path) -> Result<File, EmbeddedError> {
    if fs::metadata(path).is_ok_and(|found| found.len() > LOG_LIMIT) {
        fs::rename(path, path.with_extension("log.1")).map_err(EmbeddedError::io(path))?;
    }
    let mut options = File::options();
    options.append(true).create(true).mode(0o600);
    options.open(path).map_err(EmbeddedError::io(path))
}

/// The FATAL and HINT lines that the server wrote after position `before`, or its last line.
fn last_words(path: &Path, before: u64) -> Option<String> {
    let text = fs::read(path).ok()?;
    let new = String::from_utf8_lossy(text.get(usize::try_from(before).ok()?..)?).into_owned();
    let told = |line: &&str| {
        ["FATAL:", "HINT:", "DETAIL:"]
            .iter()
            .any(|word| line.contains(word))
    };
    let words: Vec<&str> = new.lines().filter(told).collect();
    if words.is_empty() {
        new.lines().last().map(str::to_owned)
    } else {
        Some(words.join(" "))
    }
}
