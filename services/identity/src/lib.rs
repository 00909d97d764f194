//! Identity: who is who, and who may act for which unit.
//!
//! **Owns** units (the ministry, its departments and desks, its missions), people, roles at units from a date to a
//! date, sign-in (password, second factor, sessions), API tokens, notifications, and the reading of the audit trail.
//!
//! **Tables** (schema `identity`): `units` and `unit_names`, `people`, `grants`; `passwords`, `totp`,
//! `recovery_codes`, `one_time_links`, `sign_in_challenges`, `sessions`, `tokens`, `throttle`; `notifications`, `mails`,
//! `mail_choices`, `mail_refusals`.
//! The trail itself is `audit.entries`, which every service appends to by `audit.append`.
//!
//! **Publishes** views `published_units`, `published_people`, `published_grants` and functions `session_lookup`,
//! `token_lookup`, `touch`, `unit_names_on`; see `migrations/identity/published.sql`.
//!
//! **Handles** the commands [`Notify`](chancery_contracts::identity::Notify) from everybody and
//! [`SendLetter`](chancery_contracts::identity::SendLetter) from the calendar; of its own
//! [`SendMail`](chancery_contracts::identity::SendMail), and
//! [`Housekeeping`](chancery_contracts::identity::Housekeeping) on a schedule. It sends no events: who is who is
//! read through the views, at the moment of the decision.
//!
//! **Pages** `/sign-in`, `/sign-out`, `/setup`, `/demo`, `/me`, `/units`, `/people`, `/notifications`, `/audit`,
//! `/queue`, `/mail`, and the stream `/events`. A person who holds a role that answers for what goes out is signed in only
//! with a second factor; without one the database leaves such roles out of what it tells about the session.

mod admin;
pub mod demo;
mod error;
mod jobs;
mod live;
pub mod mail;
pub mod model;
mod people;
mod routes;
mod second_factor;
mod sessions;
mod sign_in;
mod store;
mod units;

use chancery_clock::SharedClock;
use chancery_contracts::ids::PersonId;
use chancery_queue::Handlers;
use chancery_web::{ServiceRoutes, Shell};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

pub use error::IdentityError;
pub use live::Live;
pub use people::{Invitation, PostingDraft, PostingForm};
pub use sign_in::{Outcome, Visitor};
pub use store::audit::{AuditFilter, Entry};
pub use store::grants::Posting;
pub use store::people::Person;

use model::password::Passwords;
use model::totp::SecretBox;

/// What the service is given by the binary.
#[derive(Debug, Clone)]
pub struct Deps {
    /// Connected as identity's role.
    pub pool: PgPool,
    /// Now, and new ids.
    pub clock: SharedClock,
    /// Pages.
    pub shell: Shell,
    /// The installation's secret key; a key of its own is derived from it.
    pub secret_key: [u8; 32],
    /// The way to the mail server; none: no mail is sent.
    pub mailer: Option<mail::Mailer>,
    /// Behind a proxy of our own: the last `X-Forwarded-For` is the visitor's address.
    pub trust_proxy: bool,
    /// Cancelled when the process stops, so that open streams end.
    pub shutdown: CancellationToken,
}

/// What the service gives to the binary.
#[derive(Debug)]
pub struct Parts {
    /// Pages, fragments and API.
    pub routes: ServiceRoutes,
    /// Jobs and schedules.
    pub handlers: Handlers,
}

/// The service.
#[must_use]
pub fn service(deps: Deps) -> Parts {
    let identity = Identity::new(deps.pool.clone(), deps.clock.clone(), &deps.secret_key)
        .waiving_second_factors(deps.shell.config().demo);
    let post = deps.mailer.clone().map(|mailer| mail::Post {
        mailer,
        shell: deps.shell.clone(),
    });
    Parts {
        handlers: jobs::handlers(&identity, post),
        routes: routes::routes(identity, deps),
    }
}

/// What identity can do, for its pages, its API and the command line alike. Every change writes its own entry in the
/// audit trail.
#[derive(Debug, Clone)]
pub struct Identity {
    pool: PgPool,
    clock: SharedClock,
    passwords: Passwords,
    keys: SecretBox,
    second_factor_waived: bool,
}

impl Identity {
    /// On a pool that is connected as identity's role.
    #[must_use]
    pub fn new(pool: PgPool, clock: SharedClock, secret_key: &[u8; 32]) -> Self {
        Self {
            pool,
            clock,
            passwords: Passwords::default(),
            keys: SecretBox::new(secret_key),
            second_factor_waived: false,
        }
    }

    /// Whether a password alone signs everybody in: only in a demonstration.
    #[must_use]
    pub fn waiving_second_factors(self, waived: bool) -> Self {
        Self {
            second_factor_waived: waived,
            ..self
        }
    }
}

/// In whose name something is changed, for the audit trail.
#[derive(Debug, Clone, Copy, Default)]
pub struct By<'a> {
    /// Who; none for the system itself, such as the command line.
    pub actor: Option<PersonId>,
    /// The request that asked for it.
    pub request_id: Option<&'a str>,
}
