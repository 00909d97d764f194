//! Secrets at rest. Each service has a vault under a key of its own; what is sealed for one thing and purpose cannot be
//! opened as another's.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::Rng;
use uuid::Uuid;

/// Seals and opens. XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): its nonce of 192 bits may be random.
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

/// What a secret belongs to: it opens only for the same.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// What kind of thing: `account`, `webhook`.
    pub subject: &'a str,
    /// Which one.
    pub id: Uuid,
    /// Which of its secrets.
    pub purpose: &'a str,
}

/// A secret could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key is not 32 bytes in base64 or hexadecimal.
    #[error("the key for secrets must be 32 bytes, in base64 or as 64 hexadecimal digits")]
    Key,
    /// Never with this cipher and these sizes.
    #[error("a secret could not be sealed")]
    Seal,
    /// The key is another, or what is stored was changed.
    #[error(
        "a stored secret cannot be opened: the key is another than the one it was sealed with, or it was changed"
    )]
    Open,
}

const NONCE: usize = 24;

impl Vault {
    /// A vault under this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// A vault under a key from the configuration: 32 bytes in base64 or as 64 hexadecimal digits.
    ///
    /// # Errors
    /// When it is neither.
    pub fn from_text(key: &str) -> Result<Self, VaultError> {
        let key = key.trim();
        let bytes = hex::decode(key)
            .or_else(|_| STANDARD.decode(key))
            .map_err(|_| VaultError::Key)?;
        Ok(Self::new(
            bytes.as_slice().try_into().map_err(|_| VaultError::Key)?,
        ))
    }

    /// Nonce and ciphertext, for the database.
    ///
    /// # Errors
    /// Never in practice.
    pub fn seal(&self, to: Bound<'_>, secret: &str) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload {
            msg: secret.as_bytes(),
            aad: &to.bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::Seal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What [`Vault::seal`] was given.
    ///
    /// # Errors
    /// When the key is another, or what it is bound to or the bytes are not those that were sealed.
    pub fn open(&self, to: Bound<'_>, sealed: &[u8]) -> Result<String, VaultError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(VaultError::Open)?;
        let payload = Payload {
            msg: sealed,
            aad: &to.bytes(),
        };
        let secret = self
            .0
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| VaultError::Open)?;
        String::from_utf8(secret).map_err(|_| VaultError::Open)
    }
}

impl Bound<'_> {
    fn bytes(self) -> Vec<u8> {
        [
            b"chancery ",
            self.subject.as_bytes(),
            b" ",
            self.id.as_bytes().as_slice(),
            b" ",
            self.purpose.as_bytes(),
        ]
        .concat()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn bound(id: u128, purpose: &str) -> Bound<'_> {
        Bound {
            subject: "account",
            id: Uuid::from_u128(id),
            purpose,
        }
    }

    #[test]
    fn a_secret_comes_back_only_to_its_owner_purpose_and_key() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal(bound(1, "credentials"), "mật khẩu").unwrap();
        assert_eq!(vault.open(bound(1, "credentials"), &sealed).unwrap(), "mật khẩu");
        let other_kind = Bound {
            subject: "webhook",
            ..bound(1, "credentials")
        };
        for wrong in [bound(2, "credentials"), bound(1, "session"), other_kind] {
            assert_eq!(vault.open(wrong, &sealed).err(), Some(VaultError::Open));
        }
        let other = Vault::new(&[8; 32]);
        assert_eq!(
            other.open(bound(1, "credentials"), &sealed).err(),
            Some(VaultError::Open)
        );
        assert_eq!(
            vault.open(bound(1, "credentials"), b"short").err(),
            Some(VaultError::Open)
        );
    }

    #[test]
    fn the_same_secret_never_looks_the_same_nor_shows() {
        let vault = Vault::new(&[7; 32]);
        let seal = || vault.seal(bound(1, "session"), "hunter2").unwrap();
        assert_ne!(seal(), seal());
        assert_eq!(format!("{vault:?}"), "Vault(…)");
    }

    #[test]
    fn a_key_is_32_bytes_in_either_notation() {
        assert!(Vault::from_text(&"0a".repeat(32)).is_ok());
        assert!(Vault::from_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").is_ok());
        assert_eq!(Vault::from_text("secret").err(), Some(VaultError::Key));
    }
}
