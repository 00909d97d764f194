//! Dumping the whole database, and bringing a dump back beside the present one before anything is replaced.
//!
//! A dump is made by the server's own `pg_dump` from one snapshot; in the same snapshot every table is counted and
//! hashed ([`Summary`]). A restored database is trusted when its summary is the same. Both work by `url`, the address of
//! the database as its owner, because the programs need the password, which `sqlx` does not give back.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use tokio::process::Command;
use url::Url;

use crate::embedded::Installation;

/// Why a dump or a restore failed. Nothing that was there before is touched.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The address is not one of a database.
    #[error("the database address is not understood: {0}")]
    Address(#[from] url::ParseError),
    /// A statement failed.
    #[error("the database refused: {0}")]
    Statement(#[from] sqlx::Error),
    /// The installed programs cannot read this server.
    #[error(
        "the server is PostgreSQL {server} and the installed programs are of {programs}; install \
         postgresql-client-{server}"
    )]
    OlderPrograms {
        /// The server's major version.
        server: u32,
        /// The programs' major version.
        programs: u32,
    },
    /// `pg_dump` or `pg_restore` failed.
    #[error("{program} failed: {reason}")]
    Program {
        /// Which.
        program: &'static str,
        /// The end of what it said.
        reason: String,
    },
    /// The restored database is not the dumped one.
    #[error("the restored database differs from the dumped one in {0}; the present database is unchanged")]
    Differs(String),
    /// Somebody still works with the database that is to be replaced.
    #[error("the database is in use by {0}; stop every chancery process first")]
    InUse(String),
}

/// What a database holds: for every table its rows and a hash of them, for every sequence its position.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary(pub BTreeMap<String, Sum>);

/// One table or sequence of a [`Summary`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Rows; for a sequence its last value.
    pub rows: i64,
    /// Sum of a hash of every row, independent of their order; empty for a sequence.
    pub hash: String,
}

impl Summary {
    /// All rows of all tables.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.0
            .values()
            .filter(|sum| !sum.hash.is_empty())
            .map(|sum| sum.rows)
            .sum()
    }

    /// Checks that `restored` holds the same.
    ///
    /// # Errors
    /// Names the first tables that differ.
    pub fn check(&self, restored: &Self) -> Result<(), BackupError> {
        let names = self.0.keys().chain(restored.0.keys());
        let mut differing: Vec<&String> = names
            .filter(|name| self.0.get(*name) != restored.0.get(*name))
            .collect();
        differing.dedup();
        if differing.is_empty() {
            return Ok(());
        }
        let first: Vec<&str> = differing.into_iter().take(3).map(String::as_str).collect();
        Err(BackupError::Differs(first.join(", ")))
    }
}

/// Dumps the database at `url` into `file` in `pg_dump`'s custom format, which is compressed, and answers what is in it.
///
/// # Errors
/// See [`BackupError`].
pub async fn dump(url: &str, programs: &Installation, file: &Path) -> Result<Summary, BackupError> {
    let mut connection = PgConnection::connect(url).await?;
    let server: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int / 10000")
        .fetch_one(&mut connection)
        .await?;
    let server = u32::try_from(server).unwrap_or_default();
    if server > programs.major {
        return Err(BackupError::OlderPrograms {
            server,
            programs: programs.major,
        });
    }
    let mut snapshot = connection.begin().await?;
    snapshot
        .execute("set transaction isolation level repeatable read, read only")
        .await?;
    let name: String = sqlx::query_scalar("select pg_export_snapshot()")
        .fetch_one(&mut *snapshot)
        .await?;
    let mut command = program(programs, "pg_dump", url)?;
    // Owners are left out: whoever restores owns. Rights are kept.
    command
        .args(["--format=custom", "--no-owner", "--snapshot", &name, "--file"])
        .arg(file);
    run("pg_dump", command).await?;
    let summary = summary(&mut snapshot).await?;
    snapshot.commit().await?;
    Ok(summary)
}

