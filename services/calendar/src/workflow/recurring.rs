//! What comes again: drafts made ahead by a job. A copy is a new item, which needs its own approval, always.

use chancery_access::{Action, Role};
use chancery_contracts::Origin;
use chancery_contracts::calendar::MakeRecurring;
use chancery_contracts::identity::Recipient;
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_directory::Unit;
use chancery_queue::Outgoing;
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::preflight::refuse_marked_text;
use super::writing::appointment;
use super::{Actor, Workflow, notice};
use crate::error::CalendarError;
use crate::model::recurring::{Hit, Rule};
use crate::model::templates::{FieldKind, Template, Values};
use crate::model::{ClockChoice, Draft, Image, State, clean};
use crate::store::items::{self, Item, Lock};
use crate::store::recurrences::{self, Recurrence};
use crate::store::{templates, timeline};

/// What a person enters of something that comes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecurrenceDraft {
    /// Its name.
    pub name: String,
    /// When it comes, on the unit's own wall.
    pub rule: Rule,
    /// Items of the unit that are copied in turn; several make an evergreen set. None with a template.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub sources: Vec<ItemId>,
    /// Instead of items: a template that the unit can use.
    #[serde(default)]
    pub template: Option<Uuid>,
    /// What is filled in, by field. A day that is left empty is the date on which it comes.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub values: Values,
    /// So many days before its date a draft is made, 1 to 60.
    pub ahead_days: i32,
    /// Whether drafts are made.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

impl Workflow {
    /// Sets something up that comes again for `unit`.
    ///
    /// # Errors
    /// A value is refused, or the person may not write there.
    pub async fn create_recurrence(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        draft: RecurrenceDraft,
    ) -> Result<Uuid, CalendarError> {
        let id = self.clock.new_id();
        self.write_recurrence(actor, id, unit, 0, draft).await?;
        Ok(id)
    }

