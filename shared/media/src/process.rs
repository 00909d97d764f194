//! Other people's programs, kept on a short lead.
//!
//! A decoder that reads files from outside is where a machine is broken into. Each runs as a child with bounds on
//! memory, processor time, the size and number of its files and what it may say; with an empty environment, in a
//! folder of its own, without a network where the kernel allows that; and with all its children it is killed when its
//! time is over or nobody waits for it any more.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::{MediaError, Refused};

/// Where programs are looked for. What a user has in their own path doesn't count.
const PLACES: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];
/// Of what a program complains, the end is kept.
const COMPLAINT: usize = 16 * 1024;

/// A program and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Debian's package.
    pub package: &'static str,
}

/// Every program that is used, for whoever checks an installation.
pub const PROGRAMS: &[Program] = &[
    FFMPEG,
    FFPROBE,
    PDFINFO,
    PDFTOTEXT,
    PDFTOPPM,
    QPDF,
    HEIF_CONVERT,
    EXIFTOOL,
    PRLIMIT,
];

pub(crate) const FFMPEG: Program = Program {
    name: "ffmpeg",
    package: "ffmpeg",
};
pub(crate) const FFPROBE: Program = Program {
    name: "ffprobe",
    package: "ffmpeg",
};
pub(crate) const PDFINFO: Program = Program {
    name: "pdfinfo",
    package: "poppler-utils",
};
pub(crate) const PDFTOTEXT: Program = Program {
    name: "pdftotext",
    package: "poppler-utils",
};
pub(crate) const PDFTOPPM: Program = Program {
    name: "pdftoppm",
    package: "poppler-utils",
};
pub(crate) const QPDF: Program = Program {
    name: "qpdf",
    package: "qpdf",
};
pub(crate) const HEIF_CONVERT: Program = Program {
    name: "heif-convert",
    package: "libheif-examples",
};
pub(crate) const EXIFTOOL: Program = Program {
    name: "exiftool",
    package: "libimage-exiftool-perl",
};
const PRLIMIT: Program = Program {
    name: "prlimit",
    package: "util-linux",
};
const UNSHARE: Program = Program {
    name: "unshare",
    package: "util-linux",
};

impl Program {
    /// Its file, if it is installed.
    #[must_use]
    pub fn find(self) -> Option<PathBuf> {
        PLACES
            .iter()
            .map(|place| Path::new(place).join(self.name))
            .find(|path| path.is_file())
    }

    fn required(self) -> Result<PathBuf, MediaError> {
        self.find().ok_or(MediaError::Missing {
            program: self.name,
            package: self.package,
        })
    }
}

/// What a child may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Address space, in bytes.
    pub memory: u64,
    /// By the clock; of processor time it gets twice as much, having several threads.
    pub time: Duration,
    /// Longest file that it writes.
    pub file: u64,
    /// Most bytes that it says.
    pub output: usize,
}

impl Bounds {
    /// For a question with a short answer.
    pub(crate) const QUESTION: Self = Self {
        memory: 1 << 30,
        time: Duration::from_secs(30),
        file: 0,
        output: 4 << 20,
    };
    /// For making one picture.
    pub(crate) const PICTURE: Self = Self {
        memory: 3 << 30,
        time: Duration::from_mins(1),
        file: 600 << 20,
        output: 1 << 20,
    };
    /// For making a film.
    pub(crate) const FILM: Self = Self {
        memory: 4 << 30,
        time: Duration::from_hours(2),
        file: 6 << 30,
        output: 1 << 20,
    };
}

/// Listens to what a child says, line by line.
pub(crate) type Hear<'a> = dyn Fn(&str) + Send + Sync + 'a;

/// How a child ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// What it said.
    pub output: Vec<u8>,
    /// The end of what it complained of.
    pub complaint: String,
    status: ExitStatus,
}

impl Ended {
    /// Whether it did what it was asked.
    pub(crate) fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// What it said, if it did what it was asked; otherwise the file was damaged.
    pub(crate) fn or_damaged(self) -> Result<Vec<u8>, MediaError> {
        if self.succeeded() {
            return Ok(self.output);
        }
        let last = self.complaint.lines().rfind(|line| !line.trim().is_empty());
        Err(Refused::damaged(last.unwrap_or("it cannot be read")).into())
    }
}

/// Runs a program in `folder` until it ends.
///
/// # Errors
/// [`MediaError::Missing`], [`Refused::TooSlow`] when it reached one of its bounds, [`Refused::Bomb`] when it said too
/// much. How it ended otherwise is for the caller to judge.
pub(crate) async fn run(
    program: Program,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    folder: &Path,
    bounds: Bounds,
) -> Result<Ended, MediaError> {
    run_heard(program, arguments, folder, bounds, &|_| ()).await
}