/// What the database at `url` holds now.
///
/// # Errors
/// When the server does not answer.
pub async fn summary_of(url: &str) -> Result<Summary, BackupError> {
    let mut connection = PgConnection::connect(url).await?;
    let mut transaction = connection.begin().await?;
    let found = summary(&mut transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(found)
}

async fn summary(connection: &mut PgConnection) -> Result<Summary, BackupError> {
    // A row's text must not depend on the session.
    connection
        .execute("set local timezone = 'UTC'; set local datestyle = 'ISO'; set local bytea_output = 'hex'")
        .await?;
    let tables: Vec<(String,)> = sqlx::query_as(
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema$)' order by 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut sums = BTreeMap::new();
    for (table,) in tables {
        // 60 bits of each row's MD5 as a number: the order of rows does not matter, a changed or missing one does.
        let statement = format!(
            "select count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint::numeric), 0)::text
             from {table} t"
        );
        let (rows, hash) = sqlx::query_as(AssertSqlSafe(statement))
            .fetch_one(&mut *connection)
            .await?;
        sums.insert(table, Sum { rows, hash });
    }
    let sequences: Vec<(String, i64)> = sqlx::query_as(
        "select format('%I.%I', schemaname, sequencename), coalesce(last_value, 0) from pg_sequences",
    )
    .fetch_all(&mut *connection)
    .await?;
    sums.extend(sequences.into_iter().map(|(name, rows)| {
        (
            name,
            Sum {
                rows,
                hash: String::new(),
            },
        )
    }));
    Ok(Summary(sums))
}

/// A restored database that stands beside the present one.
#[derive(Debug)]
pub struct Beside {
    url: Url,
    name: String,
}

impl Beside {
    /// Restores `file` into a new database on the server of `url` and checks that it holds what `expected` says. The
    /// roles that the dump gives rights to must exist.
    ///
    /// # Errors
    /// See [`BackupError`]; the new database is dropped again.
    pub async fn restore(
        url: &str,
        programs: &Installation,
        file: &Path,
        expected: &Summary,
        name: &str,
    ) -> Result<Self, BackupError> {
        let url = Url::parse(url)?;
        let mut server = maintenance(&url).await?;
        server
            .execute(AssertSqlSafe(format!("drop database if exists {name}")))
            .await?;
        server
            .execute(AssertSqlSafe(format!(
                "create database {name} template template0"
            )))
            .await?;
        let beside = Self {
            url,
            name: name.to_owned(),
        };
        match beside.fill(programs, file, expected).await {
            Ok(()) => Ok(beside),
            Err(error) => {
                beside.drop().await?;
                Err(error)
            }
        }
    }

    /// A database that stands on the server of `url` already, such as one that was replaced.
    ///
    /// # Errors
    /// When the address cannot be parsed.
    pub fn named(url: &str, name: &str) -> Result<Self, BackupError> {
        Ok(Self {
            url: Url::parse(url)?,
            name: name.to_owned(),
        })
    }

    async fn fill(
        &self,
        programs: &Installation,
        file: &Path,
        expected: &Summary,
    ) -> Result<(), BackupError> {
        let url = self.url();
        let mut command = program(programs, "pg_restore", &url)?;
        command
            .args(["--no-owner", "--exit-on-error", "--single-transaction"])
            .arg(file);
        run("pg_restore", command).await?;
        expected.check(&summary_of(&url).await?)
    }

    /// The address of the restored database as its owner.
    #[must_use]
    pub fn url(&self) -> String {
        with_database(&self.url, &self.name).to_string()
    }

    /// Removes the restored database.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn drop(self) -> Result<(), BackupError> {
        let mut server = maintenance(&self.url).await?;
        server
            .execute(AssertSqlSafe(format!(
                "drop database if exists {} with (force)",
                self.name
            )))
            .await?;
        Ok(())
    }

    /// Puts the restored database in the present one's place; that one is kept as `kept`.
    ///
    /// # Errors
    /// [`BackupError::InUse`] when anybody is connected to the present one. A failure in between leaves both databases,
    /// the present one under its own name or as `kept`.
    pub async fn take_place(self, kept: &str) -> Result<(), BackupError> {
        let present = self.url.path().trim_start_matches('/').to_owned();
        let mut server = maintenance(&self.url).await?;
        let users: Vec<(String,)> = sqlx::query_as(
            "select distinct coalesce(nullif(application_name, ''), usename, 'somebody') from pg_stat_activity
             where datname = $1 order by 1",
        )
        .bind(&present)
        .fetch_all(&mut server)
        .await?;
        if !users.is_empty() {
            let users: Vec<String> = users.into_iter().map(|(user,)| user).collect();
            return Err(BackupError::InUse(users.join(", ")));
        }
        let mut both = server.begin().await?;
        both.execute(AssertSqlSafe(format!(
            r#"alter database "{present}" rename to "{kept}""#
        )))
        .await?;
        both.execute(AssertSqlSafe(format!(
            r#"alter database {} rename to "{present}""#,
            self.name
        )))
        .await?;
        both.commit().await?;
        Ok(())
    }
}

