//! Values that must not be shown, and the installation's secret key.

use std::borrow::Cow;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRng as _;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::config::Config;

/// A configuration value that is neither printed nor logged.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// Why there is no secret key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is not 32 bytes in hexadecimal.
    #[error(
        "{0} does not hold a secret key: 64 hexadecimal digits are needed (`openssl rand -hex 32` makes one)"
    )]
    Malformed(String),
    /// The file may be read by others.
    #[error("{0} may be read by other users of this machine; run: chmod 600 {0}")]
    Exposed(PathBuf),
    /// It can neither be read nor made.
    #[error("{path}: {error}")]
    Io {
        /// The key's file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// The installation's 32 secret bytes.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

impl SecretKey {
    /// The configured key, else that of the data folder, else a new one, which is kept there.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn load_or_create(config: &Config) -> Result<Self, KeyError> {
        if let Some(configured) = &config.secret_key {
            return Self::parse(configured.reveal(), "secret_key");
        }
        let path = Self::path(config);
        match Self::read(&path) {
            Err(KeyError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => Self::create(&path),
            other => other,
        }
    }

    /// Where the key is kept unless it is configured.
    #[must_use]
    pub fn path(config: &Config) -> PathBuf {
        config.data().join("secret.key")
    }

    /// Reads a key file that only its owner may read.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let failed = |error| KeyError::Io {
            path: path.to_owned(),
            error,
        };
        let text = fs::read_to_string(path).map_err(failed)?;
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed(path.to_owned()));
        }
        Self::parse(&text, &path.display().to_string())
    }

    fn parse(text: &str, source: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| KeyError::Malformed(source.to_owned()))?;
        Ok(Self(bytes))
    }

    /// Makes a key and writes it where nobody else may read it; two processes that start at once end with one key.
    fn create(path: &Path) -> Result<Self, KeyError> {
        let failed = |error| KeyError::Io {
            path: path.to_owned(),
            error,
        };
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        let mode = if nix::unistd::geteuid().is_root() {
            0o711
        } else {
            0o700
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(folder)
            .map_err(failed)?;
        let mut bytes = [0; 32];
        rand::rngs::SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| failed(io::Error::other(error)))?;
        let unfinished = path.with_extension(format!("key.{}", std::process::id()));
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)
            .map_err(failed)?;
        writeln!(file, "{}", hex::encode(bytes))
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        let linked = fs::hard_link(&unfinished, path);
        fs::remove_file(&unfinished).map_err(failed)?;
        match linked {
            Ok(()) => Ok(Self(bytes)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path),
            Err(error) => Err(failed(error)),
        }
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key of its own for one purpose, so that no two uses share a key (HMAC-SHA-256 as a key derivation function).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.0) {
            Ok(mac) => mac,
            Err(never) => unreachable!("HMAC takes keys of any length: {never}"),
        };
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// What tells keys apart without giving them away: the first eight bytes of a hash that is used for nothing else.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"chancery key fingerprint")
            .chain_update(self.0)
            .finalize();
        hex::encode(digest.get(..8).unwrap_or_default())
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::{KeyError, SecretKey};
    use crate::config::Config;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_key_is_made_once_and_kept_from_others() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config {
            data: Some(folder.path().join("new/data")),
            ..Config::default()
        };
        let first = SecretKey::load_or_create(&config).expect("made");
        let second = SecretKey::load_or_create(&config).expect("read");
        assert_eq!(first.bytes(), second.bytes());
        let path = SecretKey::path(&config);
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("own file");
        assert!(matches!(
            SecretKey::load_or_create(&config),
            Err(KeyError::Exposed(_))
        ));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("own file");
        std::fs::write(&path, "cut off").expect("own file");
        assert!(matches!(
            SecretKey::load_or_create(&config),
            Err(KeyError::Malformed(_))
        ));
    }
}
