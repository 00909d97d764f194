//! Signing in and out. A stranger learns nothing from an answer or from its time: an unknown name, a wrong password, a
//! person without one and a deactivated one are refused alike, after the same work.

use std::net::IpAddr;

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;
use zeroize::Zeroizing;

use crate::model::password;
use crate::model::secret::{self, Secret};
use crate::model::session::{ABSOLUTE, CHALLENGE, IDLE};
use crate::model::throttle::Bucket;
use crate::model::totp::{self, SecondFactor};
use crate::store::audit::{self, Record};
use crate::store::{grants, people, proofs, sessions, throttle};
use crate::{Identity, IdentityError};

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// The network address, if the server knows it.
    pub address: Option<IpAddr>,
    /// As the browser calls itself.
    pub user_agent: String,
    /// For the audit trail.
    pub request_id: String,
}

impl Visitor {
    fn address_text(&self) -> String {
        self.address
            .map(|address| address.to_string())
            .unwrap_or_default()
    }
}

/// What came of a try.
#[derive(Debug)]
pub enum Outcome {
    /// Wrong; not said what.
    Refused,
    /// Too many tries; again after this long.
    TooMany(TimeDelta),
    /// Right so far: the second factor comes next, by this secret for a cookie.
    CodeNeeded(Secret),
    /// Signed in, by this secret for the session's cookie.
    SignedIn(Secret),
}

