use std::sync::Arc;

use async_trait::async_trait;
use chancery_contracts::Platform;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::{AccountId, UnitId};
use chancery_queue::Outgoing;
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use url::Url;

use super::record::{Note, audit, of_unit, touch};
use super::{Actor, Publisher};
use crate::connectors::{KeeperError, Profile, Rejection, Secret, SessionKeeper, Setback};
use crate::error::{PublisherError, Result};
use crate::model::{Account, AccountState};
use crate::store;
use crate::vault::Purpose;

/// What a person gives to connect an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Whose it is.
    pub unit: UnitId,
    /// Where it lives.
    pub platform: Platform,
    /// As the platform shows it.
    pub handle: String,
    /// As we call it; the handle when empty.
    pub name: String,
    /// Its server.
    pub service_url: Url,
    /// BCP 47 tags of the languages it writes.
    pub languages: Vec<String>,
    /// A JSON object that the platform's connector defines.
    pub credentials: Secret,
}

/// Why an account could not be connected. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The platform did not accept the credentials, in its words.
    #[error("the platform does not accept the credentials: {0}")]
    Credentials(String),
    /// The server could not be asked, for this reason.
    #[error("the server cannot be asked: {0}")]
    Unreachable(String),
    /// It is registered already.
    #[error("the account is registered already")]
    Taken(Option<AccountId>),
    /// Ours.
    #[error(transparent)]
    Publisher(#[from] PublisherError),
}

/// While an account is being verified it has no row yet; its session is thrown away.
struct NoSession;

#[async_trait]
impl SessionKeeper for NoSession {
    async fn load(&self) -> Result<Option<Secret>, KeeperError> {
        Ok(None)
    }

    async fn save(&self, _: &Secret) -> Result<(), KeeperError> {
        Ok(())
    }
}

impl Publisher {
    /// Signs in with what was given, and registers the account when the platform accepts it.
    ///
    /// # Errors
    /// See [`AddError`].
    pub async fn add_account(&self, new: NewAccount, actor: &Actor) -> Result<AccountId, AddError> {
        let connector = self
            .0
            .connectors
            .get(new.platform)
            .ok_or(PublisherError::Refused("accounts-no-connector"))?;
        let id = AccountId(self.0.clock.new_id());
        let mut account = Account {
            id,
            unit: new.unit,
            platform: new.platform,
            name: if new.name.trim().is_empty() {
                new.handle.clone()
            } else {
                new.name.trim().to_owned()
            },
            handle: new.handle,
            service_url: Some(new.service_url.to_string()),
            remote_id: None,
            languages: new.languages,
            state: AccountState::Enabled,
            state_reason: None,
            limited_until: None,
            created_at: self.now(),
        };
        let profile = self.verify(&account, new.credentials.clone()).await?;
        account.handle = profile.handle;
        account.remote_id = Some(profile.remote_id.clone());
        let limits = connector.capabilities().text;
        let limit =
            |fact: Option<crate::connectors::Fact<u32>>| fact.and_then(|fact| i32::try_from(fact.value).ok());
        let sealed = self
            .0
            .vault
            .seal(id, Purpose::Credentials, &new.credentials)
            .map_err(PublisherError::from)?;
        let stored = store::accounts::New {
            credentials: Some(sealed),
            max_graphemes: limit(limits.graphemes),
            max_bytes: limit(limits.bytes),
            created_by: actor.person,
        };
        let mut tx = self.begin().await?;
        if !store::accounts::insert(&mut tx, &account, &stored).await? {
            let standing =
                store::accounts::by_remote(&mut tx, account.platform.as_str(), &profile.remote_id).await?;
            return Err(AddError::Taken(standing));
        }
        let detail =
            json!({ "platform": account.platform, "handle": account.handle, "remote_id": profile.remote_id });
        audit(
            &mut tx,
            actor,
            account.unit,
            "account.connected",
            ("account", id.0),
            detail,
        )
        .await?;
        touch(&mut tx, "account", id.0).await?;
        tx.commit().await.map_err(PublisherError::from)?;
        Ok(id)
    }

