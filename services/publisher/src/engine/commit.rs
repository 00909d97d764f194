use std::time::{Duration, Instant};

use chancery_contracts::ids::{AccountId, DeliveryId};
use chancery_contracts::{EditionVariant, Platform};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::record::Note;
use super::{Point, Publisher};
use crate::connectors::{Context, Outcome, Receipt, Setback};
use crate::error::{PublisherError, Result};
use crate::figures;
use crate::model::{Delivery, DeliveryState, Reason, Refusal, code};
use crate::store;
use crate::store::permit::Candidate;

/// The permit: proof that everything was asked at the last moment and that the intent is written.
#[derive(Debug)]
struct Permit {
    delivery: Delivery,
    variant: EditionVariant,
    /// On the monotonic clock, read before the permit was asked for: the window can only be shorter than the rule's.
    since: Duration,
}

enum Answer {
    Granted(Box<Permit>),
    /// Our own press room: out already, by the permit's transaction (rule 8).
    Done,
    Refused(Refusal, Box<Delivery>),
}

impl Publisher {
    /// The minute has come. A wake-up: the row decides (rule 3). `still_ours` says whether the worker still holds its
    /// job; it is asked once more after the permit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commit(&self, id: DeliveryId, still_ours: impl Fn() -> bool + Send + Sync) -> Result<()> {
        let (state, platform, account) = store::deliveries::glance(&self.0.pool, id).await?;
        match state {
            DeliveryState::Ready => {}
            DeliveryState::Committing => return self.presume_silent(id).await,
            _ => return Ok(()),
        }
        // Whatever can fail without consequence fails before the permit.
        let context = match platform {
            Platform::PressRoom => None,
            Platform::Bluesky => match self.context(account).await? {
                Ok(context) => Some(context),
                Err(why) => return self.hold_for(id, account, why).await,
            },
        };
        self.0.faults.at(Point::BeforePermit, id).await;
        let permit = match self.permit(id).await? {
            Answer::Granted(permit) => permit,
            Answer::Done => {
                self.0.faults.at(Point::AfterReceipt, id).await;
                return Ok(());
            }
            Answer::Refused(Refusal::DatabaseUnknown, _) => {
                self.check_incarnation().await?;
                return self.wake_now(id).await;
            }
            Answer::Refused(Refusal::Busy(_), delivery) => return self.presume_silent_on(&delivery).await,
            Answer::Refused(..) => return Ok(()),
        };
        self.0.faults.at(Point::AfterPermit, id).await;
        let Some(context) = context else { return Ok(()) };
        let outcome = self.send(&permit, &context, still_ours).await;
        self.0.faults.at(Point::AfterCommit, id).await;
        self.settle(&permit, outcome).await?;
        self.0.faults.at(Point::AfterReceipt, id).await;
        Ok(())
    }

    /// The account can't be used, and nothing has been sent.
    async fn hold_for(&self, id: DeliveryId, account: AccountId, why: Setback) -> Result<()> {
        let mut tx = self.begin().await?;
        store::accounts::lock(&mut tx, account).await?;
        let before = self.lock_one(&mut tx, id).await?;
        if before.state != DeliveryState::Ready {
            return Ok(());
        }
        let mut after = before.clone();
        let effect = after.setback(why, self.now())?;
        self.affect_account(&mut tx, &after, effect).await?;
        self.record(&mut tx, &before, &mut after, Note::new("held"))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Rule 1, in one short transaction.
    async fn permit(&self, id: DeliveryId) -> Result<Answer> {
        let since = self.0.clock.monotonic();
        let mut tx = self.begin().await?;
        let asked = self.now();
        let Some(candidate) = store::permit::candidates(&mut tx, &[id], asked).await?.pop() else {
            return Err(PublisherError::NotFound);
        };
        let now = self.now();
        let before = candidate.delivery.clone();
        let mut after = before.clone();
        if let Err(refusal) = candidate.facts.judge(now) {
            figures::refused(&refusal);
            after.refused(&refusal, now, &self.0.settings)?;
            if after != before {
                let note = Note::new("permit_refused").detail(json!({ "why": refusal.name() }));
                self.record(&mut tx, &before, &mut after, note).await?;
                tx.commit().await?;
            }
            return Ok(Answer::Refused(refusal, Box::new(after)));
        }
        figures::lateness(now - before.due_at);
        if before.platform == Platform::PressRoom {
            return self.publish_release(tx, &candidate, now).await;
        }
        let variant = before
            .variant_in(&candidate.edition)
            .cloned()
            .ok_or(PublisherError::NotFound)?;
        after.permitted(variant.clone(), now, &self.0.settings)?;
        let note = Note::new("permitted").detail(json!({ "topic": candidate.topic }));
        if !self.record(&mut tx, &before, &mut after, note).await? {
            return Ok(Answer::Refused(Refusal::Moved, Box::new(before)));
        }
        tx.commit().await?;
        Ok(Answer::Granted(Box::new(Permit {
            delivery: after,
            variant,
            since,
        })))
    }

    /// Rule 8: publishing and its receipt are one transaction, so there is never an unknown.
    async fn publish_release(
        &self,
        mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
        candidate: &Candidate,
        now: DateTime<Utc>,
    ) -> Result<Answer> {
        let before = &candidate.delivery;
        let account = store::accounts::get(&mut tx, before.account).await?;
        let path = store::permit::publish_release(&mut tx, candidate, account.unit.0, now).await?;
        let mut after = before.clone();
        after.sent = before.variant_in(&candidate.edition).cloned();
        after.intents += 1;
        after.key_used_at.get_or_insert(now);
        let url = format!("{}{path}", self.0.base_url.trim_end_matches('/'));
        after.published(
            Receipt {
                remote_id: before.id.to_string(),
                url,
            },
            now,
        )?;
        let note = Note::new("published").detail(json!({ "path": path }));
        if self.record(&mut tx, before, &mut after, note).await? {
            tx.commit().await?;
            figures::outcome(before.platform, "published");
        }
        Ok(Answer::Done)
    }

    /// The one irreversible call. Not begun when the worker lost its job or the window has closed (rule 4), never
    /// repeated (rule 6), given up when the window closes.
    async fn send(&self, permit: &Permit, context: &Context, still_ours: impl Fn() -> bool) -> Outcome {
        let delivery = &permit.delivery;
        let Some(connector) = self.0.connectors.get(delivery.platform) else {
            return Outcome::NotSent {
                reason: "this build cannot speak to the platform".to_owned(),
            };
        };
        let window = self.0.settings.commit_window.to_std().unwrap_or_default();
        let left = window.saturating_sub(self.0.clock.monotonic().saturating_sub(permit.since));
        if left.is_zero() {
            return Outcome::NotSent {
                reason: "the worker stalled after its permit".to_owned(),
            };
        }
        if !still_ours() {
            return Outcome::NotSent {
                reason: "the worker lost its job after its permit".to_owned(),
            };
        }
        let deadline = Instant::now() + left;
        let prepared = delivery.prepared.clone().unwrap_or(Value::Null);
        let call = connector.commit(context, &permit.variant, &delivery.key, &prepared, deadline);
        match tokio::time::timeout_at(deadline.into(), call).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Unknown {
                reason: "no answer within the window".to_owned(),
            },
        }
    }

    /// Writes down what the platform answered. An answer is kept through a short outage of the database: it is the
    /// only proof there is.
    async fn settle(&self, permit: &Permit, outcome: Outcome) -> Result<()> {
        figures::outcome(permit.delivery.platform, figures::name_of(&outcome));
        let mut pause = Duration::from_millis(200);
        loop {
            match self.settle_once(permit, outcome.clone()).await {
                Err(PublisherError::Database(error)) if pause < Duration::from_secs(10) => {
                    tracing::warn!(%error, delivery = %permit.delivery.id, "the answer could not be written yet");
                    tokio::time::sleep(pause).await;
                    pause *= 3;
                }
                other => return other,
            }
        }
    }

    async fn settle_once(&self, permit: &Permit, outcome: Outcome) -> Result<()> {
        let mut tx = self.begin().await?;
        store::accounts::lock(&mut tx, permit.delivery.account).await?;
        let before = self.lock_one(&mut tx, permit.delivery.id).await?;
        let mut after = before.clone();
        let ours = before.intents == permit.delivery.intents
            && matches!(before.state, DeliveryState::Committing | DeliveryState::Unknown);
        let now = self.now();
        let detail = json!({ "answer": figures::name_of(&outcome) });
        let effect = match outcome {
            // A receipt is a fact, even when the delivery was already given up.
            Outcome::Published(receipt) if before.state.may_become(DeliveryState::Published) => {
                after.published(receipt, now)?;
                None
            }
            outcome if ours => after.committed(outcome, now, &self.0.settings)?,
            _ => return Ok(()),
        };
        self.affect_account(&mut tx, &after, effect).await?;
        self.record(&mut tx, &before, &mut after, Note::new("answered").detail(detail))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// A commit whose worker went silent: after the window nobody may still send, so it becomes unknown and will be
    /// looked up. Before, whoever holds it may still be at work.
    pub(crate) async fn presume_silent(&self, id: DeliveryId) -> Result<()> {
        let mut tx = self.begin().await?;
        let before = self.lock_one(&mut tx, id).await?;
        if before.state != DeliveryState::Committing {
            return Ok(());
        }
        let now = self.now();
        if before.wake_at.is_some_and(|end| now < end) {
            self.wake(&mut tx, &before).await?;
        } else {
            let mut after = before.clone();
            after.doubt(Reason::code(code::SILENT), now, &self.0.settings)?;
            self.record(&mut tx, &before, &mut after, Note::new("went_silent"))
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Frees an account whose last commit went silent, so that the next delivery does not wait for it.
    async fn presume_silent_on(&self, delivery: &Delivery) -> Result<()> {
        let before = self.now() - self.0.settings.commit_window;
        let mut conn = self.0.pool.acquire().await?;
        let silent = store::accounts::silent_commits(&mut conn, delivery.account, before).await?;
        drop(conn);
        for id in silent {
            self.presume_silent(id.into()).await?;
        }
        Ok(())
    }

    async fn wake_now(&self, id: DeliveryId) -> Result<()> {
        let mut tx = self.begin().await?;
        let delivery = self.lock_one(&mut tx, id).await?;
        self.wake(&mut tx, &delivery).await?;
        tx.commit().await?;
        Ok(())
    }
}
