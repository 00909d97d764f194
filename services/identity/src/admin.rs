//! What the command line and the first start need: the set-up code, the first administrator, tokens.

use std::collections::BTreeSet;

use chancery_access::{Action, Role};
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::TimeDelta;
use serde_json::json;

use crate::model::person::PersonForm;
use crate::model::secret::{self, Secret};
use crate::model::session::SETUP;
use crate::model::unit::UnitDraft;
use crate::model::{FieldErrors, is_plain_line, password};
use crate::people::PostingDraft;
use crate::store::audit::{self, AuditFilter, Entry, Record};
use crate::store::people::{Person, PersonRow};
use crate::store::{grants, people, proofs, sessions, tokens, units};
use crate::{By, Identity, IdentityError, Invitation};

/// The longest life of an API token.
pub const TOKEN_LIFE: TimeDelta = TimeDelta::days(366);

impl Identity {
    /// Whether the ministry has an administrator who can sign in.
    ///
    /// # Errors
    /// The database.
    pub async fn is_set_up(&self) -> Result<bool, IdentityError> {
        let mut conn = self.pool.acquire().await?;
        let today = grants::today(&mut conn, self.clock.now()).await?;
        Ok(grants::is_administered(&mut conn, None, today).await?)
    }

    /// The one-time code for `/setup`, to be printed where only who runs the product sees it. None once there is an
    /// administrator. A new code replaces the one of an earlier start.
    ///
    /// # Errors
    /// The database.
    pub async fn setup_code(&self) -> Result<Option<Secret>, IdentityError> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let code = Secret::generate()?;
        let mut tx = self.pool.begin().await?;
        proofs::new_link(&mut tx, &code.hash(), None, None, now, now + SETUP).await?;
        tx.commit().await?;
        Ok(Some(code))
    }

    /// Whether this is the code of the present start.
    ///
    /// # Errors
    /// The database.
    pub async fn is_setup_code(&self, code: &str) -> Result<bool, IdentityError> {
        Ok(proofs::is_setup_code(&self.pool, &secret::hash(code.trim()), self.clock.now()).await?)
    }

    /// Makes the ministry and its first administrator, once, for who has the set-up code.
    ///
    /// # Errors
    /// The code was used, values are refused, or the ministry is set up already.
    pub async fn set_up(
        &self,
        code: &str,
        ministry: &UnitDraft,
        administrator: &PersonForm,
        new_password: &str,
    ) -> Result<PersonId, IdentityError> {
        let form = administrator.check()?;
        password::acceptable(new_password, &form.email)
            .map_err(|key| IdentityError::field("password", key))?;
        if self.is_set_up().await? {
            return Err(IdentityError::LinkUsed);
        }
        let stored = self.passwords.hash(new_password).await?;
        let now = self.clock.now();
        let mut tx = self.pool.begin().await?;
        if !proofs::use_link(&mut tx, &secret::hash(code.trim()), now).await? {
            return Err(IdentityError::LinkUsed);
        }
        let unit = if let Some(unit) = units::root(&mut tx).await? {
            unit
        } else {
            let unit = UnitId(self.clock.new_id());
            units::insert(&mut tx, unit, ministry, now)
                .await
                .map_err(IdentityError::from_write)?;
            unit
        };
        let person = PersonId(self.clock.new_id());
        people::insert(&mut tx, person, &form, now)
            .await
            .map_err(IdentityError::from_write)?;
        proofs::set_password(&mut tx, person, &stored, now).await?;
        let from = grants::today(&mut tx, now).await?;
        let grant = grants::NewGrant {
            id: self.clock.new_id(),
            person,
            unit,
            role: Role::Administrator,
            from,
            to: None,
            by: None,
        };
        grants::insert(&mut tx, &grant, now).await?;
        let detail = json!({ "email": form.email, "role": Role::Administrator.as_str() });
        self.record(
            &mut tx,
            By::default(),
            Some(unit),
            "ministry.set_up",
            person,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(person)
    }

    /// Adds a person from the command line, with a role at the unit of this slug; gives the link's secret.
    ///
    /// # Errors
    /// Refused values; no such unit.
    pub async fn create_user(
        &self,
        form: &PersonForm,
        role: Option<Role>,
        unit_slug: &str,
    ) -> Result<Invitation, IdentityError> {
        let posting = match role {
            None => None,
            Some(role) => {
                let all = units::all(&self.pool).await?;
                let unit = all
                    .iter()
                    .find(|unit| unit.slug == unit_slug)
                    .ok_or(IdentityError::field("unit_id", "people-error-unit"))?;
                let mut conn = self.pool.acquire().await?;
                let from = grants::today(&mut conn, self.clock.now()).await?;
                Some(PostingDraft {
                    unit: unit.id,
                    role,
                    from,
                    to: None,
                })
            }
        };
        self.add_person(By::default(), form, posting.as_ref()).await
    }

    /// Ends the sessions of the person with this address and makes a link to set a new password by.
    ///
    /// # Errors
    /// [`IdentityError::NotFound`]
    pub async fn reset_password(&self, email: &str) -> Result<Invitation, IdentityError> {
        let person = self.person_by_email(email).await?;
        let mut tx = self.pool.begin().await?;
        sessions::end_all(&mut tx, person.id).await?;
        tx.commit().await?;
        self.invite(By::default(), person.id).await
    }

    /// The person with this address.
    ///
    /// # Errors
    /// [`IdentityError::NotFound`]
    pub async fn person_by_email(&self, email: &str) -> Result<Person, IdentityError> {
        let mut conn = self.pool.acquire().await?;
        people::by_email(&mut conn, email.trim())
            .await?
            .ok_or(IdentityError::NotFound)
    }

    /// Makes an API token for a person. `strong`: as from a session with a second factor, so that roles which need one
    /// count.
    ///
    /// # Errors
    /// Refused values: no name, an unknown scope, a life that is too long.
    pub async fn make_token(
        &self,
        by: By<'_>,
        person: PersonId,
        name: &str,
        scopes: &[String],
        life: TimeDelta,
        strong: bool,
    ) -> Result<Secret, IdentityError> {
        let now = self.clock.now();
        let scopes: BTreeSet<&str> = scopes.iter().map(String::as_str).collect();
        let mut errors = FieldErrors::default();
        errors.check(is_plain_line(name.trim(), 100), "name", "tokens-error-name");
        let known = scopes.iter().all(|scope| scope.parse::<Action>().is_ok());
        errors.check(known && !scopes.is_empty(), "scopes", "tokens-error-scopes");
        errors.check(
            life > TimeDelta::zero() && life <= TOKEN_LIFE,
            "days",
            "tokens-error-life",
        );
        errors.or(())?;
        let scopes: Vec<String> = scopes.into_iter().map(str::to_owned).collect();
        let secret = Secret::with_prefix("chancery_")?;
        let token = tokens::NewToken {
            id: self.clock.new_id(),
            person,
            name: name.trim(),
            token_hash: secret.hash(),
            scopes: &scopes,
            strong,
            now,
            expires: now + life,
        };
        let mut tx = self.pool.begin().await?;
        tokens::insert(&mut tx, &token).await?;
        let detail =
            json!({ "token": token.id, "name": token.name, "scopes": scopes, "until": token.expires });
        self.record(&mut tx, by, None, "token.made", person, detail)
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// [`IdentityError::NotFound`]
    pub async fn revoke_token(
        &self,
        by: By<'_>,
        person: PersonId,
        id: uuid::Uuid,
    ) -> Result<(), IdentityError> {
        let mut tx = self.pool.begin().await?;
        if !tokens::revoke(&mut tx, person, id, self.clock.now()).await? {
            return Err(IdentityError::NotFound);
        }
        self.record(&mut tx, by, None, "token.revoked", person, json!({ "token": id }))
            .await?;
        Ok(tx.commit().await?)
    }

    /// The first `fetch` people, by name.
    ///
    /// # Errors
    /// The database.
    pub async fn people(&self, fetch: i64) -> Result<Vec<PersonRow>, IdentityError> {
        Ok(people::list(
            &self.pool,
            &people::PeopleFilter {
                fetch,
                ..Default::default()
            },
        )
        .await?)
    }

    /// The tokens of a person that still work, the latest first.
    ///
    /// # Errors
    /// The database.
    pub async fn tokens(&self, person: PersonId) -> Result<Vec<tokens::Token>, IdentityError> {
        Ok(tokens::list(&self.pool, person, self.clock.now()).await?)
    }

    /// A page of the audit trail, the latest first.
    ///
    /// # Errors
    /// The database.
    pub async fn audit(&self, filter: &AuditFilter) -> Result<Vec<Entry>, IdentityError> {
        Ok(audit::list(&self.pool, filter).await?)
    }

    /// Writes down something that the command line did.
    ///
    /// # Errors
    /// The database.
    pub async fn note_operation(
        &self,
        action: &'static str,
        subject_kind: &'static str,
        detail: serde_json::Value,
    ) -> Result<(), IdentityError> {
        let mut conn = self.pool.acquire().await?;
        let record = Record {
            actor: None,
            unit: None,
            action,
            subject_kind,
            subject: None,
            detail,
            request_id: None,
        };
        Ok(audit::append(&mut conn, record).await?)
    }
}
