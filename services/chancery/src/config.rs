//! The configuration: one TOML file, and environment variables that override it.
//!
//! Sources, later ones win: the defaults written here; the file (`--config`, else `CHANCERY_CONFIG`, else the first of
//! `./chancery.toml`, `~/.config/chancery/chancery.toml`, `/etc/chancery/chancery.toml` that exists); `DATABASE_URL`;
//! variables `CHANCERY_…`, with two underscores for a dot: `CHANCERY_LOG__FORMAT=json` sets `log.format`.
//! An unknown option is an error, so that a misspelt one is not silently ignored.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use chancery_clock::SharedClock;
use chancery_identity::mail::{Mailer, Security};
use chancery_storage::{S3Settings, StorageError, Store};
use chancery_telemetry::LogSettings;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::secret::Secret;

/// Chancery's configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder for the embedded database, the objects and the secret key. Default: `/var/lib/chancery` when started by
    /// root, else `$XDG_DATA_HOME/chancery`, else `~/.local/share/chancery`, else `./data`.
    pub data: Option<PathBuf>,
    /// The web server.
    pub web: Web,
    /// The installation's secret: 64 hexadecimal digits (32 bytes). It encrypts the secrets of accounts and derives the
    /// services' database passwords, so all processes of an installation need the same one. Default: the file
    /// `secret.key` in the data folder, made at the first start.
    pub secret_key: Option<Secret>,
    /// The database.
    pub database: Database,
    /// Where pictures and other objects are kept.
    pub storage: Storage,
    /// The background work.
    pub work: Work,
    /// Requests that Chancery makes to other servers.
    pub outbound: Outbound,
    /// The mail server. Default: none, and no mail is sent.
    pub mail: Option<Mail>,
    /// The log, written to standard error.
    pub log: LogSettings,
    /// What operators measure.
    pub metrics: Metrics,
}

/// The web server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Address and port to listen on. Default: only this machine; put a proxy that speaks TLS before it.
    pub listen: SocketAddr,
    /// The address that people type, without a path, such as `https://chancery.example.gov`. It is used in links, feeds and
    /// sitemaps, and `https` makes cookies secure. Default: `http://localhost:` and the port.
    #[schemars(with = "Option<String>", url)]
    pub base_url: Option<Url>,
    /// Whether a proxy of our own stands before it, so that the last address in `X-Forwarded-For` is the visitor's. Leave it
    /// off when people reach this port directly: they could claim any address.
    pub trust_proxy: bool,
}

impl Default for Web {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            base_url: None,
            trust_proxy: false,
        }
    }
}

/// The database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Address of a PostgreSQL 15 or newer, as its database's owner, who may create roles:
    /// `postgres://owner:password@host/chancery`. `DATABASE_URL` sets it too. Default: an embedded server.
    pub url: Option<Secret>,
    /// Begins the names of the services' login roles, which all databases of a server share: give each installation on one
    /// server another prefix. Lower-case letters, digits and underscores.
    pub role_prefix: String,
    /// The most connections that each service of a process opens.
    pub connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            role_prefix: "chancery".to_owned(),
            connections: 8,
        }
    }
}

/// Where objects are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// A folder, the same for all processes. Default: `storage` in the data folder. Not used when `s3` is set.
    pub folder: Option<PathBuf>,
    /// A bucket of an S3-compatible server, instead of a folder. `chancery backup` does not copy it: back it up by its
    /// server's own means.
    pub s3: Option<S3>,
}

/// A bucket of an S3-compatible server. It must support conditional writes (`If-None-Match`).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct S3 {
    /// The server, such as `https://s3.example.gov`. Default: Amazon's own in `region`.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// The bucket's name. It must exist.
    pub bucket: String,
    /// The key's public name.
    pub access_key: String,
    /// The key's secret.
    pub secret_key: Option<Secret>,
    /// Whether the bucket is named in the path rather than in the host's name. Servers on the premises want it.
    pub path_style: bool,
    /// Whether plain HTTP may be spoken: only within the ministry's own network.
    pub allow_http: bool,
}

