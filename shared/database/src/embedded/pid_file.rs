//! `postmaster.pid`: what a running server says about itself, line by line (PostgreSQL's `utils/pidfile.h`).

use std::fs;
use std::io;
use std::path::Path;

use nix::sys::signal::kill;
use nix::unistd::Pid;

/// The server's own word on how far it is (line 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Starting,
    Ready,
    Stopping,
}

/// The lines that matter to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PidFile {
    pub pid: i32,
    pub status: Status,
}

/// Reads the pid file of a cluster; `None` when there is none or it is not yet written out.
pub(super) fn read(cluster: &Path) -> Option<PidFile> {
    parse(&fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
}

fn parse(text: &str) -> Option<PidFile> {
    let mut lines = text.lines();
    // A server in single-user mode writes its pid negated.
    let pid = lines.next()?.trim().parse::<i32>().ok()?.checked_abs()?;
    let status = match lines.nth(6).map(str::trim) {
        Some("ready" | "standby") => Status::Ready,
        Some("stopping") => Status::Stopping,
        _ => Status::Starting,
    };
    Some(PidFile { pid, status })
}

/// Whether process `pid` is the postmaster of `cluster`, rather than a stranger who got an old number. A postmaster's
/// working directory is its cluster; where there is no `/proc`, being alive must do.
pub(super) fn is_postmaster(pid: i32, cluster: &Path) -> bool {
    if !alive(pid) {
        return false;
    }
    if !Path::new("/proc/self").exists() {
        return true;
    }
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == cluster)
}

/// Whether a process of this number exists. A zombie that awaits its parent no longer counts.
pub(super) fn alive(pid: i32) -> bool {
    let zombie = fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('Z'))
    });
    !zombie && kill(Pid::from_raw(pid), None) != Err(nix::errno::Errno::ESRCH)
}

/// Removes a pid file whose number now belongs to a process that is no postmaster; PostgreSQL would refuse to start. One
/// whose number belongs to nobody is left to PostgreSQL, which also looks for backends that outlived their postmaster.
pub(super) fn remove_if_stale(cluster: &Path) -> io::Result<()> {
    match read(cluster) {
        Some(found) if alive(found.pid) && !is_postmaster(found.pid, cluster) => {
            tracing::warn!(
                pid = found.pid,
                "removed the pid file of a database server that is gone"
            );
            fs::remove_file(cluster.join("postmaster.pid"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::{PidFile, Status, alive, is_postmaster, parse};
    use std::path::Path;

    #[test]
    fn the_pid_file_is_read_at_every_stage() {
        let full =
            |status: &str| format!("4711\n/data/cluster\n1795300000\n5432\n/data\n\n  98307   0\n{status}\n");
        assert_eq!(
            parse(&full("ready   ")),
            Some(PidFile {
                pid: 4711,
                status: Status::Ready
            })
        );
        assert_eq!(
            parse(&full("stopping")),
            Some(PidFile {
                pid: 4711,
                status: Status::Stopping
            })
        );
        assert_eq!(
            parse(&full("starting")),
            Some(PidFile {
                pid: 4711,
                status: Status::Starting
            })
        );
        assert_eq!(
            parse("4711\n/data/cluster\n"),
            Some(PidFile {
                pid: 4711,
                status: Status::Starting
            })
        );
        assert_eq!(
            parse("-4711\n"),
            Some(PidFile {
                pid: 4711,
                status: Status::Starting
            })
        );
        assert_eq!(parse(""), None);
        assert_eq!(parse("garbage"), None);
    }

    #[test]
    fn a_living_stranger_is_no_postmaster() {
        let own = i32::try_from(std::process::id()).expect("process ids are small");
        assert!(alive(own));
        assert!(!is_postmaster(own, Path::new("/nowhere")));
        assert!(!is_postmaster(i32::MAX, Path::new("/nowhere")));
    }
}
