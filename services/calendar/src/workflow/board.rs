//! What a person sees of a stretch of time: items, days, drafts without a day.

use chancery_access::{Action, Principal};
use chancery_clock::Tz;
use chancery_contracts::ids::UnitId;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Workflow;
use super::days::days_in;
use crate::error::CalendarError;
use crate::model::{ClockChoice, Day, Range};
use crate::store::board::{self, Days, Filter, Placed};
use crate::store::days::Where;
use crate::store::scope::{self, BoardUnit};

/// With more host countries than this, their holidays would bury everything else: only headquarters' are shown.
const MOST_COUNTRIES: usize = 30;

/// Whose items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breadth {
    /// Of every unit that the person may read.
    All,
    /// Of those in a part of the world.
    Region(String),
    /// Of a unit and those below it.
    Unit(UnitId),
}

/// What to show.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose items.
    pub breadth: Breadth,
    /// Which days.
    pub range: Range,
    /// Days of each unit's own clock, or of headquarters'.
    pub clock: ClockChoice,
    /// Which items.
    pub filter: Filter,
    /// At most so many items a day; how many there are is counted all the same.
    pub few: i64,
}

/// What there is.
#[derive(Debug)]
pub struct Board {
    /// Every unit that the person may read.
    pub units: Vec<BoardUnit>,
    /// Those that are shown: indices into `units`.
    pub shown: Vec<usize>,
    /// Headquarters' clock and city.
    pub headquarters: (Tz, Option<serde_json::Value>),
    /// The items, by day and time.
    pub items: Vec<Placed>,
    /// Drafts without a day.
    pub undated: Vec<Placed>,
    /// Days that matter.
    pub days: Vec<Day>,
}

impl Board {
    /// A unit that is shown.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&BoardUnit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// The ids of the units that are shown.
    #[must_use]
    pub fn shown_ids(&self) -> Vec<Uuid> {
        self.shown
            .iter()
            .filter_map(|index| self.units.get(*index))
            .map(|unit| unit.id.0)
            .collect()
    }
}

impl Workflow {
    /// What the person may see of what is asked. Nothing of a unit that they may not read.
    ///
    /// # Errors
    /// The database fails.
    pub async fn board(
        &self,
        conn: &mut PgConnection,
        principal: &Principal,
        asked: &Asked,
    ) -> Result<Board, CalendarError> {
        let roots = principal.units_for(Action::ItemRead);
        let units = scope::units(&mut *conn, &roots).await?;
        let headquarters = scope::headquarters(&mut *conn).await?;
        let is_shown = |unit: &BoardUnit| match &asked.breadth {
            Breadth::All => true,
            Breadth::Region(region) => unit.region.as_ref() == Some(region),
            Breadth::Unit(id) => unit.path.contains(&id.0),
        };
        let shown: Vec<usize> = units
            .iter()
            .enumerate()
            .filter(|(_, unit)| is_shown(unit))
            .map(|(index, _)| index)
            .collect();
        let chosen: Vec<&BoardUnit> = shown.iter().filter_map(|index| units.get(*index)).collect();
        let ids: Vec<Uuid> = chosen.iter().map(|unit| unit.id.0).collect();
        let (items, undated) = match days_on_clocks(&chosen, asked, headquarters.0) {
            Some(days) => (
                board::placed(&mut *conn, &days, &asked.filter, asked.few).await?,
                board::undated(&mut *conn, &ids, &asked.filter).await?,
            ),
            None => (Vec::new(), Vec::new()),
        };
        let place = place_of(&chosen, &asked.breadth);
        let days = days_in(conn, &place, asked.range.first, asked.range.last).await?;
        Ok(Board {
            units,
            shown,
            headquarters,
            items,
            undated,
            days,
        })
    }
}

/// Where days are looked for: of one unit those of the units above it too, of a part of the world its own, of everything
/// what holds for everybody.
fn place_of(chosen: &[&BoardUnit], breadth: &Breadth) -> Where {
    let mut countries: Vec<String> = chosen.iter().filter_map(|unit| unit.country.clone()).collect();
    countries.sort_unstable();
    countries.dedup();
    if countries.len() > MOST_COUNTRIES {
        countries.clear();
    }
    let mut regions: Vec<String> = chosen.iter().filter_map(|unit| unit.region.clone()).collect();
    regions.sort_unstable();
    regions.dedup();
    let mut units: Vec<Uuid> = match breadth {
        Breadth::All => Vec::new(),
        _ => chosen.iter().flat_map(|unit| unit.path.iter().copied()).collect(),
    };
    units.sort_unstable();
    units.dedup();
    Where {
        units,
        regions: if *breadth == Breadth::All {
            Vec::new()
        } else {
            regions
        },
        countries,
    }
}

/// Where the days begin for each unit; none when no unit is shown.
fn days_on_clocks(chosen: &[&BoardUnit], asked: &Asked, headquarters: Tz) -> Option<Days> {
    let clock_of = |unit: &BoardUnit| match asked.clock {
        ClockChoice::Host => unit.zone,
        ClockChoice::Headquarters => headquarters,
    };
    let mut zones: Vec<Tz> = chosen.iter().map(|unit| clock_of(unit)).collect();
    zones.sort_unstable_by_key(|zone| zone.name());
    zones.dedup();
    let midnights: Vec<Vec<DateTime<Utc>>> = zones.iter().map(|zone| asked.range.midnights(*zone)).collect();
    let first = midnights.iter().filter_map(|days| days.first()).min()?;
    let last = midnights.iter().filter_map(|days| days.last()).max()?;
    let span = (*first, *last);
    let place = |unit: &BoardUnit| {
        let place = zones.iter().position(|zone| *zone == clock_of(unit))?;
        i32::try_from(place + 1).ok()
    };
    Some(Days {
        units: chosen.iter().map(|unit| unit.id.0).collect(),
        zone: chosen.iter().map(|unit| place(unit)).collect::<Option<_>>()?,
        span,
        count: i32::try_from(asked.range.day_count()).ok()?,
        midnights,
    })
}
