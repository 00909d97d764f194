//! Webhooks: endpoints that people register, and the delivery of what they want to hear. What is told, and when, is
//! decided where an item's state is stored (`workflow::hooks`).

mod deliver;

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::ids::UnitId;
use chancery_directory::Unit;
use chancery_http::{Client, Error, Url};
use chancery_vault::{Bound, Vault};
use rand::TryRng as _;
use rand::rngs::SysRng;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::CalendarError;
use crate::model::hooks::{HookEvent, HookState, KEPT, OVERLAP, TEST, body, secret};
use crate::store::hook_messages::{self, Message, WebhookAttempt};
use crate::store::hooks::{self, Hook, Webhook};
use crate::store::timeline;
use crate::workflow::{Actor, Workflow, hook_delivery};

pub(crate) use deliver::{OnSendHook, OnSweepHooks};

/// The most endpoints of a unit.
const MOST: usize = 20;

/// Webhooks as their routes and jobs see them. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Hooks {
    /// The calendar.
    pub workflow: Workflow,
    /// Where secrets are kept.
    pub vault: Vault,
    /// The guarded client.
    pub http: Client,
}

/// An endpoint to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct NewWebhook {
    /// Whose items it hears of.
    pub unit: UnitId,
    /// With those of the units below.
    #[serde(default)]
    pub below: bool,
    /// What people call it; 1 to 100 characters.
    pub name: String,
    /// Where messages go: `https://…`, on a public address.
    pub url: String,
    /// Of what it hears; at least one.
    pub events: Vec<HookEvent>,
}

