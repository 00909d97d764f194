//! A private PostgreSQL cluster in Chancery's data folder, for a new user and for one machine.
//!
//! The server's own installed binaries are used (15 or newer); nothing is downloaded. Layout below the data folder:
//!
//! ```text
//! chancery.lock        held by the process that runs the cluster; says its pid
//! postgres.password    password of the role `chancery`, who owns the database; mode 0600
//! postgres.log         the server's log; the one before it is postgres.log.1
//! postgres/            belongs to the account that runs the server
//!   cluster/           PGDATA
//!   .s.PGSQL.5432      the socket, unless this path is too long for one: then in /tmp/chancery-HASH
//! ```
//!
//! Rules:
//! - The cluster is durable: fsync stays on, and it listens on a unix socket only, with scram passwords.
//! - The server refuses to run as root. Started by root, it runs as an unprivileged account ([`Account`]).
//! - `initdb` writes to `cluster.new`, which is renamed when complete, so that a first start that was killed is repeated.
//! - A server that survived its Chancery (kill -9) is adopted; a pid file without its server is put aside.
//! - The postmaster has its own process group: Ctrl-C reaches Chancery, which drains its work and then stops the server.

mod account;
mod installation;
mod pid_file;
mod server;

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

pub use account::Account;
pub use installation::{Installation, OLDEST_MAJOR};
use server::Server;

/// The role that owns the database. It may create roles and databases and is no superuser.
pub const OWNER: &str = "chancery";
/// The database inside the cluster.
pub const DATABASE: &str = "chancery";
/// The port only names the socket file; nothing listens on the network.
const PORT: u16 = 5432;
/// `sockaddr_un` holds 108 bytes including the final zero; `/.s.PGSQL.5432.lock` is appended to the folder.
const LONGEST_SOCKET_FOLDER: usize = 85;

/// Why the embedded server is not there. Each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server binaries.
    #[error(
        "PostgreSQL {OLDEST_MAJOR} or newer is not installed; install it with `sudo apt-get install -y postgresql`, \
         or set DATABASE_URL to a server that you have"
    )]
    NotInstalled,
    /// The cluster was made by a major version that is no longer installed.
    #[error(
        "the database in {folder} was made by PostgreSQL {major}, which is no longer installed; install it with \
         `sudo apt-get install -y postgresql-{major}`, or upgrade the folder with pg_upgrade"
    )]
    OtherMajor {
        /// PGDATA.
        folder: PathBuf,
        /// The major version that made it.
        major: u32,
    },
    /// Another process runs this data folder.
    #[error(
        "{folder} is in use by another chancery (process {pid}); stop that one, or choose another data folder"
    )]
    InUse {
        /// The data folder.
        folder: PathBuf,
        /// What the lock file says.
        pid: String,
    },
    /// Root runs Chancery, and the server's account cannot reach its folder.
    #[error(
        "PostgreSQL runs as the user {account}, who may not enter {folder}; choose a data folder such as \
         /var/lib/chancery"
    )]
    Unreachable {
        /// The unprivileged account.
        account: String,
        /// The first folder that it cannot enter.
        folder: PathBuf,
    },
    /// No unprivileged account exists and none could be made.
    #[error(
        "PostgreSQL refuses to run as root and no account for it could be made ({0}); run `useradd --system chancery`"
    )]
    NoAccount(String),
    /// One of the server's own programs failed.
    #[error("{program} failed: {reason}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The end of what it printed.
        reason: String,
    },
    /// The server ended while starting, or did not become ready.
    #[error("PostgreSQL did not start: {reason} (see {log})")]
    NotStarted {
        /// The last lines of its log.
        reason: String,
        /// Where its log is.
        log: PathBuf,
    },
    /// The server is asked for without being started and does not run.
    #[error("the database of {0} is not running")]
    NotRunning(PathBuf),
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl EmbeddedError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::Io { path, error }
    }
}

/// How the server came to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Started by us, for the first time in this folder.
    Created,
    /// Started by us.
    Started,
    /// It had survived an earlier Chancery and we took it over.
    Adopted,
    /// Another running Chancery owns it; we only use it.
    Shared,
}

/// A running embedded server.
#[derive(Debug)]
pub struct Cluster {
    server: Option<Server>,
    installation: Installation,
    socket: PathBuf,
    password: String,
    origin: Origin,
    /// Held until the server has stopped.
    lock: Option<File>,
}