/// Like [`run`], and `hear` is given every line while it is said.
///
/// # Errors
/// See [`run`].
pub(crate) async fn run_heard(
    program: Program,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    folder: &Path,
    bounds: Bounds,
    hear: &Hear<'_>,
) -> Result<Ended, MediaError> {
    let path = program.required()?;
    let mut command = Command::new(PRLIMIT.required()?);
    command
        .arg(format!("--as={}", bounds.memory))
        .arg(format!("--cpu={}", bounds.time.as_secs() * 2))
        .arg(format!("--fsize={}", bounds.file))
        .args(["--core=0", "--nofile=256"]);
    if let Some(unshare) = without_network().await {
        command.arg(unshare).arg("-rn");
    }
    command.arg(path).args(arguments);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    let group = Group(
        child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .map(Pid::from_raw),
    );
    let (out, err) = (child.stdout.take(), child.stderr.take());

    // The first that fails ends all three, and with them the child.
    let status = async { Ok(child.wait().await?) };
    let work = async { tokio::try_join!(until(out, bounds.output, hear), the_end_of(err), status) };
    let Ok(ended) = tokio::time::timeout(bounds.time, work).await else {
        return Err(Refused::TooSlow.into());
    };
    let (output, complaint, status) = ended?;
    group.let_go();
    if was_stopped(status) {
        return Err(Refused::TooSlow.into());
    }
    Ok(Ended {
        output,
        complaint,
        status,
    })
}

/// Killed by a bound: too much processor time, too long a file, no more memory.
fn was_stopped(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    let bounds = [Signal::SIGKILL, Signal::SIGXCPU, Signal::SIGXFSZ];
    status
        .signal()
        .is_some_and(|signal| bounds.iter().any(|bound| *bound as i32 == signal))
}

/// All of a stream, which must not be more than `most`.
async fn until(
    stream: Option<impl AsyncRead + Unpin>,
    most: usize,
    hear: &Hear<'_>,
) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    let mut heard = 0;
    if let Some(stream) = stream {
        let mut stream = stream.take(most as u64 + 1);
        while stream.read_buf(&mut bytes).await? > 0 {
            let new = bytes.get(heard..).unwrap_or_default();
            let Some(end) = new.iter().rposition(|byte| *byte == b'\n') else {
                continue;
            };
            let whole = new.get(..end).unwrap_or_default();
            for line in whole.split(|byte| *byte == b'\n') {
                hear(&String::from_utf8_lossy(line));
            }
            heard += end + 1;
        }
    }
    if bytes.len() > most {
        return Err(Refused::Bomb.into());
    }
    Ok(bytes)
}

/// The last bytes of a stream that may be endless.
async fn the_end_of(stream: Option<impl AsyncRead + Unpin>) -> Result<String, MediaError> {
    let mut kept = Vec::new();
    if let Some(mut stream) = stream {
        let mut chunk = vec![0; 8 * 1024];
        loop {
            let read = stream.read(&mut chunk).await?;
            let Some(read) = chunk.get(..read).filter(|read| !read.is_empty()) else {
                break;
            };
            kept.extend_from_slice(read);
            let over = kept.len().saturating_sub(COMPLAINT);
            kept.drain(..over);
        }
    }
    Ok(String::from_utf8_lossy(&kept).into_owned())
}

/// A child and its children, killed together unless they ended well.
struct Group(Option<Pid>);

impl Group {
    fn let_go(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0
            && let Err(error) = killpg(group, Signal::SIGKILL)
        {
            tracing::debug!(%error, "a child had ended already");
        }
    }
}