impl Identity {
    /// Checks a sign-in name and password. `return_to` is where the person wants to go, a path of this site.
    ///
    /// # Errors
    /// The database, or no memory for the hash.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        return_to: &str,
        visitor: &Visitor,
    ) -> Result<Outcome, IdentityError> {
        let now = self.clock.now();
        let account = email.trim().to_lowercase();
        if let Some(wait) = self.throttled(&account, visitor, now).await? {
            return Ok(Outcome::TooMany(wait));
        }
        let candidate = proofs::candidate(&self.pool, &account).await?;
        let stored = candidate
            .as_ref()
            .filter(|person| person.active)
            .and_then(|person| person.hash.clone());
        let right = self.passwords.verify(password, stored).await?;
        let Some(person) = candidate.filter(|_| right) else {
            self.note_failure("session.refused", None, visitor).await?;
            return Ok(Outcome::Refused);
        };
        throttle::forgive(&self.pool, Bucket::Account, &account).await?;
        self.password_was_right(person.id, return_to, visitor).await
    }

    /// The tries of this account name and this address are counted before anything is looked at.
    async fn throttled(
        &self,
        account: &str,
        visitor: &Visitor,
        now: DateTime<Utc>,
    ) -> Result<Option<TimeDelta>, IdentityError> {
        let by_account = throttle::take(&self.pool, Bucket::Account, account, now).await?;
        let by_address = match visitor.address {
            Some(address) => throttle::take(&self.pool, Bucket::Address, &network(address), now).await?,
            None => None,
        };
        Ok(by_account.max(by_address))
    }

    /// Goes on to the second factor where one is set up or needed, else signs in.
    async fn password_was_right(
        &self,
        person: PersonId,
        return_to: &str,
        visitor: &Visitor,
    ) -> Result<Outcome, IdentityError> {
        let now = self.clock.now();
        let mut tx = self.pool.begin().await?;
        let enrolled = proofs::factor(&mut tx, person)
            .await?
            .is_some_and(|factor| factor.confirmed_at.is_some());
        let today = grants::today(&mut tx, now).await?;
        let needed = enrolled || grants::needs_second_factor(&mut tx, person, today).await?;
        let outcome = if needed && !self.second_factor_waived {
            let secret = Secret::generate()?;
            sessions::start_challenge(&mut tx, &secret.hash(), person, return_to, now, now + CHALLENGE)
                .await?;
            Outcome::CodeNeeded(secret)
        } else {
            Outcome::SignedIn(
                self.open_session(&mut tx, person, false, self.second_factor_waived, visitor)
                    .await?,
            )
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// Checks the code of the device, or a recovery code, for a sign-in under way.
    ///
    /// # Errors
    /// [`IdentityError::LinkUsed`] when there is no such sign-in any more.
    pub async fn show_code(
        &self,
        challenge: &str,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Outcome, IdentityError> {
        let now = self.clock.now();
        let hash = secret::hash(challenge);
        let pending = sessions::challenge(&self.pool, &hash, now)
            .await?
            .ok_or(IdentityError::LinkUsed)?;
        if let Some(wait) = throttle::take(&self.pool, Bucket::Code, &pending.person.to_string(), now).await?
        {
            return Ok(Outcome::TooMany(wait));
        }
        let mut tx = self.pool.begin().await?;
        if !self
            .accept_code(&mut tx, pending.person, &pending.email, code)
            .await?
        {
            tx.rollback().await?;
            self.note_failure("session.code_refused", Some(pending.person), visitor)
                .await?;
            return Ok(Outcome::Refused);
        }
        if !sessions::finish_challenge(&mut tx, &hash).await? {
            return Err(IdentityError::LinkUsed);
        }
        let session = self
            .open_session(&mut tx, pending.person, false, true, visitor)
            .await?;
        tx.commit().await?;
        throttle::forgive(&self.pool, Bucket::Code, &pending.person.to_string()).await?;
        Ok(Outcome::SignedIn(session))
    }

    /// Whether a confirmed second factor, or a recovery code, answers for `code`; either is used up by it.
    async fn accept_code(
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

    /// One click of the demonstration. Only people of the demonstration have it; refused for anybody else.
    ///
    /// # Errors
    /// [`IdentityError::NotFound`]
    pub async fn sign_in_demo(&self, person: PersonId, visitor: &Visitor) -> Result<Secret, IdentityError> {
        let mut tx = self.pool.begin().await?;
        if !self.second_factor_waived || !people::is_demo(&mut tx, person).await? {
            return Err(IdentityError::NotFound);
        }
        let session = self.open_session(&mut tx, person, true, true, visitor).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Accepts an invitation or reset link with a new password, then goes on as after a right password.
    ///
    /// # Errors
    /// [`IdentityError::LinkUsed`], or the password is not acceptable.
    pub async fn accept_invitation(
        &self,
        link: &str,
        new_password: &str,
        visitor: &Visitor,
    ) -> Result<Outcome, IdentityError> {
        let now = self.clock.now();
        let hash = secret::hash(link);
        let person = proofs::invited(&self.pool, &hash, now)
            .await?
            .ok_or(IdentityError::LinkUsed)?;
        password::acceptable(new_password, &person.email)
            .map_err(|key| IdentityError::field("password", key))?;
        let stored = self.passwords.hash(new_password).await?;
        let mut tx = self.pool.begin().await?;
        if !proofs::use_link(&mut tx, &hash, now).await? {
            return Err(IdentityError::LinkUsed);
        }
        proofs::set_password(&mut tx, person.id, &stored, now).await?;
        sessions::end_all(&mut tx, person.id).await?;
        self.note(&mut tx, "invitation.accepted", person.id, visitor)
            .await?;
        tx.commit().await?;
        self.password_was_right(person.id, "/", visitor).await
    }

    /// Changes the password of a session's person; every other session ends and this one is replaced.
    ///
    /// # Errors
    /// The present password is wrong, the new one is not acceptable, or there were too many tries.
    pub async fn change_password(
        &self,
        token: &str,
        email: &str,
        present: &str,
        new_password: &str,
        visitor: &Visitor,
    ) -> Result<Secret, IdentityError> {
        let now = self.clock.now();
        let standing = sessions::standing(&self.pool, &secret::hash(token))
            .await?
            .ok_or(IdentityError::NotFound)?;
        if throttle::take(&self.pool, Bucket::Account, &email.to_lowercase(), now)
            .await?
            .is_some()
        {
            return Err(IdentityError::field("present", "password-too-many"));
        }
        let stored = proofs::password(&self.pool, standing.person).await?;
        if !self.passwords.verify(present, stored).await? {
            return Err(IdentityError::field("present", "password-wrong"));
        }
        password::acceptable(new_password, email).map_err(|key| IdentityError::field("password", key))?;
        let stored = self.passwords.hash(new_password).await?;
        let mut tx = self.pool.begin().await?;
        proofs::set_password(&mut tx, standing.person, &stored, now).await?;
        self.note(&mut tx, "password.changed", standing.person, visitor)
            .await?;
        let session = self.open_session_after(&mut tx, standing, visitor).await?;
        tx.commit().await?;
        throttle::forgive(&self.pool, Bucket::Account, &email.to_lowercase()).await?;
        Ok(session)
    }

    async fn open_session_after(
        &self,
        conn: &mut PgConnection,
        standing: sessions::Standing,
        visitor: &Visitor,
    ) -> Result<Secret, IdentityError> {
        sessions::end_all(conn, standing.person).await?;
        self.open_session(conn, standing.person, standing.demo, standing.strong, visitor)
            .await
    }

    /// Ends the session of this cookie value.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out(&self, token: &str, visitor: &Visitor) -> Result<(), IdentityError> {
        let mut tx = self.pool.begin().await?;
        if let Some(person) = sessions::end(&mut tx, &secret::hash(token)).await? {
            self.note(&mut tx, "session.ended", person, visitor).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Ends every session of a person, on every device.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out_everywhere(
        &self,
        person: PersonId,
        visitor: &Visitor,
    ) -> Result<u64, IdentityError> {
        let mut tx = self.pool.begin().await?;
        let ended = sessions::end_all(&mut tx, person).await?;
        self.note(&mut tx, "session.ended_everywhere", person, visitor)
            .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Replaces a session's secret; the old one opens nothing any more.
    pub(crate) async fn replace_session(
        &self,
        conn: &mut PgConnection,
        token: &str,
        strong: bool,
        visitor: &Visitor,
    ) -> Result<Secret, IdentityError> {
        let hash = secret::hash(token);
        let standing = sessions::standing(&self.pool, &hash)
            .await?
            .ok_or(IdentityError::NotFound)?;
        sessions::end(conn, &hash).await?;
        self.open_session(
            conn,
            standing.person,
            standing.demo,
            strong || standing.strong,
            visitor,
        )
        .await
    }

    async fn open_session(
        &self,
        conn: &mut PgConnection,
        person: PersonId,
        demo: bool,
        strong: bool,
        visitor: &Visitor,
    ) -> Result<Secret, IdentityError> {
        let now = self.clock.now();
        let token = Secret::generate()?;
        let session = sessions::NewSession {
            id: self.clock.new_id(),
            token_hash: token.hash(),
            person,
            csrf_secret: secret::random()?,
            demo,
            strong,
            user_agent: &visitor.user_agent,
            address: &visitor.address_text(),
            now,
            idle: IDLE,
            expires: now + ABSOLUTE,
        };
        sessions::insert(conn, &session).await?;
        self.note(conn, "session.begun", person, visitor).await?;
        Ok(token)
    }

    async fn note(
        &self,
        conn: &mut PgConnection,
        action: &'static str,
        person: PersonId,
        visitor: &Visitor,
    ) -> Result<(), IdentityError> {
        let record = Record {
            actor: Some(person),
            unit: None,
            action,
            subject_kind: "person",
            subject: Some(person.0),
            detail: json!({ "address": visitor.address_text() }),
            request_id: Some(&visitor.request_id),
        };
        Ok(audit::append(conn, record).await?)
    }

    /// A refused try has nobody who acted: who typed a name is not known to be that person.
    async fn note_failure(
        &self,
        action: &'static str,
        subject: Option<PersonId>,
        visitor: &Visitor,
    ) -> Result<(), IdentityError> {
        let record = Record {
            actor: None,
            unit: None,
            action,
            subject_kind: "person",
            subject: subject.map(|id| id.0),
            detail: json!({ "address": visitor.address_text() }),
            request_id: Some(&visitor.request_id),
        };
        let mut conn = self.pool.acquire().await?;
        Ok(audit::append(&mut conn, record).await?)
    }
}

/// Shown once.
pub type RecoveryCodes = Vec<Zeroizing<String>>;

/// What counts as one address: an IPv6 customer owns at least a /64.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::network;

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let net = |text: &str| network(text.parse().unwrap());
        assert_eq!(net("2001:db8:1:2:aaaa::1"), net("2001:db8:1:2:bbbb::2"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
        assert_eq!(net("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