impl Default for S3 {
    fn default() -> Self {
        Self {
            endpoint: None,
            region: "us-east-1".to_owned(),
            bucket: String::new(),
            access_key: String::new(),
            secret_key: None,
            path_style: true,
            allow_http: false,
        }
    }
}

/// The background work.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Work {
    /// Seconds that running work and open requests are given to end when the process is told to stop.
    pub drain_seconds: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { drain_seconds: 20 }
    }
}

/// Requests that Chancery makes to other servers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Outbound {
    /// Networks of private addresses that may be called all the same, such as `["10.20.0.0/16"]` for a server in the
    /// ministry's own network. Without it private, loopback and link-local addresses are refused.
    pub allow: Vec<String>,
}

/// The mail server. Links in mails begin with `web.base_url`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// Its name, such as `smtp.example.gov`. The server's certificate must be for this name.
    pub host: String,
    /// Its port. Default: 465 with `tls = "required"`, 587 with `starttls`, 25 with `none`.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub tls: MailTls,
    /// Who signs in there. Default: nobody does.
    pub user: Option<String>,
    /// The password; better by environment: `CHANCERY_MAIL__PASSWORD`.
    pub password: Option<Secret>,
    /// A file that holds the password, instead of `password`.
    pub password_file: Option<PathBuf>,
    /// Who mails come from: `chancery@example.gov`, or `Newsroom <chancery@example.gov>`.
    pub from: String,
    /// A file with the certificate authority of the mail server, in PEM, when it is the ministry's own. Default: those of
    /// this machine only.
    pub authority: Option<PathBuf>,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// TLS from the first byte.
    Required,
    /// `STARTTLS` before anything else is said; a server that does not offer it gets nothing.
    #[default]
    StartTls,
    /// None: only for a relay on this machine or within the ministry's own network. No password is sent then.
    None,
}

