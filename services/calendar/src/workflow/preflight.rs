//! Preflight: what an item's circumstances say about it, links that have to be followed, and what is never taken in.

use chancery_clock::WallTime;
use chancery_contracts::Origin;
use chancery_contracts::calendar::CheckLink;
use chancery_contracts::ids::{ItemId, PersonId};
use chancery_directory::Unit;
use chancery_preflight::marking;
use chancery_queue::Outgoing;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::{Workflow, notice, writers};
use crate::error::CalendarError;
use crate::model::{Account, Appointment, Draft, Finding, KnownLink, State, asked, examine, linked};
use crate::store::items::{self, Item, Lock};
use crate::store::{accounts, preflight, stops};

/// What was found out about a link holds for this long.
const LINK_HOLDS: TimeDelta = TimeDelta::hours(1);
/// Links are followed again so long before an item's minute.
const BEFORE_MINUTE: TimeDelta = TimeDelta::minutes(45);
/// A link that nobody has written for so long is forgotten.
const LINK_FORGOTTEN: TimeDelta = TimeDelta::days(90);

impl Workflow {
    /// What the circumstances of an item say about it.
    pub(super) async fn examined(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        unit: &Unit,
        accounts: &[Account],
    ) -> Result<Vec<Finding>, CalendarError> {
        let now = self.clock.now();
        let at = item.appointment.map_or(now, Appointment::instant);
        let asked = asked(&item.draft, accounts);
        let on = |zone| {
            let today = WallTime::of(at, zone).at.date();
            item.appointment.map_or((today, today), |time| time.days(zone))
        };
        let (host, home) = (on(unit.zone), on(unit.headquarters));
        let days = [host.0.min(home.0), host.1.max(home.1)];
        let known = preflight::circumstances(conn, item.id, &unit.path, &asked, at, days).await?;
        let place = (unit.country.as_deref(), unit.zone, unit.headquarters);
        Ok(examine(
            &item.draft,
            accounts,
            item.appointment,
            place,
            &known,
            now,
        ))
    }

    /// What blocks a submitted version that is about to be let out: all that would block submitting it again, except who
    /// could approve it and when it goes out, which whoever asks judges by rules of their own.
    pub(crate) async fn hindrances(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        unit: &Unit,
        submitter: (PersonId, NaiveDate),
    ) -> Result<Vec<Finding>, CalendarError> {
        let accounts = accounts::of_unit(&mut *conn, unit.id).await?;
        let (mut found, _) = self.findings_for(conn, item, unit, &accounts, submitter).await?;
        let elsewhere = ["approver-missing", "time-passed", "time-too-soon"];
        found.retain(|finding| finding.blocking && !elsewhere.contains(&finding.code));
        Ok(found)
    }

    /// Why sending is paused for it; none: it is not.
    pub(crate) async fn pause(
        &self,
        conn: &mut PgConnection,
        item: &Item,
    ) -> Result<Option<String>, CalendarError> {
        let accounts: Vec<_> = item
            .draft
            .variants
            .iter()
            .map(|variant| variant.account)
            .collect();
        let what = (item.draft.topic, item.draft.campaign, item.unit);
        Ok(stops::covering(conn, &accounts, what).await?)
    }

    /// Has the links of a draft followed that nobody has followed lately.
    pub(super) async fn follow_links(
        &self,
        tx: &mut PgConnection,
        draft: &Draft,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let links = linked(draft);
        if links.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        for url in preflight::ask_links(&mut *tx, &links, now, now - LINK_HOLDS).await? {
            let key = hex::encode(preflight::url_hash(&url));
            let check = CheckLink {
                url,
                item: None,
                version: 0,
            };
            chancery_queue::send(&mut *tx, &Outgoing::new(check, origin).key(key)).await?;
        }
        Ok(())
    }

    /// Has the links of what was submitted followed again before its minute.
    pub(super) async fn follow_links_again(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        publish_at: DateTime<Utc>,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        for url in linked(&item.draft) {
            let key = format!("{}:{}", item.id, hex::encode(preflight::url_hash(&url)));
            let check = CheckLink {
                url,
                item: Some(item.id),
                version: item.version,
            };
            let again = Outgoing::new(check, origin)
                .key(key)
                .run_at((publish_at - BEFORE_MINUTE).max(self.clock.now()));
            chancery_queue::send(&mut *tx, &again).await?;
        }
        Ok(())
    }

    /// Remembers what became of a link; with an item that still waits with it, its people are told of a broken one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn link_followed(
        &self,
        link: &KnownLink,
        item: Option<(ItemId, i32)>,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let now = self.clock.now();
        preflight::keep_link(&mut tx, link, now, now - LINK_FORGOTTEN).await?;
        if let (true, Some((id, version))) = (link.outcome.is_broken(), item) {
            let item = items::load(&mut tx, id, Lock::Update).await?;
            let waits = matches!(
                item.state,
                State::Submitted | State::Ready | State::Approved | State::Scheduled
            );
            if item.version == version && waits {
                let detail = json!({ "url": link.url, "why": link.outcome, "status": link.status });
                self.record(&mut tx, &item, None, "link_broken", "", detail)
                    .await?;
                let mut notice = notice(&item, "notice-item-link-broken", writers(&item), None);
                notice.arguments.insert("url".to_owned(), link.url.clone());
                chancery_queue::send(&mut tx, &Outgoing::new(notice, origin)).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Refuses a draft that carries a mark of state secrecy: nothing of it is kept, not even as a copy.
pub(super) fn refuse_marked(draft: &Draft) -> Result<(), CalendarError> {
    let alts = draft.alts.values().flat_map(|alts| alts.values());
    let variants = draft.variants.iter();
    let texts = [("title", &draft.title), ("body", &draft.body)].into_iter();
    let texts = texts
        .chain(
            variants
                .clone()
                .filter_map(|variant| Some(("body", variant.body.as_ref()?))),
        )
        .chain(variants.filter_map(|variant| Some(("title", variant.title.as_ref()?))))
        .chain(alts.map(|alt| ("alt", alt)));
    for (field, text) in texts {
        refuse_marked_text(field, text)?;
    }
    Ok(())
}

/// The same for one text.
pub(in crate::workflow) fn refuse_marked_text(field: &'static str, text: &str) -> Result<(), CalendarError> {
    match marking(text) {
        Some(level) => Err(CalendarError::Marked { field, level }),
        None => Ok(()),
    }
}
