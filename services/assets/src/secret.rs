//! Secrets of share links: random, and kept as hashes only.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::error::AssetError;

/// Argon2id takes 19 MiB: a flood of guesses waits instead of taking the memory.
static SEATS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// 32 random bytes, as hexadecimal digits.
pub(crate) fn token() -> Result<String, AssetError> {
    let mut bytes = [0_u8; 32];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| AssetError::Secret(error.to_string()))?;
    Ok(hex::encode(bytes))
}

/// The PHC string to store.
pub(crate) async fn hash_password(password: String) -> Result<String, AssetError> {
    computed(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| AssetError::Secret(error.to_string()))
    })
    .await?
}

/// Whether it is this password.
pub(crate) async fn is_password(password: String, stored: String) -> Result<bool, AssetError> {
    if password.len() > 1_000 {
        return Ok(false);
    }
    computed(move || {
        let hash = PasswordHash::new(&stored).map_err(|error| AssetError::Secret(error.to_string()))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await?
}

/// What a browser shows that once gave the password: nobody can make it who does not know the stored hash.
pub(crate) fn proof(token: &str, password_hash: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"share\0");
    hasher.update(token.as_bytes());
    hasher.update(b"\0");
    hasher.update(password_hash.as_bytes());
    hex::encode(hasher.finalize())
}

async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AssetError> {
    let seat = SEATS
        .acquire()
        .await
        .map_err(|error| AssetError::Secret(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(seat);
    done.map_err(|error| AssetError::Secret(error.to_string()))
}
