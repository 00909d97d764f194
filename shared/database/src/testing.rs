//! A database of its own for every test, cloned from a template that has every schema installed.
//!
//! The server is a throw-away cluster that `make test-database` starts; `TEST_DATABASE_URL` names another.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use chancery_contracts::Service;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::{Logins, SCHEMAS, install};

const DEFAULT_SERVER: &str = "postgres://postgres@localhost/postgres?host=/tmp/chancery-test-postgres";
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// A fresh database, dropped when this is.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    server: PgConnectOptions,
    logins: Logins,
    owner: PgPool,
}

impl TestDatabase {
    /// Clones the template (making it first if this build's migrations have none yet).
    ///
    /// # Panics
    /// When there is no server, with the command that starts one: a test must not pass by skipping.
    pub async fn new() -> Self {
        let template = template().await;
        Self::cloned_from(&template).await
    }

    /// An empty database, with nothing installed.
    pub async fn empty() -> Self {
        Self::cloned_from("template0").await
    }

    async fn cloned_from(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let server = server();
        let mut connection = connect(&server).await;
        run(
            &mut connection,
            &format!("drop database if exists {name} with (force)"),
        )
        .await;
        run(
            &mut connection,
            &format!("create database {name} template {template}"),
        )
        .await;
        let options = server.clone().database(&name);
        let owner = PgPoolOptions::new()
            .max_connections(8)
            .connect_lazy_with(options.clone());
        Self {
            name,
            server,
            logins: Logins::of(options, Logins::PREFIX, b"test"),
            owner,
        }
    }

    /// A pool of the owner, for looking behind the scenes.
    #[must_use]
    pub fn owner(&self) -> &PgPool {
        &self.owner
    }

    /// A pool that connects as `service`'s role and has its rights only: what code under test is given.
    #[must_use]
    pub fn service(&self, service: Service) -> PgPool {
        self.logins.pool(service, 8)
    }

    /// The logins of this database.
    #[must_use]
    pub fn logins(&self) -> &Logins {
        &self.logins
    }

    /// The database's name on its server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address of this database as its owner, for a process that a test starts.
    #[must_use]
    pub fn url(&self) -> String {
        let url = server_url();
        let (server, parameters) = url.split_once('?').unwrap_or((&url, ""));
        let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
        format!("{base}/{}?{parameters}", self.name)
    }
}

impl Drop for TestDatabase {
    /// On a thread with a runtime of its own: the test's may be gone or may not be blocked.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .ok()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&server).await.ok()?;
                let statement = format!("drop database if exists {name} with (force)");
                connection.execute(AssertSqlSafe(statement)).await.ok()
            })
        });
        drop(dropped.join());
    }
}

fn server_url() -> String {
    std::env::var("TEST_DATABASE_URL").unwrap_or_else(|_| DEFAULT_SERVER.to_owned())
}

#[expect(clippy::expect_used, reason = "a test without its server must fail")]
fn server() -> PgConnectOptions {
    PgConnectOptions::from_str(&server_url()).expect("TEST_DATABASE_URL is a postgres:// address")
}

#[expect(
    clippy::panic,
    reason = "a test without its server must fail with the command that starts it"
)]
async fn connect(server: &PgConnectOptions) -> PgConnection {
    match PgConnection::connect_with(server).await {
        Ok(connection) => connection,
        Err(error) => panic!("no test database server: run `make test-database` ({error})"),
    }
}

#[expect(clippy::panic, reason = "a test without its database must fail")]
async fn run(connection: &mut PgConnection, statement: &str) {
    if let Err(error) = connection.execute(AssertSqlSafe(statement.to_owned())).await {
        panic!("{statement}: {error}");
    }
}

/// The template of this build's migrations, made once per server whoever comes first.
#[expect(clippy::expect_used, reason = "a test without its database must fail")]
async fn template() -> String {
    let name = format!("template_{}", fingerprint());
    let server = server();
    let mut connection = connect(&server).await;
    let lock = "select pg_advisory_lock($1)";
    sqlx::query(lock)
        .bind(TEMPLATE_LOCK)
        .execute(&mut connection)
        .await
        .expect("locking the template");
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&name)
        .fetch_one(&mut connection)
        .await
        .expect("looking for the template");
    if !exists {
        let making = format!("{name}_making");
        run(
            &mut connection,
            &format!("drop database if exists {making} with (force)"),
        )
        .await;
        run(
            &mut connection,
            &format!("create database {making} template template0"),
        )
        .await;
        let logins = Logins::of(server.clone().database(&making), Logins::PREFIX, b"test");
        install(&logins).await.expect("installing the template");
        run(
            &mut connection,
            &format!("alter database {making} rename to {name}"),
        )
        .await;
    }
    name
}

fn fingerprint() -> String {
    let mut digest = Sha256::new();
    for schema in &SCHEMAS {
        schema.feed(|part| digest.update(part));
    }
    hex::encode(digest.finalize()).chars().take(16).collect()
}