    /// Connects an account again, with new credentials for the same lasting id.
    ///
    /// # Errors
    /// See [`AddError`].
    pub async fn reconnect_account(
        &self,
        id: AccountId,
        credentials: Secret,
        actor: &Actor,
    ) -> Result<(), AddError> {
        let mut conn = self.0.pool.acquire().await.map_err(PublisherError::from)?;
        let account = store::accounts::get(&mut conn, id).await?;
        drop(conn);
        let profile = self.verify(&account, credentials.clone()).await?;
        if account
            .remote_id
            .as_deref()
            .is_some_and(|known| known != profile.remote_id)
        {
            return Err(AddError::Credentials(format!(
                "they belong to {}",
                profile.handle
            )));
        }
        let sealed = self
            .0
            .vault
            .seal(id, Purpose::Credentials, &credentials)
            .map_err(PublisherError::from)?;
        let mut tx = self.begin().await?;
        store::accounts::reconnect(&mut tx, id, &sealed, &profile.handle, self.now()).await?;
        audit(
            &mut tx,
            actor,
            account.unit,
            "account.reconnected",
            ("account", id.0),
            json!({}),
        )
        .await?;
        touch(&mut tx, "account", id.0).await?;
        // Whatever could not be looked up for want of a session is looked up now.
        let unsettled = store::deliveries::unsettled_for_reauth(&mut tx, id.0).await?;
        for before in store::deliveries::lock(&mut tx, &unsettled).await? {
            let mut after = before.clone();
            after
                .look_again(self.now(), &self.0.settings)
                .map_err(PublisherError::from)?;
            self.record(&mut tx, &before, &mut after, Note::new("look_again").by(actor))
                .await?;
        }
        self.take_down_after_reauth(&mut tx, id).await?;
        tx.commit().await.map_err(PublisherError::from)?;
        Ok(())
    }

    async fn verify(&self, account: &Account, credentials: Secret) -> Result<Profile, AddError> {
        let connector = self
            .0
            .connectors
            .get(account.platform)
            .ok_or(PublisherError::Refused("accounts-no-connector"))?;
        let context = self.context_of(account, credentials, Arc::new(NoSession))?;
        connector
            .verify_account(&context)
            .await
            .map_err(|setback| match setback {
                Setback::NeedsReauth { reason } | Setback::Rejected(Rejection { message: reason, .. }) => {
                    AddError::Credentials(reason)
                }
                Setback::TryAgain { reason } => AddError::Unreachable(reason),
                Setback::RateLimited { until, .. } => {
                    AddError::Unreachable(format!("it asks to wait until {}", until.format("%H:%M UTC")))
                }
            })
    }

    /// Switches an account on or off. What is due while it is off is held.
    ///
    /// # Errors
    /// When there is none, or it needs new credentials first.
    pub async fn switch_account(&self, id: AccountId, on: bool, actor: &Actor) -> Result<()> {
        let mut tx = self.begin().await?;
        store::accounts::lock(&mut tx, id).await?;
        let account = store::accounts::get(&mut tx, id).await?;
        if on && account.state == AccountState::NeedsReauth {
            return Err(PublisherError::Refused("accounts-reconnect-first"));
        }
        let state = if on {
            AccountState::Enabled
        } else {
            AccountState::Disabled
        };
        if store::accounts::set_state(&mut tx, id, state, None, self.now()).await? {
            let action = if on { "account.enabled" } else { "account.disabled" };
            audit(&mut tx, actor, account.unit, action, ("account", id.0), json!({})).await?;
            touch(&mut tx, "account", id.0).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Says when the access that an account was given ends, so that who writes for a later hour is told; none: nobody
    /// knows. Connecting it again forgets it.
    ///
    /// # Errors
    /// There is no such account, or the database fails.
    pub async fn set_token_end(
        &self,
        id: AccountId,
        ends: Option<DateTime<Utc>>,
        actor: &Actor,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let account = store::accounts::get(&mut tx, id).await?;
        store::accounts::set_token_end(&mut tx, id, ends, self.now()).await?;
        let detail = json!({ "ends": ends });
        audit(
            &mut tx,
            actor,
            account.unit,
            "account.access_ends",
            ("account", id.0),
            detail,
        )
        .await?;
        touch(&mut tx, "account", id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) async fn account_needs_reauth(
        &self,
        conn: &mut PgConnection,
        id: AccountId,
        reason: &str,
    ) -> Result<()> {
        if !store::accounts::set_state(conn, id, AccountState::NeedsReauth, Some(reason), self.now()).await? {
            return Ok(());
        }
        let account = store::accounts::get(conn, id).await?;
        let who = |role: &str, unit| Recipient::Role {
            role: role.to_owned(),
            unit,
        };
        let notice = Notify {
            to: vec![
                who("press_attache", account.unit),
                who("administrator", account.unit),
            ],
            key: "notice-account-reauth".to_owned(),
            arguments: [("account".to_owned(), account.name.clone())].into(),
            link: format!("/accounts/{id}"),
        };
        chancery_queue::send(conn, &Outgoing::new(notice, &of_unit(account.unit))).await?;
        touch(conn, "account", id.0).await?;
        let detail = json!({ "reason": reason });
        audit(
            conn,
            &Actor::default(),
            account.unit,
            "account.needs_reauth",
            ("account", id.0),
            detail,
        )
        .await
    }
}
