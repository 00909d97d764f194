//! Delivering a message: at least once, with longer and longer waits between attempts, then the endpoint is failing.

use std::time::Duration;

use async_trait::async_trait;
use chancery_contracts::Origin;
use chancery_contracts::calendar::{SendHook, SweepHooks};
use chancery_contracts::identity::{Notify, Recipient};
use chancery_http::{Call, StatusCode, Url};
use chancery_queue::{Handler, Job, JobError, Outgoing};
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderName;
use sqlx::PgConnection;

use super::{Hooks, bound_to};
use crate::error::CalendarError;
use crate::jobs::failed;
use crate::model::hooks::{Answer, Fate, HookState, after, fate, sign};
use crate::store::hook_messages::{self, Attempt, Message};
use crate::store::hooks::{self, Hook};

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// Nothing of an answer is kept; so much of it may arrive.
const MOST: usize = 64 * 1024;
/// So long an ended message stays, to be looked at and sent again.
const KEEP: TimeDelta = TimeDelta::days(30);

/// Sends one message.
pub(crate) struct OnSendHook(pub Hooks);

/// What an attempt gave.
struct Given {
    answer: Answer,
    status: Option<u16>,
    reason: Option<String>,
}

#[async_trait]
impl Handler for OnSendHook {
    type Message = SendHook;

    async fn handle(&self, job: &Job<SendHook>) -> Result<(), JobError> {
        let Hooks { workflow, .. } = &self.0;
        let mut conn = workflow.pool.acquire().await?;
        let Some((message, attempts)) = hook_messages::waiting(&mut conn, job.message.message).await? else {
            return Ok(());
        };
        let hook = hooks::load(&mut conn, message.hook).await?;
        drop(conn);
        match hook.state {
            // Whoever lets it go on sends again what waits.
            HookState::Paused => return Ok(()),
            HookState::Disabled => {
                let mut conn = workflow.pool.acquire().await?;
                hook_messages::end(&mut conn, message.id, false, workflow.clock.now()).await?;
                return Ok(());
            }
            HookState::Active | HookState::Failing => {}
        }
        let began = workflow.clock.monotonic();
        let given = self
            .0
            .send(&hook, &message)
            .await
            .map_err(|error| failed(&error))?;
        let took = workflow.clock.monotonic().saturating_sub(began);
        let fate = self
            .0
            .settle(&message, attempts, &given, took)
            .await
            .map_err(|error| failed(&error))?;
        match fate {
            Fate::Again(at) => {
                let wait = (at - workflow.clock.now()).to_std().unwrap_or_default();
                let reason = given.reason.unwrap_or_else(|| "not taken".to_owned());
                Err(JobError::retry_after(wait, reason))
            }
            Fate::Delivered | Fate::GivenUp => Ok(()),
        }
    }
}

impl Hooks {
    /// Signs a message and posts it, once. Redirects are not followed.
    async fn send(&self, hook: &Hook, message: &Message) -> Result<Given, CalendarError> {
        let now = self.workflow.clock.now();
        let Ok(url) = hook.url.parse::<Url>() else {
            return Ok(refused(None, None, "its address is none"));
        };
        let call = Call::post(url)
            .bytes("application/json", message.body.clone().into())
            .header(ID, &message.id.to_string())
            .header(TIMESTAMP, &now.timestamp().to_string())
            .header(SIGNATURE, &self.signatures(hook, message, now)?)
            .max_body(MOST);
        Ok(match self.http.send(call).await {
            Ok(reply) if reply.status.is_success() => Given {
                answer: Answer::Taken,
                status: Some(reply.status.as_u16()),
                reason: None,
            },
            Ok(reply) if reply.status == StatusCode::GONE => Given {
                answer: Answer::Gone,
                status: Some(reply.status.as_u16()),
                reason: Some("it wants no more messages".to_owned()),
            },
            Ok(reply) => {
                let reason = if reply.status.is_redirection() {
                    "redirects are not followed"
                } else {
                    "it did not take the message"
                };
                refused(Some(reply.status), reply.retry_after(now), reason)
            }
            Err(error) => refused(None, None, &error.to_string()),
        })
    }

