//! Inviting people, giving and ending their roles.

use chancery_access::{Action, Place, Principal, Role};
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::model::FieldErrors;
use crate::model::person::PersonForm;
use crate::model::secret::Secret;
use crate::model::session::INVITATION;
use crate::store::audit::{self, Record};
use crate::store::grants::{NewGrant, Posting};
use crate::store::{grants, people, proofs, sessions, tokens, units};
use crate::{By, Identity, IdentityError};

/// A posting as somebody fills it in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PostingForm {
    /// Where.
    pub unit_id: String,
    /// A role's word.
    pub role: String,
    /// First day (*Từ*), `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day (*đến*), or nothing: until further notice.
    pub valid_to: String,
}

/// A posting that may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostingDraft {
    /// Where.
    pub unit: UnitId,
    /// What.
    pub role: Role,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl PostingForm {
    /// The draft, if every field is right.
    ///
    /// # Errors
    /// One finding a field.
    pub fn check(&self) -> Result<PostingDraft, FieldErrors> {
        let mut errors = FieldErrors::default();
        let unit = self.unit_id.trim().parse::<UnitId>().ok();
        errors.check(unit.is_some(), "unit_id", "people-error-unit");
        let role = self.role.parse::<Role>().ok();
        errors.check(role.is_some(), "role", "people-error-role");
        let from = self.valid_from.trim().parse::<NaiveDate>().ok();
        errors.check(from.is_some(), "valid_from", "error-date");
        let to = match self.valid_to.trim() {
            "" => Some(None),
            text => text.parse::<NaiveDate>().ok().map(Some),
        };
        errors.check(to.is_some(), "valid_to", "error-date");
        if let (Some(from), Some(Some(to))) = (from, to) {
            errors.check(from <= to, "valid_to", "error-dates-order");
        }
        match (unit, role, from, to) {
            (Some(unit), Some(role), Some(from), Some(to)) => {
                errors.or(PostingDraft { unit, role, from, to })
            }
            _ => Err(errors),
        }
    }
}

/// A link by which a person sets their first, or a new, password. Shown once.
#[derive(Debug)]
pub struct Invitation {
    /// Whose.
    pub person: PersonId,
    /// The secret part of the link.
    pub secret: Secret,
}

impl Identity {
    /// Adds a person with their first posting, and makes the link by which they set a password.
    ///
    /// # Errors
    /// Refused values; the unit does not exist.
    pub async fn add_person(
        &self,
        by: By<'_>,
        form: &PersonForm,
        posting: Option<&PostingDraft>,
    ) -> Result<Invitation, IdentityError> {
        let form = form.check()?;
        let now = self.clock.now();
        let person = PersonId(self.clock.new_id());
        let mut tx = self.pool.begin().await?;
        people::insert(&mut tx, person, &form, now)
            .await
            .map_err(IdentityError::from_write)?;
        let unit = posting.map(|posting| posting.unit);
        let detail = json!({ "name": form.name, "email": form.email });
        self.record(&mut tx, by, unit, "person.added", person, detail)
            .await?;
        if let Some(posting) = posting {
            self.store_posting(&mut tx, by, person, posting).await?;
        }
        let secret = self.new_invitation(&mut tx, by, person).await?;
        tx.commit().await?;
        Ok(Invitation { person, secret })
    }

