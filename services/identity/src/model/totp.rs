//! The second factor: time-based one-time passwords (RFC 6238) and recovery codes.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::secret::{self, NoRandomness};

/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
const STEP: u64 = 30;
/// Thirty-two signs without those that are mistaken for others.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The second factor could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TotpError {
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The stored secret does not open with the configured key, or belongs to somebody else.
    #[error(
        "the secret of the second factor does not open: was the secret key of the configuration changed?"
    )]
    Sealed,
    /// The library refuses the secret or the account's name.
    #[error("the second factor is not usable: {0}")]
    Unusable(String),
}

/// Seals the secrets of second factors at rest with the configuration's key.
#[derive(Clone)]
pub struct SecretBox(XChaCha20Poly1305);

impl std::fmt::Debug for SecretBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretBox(…)")
    }
}

impl SecretBox {
    /// With the product's secret key; a key of its own is derived, so that no two uses share one.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        use hmac::{Hmac, KeyInit as _, Mac};
        let derived = Hmac::<sha2::Sha256>::new_from_slice(key).map(|mut mac| {
            mac.update(b"chancery identity totp v1");
            mac.finalize().into_bytes()
        });
        // HMAC takes a key of any length, so the fallback is never used.
        let derived = derived.unwrap_or_default();
        Self(XChaCha20Poly1305::new(&derived))
    }

    /// nonce ‖ ciphertext, bound to the person: a row copied to another account does not open there.
    fn seal(&self, person: PersonId, secret: &[u8]) -> Result<Vec<u8>, TotpError> {
        let nonce = secret::random::<24>()?;
        let payload = Payload {
            msg: secret,
            aad: person.0.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| TotpError::Sealed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, person: PersonId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, TotpError> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or(TotpError::Sealed)?;
        let payload = Payload {
            msg: sealed,
            aad: person.0.as_bytes(),
        };
        self.0
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| TotpError::Sealed)
    }
}

/// One person's second factor, opened.
pub struct SecondFactor(Totp);

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor(…)")
    }
}

impl SecondFactor {
    /// A new secret for `person`, and the form to store.
    ///
    /// # Errors
    /// [`TotpError`]
    pub fn generate(keys: &SecretBox, person: PersonId, email: &str) -> Result<(Self, Vec<u8>), TotpError> {
        let secret = Zeroizing::new(secret::random::<20>()?);
        let sealed = keys.seal(person, secret.as_slice())?;
        Ok((Self::from_secret(secret.to_vec(), email)?, sealed))
    }

    /// The stored secret, opened.
    ///
    /// # Errors
    /// [`TotpError`]
    pub fn open(keys: &SecretBox, person: PersonId, email: &str, sealed: &[u8]) -> Result<Self, TotpError> {
        Self::from_secret(keys.open(person, sealed)?.to_vec(), email)
    }

    fn from_secret(secret: Vec<u8>, email: &str) -> Result<Self, TotpError> {
        Builder::new()
            .with_secret(secret)
            .with_step_duration(STEP)
            .with_skew(1)
            .with_account_name(email.replace(':', "_"))
            .with_issuer(Some("Chancery"))
            .build()
            .map(Self)
            .map_err(|error| TotpError::Unusable(error.to_string()))
    }

    /// The time step for which `code` is right at `now`, one step of clock error allowed. The caller accepts a step
    /// once: a code read over a shoulder is worth nothing.
    #[must_use]
    pub fn check(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let step = self.0.check(&digits, u64::try_from(now.timestamp()).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The code of this moment, as the person's device shows it.
    #[must_use]
    pub fn code_at(&self, now: DateTime<Utc>) -> String {
        self.0
            .generate(u64::try_from(now.timestamp()).unwrap_or_default())
            .to_string()
    }

    /// The secret for typing it by hand, in groups of four.
    #[must_use]
    pub fn secret_text(&self) -> String {
        let text: Vec<char> = self.0.secret().to_base32().chars().collect();
        text.chunks(4)
            .map(|group| group.iter().collect::<String>())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The `otpauth:` address as an SVG picture to scan, white border included.
    ///
    /// # Errors
    /// [`TotpError::Unusable`]
    pub fn qr_svg(&self) -> Result<String, TotpError> {
        let url = self
            .0
            .to_url()
            .map_err(|error| TotpError::Unusable(error.to_string()))?;
        let code = QrCode::new(url.as_bytes()).map_err(|error| TotpError::Unusable(error.to_string()))?;
        let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        // Embedded in a page: without the XML declaration.
        Ok(picture
            .split_once("?>")
            .map_or(picture.clone(), |(_, svg)| svg.to_owned()))
    }
}

/// Recovery codes, each good for one sign-in, 50 bits: `abcde-fghij`.
///
/// # Errors
/// [`NoRandomness`]
pub fn recovery_codes() -> Result<Vec<Zeroizing<String>>, NoRandomness> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let bytes = secret::random::<10>()?;
            let code: String = bytes
                .iter()
                .filter_map(|byte| SIGNS.get(usize::from(byte % 32)).copied().map(char::from))
                .collect();
            let (head, tail) = code.split_at_checked(5).unwrap_or((&code, ""));
            Ok(Zeroizing::new(format!("{head}-{tail}")))
        })
        .collect()
}