    /// One signature for each secret that holds, as the specification wants them: with a space between.
    fn signatures(
        &self,
        hook: &Hook,
        message: &Message,
        now: DateTime<Utc>,
    ) -> Result<String, CalendarError> {
        let old = hook.old.as_ref().filter(|(_, until)| *until > now);
        let sealed = std::iter::once(&hook.secret).chain(old.map(|(sealed, _)| sealed));
        let mut signatures = Vec::with_capacity(2);
        for sealed in sealed {
            let secret = self.vault.open(bound_to(hook.id), sealed)?;
            signatures.extend(sign(
                &secret,
                &message.id.to_string(),
                now.timestamp(),
                &message.body,
            ));
        }
        Ok(signatures.join(" "))
    }

    /// Writes down what an attempt gave, and what becomes of the message and its endpoint.
    async fn settle(
        &self,
        message: &Message,
        attempts: i32,
        given: &Given,
        took: Duration,
    ) -> Result<Fate, CalendarError> {
        let now = self.workflow.clock.now();
        let mut tx = self.workflow.pool.begin().await?;
        // It may have been changed or removed while the endpoint was asked.
        let hook = match hooks::load(&mut tx, message.hook).await {
            Err(sqlx::Error::RowNotFound) => return Ok(Fate::GivenUp),
            found => found?,
        };
        let attempt = Attempt {
            hook: hook.id,
            message: message.id,
            at: now,
            status: given.status,
            reason: given.reason.clone(),
            took_ms: i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
        };
        hook_messages::note(&mut tx, &attempt).await?;
        if !hook_messages::count(&mut tx, message.id, attempts).await? {
            // Another run of this job was quicker: what it decided counts.
            tx.commit().await?;
            return Ok(Fate::GivenUp);
        }
        let fate = fate(given.answer, attempts + 1, now);
        match fate {
            Fate::Delivered => hook_messages::end(&mut tx, message.id, true, now).await?,
            Fate::GivenUp => hook_messages::end(&mut tx, message.id, false, now).await?,
            Fate::Again(_) => {}
        }
        let (state, given_up) = after(hook.state, hook.given_up, given.answer, fate);
        if (state, given_up) != (hook.state, hook.given_up) {
            hooks::set_state(&mut tx, hook.id, (state, given_up), now).await?;
        }
        if state != hook.state {
            self.tell_owner(&mut tx, &hook, state).await?;
        }
        if state == HookState::Disabled {
            hook_messages::give_up(&mut tx, hook.id, now + TimeDelta::seconds(1), now).await?;
        }
        tx.commit().await?;
        Ok(fate)
    }

    async fn tell_owner(
        &self,
        tx: &mut PgConnection,
        hook: &Hook,
        state: HookState,
    ) -> Result<(), CalendarError> {
        let key = match state {
            HookState::Failing => "notice-webhook-failing",
            HookState::Disabled => "notice-webhook-disabled",
            HookState::Active | HookState::Paused => return Ok(()),
        };
        let head = Recipient::Role {
            role: "head_of_mission".to_owned(),
            unit: hook.unit,
        };
        let notice = Notify {
            to: vec![Recipient::Person(hook.owner), head],
            key: key.to_owned(),
            arguments: [("name".to_owned(), hook.name.clone())].into(),
            link: format!("/webhooks/{}", hook.id),
        };
        let origin = Origin {
            unit: Some(hook.unit),
            ..Origin::default()
        };
        Ok(chancery_queue::send(tx, &Outgoing::new(notice, &origin)).await?)
    }
}

fn refused(status: Option<StatusCode>, asked: Option<DateTime<Utc>>, reason: &str) -> Given {
    Given {
        answer: Answer::Refused(asked),
        status: status.map(|status| status.as_u16()),
        reason: Some(reason.chars().take(500).collect()),
    }
}

/// Removes what is old.
pub(crate) struct OnSweepHooks(pub Hooks);

#[async_trait]
impl Handler for OnSweepHooks {
    type Message = SweepHooks;

    async fn handle(&self, _: &Job<SweepHooks>) -> Result<(), JobError> {
        let Hooks { workflow, .. } = &self.0;
        let mut conn = workflow.pool.acquire().await?;
        hook_messages::sweep(&mut conn, workflow.clock.now() - KEEP).await?;
        Ok(())
    }
}
