//! Saying something about an item: threads, people named in them, and what is resolved.

use chancery_access::Action;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{ItemId, PersonId};
use serde_json::json;
use uuid::Uuid;

use super::{Actor, Workflow, said};
use crate::error::CalendarError;
use crate::model::mentioned;
use crate::store::items::Lock;
use crate::store::remarks::{self, New};

/// What became of a remark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarked {
    /// Names of those who were named and are told.
    pub told: Vec<String>,
    /// Names of those who were named, may not see the item, and so were not told.
    pub not_told: Vec<String>,
}

impl Workflow {
    /// Says something about an item; in a `thread`, as a reply, which opens it again. Whoever is named and may see the
    /// item is told, and so are those who wrote it, or who spoke in the thread.
    ///
    /// # Errors
    /// The person may not see it, said nothing, too much or something that is marked as secret, or there is no such
    /// thread.
    pub async fn remark(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        thread: Option<Uuid>,
        text: &str,
    ) -> Result<Remarked, CalendarError> {
        let text = said(text)?;
        if text.is_empty() {
            return Err(CalendarError::field("text", "items-comment-missing"));
        }
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::None, Action::ItemRead)
            .await?;
        let mut concerned: Vec<PersonId> = vec![item.created.0, item.updated.0];
        if let Some(thread) = thread {
            if remarks::is_resolved(&mut tx, id, thread).await? {
                remarks::resolve(&mut tx, thread, None).await?;
            }
            concerned.extend(remarks::speakers(&mut tx, thread).await?);
        }
        let people = if text.contains('@') {
            remarks::people(&mut tx, &unit.path, actor.principal.today).await?
        } else {
            Vec::new()
        };
        let named = mentioned(&text, &people);
        let (told, not_told): (Vec<_>, Vec<_>) = named.into_iter().partition(|known| known.may_see);
        let mentions: Vec<Uuid> = told.iter().map(|known| known.person.0).collect();
        let new = New {
            id: self.clock.new_id(),
            item: id,
            thread,
            person: actor.person(),
            text: &text,
            mentions: &mentions,
            at: self.clock.now(),
        };
        remarks::insert(&mut tx, &new).await?;
        let action = if thread.is_some() { "replied" } else { "commented" };
        self.record(
            &mut tx,
            &item,
            Some(actor),
            action,
            "",
            json!({ "remark": new.id }),
        )
        .await?;
        let origin = || actor.origin(item.unit);
        let is_told = |person: &PersonId| mentions.contains(&person.0);
        let to = told.iter().map(|known| Recipient::Person(known.person)).collect();
        if !mentions.is_empty() {
            self.notify(&mut tx, origin(), &item, "notice-item-mentioned", to, actor)
                .await?;
        }
        concerned.sort_unstable_by_key(|person| person.0);
        concerned.dedup();
        let others: Vec<_> = concerned
            .into_iter()
            .filter(|person| !is_told(person))
            .map(Recipient::Person)
            .collect();
        if !others.is_empty() {
            let key = if thread.is_some() {
                "notice-item-replied"
            } else {
                "notice-item-commented"
            };
            self.notify(&mut tx, origin(), &item, key, others, actor).await?;
        }
        tx.commit().await?;
        let all = |people: &[&crate::model::Known]| people.iter().map(|known| known.name.clone()).collect();
        Ok(Remarked {
            told: all(&told),
            not_told: all(&not_told),
        })
    }

    /// Resolves a thread, or opens it again.
    ///
    /// # Errors
    /// There is no such thread, or the person may not see the item.
    pub async fn resolve_remark(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        thread: Uuid,
        resolved: bool,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, _) = self
            .opened(&mut tx, actor, id, Lock::None, Action::ItemRead)
            .await?;
        if remarks::is_resolved(&mut tx, id, thread).await? == resolved {
            return Ok(());
        }
        let by = resolved.then(|| (actor.person(), self.clock.now()));
        remarks::resolve(&mut tx, thread, by).await?;
        let action = if resolved {
            "remark_resolved"
        } else {
            "remark_reopened"
        };
        self.record(
            &mut tx,
            &item,
            Some(actor),
            action,
            "",
            json!({ "remark": thread }),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