    /// Changes what still has `revision`. Drafts that were made stay as they are.
    ///
    /// # Errors
    /// As above, or somebody else changed it meanwhile.
    pub async fn change_recurrence(
        &self,
        actor: Actor<'_>,
        id: Uuid,
        revision: i64,
        draft: RecurrenceDraft,
    ) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let unit = recurrences::load(&mut conn, id).await?.unit;
        drop(conn);
        self.write_recurrence(actor, id, unit, revision, draft).await
    }

    async fn write_recurrence(
        &self,
        actor: Actor<'_>,
        id: Uuid,
        unit: UnitId,
        revision: i64,
        mut draft: RecurrenceDraft,
    ) -> Result<(), CalendarError> {
        let name = clean(&draft.name).replace(['\n', '\t'], " ").trim().to_owned();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(CalendarError::field("name", "recurring-name-missing"));
        }
        draft
            .rule
            .check()
            .map_err(|_| CalendarError::field("rule", "recurring-no-day"))?;
        if !(1..=60).contains(&draft.ahead_days) {
            return Err(CalendarError::field("ahead_days", "recurring-ahead-out-of-range"));
        }
        let is_copied = (1..=50).contains(&draft.sources.len());
        if is_copied == draft.template.is_some() || draft.sources.len() > 50 {
            return Err(CalendarError::field("sources", "recurring-source-missing"));
        }
        let mut tx = self.pool.begin().await?;
        let place = chancery_directory::unit(&mut tx, unit).await?;
        actor.require(Action::ItemWrite, &place)?;
        if let Some(template) = draft.template {
            let kept = templates::load(&mut tx, template).await?;
            if kept.retired || !place.path.contains(&kept.unit) {
                return Err(CalendarError::NotFound);
            }
            draft
                .values
                .retain(|name, _| kept.template.fields.iter().any(|field| field.name == *name));
            let today = self.clock.now().date_naive();
            let (title, body) = kept
                .template
                .fill(&on_day(&kept.template, &draft.values, today))
                .map_err(CalendarError::Template)?;
            refuse_marked_text("values", &format!("{title}\n{body}"))?;
        }
        for source in &draft.sources {
            if items::load(&mut tx, *source, Lock::None).await?.unit != unit {
                return Err(CalendarError::field("sources", "recurring-source-foreign"));
            }
        }
        let kept = Recurrence {
            id,
            unit,
            name,
            rule: draft.rule,
            sources: draft.sources,
            template: draft.template.map(|template| (template, draft.values)),
            ahead_days: draft.ahead_days,
            active: draft.active,
            revision,
            by: actor.person(),
        };
        if !recurrences::save(&mut tx, &kept, self.clock.now()).await? {
            return Err(CalendarError::Stale);
        }
        let action = if revision == 0 {
            "recurrence.created"
        } else {
            "recurrence.changed"
        };
        let detail = json!({ "name": kept.name, "active": kept.active });
        timeline::audit(
            &mut tx,
            actor.person(),
            unit,
            (action, "recurrence", Some(id)),
            detail,
            actor.request,
        )
        .await?;
        // What is due already is made at once, not at the next full hour.
        chancery_queue::send(&mut tx, &wake_up(&actor.origin(unit))).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes every draft that is due: its date is no further away than its days ahead. Gives how many were made. Running
    /// it twice makes none twice.
    ///
    /// # Errors
    /// The database fails: to be run again.
    pub async fn make_recurring(&self, origin: &Origin) -> Result<usize, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let active = recurrences::active(&mut conn).await?;
        drop(conn);
        let mut made = 0;
        for id in active {
            made += self.make_due(id, origin).await?;
        }
        Ok(made)
    }

    async fn make_due(&self, id: Uuid, origin: &Origin) -> Result<usize, CalendarError> {
        let now = self.clock.now();
        let mut conn = self.pool.acquire().await?;
        let recurrence = recurrences::load(&mut conn, id).await?;
        let unit = chancery_directory::unit(&mut conn, recurrence.unit).await?;
        drop(conn);
        let until = now + TimeDelta::days(recurrence.ahead_days.into());
        let due: Vec<_> = recurrence
            .rule
            .hits(now, unit.zone)
            .take_while(|hit| hit.at <= until)
            .collect();
        let mut made = 0;
        for hit in due {
            made += usize::from(self.make_one(&recurrence, &unit, hit, origin).await?);
        }
        Ok(made)
    }

    async fn make_one(
        &self,
        recurrence: &Recurrence,
        unit: &Unit,
        hit: Hit,
        origin: &Origin,
    ) -> Result<bool, CalendarError> {
        let now = self.clock.now();
        let day = hit.wall.at.date();
        let mut tx = self.pool.begin().await?;
        let Some(turn) = recurrences::claim(&mut tx, recurrence.id, day, now).await? else {
            return Ok(false);
        };
        let (source, draft, images) = if let Some((template, values)) = &recurrence.template {
            let template = templates::load(&mut tx, *template).await?.template;
            let draft = self
                .filled(&mut tx, unit, &template, (values, &recurrence.name), hit)
                .await?;
            (None, draft, Vec::new())
        } else {
            let place = usize::try_from(turn).unwrap_or_default() % recurrence.sources.len().max(1);
            let source = recurrence.sources.get(place).ok_or(CalendarError::NotFound)?;
            let source = items::load(&mut tx, *source, Lock::None).await?;
            let (draft, images) = self.copied(&source, hit);
            (Some(source.id), draft, images)
        };
        let item = Item {
            id: self.clock.new_id().into(),
            unit: unit.id,
            state: State::Draft,
            version: 1,
            revision: 1,
            steps_done: 0,
            appointment: appointment(&draft, unit),
            images: images.iter().map(|(image, _)| image.clone()).collect(),
            draft,
            created: (recurrence.by, now),
            updated: (recurrence.by, now),
        };
        items::insert(&mut tx, &item).await?;
        for (image, alts) in &images {
            items::add_image(&mut tx, item.id, image, alts, recurrence.by, now).await?;
        }
        if let Some(source) = source {
            recurrences::credit(&mut tx, source, item.id, now).await?;
        }
        recurrences::made(&mut tx, recurrence.id, day, item.id).await?;
        let detail = json!({ "recurrence": recurrence.id, "source": source });
        self.record(&mut tx, &item, None, "recurred", "", detail).await?;
        let origin = Origin {
            actor: None,
            unit: Some(unit.id),
            ..origin.clone()
        };
        if item.images.iter().any(|image| image.asset.is_some()) {
            self.tell_library(&mut tx, &item, item.state, &origin).await?;
        }
        let to = vec![Recipient::Role {
            role: Role::PressAttache.as_str().to_owned(),
            unit: unit.id,
        }];
        let told = notice(&item, "notice-recurring-made", to, None);
        chancery_queue::send(&mut tx, &Outgoing::new(told, &origin)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What a template says with these values on a date. One that was changed since and no longer fits them makes a draft
    /// without a text, under the name of what comes again: somebody is told of it, and sees.
    async fn filled(
        &self,
        tx: &mut PgConnection,
        unit: &Unit,
        template: &Template,
        (values, name): (&Values, &str),
        hit: Hit,
    ) -> Result<Draft, CalendarError> {
        let values = on_day(template, values, hit.wall.at.date());
        let said = template.fill(&values).ok();
        let (title, body) = said
            .filter(|(title, body)| refuse_marked_text("values", &format!("{title}\n{body}")).is_ok())
            .unwrap_or_else(|| (name.to_owned(), String::new()));
        let mut draft = self
            .begun(tx, unit, template.kind, &template.language, hit.wall.at)
            .await?;
        draft.title = title;
        draft.body = body;
        draft.topic = template.topic;
        draft.language.clone_from(&template.language);
        for variant in &mut draft.variants {
            variant.language.clone_from(&template.language);
        }
        Ok(draft)
    }

    /// What a copy says: the source's words and pictures, under ids of its own, at its own time.
    fn copied(&self, source: &Item, hit: Hit) -> (Draft, Vec<(Image, serde_json::Value)>) {
        let mut draft = source.draft.clone();
        draft.clock = ClockChoice::Host;
        draft.wall = Some(hit.wall.at);
        for variant in &mut draft.variants {
            variant.id = self.clock.new_id();
        }
        let images = source
            .images
            .iter()
            .map(|image| {
                let alts = json!(source.draft.alts.get(&image.id).cloned().unwrap_or_default());
                let id = self.clock.new_id();
                (Image { id, ..image.clone() }, alts)
            })
            .collect();
        draft.alts.clear();
        (draft, images)
    }
}

/// The values with the date in place of every day that was left empty.
fn on_day(template: &Template, values: &Values, day: NaiveDate) -> Values {
    let mut values = values.clone();
    for field in template
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Date)
    {
        let value = values.entry(field.name.clone()).or_default();
        if value.trim().is_empty() {
            *value = day.to_string();
        }
    }
    values
}

/// The job that looks for what is due.
pub(crate) fn wake_up(origin: &Origin) -> Outgoing {
    Outgoing::new(MakeRecurring {}, origin)
        .key("recurring")
        .preserve()
}
