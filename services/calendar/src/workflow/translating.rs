//! Translating a variant beside its source.

use chancery_access::Action;
use chancery_contracts::ids::ItemId;
use serde_json::json;
use uuid::Uuid;

use super::{Actor, Saved, Workflow};
use crate::error::CalendarError;
use crate::model::{Change, DraftVariant, Stage, Standing, Translation, joined, standing};
use crate::store::items::{self, Lock};
use crate::store::translations;

/// What somebody translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// Of which variant.
    pub variant: Uuid,
    /// The revision of the item that it was based on.
    pub base: i64,
    /// The variant's headline and text as they were when this was begun: whoever wrote in the meantime elsewhere in the
    /// item is no hindrance.
    pub seen: (String, String),
    /// The headline.
    pub title: Option<String>,
    /// The paragraphs, in the order of the source's.
    pub paragraphs: Vec<String>,
    /// How far it is.
    pub stage: Stage,
}

/// What a variant says of its own.
#[must_use]
pub fn own_text(variant: &DraftVariant) -> (String, String) {
    let text = |own: &Option<String>| own.clone().unwrap_or_default();
    (text(&variant.title), text(&variant.body))
}

impl Workflow {
    /// Saves a translation. Who wrote elsewhere in the item meanwhile is no hindrance; who wrote in the same variant is,
    /// and then what is sent becomes a copy, as at every save.
    ///
    /// # Errors
    /// There is no such variant in another language than the item's, a value is refused, or the person may not write.
    pub async fn translate(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        what: Translated,
    ) -> Result<Saved, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (item, _) = self
            .opened(&mut conn, actor, id, Lock::None, Action::ItemWrite)
            .await?;
        drop(conn);
        let mut draft = item.draft.clone();
        let language = draft.language.clone();
        let variant = draft
            .variants
            .iter_mut()
            .find(|variant| variant.id == what.variant);
        let variant = variant
            .filter(|variant| variant.language != language)
            .ok_or(CalendarError::NotFound)?;
        let base = if own_text(variant) == what.seen {
            item.revision
        } else {
            what.base
        };
        if what.title.is_some() {
            variant.title.clone_from(&what.title);
        }
        variant.body = Some(joined(&what.paragraphs, what.stage));
        let saved = self.save(actor, id, base, draft).await?;
        if !matches!(saved, Saved::Kept(_)) {
            self.record_translation(actor, id, what.variant, what.stage)
                .await?;
        }
        Ok(saved)
    }

    /// Somebody other than who translated has read a translation, and passes it.
    ///
    /// # Errors
    /// It is not complete, its source has changed since, the same person made it, or the person may not see the item.
    pub async fn pass_translation(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        variant: Uuid,
    ) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (item, _) = self
            .opened(&mut conn, actor, id, Lock::None, Action::ItemRead)
            .await?;
        item.state.after(Change::Save)?;
        let recorded = translations::of_item(&mut conn, id).await?;
        let recorded = recorded.iter().find(|recorded| recorded.variant == variant);
        let found = item.draft.variants.iter().find(|found| found.id == variant);
        let (Some(recorded), Some(found)) = (recorded, found) else {
            return Err(CalendarError::NotFound);
        };
        drop(conn);
        if standing(&item.draft, found, Some(&recorded.translation)) != Standing::Translated {
            return Err(CalendarError::field("stage", "translation-not-complete"));
        }
        if recorded.person == actor.person() {
            return Err(CalendarError::field("stage", "translation-own"));
        }
        self.record_translation(actor, id, variant, Stage::Reviewed).await
    }

    async fn record_translation(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        variant: Uuid,
        stage: Stage,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let item = items::load(&mut tx, id, Lock::Update).await?;
        let translation = Translation {
            stage,
            source_title: item.draft.title.clone(),
            source_body: item.draft.body.clone(),
        };
        translations::record(
            &mut tx,
            id,
            variant,
            &translation,
            actor.person(),
            self.clock.now(),
        )
        .await?;
        if stage != Stage::InWork {
            let language = item.draft.variants.iter().find(|found| found.id == variant);
            let detail = json!({ "language": language.map(|found| &found.language) });
            let action = if stage == Stage::Reviewed {
                "translation_passed"
            } else {
                "translated"
            };
            self.record(&mut tx, &item, Some(actor), action, "", detail)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