/// A connection to the server's `postgres` database, from which others can be made and renamed.
async fn maintenance(url: &Url) -> Result<PgConnection, BackupError> {
    // A pool's connection would stay open beyond its use; this one ends with its owner.
    Ok(PgConnection::connect(with_database(url, "postgres").as_str()).await?)
}

fn with_database(url: &Url, name: &str) -> Url {
    let mut url = url.clone();
    url.set_path(name);
    url
}

/// One of the server's programs, told the address by argument and the password by environment, where other users of the
/// machine cannot read it.
fn program(programs: &Installation, name: &str, url: &str) -> Result<Command, BackupError> {
    let mut address = Url::parse(url)?;
    let password = address.password().map(decoded);
    // Of a postgres:// address this cannot fail.
    if address.set_password(None).is_err() {
        return Err(BackupError::Address(url::ParseError::EmptyHost));
    }
    let mut command = Command::new(programs.program(name));
    command.arg("--no-password").arg("--dbname").arg(address.as_str());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Ok(command)
}

/// A part of an address without its percent-encoding.
fn decoded(part: &str) -> String {
    // As a query it would turn `+` into a space, so that is protected first.
    let query = format!("v={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

async fn run(name: &'static str, mut command: Command) -> Result<(), BackupError> {
    let output = command.output().await.map_err(|error| BackupError::Program {
        program: name,
        reason: error.to_string(),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let mut lines: Vec<&str> = said.lines().rev().take(3).collect();
    lines.reverse();
    Err(BackupError::Program {
        program: name,
        reason: lines.join("; "),
    })
}

#[cfg(test)]
mod tests {
    use super::{Sum, Summary, decoded};
    use std::collections::BTreeMap;

    fn summary(rows: i64, hash: &str) -> Summary {
        Summary(BTreeMap::from([(
            "calendar.items".to_owned(),
            Sum {
                rows,
                hash: hash.to_owned(),
            },
        )]))
    }

    #[test]
    fn a_missing_a_changed_and_an_added_table_are_named() {
        assert!(summary(3, "9").check(&summary(3, "9")).is_ok());
        for other in [summary(2, "9"), summary(3, "8"), Summary::default()] {
            let refused = summary(3, "9").check(&other).map_err(|error| error.to_string());
            assert!(refused.is_err_and(|text| text.contains("calendar.items")));
        }
        assert!(Summary::default().check(&summary(0, "0")).is_err());
    }

    #[test]
    fn passwords_come_out_of_an_address_as_they_went_in() {
        assert_eq!(decoded("a%2Fb%25c+d%20%C4%91"), "a/b%c+d đ");
    }
}
