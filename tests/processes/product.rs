//! The binary as an operator starts it, with a data folder and a port of its own.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::StatusCode;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The binary under test: the one built with the tests, or another build that `CHANCERY_BIN` names.
fn binary() -> PathBuf {
    std::env::var_os("CHANCERY_BIN").map_or_else(|| env!("CARGO_BIN_EXE_chancery").into(), PathBuf::from)
}

/// Longer than anything here takes on a busy machine; a test that waits for it has failed.
pub const PATIENCE: Duration = Duration::from_mins(5);

/// An installation: where its data is and what its processes are told by environment.
pub struct Installation {
    pub folder: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Installation {
    /// With the embedded database.
    pub fn embedded() -> Self {
        let folder = tempfile::Builder::new().prefix("chancery-p-").tempdir().unwrap();
        // Root's server runs as another user, who must be able to pass.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            folder,
            environment: Vec::new(),
        }
    }

    /// With the embedded database, in which the demonstration is loaded. Loading takes a while, so it is done once for each
    /// build and copied.
    pub async fn demonstration() -> Self {
        let made = Self::embedded();
        let kept = std::env::temp_dir().join(format!("chancery-demonstration-{}", nix::unistd::geteuid()));
        std::fs::create_dir_all(&kept).unwrap();
        let turn = File::create(kept.join("lock")).unwrap();
        turn.lock().unwrap();
        let built = std::fs::metadata(binary()).unwrap();
        let built = format!("{:?} {}", built.modified().unwrap(), built.len());
        if std::fs::read_to_string(kept.join("of")).ok() != Some(built.clone()) {
            let loading = Self::embedded();
            assert!(loading.start(&["up", "--demo"]).await.interrupt().await.success());
            copy(&loading.data(), &kept.join("data"));
            std::fs::write(kept.join("of"), built).unwrap();
        }
        copy(&kept.join("data"), &made.data());
        made
    }

    /// Adds to what its processes are told by environment.
    pub fn told(mut self, name: &'static str, value: String) -> Self {
        self.environment.push((name, value));
        self
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Copies the secret key of another installation, as an operator does before a restore.
    pub fn take_key_of(&self, other: &Self) {
        std::fs::create_dir_all(self.data()).unwrap();
        std::fs::copy(other.data().join("secret.key"), self.data().join("secret.key")).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .env_clear()
            .current_dir(self.folder.path());
        for inherited in ["PATH", "HOME", "USER"] {
            if let Some(value) = std::env::var_os(inherited) {
                command.env(inherited, value);
            }
        }
        command
            .env("CHANCERY_DATA", self.data())
            .env("CHANCERY_LOG__FILTER", "warn")
            .env("CHANCERY_LOG__FORMAT", "pretty");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        tokio::time::timeout(PATIENCE, self.command(arguments).output())
            .await
            .unwrap()
            .unwrap()
    }

    /// Runs a command that must succeed; gives what it printed.
    pub async fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "chancery {}: {errors}",
            arguments.join(" ")
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail; gives its sentence.
    pub async fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert!(
            !output.status.success(),
            "chancery {} succeeded",
            arguments.join(" ")
        );
        String::from_utf8(output.stderr).unwrap()
    }

    /// Starts a process and does not wait for it.
    pub fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command
            .env("CHANCERY_WEB__LISTEN", format!("127.0.0.1:{}", free_port()))
            .stdout(Stdio::null());
        command.spawn().unwrap()
    }

    /// Starts a process that serves, and waits for its word that it is ready.
    pub async fn start(&self, arguments: &[&str]) -> Process {
        self.start_on(free_port(), arguments).await
    }

    /// The same on a given port; its pages link to `http://localhost:PORT`.
    pub async fn start_on(&self, port: u16, arguments: &[&str]) -> Process {
        let mut command = self.command(arguments);
        command.env("CHANCERY_WEB__LISTEN", format!("127.0.0.1:{port}"));
        command.stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = tokio::time::timeout(PATIENCE, said.next_line())
            .await
            .unwrap()
            .unwrap();
        let ready = ready.unwrap_or_default();
        assert!(
            ready.starts_with("Chancery "),
            "chancery {} ended: {ready}",
            arguments.join(" ")
        );
        Process {
            child,
            said,
            ready,
            port,
        }
    }
}

/// A client for addresses of this machine only, which the product's own guarded client refuses.
pub fn client() -> reqwest::Client {
    // Refused only when another test of this process was faster.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Reads an address.
pub async fn get(address: &str) -> (StatusCode, String) {
    let answer = client().get(address).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Copies a folder with its owners; what was there before goes.
fn copy(from: &Path, to: &Path) {
    if to.exists() {
        std::fs::remove_dir_all(to).unwrap();
    }
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(copied.success());
}

/// A port that nobody uses at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A running process.
pub struct Process {
    child: Child,
    /// Kept open: a process that writes to a closed pipe would be ended by it.
    said: Lines<BufReader<ChildStdout>>,
    /// The line with which it said that it is ready.
    pub ready: String,
    pub port: u16,
}

impl Process {
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().unwrap().try_into().unwrap())
    }

    /// As a power cut would, for this process only.
    pub async fn kill(mut self) {
        kill(self.pid(), Signal::SIGKILL).unwrap();
        self.child.wait().await.unwrap();
    }

    /// As Ctrl-C in the terminal.
    pub async fn interrupt(mut self) -> ExitStatus {
        kill(self.pid(), Signal::SIGINT).unwrap();
        let ended = tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .unwrap()
            .unwrap();
        while self.said.next_line().await.unwrap().is_some() {}
        ended
    }

    /// Resident memory in bytes.
    pub fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(Path::new("/proc").join(self.pid().to_string()).join("status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}
