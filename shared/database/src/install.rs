use std::borrow::Cow;

use chancery_contracts::{MessageKind, Service, catalogue};
use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};

use crate::{DatabaseError, Logins};

/// One schema: its migrations, and what it publishes to the others.
#[derive(Debug)]
pub struct Schema {
    /// The schema's name, and that of its folder under `migrations/`.
    pub name: &'static str,
    migrator: fn() -> Migrator,
    published: &'static str,
}

impl Schema {
    /// Hands every byte that installing depends on to `take`.
    #[cfg(feature = "testing")]
    pub(crate) fn feed(&self, mut take: impl FnMut(&[u8])) {
        for migration in (self.migrator)().iter() {
            take(&migration.checksum);
        }
        take(self.published.as_bytes());
        take(format!("{:?}", catalogue()).as_bytes());
    }
}

macro_rules! schema {
    ($name:literal, $folder:literal) => {
        Schema {
            name: $name,
            migrator: || {
                let mut migrator = sqlx::migrate!($folder);
                migrator.dangerous_set_table_name(concat!($name, ".migrations"));
                migrator.create_schema($name);
                migrator
            },
            published: include_str!(concat!("../", $folder, "/published.sql")),
        }
    };
}

/// Every schema, in the order of installation: what one publishes may refer to those before it.
pub static SCHEMAS: [Schema; 7] = [
    schema!("queue", "../../migrations/queue"),
    schema!("audit", "../../migrations/audit"),
    schema!("identity", "../../migrations/identity"),
    schema!("assets", "../../migrations/assets"),
    schema!("calendar", "../../migrations/calendar"),
    schema!("newsroom", "../../migrations/newsroom"),
    schema!("publisher", "../../migrations/publisher"),
];

/// Held while roles and schemas are made, so that two processes starting at once do not race.
const INSTALL_LOCK: i64 = 0x0063_6861_6e63_6572;

/// Makes the service's roles, applies what is new of every schema's migrations, re-applies what each publishes and tells
/// the queue the catalogue of messages. Safe to repeat, and from several processes at once.
///
/// # Errors
/// When the server is too old, the owner may not create roles, or a statement fails; what was applied before stays.
pub async fn install(logins: &Logins) -> Result<(), DatabaseError> {
    let owner = logins.owner();
    let mut connection =
        PgConnection::connect_with(owner)
            .await
            .map_err(|source| DatabaseError::Connect {
                role: owner.get_username().to_owned(),
                source,
            })?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(INSTALL_LOCK)
        .execute(&mut connection)
        .await?;
    let done = install_locked(&mut connection, logins).await;
    sqlx::query("select pg_advisory_unlock($1)")
        .bind(INSTALL_LOCK)
        .execute(&mut connection)
        .await?;
    done
}

async fn install_locked(connection: &mut PgConnection, logins: &Logins) -> Result<(), DatabaseError> {
    refuse_old_server(connection).await?;
    create_roles(connection, logins).await?;
    for schema in &SCHEMAS {
        (schema.migrator)()
            .run(&mut *connection)
            .await
            .map_err(|source| DatabaseError::Migrate {
                schema: schema.name,
                source,
            })?;
    }
    for schema in &SCHEMAS {
        publish(connection, schema, logins.prefix())
            .await
            .map_err(|source| DatabaseError::Publish {
                schema: schema.name,
                source,
            })?;
    }
    register_messages(connection).await
}

