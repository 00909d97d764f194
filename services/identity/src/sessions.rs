//! Opening, replacing and ending sessions.

use chancery_contracts::ids::PersonId;
use serde_json::json;
use sqlx::PgConnection;

use crate::model::password;
use crate::model::secret::{self, Secret};
use crate::model::session::{ABSOLUTE, IDLE};
use crate::model::throttle::Bucket;
use crate::store::audit::{self, Record};
use crate::store::{proofs, sessions, throttle};
use crate::{Identity, IdentityError, Visitor};

impl Identity {
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

    pub(crate) async fn open_session(
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

    pub(crate) async fn note(
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
}
