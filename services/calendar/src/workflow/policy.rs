//! Changing who must approve what. Items that wait already keep the chain with which they were submitted.

use chancery_access::Action;
use chancery_contracts::ids::PersonId;
use chancery_directory::Unit;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::accept::is_language;
use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Rule, StepRole, Unruly};
use crate::store::{policies, timeline};

impl Workflow {
    /// Writes a rule; the one that names the same unit, kind, topic and language is replaced.
    ///
    /// # Errors
    /// It cannot be ([`Unruly`]), its unit does not exist, or the person does not manage policy.
    pub async fn put_rule(&self, actor: Actor<'_>, rule: Rule) -> Result<(), CalendarError> {
        if rule.language.as_deref().is_some_and(|tag| !is_language(tag)) {
            return Err(CalendarError::field("language", Unruly::Language.key()));
        }
        rule.check()
            .map_err(|unruly| CalendarError::field("step", unruly.key()))?;
        let mut tx = self.pool.begin().await?;
        let ministry = self.policy_of(&mut tx, actor).await?;
        if let Some(unit) = rule.unit {
            chancery_directory::unit(&mut tx, unit).await?;
        }
        policies::put_rule(&mut tx, &rule, actor.person(), self.clock.now()).await?;
        let detail = json!({
            "unit": rule.unit, "kind": rule.kind, "topic": rule.topic, "language": rule.language, "steps": rule.steps,
        });
        self.audit_policy(&mut tx, actor, &ministry, "policy.changed", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a rule away.
    ///
    /// # Errors
    /// There is none, or the person does not manage policy.
    pub async fn drop_rule(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let ministry = self.policy_of(&mut tx, actor).await?;
        let before = policies::rules(&mut tx)
            .await?
            .into_iter()
            .find(|rule| rule.id == id)
            .ok_or(CalendarError::NotFound)?;
        policies::drop_rule(&mut tx, id).await?;
        let detail = json!({
            "unit": before.unit, "kind": before.kind, "topic": before.topic, "language": before.language, "steps": before.steps,
        });
        self.audit_policy(&mut tx, actor, &ministry, "policy.removed", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says which languages a native reviewer passes.
    ///
    /// # Errors
    /// A tag is no language, the person is no reviewer, or whoever says so does not manage policy.
    pub async fn set_reviewer(
        &self,
        actor: Actor<'_>,
        person: PersonId,
        languages: &[String],
    ) -> Result<(), CalendarError> {
        if languages.len() > 20 || !languages.iter().all(|tag| is_language(tag)) {
            return Err(CalendarError::field("languages", Unruly::Language.key()));
        }
        let mut tx = self.pool.begin().await?;
        let ministry = self.policy_of(&mut tx, actor).await?;
        let known = policies::reviewers(&mut tx, actor.principal.today).await?;
        if !known.iter().any(|reviewer| reviewer.person == person) {
            return Err(CalendarError::NotFound);
        }
        policies::set_reviewer(&mut tx, person, languages, self.clock.now()).await?;
        let detail = json!({ "person": person, "languages": languages });
        self.audit_policy(&mut tx, actor, &ministry, "policy.reviewer_changed", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sets how many minutes before an item's time a step should be taken: from 2 to a week.
    ///
    /// # Errors
    /// So many minutes cannot be, or the person does not manage policy.
    pub async fn set_deadline(
        &self,
        actor: Actor<'_>,
        step: StepRole,
        minutes: i32,
    ) -> Result<(), CalendarError> {
        if !(2..=10_080).contains(&minutes) {
            return Err(CalendarError::field("minutes", "policy-minutes-out-of-range"));
        }
        let mut tx = self.pool.begin().await?;
        let ministry = self.policy_of(&mut tx, actor).await?;
        policies::set_deadline(&mut tx, step, minutes, actor.person(), self.clock.now()).await?;
        let detail = json!({ "step": step, "minutes": minutes });
        self.audit_policy(&mut tx, actor, &ministry, "policy.deadline_changed", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Policy is the ministry's: it takes a right at its root.
    pub(super) async fn policy_of(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
    ) -> Result<Unit, CalendarError> {
        let ministry = chancery_directory::ministry(tx).await?;
        actor.require(Action::PolicyManage, &ministry)?;
        Ok(ministry)
    }

    pub(super) async fn audit_policy(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        ministry: &Unit,
        action: &str,
        detail: Value,
    ) -> Result<(), CalendarError> {
        let what = (action, "policy", None);
        Ok(timeline::audit(tx, actor.person(), ministry.id, what, detail, actor.request).await?)
    }
}
