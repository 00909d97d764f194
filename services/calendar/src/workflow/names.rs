//! The ministry's lists: names and titles as headquarters approved them, and words that units mind.

use chancery_access::Action;
use chancery_directory::Unit;
use chancery_preflight::Name;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::preflight::refuse_marked_text;
use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{RowRefused, checked_name, clean, is_tag, read_names};
use crate::store::names::{self, NewWord};
use crate::store::timeline;

/// What became of a file of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// So many entries were written.
    pub saved: usize,
    /// These rows were not.
    pub refused: Vec<RowRefused>,
}

impl Workflow {
    /// Whether the person looks after the list of names: a desk officer's or administrator's business.
    ///
    /// # Errors
    /// The database fails.
    pub async fn may_name(&self, conn: &mut PgConnection, actor: Actor<'_>) -> Result<bool, CalendarError> {
        let ministry = chancery_directory::ministry(conn).await?;
        Ok(keeps_lists(actor, &ministry).is_ok())
    }

    /// Writes an entry of the list of names; with an `id` in the place of that one.
    ///
    /// # Errors
    /// A value is refused, another entry has this term and language, or the person may not.
    pub async fn put_name(
        &self,
        actor: Actor<'_>,
        id: Option<Uuid>,
        name: Name,
    ) -> Result<Uuid, CalendarError> {
        let name = checked_name(name).map_err(|(field, key)| CalendarError::field(field, key))?;
        refuse_marked_text("approved", &name.approved)?;
        let mut tx = self.pool.begin().await?;
        let ministry = chancery_directory::ministry(&mut tx).await?;
        keeps_lists(actor, &ministry)?;
        let at = self.clock.now();
        let id = names::put(&mut tx, id, self.clock.new_id(), &name, actor.person(), at)
            .await
            .map_err(twice)?;
        let detail = json!({ "term": name.term, "language": name.language, "approved": name.approved });
        let what = ("name.written", "name", Some(id));
        timeline::audit(&mut tx, actor.person(), ministry.id, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes an entry out of the list of names.
    ///
    /// # Errors
    /// There is none, or the person may not.
    pub async fn remove_name(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let ministry = chancery_directory::ministry(&mut tx).await?;
        keeps_lists(actor, &ministry)?;
        let term = names::remove(&mut tx, id).await?;
        let what = ("name.removed", "name", Some(id));
        timeline::audit(
            &mut tx,
            actor.person(),
            ministry.id,
            what,
            json!({ "term": term }),
            actor.request,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a file of names in. Rows that cannot be taken do not hinder the others.
    ///
    /// # Errors
    /// The file is none as a whole, or the person may not.
    pub async fn import_names(&self, actor: Actor<'_>, file: &[u8]) -> Result<Imported, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let ministry = chancery_directory::ministry(&mut tx).await?;
        keeps_lists(actor, &ministry)?;
        let (good, refused) = read_names(file).map_err(|key| CalendarError::field("file", key))?;
        let at = self.clock.now();
        for name in &good {
            names::put(&mut tx, None, self.clock.new_id(), name, actor.person(), at).await?;
        }
        let detail = json!({ "saved": good.len(), "refused": refused.len() });
        let what = ("names.imported", "name", None);
        timeline::audit(&mut tx, actor.person(), ministry.id, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(Imported {
            saved: good.len(),
            refused,
        })
    }

    /// Puts a word on a unit's list of words to be minded, or changes what is said about it.
    ///
    /// # Errors
    /// A value is refused, or the person may not there.
    pub async fn put_word(&self, actor: Actor<'_>, word: NewWord) -> Result<Uuid, CalendarError> {
        let word = checked_word(word)?;
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, word.unit).await?;
        keeps_lists(actor, &unit)?;
        let at = self.clock.now();
        let id = names::put_word(&mut tx, self.clock.new_id(), &word, actor.person(), at).await?;
        let detail = json!({ "word": word.word, "language": word.language, "blocking": word.blocking });
        let what = ("word.minded", "word", Some(id));
        timeline::audit(&mut tx, actor.person(), unit.id, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes a word off its unit's list.
    ///
    /// # Errors
    /// There is none, or the person may not there.
    pub async fn remove_word(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let unit = names::word_unit(&mut tx, id).await?;
        let unit = chancery_directory::unit(&mut tx, unit).await?;
        keeps_lists(actor, &unit)?;
        names::remove_word(&mut tx, id).await?;
        let what = ("word.forgotten", "word", Some(id));
        timeline::audit(&mut tx, actor.person(), unit.id, what, json!({}), actor.request).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Who writes for a unit, or sets its policy, keeps its lists.
fn keeps_lists(actor: Actor<'_>, unit: &Unit) -> Result<(), CalendarError> {
    if actor
        .principal
        .decide(Action::PolicyManage, unit.place())
        .is_allowed()
    {
        return Ok(());
    }
    actor.require(Action::ItemWrite, unit)
}

fn checked_word(mut word: NewWord) -> Result<NewWord, CalendarError> {
    let line = |text: &str| clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    word.word = line(&word.word);
    word.advice = line(&word.advice);
    word.language = word
        .language
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty());
    if !(1..=100).contains(&word.word.chars().count())
        || chancery_preflight::Phrase::new(&word.word, word.marks).is_empty()
    {
        return Err(CalendarError::field("word", "words-word-length"));
    }
    if word.advice.chars().count() > 500 {
        return Err(CalendarError::field("advice", "words-advice-length"));
    }
    if word.language.as_deref().is_some_and(|tag| !is_tag(tag)) {
        return Err(CalendarError::field("language", "names-language-unknown"));
    }
    Ok(word)
}

fn twice(error: sqlx::Error) -> CalendarError {
    let constraint = error.as_database_error().and_then(|error| error.constraint());
    if constraint == Some("names_term_language_key") {
        CalendarError::field("term", "names-twice")
    } else {
        error.into()
    }
}
