//! Correcting what is out: a new version of the same item, with the texts that are out and a note to the public for each.
//! It is written, submitted and approved like any other; the note is part of the edition whose hash is approved.

use std::collections::BTreeMap;

use chancery_access::Action;
use chancery_contracts::Edition;
use chancery_contracts::ids::ItemId;
use chancery_preflight::Revision;
use chrono::{Duration, NaiveDateTime, Timelike};
use serde_json::json;
use sqlx::PgConnection;

use super::withdrawing::notes;
use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Appointment, Change, ClockChoice, Draft, corrected, revision};
use crate::store::corrections::{self, Correction};
use crate::store::deliveries::{self, Reported};
use crate::store::items::{self, Lock, Standing};

/// How long a correction is given to be written and approved, unless somebody chooses another time.
const LEAD: Duration = Duration::minutes(30);

impl Workflow {
    /// Opens a correction of what is out. `said` is what the public is told, by language; where a correction is a reply,
    /// the reply begins as that.
    ///
    /// # Errors
    /// Nothing is out that could be corrected, a note is missing, or the person may not write there.
    pub async fn correct(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        said: BTreeMap<String, String>,
    ) -> Result<(), CalendarError> {
        let said = notes(said)?;
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        let state = item.state.after(Change::Correct)?;
        let known = deliveries::of_item(&mut tx, id).await?;
        let (draft, noted) = texts(&item.draft, &known, &said)?;
        let now = self.clock.now();
        let zone = match draft.clock {
            ClockChoice::Host => unit.zone,
            ClockChoice::Headquarters => unit.headquarters,
        };
        let wall = to_the_minute((now + LEAD).with_timezone(&zone).naive_local());
        let time = Appointment::new(
            wall,
            draft.clock,
            unit.zone,
            unit.headquarters,
            draft.window_minutes,
        );
        let draft = Draft {
            wall: Some(wall),
            ..draft
        };
        let to = Standing {
            state,
            version: item.version + 1,
            steps_done: 0,
        };
        self.stand(&mut tx, &item, to, &actor.origin(item.unit)).await?;
        items::write_draft(&mut tx, id, &draft, Some(time), actor.person(), now).await?;
        corrections::replace(&mut tx, id, &noted).await?;
        let detail = json!({ "from": item.state, "notes": said });
        self.record(&mut tx, &item, Some(actor), "correction_opened", "", detail)
            .await?;
        let to = self.concerned(&mut tx, &item).await?;
        let origin = actor.origin(item.unit);
        self.notify(&mut tx, origin, &item, "notice-correction-opened", to, actor)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Changes what the public is told, by language, in a correction that is being written.
    ///
    /// # Errors
    /// The item is not open or corrects nothing, a note is missing, or the person may not write there.
    pub async fn put_correction_notes(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        said: BTreeMap<String, String>,
    ) -> Result<(), CalendarError> {
        let said = notes(said)?;
        let mut tx = self.pool.begin().await?;
        let (item, _) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        let mut noted = corrections::of_item(&mut tx, id).await?;
        if noted.is_empty() {
            return Err(CalendarError::NotNow("correct-refused-none"));
        }
        for one in &mut noted {
            one.note = note_in(&said, &one.language)?;
        }
        corrections::replace(&mut tx, id, &noted).await?;
        items::note_writer(&mut tx, id, actor.person(), self.clock.now()).await?;
        self.record(
            &mut tx,
            &item,
            Some(actor),
            "correction_noted",
            "",
            json!({ "notes": said }),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The edition with the notes of the correction that it is, if it is one.
    pub(super) async fn with_notes(
        &self,
        tx: &mut PgConnection,
        item: ItemId,
        edition: Edition,
    ) -> Result<Edition, CalendarError> {
        let written = corrections::of_item(tx, item).await?;
        let notes = written
            .iter()
            .map(|one| (one.account, one.language.as_str(), one.note.as_str()));
        Ok(corrected(edition, notes))
    }
}

/// The texts that are out and can be corrected, and the note for each.
fn texts(
    draft: &Draft,
    known: &[Reported],
    said: &BTreeMap<String, String>,
) -> Result<(Draft, Vec<Correction>), CalendarError> {
    let mut kept = Vec::new();
    let mut noted = Vec::new();
    for variant in &draft.variants {
        let out = known.iter().find(|one| {
            one.account_id == variant.account
                && one
                    .language
                    .as_ref()
                    .is_none_or(|language| *language == variant.language)
                && one.may_be_corrected()
        });
        let Some(platform) = out.and_then(|one| one.platform) else {
            continue;
        };
        let note = note_in(said, &variant.language)?;
        let mut variant = variant.clone();
        if revision(platform) == Revision::Reply {
            variant.body = Some(note.clone());
            variant.images = false;
        }
        noted.push(Correction {
            account: variant.account,
            language: variant.language.clone(),
            note,
        });
        kept.push(variant);
    }
    if kept.is_empty() {
        return Err(CalendarError::NotNow("correct-refused-nothing-out"));
    }
    let draft = Draft {
        variants: kept,
        ..draft.clone()
    };
    Ok((draft, noted))
}

fn note_in(said: &BTreeMap<String, String>, language: &str) -> Result<String, CalendarError> {
    said.get(language)
        .cloned()
        .ok_or(CalendarError::field("note", "correct-note-missing"))
}

fn to_the_minute(at: NaiveDateTime) -> NaiveDateTime {
    at.with_second(0)
        .and_then(|at| at.with_nanosecond(0))
        .unwrap_or(at)
}
