//! Marking passages of a submitted text, and settling what was marked.

use chancery_access::Action;
use chancery_contracts::EditionHash;
use chancery_contracts::ids::{AccountId, ItemId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Change, MAX_QUOTE, Quote, clean};
use crate::store::items::Lock;
use crate::store::passages::{self, Mark};

/// Most marks of one item that are not settled.
const MANY: usize = 50;

/// A place in the text for one account, and what is to be changed there.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewMark {
    /// In the text for this account.
    #[schema(value_type = Uuid)]
    pub account: AccountId,
    /// In this language.
    pub language: String,
    /// The words, as the text has them: at most 2,000 characters.
    pub quote: String,
    /// Words before them, where the same words stand more than once.
    #[serde(default)]
    pub prefix: String,
    /// Words after them.
    #[serde(default)]
    pub suffix: String,
    /// What is to be changed: at most 2,000 characters.
    pub comment: String,
}

impl Workflow {
    /// Marks a passage of the edition that has `seen` as its hash. The writers see it once changes are asked for.
    ///
    /// # Errors
    /// The person could not ask for changes now, or the text does not have those words.
    pub async fn mark(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
        new: NewMark,
    ) -> Result<(), CalendarError> {
        let comment = clean(&new.comment).trim().to_owned();
        if comment.is_empty() {
            return Err(CalendarError::field("comment", "approvals-comment-missing"));
        }
        if comment.chars().count() > MAX_QUOTE || new.quote.chars().count() > MAX_QUOTE {
            return Err(CalendarError::field("comment", "passages-too-long"));
        }
        let mut tx = self.pool.begin().await?;
        let case = self.case(&mut tx, actor, id, seen).await?;
        case.deciding.ask_for_changes()?;
        let variants = &case.version.edition.variants;
        let quote = variants
            .iter()
            .filter(|variant| variant.account == new.account && variant.language == new.language)
            .find_map(|variant| {
                Quote::in_text(&variant.body, &new.quote, &new.prefix, &new.suffix)
                    .or_else(|| Quote::in_text(&variant.title, &new.quote, &new.prefix, &new.suffix))
            })
            .ok_or(CalendarError::field("quote", "passages-not-in-text"))?;
        let open = passages::of_item(&mut tx, id).await?;
        if open.iter().filter(|mark| mark.resolved_at.is_none()).count() >= MANY {
            return Err(CalendarError::field("quote", "passages-too-many"));
        }
        let mark = Mark {
            id: self.clock.new_id(),
            version: case.item.version,
            account: new.account,
            language: new.language,
            quote,
            comment,
            person: actor.person(),
            at: self.clock.now(),
        };
        passages::insert(&mut tx, id, &mark).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes back one's own mark, as long as the version that it is in still waits.
    ///
    /// # Errors
    /// There is none, or it was sent to the writers.
    pub async fn unmark(&self, actor: Actor<'_>, id: ItemId, mark: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemRead)
            .await?;
        item.state.after(Change::AskForChanges)?;
        if !passages::remove(&mut tx, id, item.version, mark, actor.person()).await? {
            return Err(CalendarError::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Says that what was marked is settled.
    ///
    /// # Errors
    /// There is no such mark that is open, or the person may not write for the unit.
    pub async fn settle(&self, actor: Actor<'_>, id: ItemId, mark: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        if !passages::resolve(&mut tx, id, mark, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::NotFound);
        }
        self.record(
            &mut tx,
            &item,
            Some(actor),
            "passage_settled",
            "",
            json!({ "passage": mark }),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