    /// Changes a person's name, address or language.
    ///
    /// # Errors
    /// Refused values; somebody else changed them since `revision`.
    pub async fn change_person(
        &self,
        by: By<'_>,
        person: PersonId,
        form: &PersonForm,
        revision: i32,
    ) -> Result<(), IdentityError> {
        let form = form.check()?;
        let mut tx = self.pool.begin().await?;
        let changed = people::update(&mut tx, person, &form, revision, self.clock.now())
            .await
            .map_err(IdentityError::from_write)?;
        if !changed {
            return Err(IdentityError::Stale);
        }
        let detail = json!({ "name": form.name, "email": form.email, "language": form.language });
        self.record(&mut tx, by, None, "person.changed", person, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Lets a person sign in again, or no longer: then their sessions end and their tokens are taken back.
    ///
    /// # Errors
    /// [`IdentityError::LastAdministrator`]
    pub async fn set_active(&self, by: By<'_>, person: PersonId, active: bool) -> Result<(), IdentityError> {
        let now = self.clock.now();
        let mut tx = self.pool.begin().await?;
        if !people::set_active(&mut tx, person, active, now).await? {
            return Ok(());
        }
        if !active {
            let today = grants::today(&mut tx, now).await?;
            if !grants::is_administered(&mut tx, None, today).await? {
                return Err(IdentityError::LastAdministrator);
            }
            sessions::end_all(&mut tx, person).await?;
            tokens::revoke_all(&mut tx, person, now).await?;
        }
        let action = if active {
            "person.reactivated"
        } else {
            "person.deactivated"
        };
        self.record(&mut tx, by, None, action, person, json!({})).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a new link to set a password by; earlier ones no longer open.
    ///
    /// # Errors
    /// The database.
    pub async fn invite(&self, by: By<'_>, person: PersonId) -> Result<Invitation, IdentityError> {
        let mut tx = self.pool.begin().await?;
        let secret = self.new_invitation(&mut tx, by, person).await?;
        tx.commit().await?;
        Ok(Invitation { person, secret })
    }

    async fn new_invitation(
        &self,
        conn: &mut PgConnection,
        by: By<'_>,
        person: PersonId,
    ) -> Result<Secret, IdentityError> {
        let now = self.clock.now();
        let secret = Secret::generate()?;
        proofs::new_link(
            conn,
            &secret.hash(),
            Some(person),
            by.actor,
            now,
            now + INVITATION,
        )
        .await?;
        self.record(conn, by, None, "invitation.made", person, json!({}))
            .await?;
        Ok(secret)
    }

    /// Forgets the second factor of somebody who lost their device; they set up a new one at the next sign-in.
    ///
    /// # Errors
    /// The database.
    pub async fn reset_second_factor(&self, by: By<'_>, person: PersonId) -> Result<(), IdentityError> {
        let mut tx = self.pool.begin().await?;
        proofs::remove_factor(&mut tx, person).await?;
        sessions::end_all(&mut tx, person).await?;
        self.record(&mut tx, by, None, "second_factor.reset", person, json!({}))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Gives a role at a unit from a date to a date. The person's sessions end: new rights begin with a new sign-in.
    ///
    /// # Errors
    /// The same posting exists; the unit does not.
    pub async fn grant(
        &self,
        by: By<'_>,
        person: PersonId,
        posting: &PostingDraft,
    ) -> Result<(), IdentityError> {
        let mut tx = self.pool.begin().await?;
        self.store_posting(&mut tx, by, person, posting).await?;
        if by.actor != Some(person) {
            sessions::end_all(&mut tx, person).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn store_posting(
        &self,
        conn: &mut PgConnection,
        by: By<'_>,
        person: PersonId,
        posting: &PostingDraft,
    ) -> Result<(), IdentityError> {
        if units::path(conn, posting.unit).await?.is_none() {
            return Err(IdentityError::field("unit_id", "people-error-unit"));
        }
        let PostingDraft { unit, role, from, to } = *posting;
        let grant = NewGrant {
            id: self.clock.new_id(),
            person,
            unit,
            role,
            from,
            to,
            by: by.actor,
        };
        if !grants::insert(conn, &grant, self.clock.now()).await? {
            return Err(IdentityError::field("role", "people-error-held"));
        }
        let detail = json!({ "role": role.as_str(), "from": from, "to": to });
        self.record(conn, by, Some(unit), "role.granted", person, detail)
            .await
    }

    /// The posting's last day becomes `last`; one that would end before it begins is taken back altogether.
    ///
    /// # Errors
    /// [`IdentityError::NotFound`], [`IdentityError::LastAdministrator`]
    pub async fn end_posting(&self, by: By<'_>, id: Uuid, last: NaiveDate) -> Result<Posting, IdentityError> {
        let mut tx = self.pool.begin().await?;
        let posting = grants::get(&mut tx, id).await?.ok_or(IdentityError::NotFound)?;
        if posting.role == Role::Administrator.as_str()
            && units::root(&mut tx).await? == Some(posting.unit_id)
            && !grants::is_administered(&mut tx, Some(id), last + TimeDelta::days(1)).await?
        {
            return Err(IdentityError::LastAdministrator);
        }
        grants::end(&mut tx, id, last).await?;
        if by.actor != Some(posting.person_id) {
            sessions::end_all(&mut tx, posting.person_id).await?;
        }
        let detail = json!({ "role": posting.role, "from": posting.valid_from, "to": last });
        self.record(
            &mut tx,
            by,
            Some(posting.unit_id),
            "role.ended",
            posting.person_id,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(posting)
    }

    /// Whether `principal` may change `person`: they must be able to at every unit where the person holds, or will
    /// hold, a role; else an administrator of one mission could reset the password of headquarters'.
    ///
    /// # Errors
    /// The database.
    pub async fn may_manage(&self, principal: &Principal, person: PersonId) -> Result<bool, IdentityError> {
        let mut conn = self.pool.acquire().await?;
        let mut anywhere = principal.decide_anywhere(Action::PersonManage).is_allowed();
        for path in grants::paths_of(&mut conn, person, principal.today).await? {
            anywhere &= principal
                .decide(Action::PersonManage, Place { path: &path.0 })
                .is_allowed();
        }
        Ok(anywhere)
    }

    pub(crate) async fn record(
        &self,
        conn: &mut PgConnection,
        by: By<'_>,
        unit: Option<UnitId>,
        action: &'static str,
        person: PersonId,
        detail: serde_json::Value,
    ) -> Result<(), IdentityError> {
        let record = Record {
            actor: by.actor,
            unit,
            action,
            subject_kind: "person",
            subject: Some(person.0),
            detail,
            request_id: by.request_id,
        };
        Ok(audit::append(conn, record).await?)
    }
}
