//! What can go wrong in identity, and what people are told of it.

use chancery_web::Problem;

use crate::model::FieldErrors;
use crate::model::password::PasswordError;
use crate::model::secret::NoRandomness;
use crate::model::totp::TotpError;

/// See the module's page.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The database refuses or does not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// See [`PasswordError`].
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// See [`TotpError`].
    #[error(transparent)]
    SecondFactor(#[from] TotpError),
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Some values are refused: pairs of a field and the Fluent id of a reason.
    #[error("refused values: {0:?}")]
    Invalid(FieldErrors),
    /// There is no such unit, person, posting or token.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("changed by somebody else meanwhile")]
    Stale,
    /// It would leave the ministry without an administrator.
    #[error("the last administrator cannot be removed")]
    LastAdministrator,
    /// The invitation, reset link or set-up code is unknown, used or expired.
    #[error("the one-time link is unknown, used or expired")]
    LinkUsed,
}

impl From<FieldErrors> for IdentityError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl IdentityError {
    /// One refused value.
    #[must_use]
    pub fn field(field: &'static str, key: &'static str) -> Self {
        let mut errors = FieldErrors::default();
        errors.check(false, field, key);
        Self::Invalid(errors)
    }

    /// Constraints that a form can run into become findings at their field.
    #[must_use]
    pub fn from_write(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|error| error.constraint()) {
            Some("people_email") => Self::field("email", "people-error-email-taken"),
            Some("units_slug_key") => Self::field("slug", "units-error-slug-taken"),
            Some("units_one_root" | "units_parent_id_fkey" | "units_no_cycle") => {
                Self::field("parent_id", "units-error-parent")
            }
            Some("units_successor_id_fkey" | "units_check1") => {
                Self::field("successor_id", "units-error-successor")
            }
            _ => Self::Database(error),
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Database(error) => Self::from(error),
            IdentityError::Invalid(errors) => errors
                .iter()
                .fold(Self::invalid("problem-invalid"), |problem, (field, key)| {
                    problem.field(field, key)
                }),
            IdentityError::NotFound => Self::not_found(),
            IdentityError::Stale => Self::conflict("identity-stale"),
            IdentityError::LastAdministrator => Self::conflict("people-last-administrator"),
            IdentityError::LinkUsed => Self::conflict("invitation-used"),
            error @ (IdentityError::Password(_)
            | IdentityError::SecondFactor(_)
            | IdentityError::NoRandomness(_)) => Self::internal(error),
        }
    }
}
