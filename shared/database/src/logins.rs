use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chancery_contracts::Service;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::DatabaseError;

/// How the owner and each service sign in to the database.
///
/// A service's password is derived from the installation's secret, so that every process of an installation knows it
/// and nobody has to keep it.
#[derive(Clone)]
pub struct Logins {
    owner: PgConnectOptions,
    prefix: String,
    secret: Vec<u8>,
}

impl fmt::Debug for Logins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logins")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl Logins {
    /// The prefix of the service's roles unless told otherwise.
    pub const PREFIX: &'static str = "chancery";

    /// Logins of the database at `owner_url` (a `postgres://` address whose user owns the database). `prefix` begins
    /// the name of every role, since roles are shared by all databases of a server; `secret` is the installation's.
    ///
    /// # Errors
    /// When the address cannot be parsed.
    pub fn new(owner_url: &str, prefix: &str, secret: &[u8]) -> Result<Self, DatabaseError> {
        let owner = PgConnectOptions::from_str(owner_url).map_err(DatabaseError::Address)?;
        Ok(Self::of(owner, prefix, secret))
    }

    /// The same from options already made.
    #[must_use]
    pub fn of(owner: PgConnectOptions, prefix: &str, secret: &[u8]) -> Self {
        Self {
            owner,
            prefix: prefix.to_owned(),
            secret: secret.to_vec(),
        }
    }

    /// The login role of `service`: `chancery_publisher`.
    #[must_use]
    pub fn role(&self, service: Service) -> String {
        format!("{}_{service}", self.prefix)
    }

    /// The beginning of every role's name.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// How the owner connects.
    #[must_use]
    pub fn owner(&self) -> &PgConnectOptions {
        &self.owner
    }

    /// How `service` connects.
    #[must_use]
    pub fn service(&self, service: Service) -> PgConnectOptions {
        let role = self.role(service);
        self.owner
            .clone()
            .password(&self.password(&role))
            .username(&role)
            .application_name(&format!("chancery-{service}"))
            // Nothing that serves a person takes this long; a forgotten transaction must not hold rows. Compiling short
            // statements costs more than it gives: tens of milliseconds at the first call on each connection.
            .options([
                ("statement_timeout", "30s"),
                ("idle_in_transaction_session_timeout", "30s"),
                ("jit", "off"),
            ])
    }

    /// A pool for `service` with at most `connections`, connected lazily.
    #[must_use]
    pub fn pool(&self, service: Service, connections: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_lazy_with(self.service(service))
    }

    /// A small pool for the owner: migrations, administration, never for serving requests.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub async fn owner_pool(&self) -> Result<PgPool, DatabaseError> {
        PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(self.owner.clone().application_name("chancery-owner"))
            .await
            .map_err(|source| DatabaseError::Connect {
                role: self.owner.get_username().to_owned(),
                source,
            })
    }

    pub(crate) fn password(&self, role: &str) -> String {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.secret) {
            Ok(mac) => mac,
            Err(never) => unreachable!("HMAC takes keys of any length: {never}"),
        };
        mac.update(b"postgresql role ");
        mac.update(role.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}