impl Cluster {
    /// Starts the server of the data folder `data`, making the cluster if there is none, or adopts the one that runs.
    ///
    /// # Errors
    /// See [`EmbeddedError`]; [`EmbeddedError::InUse`] when another Chancery holds the folder.
    pub async fn start(data: &Path) -> Result<Self, EmbeddedError> {
        let folder = Folder::prepare(data)?;
        let lock = folder.lock()?;
        let mut origin = Origin::Started;
        let installation = match folder.made_by()? {
            Some(major) => {
                Installation::find_major(major)
                    .await
                    .ok_or_else(|| EmbeddedError::OtherMajor {
                        folder: folder.cluster(),
                        major,
                    })?
            }
            None => Installation::find().await.ok_or(EmbeddedError::NotInstalled)?,
        };
        let password = folder.password()?;
        if folder.made_by()?.is_none() {
            folder.create(&installation, &password).await?;
            origin = Origin::Created;
        }
        let server = Server::start(&folder, &installation).await?;
        if server.adopted() {
            origin = Origin::Adopted;
        }
        Ok(Self {
            server: Some(server),
            installation,
            socket: folder.socket,
            password,
            origin,
            lock: Some(lock),
        })
    }

    /// For a command beside a running `chancery up`: uses that one's server, or starts the server for as long as the
    /// command takes.
    ///
    /// # Errors
    /// See [`EmbeddedError`].
    pub async fn join(data: &Path) -> Result<Self, EmbeddedError> {
        match Self::start(data).await {
            Err(EmbeddedError::InUse { .. }) => {}
            other => return other,
        }
        let folder = Folder::prepare(data)?;
        let major = folder
            .made_by()?
            .ok_or_else(|| EmbeddedError::NotRunning(data.to_owned()))?;
        let installation =
            Installation::find_major(major)
                .await
                .ok_or_else(|| EmbeddedError::OtherMajor {
                    folder: folder.cluster(),
                    major,
                })?;
        if !server::ready(&folder.cluster()).await {
            return Err(EmbeddedError::NotRunning(data.to_owned()));
        }
        let password = folder.password()?;
        Ok(Self {
            server: None,
            installation,
            socket: folder.socket,
            password,
            origin: Origin::Shared,
            lock: None,
        })
    }

    /// The URL of a database of this server, as its owner. It contains the password: never log it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let socket: String =
            url::form_urlencoded::byte_serialize(self.socket.as_os_str().as_encoded_bytes()).collect();
        format!(
            "postgres://{OWNER}:{}@localhost:{PORT}/{database}?host={socket}",
            self.password
        )
    }

    /// The folder of the server's socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// How the server came to run.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// The binaries in use.
    #[must_use]
    pub const fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Process id of the postmaster, if this process is in charge of it.
    #[must_use]
    pub fn pid(&self) -> Option<i32> {
        self.server.as_ref().map(Server::pid)
    }

    /// Stops the server cleanly: sessions are ended, everything is on disk. A shared one is left running.
    ///
    /// # Errors
    /// When it can neither be stopped nor killed.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        let stopped = match self.server.take() {
            Some(server) => server.stop().await,
            None => Ok(()),
        };
        drop(self.lock.take());
        stopped
    }
}

/// Where the parts of one embedded cluster are, and who runs it.
#[derive(Debug)]
struct Folder {
    data: PathBuf,
    home: PathBuf,
    socket: PathBuf,
    account: Option<Account>,
}

impl Folder {
    /// Makes the folders with their owners and modes. Idempotent.
    fn prepare(data: &Path) -> Result<Self, EmbeddedError> {
        let root = nix::unistd::geteuid().is_root();
        // The server's account passes through root's data folder to its own, and sees nothing else in it.
        let mode = if root { 0o711 } else { 0o700 };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(data)
            .map_err(EmbeddedError::io(data))?;
        let data = fs::canonicalize(data).map_err(EmbeddedError::io(data))?;
        if root {
            let found = fs::metadata(&data).map_err(EmbeddedError::io(&data))?;
            if found.uid() == 0 && found.permissions().mode() & 0o011 != 0o011 {
                let passable = fs::Permissions::from_mode(found.permissions().mode() | 0o011);
                fs::set_permissions(&data, passable).map_err(EmbeddedError::io(&data))?;
            }
        }
        let home = data.join("postgres");
        let account = if root { Some(Account::choose(&home)?) } else { None };
        if let Some(account) = &account {
            account.can_reach(&data)?;
        }
        own_folder(&home, account.as_ref())?;
        let socket = socket_folder(&home, account.as_ref())?;
        Ok(Self {
            data,
            home,
            socket,
            account,
        })
    }

    fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    fn log(&self) -> PathBuf {
        self.data.join("postgres.log")
    }

    fn lock(&self) -> Result<File, EmbeddedError> {
        let path = self.data.join("chancery.lock");
        let mut options = File::options();
        options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600);
        let mut file = options.open(&path).map_err(EmbeddedError::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
                return Err(EmbeddedError::InUse {
                    folder: self.data.clone(),
                    pid,
                });
            }
            Err(TryLockError::Error(error)) => return Err(EmbeddedError::Io { path, error }),
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(EmbeddedError::io(&path))?;
        Ok(file)
    }

    /// The major version that made the cluster; `None` when there is no complete cluster yet.
    fn made_by(&self) -> Result<Option<u32>, EmbeddedError> {
        let path = self.cluster().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(EmbeddedError::Io { path, error }),
        }
    }

    /// The owner's password; made at the first start. Two version 4 UUIDs carry 244 random bits.
    #[expect(
        clippy::disallowed_methods,
        reason = "a password that nobody types, not an id"
    )]
    fn password(&self) -> Result<String, EmbeddedError> {
        let path = self.data.join("postgres.password");
        match fs::read_to_string(&path) {
            Ok(password) => return Ok(password.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(EmbeddedError::Io { path, error }),
        }
        let password = format!(
            "{}{}",
            uuid::Uuid::new_v4().simple(),
            uuid::Uuid::new_v4().simple()
        );
        let written = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| writeln!(file, "{password}").and_then(|()| file.sync_all()));
        written.map_err(EmbeddedError::io(&path))?;
        Ok(password)
    }

    /// `initdb`, the owner's role and the database, complete or not at all.
    async fn create(&self, installation: &Installation, password: &str) -> Result<(), EmbeddedError> {
        let unfinished = self.home.join("cluster.new");
        match fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(EmbeddedError::Io {
                    path: unfinished,
                    error,
                });
            }
            Err(_) | Ok(()) => {}
        }
        installation
            .init(&unfinished, &self.home, self.account.as_ref())
            .await?;
        let hba = unfinished.join("pg_hba.conf");
        // Truncates the file that initdb made, so it keeps its owner. No superuser has a password, so none can log in.
        fs::write(
            &hba,
            "# Chancery: passwords, over the local socket only\nlocal all all scram-sha-256\n",
        )
        .map_err(EmbeddedError::io(&hba))?;
        let sql = format!(
            "create role {OWNER} login createdb createrole password '{password}';\n\
             grant pg_signal_backend to {OWNER};\n\
             create database {DATABASE} owner {OWNER};\n"
        );
        installation
            .single_user(&unfinished, &self.home, self.account.as_ref(), &sql)
            .await?;
        let path = self.cluster();
        fs::rename(&unfinished, &path).map_err(EmbeddedError::io(path))
    }
}

/// Makes a folder that only the server's account may enter, or checks that an existing one is such a folder.
fn own_folder(path: &Path, account: Option<&Account>) -> Result<(), EmbeddedError> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {
            if let Some(account) = account {
                std::os::unix::fs::chown(path, Some(account.uid), Some(account.gid))
                    .map_err(EmbeddedError::io(path))?;
            }
            return Ok(());
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(EmbeddedError::Io {
                path: path.to_owned(),
                error,
            });
        }
    }
    let found = fs::symlink_metadata(path).map_err(EmbeddedError::io(path))?;
    let owner = account.map_or_else(|| nix::unistd::geteuid().as_raw(), |account| account.uid);
    if !found.is_dir() || found.uid() != owner {
        let error = io::Error::other("belongs to another user; remove it or choose another data folder");
        return Err(EmbeddedError::Io {
            path: path.to_owned(),
            error,
        });
    }
    if found.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(EmbeddedError::io(path))?;
    }
    Ok(())
}

/// The socket's folder: the server's own, or, where that path is too long for a socket, a short one named after it.
fn socket_folder(home: &Path, account: Option<&Account>) -> Result<PathBuf, EmbeddedError> {
    if home.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        return Ok(home.to_owned());
    }
    let digest = hex::encode(Sha256::digest(home.as_os_str().as_encoded_bytes()));
    let short = Path::new("/tmp").join(format!("chancery-{}", digest.get(..16).unwrap_or(&digest)));
    own_folder(&short, account)?;
    Ok(short)
}
