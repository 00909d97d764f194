//! Passwords: what is accepted (NIST SP 800-63B), and argon2id with a bound on how many are computed at once.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The fewest characters. Length beats composition rules (NIST SP 800-63B, 3.1.1.2).
pub const MIN_CHARS: usize = 12;
/// The most characters; more is refused, never cut.
pub const MAX_CHARS: usize = 200;

/// Verified against when there is nothing to verify, so that an unknown account takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default()
        .hash_password(b"nobody")
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

/// Hashing could not be done: out of memory, or a damaged hash in the database.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be processed: {0}")]
pub struct PasswordError(String);

/// The form that is hashed: NFKC, so that a Vietnamese password typed on another keyboard is the same password.
fn normal(password: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(password.nfkc().collect::<String>().into_bytes())
}

/// Whether a new password is acceptable for the owner of `email`.
///
/// # Errors
/// The Fluent id of the reason.
pub fn acceptable(password: &str, email: &str) -> Result<(), &'static str> {
    let length = password.chars().count();
    if length < MIN_CHARS {
        return Err("password-too-short");
    }
    if length > MAX_CHARS {
        return Err("password-too-long");
    }
    let plain = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    let distinct = plain.chars().collect::<std::collections::HashSet<_>>().len();
    let known = ["password", "matkhau", "mật khẩu", "chancery", "123456", "qwerty"];
    if distinct < 5
        || (name.len() >= 4 && plain.contains(&name))
        || known.iter().any(|word| plain.starts_with(word))
    {
        return Err("password-too-easy");
    }
    Ok(())
}

/// Computes argon2id (19 MiB, two passes: OWASP's first choice) on threads of its own, a few at a time: a flood of
/// sign-ins waits instead of taking the memory.
#[derive(Debug, Clone)]
pub struct Passwords {
    seats: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            seats: Arc::new(Semaphore::new(2)),
        }
    }
}

impl Passwords {
    /// The PHC string to store.
    ///
    /// # Errors
    /// [`PasswordError`]
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = normal(password);
        self.compute(move || {
            Argon2::default()
                .hash_password(&password)
                .map(|hash| hash.to_string())
                .map_err(|error| PasswordError(error.to_string()))
        })
        .await?
    }

    /// Whether `password` belongs to `stored`. With nothing stored the answer is no, after the same work.
    ///
    /// # Errors
    /// [`PasswordError`]
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, PasswordError> {
        // One that could never have been accepted is wrong, and not worth the time it would take.
        let possible = password.len() <= 4 * MAX_CHARS;
        let password = normal(if possible { password } else { "" });
        let known = stored.is_some() && possible;
        self.compute(move || {
            let stored = stored.unwrap_or_else(|| NOBODY.clone());
            let hash = PasswordHash::new(&stored).map_err(|error| PasswordError(error.to_string()))?;
            Ok(Argon2::default().verify_password(&password, &hash).is_ok() && known)
        })
        .await?
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let seat = Arc::clone(&self.seats)
            .acquire_owned()
            .await
            .map_err(|e| PasswordError(e.to_string()))?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(seat);
            result
        })
        .await
        .map_err(|error| PasswordError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_varied_is_enough() {
        assert_eq!(acceptable("sen hồng nở sớm", "lan@mofa.example"), Ok(()));
        assert_eq!(
            acceptable("ngắn quá", "lan@mofa.example"),
            Err("password-too-short")
        );
        assert_eq!(
            acceptable("aaaaaaaaaaaaaaaa", "lan@mofa.example"),
            Err("password-too-easy")
        );
        assert_eq!(
            acceptable("lan.nguyen 1975!", "Lan.Nguyen@mofa.example"),
            Err("password-too-easy")
        );
        assert_eq!(
            acceptable("Matkhau-cua-toi", "lan@mofa.example"),
            Err("password-too-easy")
        );
        assert_eq!(
            acceptable(&"ấbcdef".repeat(40), "lan@mofa.example"),
            Err("password-too-long")
        );
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_its_accents_were_typed() -> Result<(), PasswordError> {
        let passwords = Passwords::default();
        let stored = passwords.hash("tiếng Việt có dấu").await?;
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let decomposed: String = "tiếng Việt có dấu".nfd().collect();
        assert!(passwords.verify(&decomposed, Some(stored.clone())).await?);
        assert!(!passwords.verify("tieng Viet co dau", Some(stored)).await?);
        assert!(
            !passwords.verify("nobody", None).await?,
            "the dummy's own password opens nothing"
        );
        Ok(())
    }
}
