//! What every command stands on: the configuration, the secret key and the database.

use chancery_database::embedded::{Cluster, DATABASE, Installation, Origin};
use chancery_database::{Logins, install, installed, is_current};
use sqlx::PgPool;

use crate::config::Config;
use crate::error::Failure;
use crate::progress;
use crate::secret::SecretKey;

/// An open installation.
pub struct Ground {
    /// What was configured.
    pub config: Config,
    /// The installation's secret.
    pub key: SecretKey,
    /// The database's address as its owner. It contains the password: never log it.
    pub url: String,
    /// Who connects to the database and how.
    pub logins: Logins,
    /// The embedded server, unless another one is configured.
    pub cluster: Option<Cluster>,
}

impl Ground {
    /// Starts or finds the database, for the process that runs the installation.
    ///
    /// # Errors
    /// When something is missing; the sentence says what.
    pub async fn take(config: Config) -> Result<Self, Failure> {
        let key = SecretKey::load_or_create(&config)?;
        let cluster = if config.database.url.is_some() {
            None
        } else {
            Some(start(&config).await?)
        };
        Self::over(config, key, cluster)
    }

    /// Uses the database of an installation that may be running, for a command beside it.
    ///
    /// # Errors
    /// When something is missing, or nothing has been installed yet.
    pub async fn join(config: Config) -> Result<Self, Failure> {
        let ground = Self::reach(config).await?;
        let owner = ground.logins.owner_pool().await?;
        let current = is_current(&owner).await?;
        let any = installed(&owner).await?;
        owner.close().await;
        if current {
            return Ok(ground);
        }
        ground.leave().await?;
        Err(Failure::said(if any {
            "the database is of another version of Chancery; run `chancery migrate` first"
        } else {
            "nothing is installed in this database yet; run `chancery up` or `chancery migrate` first"
        }))
    }

    /// Like [`Ground::join`], whatever is installed.
    ///
    /// # Errors
    /// When something is missing.
    pub async fn reach(config: Config) -> Result<Self, Failure> {
        let key = SecretKey::load_or_create(&config)?;
        let cluster = match config.database.url {
            Some(_) => None,
            None => Some(Cluster::join(&config.data()).await?),
        };
        Self::over(config, key, cluster)
    }

    fn over(config: Config, key: SecretKey, cluster: Option<Cluster>) -> Result<Self, Failure> {
        let url = match (&cluster, &config.database.url) {
            (Some(cluster), _) => cluster.url(DATABASE),
            (None, Some(url)) => url.reveal().to_owned(),
            (None, None) => return Err(Failure::said("no database is configured")),
        };
        let logins = Logins::new(&url, &config.database.role_prefix, key.bytes())?;
        Ok(Self {
            config,
            key,
            url,
            logins,
            cluster,
        })
    }

    /// Brings roles and schemas up to date.
    ///
    /// # Errors
    /// When a statement fails or the owner's rights do not suffice.
    pub async fn migrate(&self) -> Result<(), Failure> {
        let step = progress::step("Updating the database");
        install(&self.logins).await?;
        step.done("The database is up to date");
        Ok(())
    }

    /// A pool of the database's owner, for commands.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn owner(&self) -> Result<PgPool, Failure> {
        Ok(self.logins.owner_pool().await?)
    }

    /// The programs of an installed PostgreSQL: the running one's own, else the newest.
    ///
    /// # Errors
    /// When none is installed.
    pub async fn programs(&self) -> Result<Installation, Failure> {
        match &self.cluster {
            Some(cluster) => Ok(cluster.installation().clone()),
            None => Ok(Installation::find()
                .await
                .ok_or(chancery_database::embedded::EmbeddedError::NotInstalled)?),
        }
    }

    /// Stops the embedded server if this process is in charge of it.
    ///
    /// # Errors
    /// When it does not stop.
    pub async fn leave(self) -> Result<(), Failure> {
        if let Some(cluster) = self.cluster {
            let started = cluster.pid().is_some();
            let step = started.then(|| progress::step("Stopping the database"));
            cluster.stop().await?;
            if let Some(step) = step {
                step.done("The database has stopped");
            }
        }
        Ok(())
    }
}

/// Starts the embedded server, telling who waits for it.
async fn start(config: &Config) -> Result<Cluster, Failure> {
    let data = config.data();
    let first = !data.join("postgres/cluster/PG_VERSION").exists();
    let step = progress::step(if first {
        "Preparing the database"
    } else {
        "Starting the database"
    });
    let cluster = Cluster::start(&data).await?;
    step.done(match cluster.origin() {
        Origin::Created => "The database is prepared",
        Origin::Adopted => "The database was still running",
        Origin::Started | Origin::Shared => "The database is running",
    });
    Ok(cluster)
}
