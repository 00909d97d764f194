//! The weekly letter: what a unit did, what waits and what is planned, on Monday morning at its own clock. Identity sends
//! it to those of the unit's people who want it.

use chancery_contracts::Origin;
use chancery_contracts::identity::SendLetter;
use chancery_contracts::ids::UnitId;
use chancery_queue::Outgoing;
use chrono::{NaiveDate, TimeDelta};

use super::Workflow;
use crate::error::CalendarError;
use crate::model::letters::due;
use crate::store::letters;

impl Workflow {
    /// Makes the letter of every unit whose Monday morning has come. A unit without any news gets none. However often it
    /// is handled, and by however many, each unit gets one a week.
    ///
    /// # Errors
    /// The database fails: what was sent until then stays sent.
    pub async fn compose_letters(&self) -> Result<usize, CalendarError> {
        let now = self.clock.now();
        let mut conn = self.pool.acquire().await?;
        let readers = letters::readers(&mut conn).await?;
        drop(conn);
        let mut sent = 0;
        for reader in readers {
            let week = reader.zone.parse().ok().and_then(|zone| due(now, zone));
            let Some(week) = week.filter(|week| reader.last.is_none_or(|last| last < *week)) else {
                continue;
            };
            sent += usize::from(self.compose_letter(reader.unit, week).await?);
        }
        Ok(sent)
    }

    async fn compose_letter(&self, unit: UnitId, week: NaiveDate) -> Result<bool, CalendarError> {
        let now = self.clock.now();
        let (before, after) = (now - TimeDelta::days(7), now + TimeDelta::days(7));
        let mut tx = self.pool.begin().await?;
        let letter = SendLetter {
            unit,
            week,
            out: letters::out(&mut tx, unit, before, now).await?,
            troubled: letters::troubled(&mut tx, unit, before).await?,
            waiting: letters::waiting(&mut tx, unit).await?,
            planned: letters::planned(&mut tx, unit, now, after).await?,
        };
        let parts = [&letter.out, &letter.troubled, &letter.waiting, &letter.planned];
        let news = parts.iter().any(|part| !part.lines.is_empty());
        if !letters::claim(&mut tx, unit, week, news, now).await? {
            return Ok(false);
        }
        if news {
            let origin = Origin {
                unit: Some(unit),
                ..Origin::default()
            };
            chancery_queue::send(&mut tx, &Outgoing::new(letter, &origin)).await?;
        }
        tx.commit().await?;
        Ok(news)
    }
}