/// The program that takes the network away, where the kernel lets it.
async fn without_network() -> Option<&'static Path> {
    static ALLOWED: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let found = ALLOWED.get_or_init(|| async {
        let unshare = UNSHARE.find()?;
        let tried = Command::new(&unshare)
            .args(["-rn", "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await;
        tried.is_ok_and(|status| status.success()).then_some(unshare)
    });
    found.await.as_deref()
}

/// Arguments of different kinds in one list.
pub(crate) fn arguments<const N: usize>(list: [&dyn AsRef<OsStr>; N]) -> Vec<OsString> {
    list.iter().map(|argument| argument.as_ref().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SH: Program = Program {
        name: "sh",
        package: "dash",
    };
    const BOUNDS: Bounds = Bounds {
        memory: 1 << 30,
        time: Duration::from_secs(20),
        file: 1 << 20,
        output: 10_000,
    };

    async fn shell(script: &str, bounds: Bounds) -> Result<Ended, MediaError> {
        let folder = tempfile::tempdir()?;
        run(SH, ["-c", script], folder.path(), bounds).await
    }

    fn reason(result: Result<Ended, MediaError>) -> Option<Refused> {
        match result {
            Err(MediaError::Refused(refused)) => Some(refused),
            _ => None,
        }
    }

    #[tokio::test]
    async fn a_child_sees_nothing_of_ours() -> Result<(), MediaError> {
        let said = shell("env | cut -d= -f1 | sort; cat", BOUNDS).await?.output;
        let mut names: Vec<&str> = std::str::from_utf8(&said).unwrap_or_default().lines().collect();
        // What the shell itself sets.
        names.retain(|name| !matches!(*name, "PWD" | "OLDPWD" | "SHLVL" | "_"));
        assert_eq!(names, ["HOME", "LC_ALL", "PATH", "TMPDIR"]);
        Ok(())
    }

    #[tokio::test]
    async fn a_child_has_no_network_where_the_kernel_allows_that() -> Result<(), MediaError> {
        let said = shell("cat /proc/net/dev", BOUNDS).await?.output;
        let devices = String::from_utf8_lossy(&said)
            .lines()
            .filter(|line| line.contains(':'))
            .count();
        assert!(devices == 1 || without_network().await.is_none());
        Ok(())
    }

    #[tokio::test]
    async fn a_child_that_does_not_end_is_killed_with_its_children() -> Result<(), MediaError> {
        let folder = tempfile::tempdir()?;
        let bounds = Bounds {
            time: Duration::from_secs(1),
            ..BOUNDS
        };
        let script = "tail -f /dev/null & echo $! > child; wait";
        let result = run(SH, ["-c", script], folder.path(), bounds).await;
        assert_eq!(reason(result), Some(Refused::TooSlow));
        let id = std::fs::read_to_string(folder.path().join("child"))?;
        let status = format!("/proc/{}/cmdline", id.trim());
        // What is dead has no command line, even before somebody buried it.
        let gone = async {
            while std::fs::read(&status).is_ok_and(|line| !line.is_empty()) {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_secs(10), gone).await.is_ok());
        Ok(())
    }

    #[tokio::test]
    async fn what_a_child_says_is_heard_while_it_runs() -> Result<(), MediaError> {
        let folder = tempfile::tempdir()?;
        let go = folder.path().join("go");
        let heard = std::sync::Mutex::new(Vec::new());
        let hear = |line: &str| {
            // It goes on only when somebody has heard its first words.
            assert!(std::fs::write(&go, "").is_ok());
            if let Ok(mut heard) = heard.lock() {
                heard.push(line.to_owned());
            }
        };
        let script = "printf 'one\\ntwo\\nthr'; until [ -e go ]; do :; done; printf 'ee\\nrest'";
        let ended = run_heard(SH, ["-c", script], folder.path(), BOUNDS, &hear).await?;
        assert_eq!(ended.output, b"one\ntwo\nthree\nrest");
        assert_eq!(heard.into_inner().unwrap_or_default(), ["one", "two", "three"]);
        Ok(())
    }

    #[tokio::test]
    async fn a_child_that_talks_without_end_is_stopped() {
        assert_eq!(reason(shell("exec yes", BOUNDS).await), Some(Refused::Bomb));
    }

    #[tokio::test]
    async fn a_child_cannot_fill_the_disk_or_the_memory() -> Result<(), MediaError> {
        let written = shell("exec cp /dev/zero zeros", BOUNDS).await;
        assert_eq!(reason(written), Some(Refused::TooSlow));
        let bounds = Bounds {
            memory: 100 << 20,
            ..BOUNDS
        };
        // Keeps the last line, which has no end.
        let kept = shell("head -c 1G /dev/zero | tail -n 1 | wc -c; exit 0", bounds).await?;
        assert!(kept.complaint.contains("memory"), "{kept:?}");
        Ok(())
    }

    #[tokio::test]
    async fn a_missing_program_names_its_package() {
        let missing = Program {
            name: "no-such-program",
            package: "no-such-package",
        };
        let result = run(missing, ["x"], Path::new("/tmp"), BOUNDS).await;
        assert!(matches!(
            result,
            Err(MediaError::Missing {
                package: "no-such-package",
                ..
            })
        ));
    }
}
