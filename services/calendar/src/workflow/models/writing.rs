//! Writing a model. A save is never refused because something is missing.

use std::collections::HashSet;

use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, ModelId};
use chrono::Datelike;
use serde_json::json;

use crate::error::CalendarError;
use crate::model::models::{Content, ModelState};
use crate::model::{MAX_BODY, MAX_TITLE};
use crate::store::campaigns;
use crate::store::items::Lock;
use crate::store::models::{self, Model};
use crate::workflow::accept::is_language;
use crate::workflow::preflight::refuse_marked_text;
use crate::workflow::{Actor, Workflow};

/// Most variations of one model, languages of one variation, passages and pictures.
const MOST: usize = 30;

impl Workflow {
    /// Makes an empty model, in Vietnamese and English, at the first unit where the person may.
    ///
    /// # Errors
    /// The person writes models nowhere.
    pub async fn create_model(&self, actor: Actor<'_>) -> Result<ModelId, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let Some(unit) = actor.principal.units_for(Action::ModelWrite).first().copied() else {
            let ministry = chancery_directory::ministry(&mut tx).await?;
            actor.require(Action::ModelWrite, &ministry)?;
            return Err(CalendarError::NotFound);
        };
        let now = self.clock.now();
        let model = Model {
            id: self.clock.new_id().into(),
            unit,
            campaign: None,
            state: ModelState::Draft,
            content: Content::empty(&["vi", "en"]),
            version: 0,
            revision: 1,
            offered: None,
            created: (actor.person(), now),
            updated: (actor.person(), now),
        };
        models::insert(&mut tx, &model).await?;
        self.record_model(&mut tx, actor, &model, "model.created", json!({}))
            .await?;
        tx.commit().await?;
        Ok(model.id)
    }

    /// Saves everything that is written in a model, as somebody wrote it on top of `base`; gives the new revision. What
    /// missions have stays as it is until it is sent again.
    ///
    /// # Errors
    /// Somebody else saved since ([`CalendarError::Stale`]), a value is refused, or the person may not.
    pub async fn save_model(
        &self,
        actor: Actor<'_>,
        id: ModelId,
        base: i64,
        content: Content,
        campaign: Option<CampaignId>,
    ) -> Result<i64, CalendarError> {
        let content = content.cleaned();
        accept(&content)?;
        let mut tx = self.pool.begin().await?;
        let (model, unit) = self
            .opened_model(&mut tx, actor, id, Lock::Update, Action::ModelWrite)
            .await?;
        if model.state == ModelState::Withdrawn {
            return Err(CalendarError::NotNow("models-refused-withdrawn"));
        }
        if (&model.content, model.campaign) == (&content, campaign) {
            return Ok(model.revision);
        }
        if model.revision != base {
            return Err(CalendarError::Stale);
        }
        let (audience, programme, known) = campaigns::exist(
            &mut tx,
            &content.audience,
            content.programme,
            campaign,
            &unit.path,
        )
        .await?;
        if !audience {
            return Err(CalendarError::field("audience", "items-audience-unknown"));
        }
        if !programme {
            return Err(CalendarError::field("programme", "items-programme-unknown"));
        }
        if !known {
            return Err(CalendarError::field("campaign", "items-campaign-unknown"));
        }
        let at = self.clock.now();
        let revision = models::write(&mut tx, id, &content, campaign, actor.person(), at).await?;
        self.record_model(
            &mut tx,
            actor,
            &model,
            "model.edited",
            json!({ "revision": revision }),
        )
        .await?;
        tx.commit().await?;
        Ok(revision)
    }
}

/// Refuses what could never be stored or sent. What is merely missing is saved.
fn accept(content: &Content) -> Result<(), CalendarError> {
    for text in content.written() {
        let field = if text == content.guidance {
            "guidance"
        } else {
            "body"
        };
        refuse_marked_text(field, text)?;
    }
    let long = |text: &str, most: usize| text.chars().count() > most;
    let texts = || content.variations.iter().flatten();
    if long(&content.title, MAX_TITLE) || texts().any(|text| long(&text.title, MAX_TITLE)) {
        return Err(CalendarError::field("title", "items-title-too-long"));
    }
    if texts().any(|text| long(&text.body, MAX_BODY) || long(&text.short, MAX_BODY)) {
        return Err(CalendarError::field("body", "items-body-too-long"));
    }
    if long(&content.guidance, 20_000) {
        return Err(CalendarError::field("guidance", "models-guidance-too-long"));
    }
    let passages = &content.passages;
    if passages
        .iter()
        .any(|passage| long(&passage.text, 5_000) || long(&passage.source, 300))
    {
        return Err(CalendarError::field("passages", "models-passage-too-long"));
    }
    let counts = [
        content.variations.len(),
        content.languages().len(),
        passages.len(),
        content.assets.len(),
    ];
    if counts.iter().any(|count| *count > MOST) {
        return Err(CalendarError::field("title", "models-too-many"));
    }
    let times = [content.wall, content.answer_by];
    if times
        .iter()
        .flatten()
        .any(|at| !(2000..2100).contains(&at.year()))
    {
        return Err(CalendarError::field("wall", "items-time-unlikely"));
    }
    if !(1..=1_440).contains(&content.window_minutes) {
        return Err(CalendarError::field(
            "window_minutes",
            "items-window-out-of-range",
        ));
    }
    let mut tags = texts()
        .map(|text| &text.language)
        .chain(passages.iter().map(|passage| &passage.language));
    if !tags.all(|tag| is_language(tag)) {
        return Err(CalendarError::field("language", "items-language-unknown"));
    }
    let twice = |texts: &Vec<_>| {
        let mut seen = HashSet::new();
        !texts
            .iter()
            .all(|text: &crate::model::models::Text| seen.insert(&text.language))
    };
    if content.variations.iter().any(twice) {
        return Err(CalendarError::field("language", "models-language-twice"));
    }
    Ok(())
}
