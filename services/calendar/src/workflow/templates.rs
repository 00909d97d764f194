//! Templates of texts that recur: keeping them, and making items from them.

use std::collections::HashSet;

use chancery_access::Action;
use chancery_contracts::ids::{ItemId, UnitId};
use serde_json::json;
use uuid::Uuid;

use super::accept::is_language;
use super::preflight::refuse_marked_text;
use super::{Actor, Saved, Workflow};
use crate::error::CalendarError;
use crate::model::clean;
use crate::model::templates::{MAX_FIELDS, MAX_SOURCE, Template, Values, is_field_name};
use crate::store::items::{self, Lock};
use crate::store::templates::{self, Kept};
use crate::store::timeline;

impl Workflow {
    /// Makes a template of `unit`, which units below it can use too.
    ///
    /// # Errors
    /// A value is refused, its text names something that is no field ([`CalendarError::Template`]), or the person may not.
    pub async fn create_template(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        template: Template,
    ) -> Result<Uuid, CalendarError> {
        let id = self.clock.new_id();
        let kept = Kept {
            id,
            unit,
            template,
            revision: 0,
            retired: false,
        };
        self.write_template(actor, kept).await?;
        Ok(id)
    }

    /// Changes a template that still has `revision`, or retires it: then it is offered no longer.
    ///
    /// # Errors
    /// As above, or somebody else changed it meanwhile.
    pub async fn change_template(
        &self,
        actor: Actor<'_>,
        id: Uuid,
        revision: i64,
        template: Template,
        retired: bool,
    ) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let unit = templates::load(&mut conn, id).await?.unit;
        drop(conn);
        let kept = Kept {
            id,
            unit,
            template,
            revision,
            retired,
        };
        self.write_template(actor, kept).await
    }

    async fn write_template(&self, actor: Actor<'_>, kept: Kept) -> Result<(), CalendarError> {
        let kept = Kept {
            template: accept(kept.template)?,
            ..kept
        };
        refuse_marked_text("body", &kept.template.body)?;
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, kept.unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        if !templates::save(&mut tx, &kept, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::Stale);
        }
        let action = if kept.revision == 0 {
            "template.created"
        } else {
            "template.changed"
        };
        let detail = json!({ "name": kept.template.name, "retired": kept.retired });
        let what = (action, "template", Some(kept.id));
        timeline::audit(&mut tx, actor.person(), kept.unit, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a draft of `unit` from a template that it can use, filled in with `values`.
    ///
    /// # Errors
    /// A field is empty or unreadable ([`CalendarError::Template`]), the unit cannot use the template, or the person may
    /// not write there.
    pub async fn item_from_template(
        &self,
        actor: Actor<'_>,
        id: Uuid,
        unit: UnitId,
        values: &Values,
    ) -> Result<ItemId, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let kept = templates::load(&mut conn, id).await?;
        let place = chancery_directory::unit(&mut conn, unit).await?;
        actor.require(Action::ItemWrite, &place)?;
        if kept.retired || !place.path.contains(&kept.unit) {
            return Err(CalendarError::NotFound);
        }
        let template = kept.template;
        let (title, body) = template.fill(values).map_err(CalendarError::Template)?;
        drop(conn);
        let item = self
            .create(actor, unit, template.kind, &template.language)
            .await?;
        let mut conn = self.pool.acquire().await?;
        let made = items::load(&mut conn, item, Lock::None).await?;
        drop(conn);
        let mut draft = made.draft;
        draft.title = title;
        draft.body = body;
        draft.topic = template.topic;
        draft.language.clone_from(&template.language);
        for variant in &mut draft.variants {
            variant.language.clone_from(&template.language);
        }
        match self.save(actor, item, made.revision, draft).await? {
            Saved::Now { .. } | Saved::Unchanged { .. } => Ok(item),
            Saved::Kept(_) => Err(CalendarError::Stale),
        }
    }
}

/// The template cleaned, if its parts fit together.
fn accept(mut template: Template) -> Result<Template, CalendarError> {
    let line = |text: &str| clean(text).replace(['\n', '\t'], " ").trim().to_owned();
    template.name = line(&template.name);
    template.title = line(&template.title);
    template.body = clean(&template.body);
    for field in &mut template.fields {
        field.vi = line(&field.vi);
        field.en = line(&field.en);
    }
    let long = |text: &str, most: usize| text.chars().count() > most;
    if template.name.is_empty() || long(&template.name, 200) {
        return Err(CalendarError::field("name", "templates-name-missing"));
    }
    if template.title.is_empty() || long(&template.title, MAX_SOURCE) {
        return Err(CalendarError::field("title", "templates-title-missing"));
    }
    if template.body.trim().is_empty() || long(&template.body, MAX_SOURCE) {
        return Err(CalendarError::field("body", "templates-body-missing"));
    }
    if !is_language(&template.language) {
        return Err(CalendarError::field("language", "items-language-unknown"));
    }
    let mut names = HashSet::new();
    let fine = |field: &crate::model::templates::Field| {
        is_field_name(&field.name)
            && (1..=200).contains(&field.vi.chars().count())
            && (1..=200).contains(&field.en.chars().count())
    };
    if template.fields.len() > MAX_FIELDS || !template.fields.iter().all(fine) {
        return Err(CalendarError::field("fields", "templates-field-refused"));
    }
    if !template
        .fields
        .iter()
        .all(|field| names.insert(field.name.clone()))
    {
        return Err(CalendarError::field("fields", "templates-field-twice"));
    }
    template.sample("en").map_err(CalendarError::Template)?;
    Ok(template)
}
