//! The secrets of accounts, at rest.

use chancery_contracts::ids::AccountId;
use chancery_vault::Bound;

pub use chancery_vault::VaultError;

use crate::connectors::Secret;

/// Keeps the secrets of accounts: what is sealed for one account and purpose cannot be opened as another's.
#[derive(Debug, Clone)]
pub struct Vault(chancery_vault::Vault);

/// Which of an account's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What a person entered.
    Credentials,
    /// What the platform gave for it.
    Session,
}

impl Vault {
    /// A vault under this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(chancery_vault::Vault::new(key))
    }

    /// A vault under a key from the configuration: 32 bytes in base64 or as 64 hexadecimal digits.
    ///
    /// # Errors
    /// When it is neither.
    pub fn from_text(key: &str) -> Result<Self, VaultError> {
        chancery_vault::Vault::from_text(key).map(Self)
    }

    /// Nonce and ciphertext, for the database.
    ///
    /// # Errors
    /// Never in practice.
    pub fn seal(&self, account: AccountId, purpose: Purpose, secret: &Secret) -> Result<Vec<u8>, VaultError> {
        self.0.seal(bound_to(account, purpose), secret.expose())
    }

    /// What [`Vault::seal`] was given.
    ///
    /// # Errors
    /// When the key is another, or account, purpose or bytes are not those that were sealed.
    pub fn open(&self, account: AccountId, purpose: Purpose, sealed: &[u8]) -> Result<Secret, VaultError> {
        self.0.open(bound_to(account, purpose), sealed).map(Secret::new)
    }
}

const fn bound_to(account: AccountId, purpose: Purpose) -> Bound<'static> {
    Bound {
        subject: "account",
        id: account.0,
        purpose: match purpose {
            Purpose::Credentials => "credentials",
            Purpose::Session => "session",
        },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SEALED_BEFORE: &str = "000102030405060708090a0b0c0d0e0f1011121314151617c5f611288e3c30cdc47d28321e2fc95ce650398502aa7c4183c3e2fe";

    /// Sealed by the release before this one: what is stored must open for ever.
    #[test]
    fn what_an_earlier_release_sealed_still_opens() {
        let account = AccountId(Uuid::from_u128(1));
        let sealed = hex::decode(SEALED_BEFORE).unwrap();
        let vault = Vault::new(&[7; 32]);
        let opened = vault.open(account, Purpose::Credentials, &sealed).unwrap();
        assert_eq!(opened.expose(), "mật khẩu");
        assert!(vault.open(account, Purpose::Session, &sealed).is_err());
    }
}