/// The stored form of a recovery code, however it was typed.
#[must_use]
pub fn recovery_hash(code: &str) -> [u8; 32] {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    secret::hash(&plain)
}

/// Whether what was typed looks like a recovery code rather than a code of the device.
#[must_use]
pub fn looks_like_recovery(code: &str) -> bool {
    code.chars().filter(char::is_ascii_alphanumeric).count() == 10
}

#[cfg(test)]
mod tests {
    use chancery_clock::{Clock, TestClock};

    use super::*;

    #[test]
    fn a_code_is_right_for_its_step_and_the_ones_beside_it() -> Result<(), TotpError> {
        let clock = TestClock::at(DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000));
        let person = PersonId(clock.new_id());
        let keys = SecretBox::new(&[7; 32]);
        let (made, sealed) = SecondFactor::generate(&keys, person, "lan@mofa.example")?;
        let factor = SecondFactor::open(&keys, person, "lan@mofa.example", &sealed)?;
        let code = made.code_at(clock.now());
        let step = factor.check(&code, clock.now());
        assert!(step.is_some());
        assert_eq!(
            factor.check(&format!(" {code} "), clock.now() + chrono::TimeDelta::seconds(30)),
            step
        );
        assert_eq!(
            factor.check(&code, clock.now() + chrono::TimeDelta::seconds(90)),
            None
        );
        assert_eq!(factor.check("not a code", clock.now()), None);
        assert_eq!(factor.check("", clock.now()), None);
        Ok(())
    }

    #[test]
    fn a_sealed_secret_opens_for_its_owner_and_its_key_only() -> Result<(), TotpError> {
        let clock = TestClock::at(DateTime::UNIX_EPOCH);
        let (owner, other) = (PersonId(clock.new_id()), PersonId(clock.new_id()));
        let keys = SecretBox::new(&[7; 32]);
        let (_, sealed) = SecondFactor::generate(&keys, owner, "lan@mofa.example")?;
        assert!(SecondFactor::open(&keys, other, "lan@mofa.example", &sealed).is_err());
        assert!(SecondFactor::open(&SecretBox::new(&[8; 32]), owner, "lan@mofa.example", &sealed).is_err());
        assert!(SecondFactor::open(&keys, owner, "lan@mofa.example", &[1, 2, 3]).is_err());
        assert_eq!(format!("{keys:?}"), "SecretBox(…)");
        Ok(())
    }

    #[test]
    fn the_picture_is_svg_that_can_stand_in_a_page() -> Result<(), TotpError> {
        let person = PersonId(TestClock::at(DateTime::UNIX_EPOCH).new_id());
        let (factor, _) = SecondFactor::generate(&SecretBox::new(&[7; 32]), person, "lan:a@mofa.example")?;
        assert!(factor.qr_svg()?.starts_with("<svg"));
        assert_eq!(factor.secret_text().replace(' ', "").len(), 32);
        Ok(())
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() -> Result<(), NoRandomness> {
        let codes = recovery_codes()?;
        assert_eq!(codes.len(), RECOVERY_CODES);
        let code = codes.first().cloned().unwrap_or_default();
        assert!(looks_like_recovery(&code) && !looks_like_recovery("123 456"));
        assert_eq!(
            recovery_hash(&code),
            recovery_hash(&format!(" {} ", code.to_uppercase().replace('-', " ")))
        );
        Ok(())
    }
}