impl Hooks {
    /// Registers an endpoint; gives its id and its secret, which is shown this once.
    ///
    /// # Errors
    /// Its address is none to which messages go, something is missing, or the person does not manage webhooks there.
    pub async fn register(&self, actor: Actor<'_>, new: NewWebhook) -> Result<(Uuid, String), CalendarError> {
        let name = new.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(CalendarError::field("name", "webhooks-name"));
        }
        let mut events = new.events;
        events.sort_unstable();
        events.dedup();
        if events.is_empty() {
            return Err(CalendarError::field("event", "webhooks-no-event"));
        }
        let mut conn = self.workflow.pool.acquire().await?;
        let unit = chancery_directory::unit(&mut conn, new.unit).await?;
        actor.require(Action::WebhookManage, &unit)?;
        drop(conn);
        // Only who may register learns anything of where a name leads.
        let url = self.address(&new.url).await?;
        let (id, now) = (self.workflow.clock.new_id(), self.workflow.clock.now());
        let (secret, sealed) = self.new_secret(id)?;
        let hook = Hook {
            id,
            unit: unit.id,
            below: new.below,
            name,
            url: url.to_string(),
            events,
            state: HookState::Active,
            given_up: 0,
            owner: actor.principal.person,
            secret: sealed,
            old: None,
        };
        let mut tx = self.workflow.pool.begin().await?;
        let roots = [unit.id];
        let there = hooks::list(&mut tx, &roots, None, now).await?;
        if there.iter().filter(|other| other.unit_id == unit.id).count() >= MOST {
            return Err(CalendarError::field("unit", "webhooks-too-many"));
        }
        hooks::insert(&mut tx, &hook, now).await?;
        let detail = json!({ "url": hook.url, "events": hook.events, "below": hook.below });
        note(&mut tx, actor, &hook, "webhook.registered", detail).await?;
        tx.commit().await?;
        Ok((id, secret))
    }

    /// The address, if messages go there: `https`, or `http` where the operator has named the host.
    async fn address(&self, text: &str) -> Result<Url, CalendarError> {
        let refused = |key| CalendarError::field("url", key);
        let mut url: Url = text.trim().parse().map_err(|_| refused("webhooks-url"))?;
        if url.as_str().len() > 2_000 {
            return Err(refused("webhooks-url"));
        }
        url.set_fragment(None);
        if url.scheme() != "https" && !(url.scheme() == "http" && self.http.is_trusted(&url)) {
            return Err(refused("webhooks-url-https"));
        }
        match self.http.check(&url).await {
            Ok(()) => Ok(url),
            Err(Error::Blocked(_)) => Err(refused("webhooks-url-blocked")),
            Err(_) => Err(refused("webhooks-url-unknown")),
        }
    }

    fn new_secret(&self, hook: Uuid) -> Result<(String, Vec<u8>), CalendarError> {
        let mut bytes = [0_u8; 32];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| CalendarError::Random(error.to_string()))?;
        let secret = secret(&bytes);
        let sealed = self.vault.seal(bound_to(hook), &secret)?;
        Ok((secret, sealed))
    }

    /// Makes a new secret and gives it, this once. The one before is signed with too for a day.
    ///
    /// # Errors
    /// There is no such endpoint, or the person does not manage it.
    pub async fn rotate(&self, actor: Actor<'_>, id: Uuid) -> Result<String, CalendarError> {
        let mut tx = self.workflow.pool.begin().await?;
        let (hook, _) = managed(&mut tx, actor, id).await?;
        let (secret, sealed) = self.new_secret(id)?;
        let now = self.workflow.clock.now();
        hooks::rotate(&mut tx, id, &sealed, now + OVERLAP, now).await?;
        note(&mut tx, actor, &hook, "webhook.rotated", json!({})).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Lets messages wait.
    ///
    /// # Errors
    /// There is no such endpoint, it is disabled, or the person does not manage it.
    pub async fn pause(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.workflow.pool.begin().await?;
        let (hook, _) = managed(&mut tx, actor, id).await?;
        if hook.state == HookState::Disabled {
            return Err(CalendarError::NotNow("webhooks-is-disabled"));
        }
        let to = (HookState::Paused, hook.given_up);
        hooks::set_state(&mut tx, id, to, self.workflow.clock.now()).await?;
        note(&mut tx, actor, &hook, "webhook.paused", json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Lets messages go again, those first that wait, unless they are too old to be news.
    ///
    /// # Errors
    /// There is no such endpoint, or the person does not manage it.
    pub async fn resume(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.workflow.pool.begin().await?;
        let (hook, unit) = managed(&mut tx, actor, id).await?;
        let now = self.workflow.clock.now();
        hooks::set_state(&mut tx, id, (HookState::Active, 0), now).await?;
        hook_messages::give_up(&mut tx, id, now - KEPT, now).await?;
        let origin = origin(actor, unit.id);
        let jobs: Vec<_> = hook_messages::of_hook(&mut tx, id)
            .await?
            .into_iter()
            .map(|message| hook_delivery(id, message, &origin))
            .collect();
        chancery_queue::send_all(&mut tx, &jobs).await?;
        note(&mut tx, actor, &hook, "webhook.resumed", json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends a message that tells nothing.
    ///
    /// # Errors
    /// There is no such endpoint, it is paused or disabled, or the person does not manage it.
    pub async fn test(&self, actor: Actor<'_>, id: Uuid) -> Result<Uuid, CalendarError> {
        let mut tx = self.workflow.pool.begin().await?;
        let (hook, unit) = managed(&mut tx, actor, id).await?;
        if matches!(hook.state, HookState::Paused | HookState::Disabled) {
            return Err(CalendarError::NotNow("webhooks-is-off"));
        }
        let now = self.workflow.clock.now();
        let message = Message {
            id: self.workflow.clock.new_id(),
            hook: id,
            event: TEST.to_owned(),
            item: None,
            body: body(TEST, now, None),
            created_at: now,
        };
        hook_messages::insert(&mut tx, &message).await?;
        let job = hook_delivery(id, message.id, &origin(actor, unit.id));
        chancery_queue::send(&mut tx, &job).await?;
        tx.commit().await?;
        Ok(message.id)
    }

    /// Sends a message again that has ended, with the same id and body.
    ///
    /// # Errors
    /// There is no such message of this endpoint, it waits still, or the person does not manage the endpoint.
    pub async fn again(&self, actor: Actor<'_>, id: Uuid, message: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.workflow.pool.begin().await?;
        let (hook, unit) = managed(&mut tx, actor, id).await?;
        if hook.state == HookState::Disabled {
            return Err(CalendarError::NotNow("webhooks-is-disabled"));
        }
        if !hook_messages::again(&mut tx, id, message).await? {
            return Err(CalendarError::NotFound);
        }
        let job = hook_delivery(id, message, &origin(actor, unit.id));
        chancery_queue::send(&mut tx, &job).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes an endpoint with its messages.
    ///
    /// # Errors
    /// There is no such endpoint, or the person does not manage it.
    pub async fn remove(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.workflow.pool.begin().await?;
        let (hook, _) = managed(&mut tx, actor, id).await?;
        hooks::remove(&mut tx, id).await?;
        note(
            &mut tx,
            actor,
            &hook,
            "webhook.removed",
            json!({ "url": hook.url }),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The endpoints that the person manages.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list(&self, actor: Actor<'_>) -> Result<Vec<Webhook>, CalendarError> {
        let mut conn = self.workflow.pool.acquire().await?;
        let roots = actor.principal.units_for(Action::WebhookManage);
        Ok(hooks::list(&mut conn, &roots, None, self.workflow.clock.now()).await?)
    }

    /// An endpoint that the person manages, with its last attempts.
    ///
    /// # Errors
    /// There is none.
    pub async fn show(
        &self,
        actor: Actor<'_>,
        id: Uuid,
    ) -> Result<(Webhook, Vec<WebhookAttempt>), CalendarError> {
        let mut conn = self.workflow.pool.acquire().await?;
        let roots = actor.principal.units_for(Action::WebhookManage);
        let found = hooks::list(&mut conn, &roots, Some(id), self.workflow.clock.now()).await?;
        let hook = found.into_iter().next().ok_or(CalendarError::NotFound)?;
        Ok((hook, hook_messages::attempts(&mut conn, id).await?))
    }
}

/// What the secrets of an endpoint are bound to.
const fn bound_to(hook: Uuid) -> Bound<'static> {
    Bound {
        subject: "webhook",
        id: hook,
        purpose: "signing",
    }
}

/// An endpoint, locked, and its unit, for who manages it. Others learn nothing of it.
async fn managed(conn: &mut PgConnection, actor: Actor<'_>, id: Uuid) -> Result<(Hook, Unit), CalendarError> {
    let hook = hooks::load(&mut *conn, id).await?;
    let unit = chancery_directory::unit(conn, hook.unit).await?;
    actor.require(Action::WebhookManage, &unit)?;
    Ok((hook, unit))
}

fn origin(actor: Actor<'_>, unit: UnitId) -> Origin {
    Origin {
        actor: Some(actor.principal.person),
        unit: Some(unit),
        ..Origin::default()
    }
}

async fn note(
    conn: &mut PgConnection,
    actor: Actor<'_>,
    hook: &Hook,
    action: &'static str,
    mut detail: Value,
) -> Result<(), CalendarError> {
    if let Value::Object(facts) = &mut detail {
        facts.insert("name".to_owned(), hook.name.clone().into());
    }
    let what = (action, "webhook", Some(hook.id));
    let person = actor.principal.person;
    timeline::audit(conn, person, hook.unit, what, detail, actor.request).await?;
    Ok(())
}
