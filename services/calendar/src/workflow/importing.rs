//! Drafts out of a file: read, shown, and made when its reader says yes.

use chancery_access::Action;
use chancery_clock::WallTime;
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_contracts::{Release, Topic};
use serde_json::json;
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::import::{Known, Reading, fold, read};
use crate::model::{Appointment, ClockChoice, Draft, DraftVariant, Kind, Scope, State};
use crate::store::imports::{self, Import};
use crate::store::items::Item;
use crate::store::{accounts, campaigns, short_links, timeline};

impl Workflow {
    /// Reads a file for `unit` and keeps what was understood until the person says yes. `known` are the words in both
    /// languages; the unit's campaigns and audiences are added to them.
    ///
    /// # Errors
    /// The file is refused as a whole, or the person may not write there.
    pub async fn read_in(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        file_name: &str,
        bytes: &[u8],
        mut known: Known,
    ) -> Result<Import, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        for choice in campaigns::open_for(&mut tx, &unit.path, actor.principal.today).await? {
            if let (Some(name), Ok(id)) = (choice.names.as_str(), choice.value.parse()) {
                known.campaigns.entry(fold(name)).or_insert(id);
            }
        }
        for choice in campaigns::audiences(&mut tx).await? {
            known.audiences.insert(fold(&choice.value), choice.value.clone());
            let names = choice.names.as_object().into_iter().flatten();
            for name in names.filter_map(|(_, name)| name.as_str()) {
                known.audiences.insert(fold(name), choice.value.clone());
            }
        }
        for language in &unit.languages {
            known.languages.insert(fold(language), language.clone());
        }
        known.language = unit.languages.first().cloned().unwrap_or_else(|| "vi".to_owned());
        let now = WallTime::of(self.clock.now(), unit.zone).at;
        let rows = read(bytes, &known, unit.zone, now)?;
        let import = Import {
            id: self.clock.new_id(),
            person: actor.person(),
            unit: unit.id,
            file_name: crate::model::clean(file_name).chars().take(200).collect(),
            rows,
        };
        imports::keep(&mut tx, &import, self.clock.now()).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// Makes drafts of the good rows of what the person read in, all or none. How many.
    ///
    /// # Errors
    /// It was taken already, or the person may not write there any more.
    pub async fn take_in(&self, actor: Actor<'_>, id: Uuid) -> Result<usize, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let import = imports::load(&mut tx, id, actor.person()).await?;
        let unit = chancery_directory::unit(&mut tx, import.unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        if !imports::forget(&mut tx, id, actor.person()).await? {
            return Err(CalendarError::NotFound);
        }
        let account = accounts::of_unit(&mut tx, unit.id).await?.into_iter().next();
        let now = self.clock.now();
        let links = short_links::style_of(&mut tx, &unit.path).await?;
        let draft = |reading: &Reading| {
            let appointment = reading
                .wall
                .map(|wall| Appointment::new(wall, ClockChoice::Host, unit.zone, unit.headquarters, 60));
            let variants = account.iter().map(|account| DraftVariant {
                id: self.clock.new_id(),
                account: account.id,
                language: reading.language.clone(),
                title: None,
                body: None,
                images: true,
            });
            Item {
                id: ItemId(self.clock.new_id()),
                unit: unit.id,
                state: State::Draft,
                version: 1,
                revision: 1,
                steps_done: 0,
                appointment,
                draft: Draft {
                    kind: reading.kind,
                    title: reading.headline.clone(),
                    body: reading.body.clone(),
                    language: reading.language.clone(),
                    topic: reading.topic,
                    audience: reading.audience.clone(),
                    programme: None,
                    campaign: reading.campaign,
                    scope: Scope::Internal,
                    clock: ClockChoice::Host,
                    wall: reading.wall,
                    window_minutes: 60,
                    links,
                    release: Release::AtTime,
                    variants: variants.collect(),
                    alts: std::collections::BTreeMap::new(),
                },
                images: Vec::new(),
                created: (actor.person(), now),
                updated: (actor.person(), now),
            }
        };
        let good = import.rows.iter().filter(|reading| reading.faults.is_empty());
        let drafts: Vec<Item> = good.map(draft).collect();
        imports::insert_drafts(&mut tx, &drafts).await?;
        let detail = json!({
            "file": import.file_name, "drafts": drafts.len(), "left_out": import.rows.len() - drafts.len(),
            "items": drafts.iter().map(|item| item.id).collect::<Vec<_>>(),
        });
        let what = ("item.imported", "import", Some(id));
        timeline::audit(&mut tx, actor.person(), unit.id, what, detail, actor.request).await?;
        if let Some(first) = drafts.first() {
            timeline::touch(&mut tx, first.id).await?;
        }
        tx.commit().await?;
        Ok(drafts.len())
    }
}

/// The words of kinds, topics and languages, with their names as `say` gives them.
#[must_use]
pub fn known_words(say: impl Fn(&str) -> Vec<String>) -> Known {
    let mut known = Known::default();
    for kind in Kind::ALL {
        known.kinds.insert(fold(kind.as_str()), *kind);
        for name in say(&format!("item-kind-{kind}")) {
            known.kinds.insert(fold(&name), *kind);
        }
    }
    for topic in Topic::ALL {
        known.topics.insert(fold(topic.as_str()), *topic);
        for name in say(&format!("topic-{topic}")) {
            known.topics.insert(fold(&name), *topic);
        }
    }
    for tag in LANGUAGES {
        known.languages.insert((*tag).to_owned(), (*tag).to_owned());
        for name in say(&format!("language-{tag}")) {
            known.languages.insert(fold(&name), (*tag).to_owned());
        }
    }
    known
}

/// Languages that have a name in the interface.
pub const LANGUAGES: &[&str] = &[
    "vi", "en", "fr", "lo", "km", "zh", "ja", "ko", "de", "ru", "es", "pt", "it", "th", "id", "ar", "hi",
];
