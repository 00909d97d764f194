/// What can go wrong between the product and its database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is not one of a PostgreSQL server.
    #[error("the database address is not understood: {0}")]
    Address(#[source] sqlx::Error),
    /// The server did not answer, or refused.
    #[error("cannot connect to the database as “{role}”: {source}")]
    Connect {
        /// As whom.
        role: String,
        /// What the driver says.
        source: sqlx::Error,
    },
    /// The server is older than what the product is tested with.
    #[error("PostgreSQL {found} is too old: version 15 or newer is needed")]
    TooOld {
        /// `server_version` as the server gives it.
        found: String,
    },
    /// The owner may not create roles and they do not exist yet.
    #[error(
        "the database user may not create roles; run once, as a superuser: alter role {owner} createrole"
    )]
    MayNotCreateRoles {
        /// The user of the database address.
        owner: String,
    },
    /// A migration failed; the schema is as it was before it.
    #[error("migrating schema “{schema}”: {source}")]
    Migrate {
        /// Which schema.
        schema: &'static str,
        /// What the migrator says.
        source: sqlx::migrate::MigrateError,
    },
    /// What a schema publishes could not be applied.
    #[error("publishing views and functions of schema “{schema}”: {source}")]
    Publish {
        /// Which schema.
        schema: &'static str,
        /// What the server says.
        source: sqlx::Error,
    },
    /// Any other statement.
    #[error(transparent)]
    Statement(#[from] sqlx::Error),
}
