//! What went wrong, as a value. A handler returns it with `?`; the shell turns it into a page, a fragment or
//! problem+json (RFC 9457) in the viewer's language, which says what happened, what was kept and what to do.
//!
//! A problem's key is a Fluent message: its value says what happened; its attributes `.kept` and `.next` say the
//! rest, and come from the kind's own message (`problem-conflict`, …) where the key has none.

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Grant, Place, Principal, Refusal};
use http::StatusCode;

use crate::{Arg, Args};

/// The sorts of problems. Each has a status and a general message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request can't be read.
    BadRequest,
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// There is no such thing, or the viewer may not know that there is.
    NotFound,
    /// It was there, and its time is over.
    Gone,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// Somebody else changed it, or its state forbids this now.
    Conflict,
    /// What the client says of itself or of the thing does not hold.
    Precondition,
    /// The body is of a type that is not taken there.
    UnsupportedType,
    /// Somebody is at work on it.
    Locked,
    /// Readable, but some values are refused.
    Invalid,
    /// Larger than is accepted.
    TooLarge,
    /// Too often.
    TooMany,
    /// Took too long.
    Timeout,
    /// A part that is needed does not answer.
    Unavailable,
    /// The disk is full.
    Full,
    /// The bytes are not those that were sent: tus's own status.
    Mangled,
    /// A fault of ours.
    Internal,
}

impl Kind {
    const fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest => (StatusCode::BAD_REQUEST, "problem-bad-request"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "problem-unauthenticated"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "problem-forbidden"),
            Self::NotFound => (StatusCode::NOT_FOUND, "problem-not-found"),
            Self::Gone => (StatusCode::GONE, "problem-gone"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "problem-method-not-allowed"),
            Self::Conflict => (StatusCode::CONFLICT, "problem-conflict"),
            Self::Precondition => (StatusCode::PRECONDITION_FAILED, "problem-precondition"),
            Self::UnsupportedType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "problem-unsupported-type"),
            Self::Locked => (StatusCode::LOCKED, "problem-locked"),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "problem-invalid"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "problem-too-large"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "problem-too-many"),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "problem-timeout"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "problem-unavailable"),
            Self::Full => (StatusCode::INSUFFICIENT_STORAGE, "problem-full"),
            Self::Mangled => (StatusCode::BAD_REQUEST, "problem-mangled"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "problem-internal"),
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            // tus 1.0, "Checksum Mismatch"; no name in HTTP.
            Self::Mangled => StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST),
            other => other.parts().0,
        }
    }

    /// The Fluent id of the general message; its attribute `.title` is the heading.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.parts().1
    }

    /// The kind that fits a bare status, such as those of axum's own refusals.
    #[must_use]
    pub const fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            410 => Self::Gone,
            405 => Self::MethodNotAllowed,
            409 => Self::Conflict,
            412 => Self::Precondition,
            413 => Self::TooLarge,
            415 => Self::UnsupportedType,
            423 => Self::Locked,
            460 => Self::Mangled,
            422 => Self::Invalid,
            429 => Self::TooMany,
            408 | 504 => Self::Timeout,
            502 | 503 => Self::Unavailable,
            507 => Self::Full,
            500.. => Self::Internal,
            _ => Self::BadRequest,
        }
    }
}

/// A value that is refused, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProblem {
    /// The form field's name, or a JSON pointer.
    pub field: Cow<'static, str>,
    /// The Fluent id of the reason.
    pub key: Cow<'static, str>,
    /// The reason's arguments.
    pub args: Args,
}

/// See the module's page.
#[derive(Debug, Clone)]
pub struct Problem(Box<Details>);

/// What a [`Problem`] consists of.
#[derive(Debug, Clone)]
pub struct Details {
    /// The sort.
    pub kind: Kind,
    /// The Fluent id of what happened.
    pub key: Cow<'static, str>,
    /// Its arguments.
    pub args: Args,
    /// The values that are refused.
    pub fields: Vec<FieldProblem>,
    /// When asking again makes sense.
    pub retry_after: Option<Duration>,
}

