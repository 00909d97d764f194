//! Setting up a second factor, and accepting its codes: each counts once.

use chancery_contracts::ids::PersonId;
use sqlx::PgConnection;
use zeroize::Zeroizing;

use crate::model::secret::{self, Secret};
use crate::model::totp::{self, SecondFactor};
use crate::store::{proofs, sessions};
use crate::{Identity, IdentityError, Visitor};

/// Shown once.
pub type RecoveryCodes = Vec<Zeroizing<String>>;

impl Identity {
    /// Whether a confirmed second factor, or a recovery code, answers for `code`; either is used up by it.
    pub(crate) async fn accept_code(
        &self,
        conn: &mut PgConnection,
        person: PersonId,
        email: &str,
        code: &str,
    ) -> Result<bool, IdentityError> {
        let now = self.clock.now();
        if totp::looks_like_recovery(code) {
            return Ok(proofs::use_recovery_code(conn, person, &totp::recovery_hash(code), now).await?);
        }
        let Some(stored) = proofs::factor(conn, person)
            .await?
            .filter(|factor| factor.confirmed_at.is_some())
        else {
            return Ok(false);
        };
        let factor = SecondFactor::open(&self.keys, person, email, &stored.secret)?;
        match factor.check(code, now) {
            Some(step) => Ok(proofs::accept_step(conn, person, step).await?),
            None => Ok(false),
        }
    }

    /// The second factor that `person` is setting up: the same one until it is confirmed, so that a reloaded page shows
    /// what was scanned. None when one is confirmed already.
    ///
    /// # Errors
    /// The database or the secret key.
    pub async fn begin_enrolment(
        &self,
        person: PersonId,
        email: &str,
    ) -> Result<Option<SecondFactor>, IdentityError> {
        let mut tx = self.pool.begin().await?;
        if let Some(stored) = proofs::factor(&mut tx, person).await? {
            if stored.confirmed_at.is_some() {
                return Ok(None);
            }
            if let Ok(factor) = SecondFactor::open(&self.keys, person, email, &stored.secret) {
                return Ok(Some(factor));
            }
        }
        let (factor, sealed) = SecondFactor::generate(&self.keys, person, email)?;
        let started = proofs::start_factor(&mut tx, person, &sealed).await?;
        tx.commit().await?;
        Ok(started.then_some(factor))
    }

    /// Confirms the second factor with its first code; gives the recovery codes, to be shown once. None: wrong code.
    ///
    /// # Errors
    /// The database or the secret key.
    async fn confirm_enrolment(
        &self,
        conn: &mut PgConnection,
        person: PersonId,
        email: &str,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<RecoveryCodes>, IdentityError> {
        let now = self.clock.now();
        let Some(stored) = proofs::factor(conn, person)
            .await?
            .filter(|factor| factor.confirmed_at.is_none())
        else {
            return Ok(None);
        };
        let factor = SecondFactor::open(&self.keys, person, email, &stored.secret)?;
        let Some(step) = factor.check(code, now) else {
            return Ok(None);
        };
        if !proofs::accept_step(conn, person, step).await? {
            return Ok(None);
        }
        let codes = totp::recovery_codes()?;
        let hashes: Vec<_> = codes
            .iter()
            .map(|code| totp::recovery_hash(code).to_vec())
            .collect();
        proofs::confirm_factor(conn, person, &hashes, now).await?;
        self.note(conn, "second_factor.enrolled", person, visitor).await?;
        Ok(Some(codes))
    }

    /// Confirms the second factor of a sign-in under way, and signs in. None: wrong code.
    ///
    /// # Errors
    /// [`IdentityError::LinkUsed`] when there is no such sign-in any more.
    pub async fn enrol_at_sign_in(
        &self,
        challenge: &str,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<(Secret, RecoveryCodes)>, IdentityError> {
        let hash = secret::hash(challenge);
        let pending = sessions::challenge(&self.pool, &hash, self.clock.now())
            .await?
            .ok_or(IdentityError::LinkUsed)?;
        let mut tx = self.pool.begin().await?;
        let confirmed = self
            .confirm_enrolment(&mut tx, pending.person, &pending.email, code, visitor)
            .await?;
        let Some(codes) = confirmed else { return Ok(None) };
        if !sessions::finish_challenge(&mut tx, &hash).await? {
            return Err(IdentityError::LinkUsed);
        }
        let session = self
            .open_session(&mut tx, pending.person, false, true, visitor)
            .await?;
        tx.commit().await?;
        Ok(Some((session, codes)))
    }

    /// Confirms a second factor set up in a session; the session is replaced by a stronger one. None: wrong code.
    ///
    /// # Errors
    /// The database or the secret key.
    pub async fn enrol_in_session(
        &self,
        token: &str,
        email: &str,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<(Secret, RecoveryCodes)>, IdentityError> {
        let standing = sessions::standing(&self.pool, &secret::hash(token))
            .await?
            .ok_or(IdentityError::NotFound)?;
        let mut tx = self.pool.begin().await?;
        let confirmed = self
            .confirm_enrolment(&mut tx, standing.person, email, code, visitor)
            .await?;
        let Some(codes) = confirmed else { return Ok(None) };
        let session = self.replace_session(&mut tx, token, true, visitor).await?;
        tx.commit().await?;
        Ok(Some((session, codes)))
    }
}
