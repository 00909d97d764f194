//! Another time for an item: from the board, one or many at once.

use chancery_access::Action;
use chancery_clock::WallTime;
use chancery_contracts::ids::ItemId;
use chancery_directory::Unit;
use chrono::{Days, NaiveDateTime};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use super::submitting::Submission;
use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Appointment, ClockChoice, Move, Note};
use crate::store::items::{self, Item, Lock};

/// Whereto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// So many days on, or back: the time of day on its own wall stays.
    Days(i32),
    /// This time, on the wall that it was chosen on. The item keeps its own clock.
    Wall {
        /// What the wall shows.
        wall: NaiveDateTime,
        /// On whose wall.
        clock: ClockChoice,
    },
    /// Back to where it was before a move: no time at all, or one on the item's own wall, even one that has passed.
    Back {
        /// What its own wall showed.
        wall: Option<NaiveDateTime>,
    },
}

/// What became of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its time now.
    pub appointment: Option<Appointment>,
    /// What its own wall showed before: where to go [`To::Back`].
    pub before: Option<NaiveDateTime>,
    /// The revision now.
    pub revision: i64,
    /// What must be said about the new time.
    pub note: Option<Note>,
    /// Whether it was submitted again.
    pub again: bool,
}

impl Workflow {
    /// Gives the item, as it stands at `revision`, another time. One that was submitted is opened, moved and submitted
    /// again in one go, if the person says so with `again`: what was approved was its time too.
    ///
    /// # Errors
    /// It stays where it is ([`CalendarError::Fixed`]), would have to be approved again and nobody said so
    /// ([`CalendarError::Again`]), somebody else changed it, the new time has passed, something is missing before it can
    /// be submitted again, or the person may not write there. Nothing has changed then.
    pub async fn move_item(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        revision: i64,
        to: To,
        again: bool,
    ) -> Result<Moved, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        if item.revision != revision {
            return Err(CalendarError::Stale);
        }
        let again = match item.state.moving() {
            Move::Never(fixed) => return Err(CalendarError::Fixed(fixed)),
            Move::Again if !again => return Err(CalendarError::Again),
            Move::Again => true,
            Move::Free => false,
        };
        let new = new_time(&item, &unit, to)?;
        let is_undo = matches!(to, To::Back { .. }) && !again;
        if !is_undo && new.0.is_none_or(|time| time.has_passed(self.clock.now())) {
            return Err(CalendarError::field("wall", "board-move-past"));
        }
        let before = item.appointment.map(|time| time.wall.at);
        if again {
            self.reopened(&mut tx, actor, &item).await?;
        }
        let revision = self.retimed(&mut tx, actor, &item, new.0).await?;
        if again {
            let (item, unit) = self
                .opened(&mut tx, actor, id, Lock::None, Action::ItemWrite)
                .await?;
            let submission = Submission {
                submitter: actor.person(),
                action: "submitted",
                message: "",
            };
            self.submitted(&mut tx, actor, &item, &unit, submission).await?;
        }
        let revision = if again {
            items::load(&mut tx, id, Lock::None).await?.revision
        } else {
            revision
        };
        tx.commit().await?;
        Ok(Moved {
            appointment: new.0,
            before,
            revision,
            note: new.1,
            again,
        })
    }

    /// Writes the new time down, as a change of whoever moved it.
    async fn retimed(
        &self,
        tx: &mut PgConnection,
        actor: Actor<'_>,
        item: &Item,
        to: Option<Appointment>,
    ) -> Result<i64, CalendarError> {
        let now = self.clock.now();
        items::note_writer(&mut *tx, item.id, actor.person(), now).await?;
        let revision = items::place(&mut *tx, item.id, to).await?;
        let detail = json!({
            "wall": to.map(|time| time.wall.at),
            "zone": to.map(|time| time.wall.zone.name()),
            "publish_at": to.map(Appointment::instant),
            "before": item.appointment.map(Appointment::instant),
        });
        self.record(tx, item, Some(actor), "moved", "", detail).await?;
        Ok(revision)
    }
}

/// The new time, and what must be said about it: on the wall it was chosen on, or on the item's own.
fn new_time(item: &Item, unit: &Unit, to: To) -> Result<(Option<Appointment>, Option<Note>), CalendarError> {
    let window = item.draft.window_minutes;
    let on = |wall, clock| {
        Appointment::new(wall, clock, unit.zone, unit.headquarters, window).released(item.draft.release)
    };
    let own = item.draft.clock;
    Ok(match to {
        To::Days(days) => {
            let wall = item
                .appointment
                .ok_or(CalendarError::field("wall", "board-move-no-time"))?
                .wall
                .at;
            let distance = Days::new(days.unsigned_abs().into());
            let wall = if days < 0 {
                wall.checked_sub_days(distance)
            } else {
                wall.checked_add_days(distance)
            };
            let time = on(
                wall.ok_or(CalendarError::field("wall", "items-time-unreadable"))?,
                own,
            );
            (Some(time), time.note())
        }
        To::Wall { wall, clock } => {
            let chosen = on(wall, clock);
            // The same instant on the item's own wall; in a gap, that is where the instant after it falls.
            let zone = on(wall, own).wall.zone;
            let time = if clock == own {
                chosen
            } else {
                on(WallTime::of(chosen.instant(), zone).at, own)
            };
            (Some(time), chosen.note().or_else(|| time.note()))
        }
        To::Back { wall } => (wall.map(|wall| on(wall, own)), None),
    })
}