impl Problem {
    /// A problem of this kind, with the kind's own message.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Self::new(kind, kind.key())
    }

    /// A problem of this kind that says more than the kind does.
    #[must_use]
    pub fn new(kind: Kind, key: impl Into<Cow<'static, str>>) -> Self {
        let (key, args) = (key.into(), Args::new());
        Self(Box::new(Details {
            kind,
            key,
            args,
            fields: Vec::new(),
            retry_after: None,
        }))
    }

    /// There is no such thing, or the viewer may not know that there is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of(Kind::NotFound)
    }

    /// Nobody is signed in: pages go to the sign-in page and come back.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::of(Kind::Unauthenticated)
    }

    /// Signed in, but not allowed, for the reason given.
    #[must_use]
    pub fn forbidden(reason: impl Into<Forbidden>) -> Self {
        let Forbidden { key, action } = reason.into();
        let problem = Self::new(Kind::Forbidden, key);
        match action {
            // Fluent selects by identifiers, which have no dots.
            Some(action) => problem.arg("action", action.as_str().replace('.', "-")),
            None => problem,
        }
    }

    /// Somebody else changed it, or its state forbids this now.
    #[must_use]
    pub fn conflict(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, key)
    }

    /// Readable, but refused. Name the values by [`Problem::field`].
    #[must_use]
    pub fn invalid(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, key)
    }

    /// The request can't be read.
    #[must_use]
    pub fn bad_request(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::BadRequest, key)
    }

    /// Too often; ask again after `wait`.
    #[must_use]
    pub fn too_many(key: impl Into<Cow<'static, str>>, wait: Duration) -> Self {
        Self::new(Kind::TooMany, key).retry_after(wait)
    }

    /// A part that is needed does not answer.
    #[must_use]
    pub fn unavailable(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unavailable, key).retry_after(Duration::from_secs(10))
    }

    /// A fault of ours. The error is logged under the request's id; nothing of it is shown.
    #[must_use]
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "request failed");
        Self::of(Kind::Internal)
    }

    /// Adds a refused value: its field's name and the Fluent id of the reason.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>, key: impl Into<Cow<'static, str>>) -> Self {
        self.0.fields.push(FieldProblem {
            field: field.into(),
            key: key.into(),
            args: Args::new(),
        });
        self
    }

    /// Adds an argument to the message of the last field named, or of the problem itself when none is.
    #[must_use]
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Arg>) -> Self {
        let args = self
            .0
            .fields
            .last_mut()
            .map_or(&mut self.0.args, |field| &mut field.args);
        args.insert(name.into(), value.into());
        self
    }

    /// Says when asking again makes sense (`Retry-After`).
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// What it consists of.
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// Whether any field is refused.
    #[must_use]
    pub fn has_fields(&self) -> bool {
        !self.0.fields.is_empty()
    }

    /// `Ok` when no field was refused: collect first, then `problem.or_ok()?`.
    ///
    /// # Errors
    /// The problem itself, when it names a field.
    pub fn or_ok(self) -> Result<(), Self> {
        if self.has_fields() { Err(self) } else { Ok(()) }
    }
}

/// Why something is not allowed: a refusal of `chancery_access`, or a Fluent id.
#[derive(Debug, Clone)]
pub struct Forbidden {
    key: Cow<'static, str>,
    action: Option<Action>,
}

impl From<Refusal> for Forbidden {
    fn from(refusal: Refusal) -> Self {
        Self {
            key: refusal.key().into(),
            action: Some(refusal.action()),
        }
    }
}

impl From<&'static str> for Forbidden {
    fn from(key: &'static str) -> Self {
        Self {
            key: key.into(),
            action: None,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::forbidden(refusal)
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::not_found(),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::error!(%error, "the database does not answer");
                Self::unavailable("problem-database-unavailable")
            }
            error => Self::internal(error),
        }
    }
}

impl IntoResponse for Problem {
    /// The bare status; the shell's middleware finds the problem in the extensions and writes the body.
    fn into_response(self) -> Response {
        let mut response = self.0.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// `principal.require(Action::ItemWrite, &place)?` in handlers.
pub trait Require {
    /// The grant by which the action may be done at `place`.
    ///
    /// # Errors
    /// A [`Problem`] that says why not.
    fn require(&self, action: Action, place: &Place<'_>) -> Result<Grant, Problem>;

    /// The grant by which the action may be done at some unit.
    ///
    /// # Errors
    /// A [`Problem`] that says why not.
    fn require_anywhere(&self, action: Action) -> Result<Grant, Problem>;
}

impl Require for Principal {
    fn require(&self, action: Action, place: &Place<'_>) -> Result<Grant, Problem> {
        granted(self.decide(action, *place))
    }

    fn require_anywhere(&self, action: Action) -> Result<Grant, Problem> {
        granted(self.decide_anywhere(action))
    }
}

fn granted(decision: chancery_access::Decision) -> Result<Grant, Problem> {
    match decision {
        chancery_access::Decision::Allowed(grant) => Ok(grant),
        chancery_access::Decision::Refused(refusal) => Err(refusal.into()),
    }
}