/// What operators measure.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// `/metrics` answers who sends `Authorization: Bearer` with this token. Default: it answers only direct requests from
    /// this machine.
    pub token: Option<Secret>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A source cannot be read, or an option is unknown or of the wrong type; the text names it.
    #[error("configuration: {0}")]
    Unusable(#[from] Box<figment::Error>),
    /// The named file is not there.
    #[error("configuration: there is no file {0}")]
    NoFile(PathBuf),
    /// An option has a value of the right type that makes no sense.
    #[error("configuration: {option}: {reason}")]
    Invalid {
        /// The option, as in the file.
        option: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Config {
    /// Reads all sources; `file` is what `--config` names.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = match file {
            Some(file) if !file.is_file() => return Err(ConfigError::NoFile(file.to_owned())),
            Some(file) => Some(file.to_owned()),
            None => usual_files().into_iter().find(|file| file.is_file()),
        };
        let mut sources = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            sources = sources.merge(Toml::file_exact(file));
        }
        Self::from_sources(sources)
    }

    fn from_sources(sources: Figment) -> Result<Self, ConfigError> {
        let sources = sources
            .merge(Env::raw().only(&["DATABASE_URL"]).map(|_| "database.url".into()))
            // The place of the file is no option in it.
            .merge(Env::prefixed("CHANCERY_").ignore(&["config"]).split("__"));
        let config: Self = sources.extract().map_err(Box::new)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let invalid = |option, reason: &str| {
            Err(ConfigError::Invalid {
                option,
                reason: reason.to_owned(),
            })
        };
        let prefix = &self.database.role_prefix;
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if prefix.is_empty() || prefix.len() > 40 || !prefix.chars().all(plain) {
            return invalid(
                "database.role_prefix",
                "1 to 40 lower-case letters, digits and underscores",
            );
        }
        if self.database.connections < 2 {
            return invalid(
                "database.connections",
                "at least 2: one for pages, one for background work",
            );
        }
        if let Some(s3) = &self.storage.s3
            && (s3.bucket.is_empty() || s3.access_key.is_empty() || s3.secret_key.is_none())
        {
            return invalid("storage.s3", "needs bucket, access_key and secret_key");
        }
        if let Some(mail) = &self.mail {
            if mail.host.trim().is_empty() || mail.from.trim().is_empty() {
                return invalid("mail", "needs host and from");
            }
            if mail.password.is_some() && mail.password_file.is_some() {
                return invalid("mail", "needs one of password and password_file, not both");
            }
            if mail.user.is_some() != (mail.password.is_some() || mail.password_file.is_some()) {
                return invalid("mail", "needs both a user and a password, or neither");
            }
            if mail.tls == MailTls::None && mail.user.is_some() {
                return invalid("mail.tls", "a password is not sent over a connection without TLS");
            }
        }
        if let Some(url) = &self.web.base_url
            && (!matches!(url.scheme(), "http" | "https") || url.path() != "/" || url.query().is_some())
        {
            return invalid(
                "web.base_url",
                "an http or https address without a path, such as https://chancery.example",
            );
        }
        Ok(())
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(usual_data)
    }

    /// The object store.
    ///
    /// # Errors
    /// The folder can't be made, or the bucket's settings make no sense.
    pub fn store(&self, clock: SharedClock) -> Result<Store, StorageError> {
        let Some(s3) = &self.storage.s3 else {
            return Store::local(&self.storage(), clock);
        };
        let settings = S3Settings {
            endpoint: s3.endpoint.clone(),
            region: s3.region.clone(),
            bucket: s3.bucket.clone(),
            access_key: s3.access_key.clone(),
            secret_key: s3.secret_key.as_ref().map_or("", Secret::reveal).to_owned(),
            path_style: s3.path_style,
            allow_http: s3.allow_http,
        };
        Store::s3(&settings, clock)
    }

    /// The way to the mail server, if one is configured.
    ///
    /// # Errors
    /// A file cannot be read, or the settings make no sense.
    pub fn mailer(&self) -> Result<Option<Mailer>, ConfigError> {
        let Some(mail) = &self.mail else {
            return Ok(None);
        };
        let invalid = |reason: String| ConfigError::Invalid {
            option: "mail",
            reason,
        };
        let read = |file: &PathBuf| {
            std::fs::read(file).map_err(|error| invalid(format!("{}: {error}", file.display())))
        };
        let password = match (&mail.password, &mail.password_file) {
            (Some(password), _) => password.reveal().to_owned(),
            (None, Some(file)) => String::from_utf8_lossy(&read(file)?).trim_end().to_owned(),
            (None, None) => String::new(),
        };
        let (security, port) = match mail.tls {
            MailTls::Required => (Security::Tls, 465),
            MailTls::StartTls => (Security::StartTls, 587),
            MailTls::None => (Security::None, 25),
        };
        let settings = chancery_identity::mail::Settings {
            host: mail.host.trim().to_owned(),
            port: mail.port.unwrap_or(port),
            security,
            sign_in: mail.user.clone().map(|user| (user, password)),
            from: mail.from.trim().to_owned(),
            authority: mail.authority.as_ref().map(read).transpose()?,
        };
        let mailer = Mailer::new(settings).map_err(|error| invalid(error.to_string()))?;
        Ok(Some(mailer))
    }

    /// The folder of the object store, unless that is a bucket.
    #[must_use]
    pub fn storage(&self) -> PathBuf {
        self.storage
            .folder
            .clone()
            .unwrap_or_else(|| self.data().join("storage"))
    }

    /// The address that people type.
    ///
    /// # Errors
    /// Never for a checked configuration.
    pub fn base_url(&self) -> Result<Url, ConfigError> {
        if let Some(url) = &self.web.base_url {
            return Ok(url.clone());
        }
        let usual = format!("http://localhost:{}", self.web.listen.port());
        Url::parse(&usual).map_err(|error| ConfigError::Invalid {
            option: "web.base_url",
            reason: error.to_string(),
        })
    }

    /// The JSON Schema of the file.
    #[must_use]
    pub fn schema() -> Schema {
        schemars::schema_for!(Self)
    }

    /// The values in force as a TOML file, secrets hidden.
    ///
    /// # Errors
    /// When a path is not UTF-8.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }
}

fn usual_files() -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("chancery.toml")];
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    if let Some(folder) = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or(home) {
        files.push(folder.join("chancery/chancery.toml"));
    }
    files.push(PathBuf::from("/etc/chancery/chancery.toml"));
    files
}

