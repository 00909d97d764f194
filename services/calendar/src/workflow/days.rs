//! Which days matter, and who may enter one.

use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_directory::Unit;
use chrono::{Days, NaiveDate};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Day, EnteredKind, Holds, Reason, holidays};
use crate::store::days::{self, Entered, Where};
use crate::store::timeline;

/// What somebody enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayDraft {
    /// What sort.
    pub kind: EnteredKind,
    /// Where it holds.
    pub holds: Holds,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// What it is called, up to 200 characters.
    pub name: String,
    /// What there is to know, up to 2,000.
    pub note: String,
}

/// The days that matter to a unit from `from` to `to`, both included, by date: holidays of Viet Nam and of its host
/// country, and what was entered for it, its country, its part of the world or the ministry. Dates are those of the
/// wall where the day is kept.
///
/// # Errors
/// There is no such unit, or the database fails.
pub(crate) async fn days_of(
    conn: &mut PgConnection,
    unit: UnitId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Day>, sqlx::Error> {
    let place = days::where_is(&mut *conn, unit).await?;
    days_in(conn, &place, from, to).await
}

/// The same for several units together.
pub(crate) async fn days_in(
    conn: &mut PgConnection,
    place: &Where,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Day>, sqlx::Error> {
    let entered = days::touching(conn, place, from, to).await?;
    let mut days: Vec<Day> = entered
        .into_iter()
        .map(|day| Day {
            from: day.starts_on,
            to: day.ends_on,
            reason: Reason::Entered {
                kind: day.kind,
                name: day.name,
                note: day.note,
            },
        })
        .collect();
    days.extend(holidays(&place.countries, from, to));
    days.sort_by_key(|day| day.from);
    Ok(days)
}

impl Workflow {
    /// Whether the person may enter days that hold there: their own units' as their writer, everything else as
    /// headquarters' desk or approver.
    ///
    /// # Errors
    /// There is no such unit, or the database fails.
    pub async fn may_enter(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        holds: &Holds,
    ) -> Result<bool, CalendarError> {
        let unit: Unit = match holds {
            Holds::Unit(unit) => chancery_directory::unit(conn, *unit).await?,
            _ => chancery_directory::ministry(conn).await?,
        };
        let may = |action| actor.principal.decide(action, unit.place()).is_allowed();
        Ok(may(Action::ItemWrite) || may(Action::ItemApproveHeadquarters))
    }

    async fn insist_on_day(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        holds: &Holds,
    ) -> Result<UnitId, CalendarError> {
        let unit = match holds {
            Holds::Unit(unit) => chancery_directory::unit(&mut *conn, *unit).await?,
            _ => chancery_directory::ministry(&mut *conn).await?,
        };
        if !self.may_enter(conn, actor, holds).await? {
            actor.require(Action::ItemWrite, &unit)?;
        }
        Ok(unit.id)
    }

    /// Enters a day, or changes one that stands at `revision`.
    ///
    /// # Errors
    /// The person may not there, a value is refused, or somebody else changed it.
    pub async fn enter_day(
        &self,
        actor: Actor<'_>,
        id: Option<(Uuid, i64)>,
        draft: DayDraft,
    ) -> Result<Uuid, CalendarError> {
        let name = crate::model::clean(&draft.name).trim().to_owned();
        let note = crate::model::clean(&draft.note).trim().to_owned();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(CalendarError::field("label", "days-name-missing"));
        }
        if note.chars().count() > 2_000 {
            return Err(CalendarError::field("note", "days-note-too-long"));
        }
        if draft.ends_on < draft.starts_on {
            return Err(CalendarError::field("ends_on", "days-ends-before"));
        }
        if draft.ends_on > draft.starts_on + Days::new(400) {
            return Err(CalendarError::field("ends_on", "days-too-long"));
        }
        if let Holds::Country(code) = &draft.holds
            && code.parse::<chancery_days::Country>().is_err()
        {
            return Err(CalendarError::field("country", "days-country-unknown"));
        }
        let mut tx = self.pool.begin().await?;
        let unit = self.insist_on_day(&mut tx, actor, &draft.holds).await?;
        let (id, revision) = match id {
            Some((id, revision)) => {
                // Who moves a day from one place to another needs the right at both.
                let before = days::load(&mut tx, id).await?;
                self.insist_on_day(&mut tx, actor, &before.holds).await?;
                (id, revision)
            }
            None => (self.clock.new_id(), 0),
        };
        let day = Entered {
            id,
            kind: draft.kind,
            holds: draft.holds,
            starts_on: draft.starts_on,
            ends_on: draft.ends_on,
            name,
            note,
            revision,
        };
        if !days::save(&mut tx, &day, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::Stale);
        }
        let detail = json!({
            "kind": day.kind, "scope": day.holds.as_str(), "starts_on": day.starts_on, "ends_on": day.ends_on, "name": day.name,
        });
        let what = ("day.saved", "day", Some(id));
        timeline::audit(&mut tx, actor.person(), unit, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes an entered day away.
    ///
    /// # Errors
    /// There is none, or the person may not there.
    pub async fn remove_day(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let day = days::load(&mut tx, id).await?;
        let unit = self.insist_on_day(&mut tx, actor, &day.holds).await?;
        days::remove(&mut tx, id).await?;
        let detail = json!({ "name": day.name, "starts_on": day.starts_on, "ends_on": day.ends_on });
        let what = ("day.removed", "day", Some(id));
        timeline::audit(&mut tx, actor.person(), unit, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(())
    }
}