/// Whether every migration of this build has been applied, by whoever connects as owner.
///
/// # Errors
/// When the server does not answer.
pub async fn is_current(owner: &PgPool) -> Result<bool, DatabaseError> {
    for schema in &SCHEMAS {
        if newest_applied(owner, schema.name).await? != (schema.migrator)().iter().map(|m| m.version).max() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether anything of the product has ever been installed here.
///
/// # Errors
/// When the server does not answer.
pub async fn installed(owner: &PgPool) -> Result<bool, DatabaseError> {
    Ok(newest_applied(owner, "identity").await?.is_some())
}

async fn newest_applied(owner: &PgPool, schema: &str) -> Result<Option<i64>, DatabaseError> {
    let table = format!("{schema}.migrations");
    let exists: bool = sqlx::query_scalar("select to_regclass($1) is not null")
        .bind(&table)
        .fetch_one(owner)
        .await?;
    if !exists {
        return Ok(None);
    }
    let newest = format!("select max(version) from {table} where success");
    Ok(sqlx::query_scalar(AssertSqlSafe(newest)).fetch_one(owner).await?)
}

async fn refuse_old_server(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    let (number, found): (i32, String) = sqlx::query_as(
        "select current_setting('server_version_num')::int, current_setting('server_version')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if number < 150_000 {
        Err(DatabaseError::TooOld { found })
    } else {
        Ok(())
    }
}

/// Makes each login role once and gives it today's password. Roles belong to the server, not to the database.
async fn create_roles(connection: &mut PgConnection, logins: &Logins) -> Result<(), DatabaseError> {
    for service in Service::ALL {
        let role = logins.role(service);
        let known: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(&role)
            .fetch_one(&mut *connection)
            .await?;
        if !known && !may_create_roles(connection).await? {
            return Err(DatabaseError::MayNotCreateRoles {
                owner: logins.owner().get_username().to_owned(),
            });
        }
        if !known || may_create_roles(connection).await? {
            let password = logins.password(&role);
            // Who is no superuser may not even repeat that a role is none.
            let statement = if known {
                format!(r#"alter role "{role}" login password '{password}'"#)
            } else {
                format!(
                    r#"create role "{role}" login nosuperuser nocreatedb nocreaterole noinherit password '{password}'"#
                )
            };
            connection.execute(AssertSqlSafe(statement)).await?;
        }
    }
    Ok(())
}

async fn may_create_roles(connection: &mut PgConnection) -> Result<bool, DatabaseError> {
    let statement = "select rolcreaterole or rolsuper from pg_roles where rolname = current_user";
    Ok(sqlx::query_scalar(statement).fetch_one(&mut *connection).await?)
}

async fn publish(connection: &mut PgConnection, schema: &Schema, prefix: &str) -> Result<(), sqlx::Error> {
    let statements = with_prefix(schema.published, prefix).into_owned();
    let mut transaction = connection.begin().await?;
    transaction.execute(AssertSqlSafe(statements)).await?;
    transaction.commit().await
}

/// The files name the roles with the default prefix; an installation may use another.
fn with_prefix<'a>(statements: &'a str, prefix: &str) -> Cow<'a, str> {
    if prefix == Logins::PREFIX {
        return Cow::Borrowed(statements);
    }
    Service::ALL
        .iter()
        .fold(Cow::Borrowed(statements), |text, service| {
            Cow::Owned(text.replace(
                &format!("{}_{service}", Logins::PREFIX),
                &format!("{prefix}_{service}"),
            ))
        })
}

async fn register_messages(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    let messages: Vec<_> = catalogue()
        .into_iter()
        .map(|message| {
            json!({
                "kind": message.kind,
                "is": if message.is == MessageKind::Command { "command" } else { "event" },
                "producers": message.producers.iter().map(|s| s.name()).collect::<Vec<_>>(),
                "consumers": message.consumers.iter().map(|s| s.name()).collect::<Vec<_>>(),
            })
        })
        .collect();
    sqlx::query("select queue.register($1)")
        .bind(json!(messages))
        .execute(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_prefix_renames_the_roles_and_nothing_else() {
        let statements = "grant usage on schema calendar to chancery_calendar, chancery_publisher";
        assert_eq!(
            with_prefix(statements, "mofa"),
            "grant usage on schema calendar to mofa_calendar, mofa_publisher"
        );
        assert!(matches!(with_prefix(statements, "chancery"), Cow::Borrowed(_)));
    }
}
