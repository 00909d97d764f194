//! Finding and calling the installed server's programs.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::{Account, EmbeddedError};

/// The oldest major version that Chancery runs on.
pub const OLDEST_MAJOR: u32 = 15;

/// Where packages put the programs, one folder per major version.
const PACKAGES: [&str; 4] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
];

/// One installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Installation {
    /// Major version, such as 15.
    pub major: u32,
    /// Minor version, such as 18.
    pub minor: u32,
    /// The folder of `postgres`, `initdb`, `pg_dump` and `pg_restore`.
    pub bin: PathBuf,
}

impl Installation {
    /// The newest installed PostgreSQL that is new enough.
    pub async fn find() -> Option<Self> {
        Self::all().await.pop_last()
    }

    /// The newest installed PostgreSQL of this major version.
    pub async fn find_major(major: u32) -> Option<Self> {
        Self::all().await.into_iter().rfind(|found| found.major == major)
    }

    /// Every installed PostgreSQL that is new enough, oldest first.
    pub async fn all() -> BTreeSet<Self> {
        let mut all = BTreeSet::new();
        for bin in folders() {
            if let Some(found) = Self::at(&bin).await
                && found.major >= OLDEST_MAJOR
            {
                all.insert(found);
            }
        }
        all
    }

    /// The installation whose programs are in `bin`; `None` when `postgres` or `initdb` is not there.
    async fn at(bin: &Path) -> Option<Self> {
        // The programs in PATH may be links; what belongs to them lies beside their targets.
        let bin = std::fs::canonicalize(bin.join("postgres"))
            .ok()?
            .parent()?
            .to_owned();
        if !bin.join("initdb").is_file() {
            return None;
        }
        let printed = Command::new(bin.join("postgres"))
            .arg("--version")
            .output()
            .await
            .ok()?;
        let (major, minor) = version(&String::from_utf8_lossy(&printed.stdout))?;
        Some(Self { major, minor, bin })
    }

    /// The path of one of the programs.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Runs `initdb`. No superuser gets a password; UTF-8, sorted by code point; data checksums.
    pub(super) async fn init(
        &self,
        cluster: &Path,
        home: &Path,
        account: Option<&Account>,
    ) -> Result<(), EmbeddedError> {
        let mut command = self.command("initdb", home, account);
        command
            .arg("--pgdata")
            .arg(cluster)
            .args([
                "--username=postgres",
                "--auth=reject",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .args(["--data-checksums"])
            .stdin(Stdio::null());
        let output = command
            .output()
            .await
            .map_err(EmbeddedError::io(self.program("initdb")))?;
        if output.status.success() {
            return Ok(());
        }
        Err(EmbeddedError::Program {
            program: "initdb",
            reason: tail(&output.stderr),
        })
    }

    /// Runs `sql`, one statement per line, in single-user mode: as superuser, without a server and without a password.
    pub(super) async fn single_user(
        &self,
        cluster: &Path,
        home: &Path,
        account: Option<&Account>,
        sql: &str,
    ) -> Result<(), EmbeddedError> {
        let failed = || EmbeddedError::io(self.program("postgres"));
        let mut command = self.command("postgres", home, account);
        command
            .args([
                "--single",
                "-c",
                "exit_on_error=on",
                "-c",
                "log_min_messages=fatal",
                "-D",
            ])
            .arg(cluster)
            .arg("postgres");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed())?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(sql.as_bytes()).await.map_err(failed())?;
        }
        let output = child.wait_with_output().await.map_err(failed())?;
        if output.status.success() {
            return Ok(());
        }
        Err(EmbeddedError::Program {
            program: "postgres --single",
            reason: tail(&output.stderr),
        })
    }

    /// A command that runs as `account`, in `home`, with nothing of our environment that could mislead it.
    pub(super) fn command(&self, program: &str, home: &Path, account: Option<&Account>) -> Command {
        let mut command = std::process::Command::new(self.program(program));
        command
            .current_dir(home)
            .env_clear()
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("HOME", home);
        command.env("PATH", self.bin.as_os_str());
        // Not in our group, so that a Ctrl-C in the terminal is ours to handle first.
        command.process_group(0);
        if let Some(account) = account {
            command.uid(account.uid).gid(account.gid);
        }
        Command::from(command)
    }
}

/// The last lines of what a program said.
fn tail(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .rev()
        .take(3)
        .collect();
    lines.reverse();
    lines.join("; ")
}

/// Every folder where the programs may be: those of PATH, then those of packages.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for pattern in PACKAGES {
        folders.extend(matching(pattern));
    }
    folders
}

/// The folders of `PARENT/PREFIX*/bin`.
fn matching(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return Vec::new();
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    let named = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(prefix));
    let found = entries.flatten().filter(|entry| named(&entry.file_name()));
    found
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect()
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`. Development versions such as `19devel` have no minor.
fn version(printed: &str) -> Option<(u32, u32)> {
    let number = printed
        .strip_prefix("postgres (PostgreSQL) ")?
        .split_whitespace()
        .next()?;
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    let digits = major.trim_end_matches(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let major: String = digits.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_as_servers_print_them() {
        assert_eq!(
            version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some((15, 18))
        );
        assert_eq!(version("postgres (PostgreSQL) 18.0\n"), Some((18, 0)));
        assert_eq!(version("postgres (PostgreSQL) 19devel\n"), Some((19, 0)));
        assert_eq!(version("postgres (PostgreSQL) 17beta2\n"), Some((17, 0)));
        assert_eq!(version("psql (PostgreSQL) 15.18"), None);
        assert_eq!(version(""), None);
    }
}
