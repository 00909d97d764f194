use std::sync::Arc;

use async_trait::async_trait;
use chancery_contracts::ids::AccountId;
use sqlx::PgPool;
use url::Url;

use super::Publisher;
use crate::connectors::{Context, KeeperError, Secret, SessionKeeper, Setback};
use crate::error::{PublisherError, Result};
use crate::model::Account;
use crate::store;
use crate::vault::{Purpose, Vault};

/// An account's session: encrypted in the database, so that every process sees the newest.
struct StoredSession {
    pool: PgPool,
    vault: Vault,
    account: AccountId,
}

#[async_trait]
impl SessionKeeper for StoredSession {
    async fn load(&self) -> Result<Option<Secret>, KeeperError> {
        let load = async {
            let mut conn = self.pool.acquire().await?;
            let sealed = store::accounts::session(&mut conn, self.account).await?;
            // A session under a lost key is as good as none: signing in anew makes another.
            Ok::<_, PublisherError>(
                sealed.and_then(|sealed| self.vault.open(self.account, Purpose::Session, &sealed).ok()),
            )
        };
        load.await.map_err(|error| KeeperError(error.to_string()))
    }

    async fn save(&self, session: &Secret) -> Result<(), KeeperError> {
        let save = async {
            let sealed = self.vault.seal(self.account, Purpose::Session, session)?;
            let mut conn = self.pool.acquire().await?;
            store::accounts::put_session(&mut conn, self.account, &sealed).await
        };
        save.await.map_err(|error| KeeperError(error.to_string()))
    }
}

impl Publisher {
    /// What a connector needs to speak for this account. Credentials that cannot be read, because the key is another,
    /// are a setback like any other: a person must connect the account again.
    pub(crate) async fn context(&self, account: AccountId) -> Result<Result<Context, Setback>> {
        match self.readable_context(account).await {
            Ok(context) => Ok(Ok(context)),
            Err(PublisherError::Vault(error)) => Ok(Err(Setback::NeedsReauth {
                reason: error.to_string(),
            })),
            Err(error) => Err(error),
        }
    }

    async fn readable_context(&self, account: AccountId) -> Result<Context> {
        let mut conn = self.0.pool.acquire().await?;
        let stored = store::accounts::get(&mut conn, account).await?;
        let sealed = store::accounts::credentials(&mut conn, account).await?;
        let sealed =
            sealed.ok_or_else(|| PublisherError::Corrupt("an account without credentials".to_owned()))?;
        let credentials = self.0.vault.open(account, Purpose::Credentials, &sealed)?;
        let session = StoredSession {
            pool: self.0.pool.clone(),
            vault: self.0.vault.clone(),
            account,
        };
        self.context_of(&stored, credentials, Arc::new(session))
    }

    pub(crate) fn context_of(
        &self,
        account: &Account,
        credentials: Secret,
        session: Arc<dyn SessionKeeper>,
    ) -> Result<Context> {
        let address = account.service_url.as_deref().unwrap_or_default();
        let service_url: Url = address
            .parse()
            .map_err(|_| PublisherError::Corrupt(address.to_owned()))?;
        Ok(Context {
            account: account.id,
            handle: account.handle.clone(),
            service_url,
            credentials,
            session,
            http: self.0.http.clone(),
            store: self.0.store.clone(),
            clock: Arc::clone(&self.0.clock),
        })
    }
}
