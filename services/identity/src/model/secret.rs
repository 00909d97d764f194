//! Bearer secrets: session cookies, invitation links, API tokens, recovery codes. Shown once, stored as SHA-256.
//!
//! A plain hash is enough because every secret here has at least 50 random bits and guessing is throttled; only
//! passwords, which people choose, need a slow one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

/// The operating system gave no randomness; nothing secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;

/// `N` bytes from the operating system's generator. Secrets never come from anything that a test could seed.
///
/// # Errors
/// [`NoRandomness`]
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A secret that was just made. Printing it with `{:?}` does not show it.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new secret of 256 bits, as text that fits a cookie, an address and a header.
    ///
    /// # Errors
    /// [`NoRandomness`]
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random::<32>()?))))
    }

    /// The same, with a prefix by which scanners of leaked secrets know what they have found.
    ///
    /// # Errors
    /// [`NoRandomness`]
    pub fn with_prefix(prefix: &str) -> Result<Self, NoRandomness> {
        let secret = Self::generate()?;
        Ok(Self(Zeroizing::new(format!("{prefix}{}", secret.reveal()))))
    }

    /// The text to hand over, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The stored form of a secret that somebody presents; the shell looks sessions and tokens up by the same.
pub use chancery_web::token_hash as hash;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_fit_a_cookie_and_do_not_print_themselves() -> Result<(), NoRandomness> {
        let (one, other) = (Secret::with_prefix("chancery_")?, Secret::generate()?);
        assert_ne!(one.hash(), other.hash());
        assert!(
            one.reveal()
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        );
        assert_eq!(format!("{one:?}"), "Secret(…)");
        assert_eq!(hash(one.reveal()), one.hash());
        Ok(())
    }
}
