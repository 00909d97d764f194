//! Signing in and out. A stranger learns nothing from an answer or from its time: an unknown name, a wrong password, a
//! person without one and a deactivated one are refused alike, after the same work.

use std::net::IpAddr;

use chancery_contracts::ids::PersonId;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::model::password;
use crate::model::secret::{self, Secret};
use crate::model::session::CHALLENGE;
use crate::model::throttle::Bucket;
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
    pub(crate) fn address_text(&self) -> String {
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

/// What counts as one address: an IPv6 customer owns at least a /64.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            address.to_ipv4_mapped().map_or_else(
                || format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"),
                |address| address.to_string(),
            )
        }
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