fn usual_data() -> PathBuf {
    if nix::unistd::geteuid().is_root() {
        return PathBuf::from("/var/lib/chancery");
    }
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    let home = home.map(|home| PathBuf::from(home).join(".local/share"));
    let folder = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or(home);
    folder.map_or_else(|| PathBuf::from("data"), |folder| folder.join("chancery"))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::Config;
    use figment::Figment;
    use figment::providers::{Format as _, Serialized, Toml};

    fn read(text: &str) -> Result<Config, String> {
        let sources = Figment::from(Serialized::defaults(Config::default())).merge(Toml::string(text));
        Config::from_sources(sources).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_is_enough() {
        let config = read("").expect("the defaults are valid");
        assert_eq!(
            config.base_url().expect("a default").as_str(),
            "http://localhost:8080/"
        );
        assert!(config.web.listen.ip().is_loopback());
    }

    #[test]
    fn a_mistake_is_named() {
        let misspelt = read("[web]\nlissen = \"127.0.0.1:1\"").expect_err("an unknown option");
        assert!(misspelt.contains("lissen"), "{misspelt}");
        let path = read("[web]\nbase_url = \"https://chancery.example/press\"").expect_err("a path");
        assert!(path.contains("web.base_url"), "{path}");
        let prefix = read("[database]\nrole_prefix = 'x; drop role'").expect_err("no identifier");
        assert!(prefix.contains("database.role_prefix"), "{prefix}");
        let bucket = read("[storage.s3]\nbucket = 'b'").expect_err("no key");
        assert!(bucket.contains("storage.s3"), "{bucket}");
        let sender = read("[mail]\nhost = 'smtp.example.gov'").expect_err("no from");
        assert!(sender.contains("mail"), "{sender}");
        let half = read("[mail]\nhost = 'h'\nfrom = 'a@b.example'\nuser = 'u'").expect_err("no password");
        assert!(half.contains("password"), "{half}");
        let open = read("[mail]\nhost = 'h'\nfrom = 'a@b.example'\nuser = 'u'\npassword = 'p'\ntls = 'none'")
            .expect_err("a password in the clear");
        assert!(open.contains("mail.tls"), "{open}");
        let few = read("[database]\nconnections = 1").expect_err("too few");
        assert!(few.contains("database.connections"), "{few}");
    }

    #[test]
    fn secrets_are_not_shown() {
        let config =
            read("secret_key = 'aabbcc'\n[database]\nurl = 'postgres://o:hunter2@h/d'\n[storage.s3]\nbucket = 'b'\naccess_key = 'k'\nsecret_key = 'aabbcc'\n[mail]\nhost = 'h'\nfrom = 'a@b.example'\nuser = 'u'\npassword = 'hunter2'").expect("valid");
        for text in [config.to_toml().expect("UTF-8"), format!("{config:?}")] {
            assert!(!text.contains("aabbcc") && !text.contains("hunter2"), "{text}");
        }
    }

    /// The checked-in schema is what editors and operators read; `chancery config schema` prints it.
    #[test]
    fn the_checked_in_schema_is_the_present_one() {
        let present = serde_json::to_value(Config::schema()).expect("a schema is JSON");
        let checked_in: serde_json::Value =
            serde_json::from_str(include_str!("../../../docs/config.schema.json")).expect("JSON");
        assert_eq!(
            present, checked_in,
            "run: target/debug/chancery config schema > docs/config.schema.json"
        );
        let undocumented = undocumented("", &present);
        assert!(
            undocumented.is_empty(),
            "options without a description: {undocumented:?}"
        );
    }

    fn undocumented(path: &str, schema: &serde_json::Value) -> Vec<String> {
        let own = schema
            .get("properties")
            .and_then(serde_json::Value::as_object)
            .into_iter()
            .flatten();
        let mut found: Vec<String> = own
            .filter(|(_, option)| option.get("description").is_none())
            .map(|(name, _)| format!("{path}.{name}"))
            .collect();
        let parts = schema
            .get("$defs")
            .and_then(serde_json::Value::as_object)
            .into_iter()
            .flatten();
        found.extend(parts.flat_map(|(name, part)| undocumented(name, part)));
        found
    }
}
